// spec/vectors through our own verification. check.py runs them through another one.

#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include <nlohmann/json.hpp>

#include "core/base/encoding.h"
#include "core/crypto/digest.h"
#include "core/wire/node_key_ring.h"
#include "core/wire/verified_reply.h"
#include "core/wire/verified_request.h"
#include "runner/admission/freshness.h"
#include "tests/support/pki.h"

namespace hocket {
namespace {

const std::filesystem::path k_folder = HOCKET_VECTORS;
constexpr std::size_t k_max_request_bytes = 1U << 20U;

Json read(const std::string& name) {
    std::ifstream file(k_folder / name);
    return Json::parse(file);
}

const Json& keys() {
    static const Json document = read("keys.json");
    return document;
}

crypto::Secret psk() {
    return crypto::Secret(*base64url_decode(keys()["psk"]["key"].get<std::string>()));
}

std::string payload_of(const Json& vector) {
    if (vector.contains("payload")) return vector["payload"];
    return *base64_decode(vector["payload_base64"].get<std::string>());
}

wire::Message message_of(const Json& vector) {
    wire::Message message;
    message.subject = vector.value("subject", "");
    message.reply_subject = vector.value("reply_subject", "");
    message.signatures = vector["signatures"].get<std::vector<std::string>>();
    message.payload = payload_of(vector);
    return message;
}

/// A node as a vector wants it, with a certificate of its own.
class VectorNode {
public:
    VectorNode(const Json& node, const Clock& clock)
        : nodes_("Own CA"),
          ring_(
              pre_shared(),
              wire::X509NodeKeys::make(
                  identity(), nodes_.credential(test::node_terms(identity())),
                  crypto::Trust::read(k_folder / node["caller_ca"].get<std::string>(),
                                      k_folder / node["caller_crl"].get<std::string>())
                      .value(),
                  wire::CallerAllowList::parse(node["allow"].get<std::vector<std::string>>()).value(), clock)
                  .value()) {}

    static std::string identity() { return keys()["identity"]; }
    const wire::NodeKeyRing& keys_of_node() const { return ring_; }

private:
    static wire::PskNodeKeys pre_shared() {
        wire::PskNodeKeys made(identity());
        made.add(wire::parse_psk_id(keys()["psk"]["id"].get<std::string>()).value(),
                 wire::derive_node_psk(psk(), identity()));
        return made;
    }

    test::TestCa nodes_;
    wire::NodeKeyRing ring_;
};

std::string verdict_on_request(const Json& vector) {
    test::FakeClock clock;
    clock.set_wall_ms(vector["now_ms"]);
    const VectorNode node(keys()["nodes"][vector["node"].get<std::string>()], clock);
    const auto verified = wire::VerifiedRequest::verify(message_of(vector), node.keys_of_node(),
                                                        VectorNode::identity(), k_max_request_bytes);
    if (!verified) return std::string(to_string(verified.error().code));
    admission::Freshness freshness(clock, keys()["max_skew_ms"]);
    const Result<void> fresh = freshness.check(verified->request());
    return fresh ? "accepted" : std::string(to_string(fresh.error().code));
}

std::unique_ptr<wire::CallerKeys> caller_keys(const Json& vector, const Clock& clock) {
    if (vector["caller"].get<std::string>().starts_with("psk="))
        return std::make_unique<wire::PskCallerKeys>(wire::PskId{"ops", 1}, psk());
    const Json& files = keys()["callers"][vector["configuration"].get<std::string>()];
    const test::TestCa own("Own CA");
    return std::make_unique<wire::X509CallerKeys>(
        wire::X509CallerKeys::make(own.credential(test::caller_terms("ana")),
                                   crypto::Trust::read(k_folder / files["node_ca"].get<std::string>(),
                                                       k_folder / files["node_crl"].get<std::string>())
                                       .value(),
                                   clock)
            .value());
}

std::string verdict_on_reply(const Json& vector) {
    test::FakeClock clock;
    clock.set_wall_ms(vector["now_ms"]);
    const auto caller = caller_keys(vector, clock);
    const std::string sent = vector["request"];
    const auto verified = wire::VerifiedReply::verify(
        message_of(vector), *caller, wire::parse_request(sent).value(), crypto::sha256_hex(sent));
    return verified ? "accepted" : std::string(to_string(verified.error().code));
}

TEST(Vectors, OfRequestsHaveTheirVerdict) {
    const Json vectors = read("requests.json");
    EXPECT_GT(vectors.size(), 110U);
    for (const Json& vector : vectors)
        EXPECT_EQ(verdict_on_request(vector), vector["verdict"]) << vector["name"] << ": " << vector["why"];
}

TEST(Vectors, OfRepliesHaveTheirVerdict) {
    const Json vectors = read("replies.json");
    EXPECT_GT(vectors.size(), 70U);
    for (const Json& vector : vectors)
        EXPECT_EQ(verdict_on_reply(vector), vector["verdict"]) << vector["name"] << ": " << vector["why"];
}

TEST(Vectors, HaveNamesOfTheirOwn) {
    for (const char* file : {"requests.json", "replies.json"}) {
        std::set<std::string> names;
        for (const Json& vector : read(file))
            EXPECT_TRUE(names.insert(vector["name"]).second) << vector["name"];
    }
}

TEST(Vectors, HaveTheDerivedKeys) {
    const wire::NodePsk derived = wire::derive_node_psk(psk(), VectorNode::identity());
    EXPECT_EQ(keys()["psk"]["request_key_hex"], hex_encode(derived.request.expose()));
    EXPECT_EQ(keys()["psk"]["reply_keys_hex"][VectorNode::identity()], hex_encode(derived.reply.expose()));
}

/// What the independent implementation signs with keys of its own.
TEST(Vectors, OfThePeerAreAccepted) {
    const test::TemporaryFolder folder;
    const std::string command = std::string("/usr/bin/python3 ") + (k_folder / "check.py").string() +
                                " sign " + folder.path().string();
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(folder / "signed.json");
    const Json vectors = Json::parse(file);
    std::set<std::string> algorithms;
    for (const Json& vector : vectors) {
        test::FakeClock clock;
        clock.set_wall_ms(SystemClock().wall_ms());
        Json node = {
            {"caller_ca", (folder / "ca.pem").string()}, {"caller_crl", ""}, {"allow", Json::array()}};
        const test::TestCa own("Own CA");
        wire::PskNodeKeys pre_shared("web1.example");
        pre_shared.add({"ops", 1}, wire::derive_node_psk(psk(), "web1.example"));
        const wire::NodeKeyRing ring(
            std::move(pre_shared),
            wire::X509NodeKeys::make("web1.example",
                                     own.credential(test::node_terms("web1.example", clock.wall_ms())),
                                     crypto::Trust::read(folder / "ca.pem", "").value(), {}, clock)
                .value());
        const auto signer =
            ring.verify_request(vector["signature"].get<std::string>(), vector["payload"].get<std::string>());
        EXPECT_TRUE(signer) << vector["alg"] << ": " << signer.error().message;
        EXPECT_FALSE(ring.verify_request(vector["signature"].get<std::string>(), "{}")) << vector["alg"];
        algorithms.insert(vector["alg"]);
    }
    EXPECT_EQ(algorithms, (std::set<std::string>{"HS256", "EdDSA", "ES256", "PS256", "RS256"}));
}

}  // namespace
}  // namespace hocket
