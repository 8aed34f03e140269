#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/regex.h"
#include "core/base/result.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// The methods of values that are read: capitalize, upcase, downcase, to_s, to_sym, sub, gsub, tr, strip, chomp.
class Methods {
public:
    /// The result stands where the receiver does.
    /// Errors: usage, for any other method, for values that Ruby's own would refuse, and for what it would make of a text
    ///         that is too long or not ASCII.
    Result<Value> call(const Value& receiver, const std::string& name, const std::vector<Value>& arguments);

    /// What may help with a method of that name; empty when it is one of ours.
    static std::string hint(const std::string& name);

private:
    struct Searched {
        Regex regex;
        bool has_line_start;  ///< see Pattern
    };

    Result<std::string> substitute(const std::string& name, const std::string& text,
                                   const std::vector<Value>& arguments);
    Result<Searched> compile(const Value& pattern);

    std::map<std::string, Regex> compiled_;  ///< a loop meets the same pattern again and again
};

}  // namespace hocket::ddl_compiler::ruby
