#pragma once

#include <string>
#include <string_view>

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

// An action of contract `nagios` may be a line: its name and its command (spec/ddl.md, monitoring plugins). What the contract
// makes plain is added.

/// Adds an input for each place of the command that has none, and the outputs that every plugin has. An output that is
/// declared with a type that the contract does not give it is reported.
void complete_plugin_action(const Fields& fields, Action& action, const Run& run, ReadContext& context);

/// Unless the action says it itself: "Runs check_load".
std::string description_of_plugin(const Action& action, const Run& run);

/// Unless the action has aggregates of its own: how many nodes are in which state.
Aggregate summary_of_states();

/// The output that takes a measurement: its label in lower case, with _ between its words of letters and digits. "/var/lib"
/// is var_lib; empty, if there is no word.
std::string output_name_of(std::string_view label);

}  // namespace hocket::ddl
