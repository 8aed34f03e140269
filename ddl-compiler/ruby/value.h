#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hocket::ddl_compiler::ruby {

struct ValuePair;

/// A value of Ruby, and where in the source it stands.
struct Value {
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
        function,  ///< `summary(:x)`, which is an argument of `aggregate`
    };

    Kind kind = Kind::nil;
    std::size_t offset = 0;
    bool truth = false;
    std::int64_t integer = 0;
    double floating = 0;
    std::string text = {};          ///< of a string, a symbol and a regex; a function's name
    std::string flags = {};         ///< of a regex
    std::vector<Value> items = {};  ///< of an array; a function's arguments
    std::vector<ValuePair> pairs;   ///< of a hash

    bool is_simple() const { return kind < Kind::regex; }
    bool is_number() const { return kind == Kind::integer || kind == Kind::floating; }
    bool is_text() const { return kind == Kind::string || kind == Kind::symbol; }
    bool is_true() const { return kind != Kind::nil && (kind != Kind::boolean || truth); }
};

struct ValuePair {
    Value key;
    Value value;
};

/// As `==` in Ruby: 1 is 1.0, and :a is not "a". Not for two values that are not simple.
bool equals(const Value& left, const Value& right);

/// What `to_s` gives; nothing for arrays, hashes and others, whose text is for people alone.
std::optional<std::string> to_text(const Value& value);

/// "the string \"abc\"", "the symbol :abc", "an array", "nil".
std::string describe(const Value& value);

/// How many values it is, with what it holds; no more than the limit is counted.
std::size_t count_values(const Value& value, std::size_t limit);

}  // namespace hocket::ddl_compiler::ruby
