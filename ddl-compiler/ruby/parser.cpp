#include "ddl-compiler/ruby/parser.h"

#include <algorithm>
#include <initializer_list>

#include "ddl-compiler/ruby/constructs.h"
#include "ddl-compiler/ruby/expression_parser.h"
#include "ddl-compiler/ruby/words.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using Kind = Token::Kind;

const std::string k_loop_hint = "the only loop is […].each do |x| … end";

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Whether an `end` of its own follows.
bool opens_block(const Token& token) {
    if (token.kind != Kind::keyword) return false;
    if (is_one_of(token.text, {"if", "unless", "while", "until"})) return token.begins;
    return is_one_of(token.text, {"do", "def", "class", "module", "begin", "case", "for"});
}

/// A loop whose `do` opens no block besides its own.
bool is_loop(const Token& token) {
    return token.kind == Kind::keyword && is_one_of(token.text, {"while", "until", "for"});
}

class Parser {
public:
    Parser(const Tokens& tokens, Problems& problems)
        : cursor_(tokens.tokens, tokens.is_complete, problems),
          problems_(problems),
          expressions_(cursor_, scope_) {}

    std::vector<Statement> run();

private:
    enum class Else { ends, is_refused };
    struct Block {
        std::vector<std::string> variables;
        std::vector<Statement> body;
    };

    std::vector<Statement> statements(Else at_else);
    void read_one(std::vector<Statement>& into);
    Statement statement();
    Statement command();
    Statement loop();
    Statement condition();
    bool read_branch(Statement& into, const std::string& keyword);
    Expression branch_condition();
    void refuse_too_deep(const Token& opening);
    Block block();
    std::vector<Scope::Variable> parameters();
    void warn_of_unread(std::size_t first, std::size_t errors_before);
    void end_block(const Token& opening, std::size_t errors_before);
    void recover();
    bool recovers_at(std::size_t open_brackets, bool in_braces) const;
    void discard_block();
    void skip_to_end();
    bool statement_ends() const;

    template <class Part>
    bool attempt(Part part);

    Cursor cursor_;
    Problems& problems_;
    Scope scope_;
    ExpressionParser expressions_;
    std::size_t discarding_ = 0;  ///< blocks around this place of which nothing is kept
};

std::vector<Statement> Parser::run() {
    std::vector<Statement> result;
    while (!cursor_.at(Kind::end)) {
        std::vector<Statement> some = statements(Else::is_refused);
        std::move(some.begin(), some.end(), std::back_inserter(result));
        if (!cursor_.at_keyword("end")) continue;
        if (problems_.errors() == 0) {
            problems_.error(cursor_.peek().offset, "this `end` ends nothing",
                            "there is an `end` too many before it, or here");
        }
        cursor_.next();
    }
    return result;
}

/// Up to the `end` around them.
std::vector<Statement> Parser::statements(Else at_else) {
    std::vector<Statement> result;
    for (;;) {
        cursor_.skip_newlines();
        const bool at_branch = cursor_.at_keyword("else") || cursor_.at_keyword("elsif");
        if (cursor_.at(Kind::end) || cursor_.at_keyword("end") || (at_branch && at_else == Else::ends))
            return result;
        read_one(result);
    }
}

void Parser::read_one(std::vector<Statement>& into) {
    try {
        const Token* const first = &cursor_.peek();
        scope_.open_brackets = 0;
        if (cursor_.at_keyword("else") || cursor_.at_keyword("elsif")) {
            cursor_.next();
            problems_.refuse(first->offset, "this `" + first->text + "` has no `if`");
        }
        Statement read = statement();
        if (cursor_.at(Kind::end) && !cursor_.is_complete()) throw Refused();
        if (!statement_ends()) {
            const bool is_value = expressions_.arguments_begin();
            cursor_.refuse_token("the end of the statement", is_value ? "is a comma missing before it?" : "");
        }
        into.push_back(std::move(read));
    } catch (const Refused&) {
        recover();
    }
}

bool Parser::statement_ends() const {
    return cursor_.at(Kind::newline) || cursor_.at(Kind::end) || cursor_.at_keyword("end") ||
           cursor_.at_keyword("else") || cursor_.at_keyword("elsif");
}

Statement Parser::statement() {
    if (cursor_.at_keyword("if") || cursor_.at_keyword("unless")) return condition();
    if (cursor_.at(Kind::name)) {
        const Token& behind = cursor_.peek_behind();
        if (is_assignment(behind)) {
            problems_.refuse_construct(cursor_.peek().offset, "an assignment",
                                       "write the value where it is used");
        }
        const bool is_receiver = behind.kind == Kind::punctuation && is_one_of(behind.text, {".", "&."});
        if (!is_receiver) return command();
    }
    return loop();
}

