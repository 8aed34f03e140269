#include "runner/workbench/written_inputs.h"

#include <map>

#include "core/base/text.h"
#include "core/ddl/text_input.h"
#include "core/ddl/written_input.h"

namespace hocket::workbench {

namespace {

using Written = ddl::WrittenInput;

Error broken(const std::string& name, const std::string& what) {
    const std::string message = "input '" + name + "' " + what;
    return {ErrorCode::invalid_input, message, {{"/inputs/" + name, "written", message}}};
}

/// `input`: null for one that is not declared.
Result<Json> value_of(const std::string& name, const ddl::Input* input, const Written& written) {
    const Result<std::string> text = ddl::text_of(written);
    if (!text) {
        Error error = text.error().within("input '" + name + "'");
        error.code = ErrorCode::invalid_input;  // whatever is wrong with a file, it was named as an input
        return error;
    }
    if (written.form == Written::Form::json) {
        Result<Json> value = parse_json_value(*text);
        const bool is_sensitive = input != nullptr && input->sensitive;
        if (!value) return broken(name, "is not JSON" + (is_sensitive ? "" : ": " + value.error().message));
        return value;
    }
    return input == nullptr ? Json(*text) : ddl::parse_input(*input, *text);
}

bool are_elements(const std::vector<Written>& all) {
    const Written& first = all.front();
    return all.size() > 1 || (first.is_plain_text() && !trim(first.value).starts_with('['));
}

/// Plain text is a string, since the DDL does not type elements.
Result<Json> elements_of(const ddl::Input& array, const std::vector<Written>& all) {
    ddl::Input element = array;
    element.type = ddl::Type::string;
    Json values = Json::array();
    for (const Written& each : all) {
        Result<Json> value = value_of(array.name, &element, each);
        if (!value) return value.error();
        values.push_back(std::move(*value));
    }
    return values;
}

}  // namespace

Result<Json> read_inputs(const ddl::Action* action, const std::vector<std::string>& words) {
    const Result<std::vector<Written>> written = ddl::parse_written_inputs(words);
    if (!written) return written.error();
    std::map<std::string, std::vector<Written>> by_name;
    for (const Written& each : *written)
        by_name[each.name].push_back(each);
    Json inputs = Json::object();
    for (const auto& [name, all] : by_name) {
        const ddl::Input* const input = action == nullptr ? nullptr : action->find_input(name);
        const bool is_array = input != nullptr && input->type == ddl::Type::array;
        if (all.size() > 1 && !is_array)
            return broken(name, "is given " + std::to_string(all.size()) + " times");
        Result<Json> value =
            is_array && are_elements(all) ? elements_of(*input, all) : value_of(name, input, all.front());
        if (!value) return value.error();
        inputs[name] = std::move(*value);
    }
    return inputs;
}

}  // namespace hocket::workbench
