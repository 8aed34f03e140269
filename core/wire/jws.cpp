#include "core/wire/jws.h"

#include <nlohmann/json.hpp>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/wire/strict_members.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_max_header_bytes = 16U << 10U;
constexpr std::size_t k_max_protected_depth = 4;

Error malformed(const std::string& reason) {
    return {ErrorCode::malformed_signature, reason, {}};
}

Result<void> read_protected(const Json& header, MessageType expected, DetachedJws& jws) {
    StrictMembers members(header, {"alg", "b64", "crit", "kid", "typ"});
    jws.algorithm = members.text("alg");
    jws.key_id = members.text("kid");
    if (members.text("typ") != to_string(expected)) members.fail("typ", "is for another kind of message");
    if (members.boolean("b64")) members.fail("b64", "must be false");
    if (header.value("crit", Json()) != Json::array({"b64"})) members.fail("crit", "must be [\"b64\"]");
    if (!members.ok()) return malformed("protected header: " + members.error().message);
    return {};
}

}  // namespace

std::string_view to_string(MessageType type) {
    switch (type) {
        case MessageType::request: return "hocket-request";
        case MessageType::reply: return "hocket-reply";
        case MessageType::event: return "hocket-event";
    }
    return "hocket-event";
}

Result<DetachedJws> parse_detached_jws(std::string_view header_value, MessageType expected) {
    if (header_value.size() > k_max_header_bytes) return malformed("the signature header is over 16 KiB");
    const std::size_t dots = header_value.find("..");
    if (dots == std::string_view::npos) return malformed("the signature header is not PROTECTED..SIGNATURE");

    DetachedJws jws;
    jws.protected_text = std::string(header_value.substr(0, dots));
    const auto header_text = base64url_decode(jws.protected_text);
    auto signature = base64url_decode(header_value.substr(dots + 2));
    if (!header_text || !signature) return malformed("the signature header is not base64url");
    jws.signature = std::move(*signature);

    const Result<Json> header = parse_json_object(*header_text, {k_max_header_bytes, k_max_protected_depth});
    if (!header) return malformed("protected header: " + header.error().message);
    if (Result<void> read = read_protected(*header, expected, jws); !read) return read.error();
    return jws;
}

std::string protected_header(std::string_view algorithm, std::string_view key_id, MessageType type) {
    const Json header = {
        {"alg", algorithm}, {"b64", false}, {"crit", {"b64"}}, {"kid", key_id}, {"typ", to_string(type)}};
    return base64url_encode(dump_json(header));
}

}  // namespace hocket::wire