Statement Parser::command() {
    const Token& name = cursor_.next();
    Statement result{.kind = Statement::Kind::call, .offset = name.offset, .name = name.text};
    result.arguments = expressions_.arguments();
    if (!cursor_.at_keyword("do")) return result;
    const std::size_t start = cursor_.peek().offset;
    Block read = block();
    if (!read.variables.empty()) {
        problems_.refuse(start, "the block of `" + result.name + "` is given no value", k_loop_hint);
    }
    result.has_block = true;
    result.body = std::move(read.body);
    return result;
}

/// `[…].each do |x| … end`; nothing else begins with a value.
Statement Parser::loop() {
    Expression over = expressions_.expression();
    const bool is_chain = over.kind == Expression::Kind::chain;
    const bool is_each = is_chain && over.calls.back().name == "each" && over.calls.back().arguments.empty();
    if (is_chain && !is_each && cursor_.at_keyword("do")) {
        problems_.refuse_construct(over.calls.back().offset,
                                   "a call of `." + over.calls.back().name + "` with a block", k_loop_hint);
    }
    const bool is_pair = cursor_.at_punctuation("=>");
    const bool has_block = cursor_.at_keyword("do");
    if (!statement_ends() && !has_block && !is_pair) cursor_.refuse_token("the end of the statement");
    if (!is_each || !has_block) {
        problems_.refuse(over.offset, "a value alone says nothing",
                         is_pair   ? "is a comma missing at the end of the line before?"
                         : is_each ? k_loop_hint
                                   : std::string());
    }
    over.calls.pop_back();
    Statement result{.kind = Statement::Kind::loop, .offset = over.offset};
    result.arguments.push_back(over.calls.empty() ? std::move(Expression(std::move(over.items.front())))
                                                  : std::move(over));
    Block read = block();
    result.variables = std::move(read.variables);
    result.body = std::move(read.body);
    return result;
}

/// Runs a part of a statement that has a body behind it. When the part is refused, the body is still to be read: skips to
/// where it begins.
template <class Part>
bool Parser::attempt(Part part) {
    try {
        part();
        return true;
    } catch (const Refused&) {
        while (!statement_ends())
            cursor_.next();
        scope_.open_brackets = 0;
        return false;
    }
}

Statement Parser::condition() {
    const Token& opening = cursor_.peek();
    const std::size_t errors_before = problems_.errors();
    refuse_too_deep(opening);
    const Deeper deeper(scope_, problems_, opening.offset);
    Statement result{.kind = Statement::Kind::condition, .offset = opening.offset};
    bool is_whole = read_branch(result, cursor_.next().text);
    const bool is_unless = opening.text == "unless";
    if (is_unless && cursor_.at_keyword("elsif")) cursor_.refuse_token("`else` or `end`");
    while (cursor_.take_keyword("elsif"))
        is_whole = read_branch(result, "elsif") && is_whole;
    if (cursor_.take_keyword("else")) is_whole = read_branch(result, "else") && is_whole;
    end_block(opening, errors_before);
    if (!is_whole) throw Refused();
    return result;
}

/// Behind its keyword. False when its condition cannot be read; its body is read all the same.
bool Parser::read_branch(Statement& into, const std::string& keyword) {
    Branch branch{.condition = {}, .is_negated = keyword == "unless", .body = {}};
    const bool is_whole =
        keyword == "else" || attempt([&] { branch.condition.push_back(branch_condition()); });
    branch.body = statements(Else::ends);
    into.branches.push_back(std::move(branch));
    return is_whole;
}

Expression Parser::branch_condition() {
    Expression condition = expressions_.expression();
    const bool ends = cursor_.at(Kind::newline) || cursor_.at(Kind::end);
    if (!cursor_.take_keyword("then") && !ends) cursor_.refuse_token("the end of the line");
    return condition;
}

/// What opens one level more than there may be is skipped as a whole.
void Parser::refuse_too_deep(const Token& opening) {
    if (scope_.depth < k_max_depth) return;
    problems_.leave_out(opening.offset, k_too_deep);
    skip_to_end();
    throw Refused();
}

/// At its `do`.
Parser::Block Parser::block() {
    const Token& opening = cursor_.peek();
    const std::size_t errors_before = problems_.errors();
    const std::size_t outer = scope_.variables.size();
    refuse_too_deep(opening);
    const Deeper deeper(scope_, problems_, opening.offset);
    cursor_.next();
    Block result;
    const bool is_whole = attempt([&] {
        for (Scope::Variable& variable : parameters()) {
            result.variables.push_back(variable.name);
            scope_.variables.push_back(std::move(variable));
        }
    });
    result.body = statements(Else::is_refused);
    warn_of_unread(outer, errors_before);
    scope_.variables.resize(outer);
    end_block(opening, errors_before);
    if (!is_whole) throw Refused();
    return result;
}

