#include "runner/execution/bolt_reply.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::execution {

namespace {

constexpr const char* k_error = "_error";
constexpr const char* k_output = "_output";
constexpr const char* k_rest = "result";
constexpr const char* k_usual_kind = "puppetlabs.tasks/task-error";

Json object_of(std::string_view output) {
    Result<Json> object = parse_json_object(output);
    if (object) return std::move(*object);
    return {{k_output, std::string(output)}};
}

/// What of it has the wrong type is as if it were not there.
wire::ReplyError error_of(const Json& error, const wire::ReplyError& usual) {
    wire::ReplyError read = usual;
    if (!error.is_object()) return read;
    const auto take = [&error](const char* name, std::string& text) {
        const auto member = error.find(name);
        if (member != error.end() && member->is_string()) text = member->get<std::string>();
    };
    take("kind", read.kind);
    take("msg", read.message);
    const auto details = error.find("details");
    if (details != error.end() && details->is_object()) read.details = *details;
    return read;
}

/// As Bolt words it; without any output the end of stderr says more.
wire::ReplyError usual_error(const Printed& printed, bool is_secret) {
    const std::string errors = to_utf8(trim(printed.errors));
    const bool is_told_by_errors = trim(printed.output).empty() && !errors.empty() && !is_secret;
    std::string message = "The task errored with a code " + std::to_string(printed.exit_code);
    return {k_usual_kind,
            is_told_by_errors ? message + " and no stdout, but stderr contained:\n" + errors : message,
            {{"exitcode", printed.exit_code}}};
}

}  // namespace

CheckedOutputs BoltReply::read(const Printed& printed) const {
    if (!is_utf8(printed.output))
        return {bad_reply(action_, printed.output, "it is not UTF-8, which a task's output must be"), {}, {}};
    Json object = object_of(printed.output);
    const auto given = object.find(k_error);
    const bool is_failure = printed.exit_code != 0 || (given != object.end() && !given->is_null());
    AgentResult result;
    if (is_failure) {
        const bool is_secret = action_.has_sensitive_inputs();
        result.error = error_of(given == object.end() ? Json() : *given, usual_error(printed, is_secret));
        result.outcome = Outcome::failed;
        result.statuscode = 1;
        result.statusmsg = result.error->message.substr(0, result.error->message.find('\n'));
    }
    object.erase(k_error);
    result.data = outputs_of(std::move(object));
    if (is_failure) return {std::move(result), {}, {}};
    return check_outputs(agent_, action_, std::move(result));
}

Json BoltReply::outputs_of(Json object) const {
    Json data = Json::object();
    Json rest = Json::object();
    for (auto& [name, value] : object.items()) {
        const bool has_output = name != k_rest && action_.find_output(name) != nullptr;
        (has_output ? data : rest)[name] = std::move(value);
    }
    if (!rest.empty()) data[k_rest] = std::move(rest);
    return data;
}

}  // namespace hocket::execution
