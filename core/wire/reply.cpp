#include "core/wire/reply.h"

#include "core/base/json_text.h"
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

JsonText encode_error(const ReplyError& error) {
    JsonText text;
    text.add_json("details", error.details).add("kind", error.kind).add("message", error.message);
    return text;
}

}  // namespace

Result<Reply> parse_reply(std::string_view payload) {
    Result<Json> object = parse_json_object(payload, {k_max_reply_bytes, 32});
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
    members.object("data");  // moved below: it may be large
    reply.error = read_error(members);
    if (members.has("changed")) reply.changed = members.boolean("changed");
    if (members.has("diff")) reply.diff = members.text("diff");
    if (members.has("stderr")) reply.stderr_tail = members.text("stderr");
    reply.duration_ms = members.integer("duration_ms", 0, k_max_duration_ms);
    if (members.has("agent_version")) reply.agent_version = members.text("agent_version");
    if (members.has("ddl_digest")) reply.ddl_digest = members.text("ddl_digest");
    if (!members.ok()) return members.error();
    reply.data = std::move((*object)["data"]);
    return reply;
}

std::string encode_reply(const Reply& reply) {
    JsonText text;
    text.add("action", reply.action).add("agent", reply.agent);
    if (!reply.agent_version.empty()) text.add("agent_version", reply.agent_version);
    if (reply.changed) text.add("changed", *reply.changed);
    text.add_json("data", reply.data);
    if (!reply.ddl_digest.empty()) text.add("ddl_digest", reply.ddl_digest);
    if (reply.diff) text.add("diff", *reply.diff);
    text.add("duration_ms", reply.duration_ms);
    if (reply.error) text.add_json("error", encode_error(*reply.error));
    text.add("identity", reply.identity)
        .add("outcome", to_string(reply.outcome))
        .add("protocol", k_reply_protocol)
        .add("request", reply.request)
        .add("request_sha256", reply.request_sha256)
        .add("statuscode", std::int64_t{reply.statuscode})
        .add("statusmsg", reply.statusmsg);
    if (reply.stderr_tail) text.add("stderr", *reply.stderr_tail);
    return std::move(text).take();
}

}  // namespace hocket::wire
