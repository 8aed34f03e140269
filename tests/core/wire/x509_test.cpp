#include "core/wire/x509.h"

#include <gtest/gtest.h>
#include <list>

#include "core/base/encoding.h"
#include "core/wire/certificate_names.h"
#include "core/wire/node_key_ring.h"
#include "tests/support/pki.h"
#include "tests/support/wire_fixture.h"

namespace hocket::wire {
namespace {

using crypto::CertificateTerms;
using crypto::CertificateUse;
using crypto::KeyType;
using test::TestCa;

constexpr std::string_view k_payload = R"({"a":1})";

/// A caller `ana` and a node `web1.example`, each with a certificate of its own CA.
class X509Test : public testing::Test {
protected:
    X509NodeKeys node(int new_chains_per_second = k_new_chains_per_second) const {
        return X509NodeKeys::make("web1.example", nodes_.credential(test::node_terms("web1.example")),
                                  files_.trust({&callers_}, callers_crl_), allowed_, clock_,
                                  new_chains_per_second)
            .value();
    }

    X509CallerKeys caller(KeyType type = KeyType::ed25519) const {
        return X509CallerKeys::make(callers_.credential(test::caller_terms("ana"), type),
                                    nodes_files_.trust({&nodes_}), clock_)
            .value();
    }

    static bool remembers(const X509NodeKeys& keys, const std::string& header) {
        return keys.verify_remembered(split_signature(header).value(), k_payload).has_value();
    }

    static Error refusal(const Result<RequestSigner>& result) {
        return result ? Error{ErrorCode::internal, "accepted", {}} : result.error();
    }

