#include "tests/ddl-compiler/ddl_cases.h"

#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "core/ddl/reader.h"
#include "core/ddl/value_check.h"
#include "core/ddl/values.h"
#include "ddl-compiler/back_ends/portable_pattern.h"
#include "ddl-compiler/back_ends/schema.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::size_t k_values_per_ddl = 30;
constexpr std::size_t k_outputs_per_ddl = 12;

using Values = std::vector<Json>;

const Values& plain_values() {
    static const Values all = {
        nullptr,
        true,
        false,
        0,
        1,
        -1,
        2,
        42,
        1.5,
        -0.25,
        3.0,
        1e300,
        9007199254740991,
        INT64_MAX,
        INT64_MIN,
        9.3e18,
        "0",
        "1",
        "true",
        "null",
        Json::array(),
        Json::object(),
        {1, 2},
        {"a"},
        Json{{"a", 1}},
        Json{{"a", nullptr}},
        Json::array({nullptr}),
    };
    return all;
}

const std::vector<std::string>& types() {
    static const std::vector<std::string> all = {"string", "string", "string",  "string", "integer", "float",
                                                 "number", "list",   "boolean", "array",  "hash",    "Hash"};
    return all;
}

std::string any_validation(Chance& chance) {
    if (chance.one_in(2))
        return std::string(ddl::k_named_validators[chance.below(ddl::k_named_validators.size())].second);
    while (true) {
        const std::string& pattern = chance.one_of(known_patterns());
        if (portable_pattern(pattern)) return pattern;
    }
}

Json any_list(Chance& chance) {
    static const Values all = {"a", "b", "A", "1", 1, 2, 1.5, true, false, "äöü", "", "a\n", "null", "🙂"};
    Json list = {chance.one_of(all)};
    while (!chance.one_in(4))
        list.push_back(chance.one_of(all));
    return list;
}

Json any_input(Chance& chance) {
    Json input = {{"prompt", "Prompt"}, {"description", "Description"}, {"type", chance.one_of(types())}};
    input["optional"] = chance.one_in(2);
    if (input["type"] == "list") input["list"] = any_list(chance);
    if (input["type"] == "string") {
        static const std::vector<int> lengths = {0, 0, 1, 3, 4, 8, 20, 300};
        input["maxlength"] = chance.one_of(lengths);
        if (!chance.one_in(4)) input["validation"] = any_validation(chance);
    }
    if (chance.one_in(4)) {
        input["sensitive"] = true;
    } else if (chance.one_in(3)) {
        input["default"] = chance.one_of(plain_values());
    }
    return input;
}

Json any_output(Chance& chance) {
    Json output = {{"description", "Description"}, {"display_as", "Label"}};
    const std::string& type = chance.one_of(types());
    if (type != "list" && !chance.one_in(6)) output["type"] = type;
    return output;
}

Json any_document(Chance& chance) {
    Json action = {
        {"action", "act"}, {"description", "Acts"}, {"input", Json::object()}, {"output", Json::object()}};
    for (const char* const name : {"first", "Second", "_3", "4"}) {
        if (!chance.one_in(3)) action["input"][name] = any_input(chance);
        if (!chance.one_in(3)) action["output"][name] = any_output(chance);
    }
    const Json metadata = {{"name", "sample"}, {"description", "For tests"}, {"author", "a"},
                           {"license", "l"},   {"version", "1.0 (beta)"},    {"url", "u"},
                           {"timeout", 5}};
    return {{"metadata", metadata}, {"run", Json::object()}, {"actions", {action}}};
}

/// Patterns and defaults made by chance are not always valid.
ddl::Agent any_agent(Chance& chance) {
    while (true) {
        const Result<ddl::Loaded> loaded =
            ddl::read_text(dump_json(any_document(chance)), ddl::Format::json, "any");
        if (loaded) return loaded->agent;
    }
}

