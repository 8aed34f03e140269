#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/wire/jws.h"
#include "core/wire/psk.h"
#include "core/wire/request.h"
#include "tests/support/pki.h"

namespace hocket::test {

inline constexpr char k_identity[] = "web1.example";
inline constexpr std::int64_t k_now_ms = 1'790'000'000'000;

/// The public test key of spec/protocol.md §4.3: 00, 01, … 1f.
crypto::Secret test_psk();

/// Who signs: a header value for a payload.
using Signer = std::function<std::string(wire::MessageType, const std::string& payload)>;

/// With protected headers of one's own.
Signer by_hmac(std::string_view key, const std::string& protected_text);
Signer by_key(const Certified& certified, crypto::SignatureAlgorithm algorithm,
              const std::string& protected_text);

/// As it should be; `more` are certificates behind the signer's.
Signer by(const Certified& certified, crypto::SignatureAlgorithm algorithm,
          const std::vector<crypto::Certificate>& more = {});
Signer by(const Certified& certified);

/// A signature header's value in which one part is not the one that was signed.
struct Damage {
    std::string part;  ///< "signature", "header" or "certificate"
    std::string why;
    std::string verdict;
    std::string value;
};

/// Every such damage to a good value; one to the certificate if it has one.
std::vector<Damage> damages(const std::string& value);

/// A good request of that caller to this node.
wire::Request base_request(const std::string& caller);

/// The member `payload`, or `payload_base64` when it is not text.
Json payload_json(const std::string& payload);

/// Everybody who takes part.
struct Cast {
    TestCa callers{"Callers CA"};
    TestCa between{"Between CA", &callers};
    TestCa nodes{"Nodes CA"};
    TestCa foreign{"Foreign CA"};

    Certified ana = callers.issue(caller_terms("ana"));
    Certified ana_p256 = callers.issue(caller_terms("ana"), crypto::KeyType::p256);
    Certified ana_rsa = callers.issue(caller_terms("ana"), crypto::KeyType::rsa);
    Certified ana_between = between.issue(caller_terms("ana"));
    Certified revoked = callers.issue(caller_terms("ana"));
    Certified web1 = nodes.issue(node_terms(k_identity));
    Certified web1_p256 = nodes.issue(node_terms(k_identity), crypto::KeyType::p256);
    Certified web1_rsa = nodes.issue(node_terms(k_identity), crypto::KeyType::rsa);
    Certified web2 = nodes.issue(node_terms("web2.example"));
    Certified revoked_node = nodes.issue(node_terms(k_identity));

    wire::PskCallerKeys psk{{"ops", 1}, test_psk()};
    wire::NodePsk derived = wire::derive_node_psk(test_psk(), k_identity);

    Signer with_psk() const {
        return [this](wire::MessageType, const std::string& payload) { return psk.sign_request(payload); };
    }
    Signer node_with_psk(const std::string& identity) const {
        const wire::NodePsk keys = wire::derive_node_psk(test_psk(), identity);
        return by_hmac(keys.reply.expose(),
                       wire::protected_header("HS256", "ops.1/" + identity, wire::MessageType::reply));
    }
};

/// spec/vectors/requests.json and replies.json.
Json request_vectors(const Cast& cast);
Json reply_vectors(const Cast& cast);

}  // namespace hocket::test
