#include "ddl-compiler/ruby/translate.h"

#include <unordered_map>

#include "ddl-compiler/ruby/refusal.h"
#include "ddl-compiler/ruby/utf8.h"

namespace hocket::ddl_compiler::ruby {

namespace {

constexpr std::size_t k_max_characters = 512;

/// The characters that a list such as `a-z_` stands for.
Result<std::u32string> characters_of(std::u32string_view list) {
    std::u32string characters;
    bool may_be_range = false;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const bool is_range = list[i] == U'-' && may_be_range && i + 1 < list.size();
        if (is_range) ++i;
        if (!is_range && list[i] == U'\\' && i + 1 < list.size()) ++i;
        if (is_range && list[i] < characters.back()) return refusal("a range in `tr` runs backwards");
        const std::size_t added = is_range ? list[i] - characters.back() : 1;
        if (characters.size() + added > k_max_characters) return refusal("a list in `tr` is too long");
        if (is_range) {
            while (characters.back() < list[i])
                characters.push_back(characters.back() + 1);
        } else {
            characters += list[i];
        }
        may_be_range = !is_range;
    }
    return characters;
}

}  // namespace

Result<std::string> translate(std::string_view text, std::string_view from, std::string_view to) {
    std::u32string list = to_characters(from);
    const bool is_negated = list.size() > 1 && list.front() == U'^';
    if (is_negated) list.erase(0, 1);
    const Result<std::u32string> sources = characters_of(list);
    if (!sources) return sources.error();
    const Result<std::u32string> targets = characters_of(to_characters(to));
    if (!targets) return targets.error();
    std::unordered_map<char32_t, std::size_t> places;
    for (std::size_t i = 0; i < sources->size(); ++i)
        places.insert_or_assign((*sources)[i], i);
    std::string result;
    for (const char32_t character : to_characters(text)) {
        const auto place = places.find(character);
        const bool is_listed = place != places.end();
        if (is_listed == is_negated) {
            append_utf8(result, character);
        } else if (!targets->empty()) {
            const std::size_t at =
                is_negated ? targets->size() - 1 : std::min(place->second, targets->size() - 1);
            append_utf8(result, (*targets)[at]);
        }
    }
    return result;
}

}  // namespace hocket::ddl_compiler::ruby