    test::FakeClock clock_;
    TestCa callers_{"Callers CA"};
    TestCa nodes_{"Nodes CA"};
    test::PkiFiles files_;
    test::PkiFiles nodes_files_;
    std::string callers_crl_;
    CallerAllowList allowed_;
};

class X509EveryKey : public X509Test, public testing::WithParamInterface<KeyType> {};

TEST_P(X509EveryKey, NodeVerifiesWhatTheCallerSigns) {
    const X509CallerKeys ana = caller(GetParam());
    const auto signer = node().verify_request(ana.sign_request(k_payload), k_payload);
    ASSERT_TRUE(signer) << signer.error().message;
    EXPECT_EQ(ana.caller(), "cert=ana");
    EXPECT_EQ(signer->caller, "cert=ana");
    EXPECT_EQ(signer->kind, RequestSigner::Kind::certificate);
    EXPECT_EQ(signer->key_id.size(), 64U);
}

TEST_P(X509EveryKey, CallerVerifiesWhatTheNodeSignsAndLearnsItsIdentity) {
    const auto keys =
        X509NodeKeys::make("web1.example", nodes_.credential(test::node_terms("web1.example"), GetParam()),
                           files_.trust({&callers_}), allowed_, clock_);
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(caller().verify_reply(keys->sign_reply({}, k_payload), k_payload).value(), "web1.example");
}

TEST_P(X509EveryKey, EveryChangedByteIsRefused) {
    const X509CallerKeys ana = caller(GetParam());
    const X509NodeKeys keys = node(1'000'000);
    const std::string header = ana.sign_request(k_payload);
    ASSERT_TRUE(keys.verify_request(header, k_payload));
    for (std::size_t i = 0; i < k_payload.size(); ++i) {
        std::string changed(k_payload);
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_EQ(refusal(keys.verify_request(header, changed)).code, ErrorCode::bad_signature) << i;
    }
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string changed = header;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        if (changed == header) continue;
        EXPECT_FALSE(keys.verify_request(changed, k_payload)) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Every, X509EveryKey, testing::Values(KeyType::ed25519, KeyType::p256, KeyType::rsa),
                         [](const auto& each) {
                             return std::string(each.param == KeyType::ed25519 ? "Ed25519"
                                                : each.param == KeyType::p256  ? "P256"
                                                                               : "Rsa");
                         });

TEST_F(X509Test, AnRsaKeySignsWithPs256AndWithRs256WhenItIsTold) {
    for (const auto& [told, expected] :
         {std::pair{std::optional<crypto::SignatureAlgorithm>(), "PS256"},
          std::pair{std::optional(crypto::SignatureAlgorithm::rs256), "RS256"}}) {
        test::Certified made = callers_.issue(test::caller_terms("ana"), KeyType::rsa);
        const Credential credential = Credential::make({made.certificate}, std::move(made.key), told).value();
        const std::string header = credential.sign_request(k_payload);
        EXPECT_EQ(parse_detached_jws(header, MessageType::request)->algorithm, expected);
        EXPECT_TRUE(node().verify_request(header, k_payload));
    }
}

TEST_F(X509Test, TheAlgorithmIsBoundToTheKey) {
    const test::Certified made = callers_.issue(test::caller_terms("ana"), KeyType::p256);
    for (const char* algorithm : {"HS256", "none", "EdDSA", "PS256", "RS256", "ES384", "es256", ""}) {
        const std::string header =
            protected_header(algorithm, std::vector{made.certificate.to_der()}, MessageType::request);
        const std::string signature =
            made.key.sign(crypto::SignatureAlgorithm::es256, signed_bytes(header, k_payload));
        EXPECT_EQ(refusal(node().verify_request(header + ".." + base64url_encode(signature), k_payload)).code,
                  ErrorCode::malformed_signature)
            << algorithm;
    }
}

TEST_F(X509Test, ACertificateWithoutItsKeyProvesNothing) {
    const test::Certified ana = callers_.issue(test::caller_terms("ana"));
    const std::string header =
        protected_header("EdDSA", std::vector{ana.certificate.to_der()}, MessageType::request);
    const std::string forged = crypto::PrivateKey::generate(KeyType::ed25519)
                                   .sign(crypto::SignatureAlgorithm::eddsa, signed_bytes(header, k_payload));
    const X509NodeKeys keys = node();
    const std::string value = header + ".." + base64url_encode(forged);
    EXPECT_EQ(refusal(keys.verify_request(value, k_payload)).code, ErrorCode::bad_signature);
    EXPECT_FALSE(remembers(keys, value)) << "nobody is remembered before a signature held";
}

TEST_F(X509Test, ARequestIsNoReplyAndAReplyNoRequest) {
    const X509NodeKeys keys = node();
    EXPECT_EQ(refusal(keys.verify_request(keys.sign_reply({}, k_payload), k_payload)).code,
              ErrorCode::malformed_signature);
    const X509CallerKeys ana = caller();
    EXPECT_EQ(ana.verify_reply(ana.sign_request(k_payload), k_payload).error().code,
              ErrorCode::malformed_signature);
}

TEST_F(X509Test, ANodesCertificateIsNoCallers) {
    const Credential stolen = nodes_.credential(test::node_terms("web2.example"));
    allowed_ = CallerAllowList::parse(std::vector<std::string>{"ana"}).value();
    const X509NodeKeys keys =
        X509NodeKeys::make("web1.example", nodes_.credential(test::node_terms("web1.example")),
                           files_.trust({&nodes_}), allowed_, clock_)
            .value();
    const Error error = refusal(keys.verify_request(stolen.sign_request(k_payload), k_payload));
    EXPECT_EQ(error.code, ErrorCode::untrusted_certificate);
    EXPECT_EQ(error.message,
              stolen.certificate().title() + ": it is that of a host, and has no URI hocket:caller:NAME");
}

TEST_F(X509Test, ACallersCertificateIsNoNodes) {
    CertificateTerms terms = test::caller_terms("web1.example");
    terms.uses = {};
    const Credential credential = nodes_.credential(terms);
    const auto made =
        X509NodeKeys::make("web1.example", credential, files_.trust({&callers_}), allowed_, clock_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, credential.certificate().title() +
                                        ": it is that of a caller: it has the URI hocket:caller:NAME");
    EXPECT_EQ(caller().verify_reply(credential.sign_reply(k_payload), k_payload).error().code,
              ErrorCode::untrusted_certificate);
}

TEST_F(X509Test, OnlyAllowedCallersMaySign) {
    allowed_ = CallerAllowList::parse(std::vector<std::string>{"bob", "/dev-.*/"}).value();
    const X509NodeKeys keys = node();
    const Error error = refusal(keys.verify_request(caller().sign_request(k_payload), k_payload));
    EXPECT_EQ(error.code, ErrorCode::untrusted_certificate);
    EXPECT_EQ(error.message, "caller 'ana' is not in [callers] allow");
    for (const char* name : {"bob", "dev-ana"}) {
        const Credential credential = callers_.credential(test::caller_terms(name));
        EXPECT_TRUE(keys.verify_request(credential.sign_request(k_payload), k_payload)) << name;
    }
    const Credential inside = callers_.credential(test::caller_terms("a-dev-a"));
    EXPECT_FALSE(keys.verify_request(inside.sign_request(k_payload), k_payload))
        << "the whole name must match";
}

TEST_F(X509Test, OneCaForBothNeedsAListOfCallersThatHoldsNoNode) {
    const auto make = [&](std::vector<std::string> allowed) {
        return X509NodeKeys::make("web1.example", nodes_.credential(test::node_terms("web1.example")),
                                  files_.trust({&nodes_}), CallerAllowList::parse(allowed).value(), clock_);
    };
    const std::string why = "the CA in " + files_.path("ca.pem").string() +
                            " vouches for this node too, so a stolen node could pass for a caller: ";
    EXPECT_EQ(make({}).error().message, why + "name the callers in [callers] allow");
    EXPECT_EQ(make({"/.*/"}).error().message,
              why + "[callers] allow must match no node, and it matches 'web1.example'");
    EXPECT_EQ(make({"/.*/"}).error().code, ErrorCode::invalid_config);
    EXPECT_TRUE(make({"ana"}));
}

TEST_F(X509Test, TheListOfCallersIsHeldAgainstTheLettersOfTheCertificate) {
    CertificateTerms terms = test::node_terms("web1.example");
    terms.dns_names.clear();
    terms.common_names = {"WEB1.Example"};
    const auto made =
        X509NodeKeys::make("web1.example", nodes_.credential(terms), files_.trust({&nodes_}),
                           CallerAllowList::parse(std::vector<std::string>{"/[A-Z].*/"}).value(), clock_);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("it matches 'WEB1.Example'"), std::string::npos)
        << made.error().message;
}

TEST_F(X509Test, AnExpiredCallerIsToldBeforeNodesAreSilent) {
    const Credential credential =
        callers_.credential(test::caller_terms("ana", clock_.wall_ms() - 10 * test::k_day_ms));
    const auto made = X509CallerKeys::make(credential, nodes_files_.trust({&nodes_}), clock_);
    ASSERT_FALSE(made);
    EXPECT_NE(
        made.error().message.find("so nodes would drop every request; renew it: hocket keys cert renew"),
        std::string::npos)
        << made.error().message;
}

TEST_F(X509Test, ACallerWhoseTimeHasNotComeIsToldBeforeNodesAreSilent) {
    const Credential credential =
        callers_.credential(test::caller_terms("ana", clock_.wall_ms() + 10 * test::k_day_ms));
    const auto made = X509CallerKeys::make(credential, nodes_files_.trust({&nodes_}), clock_);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find(
                  " by the clock of this machine; if that is right, nodes would drop every request"),
              std::string::npos)
        << made.error().message;
}

