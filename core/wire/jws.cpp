#include "core/wire/jws.h"

#include <nlohmann/json.hpp>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/wire/strict_members.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_max_protected_depth = 4;

Error malformed(const std::string& reason) {
    return {ErrorCode::malformed_signature, reason, {}};
}

/// `x5c` is base64 with padding, unlike everything else in a JWS (RFC 7515 §4.1.6).
std::vector<std::string> read_certificates(const Json& header, MessageType type, StrictMembers& members) {
    const Json& chain = *header.find("x5c");
    const std::size_t most =
        type == MessageType::request ? k_max_request_certificates : k_max_reply_certificates;
    std::vector<std::string> certificates;
    if (!chain.is_array() || chain.empty()) {
        members.fail("x5c", "is not a list of certificates");
        return certificates;
    }
    if (chain.size() > most) {
        members.fail("x5c", "has " + std::to_string(chain.size()) + " certificates, allowed are " +
                                std::to_string(most));
        return certificates;
    }
    for (const Json& each : chain) {
        const auto der = each.is_string() ? base64_decode(each.get_ref<const std::string&>()) : std::nullopt;
        if (!der) members.fail("x5c", "holds something else than base64");
        certificates.push_back(der.value_or(""));
    }
    return certificates;
}

Result<void> read_protected(const Json& header, MessageType expected, DetachedJws& jws) {
    StrictMembers members(header, {"alg", "b64", "crit", "kid", "typ", "x5c"});
    jws.algorithm = members.text("alg");
    if (members.has("x5c")) {
        jws.certificates = read_certificates(header, expected, members);
        if (members.has("kid")) members.fail("kid", "stands beside 'x5c'");
    } else {
        jws.key_id = members.text("kid");
    }
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

Result<SignatureParts> split_signature(std::string_view header_value) {
    if (header_value.size() > k_max_signature_header_bytes)
        return malformed("the signature header is over 16 KiB");
    const std::size_t dots = header_value.find("..");
    if (dots == std::string_view::npos) return malformed("the signature header is not PROTECTED..SIGNATURE");
    auto signature = base64url_decode(header_value.substr(dots + 2));
    if (!signature) return malformed("the signature header is not base64url");
    return SignatureParts{header_value.substr(0, dots), std::move(*signature)};
}

Result<DetachedJws> parse_detached_jws(std::string_view header_value, MessageType expected) {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    return parse_detached_jws(*parts, expected);
}

Result<DetachedJws> parse_detached_jws(const SignatureParts& parts, MessageType expected) {
    DetachedJws jws;
    jws.protected_text = std::string(parts.protected_text);
    jws.signature = parts.signature;
    const auto header_text = base64url_decode(jws.protected_text);
    if (!header_text) return malformed("the signature header is not base64url");
    const Result<Json> header =
        parse_json_object(*header_text, {k_max_signature_header_bytes, k_max_protected_depth});
    if (!header) return malformed("protected header: " + header.error().message);
    if (Result<void> read = read_protected(*header, expected, jws); !read) return read.error();
    return jws;
}

std::string protected_header(std::string_view algorithm, std::string_view key_id, MessageType type) {
    const Json header = {
        {"alg", algorithm}, {"b64", false}, {"crit", {"b64"}}, {"kid", key_id}, {"typ", to_string(type)}};
    return base64url_encode(dump_json(header));
}

std::string protected_header(std::string_view algorithm, const std::vector<std::string>& certificates,
                             MessageType type) {
    Json chain = Json::array();
    for (const std::string& der : certificates)
        chain.push_back(base64_encode(der));
    const Json header = {
        {"alg", algorithm}, {"b64", false}, {"crit", {"b64"}}, {"typ", to_string(type)}, {"x5c", chain}};
    return base64url_encode(dump_json(header));
}

std::string signed_bytes(std::string_view protected_text, std::string_view payload) {
    std::string bytes;
    bytes.reserve(protected_text.size() + 1 + payload.size());
    return bytes.append(protected_text).append(".").append(payload);
}

}  // namespace hocket::wire
