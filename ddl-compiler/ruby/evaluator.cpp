#include "ddl-compiler/ruby/evaluator.h"

#include <algorithm>
#include <unordered_map>

#include "ddl-compiler/ruby/limits.h"
#include "ddl-compiler/ruby/operators.h"
#include "ddl-compiler/ruby/words.h"

namespace hocket::ddl_compiler::ruby {

namespace {

/// Words that only a description of something else than an agent has: whether they are there depends on the file.
bool is_of_another_kind(std::string_view word) {
    return word == "dataquery" || word == "discovery" || word == "capabilities";
}

}  // namespace

template <class T>
T Evaluator::value_or_refuse(Result<T> result, std::size_t offset) {
    if (!result) problems_.refuse(offset, result.error().message);
    return std::move(*result);
}

void Evaluator::bind(const std::string& variable, Value value) {
    variables_.push_back({variable, std::move(value)});
}

void Evaluator::unbind(std::size_t variables) {
    variables_.resize(variables_.size() - variables);
}

void Evaluator::count(std::size_t values) {
    counted_ += values;
    if (counted_ <= k_max_expanded) return;
    const std::string limit = std::to_string(k_max_expanded);
    problems_.leave_out(loops_.empty() ? 0 : loops_.front(),
                        loops_.empty()
                            ? "the methods of this file make more than " + limit + " values of text"
                            : "this loop expands to more than " + limit + " values");
    throw Exhausted();
}

void Evaluator::count_text(const std::string& text) {
    if (!loops_.empty()) count(text.size() / k_bytes_per_value);
}

Value Evaluator::evaluate(const Expression& expression) {
    using Kind = Expression::Kind;
    count_step();
    Value value{.offset = expression.offset};
    switch (expression.kind) {
        case Kind::nil: return value;
        case Kind::boolean:
            value.kind = Value::Kind::boolean;
            value.truth = expression.word == "true";
            return value;
        case Kind::integer:
            value.kind = Value::Kind::integer;
            value.integer = value_or_refuse(integer_from(expression.word), expression.offset);
            return value;
        case Kind::floating:
            value.kind = Value::Kind::floating;
            value.floating = value_or_refuse(float_from(expression.word), expression.offset);
            return value;
        case Kind::string: return text(expression, Value::Kind::string);
        case Kind::symbol: return text(expression, Value::Kind::symbol);
        case Kind::regex: return text(expression, Value::Kind::regex);
        case Kind::array: return array(expression);
        case Kind::hash: return hash(expression);
        case Kind::variable: return variable(expression);
        case Kind::call: return call(expression);
        case Kind::prefix: return prefix(expression);
        case Kind::infix: return infix(expression);
        case Kind::chain: return chain(expression);
    }
    return value;
}

std::vector<Value> Evaluator::arguments(const std::vector<Expression>& expressions, bool may_be_functions) {
    std::vector<Value> values;
    for (const Expression& expression : expressions) {
        const bool is_function = may_be_functions && expression.kind == Expression::Kind::call;
        values.push_back(is_function ? function(expression) : evaluate(expression));
    }
    return values;
}

Value Evaluator::text(const Expression& expression, Value::Kind kind) {
    Value value{.kind = kind, .offset = expression.offset, .flags = expression.word};
    for (const Piece& piece : expression.pieces) {
        value.text += piece.text;
        if (piece.code.empty()) continue;
        const Value inner = evaluate(piece.code.front());
        const std::optional<std::string> inner_text = to_text(inner);
        if (!inner_text)
            problems_.refuse(inner.offset, describe(inner) + " inside of a text is not read here");
        value.text += *inner_text;
        count_text(*inner_text);
    }
    count_text(value.text);
    return value;
}

Value Evaluator::array(const Expression& expression) {
    Value value{.kind = Value::Kind::array, .offset = expression.offset};
    for (const Expression& item : expression.items)
        value.items.push_back(evaluate(item));
    return value;
}

Value Evaluator::hash(const Expression& expression) {
    Value value{.kind = Value::Kind::hash, .offset = expression.offset};
    std::unordered_map<std::string, std::size_t> seen;
    for (const Pair& pair : expression.pairs) {
        Value key = evaluate(pair.key);
        if (!key.is_text()) {
            problems_.refuse(key.offset, "a key must be a symbol or a string, not " + describe(key));
        }
        const auto [first, is_new] = seen.emplace(key.text, key.offset);
        if (!is_new) {
            problems_.refuse(key.offset,
                             "the key '" + key.text + "' stands twice; in Ruby the last one counts", {},
                             {{first->second, "the first one is here"}});
        }
        value.pairs.push_back({std::move(key), evaluate(pair.value)});
    }
    return value;
}

Value Evaluator::variable(const Expression& expression) {
    const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                    [&](const Variable& bound) { return bound.name == expression.word; });
    // The parser knows the variables of each block, and a block is entered with all of its own.
    if (found == variables_.rend())
        problems_.refuse(expression.offset, "`" + expression.word + "` has no value");
    count(count_values(found->value, k_max_expanded));
    Value value = found->value;
    value.offset = expression.offset;
    return value;
}

