#include "ddl-compiler/back_ends/cpp_names.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

/// A blank stands around each.
constexpr std::string_view k_keywords =
    " "
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
    "char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast else enum explicit export "
    "extern false float for friend goto if import inline int long module mutable namespace new "
    "noexcept not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast "
    "struct switch template this thread_local throw true try typedef typeid typename typeof union "
    "unsigned using virtual void volatile wchar_t while xor xor_eq ";

/// Of the C library, and what compilers define for a platform unless they are told to be strict.
constexpr std::string_view k_macros = " I errno i386 linux mips sparc stderr stdin stdout sun unix ";

std::string without_strangers(std::string_view name) {
    std::string made;
    for (const char c : name) {
        if (is_letter_or_digit(c)) {
            made += c;
        } else if (!made.empty() && made.back() != '_') {
            made += '_';
        }
    }
    return made;
}

std::string as_type(std::string_view name) {
    std::string made;
    for (const std::string& word : split(name, '_')) {
        if (!word.empty()) made += to_upper_ascii(word.front()) + word.substr(1);
    }
    return made;
}

std::string spell(std::string_view name, Spelling spelling) {
    std::string made = without_strangers(name);
    if (std::none_of(made.begin(), made.end(), is_lower)) made = to_lower_ascii(made);
    if (made.empty()) made = "empty";
    if (is_digit(made.front())) made.insert(0, 1, 'n');
    return spelling == Spelling::type ? as_type(made) : made;
}

bool is_reserved(const std::string& name) {
    const std::string word = " " + name + " ";
    return k_keywords.find(word) != std::string_view::npos || k_macros.find(word) != std::string_view::npos;
}

std::string numbered(const std::string& name, int number) {
    return name + (name.ends_with('_') ? "" : "_") + std::to_string(number);
}

}  // namespace

std::vector<std::string> cpp_names(const std::vector<std::string>& names, Spelling spelling,
                                   const std::set<std::string>& taken) {
    std::vector<std::string> made;
    for (const std::string& name : names) {
        std::string spelled = spell(name, spelling);
        if (is_reserved(spelled) || taken.contains(spelled)) spelled += "_";
        made.push_back(std::move(spelled));
    }
    // Who keeps its name has it before anybody who would only get it.
    std::set<std::string> used = taken;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (made[i] == names[i]) used.insert(made[i]);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (made[i] == names[i]) continue;
        std::string free = made[i];
        for (int number = 2; !used.insert(free).second; ++number)
            free = numbered(made[i], number);
        made[i] = std::move(free);
    }
    return made;
}

}  // namespace hocket::ddl_compiler
