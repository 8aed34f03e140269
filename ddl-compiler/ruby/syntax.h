#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hocket::ddl_compiler::ruby {

// What the parser makes of a source: statements, and the expressions in them. Offsets are bytes from the start of the
// source. The trees are no deeper than k_max_depth; chains of operators and of methods are flat.

struct Expression;
struct Pair;
struct Statement;

/// A piece of a text: as it is, or an expression.
struct Piece {
    std::string text;
    std::vector<Expression> code;  ///< one, or none
};

/// `.name(arguments)`
struct MethodCall {
    std::string name;
    std::size_t offset = 0;
    std::vector<Expression> arguments;
};

struct Expression {
    enum class Kind {
        nil,
        boolean,
        integer,
        floating,
        string,
        symbol,
        regex,
        array,
        hash,
        variable,  ///< of a block
        call,      ///< `summary(:x)`, and any word that is no variable
        prefix,    ///< `!x`, `-x`
        infix,     ///< `a + b - c`: operators of one precedence
        chain,     ///< `x.sub(…).capitalize`
    };

    Kind kind = Kind::nil;
    std::size_t offset = 0;
    /// A boolean and a number as written, of a regex the flags, of a variable and a call the name, of a prefix the
    /// operator.
    std::string word = {};
    std::vector<Piece> pieces = {};      ///< of string, symbol and regex
    std::vector<Expression> items = {};  ///< of an array; a call's arguments; operands; a chain's receiver
    std::vector<Pair> pairs;             ///< of a hash
    std::vector<std::string> operators = {};  ///< of infix: one between each two operands
    std::vector<MethodCall> calls = {};       ///< of a chain
    bool has_arguments = false;               ///< of a call: `x()` has, `x` has not
};

struct Pair {
    Expression key;
    Expression value;
};

/// The condition and what is done when it holds; `else` is a branch without a condition.
struct Branch {
    std::vector<Expression> condition;  ///< one, or none
    bool is_negated = false;            ///< of `unless`
    std::vector<Statement> body;
};

struct Statement {
    enum class Kind {
        call,       ///< `input :name, …`
        loop,       ///< `[…].each do |x| … end`
        condition,  ///< `if … elsif … else … end`
    };

    Kind kind = Kind::call;
    std::size_t offset = 0;
    std::string name = {};                    ///< of a call
    std::vector<Expression> arguments = {};   ///< of a call; of a loop the one value that it goes over
    bool has_block = false;                   ///< of a call
    std::vector<std::string> variables = {};  ///< of a loop
    std::vector<Statement> body = {};         ///< of a loop and of a call's block
    std::vector<Branch> branches = {};        ///< of a condition
};

}  // namespace hocket::ddl_compiler::ruby