Value Evaluator::call(const Expression& expression) {
    if (expression.word == "respond_to?") return responds(expression);
    if (expression.has_arguments) {
        problems_.refuse_construct(expression.offset, "a call of `" + expression.word + "`");
    }
    std::vector<std::string> names;
    for (const Variable& bound : variables_)
        names.push_back(bound.name);
    problems_.refuse(expression.offset, "`" + expression.word + "` is not defined here",
                     ddl::did_you_mean(expression.word, names));
}

Value Evaluator::function(const Expression& expression) {
    count_step();
    Value value{.kind = Value::Kind::function, .offset = expression.offset, .text = expression.word};
    value.items = arguments(expression.items, false);
    return value;
}

/// `respond_to?(:summarize)`, by which descriptions ask for the version of MCollective: all that there ever was is true.
Value Evaluator::responds(const Expression& expression) {
    const std::vector<Value> asked = arguments(expression.items, false);
    const bool is_known = asked.size() == 1 && asked.front().is_text() && is_word(asked.front().text) &&
                          !is_of_another_kind(asked.front().text);
    if (!is_known) {
        problems_.refuse(expression.offset, "`respond_to?` can only ask for a word of descriptions",
                         "respond_to?(:summarize)");
    }
    return {.kind = Value::Kind::boolean, .offset = expression.offset, .truth = true};
}

Value Evaluator::prefix(const Expression& expression) {
    const Value operand = evaluate(expression.items.front());
    if (expression.word == "!") {
        return {.kind = Value::Kind::boolean, .offset = expression.offset, .truth = !operand.is_true()};
    }
    Value zero{.kind = Value::Kind::integer, .offset = expression.offset};
    return value_or_refuse(apply(expression.word, std::move(zero), operand), expression.offset);
}

Value Evaluator::infix(const Expression& expression) {
    const std::string& first = expression.operators.front();
    if (first == "&&" || first == "||") return junction(expression);
    Value value = evaluate(expression.items.front());
    for (std::size_t i = 0; i < expression.operators.size(); ++i) {
        const Value right = evaluate(expression.items[i + 1]);
        value = value_or_refuse(apply(expression.operators[i], std::move(value), right), right.offset);
    }
    count_text(value.text);
    return value;
}

/// The first operand that decides, as in Ruby.
Value Evaluator::junction(const Expression& expression) {
    const bool decides = expression.operators.front() == "||";
    for (std::size_t i = 0; i + 1 < expression.items.size(); ++i) {
        Value value = evaluate(expression.items[i]);
        if (value.is_true() == decides) return value;
    }
    return evaluate(expression.items.back());
}

Value Evaluator::chain(const Expression& expression) {
    Value value = evaluate(expression.items.front());
    for (const MethodCall& method : expression.calls) {
        const std::vector<Value> values = arguments(method.arguments, false);
        Result<Value> result = methods_.call(value, method.name, values);
        if (!result) {
            problems_.refuse(method.offset, result.error().message, Methods::hint(method.name));
        }
        value = std::move(*result);
        count(1 + value.text.size() / k_bytes_per_value);
    }
    return value;
}

}  // namespace hocket::ddl_compiler::ruby
