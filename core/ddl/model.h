#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/ddl/puppet_type.h"
#include "core/ddl/script.h"
#include "core/ddl/validation.h"
#include "core/ddl/validator_rule.h"
#include "core/ddl/words.h"

namespace hocket::ddl {

/// Where something stands in its source, from 1; the column counts code points. Equal to any other: a DDL
/// means the same wherever it is written.
struct Location {
    std::size_t line = 0;
    std::size_t column = 0;

    bool operator==(const Location&) const { return true; }
};

struct Input {
    std::string name;
    std::string prompt;
    std::string description;
    Type type = Type::string;
    bool optional = false;
    bool sensitive = false;             ///< never printed, logged or put into an environment
    std::optional<Json> default_value;  ///< valid against the input itself; never of a sensitive one
    Validation validation;              ///< of a string
    std::size_t maxlength = 0;          ///< of a string, in code points; 0 is unlimited
    std::vector<Json> list;             ///< the values of a list: strings, numbers, booleans
    PuppetType puppet_type;             ///< besides the type, which has room for all that it accepts
    Location at;

    /// Whether a caller must give it.
    bool is_required() const { return !optional && !default_value; }

    bool operator==(const Input&) const = default;
};

struct Output {
    std::string name;
    std::string description;
    std::string display_as;
    std::optional<Type> type;  ///< never list; unchecked when absent
    bool sensitive = false;
    std::optional<Json> default_value;
    Location at;

    bool operator==(const Output&) const = default;
};

/// A summary that clients make over the replies of all nodes.
struct Aggregate {
    std::string function;
    Json args = Json::array();  ///< the output's name, then what the function takes
    Location at;

    bool operator==(const Aggregate&) const = default;
};

struct Action {
    std::string name;
    std::string description;
    Display display = Display::failed;
    Safety safety = Safety::changes;
    bool noop = false;        ///< can say what it would do without doing it
    bool idempotent = false;  ///< doing it twice is the same as doing it once
    std::optional<int> timeout_s;
    std::string exclusive;                         ///< see Agent::lock_of()
    Script script;                                 ///< what it says itself; see script_of()
    InputMethod input_method = InputMethod::both;  ///< of contract `bolt`
    bool is_private = false;                       ///< for other programs: clients do not list it
    bool any_inputs = false;      ///< beside those that are declared, others may be given, of any value
    std::vector<Input> inputs;    ///< by name
    std::vector<Output> outputs;  ///< by name
    std::vector<Aggregate> aggregates;
    Location at;

    const Input* find_input(std::string_view input) const;
    const Output* find_output(std::string_view output) const;
    bool has_sensitive_inputs() const;
    bool has_sensitive_fields() const;

    bool operator==(const Action&) const = default;
};

struct Metadata {
    std::string name;
    std::string description;
    std::string author;
    std::string license;
    std::string version;
    std::string url;
    std::string provider;  ///< Choria's; empty when absent
    std::string usage;     ///< how to use it, for people: several lines; empty when absent
    int timeout_s = 0;
    Location at;  ///< of the name

    bool operator==(const Metadata&) const = default;
};

/// The processes of contract `worker`: how many, and when one is replaced.
struct Worker {
    int processes = 1;               ///< at a time
    int in_flight = 1;               ///< requests at a time in one of them
    bool fork = false;               ///< each request gets a process of its own, forked from the warm one
    std::int64_t requests = 10'000;  ///< that one serves
    int idle_s = 300;                ///< without a request
    std::int64_t memory_bytes = 256 << 20;  ///< resident, when a request has been answered

    bool operator==(const Worker&) const = default;
};

/// How the agent is executed. What is absent is decided by the node's configuration.
struct Run {
    std::vector<std::string> command;  ///< argv; the first is relative to the agent's folder
    Contract contract = Contract::json;
    Script script;          ///< of contract `script`: what holds for actions that do not say it themselves
    Worker worker;          ///< of contract `worker`
    int standby = 0;        ///< of contract `json`: processes that are started ahead
    std::string exclusive;  ///< the lock that its actions take when they name none; empty: none
    std::optional<int> max_parallel;
    std::optional<std::int64_t> max_output_bytes;
    std::optional<int> grace_s;
    Orphans orphans = Orphans::kill;
    ReplyWhen reply = ReplyWhen::on_exit;
    bool send_stderr = true;  ///< whether the tail of stderr may go to callers

    bool operator==(const Run&) const = default;
};

/// One agent as its DDL describes it (spec/ddl.md). A plain value; every rule of the reader holds for it.
struct Agent {
    Metadata metadata;
    Run run;
    bool has_run = false;  ///< a Choria DDL has no `run` block: outputs that break it are only a warning
    Allow allow = Allow::any;
    std::vector<Action> actions;  ///< by name
    /// Those declared validators that the inputs name, so that whoever gets the DDL knows them too.
    std::map<std::string, ValidatorRule> validators;
    std::string file;

    const Action* find(std::string_view action) const;
    bool has_sensitive_fields() const;
    /// Of contract `script`: what holds for the action, with nothing left open but `standard_input`.
    Script script_of(const Action& action) const;
    /// Of the actions that name the same lock, in whatever agents, one runs at a time on a node. Empty: no lock.
    const std::string& lock_of(const Action& action) const {
        return action.exclusive.empty() ? run.exclusive : action.exclusive;
    }
    int timeout_s(const Action& action) const { return action.timeout_s.value_or(metadata.timeout_s); }

    /// The same meaning, whatever file it came from.
    bool operator==(const Agent& other) const;
};

/// The input of a data plugin, and the action that it has as an agent.
inline constexpr std::string_view k_query = "query";

/// A data plugin: answers one query about the node (spec/ddl.md, data plugins).
struct DataPlugin {
    Metadata metadata;
    Run run;
    bool has_run = false;                             ///< see Agent
    int ttl_s = 0;                                    ///< for so long an answer may be given again
    std::optional<Input> query;                       ///< always named `query`
    std::vector<Output> outputs;                      ///< by name
    std::map<std::string, ValidatorRule> validators;  ///< see Agent
    std::string file;

    /// The agent that a node runs for it: its only action is `query`, with the input `query` if there is one.
    Agent as_agent() const;

    /// The same meaning, whatever file it came from.
    bool operator==(const DataPlugin& other) const;
};

/// A plugin of MCollective of which a description says little but who made it.
struct OtherPlugin {
    Kind kind = Kind::plugin;  ///< discovery, validator, aggregate or plugin
    Metadata metadata;
    std::vector<Capability> capabilities;  ///< of discovery: what it can filter by

    bool operator==(const OtherPlugin&) const = default;
};

using Description = std::variant<Agent, DataPlugin, OtherPlugin>;

Kind kind_of(const Description& description);
const Metadata& metadata_of(const Description& description);

}  // namespace hocket::ddl
