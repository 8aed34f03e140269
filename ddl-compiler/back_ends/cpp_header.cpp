#include "ddl-compiler/back_ends/cpp_header.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/ddl/writer.h"
#include "ddl-compiler/back_ends/cpp_action.h"
#include "ddl-compiler/back_ends/cpp_names.h"
#include "ddl-compiler/back_ends/cpp_text.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_includes = R"(#pragma once

#include <chrono>
#include <cstdint>
#include <hocket/client.h>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

)";

constexpr std::size_t k_in_action = 4;
constexpr std::size_t k_in_struct = 8;
constexpr std::size_t k_in_switch = 12;

/// One line of code.
std::string line(std::size_t indent, std::string_view code) {
    return std::string(indent, ' ') + std::string(code) + "\n";
}

/// On a line of its own when both do not fit into one.
std::string assignment(std::size_t indent, const std::string& declared, const std::string& value) {
    const std::string whole = declared + " = " + value + ";";
    if (indent + whole.size() <= k_cpp_columns) return line(indent, whole);
    return line(indent, declared + " =") + line(indent + 4, value + ";");
}

std::string enumeration(const CppEnumeration& made) {
    std::string text = line(k_in_action, "enum class " + made.identifier + " {");
    for (const CppEnumerator& each : made.enumerators)
        text += line(k_in_struct, each.identifier + ",");
    text += line(k_in_action, "};");
    text += line(k_in_action, "friend constexpr std::string_view to_string(" + made.identifier + " value) {");
    text += line(k_in_struct, "switch (value) {");
    for (const CppEnumerator& each : made.enumerators) {
        text += line(k_in_switch, "case " + made.identifier + "::" + each.identifier + ": return " +
                                      cpp_literal(each.word) + ";");
    }
    return text + line(k_in_struct, "}") + line(k_in_struct, "return {};") + line(k_in_action, "}") + "\n";
}

std::string member(const CppMember& made) {
    const bool is_bare = made.is_json() || !made.is_optional;
    const std::string type = is_bare ? made.type : "std::optional<" + made.type + ">";
    return cpp_comment(made.comment, k_in_struct) +
           line(k_in_struct, type + " " + made.identifier + (made.is_optional ? " = {};" : ";"));
}

std::string structure(std::string_view name, const std::vector<CppMember>& members) {
    const std::string opening = "struct " + std::string(name) + " {";
    if (members.empty()) return line(k_in_action, opening + "};") + "\n";
    std::string text = line(k_in_action, opening);
    for (const CppMember& each : members)
        text += member(each);
    return text + line(k_in_action, "};") + "\n";
}

std::string field(std::string_view structure, const CppMember& made) {
    std::string text =
        "client::Field{" + cpp_literal(made.name) + ", &" + std::string(structure) + "::" + made.identifier;
    if (made.json_type) text += ", ddl::Type::" + std::string(to_string(*made.json_type));
    return text + "}";
}

/// The table from which the members of a struct become JSON and come from it.
std::string table(std::string_view name, std::string_view structure, const std::vector<CppMember>& members) {
    const std::string declared = "static constexpr std::tuple " + std::string(name);
    if (members.empty()) return line(k_in_action, declared + "{};");
    std::string text = line(k_in_action, declared + "{");
    for (const CppMember& each : members)
        text += line(k_in_struct, field(structure, each) + ",");
    return text + line(k_in_action, "};");
}

std::string traits(const ddl::Agent& agent, const ddl::Action& action) {
    std::string text = line(k_in_action, "static constexpr client::ActionTraits k_action = {");
    const auto set = [&](const std::string& name, const std::string& value) {
        text += line(k_in_struct, "." + name + " = " + value + ",");
    };
    set("agent", "k_agent");
    set("action", cpp_literal(action.name));
    set("ddl_digest", "k_ddl_digest");
    set("timeout", "std::chrono::seconds(" + std::to_string(agent.timeout_s(action)) + ")");
    set("safety", "ddl::Safety::" + std::string(to_string(action.safety)));
    set("noop", action.noop ? "true" : "false");
    set("idempotent", action.idempotent ? "true" : "false");
    set("has_sensitive_fields", action.has_sensitive_fields() ? "true" : "false");
    return text + line(k_in_action, "};") + "\n";
}

std::string action_struct(const ddl::Agent& agent, const ddl::Action& action, const CppAction& made) {
    std::string text = cpp_comment(action.description, 0) + line(0, "struct " + made.identifier + " {");
    text += traits(agent, action);
    for (const CppEnumeration& each : made.enumerations)
        text += enumeration(each);
    text += structure("Inputs", made.inputs) + structure("Outputs", made.outputs);
    text += table("k_inputs", "Inputs", made.inputs) + table("k_outputs", "Outputs", made.outputs);
    return text + "};\n\n";
}

std::string constants(const ddl::Agent& agent) {
    const std::string declared = "inline constexpr std::string_view ";
    return assignment(0, declared + "k_agent", cpp_literal(agent.metadata.name)) +
           assignment(0, declared + "k_version", cpp_literal(agent.metadata.version)) +
           assignment(0, declared + "k_ddl_digest", cpp_literal(ddl::digest(ddl::canonical_json(agent)))) +
           "\n";
}

}  // namespace

std::string write_cpp_header(const ddl::Agent& agent) {
    const std::string name =
        "hocket::agents::" +
        cpp_names({agent.metadata.name}, Spelling::as_written, {"client", "ddl", "hocket", "std"}).front();
    std::string text = "// Made by hocketc from the description of the agent '" + agent.metadata.name +
                       "'. Changes to this file are lost.\n";
    text += k_includes;
    text += cpp_comment(agent.metadata.description, 0) + "namespace " + name + " {\n\n" + constants(agent);
    const std::vector<CppAction> actions = cpp_actions(agent);
    for (std::size_t i = 0; i < actions.size(); ++i)
        text += action_struct(agent, agent.actions[i], actions[i]);
    return text + "}  // namespace " + name + "\n";
}

}  // namespace hocket::ddl_compiler
