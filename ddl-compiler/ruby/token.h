#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hocket::ddl_compiler::ruby {

struct Token;

/// A piece of a literal: text, or the code of a `#{…}`.
struct Segment {
    std::string text = {};
    std::vector<Token> code;  ///< ends with a token of kind end; empty for text
    std::size_t offset = 0;
};

struct Token {
    enum class Kind {
        end,          ///< of the source, or of the code of a `#{…}`
        newline,      ///< ends a statement; a semicolon too
        name,         ///< action, act, respond_to?
        constant,     ///< Foo
        keyword,      ///< do, end, if
        label,        ///< `name:` and `"name":`, the short form of a key
        string,       ///< a heredoc too
        symbol,       ///< :name and :"name"
        regex,        ///< /…/ and %r{…}
        words,        ///< %w[…]
        symbols,      ///< %i[…]
        integer,      ///< 10, 0x1F
        floating,     ///< 1.5
        punctuation,  ///< `=>`, `[`, `+`
        refused,      ///< what has no place in a description
    };

    Kind kind = Kind::end;
    std::size_t offset = 0;  ///< bytes from the start of the source
    /// A name, a keyword, punctuation: as written. A number: without underscores. A regex: its flags. Refused: what it
    /// is, in words.
    std::string text = {};
    std::vector<Segment> segments = {};  ///< of a literal: its pieces; of words and symbols: one each
    bool after_space = false;
    bool begins = false;      ///< stands where a value or a statement begins
    bool over_lines = false;  ///< a literal in quotes with an end of line in it
};

}  // namespace hocket::ddl_compiler::ruby