TEST_F(X509Test, ANodeRefusesTheCertificateOfAnother) {
    const Credential other = nodes_.credential(test::node_terms("web2.example"));
    const auto made = X509NodeKeys::make("web1.example", other, files_.trust({&callers_}), allowed_, clock_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message,
              other.certificate().title() +
                  ": it is that of node 'web2.example', this one is 'web1.example'; set "
                  "identity, or use this node's certificate");
}

TEST_F(X509Test, ACertificateThatEverybodyWouldRefuseIsRefusedAtTheStart) {
    CertificateTerms terms = test::node_terms("web1.example");
    terms.uses = {CertificateUse::client_auth};
    const Credential credential = nodes_.credential(terms);
    EXPECT_EQ(
        X509NodeKeys::make("web1.example", credential, files_.trust({&callers_}), allowed_, clock_)
            .error()
            .message,
        credential.certificate().title() + ": its extended key usage lacks serverAuth, so callers refuse it");
}

TEST_F(X509Test, AnExpiryIsSeenAlsoByWhatIsRemembered) {
    const X509NodeKeys keys = node();
    const std::string header = caller().sign_request(k_payload);
    ASSERT_TRUE(keys.verify_request(header, k_payload));
    EXPECT_TRUE(remembers(keys, header));
    clock_.advance_ms(2 * test::k_day_ms);
    EXPECT_FALSE(remembers(keys, header));
    const Error error = refusal(keys.verify_request(header, k_payload));
    EXPECT_EQ(error.code, ErrorCode::untrusted_certificate);
    EXPECT_NE(error.message.find("expired at"), std::string::npos) << error.message;
}

TEST_F(X509Test, AStaleCrlRefusesAlsoWhatIsRemembered) {
    callers_crl_ = callers_.crl({}, clock_.wall_ms(), 5000);
    const X509NodeKeys keys = node();
    const std::string header = caller().sign_request(k_payload);
    ASSERT_TRUE(keys.verify_request(header, k_payload));
    clock_.advance_ms(6000);
    const Error error = refusal(keys.verify_request(header, k_payload));
    EXPECT_NE(error.message.find("is stale"), std::string::npos) << error.message;
}

