#include "ddl-compiler/back_ends/cpp_action.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/ddl/value_check.h"
#include "ddl-compiler/back_ends/cpp_names.h"

namespace hocket::ddl_compiler {

namespace {

/// What no action, enumeration or member can be called.
const std::set<std::string> k_taken = {"Inputs", "Json", "Outputs"};

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
    std::vector<std::string> names;
    for (const Named& one : all)
        names.push_back(one.name);
    return names;
}

// ---- enumerations

bool is_list_of_strings(const ddl::Input& input) {
    return input.type == ddl::Type::list && !input.list.empty() &&
           std::all_of(input.list.begin(), input.list.end(),
                       [](const Json& value) { return value.is_string(); });
}

std::vector<CppEnumerator> enumerators_of(const std::vector<Json>& list) {
    std::vector<std::string> words;
    for (const std::string& word : ddl::text_forms(list)) {
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
    const std::vector<std::string> identifiers = cpp_names(words, Spelling::as_written);
    std::vector<CppEnumerator> enumerators;
    for (std::size_t i = 0; i < words.size(); ++i)
        enumerators.push_back({words[i], identifiers[i]});
    return enumerators;
}

std::vector<CppEnumeration> enumerations_of(const ddl::Action& action, const std::string& action_identifier) {
    std::vector<ddl::Input> lists;
    std::copy_if(action.inputs.begin(), action.inputs.end(), std::back_inserter(lists), is_list_of_strings);
    std::set<std::string> taken = k_taken;
    taken.insert(action_identifier);
    const std::vector<std::string> identifiers = cpp_names(names_of(lists), Spelling::type, taken);
    std::vector<CppEnumeration> enumerations;
    for (std::size_t i = 0; i < lists.size(); ++i)
        enumerations.push_back({lists[i].name, identifiers[i], enumerators_of(lists[i].list)});
    return enumerations;
}

std::set<std::string> taken_by(const std::vector<CppEnumeration>& enumerations) {
    std::set<std::string> taken = k_taken;
    for (const CppEnumeration& enumeration : enumerations)
        taken.insert(enumeration.identifier);
    return taken;
}

// ---- members

std::string cpp_type(std::optional<ddl::Type> type) {
    switch (type.value_or(ddl::Type::hash)) {
        case ddl::Type::string: return "std::string";
        case ddl::Type::integer: return "std::int64_t";
        case ddl::Type::floating: return "double";
        case ddl::Type::number: return "client::Number";
        case ddl::Type::boolean: return "bool";
        case ddl::Type::list:
        case ddl::Type::array:
        case ddl::Type::hash:
        case ddl::Type::any: break;
    }
    return "Json";
}

std::string cpp_type(const ddl::Input& input, const std::vector<CppEnumeration>& enumerations) {
    for (const CppEnumeration& enumeration : enumerations) {
        if (enumeration.input == input.name) return enumeration.identifier;
    }
    return cpp_type(input.type);
}

/// Which kind of JSON it is; a list may hold anything but these two.
std::optional<ddl::Type> json_type(std::optional<ddl::Type> type) {
    return type == ddl::Type::array || type == ddl::Type::hash ? type : std::nullopt;
}

std::string comment_of(const CppMember& member, const std::string& description,
                       const std::vector<std::string>& limits) {
    std::string text = description;
    if (!limits.empty()) text += "\n(" + join(limits, "; ") + ")";
    if (member.identifier != member.name) text += "\nIts name is '" + member.name + "'.";
    return text;
}

/// What there is to know besides the type in C++.
std::vector<std::string> limits_of(const ddl::Input& input) {
    std::vector<std::string> limits;
    if (json_type(input.type)) limits.emplace_back(to_string(input.type));
    const bool is_open_list = !input.list.empty() && !is_list_of_strings(input);
    if (is_open_list) limits.push_back("one of " + join(ddl::text_forms(input.list), ", "));
    if (!input.validation.text().empty()) limits.push_back(input.validation.describe());
    if (input.maxlength != 0) limits.push_back("at most " + std::to_string(input.maxlength) + " characters");
    if (input.sensitive) limits.emplace_back("sensitive");
    if (input.default_value) limits.push_back("default: " + ddl::show_value(*input.default_value, false));
    return limits;
}

std::vector<std::string> limits_of(const ddl::Output& output) {
    std::vector<std::string> limits;
    if (!output.type) limits.emplace_back("any type");
    if (json_type(output.type)) limits.emplace_back(to_string(*output.type));
    if (output.sensitive) limits.emplace_back("sensitive");
    return limits;
}

std::vector<CppMember> inputs_of(const ddl::Action& action, const std::vector<CppEnumeration>& enumerations) {
    const std::vector<std::string> identifiers =
        cpp_names(names_of(action.inputs), Spelling::as_written, taken_by(enumerations));
    std::vector<CppMember> members;
    for (std::size_t i = 0; i < action.inputs.size(); ++i) {
        const ddl::Input& input = action.inputs[i];
        CppMember member{.name = input.name,
                         .identifier = identifiers[i],
                         .type = cpp_type(input, enumerations),
                         .is_optional = !input.is_required(),
                         .json_type = json_type(input.type),
                         .comment = {}};
        member.comment = comment_of(member, input.description, limits_of(input));
        members.push_back(std::move(member));
    }
    std::stable_partition(members.begin(), members.end(),
                          [](const CppMember& member) { return !member.is_optional; });
    return members;
}

std::vector<CppMember> outputs_of(const ddl::Action& action) {
    const std::vector<std::string> identifiers =
        cpp_names(names_of(action.outputs), Spelling::as_written, k_taken);
    std::vector<CppMember> members;
    for (std::size_t i = 0; i < action.outputs.size(); ++i) {
        const ddl::Output& output = action.outputs[i];
        CppMember member{.name = output.name,
                         .identifier = identifiers[i],
                         .type = cpp_type(output.type),
                         .is_optional = true,
                         .json_type = json_type(output.type),
                         .comment = {}};
        member.comment = comment_of(member, output.description, limits_of(output));
        members.push_back(std::move(member));
    }
    return members;
}

}  // namespace

std::vector<CppAction> cpp_actions(const ddl::Agent& agent) {
    const std::vector<std::string> identifiers = cpp_names(names_of(agent.actions), Spelling::type, k_taken);
    std::vector<CppAction> actions;
    for (std::size_t i = 0; i < agent.actions.size(); ++i) {
        const ddl::Action& action = agent.actions[i];
        std::vector<CppEnumeration> enumerations = enumerations_of(action, identifiers[i]);
        std::vector<CppMember> inputs = inputs_of(action, enumerations);
        actions.push_back({identifiers[i], std::move(enumerations), std::move(inputs), outputs_of(action)});
    }
    return actions;
}

}  // namespace hocket::ddl_compiler
