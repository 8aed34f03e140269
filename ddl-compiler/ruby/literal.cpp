#include <array>

#include "core/base/text.h"
#include "ddl-compiler/ruby/limits.h"
#include "ddl-compiler/ruby/scanner.h"
#include "ddl-compiler/ruby/utf8.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

/// What `\x` is in double quotes, for the letters that are one character.
constexpr std::array<std::pair<char, char>, 9> k_escapes = {{{'n', '\n'},
                                                             {'t', '\t'},
                                                             {'s', ' '},
                                                             {'r', '\r'},
                                                             {'e', '\x1B'},
                                                             {'a', '\a'},
                                                             {'b', '\b'},
                                                             {'f', '\f'},
                                                             {'v', '\v'}}};

const std::string k_open_code = "this interpolation has no end: a `}` is missing";

/// The last piece, if it is text; else a new one.
std::string& text_of(std::vector<Segment>& segments, std::size_t offset) {
    if (segments.empty() || !segments.back().code.empty()) segments.push_back({.offset = offset});
    return segments.back().text;
}

/// Whether the backslash in a list of words only says that the next character is one of the word.
bool escapes_in_words(char byte, char next, char open, char close) {
    return byte == '\\' && (is_blank(next) || next == '\n' || next == '\\' || next == close ||
                            (next == open && open != '\0'));
}

}  // namespace

void Scanner::scan_quoted(char quote) {
    const State before = state_;
    Token result = token(Kind::string);
    ++position_;
    const Quoting quoting = quote == '"' ? Quoting::interpolated : Quoting::single;
    result.segments = scan_text({'\0', quote}, quoting, start_, "string");
    result.over_lines = source_.substr(start_, position_ - start_).find('\n') != std::string_view::npos;
    if (result.over_lines && is_name_part(peek()) && !open_string_) open_string_ = start_;
    check_text(result);
    if (peek() == ':' && peek(1) != ':' && before != State::end) {
        ++position_;
        result.kind = Kind::label;
    }
    push(std::move(result));
}

void Scanner::scan_regex() {
    Token result = token(Kind::regex);
    result.begins = true;
    ++position_;
    result.segments = scan_text({'\0', '/'}, Quoting::regex, start_, "regular expression");
    result.text = scan_flags();
    push(std::move(result));
}

std::string Scanner::scan_flags() {
    const std::size_t start = position_;
    while (is_name_part(peek()))
        ++position_;
    return std::string(source_.substr(start, position_ - start));
}

void Scanner::scan_backticks() {
    ++position_;
    scan_text({'\0', '`'}, Quoting::interpolated, start_, "command");
    push_refused(start_, "a command in backticks");
}

/// `?a`
void Scanner::scan_character() {
    position_ += peek(1) == '\\' ? 3U : 2U;
    position_ = std::min(position_, source_.size());
    push_refused(start_, "a character literal");
}

bool Scanner::percent_literal_begins() const {
    if (!argument_may_begin()) return false;
    const bool has_letter = is_name_part(peek(1));
    const char delimiter = has_letter ? peek(2) : peek(1);
    return delimiter != '\0' && !is_name_part(delimiter) && !is_blank(delimiter) && delimiter != '\n' &&
           delimiter != '=';
}

/// %w[…] %i[…] %q(…) %Q(…) %(…) %r{…}
void Scanner::scan_percent() {
    ++position_;
    const char letter = is_name_part(peek()) ? source_[position_++] : 'Q';
    const char open = source_[position_++];
    const std::size_t bracket = std::string_view("([{<").find(open);
    const bool nests = bracket != std::string_view::npos;
    const Delimiters delimiters = nests ? Delimiters{open, ")]}>"[bracket]} : Delimiters{'\0', open};
    if (letter == 'w') return scan_words(Kind::words, delimiters, start_);
    if (letter == 'i') return scan_words(Kind::symbols, delimiters, start_);
    const Quoting quoting = letter == 'q'   ? Quoting::single
                            : letter == 'r' ? Quoting::regex
                                            : Quoting::interpolated;
    Token result = token(letter == 'r' ? Kind::regex : Kind::string);
    result.begins = true;
    result.segments =
        scan_text(delimiters, quoting, start_, letter == 'r' ? "regular expression" : "literal");
    if (letter == 'r') result.text = scan_flags();
    if (letter == 'x') return push_refused(start_, "a command (`%x`)");
    if (letter != 'q' && letter != 'Q' && letter != 'r') {
        return push_refused(start_, std::string("a literal with %") + letter);
    }
    check_text(result);
    push(std::move(result));
}

