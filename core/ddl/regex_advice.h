#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl {

/// Of a pattern that RE2 has refused: which construct of other dialects (Ruby's, PCRE, Java's) may be the reason, and what to
/// write instead; empty when it holds none that we know. The first one counts.
std::string foreign_regex_feature(std::string_view pattern);

}  // namespace hocket::ddl