/// `|x, y|`, or nothing.
std::vector<Scope::Variable> Parser::parameters() {
    std::vector<Scope::Variable> variables;
    if (cursor_.take_punctuation("||") || !cursor_.take_punctuation("|")) return variables;
    do {
        if (!cursor_.at(Kind::name)) {
            problems_.refuse_construct(cursor_.peek().offset, "a block variable of that form",
                                       "write their names alone: |x, y|");
        }
        const Token& name = cursor_.next();
        const bool is_unused = name.text.starts_with('_');
        const bool is_taken =
            std::ranges::find(variables, name.text, &Scope::Variable::name) != variables.end();
        if ((is_taken && !is_unused) || name.text.ends_with('?') || name.text.ends_with('!') ||
            is_word(name.text)) {
            problems_.refuse_construct(name.offset, "a block variable of that name",
                                       "give it a name of its own");
        }
        variables.push_back({name.text, name.offset, is_unused});
    } while (cursor_.take_punctuation(","));
    if (!cursor_.take_punctuation("|")) {
        problems_.refuse_construct(cursor_.peek().offset, "a block variable of that form",
                                   "write their names alone: |x, y|");
    }
    return variables;
}

void Parser::warn_of_unread(std::size_t first, std::size_t errors_before) {
    if (problems_.errors() > errors_before || !cursor_.is_complete() || discarding_ > 0) return;
    for (std::size_t i = first; i < scope_.variables.size(); ++i) {
        const Scope::Variable& variable = scope_.variables[i];
        if (variable.is_read) continue;
        problems_.warning(ddl::Warning::unused_variable, variable.offset,
                          "the block variable '" + variable.name + "' is never read");
    }
}

void Parser::end_block(const Token& opening, std::size_t errors_before) {
    if (cursor_.take_keyword("end")) return;
    if (problems_.errors() > errors_before || !cursor_.is_complete()) throw Refused();
    problems_.refuse(opening.offset, "this `" + opening.text + "` has no `end`");
}

/// Goes to the end of a statement that is refused. What its block holds is read all the same, for the problems in it.
void Parser::recover() {
    std::size_t open = std::exchange(scope_.open_brackets, 0);
    bool in_braces = false;
    while (!recovers_at(open, in_braces)) {
        const Token& token = cursor_.peek();
        if (token.kind == Kind::punctuation && is_one_of(token.text, {"(", "[", "{"})) ++open;
        if (token.kind == Kind::punctuation && is_one_of(token.text, {")", "]", "}"}) && open > 0) --open;
        in_braces = in_braces || cursor_.at_punctuation("{");
        if (cursor_.at_keyword("do")) {
            discard_block();
        } else if (opens_block(token)) {
            skip_to_end();
        } else {
            cursor_.next();
        }
    }
}

/// Whether the next statement can be read from here. A bracket without an end does not swallow the lines behind it.
bool Parser::recovers_at(std::size_t open_brackets, bool in_braces) const {
    if (cursor_.at(Kind::end) || cursor_.at_keyword("end")) return true;
    if (open_brackets == 0) return statement_ends();
    const bool is_new_line = cursor_.previous() != nullptr && cursor_.previous()->kind == Kind::newline;
    return is_new_line && !in_braces && cursor_.at(Kind::name) && is_word(cursor_.peek().text);
}

void Parser::discard_block() {
    ++discarding_;
    try {
        static_cast<void>(block());
    } catch (const Refused&) {
        // Whatever is wrong in it is reported, and the block is left out as a whole.
    }
    --discarding_;
}

/// From what opens a block to behind its `end`, without a look at what is in it.
void Parser::skip_to_end() {
    std::size_t open = 0;
    bool is_do_expected = false;
    do {
        const Token& token = cursor_.next();
        if (token.kind == Kind::end) return;
        const bool is_own_do = is_do_expected && token.kind == Kind::keyword && token.text == "do";
        if (opens_block(token) && !is_own_do) ++open;
        if (token.kind == Kind::keyword && token.text == "end") --open;
        is_do_expected = !is_own_do && token.kind != Kind::newline && (is_do_expected || is_loop(token));
    } while (open > 0);
}

}  // namespace

std::vector<Statement> parse(const Tokens& tokens, Problems& problems) {
    return Parser(tokens, problems).run();
}

}  // namespace hocket::ddl_compiler::ruby
