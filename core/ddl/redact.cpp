#include "core/ddl/redact.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace hocket::ddl {

namespace {

constexpr const char* k_redacted = "***";
constexpr std::size_t k_shortest_secret = 4;

Json keep_values(const Json& object, const auto& may_show) {
    if (!object.is_object()) return k_redacted;
    Json kept = Json::object();
    for (const auto& item : object.items()) {
        kept[item.key()] = may_show(item.key()) ? item.value() : Json(k_redacted);
    }
    return kept;
}

}  // namespace

Json redact(const Action* action, const HiddenJson& inputs) {
    return keep_values(inputs.reveal(), [&](const std::string& name) {
        const Input* const input = action == nullptr ? nullptr : action->find_input(name);
        return input != nullptr && !input->sensitive;
    });
}

Json redact_outputs(const Action* action, const Json& data) {
    return keep_values(data, [&](const std::string& name) {
        const Output* const output = action == nullptr ? nullptr : action->find_output(name);
        return output != nullptr && !output->sensitive;
    });
}

SecretsRemoved::SecretsRemoved(const Action& action, const HiddenJson& inputs) {
    const Json& values = inputs.reveal();
    for (const Input& input : action.inputs) {
        if (!input.sensitive) continue;
        if (const auto value = values.find(input.name); value != values.end()) add(*value);
    }
    std::ranges::sort(secrets_, std::ranges::greater(), &std::string::size);
}

void SecretsRemoved::add(const Json& value) {
    if (value.is_structured()) {
        for (const Json& each : value)
            add(each);
        return;
    }
    if (!value.is_string() && !value.is_number()) return;
    const std::string quoted = dump_json(value);
    const std::string text = value.is_string() ? value.get<std::string>() : quoted;
    if (text.size() < k_shortest_secret) return;
    secrets_.push_back(text);
    // As it stands in JSON or in the source of most languages.
    if (value.is_string() && quoted.size() != text.size() + 2)
        secrets_.push_back(quoted.substr(1, quoted.size() - 2));
}

std::string SecretsRemoved::from(std::string text) const {
    for (const std::string& secret : secrets_) {
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
            text.replace(at, secret.size(), k_redacted);
    }
    return text;
}

Json SecretsRemoved::from(const Json& value) const {
    if (value.is_string()) return from(value.get<std::string>());
    if (!value.is_structured()) return value;
    Json kept = value.is_object() ? Json::object() : Json::array();
    for (const auto& item : value.items()) {
        if (value.is_object()) {
            kept[from(std::string(item.key()))] = from(item.value());
        } else {
            kept.push_back(from(item.value()));
        }
    }
    return kept;
}

}  // namespace hocket::ddl
