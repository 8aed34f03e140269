#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::ddl_compiler::ruby {

/// The words of MCollective's descriptions. Where each may stand, the empty name being the top of the file; a word with a
/// block has its own name for what stands inside.
struct Word {
    std::string_view name;
    std::string_view place;
    std::string_view other_place;
    bool has_block;
};

inline constexpr std::array<Word, 12> k_words = {{
    {"metadata", "", "", false},
    {"requires", "", "", false},
    {"usage", "", "", false},
    {"action", "", "", true},
    {"dataquery", "", "", true},
    {"discovery", "", "", true},
    {"input", "action", "dataquery", false},
    {"output", "action", "dataquery", false},
    {"display", "action", "action", false},
    {"summarize", "action", "action", true},
    {"aggregate", "summarize", "summarize", false},
    {"capabilities", "discovery", "discovery", false},
}};

/// Null for any other name.
const Word* find_word(std::string_view name);

inline bool is_word(std::string_view name) {
    return find_word(name) != nullptr;
}

bool stands_in(const Word& word, std::string_view place);

/// "the top of the file", "`action`", "`action` or `dataquery`".
std::string places_of(const Word& word);

std::vector<std::string> word_names();

}  // namespace hocket::ddl_compiler::ruby
