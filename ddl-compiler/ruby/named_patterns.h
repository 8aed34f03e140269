#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ddl/named_validators.h"

namespace hocket::ddl_compiler::ruby {

/// Validators of ours that MCollective has no name for, as patterns of Ruby without slashes around: the back end writes them,
/// and the front end knows them again, since RE2 could not take them. Nothing for any other validator.
std::optional<std::string> named_pattern(ddl::Validator validator);

/// The validator's name.
std::optional<std::string_view> validator_of_pattern(std::string_view pattern);

}  // namespace hocket::ddl_compiler::ruby
