#include "core/ddl/typed_inputs.h"

#include <map>
#include <utility>

#include "core/base/text.h"
#include "core/ddl/text_input.h"

namespace hocket::ddl {

namespace {

using Written = std::vector<WrittenInput>;

std::map<std::string, Written> by_name(const Written& written) {
    std::map<std::string, Written> groups;
    for (const WrittenInput& each : written)
        groups[each.name].push_back(each);
    return groups;
}

/// Whether what was written are the elements of an array, and not the array itself.
bool are_elements(const Written& written) {
    if (written.size() > 1) return true;
    return written.front().is_plain_text() && !trim(written.front().value).starts_with('[');
}

/// Turns what was written into values and remembers every broken rule.
class Typing {
public:
    explicit Typing(PlainSecrets secrets) : secrets_(secrets) {}

    void add(const Action& action, const std::string& name, const Written& written) {
        const Input* input = action.find_input(name);
        if (input == nullptr && action.any_inputs) {
            add_untyped(name, written, Type::any);
        } else if (input == nullptr) {
            typed_.values[name] = nullptr;
        } else if (input->type == Type::array && are_elements(written)) {
            typed_.values[name] = elements(*input, written);
        } else {
            add_single(*input, written);
        }
    }

    void add_untyped(const std::string& name, const Written& written, Type type) {
        Input untyped;
        untyped.name = name;
        untyped.type = type;
        add_single(untyped, written);
    }

    TypedInputs take() { return std::move(typed_); }

private:
    void broken(const std::string& name, const std::string& rule, const std::string& message) {
        typed_.problems.push_back({"/inputs/" + name, rule, "input '" + name + '\'' + message});
    }

    void add_single(const Input& input, const Written& written) {
        Json& value = typed_.values[input.name];
        if (written.size() > 1)
            return broken(input.name, "repeated", " is given " + std::to_string(written.size()) + " times");
        value = value_of(input, written.front());
    }

    /// Null after a problem.
    Json value_of(const Input& input, const WrittenInput& written) {
        if (input.sensitive && written.is_plain_text() && secrets_ == PlainSecrets::refused) {
            broken(input.name, "sensitive",
                   " is sensitive, and everybody on this machine can read a command line; write " +
                       input.name + "=@FILE, or " + input.name + "=@- for standard input");
            return nullptr;
        }
        const Result<std::string> text = text_of(written);
        if (!text) {
            broken(input.name, "text", ": " + text.error().message);
            return nullptr;
        }
        if (written.form == WrittenInput::Form::json) return json(input, *text);
        Result<Json> typed = parse_input(input, *text);
        if (typed) return std::move(*typed);
        for (const Violation& each : typed.error().violations)
            typed_.problems.push_back(each);
        return nullptr;
    }

    Json json(const Input& input, const std::string& text) {
        Result<Json> parsed = parse_json_value(text);
        if (parsed) return std::move(*parsed);
        // The parser's own words may quote the text.
        broken(input.name, "type",
               input.sensitive ? " is not JSON" : " is not JSON: " + parsed.error().message);
        return nullptr;
    }

    /// The DDL does not type the elements of an array: plain text is a string.
    Json elements(const Input& array, const Written& written) {
        Input element = array;
        element.type = Type::string;
        Json all = Json::array();
        for (const WrittenInput& each : written)
            all.push_back(value_of(element, each));
        return all;
    }

    PlainSecrets secrets_;
    TypedInputs typed_;
};

}  // namespace

TypedInputs type_inputs(const Action& action, const std::vector<WrittenInput>& written,
                        PlainSecrets secrets) {
    Typing typing(secrets);
    for (const auto& [name, inputs] : by_name(written))
        typing.add(action, name, inputs);
    return typing.take();
}

TypedInputs type_inputs(const std::vector<WrittenInput>& written) {
    Typing typing(PlainSecrets::taken);
    for (const auto& [name, inputs] : by_name(written))
        typing.add_untyped(name, inputs, Type::string);
    return typing.take();
}

}  // namespace hocket::ddl
