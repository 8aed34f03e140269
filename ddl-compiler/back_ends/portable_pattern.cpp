#include "ddl-compiler/back_ends/portable_pattern.h"

#include <algorithm>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/regex.h"
#include "ddl-compiler/back_ends/character_class.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_text_start = "^";
constexpr std::string_view k_line_start = "(?:^|(?<=\\n))";
constexpr std::string_view k_line_end = "(?:(?=\\n)|(?![\\s\\S]))";
constexpr std::string_view k_word_boundary =
    "(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))";

struct Flags {
    LetterCase letter_case = LetterCase::kept;  ///< i
    bool lines = false;                         ///< m
    bool dot_is_any = false;                    ///< s
};

/// A part of a sequence. Only an atom can be repeated as it is.
struct Item {
    std::string text;
    bool is_atom;
};
using Items = std::vector<Item>;

/// Whether it is a number as RE2 counts with: no zero before other digits.
bool is_count(std::string_view text) {
    const bool padded = text.size() > 1 && text.front() == '0';
    return !text.empty() && !padded && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `* + ?`, `{n}`, `{n,}` or `{n,m}` at the start of the text; empty when there is none. Other braces are characters.
std::string_view repetition_at(std::string_view text) {
    if (text.starts_with('*') || text.starts_with('+') || text.starts_with('?')) return text.substr(0, 1);
    const std::size_t close = text.find('}');
    if (!text.starts_with('{') || close == std::string_view::npos) return {};
    const std::string_view counts = text.substr(1, close - 1);
    const std::size_t comma = counts.find(',');
    const bool has_maximum = comma != std::string_view::npos && comma + 1 < counts.size();
    const bool is_repetition =
        is_count(counts.substr(0, comma)) && (!has_maximum || is_count(counts.substr(comma + 1)));
    return is_repetition ? text.substr(0, close + 1) : std::string_view();
}

/// Reads RE2 by this grammar, and writes it anew. The pattern is valid: RE2 itself has seen it.
///
///     pattern   = sequence *( "|" sequence )
///     sequence  = *( item [ repeat ["?"] ] | flags )
///     item      = "." | "^" | "$" | class | group | escape | quote | character
///     repeat    = "*" | "+" | "?" | "{" n "}" | "{" n ",}" | "{" n "," m "}"
///     flags     = "(?" *( "i" | "m" | "s" | "U" | "-" ) ")"            until the end of the group
///     group     = ( "(" | "(?P<" name ">" | "(?<" name ">" | "(?" flags ":" ) pattern ")"
///     class     = "[" ["^"] 1*( "[:" ["^"] name ":]" | perl | member ["-" member] ) "]"
///     perl      = "\d" | "\s" | "\w" | "\D" | "\S" | "\W"
///     escape    = perl | "\A" | "\z" | "\b" | code
///     code      = "\x" 2hex | "\x{" 1*hex "}" | "\" 1*3octal | "\" one of "afnrtv", or a mark that stands for itself
///     quote     = "\Q" … ( "\E" | the end )
class Translation {
public:
    explicit Translation(std::string_view pattern) : rest_(pattern) {}

    std::optional<std::string> run() {
        std::string text = pattern();
        if (!has_form_) return std::nullopt;
        return text;
    }

private:
    std::string pattern();
    std::string sequence();
    void item(Items& items);
    void repeat(Items& items, std::string_view repetition);
    void group(Items& items);
    bool group_flags();
    void escape(Items& items);
    void quote(Items& items);
    void literal(Items& items, char32_t character);
    std::string character_class();
    void class_item(CharacterClass& set);
    bool named_class(CharacterClass& set);
    char32_t class_member();
    char32_t code();
    char32_t hexadecimal();
    char32_t octal();

    bool take(std::string_view start) {
        const bool found = rest_.starts_with(start);
        if (found) rest_.remove_prefix(start.size());
        return found;
    }
    /// What stands before the end, which is taken too.
    std::string_view take_until(std::string_view end) {
        const std::string_view text = rest_.substr(0, rest_.find(end));
        rest_.remove_prefix(std::min(text.size() + end.size(), rest_.size()));
        return text;
    }
    void refuse() {
        has_form_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    Flags flags_;
    bool has_form_ = true;
};

std::string Translation::pattern() {
    std::string text = sequence();
    while (take("|"))
        text += "|" + sequence();
    return text;
}

std::string Translation::sequence() {
    Items items;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')')
        item(items);
    std::string text;
    for (const Item& one : items)
        text += one.text;
    return text;
}

void Translation::item(Items& items) {
    if (const std::string_view repetition = repetition_at(rest_); !repetition.empty()) {
        repeat(items, repetition);
    } else if (take("(")) {
        group(items);
    } else if (take("[")) {
        items.push_back({character_class(), true});
    } else if (take("\\")) {
        escape(items);
    } else if (take("^")) {
        items.push_back({std::string(flags_.lines ? k_line_start : k_text_start), false});
    } else if (take("$")) {
        items.push_back({std::string(flags_.lines ? k_line_end : k_text_end), false});
    } else if (take(".")) {
        items.push_back({flags_.dot_is_any ? "[\\s\\S]" : "[^\\n]", true});
    } else {
        literal(items, take_code_point(rest_));
    }
}

void Translation::repeat(Items& items, std::string_view repetition) {
    take(repetition);
    take("?");
    if (items.empty()) return refuse();
    Item& last = items.back();
    const std::string once = last.is_atom ? last.text : "(?:" + last.text + ")";
    last = {once + std::string(repetition), false};
}

/// Behind the parenthesis.
void Translation::group(Items& items) {
    const Flags outside = flags_;
    std::string start = "(";
    if (take("?P<") || take("?<")) {
        take_until(">");
    } else if (take("?")) {
        if (!group_flags()) return;
        start = "(?:";
    }
    items.push_back({start + pattern() + ")", true});
    take(")");
    flags_ = outside;
}

/// Whether a group follows that they are the flags of.
bool Translation::group_flags() {
    bool value = true;
    while (!rest_.empty()) {
        const char flag = rest_.front();
        rest_.remove_prefix(1);
        if (flag == ':' || flag == ')') return flag == ':';
        if (flag == '-') value = false;
        if (flag == 'i') flags_.letter_case = value ? LetterCase::folded : LetterCase::kept;
        if (flag == 'm') flags_.lines = value;
        if (flag == 's') flags_.dot_is_any = value;
    }
    return false;
}

/// Behind the backslash.
void Translation::escape(Items& items) {
    const char kind = rest_.front();
    CharacterClass set;
    switch (kind) {
        case 'Q': return quote(items);
        case 'A': items.push_back({std::string(k_text_start), false}); break;
        case 'z': items.push_back({std::string(k_text_end), false}); break;
        case 'b': items.push_back({std::string(k_word_boundary), false}); break;
        case 'B':
        case 'C':
        case 'p':
        case 'P': return refuse();
        case 'd':
        case 's':
        case 'w':
        case 'D':
        case 'S':
        case 'W':
            set = CharacterClass::named(std::string(1, static_cast<char>(kind | 0x20)), flags_.letter_case);
            items.push_back({set.to_string(kind < 'a'), true});
            break;
        default: return literal(items, code());
    }
    rest_.remove_prefix(1);
}

void Translation::quote(Items& items) {
    take("Q");
    std::string_view quoted = take_until("\\E");
    while (!quoted.empty())
        literal(items, take_code_point(quoted));
}

void Translation::literal(Items& items, char32_t character) {
    CharacterClass both;
    if (!both.add(character, character, flags_.letter_case)) return refuse();
    items.push_back({both.has_one() ? escape_literal(character) : both.to_string(false), true});
}

/// Behind the bracket. A closing one is a member when it comes first.
std::string Translation::character_class() {
    const bool negated = take("^");
    CharacterClass set;
    do {
        class_item(set);
    } while (!rest_.empty() && !take("]"));
    return set.to_string(negated);
}

void Translation::class_item(CharacterClass& set) {
    if (named_class(set)) return;
    const char32_t low = class_member();
    char32_t high = low;
    if (rest_.size() > 1 && rest_.front() == '-' && rest_[1] != ']') {
        take("-");
        high = class_member();
    }
    if (!set.add(low, high, flags_.letter_case)) refuse();
}

/// `[:alpha:]`, `\d` and so on.
bool Translation::named_class(CharacterClass& set) {
    bool negated = false;
    std::string name;
    if (rest_.starts_with("[:") && rest_.find(":]", 2) != std::string_view::npos) {
        take("[:");
        negated = take("^");
        name = take_until(":]");
    } else if (rest_.size() > 1 && rest_[0] == '\\' &&
               std::string_view("dswDSW").find(rest_[1]) != std::string_view::npos) {
        negated = rest_[1] < 'a';
        name = std::string(1, static_cast<char>(rest_[1] | 0x20));
        rest_.remove_prefix(2);
    } else {
        return false;
    }
    const CharacterClass group = CharacterClass::named(name, flags_.letter_case);
    set.add(negated ? group.complement() : group);
    return true;
}

char32_t Translation::class_member() {
    if (!take("\\")) return take_code_point(rest_);
    if (!rest_.starts_with('p') && !rest_.starts_with('P')) return code();
    refuse();
    return 0;
}

/// Behind the backslash.
char32_t Translation::code() {
    if (take("x")) return hexadecimal();
    if (is_digit(rest_.front())) return octal();
    const char32_t character = take_code_point(rest_);
    switch (character) {
        case U'a': return U'\a';
        case U'f': return U'\f';
        case U'n': return U'\n';
        case U'r': return U'\r';
        case U't': return U'\t';
        case U'v': return U'\v';
    }
    return character;
}

char32_t Translation::hexadecimal() {
    const bool braced = take("{");
    const std::string digits(braced ? take_until("}") : rest_.substr(0, 2));
    if (!braced) take(digits);
    return static_cast<char32_t>(std::stoul(digits, nullptr, 16));
}

char32_t Translation::octal() {
    char32_t value = 0;
    for (int digits = 0; digits < 3 && !rest_.empty() && is_octal_digit(rest_.front()); ++digits) {
        value = value * 8 + static_cast<char32_t>(rest_.front() - '0');
        rest_.remove_prefix(1);
    }
    return value;
}

}  // namespace

std::optional<std::string> portable_pattern(std::string_view re2) {
    if (!Regex::compile(re2)) return std::nullopt;
    return Translation(re2).run();
}

}  // namespace hocket::ddl_compiler
