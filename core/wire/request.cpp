#include "core/wire/request.h"

#include "core/base/json_text.h"
#include "core/base/names.h"
#include "core/wire/strict_members.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_max_request_bytes = 1U << 20U;
constexpr std::int64_t k_max_time_ms = (std::int64_t{1} << 53) - 1;

Delivery read_delivery(StrictMembers& members) {
    const std::string word = members.text("delivery");
    if (word == "queued") return Delivery::queued;
    if (word != "live") members.fail("delivery", "is neither 'live' nor 'queued'");
    return Delivery::live;
}

bool is_sender(std::string_view text) {
    return text.size() <= 253;
}

}  // namespace

Result<Request> parse_request(std::string_view payload) {
    Result<Json> object = parse_json_object(payload, {k_max_request_bytes, 32});
    if (!object) return object.error();
    StrictMembers members(*object,
                          {"protocol", "id", "collective", "agent", "action", "inputs", "caller", "sender",
                           "issued_at", "ttl_ms", "timeout_ms", "filter", "targets", "delivery", "noop"});
    if (members.text("protocol") != k_request_protocol)
        members.fail("protocol", "is not io.hocket.request.v1");
    Request request;
    request.id = members.text("id", is_request_id);
    request.collective = members.text("collective", is_collective_name);
    request.agent = members.text("agent", is_agent_name);
    request.action = members.text("action", is_action_name);
    members.object("inputs");  // moved below: they may be large
    request.caller = members.text("caller", is_caller);
    request.sender = members.text("sender", is_sender);
    request.issued_at = members.integer("issued_at", 0, k_max_time_ms);
    request.ttl_ms = members.integer("ttl_ms", 1, k_max_ttl_ms);
    request.timeout_ms = members.integer("timeout_ms", 1, k_max_timeout_ms);
    request.targets = members.texts("targets", is_identity);
    if (request.targets.size() > k_max_targets) members.fail("targets", "has over 10000 identities");
    request.delivery = read_delivery(members);
    request.noop = members.boolean("noop");
    const Json& filter_object = members.object("filter");
    if (!members.ok()) return members.error();

    Result<filter::Filter> filter = filter::from_json(filter_object);
    if (!filter) return filter.error().within("member 'filter'");
    request.filter = std::move(*filter);
    request.inputs = std::move((*object)["inputs"]);
    return request;
}

std::string encode_request(const Request& request) {
    JsonText text;
    text.add("action", request.action)
        .add("agent", request.agent)
        .add("caller", request.caller)
        .add("collective", request.collective)
        .add("delivery", request.delivery == Delivery::live ? "live" : "queued")
        .add_json("filter", filter::to_json(request.filter))
        .add("id", request.id)
        .add_json("inputs", request.inputs.reveal())
        .add("issued_at", request.issued_at)
        .add("noop", request.noop)
        .add("protocol", k_request_protocol)
        .add("sender", request.sender)
        .add("targets", request.targets)
        .add("timeout_ms", request.timeout_ms)
        .add("ttl_ms", request.ttl_ms);
    return std::move(text).take();
}

}  // namespace hocket::wire
