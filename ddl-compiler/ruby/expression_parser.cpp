#include "ddl-compiler/ruby/expression_parser.h"

#include <array>

#include "ddl-compiler/ruby/constructs.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

/// From the loosest to the tightest; each is a set of operators between blanks.
constexpr std::array<std::string_view, 5> k_levels = {" || ", " && ", " == != ", " + - ", " * / % "};
constexpr std::size_t k_equality = 2;

const std::string k_value = "a value";

bool is_operator_of(const Token& token, std::size_t level) {
    if (token.kind != Kind::punctuation || token.begins) return false;
    return k_levels[level].find(" " + token.text + " ") != std::string_view::npos;
}

/// The hash that stands without braces behind the values.
void append_options(std::vector<Expression>& values, Expression options) {
    if (options.pairs.empty()) return;
    options.offset = options.pairs.front().key.offset;
    values.push_back(std::move(options));
}

bool is_number(const Expression& expression) {
    return (expression.kind == Expression::Kind::integer || expression.kind == Expression::Kind::floating) &&
           !expression.word.starts_with('-');
}

}  // namespace

Expression ExpressionParser::infix(std::size_t level) {
    if (level == k_levels.size()) return prefix();
    Expression first = infix(level + 1);
    if (!is_operator_of(cursor_.peek(), level)) return first;
    Expression result{.kind = Expression::Kind::infix, .offset = first.offset};
    result.items.push_back(std::move(first));
    while (is_operator_of(cursor_.peek(), level)) {
        if (level == k_equality && !result.operators.empty()) cursor_.refuse_token("one comparison");
        result.operators.push_back(cursor_.next().text);
        result.items.push_back(infix(level + 1));
    }
    return result;
}

Expression ExpressionParser::prefix() {
    const Token& sign = cursor_.peek();
    const bool is_sign = cursor_.at_punctuation("!") ||
                         (sign.begins && (cursor_.at_punctuation("-") || cursor_.at_punctuation("+")));
    if (!is_sign) return power();
    const Deeper deeper(scope_, problems(), sign.offset);
    cursor_.next();
    Expression operand = prefix();
    if (sign.text == "-" && is_number(operand)) {
        operand.word.insert(0, "-");
        operand.offset = sign.offset;
        return operand;
    }
    Expression result{.kind = Expression::Kind::prefix, .offset = sign.offset, .word = sign.text};
    result.items.push_back(std::move(operand));
    return result;
}

Expression ExpressionParser::power() {
    Expression base = chain();
    if (!cursor_.at_punctuation("**") || cursor_.peek().begins) return base;
    const Deeper deeper(scope_, problems(), cursor_.peek().offset);
    Expression result{.kind = Expression::Kind::infix, .offset = base.offset};
    result.operators.push_back(cursor_.next().text);
    result.items.push_back(std::move(base));
    result.items.push_back(prefix());
    return result;
}

Expression ExpressionParser::chain() {
    Expression receiver = primary();
    if (!cursor_.at_punctuation(".")) return receiver;
    Expression result{.kind = Expression::Kind::chain, .offset = receiver.offset};
    result.items.push_back(std::move(receiver));
    while (cursor_.take_punctuation("."))
        result.calls.push_back(method_call());
    return result;
}

MethodCall ExpressionParser::method_call() {
    if (!cursor_.at(Kind::name)) cursor_.refuse_token("the name of a method");
    MethodCall call{cursor_.peek().text, cursor_.peek().offset, {}};
    cursor_.next();
    if (is_assignment(cursor_.peek())) cursor_.refuse_token(k_value);
    call.arguments = arguments();
    return call;
}

Expression ExpressionParser::primary() {
    switch (cursor_.peek().kind) {
        case Kind::name: return name();
        case Kind::keyword: return keyword();
        case Kind::punctuation: return punctuation();
        case Kind::string: return string();
        case Kind::regex: return regex();
        case Kind::words: return words(Expression::Kind::string);
        case Kind::symbols: return words(Expression::Kind::symbol);
        case Kind::integer: return literal(Expression::Kind::integer);
        case Kind::floating: return literal(Expression::Kind::floating);
        case Kind::symbol: {
            Expression symbol = literal(Expression::Kind::symbol);
            symbol.word.clear();
            append_pieces(symbol.pieces, *cursor_.previous());
            return symbol;
        }
        case Kind::end:
        case Kind::newline:
        case Kind::constant:
        case Kind::label:
        case Kind::refused: break;
    }
    cursor_.refuse_token(k_value);
}