void Scanner::scan_words(Token::Kind kind, Delimiters delimiters, std::size_t start) {
    Token result = token(kind);
    result.begins = true;
    std::size_t nested = 0;
    bool in_word = false;
    while (peek() != delimiters.close || nested > 0) {
        if (at_end()) stop(start, "this list of words has no end");
        const bool is_space = is_blank(peek()) || peek() == '\n';
        if (!is_space && !in_word) result.segments.push_back({.offset = position_});
        in_word = !is_space;
        if (peek() == '\n') {
            pass_newline();
            continue;
        }
        if (delimiters.open != '\0' && peek() == delimiters.open) ++nested;
        if (peek() == delimiters.close) --nested;
        if (escapes_in_words(peek(), peek(1), delimiters.open, delimiters.close)) {
            ++position_;
            if (at("\r\n")) ++position_;
        }
        if (in_word) result.segments.back().text += peek();
        ++position_;
    }
    ++position_;
    push(std::move(result));
}

/// What stands between the delimiters; the opening one is passed already.
std::vector<Segment> Scanner::scan_text(Delimiters delimiters, Quoting quoting, std::size_t start,
                                        std::string_view noun) {
    std::vector<Segment> segments = {{.offset = position_}};
    std::size_t nested = 0;
    for (;;) {
        if (at_end()) stop_unclosed(start, noun);
        if (peek() == delimiters.close && nested == 0) break;
        if (peek() == delimiters.close) --nested;
        if (delimiters.open != '\0' && peek() == delimiters.open) ++nested;
        scan_piece(segments, delimiters, quoting);
    }
    ++position_;
    return segments;
}

/// Names the place where it went wrong, which may be before the literal that meets the end of the source.
void Scanner::stop_unclosed(std::size_t start, std::string_view noun) {
    if (open_string_) stop(*open_string_, k_open_string);
    if (depth_ > 0) stop(code_start_, k_open_code);
    stop(start, "this " + std::string(noun) + " has no end");
}

/// One character, one escape or one interpolation.
void Scanner::scan_piece(std::vector<Segment>& segments, Delimiters delimiters, Quoting quoting) {
    const bool interpolates = quoting == Quoting::interpolated || quoting == Quoting::regex;
    if (interpolates && peek() == '#' && scan_interpolation(segments)) return;
    std::string& text = text_of(segments, position_);
    if (peek() == '\\' && quoting != Quoting::raw && position_ + 1 < source_.size()) {
        return scan_backslash(text, delimiters, quoting);
    }
    if (at("\r\n")) ++position_;
    text += peek();
    if (peek() == '\n') {
        pass_newline();
    } else {
        ++position_;
    }
}

/// `#{…}`, `#@x`, `#$x`; false when it is none.
bool Scanner::scan_interpolation(std::vector<Segment>& segments) {
    const std::size_t start = position_;
    constexpr std::string_view globals = "~*$?!@/\\;,.=:<>\"&`'+0123456789";
    const bool is_global =
        peek(1) == '$' && peek(2) != '\0' && globals.find(peek(2)) != std::string_view::npos;
    const bool is_variable =
        ((peek(1) == '@' || peek(1) == '$') && (is_name_start(peek(2)) || peek(2) == '@')) || is_global;
    if (peek(1) != '{' && !is_variable) return false;
    Segment segment = {.offset = start};
    if (is_variable) {
        const Token refused = {.kind = Kind::refused,
                               .offset = start + 1,
                               .text = peek(1) == '$' ? "a global variable" : "an instance variable"};
        segment.code = {refused, {.kind = Kind::end, .offset = start + 1}};
        ++position_;
    } else {
        position_ += 2;
        segment.code = scan_code(start);
        ++position_;
    }
    segments.push_back(std::move(segment));
    return true;
}

