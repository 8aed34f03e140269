#pragma once

#include <string>
#include <vector>

#include "core/ddl/model.h"

namespace hocket::ddl {

/// What a person reads about an agent: who made it, how it runs, and its actions. Plain text that ends with a
/// newline; a DDL may come from a node, so its text is escaped for the terminal.
std::string describe(const Agent& agent);

/// The same about one of its actions: inputs with types, limits and defaults, outputs, timeout, safety.
std::string describe(const Agent& agent, const Action& action);

// The words of which such texts are made. They hold what the DDL says as it stands there: whoever shows them escapes them.

/// One thing that is known, and what it is called: "timeout", "30 s".
struct Fact {
    std::string label;
    std::string text;
};

/// Who made it and where it comes from; what is empty is left out.
std::vector<Fact> facts_of(const Metadata& metadata);

/// Who may call it, as a sentence; empty when the rules of each node say all of it.
std::string describe_allow(const Agent& agent);

/// What its calls may do and how long they may take.
std::vector<Fact> facts_of(const Agent& agent, const Action& action);

/// What a value must be beside its type: "must be text that matches ^/", "one of: bytes, 1024".
std::vector<std::string> rules_of(const Input& input);

/// "at most 255 characters"; empty when unlimited.
std::string describe_length(const Input& input);

/// "string, required, at most 255 characters".
std::string describe_limits(const Input& input);

/// "integer", "any type".
std::string describe_type(const Output& output);

/// In the order in which a caller needs them.
std::vector<Input> required_first(std::vector<Input> inputs);

/// What is summed up over all nodes, as a call: "average(used, %d MiB)".
std::string describe(const Aggregate& aggregate);

}  // namespace hocket::ddl
