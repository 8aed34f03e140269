#include "ddl-compiler/ruby/scanner.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

constexpr std::array<std::string_view, 41> k_keywords = {
    "alias",  "and",    "begin",    "BEGIN",    "break",       "case",   "class",  "def",    "defined?",
    "do",     "else",   "elsif",    "end",      "END",         "ensure", "false",  "for",    "if",
    "in",     "module", "next",     "nil",      "not",         "or",     "redo",   "rescue", "retry",
    "return", "self",   "super",    "then",     "true",        "undef",  "unless", "until",  "when",
    "while",  "yield",  "__FILE__", "__LINE__", "__ENCODING__"};

/// Behind which a statement may end.
constexpr std::array<std::string_view, 14> k_closing_keywords = {
    "nil",          "true", "false", "self",  "end",    "__FILE__", "__LINE__",
    "__ENCODING__", "redo", "retry", "break", "return", "super",    "next"};

/// The longer ones come first.
constexpr std::array<std::string_view, 58> k_punctuation = {
    "**=", "<=>", "===", "...", "<<=", ">>=", "&&=", "||=", "=>", "==", "=~", "!=", "!~", "<=", ">=",
    "&&",  "||",  "&.",  "**",  "+=",  "-=",  "*=",  "/=",  "%=", "|=", "&=", "^=", "<<", ">>", "::",
    "->",  "..",  "+",   "-",   "*",   "/",   "%",   "=",   "<",  ">",  "!",  "&",  "|",  "^",  "~",
    "?",   ":",   ",",   ".",   "(",   ")",   "[",   "]",   "{",  "}",  ";",  "\\", ""};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The number without underscores, if each stands between two digits.
std::string number_text(std::string_view written) {
    const unsigned base = written.starts_with("0x") || written.starts_with("0X") ? 16 : 10;
    std::string text;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const bool is_between = i > 0 && i + 1 < written.size() && digit_value(written[i - 1]) < base &&
                                digit_value(written[i + 1]) < base;
        if (written[i] != '_' || !is_between) text += written[i];
    }
    return text;
}

}  // namespace

unsigned digit_value(char byte) {
    if (is_digit(byte)) return static_cast<unsigned>(byte - '0');
    if (is_lower(byte)) return static_cast<unsigned>(byte - 'a') + 10;
    if (is_upper(byte)) return static_cast<unsigned>(byte - 'A') + 10;
    return 99;
}

Tokens tokenize(std::string_view source, Problems& problems) {
    return Scanner(source, problems).run();
}

Tokens Scanner::run() {
    Tokens result;
    try {
        scan_tokens(false);
    } catch (const Refused&) {
        result.is_complete = false;
        start_ = position_;
        tokens_.push_back(token(Kind::end));
    }
    result.tokens = std::move(tokens_);
    return result;
}

/// Up to the end of the source, or to the brace that ends the code in a text.
void Scanner::scan_tokens(bool in_code) {
    std::size_t braces = 0;
    for (;;) {
        const bool after_space = skip_blanks();
        start_ = position_;
        if (at_end() || (in_code && braces == 0 && peek() == '}')) return push(token(Kind::end));
        if (peek() == '{') ++braces;
        if (peek() == '}' && braces > 0) --braces;
        scan_token(after_space);
    }
}

void Scanner::scan_token(bool after_space) {
    after_space_ = after_space;
    const char byte = peek();
    if (byte == '\n' || byte == ';') return scan_newline();
    if (is_name_start(byte)) return scan_name();
    if (is_digit(byte)) return scan_number();
    if (byte == '"' || byte == '\'') return scan_quoted(byte);
    if (byte == ':') return scan_colon();
    if (byte == '@' || byte == '$') return scan_sigil();
    if (byte == '`') return scan_backticks();
    if (!scan_ambiguous()) scan_punctuation();
}

/// What is a literal where a value may begin, and an operator elsewhere.
bool Scanner::scan_ambiguous() {
    const char byte = peek();
    if (byte == '<') return scan_heredoc();
    if (byte == '/' && argument_may_begin()) return scan_regex(), true;
    if (byte == '%' && percent_literal_begins()) return scan_percent(), true;
    if (byte == '?' && argument_may_begin() && !is_name_part(peek(2))) return scan_character(), true;
    return false;
}

