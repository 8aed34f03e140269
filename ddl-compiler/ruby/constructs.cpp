#include "ddl-compiler/ruby/constructs.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

struct Row {
    std::string_view word;
    std::string_view name;
    std::string_view hint;
};

constexpr std::string_view k_only_loop = "the only loop is […].each do |x| … end";
constexpr std::string_view k_write_if = "write if … else … end around statements";

constexpr std::array k_keyword_constructs = {
    Row{"def", "a method definition", "write what it would give where it is used"},
    Row{"class", "a class", ""},
    Row{"module", "a module", ""},
    Row{"begin", "a `begin`", ""},
    Row{"rescue", "a `rescue`", ""},
    Row{"ensure", "an `ensure`", ""},
    Row{"while", "a `while` loop", k_only_loop},
    Row{"until", "an `until` loop", k_only_loop},
    Row{"for", "a `for` loop", k_only_loop},
    Row{"case", "a `case`", "write if … elsif … end"},
    Row{"and", "the word `and`", "write &&"},
    Row{"or", "the word `or`", "write ||"},
    Row{"not", "the word `not`", "write !"},
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Of operators behind a value.
constexpr std::array k_operator_constructs = {
    Row{"?", "a `? :`", k_write_if},
    Row{"..", "a range", "write the values out"},
    Row{"...", "a range", "write the values out"},
    Row{"->", "a lambda", ""},
    Row{"{", "a block in braces", "write do … end"},
    Row{"[", "an index", ""},
    Row{"::", "a constant", ""},
    Row{"&.", "a call with `&.`", "write a plain dot"},
    Row{"=~", "a match (`=~`)", "compare with == and !="},
    Row{"!~", "a match (`!~`)", "compare with == and !="},
    Row{"===", "the comparison `===`", "compare with == and !="},
    Row{"<=>", "the comparison `<=>`", "compare with == and !="},
    Row{"<", "the comparison `<`", "compare with == and !="},
    Row{">", "the comparison `>`", "compare with == and !="},
    Row{"<=", "the comparison `<=`", "compare with == and !="},
    Row{">=", "the comparison `>=`", "compare with == and !="},
    Row{"<<", "the operator `<<`", ""},
    Row{">>", "the operator `>>`", ""},
    Row{"|", "the operator `|`", ""},
    Row{"^", "the operator `^`", ""},
    Row{"~", "the operator `~`", ""},
};

constexpr std::array<std::string_view, 12> k_assignments = {
    "=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "**=", "||=", "&&="};

template <std::size_t N>
std::optional<Construct> find(const std::array<Row, N>& rows, std::string_view word) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.word == word; });
    if (found == rows.end()) return std::nullopt;
    return Construct{std::string(found->name), std::string(found->hint)};
}

std::optional<Construct> keyword_construct(const Token& token) {
    const bool is_condition = token.text == "if" || token.text == "unless";
    if (is_condition && token.begins) return Construct{"a condition as a value", std::string(k_write_if)};
    if (is_condition) {
        return Construct{"a condition behind a statement", "write if … end around the statement"};
    }
    if (!token.begins && (token.text == "while" || token.text == "until")) {
        return Construct{"a loop behind a statement", std::string(k_only_loop)};
    }
    if (is_one_of(token.text, {"do", "end", "else", "elsif", "then"})) return std::nullopt;
    const std::optional<Construct> known = find(k_keyword_constructs, token.text);
    return known ? known : Construct{"the word `" + token.text + "`", {}};
}

std::optional<Construct> operator_construct(const Token& token) {
    if (is_assignment(token)) return Construct{"an assignment", "write the value where it is used"};
    if (token.text == "*" || token.text == "**") return Construct{"a splat", "write the values out"};
    if (token.text == "&") {
        return Construct{token.begins ? "a block as an argument" : "the operator `&`", {}};
    }
    return find(k_operator_constructs, token.text);
}

}  // namespace

bool is_assignment(const Token& token) {
    return token.kind == Kind::punctuation &&
           std::find(k_assignments.begin(), k_assignments.end(), token.text) != k_assignments.end();
}

std::optional<Construct> construct_of(const Token& token) {
    switch (token.kind) {
        case Kind::refused: return Construct{token.text, {}};
        case Kind::constant: return Construct{"a constant", "write its value"};
        case Kind::keyword: return keyword_construct(token);
        case Kind::punctuation: return operator_construct(token);
        case Kind::end:
        case Kind::newline:
        case Kind::name:
        case Kind::label:
        case Kind::string:
        case Kind::symbol:
        case Kind::regex:
        case Kind::words:
        case Kind::symbols:
        case Kind::integer:
        case Kind::floating: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace hocket::ddl_compiler::ruby
