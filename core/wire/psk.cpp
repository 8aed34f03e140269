#include "core/wire/psk.h"

#include <charconv>

#include "core/base/encoding.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/crypto/random.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_key_bytes = 32;
constexpr std::size_t k_max_key_file_bytes = 4096;
constexpr std::string_view k_algorithm = "HS256";
constexpr std::string_view k_request_info = "hocket/1 request";
constexpr std::size_t k_max_remembered_nodes = 100'000;

Error invalid_key(const std::string& message) {
    return {ErrorCode::invalid_key, message, {}};
}

std::string reply_info(std::string_view identity) {
    return "hocket/1 reply " + std::string(identity);
}

std::string sign(const crypto::Secret& key, const std::string& protected_text, std::string_view payload) {
    return protected_text + ".." + base64url_encode(crypto::hmac_sha256(key, {protected_text, ".", payload}));
}

Result<void> check_signature(const crypto::Secret& key, std::string_view key_id, const SignatureParts& parts,
                             std::string_view payload) {
    const std::string expected = crypto::hmac_sha256(key, {parts.protected_text, ".", payload});
    if (crypto::constant_time_equal(expected, parts.signature)) return {};
    return Error{
        ErrorCode::bad_signature, "the signature of key '" + escape_text(key_id) + "' does not hold", {}};
}

/// The algorithm is bound to the key's type: a pre-shared key verifies HS256 and nothing else.
Result<void> check_hs256(const DetachedJws& jws) {
    if (jws.algorithm == k_algorithm && jws.certificates.empty()) return {};
    return Error{ErrorCode::malformed_signature,
                 "algorithm " + quote_bytes(jws.algorithm) + " is not one for pre-shared keys",
                 {}};
}

Result<std::string> read_key_line(const std::filesystem::path& path) {
    const Result<std::string> content = read_private_file(path, k_max_key_file_bytes);
    if (!content) return content.error();
    auto bytes = base64url_decode(trim(*content));
    if (!bytes)
        return invalid_key(path.string() + ": not one line of base64url; make one with: hocket keys psk new");
    return std::move(*bytes);
}

Result<void> write_key_line(const std::filesystem::path& path, std::string_view bytes) {
    return create_file(path, base64url_encode(bytes) + '\n', 0600);
}

}  // namespace

Result<PskId> parse_psk_id(std::string_view text) {
    const std::size_t dot = text.rfind('.');
    PskId id;
    if (dot != std::string_view::npos) {
        id.name = std::string(text.substr(0, dot));
        const std::string_view version = text.substr(dot + 1);
        const char* end = version.data() + version.size();
        const auto parsed = std::from_chars(version.data(), end, id.version);
        const bool plain = !version.empty() && version.front() != '0' && version.front() != '-';
        if (plain && parsed.ec == std::errc() && parsed.ptr == end && is_key_name(id.name)) return id;
    }
    return invalid_key("key id " + quote_bytes(text) + " is not NAME.VERSION, for example ops.1");
}

std::string to_string(const PskId& id) {
    return id.name + '.' + std::to_string(id.version);
}

NodePsk derive_node_psk(const crypto::Secret& psk, std::string_view identity) {
    return {crypto::hkdf_sha256(psk, k_request_info), crypto::hkdf_sha256(psk, reply_info(identity))};
}

crypto::Secret new_psk() {
    return crypto::Secret(crypto::random_bytes(k_key_bytes));
}

Result<crypto::Secret> read_psk_file(const std::filesystem::path& path) {
    Result<std::string> bytes = read_key_line(path);
    if (!bytes) return bytes.error();
    if (bytes->size() < k_key_bytes) {
        return invalid_key(path.string() + ": " + std::to_string(bytes->size()) +
                           " bytes are too few for a key, it needs 32; make one with: hocket keys psk new");
    }
    if (bytes->size() == k_node_psk_bytes) {
        return invalid_key(path.string() +
                           ": 64 bytes are a key that was derived for a node (in runner.toml: derived_file), "
                           "and no caller's, from which such are derived");
    }
    return crypto::Secret(std::move(*bytes));
}

Result<NodePsk> read_node_psk_file(const std::filesystem::path& path) {
    const Result<std::string> bytes = read_key_line(path);
    if (!bytes) return bytes.error();
    if (bytes->size() != k_node_psk_bytes) {
        return invalid_key(path.string() + ": a derived node key has 64 bytes, this has " +
                           std::to_string(bytes->size()) + "; make one with: hocket keys psk derive");
    }
    return NodePsk{crypto::Secret(bytes->substr(0, k_key_bytes)), crypto::Secret(bytes->substr(k_key_bytes))};
}

Result<void> write_psk_file(const std::filesystem::path& path, const crypto::Secret& psk) {
    return write_key_line(path, psk.expose());
}

