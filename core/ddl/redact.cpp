#include "core/ddl/redact.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::ddl {

namespace {

constexpr const char* k_redacted = "***";
constexpr std::size_t k_shortest_secret = 4;
constexpr std::size_t k_most_secrets = 1000;  // for more nothing is looked through

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
}

void SecretsRemoved::add(const Json& value) {
    if (value.is_structured()) {
        for (const Json& each : value)
            add(each);
    } else if (value.is_number()) {
        add_text(dump_json(value));
    } else if (value.is_string()) {
        const std::string text = value.get<std::string>();
        const std::string quoted = dump_json(value);
        add_text(text);
        // As it stands in JSON or in the source of most languages, and as a program reads a file or shows a line.
        if (quoted.size() != text.size() + 2) add_text(quoted.substr(1, quoted.size() - 2));
        for (const std::string& line : split(text, '\n'))
            add_text(std::string(trim(line)));
    }
}

void SecretsRemoved::add_text(const std::string& text) {
    if (text.size() >= k_shortest_secret) secrets_.insert(text);
}

std::string SecretsRemoved::from(const std::string& text) const {
    if (secrets_.size() > k_most_secrets) return k_redacted;
    std::vector<std::pair<std::size_t, std::size_t>> found;  // begin and end
    for (const std::string& secret : secrets_) {
        for (std::size_t at = 0; at < text.size();) {
            // Not find(): of what repeats itself that would compare each time from the beginning.
            const void* const hit =
                ::memmem(text.data() + at, text.size() - at, secret.data(), secret.size());
            if (hit == nullptr) break;
            const auto begin = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
            at = begin + secret.size();
            found.emplace_back(begin, at);
        }
    }
    std::ranges::sort(found);
    std::string kept;
    std::size_t end = 0;
    for (const auto& [begin, its_end] : found) {
        if (begin >= end) {
            kept.append(text, end, begin - end);
            kept += k_redacted;
        }
        end = std::max(end, its_end);
    }
    return kept.append(text, end);
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
