#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/token.h"

namespace hocket::ddl_compiler::ruby {

/// Of a string whose closing quote is missing, as far as it shows.
inline const std::string k_open_string = "this string has no end on its line; it goes on to the next quote";

struct Tokens {
    std::vector<Token> tokens;  ///< the last one is of kind end
    bool is_complete = true;    ///< false: the rest of the source could not be read, and the problems say why
};

/// Splits Ruby source into tokens. An end of line after an operator, a comma or an open bracket is no token, nor is one
/// before a line that begins with `.name`. Total and linear: any bytes give tokens.
Tokens tokenize(std::string_view source, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