Expression ExpressionParser::literal(Expression::Kind kind) {
    const Token& token = cursor_.next();
    return {.kind = kind, .offset = token.offset, .word = token.text};
}

Expression ExpressionParser::name() {
    if (scope_.read(cursor_.peek().text)) return literal(Expression::Kind::variable);
    if (cursor_.peek().text == "lambda" || cursor_.peek().text == "proc") {
        problems().refuse_construct(cursor_.peek().offset, "a lambda");
    }
    Expression call = literal(Expression::Kind::call);
    call.has_arguments = cursor_.at_punctuation("(") || arguments_begin();
    call.items = arguments();
    return call;
}

Expression ExpressionParser::keyword() {
    const std::string& word = cursor_.peek().text;
    if (word == "nil") return literal(Expression::Kind::nil);
    if (word == "true" || word == "false") return literal(Expression::Kind::boolean);
    cursor_.refuse_token(k_value);
}

Expression ExpressionParser::punctuation() {
    if (cursor_.at_punctuation("[")) return array();
    if (cursor_.at_punctuation("{")) return hash();
    if (cursor_.at_punctuation("(")) return parentheses();
    cursor_.refuse_token(k_value);
}

std::size_t ExpressionParser::open(const std::string& bracket) {
    const std::size_t start = cursor_.peek().offset;
    cursor_.take_punctuation(bracket);
    ++scope_.open_brackets;
    cursor_.skip_line_ends();
    return start;
}

void ExpressionParser::close(std::size_t start, const std::string& opening, const std::string& closing) {
    cursor_.skip_line_ends();
    if (cursor_.at_punctuation(",")) {
        problems().refuse(cursor_.peek().offset, "a comma cannot begin a line",
                          "it stands at the end of the line before");
    }
    if (!cursor_.take_punctuation(closing)) cursor_.refuse_unclosed(start, opening, closing);
    --scope_.open_brackets;
}

Expression ExpressionParser::parentheses() {
    const Deeper deeper(scope_, problems(), cursor_.peek().offset);
    const std::size_t start = open("(");
    Expression inner = expression();
    close(start, "(", ")");
    return inner;
}

Expression ExpressionParser::array() {
    Expression result{.kind = Expression::Kind::array, .offset = cursor_.peek().offset};
    result.items = list("[", "]");
    return result;
}

Expression ExpressionParser::hash() {
    const Deeper deeper(scope_, problems(), cursor_.peek().offset);
    Expression result{.kind = Expression::Kind::hash, .offset = cursor_.peek().offset};
    const std::size_t start = open("{");
    std::vector<Expression> values;
    while (!cursor_.at_punctuation("}")) {
        element(values, result);
        if (!values.empty()) cursor_.refuse_token("`=>`");
        if (!cursor_.take_punctuation(",")) break;
        cursor_.skip_line_ends();
    }
    close(start, "{", "}");
    return result;
}

std::vector<Expression> ExpressionParser::list(const std::string& opening, const std::string& closing) {
    const Deeper deeper(scope_, problems(), cursor_.peek().offset);
    const std::size_t start = open(opening);
    std::vector<Expression> values;
    Expression options{.kind = Expression::Kind::hash};
    while (!cursor_.at_punctuation(closing)) {
        element(values, options);
        if (!cursor_.take_punctuation(",")) break;
        cursor_.skip_line_ends();
    }
    close(start, opening, closing);
    append_options(values, std::move(options));
    return values;
}

std::vector<Expression> ExpressionParser::bare_list() {
    const Deeper deeper(scope_, problems(), cursor_.peek().offset);
    std::vector<Expression> values;
    Expression options{.kind = Expression::Kind::hash};
    do {
        element(values, options);
    } while (cursor_.take_punctuation(","));
    append_options(values, std::move(options));
    return values;
}

