#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl {

/// Of a pattern that RE2 has refused, for the reason in its words: which construct of other dialects (Ruby's, PCRE, Java's) it
/// may be, and what to write instead; empty when it holds none that we know. The first one counts.
std::string foreign_regex_feature(std::string_view pattern, std::string_view reason);

}  // namespace hocket::ddl