/// Whether the character at hand may begin a value: `summary /x/`, and not `a / b`.
bool Scanner::argument_may_begin() const {
    if (state_ != State::argument) return state_ == State::begin;
    return after_space_ && !is_blank(peek(1)) && peek(1) != '\n' && peek(1) != '=';
}

void Scanner::scan_newline() {
    const bool is_line = peek() == '\n';
    Token newline = token(Kind::newline);
    newline.text = is_line ? "end of line" : ";";
    if (is_line) {
        pass_newline();
    } else {
        ++position_;
    }
    if (is_line && (state_ == State::begin || next_line_goes_on())) return;
    push(std::move(newline));
}

void Scanner::pass_newline() {
    ++position_;
    if (heredoc_end_ == 0) return;
    position_ = std::max(position_, heredoc_end_);
    heredoc_end_ = 0;
}

/// Whether the next line that is no comment begins with `.name`.
bool Scanner::next_line_goes_on() const {
    std::size_t at = position_;
    while (at < source_.size() && (is_blank(source_[at]) || source_[at] == '#')) {
        if (source_[at] == '#') at = std::min(source_.find('\n', at), source_.size() - 1);
        ++at;
    }
    return at + 1 < source_.size() && source_[at] == '.' && source_[at + 1] != '.';
}

bool Scanner::skip_blanks() {
    const std::size_t start = position_;
    while (!at_end()) {
        if (is_blank(peek())) {
            ++position_;
        } else if (peek() == '#') {
            position_ = std::min(source_.find('\n', position_), source_.size());
        } else if (!skip_line_end() && !skip_block_comment()) {
            break;
        }
    }
    return position_ > start;
}

/// A backslash and the end of its line.
bool Scanner::skip_line_end() {
    const bool is_crlf = at("\\\r\n");
    if (!is_crlf && !at("\\\n")) return false;
    position_ += is_crlf ? 2 : 1;
    pass_newline();
    return true;
}

/// Whether the word stands here, and one of the characters or the end of the source behind it.
bool Scanner::is_line_of(std::string_view word, std::string_view ends) const {
    return at(word) && (position_ + word.size() == source_.size() ||
                        ends.find(source_[position_ + word.size()]) != std::string_view::npos);
}

/// `=begin` to `=end`, and what follows `__END__`.
bool Scanner::skip_block_comment() {
    if (!at_line_start()) return false;
    if (is_line_of("__END__", "\r\n")) {
        position_ = source_.size();
        return true;
    }
    if (!is_line_of("=begin", " \t\r\n")) return false;
    const std::size_t start = position_;
    do {
        position_ = source_.find("\n=end", position_);
        if (position_ == std::string_view::npos) {
            position_ = source_.size();
            stop(start, "this comment has no end: a line `=end` is missing");
        }
        ++position_;
    } while (!is_line_of("=end", " \t\r\n"));
    position_ = std::min(source_.find('\n', position_), source_.size());
    return true;
}

std::string_view Scanner::word_at(std::size_t position) const {
    std::size_t end = position;
    while (end < source_.size() && is_name_part(source_[end]))
        ++end;
    const std::string_view rest = source_.substr(end);
    const bool has_mark = rest.starts_with('?') || rest.starts_with('!');
    const bool is_operator = rest.size() > 1 && rest[1] == '=';
    if (end > position && has_mark && !is_operator) ++end;
    return source_.substr(position, end - position);
}

void Scanner::scan_name() {
    const std::string word(word_at(position_));
    position_ += word.size();
    const bool is_method = is_behind(Kind::punctuation, ".") || is_behind(Kind::punctuation, "&.");
    Token result = token(Kind::name);
    result.text = word;
    if (!is_method && peek() == ':' && peek(1) != ':') {
        ++position_;
        result.kind = Kind::label;
        result.segments = {{.text = word, .offset = start_}};
    } else if (!is_method && contains(k_keywords, word)) {
        result.kind = Kind::keyword;
    } else if (!is_method && is_upper(word.front())) {
        result.kind = Kind::constant;
    } else if (in_parameters_) {
        parameters_.insert(word);
    }
    push(std::move(result));
}

