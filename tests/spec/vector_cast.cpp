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

namespace {

std::string with_header(const std::string& value, const std::string& header) {
    return base64url_encode(header) + value.substr(value.find(".."));
}

}  // namespace

std::vector<Damage> damages(const std::string& value) {
    const std::size_t dots = value.find("..");
    const std::string header = base64url_decode(value.substr(0, dots)).value();
    std::string signature = value;
    char& digit = signature[dots + 12];
    digit = digit == 'A' ? 'B' : 'A';
    std::vector<Damage> list = {{"signature", "a byte of the signature", "bad_signature", signature},
                                {"header", "a blank more in the protected header", "bad_signature",
                                 with_header(value, "{ " + header.substr(1))}};
    Json members = Json::parse(header);
    if (!members.contains("x5c")) return list;
    std::string der = base64_decode(members["x5c"][0].get<std::string>()).value();
    der.back() = static_cast<char>(der.back() ^ 1);
    members["x5c"][0] = base64_encode(der);
    list.push_back({"certificate", "a byte of the certificate", "untrusted_certificate",
                    with_header(value, members.dump())});
    return list;
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
