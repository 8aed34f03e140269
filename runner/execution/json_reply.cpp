#include "runner/execution/json_reply.h"

#include <utility>

#include "core/base/text.h"

namespace hocket::execution {

namespace {

/// The first member of the reply that has a wrong type, as a reason; empty when all are right.
std::string wrong_member(const Json& object) {
    const auto wrong = [&object](const char* name, auto has_type) {
        const auto member = object.find(name);
        return member != object.end() && !has_type(*member);
    };
    if (wrong("statuscode", [](const Json& value) { return value.is_number_integer(); })) {
        return "'statuscode' is not an integer";
    }
    if (wrong("statusmsg", [](const Json& value) { return value.is_string(); }))
        return "'statusmsg' is not a string";
    if (wrong("data", [](const Json& value) { return value.is_object(); })) return "'data' is not an object";
    if (wrong("changed", [](const Json& value) { return value.is_boolean(); }))
        return "'changed' is not a boolean";
    if (wrong("diff", [](const Json& value) { return value.is_string(); })) return "'diff' is not a string";
    return "";
}

std::string wrong_error(const Json& error) {
    if (!error.is_object()) return "'error' is not an object";
    if (!error.contains("message") || !error.at("message").is_string())
        return "'error.message' is not a string";
    if (error.contains("kind") && !error.at("kind").is_string()) return "'error.kind' is not a string";
    if (error.contains("details") && !error.at("details").is_object())
        return "'error.details' is not an object";
    return "";
}

bool has_error(const Json& object) {
    return object.contains("error") && !object.at("error").is_null();
}

}  // namespace

CheckedOutputs JsonReply::read(std::string_view output, int exit_code) const {
    return check(read_result(output, exit_code));
}

CheckedOutputs JsonReply::read(Json object, std::string_view output) const {
    return check(read_members(std::move(object), output));
}

CheckedOutputs JsonReply::check(AgentResult result) const {
    if (result.outcome != Outcome::ok) return {std::move(result), {}, {}};
    return check_outputs(agent_, action_, std::move(result));
}

AgentResult JsonReply::read_result(std::string_view output, int exit_code) const {
    Result<Json> object = parse_json_object(output);
    if (exit_code != 0) {
        if (!object) return crashed(output, exit_code, "and no reply: " + object.error().message);
        if (!has_error(*object)) return crashed(output, exit_code, "without an error object in its reply");
    }
    if (!object) return bad_reply(action_, output, object.error().message);
    return read_members(std::move(*object), output);
}

AgentResult JsonReply::crashed(std::string_view output, int exit_code, const std::string& reason) const {
    std::string message = "the agent exited with code " + std::to_string(exit_code) + ' ' + reason;
    if (!output.empty() && !action_.has_sensitive_fields()) message += "; it printed " + quote_bytes(output);
    return refusal({ErrorCode::crashed, message, {}});
}

AgentResult JsonReply::read_members(Json object, std::string_view output) const {
    const bool error_given = has_error(object);
    std::string wrong = wrong_member(object);
    if (wrong.empty() && error_given) wrong = wrong_error(object.at("error"));
    if (!wrong.empty()) return bad_reply(action_, output, wrong);

    if (!error_given && !object.contains("statuscode"))
        return bad_reply(action_, output, "it has neither 'statuscode' nor 'error'");
    const std::int64_t code = object.value("statuscode", std::int64_t{1});
    if (code < 0 || code > 5)
        return bad_reply(action_, output, "statuscode " + std::to_string(code) + " is not within 0 to 5");
    if (code == 0 && error_given) return bad_reply(action_, output, "statuscode 0 stands beside an 'error'");

    AgentResult result;
    result.outcome = code == 0 ? Outcome::ok : Outcome::failed;
    result.statuscode = static_cast<int>(code);
    const auto data = object.find("data");
    result.data = data == object.end() ? Json::object() : std::move(*data);  // it may be large
    if (object.contains("changed")) result.changed = object.at("changed").get<bool>();
    if (object.contains("diff")) result.diff = object.at("diff").get<std::string>();
    result.statusmsg = object.value("statusmsg", std::string(code == 0 ? "OK" : "failed"));
    if (error_given) {
        const Json& error = object.at("error");
        result.error =
            wire::ReplyError{error.value("kind", agent_.metadata.name + "/failed"),
                             error.at("message").get<std::string>(), error.value("details", Json::object())};
        if (!object.contains("statusmsg")) result.statusmsg = result.error->message;
    }
    return result;
}

}  // namespace hocket::execution
