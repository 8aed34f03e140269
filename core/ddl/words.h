#pragma once

#include <array>
#include <string_view>

namespace hocket::ddl {

// Each enumeration has the words of spec/ddl.md beside it, in its own order.

/// What is described. `plugin` is any other kind of MCollective, of which only the metadata is known.
enum class Kind { agent, data, discovery, validator, aggregate, plugin };
inline constexpr std::array<std::string_view, 6> k_kind_words = {"agent",     "data",      "discovery",
                                                                 "validator", "aggregate", "plugin"};

/// What a discovery plugin can filter by.
enum class Capability { classes, facts, identity, agents, compound };
inline constexpr std::array<std::string_view, 5> k_capability_words = {"classes", "facts", "identity",
                                                                       "agents", "compound"};

enum class Type { string, integer, floating, number, boolean, list, array, hash, any };
inline constexpr std::array<std::string_view, 9> k_type_words = {
    "string", "integer", "float", "number", "boolean", "list", "array", "hash", "any"};

/// Which replies are shown.
enum class Display { ok, failed, always };
inline constexpr std::array<std::string_view, 3> k_display_words = {"ok", "failed", "always"};

enum class Safety { read_only, changes, destructive };
inline constexpr std::array<std::string_view, 3> k_safety_words = {"read_only", "changes", "destructive"};

enum class Contract { json, script, worker, choria, nagios, bolt };
inline constexpr std::array<std::string_view, 6> k_contract_words = {"json",   "script", "worker",
                                                                     "choria", "nagios", "bolt"};

/// Whether a command of the DDL starts each call, with places for inputs, and each action may have its own.
constexpr bool has_commands(Contract contract) {
    return contract == Contract::script || contract == Contract::nagios || contract == Contract::bolt;
}

/// Which allow rules of a node hold for an agent: all, or those alone that name it, for one that hands out the machine.
enum class Allow { any, by_name };
inline constexpr std::array<std::string_view, 2> k_allow_words = {"any", "by_name"};

/// How a Puppet Bolt task gets its parameters.
enum class InputMethod { both, standard_input, environment };
inline constexpr std::array<std::string_view, 3> k_input_method_words = {"both", "stdin", "environment"};

/// What becomes of processes that outlive the agent's own.
enum class Orphans { kill, keep };
inline constexpr std::array<std::string_view, 2> k_orphans_words = {"kill", "keep"};

/// When a reply leaves: at the agent's exit, or as soon as it closes the reply descriptor.
enum class ReplyWhen { on_exit, on_close };
inline constexpr std::array<std::string_view, 2> k_reply_words = {"on_exit", "on_close"};

/// What a script's stdout becomes.
enum class ResultFormat { text, lines, json, regex };
inline constexpr std::array<std::string_view, 4> k_result_words = {"text", "lines", "json", "regex"};

/// What a script's exit code says. `changed` and `unchanged` are ok, and tell whether something was changed.
enum class ExitMeaning { ok, changed, unchanged, failed };
inline constexpr std::array<std::string_view, 4> k_exit_words = {"ok", "changed", "unchanged", "failed"};

std::string_view to_string(Kind kind);
std::string_view to_string(Capability capability);
std::string_view to_string(Type type);
std::string_view to_string(Display display);
std::string_view to_string(Safety safety);
std::string_view to_string(Contract contract);
std::string_view to_string(Allow allow);
std::string_view to_string(InputMethod method);
std::string_view to_string(Orphans orphans);
std::string_view to_string(ReplyWhen reply);
std::string_view to_string(ResultFormat format);
std::string_view to_string(ExitMeaning meaning);

}  // namespace hocket::ddl
