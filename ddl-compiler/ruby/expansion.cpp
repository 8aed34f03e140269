#include "ddl-compiler/ruby/expansion.h"

#include <algorithm>

#include "ddl-compiler/ruby/evaluator.h"
#include "ddl-compiler/ruby/words.h"

namespace hocket::ddl_compiler::ruby {

namespace {

/// What one round of a loop binds to the variables.
using Round = std::vector<Value>;

/// Ruby's rule for an element and several variables: an array is divided, anything else is the first one.
Round divide(Value element, std::size_t variables) {
    Round round;
    if (element.kind == Value::Kind::array && variables > 1) {
        round = std::move(element.items);
    } else {
        round.push_back(std::move(element));
    }
    round.resize(variables);
    return round;
}

Value pair_value(ValuePair pair) {
    Value value{.kind = Value::Kind::array, .offset = pair.key.offset};
    value.items.push_back(std::move(pair.key));
    value.items.push_back(std::move(pair.value));
    return value;
}

class Expansion {
public:
    explicit Expansion(Problems& problems) : problems_(problems), evaluator_(problems) {}

    std::vector<Call> run(const std::vector<Statement>& statements) {
        std::vector<Call> calls;
        try {
            expand_all(statements, "", calls);
        } catch (const Exhausted&) {
            calls.clear();
        }
        return calls;
    }

private:
    void expand_all(const std::vector<Statement>& statements, const std::string& place,
                    std::vector<Call>& into) {
        for (const Statement& statement : statements) {
            try {
                expand_one(statement, place, into);
            } catch (const Refused&) {
                continue;
            }
        }
    }

    void expand_one(const Statement& statement, const std::string& place, std::vector<Call>& into) {
        evaluator_.count_step();
        switch (statement.kind) {
            case Statement::Kind::call: return expand_call(statement, place, into);
            case Statement::Kind::loop: return expand_loop(statement, place, into);
            case Statement::Kind::condition: return expand_condition(statement, place, into);
        }
    }

    void expand_call(const Statement& statement, const std::string& place, std::vector<Call>& into) {
        if (!is_word(statement.name)) refuse_call(statement, place);
        Call call{statement.name, statement.offset, {}, statement.has_block, {}};
        try {
            call.arguments = evaluator_.arguments(statement.arguments, statement.name == "aggregate");
        } catch (const Refused&) {
            expand_all(statement.body, statement.name, call.body);  // for the problems in it
            throw;
        }
        expand_all(statement.body, statement.name, call.body);
        into.push_back(std::move(call));
    }

    [[noreturn]] void refuse_call(const Statement& statement, const std::string& place) {
        if (place == "summarize") {
            problems_.refuse(statement.offset, "`" + statement.name + "` alone summarizes nothing",
                             "write `aggregate` before it: aggregate " + statement.name + "(:output)");
        }
        const bool loads_code = statement.name == "require";  // and nobody meant `requires`
        problems_.refuse_construct(statement.offset, "a call of `" + statement.name + "`",
                                   loads_code ? "" : ddl::did_you_mean(statement.name, word_names()));
    }

    void expand_condition(const Statement& statement, const std::string& place, std::vector<Call>& into) {
        for (const Branch& branch : statement.branches) {
            const bool holds = branch.condition.empty() ||
                               evaluator_.evaluate(branch.condition.front()).is_true() != branch.is_negated;
            if (holds) return expand_all(branch.body, place, into);
        }
    }

    void expand_loop(const Statement& statement, const std::string& place, std::vector<Call>& into) {
        Value over = evaluator_.evaluate(statement.arguments.front());
        evaluator_.enter_loop(statement.offset);
        const std::size_t variables = statement.variables.size();
        for (Value& element : elements_of(std::move(over), variables)) {
            Round round = divide(std::move(element), variables);
            for (std::size_t i = 0; i < variables; ++i)
                evaluator_.bind(statement.variables[i], std::move(round[i]));
            expand_all(statement.body, place, into);
            evaluator_.unbind(variables);
        }
        evaluator_.leave_loop();
    }

    std::vector<Value> elements_of(Value over, std::size_t variables) {
        // `[:a => 'x', :b => 'y'].each do |id, name|` is found in public descriptions: the hash is meant.
        const bool is_hash_in_array = over.kind == Value::Kind::array && variables > 1 &&
                                      over.items.size() == 1 && over.items.front().kind == Value::Kind::hash;
        if (is_hash_in_array) over = Value(std::move(over.items.front()));
        if (over.kind == Value::Kind::array) return std::move(over.items);
        if (over.kind != Value::Kind::hash) {
            problems_.refuse(over.offset, "`each` goes over an array or a hash, not over " + describe(over));
        }
        std::vector<Value> pairs;
        for (ValuePair& pair : over.pairs)
            pairs.push_back(pair_value(std::move(pair)));
        return pairs;
    }

    Problems& problems_;
    Evaluator evaluator_;
};

}  // namespace

std::vector<Call> expand(const std::vector<Statement>& statements, Problems& problems) {
    return Expansion(problems).run(statements);
}

}  // namespace hocket::ddl_compiler::ruby
