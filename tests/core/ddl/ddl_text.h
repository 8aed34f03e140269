#pragma once

#include <string>
#include <string_view>

#include "core/ddl/model.h"
#include "core/ddl/reader.h"

namespace hocket::ddl {

/// YAML of an agent `sample` with one action `act`: its inputs and outputs are lines such as
/// "path: {prompt: p, description: d, type: string, maxlength: 8}", further keys of the action lines such as
/// "timeout: 5".
std::string yaml_agent(std::string_view inputs, std::string_view outputs = "",
                       std::string_view action_keys = "");

/// The same as Choria writes it: JSON without `run`; inputs and outputs are members of a JSON object.
std::string choria_agent(std::string_view inputs, std::string_view outputs = "",
                         std::string_view action_keys = "");

/// Reads what must be readable; the test fails otherwise, with the diagnostics.
Loaded load_yaml(const std::string& text);
Loaded load_json(const std::string& text);

/// The action `act` of yaml_agent(inputs, outputs).
Action action_with(std::string_view inputs, std::string_view outputs = "");

/// An input `x` of that type, with further keys such as ", maxlength: 8".
Input input_of(std::string_view type, std::string_view keys = "");

/// The diagnostics of what must not be readable.
std::string refusal_of_yaml(const std::string& text);
std::string refusal_of_json(const std::string& text);

/// Every warning, as it is printed.
std::string warnings_of(const Loaded& loaded);

}  // namespace hocket::ddl
