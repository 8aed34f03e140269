#pragma once

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// How a plugin is run: as its `run` says, or as it is without one.
struct RunBlock {
    Run run;
    const SourceNode* node = nullptr;  ///< null: there is none
};

/// Problems are in the context's report; what is returned then is incomplete.
RunBlock read_run(Fields& plugin, const Metadata& metadata, ReadContext& context);

/// The keys of a contract with commands that an action may have. (script_reader.cpp)
Script read_script(Fields& fields, ReadContext& context);

/// An argv, whose first element names an executable.
std::vector<std::string> read_command(const SourceNode& argv, const std::string& owner, ReadContext& context);

/// The lock that `exclusive` names; empty if it is absent.
std::string read_lock(Fields& fields, ReadContext& context);

/// Whether the command of an action that has been read fits its inputs, and of contract `script` what it prints its outputs.
/// An error about a key that is not in `fields` stands at that key in `run_fields`, if they are given. (script_check.cpp)
void check_script(const Fields& fields, const Action& action, const Run& run, ReadContext& context,
                  const Fields* run_fields);

/// Whether the program learns of a noop: a command by a place such as {noop?--dry-run}, others by the contract.
/// (script_check.cpp)
bool is_told_of_noop(Contract contract, const std::vector<std::string>& command);

}  // namespace hocket::ddl
