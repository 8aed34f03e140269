#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"

namespace hocket::ddl_compiler::ruby {

/// Why an expression or a pattern is not read.
inline Error refusal(std::string message) {
    return Error{ErrorCode::usage, std::move(message), {}};
}

}  // namespace hocket::ddl_compiler::ruby
