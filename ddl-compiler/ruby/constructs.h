#pragma once

#include <optional>
#include <string>

#include "ddl-compiler/ruby/token.h"

namespace hocket::ddl_compiler::ruby {

/// What has no place in a description, in words: "an assignment", and what to write instead.
struct Construct {
    std::string name;
    std::string hint;
};

/// What the token is, or is a part of, where it does not fit; nothing when it is only at a wrong place.
std::optional<Construct> construct_of(const Token& token);

bool is_assignment(const Token& token);

}  // namespace hocket::ddl_compiler::ruby
