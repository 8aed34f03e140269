#pragma once

#include <string>
#include <vector>

#include "core/ddl/model.h"

namespace hocket::ddl {

/// One rule that a value breaks. The message goes on after the field's name: "must be of type integer, not true".
struct Breach {
    std::string rule;
    std::string message;
};

/// Checks a value against everything that an input asks for, and gives it the input's type where nothing is
/// lost by that: 3.0 becomes the integer 3, 1 the float 1.0. A value that breaks a rule stays as it is.
std::vector<Breach> check_value(const Input& input, Json& value);

/// The same for an output, which has a type at most. Null is the agent's way to say that it has no value: it
/// passes.
std::vector<Breach> check_value(const Output& output, Json& value);

/// The value as messages show it: escaped and cut, `***` when sensitive.
std::string show_value(const Json& value, bool sensitive);

/// A list's value as a person types it: text without quotes.
std::string text_form(const Json& value);

/// The texts of a list's values.
std::vector<std::string> text_forms(const std::vector<Json>& list);

}  // namespace hocket::ddl
