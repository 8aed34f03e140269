#include "runner/execution/choria_reply.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/values.h"

namespace hocket::execution {

namespace {

constexpr std::int64_t k_max_statuscode_of_choria = 255;
constexpr std::int64_t k_max_statuscode = 5;

constexpr int k_max_depth = 32;

bool is_deeper_than(int levels, const Json& value) {
    if (!value.is_structured()) return false;
    return levels == 0 ||
           std::ranges::any_of(value, [&](const Json& inner) { return is_deeper_than(levels - 1, inner); });
}

}  // namespace

Result<Json> read_choria_json(std::string_view text) {
    // Not by a callback of the parser, with which the time grows by the square of what an array holds.
    Json object = Json::parse(to_utf8(text), nullptr, false);
    if (object.is_object() && !is_deeper_than(k_max_depth, object)) return object;
    const Result<Json> strict = parse_json_object(text);  // says why
    return strict ? Error{ErrorCode::malformed_message, "it is no JSON object", {}} : strict.error();
}

const Json& choria_member(const Json& object, std::string_view name) {
    static const Json null;
    if (const auto exact = object.find(name); exact != object.end()) return *exact;
    for (const auto& member : object.items()) {
        if (to_lower_ascii(member.key()) == name) return member.value();
    }
    return null;
}

CheckedOutputs ChoriaReply::read(std::string_view text) const {
    const auto bad = [&](const std::string& reason) {
        return CheckedOutputs{bad_reply(action_, text, reason), {}, {}};
    };
    const Result<Json> object = read_choria_json(text);
    if (!object) return bad(object.error().message);
    const Json& code = choria_member(*object, "statuscode");
    const Json& message = choria_member(*object, "statusmsg");
    const Json& data = choria_member(*object, "data");
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
        result.data = ddl::check_outputs(action_, result.data).data;  // with the defaults of the DDL
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
