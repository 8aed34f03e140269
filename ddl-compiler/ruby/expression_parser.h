#pragma once

#include <string>
#include <vector>

#include "ddl-compiler/ruby/cursor.h"
#include "ddl-compiler/ruby/scope.h"
#include "ddl-compiler/ruby/syntax.h"

namespace hocket::ddl_compiler::ruby {

/// Reads one expression at the cursor. The precedence is Ruby's:
///
///     expression = or;  or = and {"||" and};  and = equality {"&&" equality};  equality = sum [("==" | "!=") sum]
///     sum = product {("+" | "-") product};  product = prefix {("*" | "/" | "%") prefix}
///     prefix = ("!" | "-" | "+") prefix | power;  power = chain ["**" prefix];  chain = primary {"." name [arguments]}
///
/// Throws Refused when there is none; the reason is reported.
class ExpressionParser {
public:
    ExpressionParser(Cursor& cursor, Scope& scope) : cursor_(cursor), scope_(scope) {}

    Expression expression() { return infix(0); }

    /// Those of a call whose name is passed: in parentheses, or behind a blank up to the end of the line, or none.
    std::vector<Expression> arguments();

    bool arguments_begin() const;

private:
    Expression infix(std::size_t level);
    Expression prefix();
    Expression power();
    Expression chain();
    MethodCall method_call();
    Expression primary();
    Expression name();
    Expression keyword();
    Expression punctuation();
    Expression parentheses();
    Expression array();
    Expression hash();
    Expression string();
    Expression regex();
    Expression literal(Expression::Kind kind);
    Expression words(Expression::Kind kind);
    std::vector<Expression> list(const std::string& opening, const std::string& closing);
    std::vector<Expression> bare_list();
    void element(std::vector<Expression>& values, Expression& options);
    Pair labeled_pair();
    void append_pieces(std::vector<Piece>& pieces, const Token& token);
    Piece code_piece(const Segment& segment);
    std::size_t open(const std::string& bracket);
    void close(std::size_t start, const std::string& opening, const std::string& closing);

    Problems& problems() { return cursor_.problems(); }

    Cursor& cursor_;
    Scope& scope_;
};

}  // namespace hocket::ddl_compiler::ruby
