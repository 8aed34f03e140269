#pragma once

#include <cstddef>
#include <string>

namespace hocket::ddl {

/// Where the files with declarations are, if nothing else is configured.
inline constexpr const char* k_validators_folder = "/etc/hocket/validators.d";

/// A validator that users declare (spec/ddl.md, own validators). Whatever is not empty must hold, and holds for the whole
/// text. Lengths are code points; 0 is no limit.
struct ValidatorRule {
    std::string description;  ///< what it asks for, for messages: "a host of the laboratory"
    std::string pattern;      ///< RE2 that the whole text matches
    std::string allowed;      ///< characters, with ranges such as a-z; a '-' at either end is itself
    std::string forbidden;    ///< the same
    std::size_t min_length = 0;
    std::size_t max_length = 0;
    std::string separator;  ///< the text is a list of items with this between them
    std::string item;       ///< the validator of each
    std::size_t min_items = 0;
    std::size_t max_items = 0;

    bool operator==(const ValidatorRule&) const = default;
};

}  // namespace hocket::ddl
