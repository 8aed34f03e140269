#include "ddl-compiler/ruby/words.h"

#include <algorithm>

namespace hocket::ddl_compiler::ruby {

const Word* find_word(std::string_view name) {
    const auto* const found =
        std::find_if(k_words.begin(), k_words.end(), [&](const Word& word) { return word.name == name; });
    return found == k_words.end() ? nullptr : found;
}

bool stands_in(const Word& word, std::string_view place) {
    return place == word.place || place == word.other_place;
}

std::string places_of(const Word& word) {
    if (word.place.empty()) return "at the top of the file";
    std::string places = "in `" + std::string(word.place) + "`";
    if (word.other_place != word.place) places += " or `" + std::string(word.other_place) + "`";
    return places;
}

std::vector<std::string> word_names() {
    std::vector<std::string> names;
    for (const Word& word : k_words)
        names.emplace_back(word.name);
    return names;
}

}  // namespace hocket::ddl_compiler::ruby
