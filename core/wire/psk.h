#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/secret.h"
#include "core/wire/jws.h"
#include "core/wire/keys.h"

namespace hocket::wire {

/// A pre-shared key's name and version, "ops.1": the caller is "psk=ops". Several versions may be valid at once.
struct PskId {
    std::string name;
    int version = 1;

    bool operator==(const PskId&) const = default;
};

/// Errors: invalid_key.
Result<PskId> parse_psk_id(std::string_view text);
std::string to_string(const PskId& id);

/// What a node needs of a pre-shared key: enough to check requests and to answer in its own name, not in another's.
///
///     request = HKDF-SHA256(psk, "hocket/1 request")
///     reply   = HKDF-SHA256(psk, "hocket/1 reply " + identity)
struct NodePsk {
    crypto::Secret request;
    crypto::Secret reply;
};

NodePsk derive_node_psk(const crypto::Secret& psk, std::string_view identity);

/// Of a node's derived key: the request key and then the reply key.
inline constexpr std::size_t k_node_psk_bytes = 64;

/// A new pre-shared key: 32 bytes from the system's generator.
crypto::Secret new_psk();

/// Key files are one base64url line. A derived node key has k_node_psk_bytes; a pre-shared key has at least 32 bytes, and not as many
/// as that, so that neither is taken for the other.
/// Mode and owner are checked (core/base/file.h, read_private_file).
/// Errors: invalid_key, naming the file and what is wrong with it.
Result<crypto::Secret> read_psk_file(const std::filesystem::path& path);
Result<NodePsk> read_node_psk_file(const std::filesystem::path& path);

/// Creates the file with mode 0600 and never replaces one. Errors: io.
Result<void> write_psk_file(const std::filesystem::path& path, const crypto::Secret& psk);
Result<void> write_node_psk_file(const std::filesystem::path& path, const NodePsk& keys);

/// HS256 with keys derived for this node.
class PskNodeKeys final : public NodeKeys {
public:
    explicit PskNodeKeys(std::string identity) : identity_(std::move(identity)) {}

    void add(const PskId& id, NodePsk keys);
    bool empty() const { return entries_.empty(); }

    /// The two ways of verify_request(); none: the header is not letter for letter the one that callers of ours send.
    std::optional<Result<RequestSigner>> verify_usual(const SignatureParts& parts,
                                                      std::string_view payload) const;
    Result<RequestSigner> verify_other(const DetachedJws& jws, std::string_view payload) const;

    Result<RequestSigner> verify_request(std::string_view header_value,
                                         std::string_view payload) const override;
    std::string sign_reply(const RequestSigner& signer, std::string_view payload) const override;

private:
    struct Entry {
        std::string key_id;
        std::string caller;
        NodePsk keys;
        std::string reply_header;  ///< the protected header of every reply
    };

    static Result<RequestSigner> verify(const Entry& entry, const SignatureParts& parts,
                                        std::string_view payload);

    std::string identity_;
    std::map<std::string, Entry, std::less<>> entries_;               ///< by key id
    std::map<std::string, const Entry*, std::less<>> usual_headers_;  ///< protected headers of requests
};

/// HS256 with the pre-shared key itself, from which every node's reply key follows; those that were good for something
/// are kept.
class PskCallerKeys final : public CallerKeys {
public:
    PskCallerKeys(PskId id, crypto::Secret psk);

    std::string caller() const override;
    std::string sign_request(std::string_view payload) const override;
    Result<std::string> verify_reply(std::string_view header_value, std::string_view payload) const override;

private:
    struct Node {
        std::string identity;
        crypto::Secret reply_key;
    };

    Result<Node> node_of(const DetachedJws& jws) const;

    PskId id_;
    crypto::Secret psk_;
    crypto::Secret request_key_;
    std::string request_header_;                              ///< the protected header of every request
    mutable std::map<std::string, Node, std::less<>> nodes_;  ///< by the protected header of their replies
};

}  // namespace hocket::wire
