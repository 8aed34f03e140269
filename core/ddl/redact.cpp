#include "core/ddl/redact.h"

namespace hocket::ddl {

namespace {

constexpr const char* k_redacted = "***";

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

}  // namespace hocket::ddl
