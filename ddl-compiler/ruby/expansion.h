#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/syntax.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// One of the words of a description with its values; `key => value` without braces is a hash, the last argument.
struct Call {
    std::string name;
    std::size_t offset = 0;
    std::vector<Value> arguments;
    bool has_block = false;
    std::vector<Call> body;
};

/// Unrolls the loops, decides the conditions and computes the values. Nothing is run: there are loops over the values of
/// the source alone, and the methods of methods.h.
///
/// Any call but of the words (words.h) is a problem, and so is what would expand to more than k_max_expanded values. A
/// statement with a problem is left out.
std::vector<Call> expand(const std::vector<Statement>& statements, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
