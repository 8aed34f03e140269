#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ddl-compiler/ruby/methods.h"
#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/syntax.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// Nothing more can be expanded; the reason is reported. Never leaves this folder.
struct Exhausted final : std::exception {};

/// Computes expressions. Throws Refused for what has no value, after it is reported.
class Evaluator {
public:
    explicit Evaluator(Problems& problems) : problems_(problems) {}

    Value evaluate(const Expression& expression);

    /// Of `aggregate`: a call such as `summary(:x)` is a value there.
    std::vector<Value> arguments(const std::vector<Expression>& expressions, bool may_be_functions);

    void bind(const std::string& variable, Value value);
    void unbind(std::size_t variables);

    /// In loops every step is counted; the first loop is named when there are too many.
    void enter_loop(std::size_t offset) { loops_.push_back(offset); }
    void leave_loop() { loops_.pop_back(); }
    void count_step() { count(loops_.empty() ? 0 : 1); }

private:
    struct Variable {
        std::string name;
        Value value;
    };

    Value text(const Expression& expression, Value::Kind kind);
    Value array(const Expression& expression);
    Value hash(const Expression& expression);
    Value variable(const Expression& expression);
    Value call(const Expression& expression);
    Value function(const Expression& expression);
    Value responds(const Expression& expression);
    Value prefix(const Expression& expression);
    Value infix(const Expression& expression);
    Value junction(const Expression& expression);
    Value chain(const Expression& expression);
    void count(std::size_t values);
    void count_text(const std::string& text);

    template <class T>
    T value_or_refuse(Result<T> result, std::size_t offset);

    Problems& problems_;
    Methods methods_;
    std::vector<Variable> variables_;
    std::vector<std::size_t> loops_;
    std::size_t counted_ = 0;
};

}  // namespace hocket::ddl_compiler::ruby
