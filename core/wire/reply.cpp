#include "core/wire/reply.h"

#include "core/base/names.h"
#include "core/wire/strict_members.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_max_reply_bytes = 64U << 20U;  // the broker's max_payload is the real limit
constexpr std::int64_t k_max_duration_ms = (std::int64_t{1} << 53) - 1;

Outcome read_outcome(StrictMembers& members) {
    const auto outcome = outcome_from(members.text("outcome"));
    if (outcome && is_node_outcome(*outcome)) return *outcome;
    members.fail("outcome", "is not a node's outcome");
    return Outcome::internal;
}

std::optional<ReplyError> read_error(StrictMembers& members) {
    if (!members.has("error")) return std::nullopt;
    StrictMembers error_members(members.object("error"), {"kind", "message", "details"});
    ReplyError error{error_members.text("kind"), error_members.text("message"),
                     error_members.object("details")};
    if (!error_members.ok()) members.fail("error", error_members.error().message);
    return error;
}

}  // namespace

Result<Reply> parse_reply(std::string_view payload) {
    const Result<Json> object = parse_json_object(payload, {k_max_reply_bytes, 32});
    if (!object) return object.error();
    StrictMembers members(*object, {"protocol", "request", "request_sha256", "identity", "agent", "action",
                                    "outcome", "statuscode", "statusmsg", "data", "error", "changed", "diff",
                                    "stderr", "duration_ms", "agent_version", "ddl_digest"});
    if (members.text("protocol") != k_reply_protocol) members.fail("protocol", "is not io.hocket.reply.v1");
    Reply reply;
    reply.request = members.text("request", is_request_id);
    reply.request_sha256 = members.text("request_sha256");
    reply.identity = members.text("identity", is_identity);
    reply.agent = members.text("agent", is_agent_name);
    reply.action = members.text("action", is_action_name);
    reply.outcome = read_outcome(members);
    reply.statuscode = static_cast<int>(members.integer("statuscode", 0, 5));
    reply.statusmsg = members.text("statusmsg");
    reply.data = members.object("data");
    reply.error = read_error(members);
    if (members.has("changed")) reply.changed = members.boolean("changed");
    if (members.has("diff")) reply.diff = members.text("diff");
    if (members.has("stderr")) reply.stderr_tail = members.text("stderr");
    reply.duration_ms = members.integer("duration_ms", 0, k_max_duration_ms);
    if (members.has("agent_version")) reply.agent_version = members.text("agent_version");
    if (members.has("ddl_digest")) reply.ddl_digest = members.text("ddl_digest");
    if (!members.ok()) return members.error();
    return reply;
}

std::string encode_reply(Reply reply) {
    Json object = Json::object();
    object["protocol"] = k_reply_protocol;
    object["request"] = std::move(reply.request);
    object["request_sha256"] = std::move(reply.request_sha256);
    object["identity"] = std::move(reply.identity);
    object["agent"] = std::move(reply.agent);
    object["action"] = std::move(reply.action);
    object["outcome"] = to_string(reply.outcome);
    object["statuscode"] = reply.statuscode;
    object["statusmsg"] = std::move(reply.statusmsg);
    object["data"] = std::move(reply.data);
    object["duration_ms"] = reply.duration_ms;
    if (reply.error) {
        Json& error = object["error"] = Json::object();
        error["kind"] = std::move(reply.error->kind);
        error["message"] = std::move(reply.error->message);
        error["details"] = std::move(reply.error->details);
    }
    if (reply.changed) object["changed"] = *reply.changed;
    if (reply.diff) object["diff"] = std::move(*reply.diff);
    if (reply.stderr_tail) object["stderr"] = std::move(*reply.stderr_tail);
    if (!reply.agent_version.empty()) object["agent_version"] = std::move(reply.agent_version);
    if (!reply.ddl_digest.empty()) object["ddl_digest"] = std::move(reply.ddl_digest);
    return dump_json(object);
}

}  // namespace hocket::wire
