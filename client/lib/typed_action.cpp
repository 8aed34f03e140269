#include "client/lib/typed_action.h"

#include "core/base/text.h"
#include "core/ddl/values.h"

namespace hocket::client {

namespace detail {

namespace {

ddl::Action describe(const ActionTraits& action, const std::vector<Promise>& promised) {
    ddl::Action described;
    described.name = action.action;
    for (const Promise& each : promised) {
        ddl::Output output;
        output.name = each.name;
        output.type = each.type;
        output.sensitive = action.has_sensitive_fields;
        described.outputs.push_back(std::move(output));
    }
    return described;
}

}  // namespace

Result<Json> check_outputs(const ActionTraits& action, const std::vector<Promise>& promised,
                           const Json& data) {
    ddl::OutputCheck check = ddl::check_outputs(describe(action, promised), data);
    if (check.violations.empty()) return std::move(check.data);
    std::vector<std::string> messages;
    for (const Violation& violation : check.violations)
        messages.push_back(violation.message);
    const Error error{ErrorCode::invalid_output, join(messages, "; "), std::move(check.violations)};
    return error.within("agent '" + std::string(action.agent) + "': action '" + std::string(action.action) +
                        "'");
}

}  // namespace detail

}  // namespace hocket::client
