#pragma once

#include <vector>

#include "ddl-compiler/ruby/lexer.h"
#include "ddl-compiler/ruby/syntax.h"

namespace hocket::ddl_compiler::ruby {

/// Makes statements of the tokens. A statement that cannot be read is a problem, and left out; the next one is read.
std::vector<Statement> parse(const Tokens& tokens, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
