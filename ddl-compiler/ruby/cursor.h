#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/token.h"

namespace hocket::ddl_compiler::ruby {

/// A place in a list of tokens that the parser moves on. Refuses the token there when it does not fit.
class Cursor {
public:
    /// The list ends with a token of kind end. When it is not complete, its end surprises nobody: the reason is reported.
    Cursor(const std::vector<Token>& tokens, bool is_complete, Problems& problems)
        : tokens_(tokens), problems_(problems), is_complete_(is_complete) {}

    const Token& peek() const { return tokens_[index_]; }
    const Token& peek_behind() const { return tokens_[index_ + 1 < tokens_.size() ? index_ + 1 : index_]; }
    const Token* previous() const { return index_ == 0 ? nullptr : &tokens_[index_ - 1]; }
    const Token& next();  ///< the token at hand; the cursor moves behind it, but never behind the end

    bool at(Token::Kind kind) const { return peek().kind == kind; }
    bool at_punctuation(std::string_view text) const {
        return at(Token::Kind::punctuation) && peek().text == text;
    }
    bool at_keyword(std::string_view text) const { return at(Token::Kind::keyword) && peek().text == text; }
    bool take_punctuation(std::string_view text);
    bool take_keyword(std::string_view text);
    void skip_newlines();
    void skip_line_ends();  ///< the same, but for `;`

    /// By its name when it has no place in a description; else as one that stands where `expected` should.
    [[noreturn]] void refuse_token(const std::string& expected, const std::string& hint = {});

    /// The same, but "this `[` has no end" when the source goes on as it cannot inside of brackets.
    [[noreturn]] void refuse_unclosed(std::size_t start, const std::string& opening,
                                      const std::string& closing);

    bool is_complete() const { return is_complete_; }
    Problems& problems() { return problems_; }

private:
    const std::vector<Token>& tokens_;
    Problems& problems_;
    std::size_t index_ = 0;
    bool is_complete_;
};

}  // namespace hocket::ddl_compiler::ruby
