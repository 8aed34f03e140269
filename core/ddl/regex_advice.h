#pragma once

#include <string_view>

namespace hocket::ddl {

/// Which construct of other regular expression dialects makes RE2 refuse the pattern, and what to write
/// instead; empty when it holds none that we know.
std::string_view foreign_regex_feature(std::string_view pattern);

/// Whether a text that the pattern is searched for in must match from its start to its end: each alternative begins with
/// `^`, `\A` or `.*` and ends with `$`, `\z` or `.*`.
bool is_anchored(std::string_view pattern);

}  // namespace hocket::ddl
