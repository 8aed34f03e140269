#include "runner/execution/choria_reply.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace hocket::execution {

namespace {

constexpr std::int64_t k_max_statuscode_of_choria = 255;
constexpr std::int64_t k_max_statuscode = 5;

/// Null when it is missing.
const Json& member_of(const Json& object, const char* name) {
    static const Json null;
    const auto member = object.find(name);
    return member == object.end() ? null : *member;
}

}  // namespace

CheckedOutputs ChoriaReply::read(std::string_view text) const {
    const auto bad = [&](const std::string& reason) {
        return CheckedOutputs{bad_reply(action_, text, reason), {}, {}};
    };
    Result<Json> object = parse_json_object(text);
    if (!object) return bad(object.error().message);
    const Json& code = member_of(*object, "statuscode");
    const Json& message = member_of(*object, "statusmsg");
    const Json& data = member_of(*object, "data");
    if (!code.is_null() && !code.is_number_integer()) return bad("'statuscode' is not an integer");
    if (!message.is_null() && !message.is_string()) return bad("'statusmsg' is not a string");
    if (!data.is_null() && !data.is_object()) return bad("'data' is not an object");
    const std::int64_t number = code.is_null() ? 0 : code.get<std::int64_t>();
    if (number < 0 || number > k_max_statuscode_of_choria)
        return bad("statuscode " + std::to_string(number) + " is not within 0 to 255");

    AgentResult result;
    result.outcome = number == 0 ? Outcome::ok : Outcome::failed;
    result.statuscode = static_cast<int>(std::min(number, k_max_statuscode));
    if (!message.is_null()) result.statusmsg = message.get<std::string>();
    if (!data.is_null()) result.data = data;
    if (number != 0) {
        result.error = wire::ReplyError{agent_.metadata.name + "/failed", result.statusmsg, Json::object()};
        return {std::move(result), {}, {}};
    }
    return check_outputs(agent_, action_, std::move(result));
}

std::string_view json_part_of(std::string_view output) {
    std::string_view rest = output;
    while (!rest.empty() && rest.front() != '{') {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return output;
        rest.remove_prefix(end + 1);
    }
    return rest.empty() ? output : rest;
}

}  // namespace hocket::execution
