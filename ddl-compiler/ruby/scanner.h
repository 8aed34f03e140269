#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/ascii.h"
#include "ddl-compiler/ruby/lexer.h"

namespace hocket::ddl_compiler::ruby {

/// The lexer at work. What a character means in Ruby depends on what stands before it, so the scanner knows whether a
/// value may begin where it is. Spread over scanner.cpp (names, numbers, punctuation), literal.cpp (what is in quotes)
/// and heredoc.cpp.
class Scanner {
public:
    Scanner(std::string_view source, Problems& problems) : source_(source), problems_(problems) {}

    Tokens run();

private:
    enum class State {
        begin,     ///< a value or a statement must begin here
        argument,  ///< behind a name: an argument may begin, or an operator follow
        end,       ///< behind a value
    };
    enum class Quoting { raw, single, interpolated, regex };
    struct Delimiters {
        char open = '\0';  ///< NUL when nothing nests
        char close = '\0';
    };
    struct Tag {
        std::string name;
        std::size_t end = 0;  ///< behind the tag
        Quoting quoting = Quoting::interpolated;
        bool indented_end = false;  ///< `<<-` and `<<~`
        bool dedents = false;       ///< `<<~`
    };
    struct LineStart {
        std::size_t segment;
        std::size_t position;
    };

    void scan_tokens(bool in_code);
    void scan_token(bool after_space);
    void scan_newline();
    void scan_name();
    void scan_number();
    void scan_colon();
    void scan_sigil();
    void scan_punctuation();
    bool scan_ambiguous();
    bool skip_blanks();
    bool skip_block_comment();
    bool skip_line_end();
    bool next_line_goes_on() const;
    bool is_line_of(std::string_view word, std::string_view ends) const;
    std::string_view word_at(std::size_t position) const;

    void scan_quoted(char quote);
    void scan_regex();
    void scan_percent();
    void scan_words(Token::Kind kind, Delimiters delimiters, std::size_t start);
    void scan_backticks();
    void scan_character();
    bool percent_literal_begins() const;
    std::vector<Segment> scan_text(Delimiters delimiters, Quoting quoting, std::size_t start,
                                   std::string_view noun);
    void scan_piece(std::vector<Segment>& segments, Delimiters delimiters, Quoting quoting);
    bool scan_interpolation(std::vector<Segment>& segments);
    std::vector<Token> scan_code(std::size_t start);
    void scan_backslash(std::string& text, Delimiters delimiters, Quoting quoting);
    void scan_escape(std::string& text);
    void scan_byte_escape(std::string& text, unsigned base, std::size_t max_digits);
    void scan_unicode_escape(std::string& text);
    void scan_code_point(std::string& text, std::size_t max_digits);
    void check_text(const Token& token);
    std::string scan_flags();
    [[noreturn]] void stop_unclosed(std::size_t start, std::string_view noun);

    bool scan_heredoc();
    std::optional<Tag> heredoc_tag() const;
    std::vector<Segment> scan_heredoc_body(const Tag& tag, std::size_t start);
    bool at_heredoc_end(const Tag& tag) const;

    bool at_end() const { return position_ >= source_.size(); }
    char peek(std::size_t ahead = 0) const {
        return position_ + ahead < source_.size() ? source_[position_ + ahead] : '\0';
    }
    bool at(std::string_view text) const { return source_.substr(position_).starts_with(text); }
    bool at_line_start() const { return position_ == 0 || source_[position_ - 1] == '\n'; }
    bool argument_may_begin() const;
    void pass_newline();

    Token token(Token::Kind kind) const;
    void push(Token token);
    void push_refused(std::size_t start, std::string construct);
    bool is_behind(Token::Kind kind, std::string_view text) const;

    /// Ends the scan: behind this point nothing has a meaning that we know.
    [[noreturn]] void stop(std::size_t offset, const std::string& message, const std::string& hint = {}) {
        problems_.refuse(offset, message, hint);
    }

    std::string_view source_;
    Problems& problems_;
    std::size_t position_ = 0;
    std::size_t start_ = 0;  ///< of the token at hand
    bool after_space_ = false;
    State state_ = State::begin;
    std::vector<Token> tokens_;
    std::vector<Token>* into_ = &tokens_;  ///< the tokens of the source, or of the code in a text
    std::size_t depth_ = 0;                ///< of code in texts
    std::size_t heredoc_end_ = 0;  ///< where the next line begins, when it is not behind the end of this one
    bool in_parameters_ = false;   ///< between the bars of `do |x|`
    bool has_byte_escape_ = false;
    std::size_t code_start_ = 0;                  ///< of the innermost code in a text
    std::optional<std::size_t> open_string_;      ///< the first string that seems to lack its closing quote
    std::unordered_set<std::string> parameters_;  ///< names of block variables: no argument follows them
};

inline bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f' || byte == '\v';
}
inline bool is_name_start(char byte) {
    return is_letter(byte) || byte == '_' || static_cast<unsigned char>(byte) >= 0x80U;
}
inline bool is_name_part(char byte) {
    return is_name_start(byte) || is_digit(byte);
}

/// The value of a digit; 99 for what is none.
unsigned digit_value(char byte);

}  // namespace hocket::ddl_compiler::ruby