Result<void> write_node_psk_file(const std::filesystem::path& path, const NodePsk& keys) {
    return write_key_line(path, std::string(keys.request.expose()) + std::string(keys.reply.expose()));
}

void PskNodeKeys::add(const PskId& id, NodePsk keys) {
    const std::string key_id = to_string(id);
    const auto [entry, is_new] = entries_.insert_or_assign(
        key_id, Entry{key_id, "psk=" + id.name, std::move(keys),
                      protected_header(k_algorithm, key_id + '/' + identity_, MessageType::reply)});
    usual_headers_.insert_or_assign(protected_header(k_algorithm, key_id, MessageType::request),
                                    &entry->second);
}

Result<RequestSigner> PskNodeKeys::verify_request(std::string_view header_value,
                                                  std::string_view payload) const {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    if (auto verified = verify_usual(*parts, payload)) return std::move(*verified);
    const Result<DetachedJws> jws = parse_detached_jws(*parts, MessageType::request);
    if (!jws) return jws.error();
    return verify_other(*jws, payload);
}

std::optional<Result<RequestSigner>> PskNodeKeys::verify_usual(const SignatureParts& parts,
                                                               std::string_view payload) const {
    const auto known = usual_headers_.find(parts.protected_text);
    if (known == usual_headers_.end()) return std::nullopt;
    return verify(*known->second, parts, payload);
}

Result<RequestSigner> PskNodeKeys::verify_other(const DetachedJws& jws, std::string_view payload) const {
    if (Result<void> checked = check_hs256(jws); !checked) return checked.error();
    const auto entry = entries_.find(jws.key_id);
    if (entry == entries_.end()) {
        return Error{
            ErrorCode::unknown_key, "key " + quote_bytes(jws.key_id) + " is not configured here", {}};
    }
    return verify(entry->second, {jws.protected_text, jws.signature}, payload);
}

Result<RequestSigner> PskNodeKeys::verify(const Entry& entry, const SignatureParts& parts,
                                          std::string_view payload) {
    if (Result<void> held = check_signature(entry.keys.request, entry.key_id, parts, payload); !held)
        return held.error();
    return RequestSigner{RequestSigner::Kind::pre_shared_key, entry.caller, entry.key_id};
}

std::string PskNodeKeys::sign_reply(const RequestSigner& signer, std::string_view payload) const {
    const Entry& entry = entries_.find(signer.key_id)->second;
    return sign(entry.keys.reply, entry.reply_header, payload);
}

PskCallerKeys::PskCallerKeys(PskId id, crypto::Secret psk)
    : id_(std::move(id)),
      psk_(std::move(psk)),
      request_key_(crypto::hkdf_sha256(psk_, k_request_info)),
      request_header_(protected_header(k_algorithm, to_string(id_), MessageType::request)) {}

std::string PskCallerKeys::caller() const {
    return "psk=" + id_.name;
}

std::string PskCallerKeys::sign_request(std::string_view payload) const {
    return sign(request_key_, request_header_, payload);
}

Result<std::string> PskCallerKeys::verify_reply(std::string_view header_value,
                                                std::string_view payload) const {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    const auto verify = [&](const Node& node) -> Result<std::string> {
        const std::string key_id = to_string(id_) + '/' + node.identity;
        if (Result<void> held = check_signature(node.reply_key, key_id, *parts, payload); !held)
            return held.error();
        return node.identity;
    };
    if (const auto known = nodes_.find(parts->protected_text); known != nodes_.end())
        return verify(known->second);
    const Result<DetachedJws> jws = parse_detached_jws(*parts, MessageType::reply);
    if (!jws) return jws.error();
    Result<Node> node = node_of(*jws);
    if (!node) return node.error();
    Result<std::string> verified = verify(*node);
    // One way of writing the header for each node, so that none fills the memory with variants.
    const bool is_usual =
        parts->protected_text == protected_header(k_algorithm, jws->key_id, MessageType::reply);
    if (verified && is_usual && nodes_.size() < k_max_remembered_nodes)
        nodes_.emplace(parts->protected_text, std::move(*node));
    return verified;
}

Result<PskCallerKeys::Node> PskCallerKeys::node_of(const DetachedJws& jws) const {
    if (Result<void> checked = check_hs256(jws); !checked) return checked.error();
    const std::string prefix = to_string(id_) + '/';
    std::string identity = jws.key_id.starts_with(prefix) ? jws.key_id.substr(prefix.size()) : "";
    if (!is_identity(identity)) {
        return Error{ErrorCode::unknown_key, "key " + quote_bytes(jws.key_id) + " is none of ours", {}};
    }
    crypto::Secret reply_key = crypto::hkdf_sha256(psk_, reply_info(identity));
    return Node{std::move(identity), std::move(reply_key)};
}

}  // namespace hocket::wire