/// A value, or a pair of the hash that stands without braces behind the values.
void ExpressionParser::element(std::vector<Expression>& values, Expression& options) {
    if (cursor_.at(Kind::label)) {
        options.pairs.push_back(labeled_pair());
    } else {
        Expression value = expression();
        if (cursor_.take_punctuation("=>")) {
            Expression second = expression();
            options.pairs.push_back({std::move(value), std::move(second)});
        } else if (!options.pairs.empty()) {
            problems().refuse(value.offset, "a value cannot stand behind `key => value` pairs");
        } else {
            values.push_back(std::move(value));
        }
    }
}

Pair ExpressionParser::labeled_pair() {
    const Token& label = cursor_.next();
    Expression key{.kind = Expression::Kind::symbol, .offset = label.offset};
    append_pieces(key.pieces, label);
    return {std::move(key), expression()};
}

bool ExpressionParser::arguments_begin() const {
    const Token& token = cursor_.peek();
    switch (token.kind) {
        case Kind::end:
        case Kind::newline: return false;
        case Kind::keyword:
            return token.text == "nil" || token.text == "true" || token.text == "false" ||
                   token.text == "self";
        case Kind::punctuation:
            return token.text == "(" ? token.after_space : token.begins && token.text != "{";
        case Kind::name:
        case Kind::constant:
        case Kind::label:
        case Kind::string:
        case Kind::symbol:
        case Kind::regex:
        case Kind::words:
        case Kind::symbols:
        case Kind::integer:
        case Kind::floating:
        case Kind::refused: return true;
    }
    return false;
}

std::vector<Expression> ExpressionParser::arguments() {
    if (cursor_.at_punctuation("(") && !cursor_.peek().after_space) return list("(", ")");
    if (arguments_begin()) return bare_list();
    return {};
}

Expression ExpressionParser::string() {
    Expression result{.kind = Expression::Kind::string, .offset = cursor_.peek().offset};
    while (cursor_.at(Kind::string))
        append_pieces(result.pieces, cursor_.next());
    return result;
}

Expression ExpressionParser::regex() {
    const Token& token = cursor_.peek();
    const std::size_t unknown = token.text.find_first_not_of("imxo");
    if (unknown != std::string::npos) {
        problems().refuse(token.offset, "the flag `" + token.text.substr(unknown, 1) +
                                            "` of a regular expression is not read here");
    }
    Expression result{.kind = Expression::Kind::regex, .offset = token.offset, .word = token.text};
    append_pieces(result.pieces, cursor_.next());
    return result;
}

/// %w[a b] and %i[a b]
Expression ExpressionParser::words(Expression::Kind kind) {
    const Token& token = cursor_.next();
    Expression result{.kind = Expression::Kind::array, .offset = token.offset};
    for (const Segment& segment : token.segments) {
        Expression word{.kind = kind, .offset = segment.offset};
        word.pieces.push_back({segment.text, {}});
        result.items.push_back(std::move(word));
    }
    return result;
}

void ExpressionParser::append_pieces(std::vector<Piece>& pieces, const Token& token) {
    for (const Segment& segment : token.segments)
        pieces.push_back(segment.code.empty() ? Piece{segment.text, {}} : code_piece(segment));
}

Piece ExpressionParser::code_piece(const Segment& segment) {
    const Deeper deeper(scope_, problems(), segment.offset);
    Cursor code(segment.code, true, problems());
    Piece piece;
    code.skip_line_ends();
    if (code.at(Kind::end)) return piece;
    const std::size_t open_brackets = scope_.open_brackets;
    try {
        piece.code.push_back(ExpressionParser(code, scope_).expression());
        code.skip_line_ends();
        if (!code.at(Kind::end)) code.refuse_token("`}`");
    } catch (const Refused&) {
        scope_.open_brackets = open_brackets;
        throw;
    }
    return piece;
}

}  // namespace hocket::ddl_compiler::ruby