TEST_F(X509Test, NewChainsAreRationedAndRememberedOnesAreNot) {
    const X509NodeKeys keys = node(2);
    const auto ask = [&](const std::string& name) {
        const Credential credential = callers_.credential(test::caller_terms(name));
        return refusal(keys.verify_request(credential.sign_request(k_payload), k_payload)).code;
    };
    const std::string known = caller().sign_request(k_payload);
    ASSERT_TRUE(keys.verify_request(known, k_payload));
    EXPECT_EQ(ask("bob"), ErrorCode::internal);
    EXPECT_EQ(ask("carol"), ErrorCode::rate_limited);
    EXPECT_TRUE(keys.verify_request(known, k_payload));
    clock_.advance_ms(500);
    EXPECT_EQ(ask("carol"), ErrorCode::internal);
}

TEST_F(X509Test, AReplyCarriesOneCertificateAndARequestAtMostFour) {
    const test::Certified web1 = nodes_.issue(test::node_terms("web1.example"));
    const auto signed_with = [&](const test::Certified& made, std::size_t copies, MessageType type) {
        const std::string header =
            protected_header("EdDSA", std::vector<std::string>(copies, made.certificate.to_der()), type);
        return header + ".." +
               base64url_encode(
                   made.key.sign(crypto::SignatureAlgorithm::eddsa, signed_bytes(header, k_payload)));
    };
    const X509CallerKeys keys = caller();
    EXPECT_TRUE(keys.verify_reply(signed_with(web1, 1, MessageType::reply), k_payload));
    EXPECT_EQ(keys.verify_reply(signed_with(web1, 2, MessageType::reply), k_payload).error().code,
              ErrorCode::malformed_signature);
    const test::Certified ana = callers_.issue(test::caller_terms("ana"));
    EXPECT_TRUE(node().verify_request(signed_with(ana, 4, MessageType::request), k_payload));
    EXPECT_EQ(refusal(node().verify_request(signed_with(ana, 5, MessageType::request), k_payload)).code,
              ErrorCode::malformed_signature);
}

TEST_F(X509Test, FollowsTheIntermediatesThatARequestCarries) {
    const TestCa between("Between CA", &callers_);
    test::Certified made = between.issue(test::caller_terms("ana"));
    const Credential credential =
        Credential::make({made.certificate, between.certificate()}, std::move(made.key), std::nullopt)
            .value();
    EXPECT_TRUE(node().verify_request(credential.sign_request(k_payload), k_payload));
}

TEST_F(X509Test, ARingServesBothKinds) {
    const test::WirePair pair;
    PskNodeKeys psk("web1.example");
    psk.add({"ops", 1}, derive_node_psk(test::WirePair::psk(), "web1.example"));
    const NodeKeyRing ring(std::move(psk), node());
    const X509CallerKeys ana = caller();
    const auto by_certificate = ring.verify_request(ana.sign_request(k_payload), k_payload);
    const auto by_psk = ring.verify_request(pair.caller().sign_request(k_payload), k_payload);
    ASSERT_TRUE(by_certificate && by_psk);
    EXPECT_TRUE(ana.verify_reply(ring.sign_reply(*by_certificate, k_payload), k_payload));
    EXPECT_TRUE(pair.caller().verify_reply(ring.sign_reply(*by_psk, k_payload), k_payload));
    EXPECT_FALSE(ana.verify_reply(ring.sign_reply(*by_psk, k_payload), k_payload));
}

TEST_F(X509Test, ARingSaysWhichKindItLacks) {
    const test::WirePair pair;
    const NodeKeyRing only_certificates(PskNodeKeys("web1.example"), node());
    const NodeKeyRing only_psk(PskNodeKeys("web1.example"));
    EXPECT_EQ(refusal(only_certificates.verify_request(pair.caller().sign_request("{}"), "{}")).message,
              "it was signed with a pre-shared key, and there is no [[keys.psk]]");
    EXPECT_EQ(refusal(only_psk.verify_request(caller().sign_request("{}"), "{}")).message,
              "it was signed with a certificate, and there is no [keys.ssl]");
}