void Scanner::scan_number() {
    const std::size_t start = position_;
    const auto take_digits = [&] {
        while (is_digit(peek()) || peek() == '_')
            ++position_;
    };
    Token result = token(Kind::integer);
    take_digits();
    if (peek() == '.' && is_digit(peek(1))) {
        result.kind = Kind::floating;
        ++position_;
        take_digits();
    }
    const bool is_exponent = (peek() == 'e' || peek() == 'E') &&
                             (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))));
    if (is_exponent) {
        result.kind = Kind::floating;
        position_ += 2;
        take_digits();
    }
    while (is_name_part(peek()))  // 0x1F, 0b11; what is no number of ours is found out when it is read
        ++position_;
    const std::string_view written = source_.substr(start, position_ - start);
    const bool has_zero =
        written[0] == '0' && written.size() > 1 && (is_digit(written[1]) || written[1] == '_');
    if (result.kind == Kind::floating && has_zero)
        return push_refused(start, "a fraction with a zero before it");
    result.text = number_text(written);
    push(std::move(result));
}

void Scanner::scan_colon() {
    const char next = peek(1);
    if (next == '"' || next == '\'') {
        Token result = token(Kind::symbol);
        position_ += 2;
        const Quoting quoting = next == '"' ? Quoting::interpolated : Quoting::single;
        result.segments = scan_text({'\0', next}, quoting, start_, "symbol");
        check_text(result);
        return push(std::move(result));
    }
    if (!is_name_start(next)) return scan_punctuation();
    const std::string word(word_at(position_ + 1));
    Token result = token(Kind::symbol);
    result.segments = {{.text = word, .offset = start_}};
    position_ += 1 + word.size();
    push(std::move(result));
}

/// Variables that are no block's: $x, @x, @@x.
void Scanner::scan_sigil() {
    const std::string construct = peek() == '$' ? "a global variable"
                                  : at("@@")    ? "a class variable"
                                                : "an instance variable";
    while (peek() == '$' || peek() == '@')
        ++position_;
    position_ += std::max<std::size_t>(word_at(position_).size(), at_end() || peek() == '\n' ? 0 : 1);
    push_refused(start_, construct);
}

void Scanner::scan_punctuation() {
    const auto found = std::find_if(k_punctuation.begin(), k_punctuation.end(),
                                    [&](std::string_view text) { return at(text); });
    Token result = token(Kind::punctuation);
    result.text = *found;
    if (found->empty()) {
        ++position_;
        return push_refused(start_, "this character");
    }
    const bool has_space_behind = is_blank(peek(found->size())) || peek(found->size()) == '\n';
    if (state_ == State::argument && after_space_) result.begins = result.text == "[" || !has_space_behind;
    const bool opens_parameters = is_behind(Kind::keyword, "do") || is_behind(Kind::punctuation, "{");
    if (result.text == "|") in_parameters_ = !in_parameters_ && opens_parameters;
    position_ += found->size();
    push(std::move(result));
}

Token Scanner::token(Token::Kind kind) const {
    Token result;
    result.kind = kind;
    result.offset = start_;
    result.after_space = after_space_;
    result.begins = state_ == State::begin;
    return result;
}

void Scanner::push(Token token) {
    const bool is_method = is_behind(Kind::punctuation, ".") || is_behind(Kind::punctuation, "&.");
    switch (token.kind) {
        case Kind::end:
        case Kind::newline:
        case Kind::label: state_ = State::begin; break;
        case Kind::name: {
            const bool is_variable = !is_method && parameters_.contains(token.text);
            state_ = is_variable ? State::end : State::argument;
            break;
        }
        case Kind::constant: state_ = State::argument; break;
        case Kind::keyword:
            state_ = contains(k_closing_keywords, token.text) ? State::end : State::begin;
            break;
        case Kind::punctuation: {
            const bool closes = token.text == ")" || token.text == "]" || token.text == "}";
            state_ = closes ? State::end : State::begin;
            break;
        }
        case Kind::string:
        case Kind::symbol:
        case Kind::regex:
        case Kind::words:
        case Kind::symbols:
        case Kind::integer:
        case Kind::floating:
        case Kind::refused: state_ = State::end; break;
    }
    into_->push_back(std::move(token));
}

void Scanner::push_refused(std::size_t start, std::string construct) {
    Token result = token(Kind::refused);
    result.offset = start;
    result.text = std::move(construct);
    push(std::move(result));
}

bool Scanner::is_behind(Token::Kind kind, std::string_view text) const {
    return !into_->empty() && into_->back().kind == kind && into_->back().text == text;
}

}  // namespace hocket::ddl_compiler::ruby