bool is_integral_float(const Json& value) {
    return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

/// What schemas cannot tell apart, see schema.h.
bool is_known_difference(const ddl::Input& input, const Json& value) {
    if (input.type == ddl::Type::list) return is_integral_float(value);
    const bool is_large = value.is_number_integer() && std::abs(value.get<double>()) > 0x1p53;
    return input.type == ddl::Type::floating && is_large;
}

/// Near to what the input accepts, of every type.
Values candidates(const ddl::Input& input, Chance& chance) {
    Values values = plain_values();
    for (int i = 0; i < 12; ++i) {
        const std::string& text = chance.one_of(known_texts());
        values.insert(values.end(), {text, near_text(text, chance), any_text(chance)});
    }
    for (const std::size_t length : {input.maxlength - 1, input.maxlength, input.maxlength + 1}) {
        if (input.maxlength == 0) break;
        values.emplace_back(std::string(length, 'a'));
        std::string wide;
        for (std::size_t i = 0; i < length; ++i)
            wide += "é";
        values.emplace_back(wide);
    }
    for (const Json& value : input.list) {
        values.push_back(value);
        if (value.is_string()) values.emplace_back(near_text(value.get<std::string>(), chance));
    }
    std::erase_if(values, [&](const Json& value) { return is_known_difference(input, value); });
    return values;
}

struct Verdicts {
    Values accepted;
    Values refused;
};

template <class Field>
Verdicts judge(const Field& field, const Values& values) {
    Verdicts verdicts;
    for (const Json& value : values) {
        Json checked = value;
        (check_value(field, checked).empty() ? verdicts.accepted : verdicts.refused).push_back(value);
    }
    return verdicts;
}

/// Good values for all inputs; in every second one a thing is wrong.
Json any_inputs(const ddl::Action& action, const std::map<std::string, Verdicts>& verdicts, Chance& chance) {
    Json inputs = Json::object();
    for (const ddl::Input& input : action.inputs) {
        const Values& good = verdicts.at(input.name).accepted;
        if (!good.empty() && !chance.one_in(8)) inputs[input.name] = chance.one_of(good);
    }
    if (!chance.one_in(2) || action.inputs.empty()) return inputs;
    const std::string& name = chance.one_of(action.inputs).name;
    if (chance.one_in(6)) {
        inputs.erase(name);
    } else if (chance.one_in(10)) {
        inputs[near_text(name, chance)] = 1;
    } else if (!verdicts.at(name).refused.empty()) {
        inputs[name] = chance.one_of(verdicts.at(name).refused);
    }
    return inputs;
}

Json input_cases(const ddl::Action& action, Chance& chance) {
    std::map<std::string, Verdicts> verdicts;
    for (const ddl::Input& input : action.inputs)
        verdicts[input.name] = judge(input, candidates(input, chance));
    Json cases = Json::array();
    for (std::size_t i = 0; i < k_values_per_ddl; ++i) {
        const Json inputs = any_inputs(action, verdicts, chance);
        cases.push_back({inputs, check_inputs(action, inputs, ddl::Defaults::leave).has_value()});
    }
    return cases;
}

Json output_cases(const ddl::Action& action, Chance& chance) {
    Json cases = Json::array();
    for (std::size_t i = 0; i < k_outputs_per_ddl; ++i) {
        Json data = Json::object();
        for (const ddl::Output& output : action.outputs) {
            const Json& value = chance.one_of(plain_values());
            const bool is_large = output.type == ddl::Type::floating && value.is_number_integer();
            if (!is_large && chance.one_in(3)) data[output.name] = value;
        }
        if (chance.one_in(3)) data["more"] = chance.one_of(plain_values());
        cases.push_back({data, check_outputs(action, data).violations.empty()});
    }
    return cases;
}

}  // namespace

Json any_ddl_case(Chance& chance) {
    const ddl::Agent agent = any_agent(chance);
    const ddl::Action& action = agent.actions.front();
    return {{"schema", Json::parse(write_schema(agent))},
            {"inputs", input_cases(action, chance)},
            {"outputs", output_cases(action, chance)}};
}

}  // namespace hocket::ddl_compiler