TEST(ChainCache, ForgetsTheOneThatWasNotUsedForTheLongestTime) {
    ChainCache cache(2);
    ChainSigner signer{"ana", "f1", crypto::PrivateKey::generate(KeyType::ed25519).public_key(),
                       crypto::SignatureAlgorithm::eddsa, 100};
    cache.insert("a", signer);
    signer.fingerprint = "f2";
    cache.insert("b", signer);
    EXPECT_NE(cache.find("a", 50), nullptr);
    signer.fingerprint = "f3";
    cache.insert("c", signer);
    EXPECT_EQ(cache.size(), 2U);
    EXPECT_NE(cache.find("a", 50), nullptr);
    EXPECT_EQ(cache.find("b", 50), nullptr);
    EXPECT_EQ(cache.find("a", 101), nullptr);
    EXPECT_EQ(cache.size(), 1U);
}

TEST(ChainCache, KeepsOneHeaderOfEachCertificate) {
    ChainCache cache(2);
    const crypto::PublicKey key = crypto::PrivateKey::generate(KeyType::ed25519).public_key();
    const ChainSigner ana{"ana", "f1", key, crypto::SignatureAlgorithm::eddsa, 100};
    const ChainSigner bob{"bob", "f2", key, crypto::SignatureAlgorithm::eddsa, 100};
    cache.insert("of bob", bob);
    for (const char* variant : {"a", " a", "  a"})
        cache.insert(variant, ana);
    EXPECT_EQ(cache.size(), 2U);
    EXPECT_NE(cache.find("of bob", 50), nullptr);
    EXPECT_NE(cache.find("  a", 50), nullptr);
    EXPECT_EQ(cache.find("a", 50), nullptr);
}

/// The names of a certificate with these terms.
class CertificateNames : public testing::Test {
protected:
    const crypto::Certificate& made() {
        certificates_.push_back(ca_.issue(terms_).certificate);
        return certificates_.back();
    }
    std::string caller() {
        const crypto::Certificate& certificate = made();
        return without_title(certificate, caller_name(certificate));
    }
    std::string node() {
        const crypto::Certificate& certificate = made();
        return without_title(certificate, node_name(certificate));
    }

    CertificateTerms terms_;

private:
    static std::string without_title(const crypto::Certificate& certificate,
                                     const Result<std::string>& name) {
        return name ? *name : name.error().message.substr(certificate.title().size() + 2);
    }

    TestCa ca_{"CA"};
    std::list<crypto::Certificate> certificates_;
};

TEST_F(CertificateNames, OfACallerAreTheUriElseTheCommonName) {
    terms_.common_names = {"ana"};
    EXPECT_EQ(caller(), "ana");
    terms_.uris = {"https://example.org", "hocket:caller:bob"};
    EXPECT_EQ(caller(), "bob");
    terms_.dns_names = {"desk.example"};
    EXPECT_EQ(caller(), "bob");
    terms_.uris = {"hocket:caller:bob", "hocket:caller:eve"};
    EXPECT_EQ(caller(), "it has more than one URI hocket:caller:NAME");
    terms_.uris = {"hocket:caller:b b"};
    EXPECT_EQ(caller(), "\"b b\" is not the name of a caller");
}

TEST_F(CertificateNames, OfACallerAreNeverThoseOfAHost) {
    terms_.common_names = {"web1.example"};
    terms_.dns_names = {"web1.example"};
    EXPECT_EQ(caller(), "it is that of a host, and has no URI hocket:caller:NAME");
}

TEST_F(CertificateNames, OfAnAddressAreNobodys) {
    terms_.common_names = {"10.0.0.5"};
    terms_.ip_addresses = {"10.0.0.5"};
    EXPECT_EQ(caller(), "it is that of a host, and has no URI hocket:caller:NAME");
    EXPECT_EQ(node(), "it names an address and no host");
}

TEST_F(CertificateNames, OfACallerNeedOneCommonName) {
    EXPECT_EQ(caller(), "it has 0 common names, not one");
    terms_.common_names = {"ana", "bob"};
    EXPECT_EQ(caller(), "it has 2 common names, not one");
    terms_.common_names = {std::string("ana\0x", 5)};
    EXPECT_EQ(caller(), "\"ana\\x00x\" is not the name of a caller");
}

TEST_F(CertificateNames, OfANodeAreTheHostElseTheCommonName) {
    terms_.common_names = {"Web1.Example"};
    EXPECT_EQ(node(), "web1.example");
    terms_.dns_names = {"DB1.example"};
    EXPECT_EQ(node(), "db1.example");
    terms_.dns_names = {"db1.example", "db.example"};
    EXPECT_EQ(node(), "its common name is none of its names of hosts");
    terms_.common_names = {"db.example"};
    EXPECT_EQ(node(), "db.example");
    terms_.dns_names = {"*.example"};
    EXPECT_EQ(node(), "\"*.example\" is not the identity of a node");
}

}  // namespace
}  // namespace hocket::wire
