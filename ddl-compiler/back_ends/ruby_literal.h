#pragma once

#include <string>
#include <string_view>

#include "core/base/json.h"

namespace hocket::ddl_compiler {

/// The text as a Ruby string in double quotes: nothing in it is interpolated, control characters are escapes.
std::string ruby_string(std::string_view text);

/// A name as a symbol: `:path`, `:"1st"`.
std::string ruby_symbol(std::string_view name);

/// Whether the text can be called as a method without a receiver.
bool is_ruby_method(std::string_view text);

/// What the keys of hashes are.
enum class RubyKeys { strings, symbols };

/// Any value as a Ruby literal.
std::string ruby_value(const Json& value, RubyKeys keys);

}  // namespace hocket::ddl_compiler
