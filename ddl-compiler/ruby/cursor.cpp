#include "ddl-compiler/ruby/cursor.h"

#include "ddl-compiler/ruby/constructs.h"
#include "ddl-compiler/ruby/lexer.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

std::string describe(const Token& token) {
    switch (token.kind) {
        case Kind::end: return "the end of the text";
        case Kind::newline: return token.text == ";" ? "`;`" : "the end of the line";
        case Kind::label: return "a key";
        case Kind::string: return "a string";
        case Kind::symbol: return "a symbol";
        case Kind::regex: return "a regular expression";
        case Kind::words:
        case Kind::symbols: return "a list of words";
        case Kind::integer:
        case Kind::floating: return "a number";
        case Kind::name:
        case Kind::constant:
        case Kind::keyword:
        case Kind::punctuation:
        case Kind::refused: return "`" + token.text + "`";
    }
    return {};
}

/// Whether a word stands right behind the text before it: no Ruby does.
bool is_glued(const Token& token) {
    return (token.kind == Kind::name || token.kind == Kind::constant || token.kind == Kind::integer) &&
           !token.after_space;
}

}  // namespace

const Token& Cursor::next() {
    const Token& token = peek();
    if (index_ + 1 < tokens_.size()) ++index_;
    return token;
}

bool Cursor::take_punctuation(std::string_view text) {
    if (!at_punctuation(text)) return false;
    next();
    return true;
}

bool Cursor::take_keyword(std::string_view text) {
    if (!at_keyword(text)) return false;
    next();
    return true;
}

void Cursor::skip_newlines() {
    while (at(Kind::newline))
        next();
}

void Cursor::skip_line_ends() {
    while (at(Kind::newline) && peek().text != ";")
        next();
}

void Cursor::refuse_token(const std::string& expected, const std::string& hint) {
    const Token& token = peek();
    if (token.kind == Kind::end && !is_complete_) throw Refused();
    if (previous() != nullptr && previous()->over_lines && is_glued(token)) {
        problems_.refuse(previous()->offset, k_open_string);
    }
    if (const std::optional<Construct> construct = construct_of(token)) {
        problems_.refuse_construct(token.offset, construct->name, construct->hint);
    }
    const bool is_behind_comma =
        previous() != nullptr && previous()->text == "," && token.kind == Kind::keyword;
    problems_.refuse(token.offset, expected + " is expected, not " + describe(token),
                     is_behind_comma ? "the statement goes on behind the comma before it" : hint);
}

void Cursor::refuse_unclosed(std::size_t start, const std::string& opening, const std::string& closing) {
    const bool is_new_line = previous() != nullptr && previous()->kind == Kind::newline;
    const bool goes_on =
        !at(Kind::end) && !at_keyword("end") && !at_keyword("do") && !(is_new_line && at(Kind::name));
    if (goes_on || !is_complete_) refuse_token("`,` or `" + closing + "`");
    problems_.refuse(start, "this `" + opening + "` has no end: a `" + closing + "` is missing");
}

}  // namespace hocket::ddl_compiler::ruby