/// Up to the brace that ends the code.
std::vector<Token> Scanner::scan_code(std::size_t start) {
    if (++depth_ > k_max_depth) stop(start, k_too_deep);
    std::vector<Token> tokens;
    std::vector<Token>* const outer = std::exchange(into_, &tokens);
    const State state = std::exchange(state_, State::begin);
    const std::size_t token_start = start_;
    const std::size_t outer_code_start = std::exchange(code_start_, start);
    const bool after_space = after_space_;
    try {
        scan_tokens(true);
    } catch (const Refused&) {
        into_ = outer;
        throw;
    }
    into_ = outer;
    state_ = state;
    start_ = token_start;
    after_space_ = after_space;
    --depth_;
    code_start_ = outer_code_start;
    if (at_end()) stop(start, k_open_code);
    return tokens;
}

void Scanner::scan_backslash(std::string& text, Delimiters delimiters, Quoting quoting) {
    if (quoting != Quoting::single && skip_line_end()) return;
    const char next = peek(1);
    const bool is_delimiter = next == delimiters.close || (next == delimiters.open && next != '\0');
    if (quoting == Quoting::interpolated && !is_delimiter) {
        ++position_;
        return scan_escape(text);
    }
    const bool is_plain = std::string_view("$*+.?^|()[]{}<>").find(next) == std::string_view::npos;
    const bool drops_backslash =
        quoting == Quoting::regex ? is_plain && is_delimiter : next == '\\' || is_delimiter;
    if (!drops_backslash) text += '\\';
    // The end of a line counts for itself.
    position_ += next == '\n' || next == '\r' ? 1 : 2;
    if (next != '\n' && next != '\r') text += next;
}

/// In double quotes, behind the backslash.
void Scanner::scan_escape(std::string& text) {
    const char letter = peek();
    for (const auto& [escape, character] : k_escapes) {
        if (escape != letter) continue;
        text += character;
        ++position_;
        return;
    }
    if (letter >= '0' && letter <= '7') return scan_byte_escape(text, 8, 3);
    ++position_;
    if (letter == 'x') return scan_byte_escape(text, 16, 2);
    if (letter == 'u') return scan_unicode_escape(text);
    if (letter == 'c' || letter == 'C' || letter == 'M') {
        problems_.error(position_ - 2, std::string("the escape \\") + letter + " is not read here",
                        "write \\xHH");
    }
    text += letter;
}

void Scanner::scan_byte_escape(std::string& text, unsigned base, std::size_t max_digits) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < max_digits && digit_value(peek()) < base; ++digits, ++position_)
        value = value * base + digit_value(peek());
    if (digits == 0) problems_.error(position_ - 2, "an escape without its digits", "write \\xHH");
    text += static_cast<char>(static_cast<unsigned char>(value & 0xFFU));
    if (value > 0x7FU) has_byte_escape_ = true;
}

/// `\uXXXX` and `\u{X… X…}`
void Scanner::scan_unicode_escape(std::string& text) {
    if (peek() != '{') return scan_code_point(text, 4);
    const std::size_t start = position_ - 2;
    ++position_;
    while (!at_end() && peek() != '}') {
        if (digit_value(peek()) < 16) {
            const std::size_t digits = position_;
            scan_code_point(text, 6);
            if (digit_value(peek()) < 16)
                return problems_.error(digits, "an escape that names no character", "at most six digits");
        } else if (is_blank(peek())) {
            ++position_;
        } else {
            break;
        }
    }
    if (peek() != '}') return problems_.error(start, "an escape without its end", "write \\u{E9}");
    ++position_;
}

void Scanner::scan_code_point(std::string& text, std::size_t max_digits) {
    const std::size_t start = position_;
    char32_t value = 0;
    while (position_ - start < max_digits && digit_value(peek()) < 16)
        value = value * 16 + digit_value(source_[position_++]);
    const bool is_short = max_digits == 4 && position_ - start < max_digits;
    if (is_short || !append_utf8(text, value)) {
        problems_.error(start, "an escape that names no character", "\\uXXXX or \\u{X…}, in hexadecimal");
    }
}

void Scanner::check_text(const Token& token) {
    if (!std::exchange(has_byte_escape_, false)) return;
    for (const Segment& segment : token.segments) {
        if (!is_utf8(segment.text))
            problems_.error(token.offset, "the escapes of this string make no UTF-8 text");
    }
}

}  // namespace hocket::ddl_compiler::ruby
