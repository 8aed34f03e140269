#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// What can be made from a description.
enum class Target {
    json,  ///< the canonical JSON
};

/// Ends with a newline.
std::string emit(const ddl::Agent& agent, Target target);

}  // namespace hocket::ddl_compiler
