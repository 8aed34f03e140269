#include "client/lib/inputs.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/text.h"
#include "core/ddl/text_input.h"
#include "core/ddl/values.h"

namespace hocket::client {

namespace {

using Written = std::vector<ddl::WrittenInput>;

std::map<std::string, Written> by_name(const Written& written) {
    std::map<std::string, Written> groups;
    for (const ddl::WrittenInput& each : written)
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
    void add(const ddl::Action& action, const std::string& name, const Written& written) {
        const ddl::Input* input = action.find_input(name);
        if (input == nullptr && action.any_inputs) {
            add_untyped(name, written, ddl::Type::any);
        } else if (input == nullptr) {
            values_[name] = nullptr;  // check_inputs tells that it is undeclared
        } else if (input->type == ddl::Type::array && are_elements(written)) {
            values_[name] = elements(*input, written);
        } else if (is_single(written)) {
            values_[name] = value(*input, written.front());
        }
        if (input != nullptr && input->sensitive) has_sensitive_ = true;
    }

    void add_without_ddl(const std::string& name, const Written& written) {
        add_untyped(name, written, ddl::Type::string);
    }

    void add_untyped(const std::string& name, const Written& written, ddl::Type type) {
        if (!is_single(written)) return;
        ddl::Input untyped;
        untyped.name = name;
        untyped.type = type;
        values_[name] = value(untyped, written.front());
    }

    /// Adds what the DDL says of the values; of an input that is broken already nothing more.
    void check(const ddl::Action& action) {
        const Result<Json> checked = ddl::check_inputs(action, values_, ddl::Defaults::leave);
        if (checked) {
            values_ = *checked;
            return;
        }
        const std::vector<Violation> typing_problems = problems_;
        for (const Violation& found : checked.error().violations) {
            const bool known =
                std::any_of(typing_problems.begin(), typing_problems.end(),
                            [&](const Violation& each) { return each.pointer == found.pointer; });
            if (!known) problems_.push_back(found);
        }
    }

    Result<Inputs> finish() const {
        if (problems_.empty()) return Inputs{values_, has_sensitive_};
        std::vector<std::string> messages;
        for (const Violation& problem : problems_)
            messages.push_back(problem.message);
        return Error{ErrorCode::invalid_input, join(messages, "; "), problems_};
    }

private:
    void broken(const std::string& name, const std::string& rule, const std::string& message) {
        problems_.push_back({"/inputs/" + name, rule, "input '" + name + "' " + message});
    }

    bool is_single(const Written& written) {
        if (written.size() == 1) return true;
        broken(written.front().name, "repeated", "is given " + std::to_string(written.size()) + " times");
        return false;
    }

    /// Null after a problem.
    Json value(const ddl::Input& input, const ddl::WrittenInput& written) {
        if (input.sensitive && written.is_plain_text()) {
            broken(input.name, "sensitive",
                   "is sensitive, and everybody on this machine can read a command line; write " +
                       input.name + "=@FILE, or " + input.name + "=@- for standard input");
            return nullptr;
        }
        const Result<std::string> text = ddl::text_of(written);
        if (!text) {
            broken(input.name, "text", text.error().message);
            return nullptr;
        }
        if (written.form == ddl::WrittenInput::Form::json) return json(input, *text);
        const Result<Json> typed = ddl::parse_input(input, *text);
        if (typed) return *typed;
        for (const Violation& each : typed.error().violations)
            problems_.push_back(each);
        return nullptr;
    }

    Json json(const ddl::Input& input, const std::string& text) {
        const Result<Json> parsed = parse_json_value(text);
        if (parsed) return *parsed;
        // The parser's own words may quote the text.
        broken(input.name, "type",
               input.sensitive ? "is not JSON" : "is not JSON: " + parsed.error().message);
        return nullptr;
    }

    /// The DDL does not type the elements of an array: plain text is a string.
    Json elements(const ddl::Input& array, const Written& written) {
        ddl::Input element = array;
        element.type = ddl::Type::string;
        Json all = Json::array();
        for (const ddl::WrittenInput& each : written)
            all.push_back(value(element, each));
        return all;
    }

    Json values_ = Json::object();
    bool has_sensitive_ = false;
    std::vector<Violation> problems_;
};

}  // namespace

Result<Inputs> make_inputs(const ddl::Action& action, const std::vector<ddl::WrittenInput>& written) {
    Typing typing;
    for (const auto& [name, inputs] : by_name(written))
        typing.add(action, name, inputs);
    typing.check(action);
    return typing.finish();
}

Result<Inputs> make_inputs_without_ddl(const std::vector<ddl::WrittenInput>& written) {
    Typing typing;
    for (const auto& [name, inputs] : by_name(written))
        typing.add_without_ddl(name, inputs);
    Result<Inputs> made = typing.finish();
    if (made) made->has_sensitive = !made->values.empty();
    return made;
}

Result<Inputs> make_inputs(const ddl::Action& action, const Json& values) {
    const Result<Json> checked = ddl::check_inputs(action, values, ddl::Defaults::leave);
    if (!checked) return checked.error();
    Inputs inputs{*checked, false};
    for (const auto& [name, value] : inputs.values.items()) {
        const ddl::Input* input = action.find_input(name);
        if (input != nullptr && input->sensitive) inputs.has_sensitive = true;
    }
    return inputs;
}

Result<Inputs> make_inputs_without_ddl(const Json& values) {
    return Inputs{values, !values.empty()};
}

}  // namespace hocket::client
