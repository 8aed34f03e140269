#include "tests/spec/vector_cast.h"

#include "core/base/encoding.h"
#include "core/crypto/digest.h"

namespace hocket::test {

using wire::MessageType;
using wire::protected_header;

crypto::Secret test_psk() {
    std::string bytes;
    for (char byte = 0; byte < 32; ++byte)
        bytes += byte;
    return crypto::Secret(bytes);
}

Signer by_hmac(std::string_view key, const std::string& protected_text) {
    return [key = std::string(key), protected_text](MessageType, const std::string& payload) {
        const std::string mac = crypto::hmac_sha256(crypto::Secret(key), {protected_text, ".", payload});
        return protected_text + ".." + base64url_encode(mac);
    };
}

Signer by_key(const Certified& certified, crypto::SignatureAlgorithm algorithm,
              const std::string& protected_text) {
    return [certified, algorithm, protected_text](MessageType, const std::string& payload) {
        const std::string bytes = wire::signed_bytes(protected_text, payload);
        return protected_text + ".." + base64url_encode(certified.key.sign(algorithm, bytes));
    };
}

Signer by(const Certified& certified, crypto::SignatureAlgorithm algorithm,
          const std::vector<crypto::Certificate>& more) {
    return [=](MessageType type, const std::string& payload) {
        std::vector<std::string> chain = {certified.certificate.to_der()};
        for (const crypto::Certificate& each : more)
            chain.push_back(each.to_der());
        return by_key(certified, algorithm, protected_header(crypto::to_string(algorithm), chain, type))(
            type, payload);
    };
}
Signer by(const Certified& certified) {
    return by(certified, crypto::usual_algorithm(certified.key.public_key().type()));
}

wire::Request base_request(const std::string& caller) {
    wire::Request request;
    request.id = "01KAGJ5FG0ZJ4V8Q6X3T2N5M9R";
    request.collective = "main";
    request.agent = "disk";
    request.action = "usage";
    request.inputs = {{"path", "/"}};
    request.caller = caller;
    request.sender = "desk.example";
    request.issued_at = k_now_ms;
    request.targets = {k_identity};
    return request;
}

Json payload_json(const std::string& payload) {
    const bool is_text = Json(payload).dump(-1, ' ', false, Json::error_handler_t::replace) ==
                         Json(payload).dump(-1, ' ', false, Json::error_handler_t::ignore);
    return is_text ? Json{{"payload", payload}} : Json{{"payload_base64", base64_encode(payload)}};
}

}  // namespace hocket::test
