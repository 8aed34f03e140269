#include "core/crypto/trust.h"

#include <gtest/gtest.h>
#include <list>

#include "tests/support/pki.h"

namespace hocket::crypto {
namespace {

using test::k_day_ms;

class TrustTest : public testing::Test {
protected:
    const Certificate& ana() {
        certificates_.push_back(ca_.issue(terms_).certificate);
        return certificates_.back();
    }

    /// Why it is refused, without the certificate's title; empty when it is not.
    std::string refusal_of(const Trust& trust, const Certificate& certificate, std::int64_t now_ms) const {
        const auto verified = trust.verify(std::span(&certificate, 1), use_, now_ms);
        if (verified) return "";
        EXPECT_EQ(verified.error().code, ErrorCode::untrusted_certificate);
        const std::string& message = verified.error().message;
        const std::string title = certificate.title() + ": ";
        return message.starts_with(title) ? message.substr(title.size()) : message;
    }
    std::string refusal_of(const Trust& trust, const Certificate& certificate) const {
        return refusal_of(trust, certificate, now_ms_);
    }

    std::string file(const char* name) const { return files_.path(name).string(); }

    test::TestCa ca_{"Callers CA"};
    test::PkiFiles files_;
    std::int64_t now_ms_ = test::FakeClock().wall_ms();
    CertificateTerms terms_ = test::caller_terms("ana");
    CertificateUse use_ = CertificateUse::client_auth;
    std::list<Certificate> certificates_;
};

TEST_F(TrustTest, HoldsUntilTheCertificateExpires) {
    const auto verified = files_.trust({&ca_}).verify(std::span(&ana(), 1), use_, now_ms_);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(*verified, terms_.not_after_ms);
}

TEST_F(TrustTest, HoldsNoLongerThanTheCrl) {
    const auto verified =
        files_.trust({&ca_}, ca_.crl({}, now_ms_, 1000)).verify(std::span(&ana(), 1), use_, now_ms_);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(*verified, now_ms_ + 1000);
}

TEST_F(TrustTest, RefusesAForeignCa) {
    const test::TestCa foreign("Foreign CA");
    EXPECT_EQ(refusal_of(files_.trust({&foreign}), ana()),
              "issued by 'CN=Callers CA', who is not in " + file("ca.pem"));
}

TEST_F(TrustTest, RefusesACaThatOnlyHasTheName) {
    const test::TestCa impostor("Callers CA");
    const std::string reason = refusal_of(files_.trust({&impostor}), ana());
    EXPECT_EQ(reason, "issued by 'CN=Callers CA', who is not in " + file("ca.pem"));
}

TEST_F(TrustTest, RefusesACertificateThatSignedItself) {
    const Certificate own = issue_self_signed(terms_, PrivateKey::generate(KeyType::ed25519)).value();
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), own), "issued by 'CN=ana', who is not in " + file("ca.pem"));
}

TEST_F(TrustTest, RefusesBeforeAndAfterTheValidity) {
    terms_.not_before_ms = 1'790'000'000'000;
    terms_.not_after_ms = 1'790'000'060'000;
    const Trust trust = files_.trust({&ca_});
    const Certificate& certificate = ana();
    EXPECT_EQ(refusal_of(trust, certificate, 1'789'999'999'000),
              "not valid before 2026-09-21 14:13:20 UTC, now is 2026-09-21 14:13:19 UTC");
    EXPECT_EQ(refusal_of(trust, certificate, 1'790'000'061'000),
              "expired at 2026-09-21 14:14:20 UTC, now is 2026-09-21 14:14:21 UTC");
}

TEST_F(TrustTest, RefusesTheUseThatItIsNotFor) {
    terms_.uses = {CertificateUse::server_auth};
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), ana()), "its extended key usage lacks clientAuth");
    use_ = CertificateUse::server_auth;
    terms_.uses = {CertificateUse::client_auth};
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), ana()), "its extended key usage lacks serverAuth");
    terms_.uses = {};
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), ana()), "");
}

TEST_F(TrustTest, RefusesAKeyThatMayNotSign) {
    terms_.may_sign = false;
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), ana()), "its key usage lacks digitalSignature");
}

TEST_F(TrustTest, RefusesACaAsTheSigner) {
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), ca_.certificate()), "it is the certificate of a CA");
}

TEST_F(TrustTest, RefusesWhatIsRevoked) {
    const Certificate& certificate = ana();
    EXPECT_EQ(refusal_of(files_.trust({&ca_}, ca_.crl({certificate.serial()})), certificate),
              "revoked by 'CN=Callers CA'");
    EXPECT_EQ(refusal_of(files_.trust({&ca_}, ca_.crl({ana().serial()})), certificate), "");
}

TEST_F(TrustTest, RefusesEverybodyWithoutACurrentCrl) {
    const test::TestCa other("Other CA");
    EXPECT_EQ(refusal_of(files_.trust({&ca_}, other.crl({})), ana()),
              "no CRL of 'CN=Callers CA' in " + file("crl.pem"));
    const Trust trust = files_.trust({&ca_}, ca_.crl({}, 1'790'000'000'000, 1000));
    EXPECT_EQ(refusal_of(trust, ana(), 1'790'000'002'000),
              "the CRL of 'CN=Callers CA' in " + file("crl.pem") +
                  " is stale: its replacement was due at 2026-09-21 14:13:21 UTC; fetch it");
    EXPECT_EQ(refusal_of(trust, ana(), 1'789'999'990'000),
              "the CRL of 'CN=Callers CA' in " + file("crl.pem") + " is not valid yet; look at the clocks");
    const test::TestCa impostor("Callers CA");
    EXPECT_NE(refusal_of(files_.trust({&ca_}, impostor.crl({})), ana()), "");
}

TEST_F(TrustTest, TellsWhoseCertificatesAreAllRefused) {
    const test::TestCa other("Other CA");
    const test::TestCa impostor("Callers CA");
    const std::string in_file = " in " + file("crl.pem");
    const auto messages_of = [&](const Trust& trust, std::int64_t now_ms) {
        std::string messages;
        for (const CaFault& fault : trust.faults(now_ms))
            messages += (fault.may_be_meant ? "(" + fault.message + ")" : fault.message) + "\n";
        return messages;
    };
    EXPECT_EQ(messages_of(files_.trust({&ca_, &other}), now_ms_), "");
    EXPECT_EQ(messages_of(files_.trust({&ca_, &other}, ca_.crl({}) + other.crl({})), now_ms_), "");
    EXPECT_EQ(messages_of(files_.trust({&ca_, &other}, other.crl({})), now_ms_),
              "(no CRL of 'CN=Callers CA'" + in_file + ")\n");
    EXPECT_EQ(messages_of(files_.trust({&ca_}, impostor.crl({})), now_ms_),
              "the CRL" + in_file + " was not signed by 'CN=Callers CA'\n");
    EXPECT_EQ(messages_of(files_.trust({&ca_}, ca_.crl({}, 1'790'000'000'000, 1000)), 1'790'000'002'000),
              "the CRL of 'CN=Callers CA'" + in_file +
                  " is stale: its replacement was due at 2026-09-21 14:13:21 UTC; fetch it\n");
    EXPECT_EQ(messages_of(files_.trust({&ca_}, ca_.crl({}, 1'790'000'000'000, 1000)), 1'789'999'990'000),
              "the CRL of 'CN=Callers CA'" + in_file + " is not valid yet; look at the clocks\n");
    const Trust trust = files_.trust({&ca_});
    EXPECT_EQ(trust.size(), 1U);
    EXPECT_EQ(messages_of(trust, now_ms_ + 11 * k_day_ms)
                  .find(file("ca.pem") + ": " + ca_.certificate().title() + ": expired at "),
              0U);
    EXPECT_EQ(messages_of(trust, now_ms_ - 11 * k_day_ms)
                  .find(file("ca.pem") + ": " + ca_.certificate().title() + ": not valid before "),
              0U);
}

TEST_F(TrustTest, OnlyTheNewestCrlOfACaCounts) {
    const Certificate& certificate = ana();
    const std::string older = ca_.crl({}, now_ms_, 30 * k_day_ms);
    const std::string newer = ca_.crl({certificate.serial()}, now_ms_ + 1000, 2000);
    for (const std::string& crls : {older + newer, newer + older}) {
        const Trust trust = files_.trust({&ca_}, crls);
        EXPECT_EQ(refusal_of(trust, certificate, now_ms_ + 2000), "revoked by 'CN=Callers CA'");
        EXPECT_NE(refusal_of(trust, certificate, now_ms_ + 5000).find("is stale"), std::string::npos)
            << "the older one does not bring it back";
    }
}

TEST_F(TrustTest, LooksAtTheSignatureBeforeTheCrl) {
    std::string der = ana().to_der();
    der.back() = static_cast<char>(der.back() ^ 1);
    const Certificate forged = Certificate::from_der(der).value();
    EXPECT_EQ(refusal_of(files_.trust({&ca_}, ca_.crl({forged.serial()})), forged),
              "not signed by the 'CN=Callers CA' in " + file("ca.pem"));
}

TEST_F(TrustTest, FollowsIntermediates) {
    const test::TestCa between("Between CA", &ca_);
    const std::vector<Certificate> chain = {between.issue(terms_).certificate, between.certificate()};
    EXPECT_TRUE(files_.trust({&ca_}).verify(chain, use_, now_ms_));
    EXPECT_EQ(refusal_of(files_.trust({&ca_}), chain.front()),
              "issued by 'CN=Between CA', who is not in " + file("ca.pem"));
    EXPECT_EQ(refusal_of(files_.trust({&between}), chain.front()), "")
        << "an intermediate may be trusted by itself";
}

TEST_F(TrustTest, AsksForACrlOfEachCaBelowATrustedOne) {
    const test::TestCa between("Between CA", &ca_);
    const std::vector<Certificate> chain = {between.issue(terms_).certificate, between.certificate()};
    EXPECT_FALSE(files_.trust({&ca_}, ca_.crl({})).verify(chain, use_, now_ms_));
    EXPECT_TRUE(files_.trust({&ca_}, ca_.crl({}) + between.crl({})).verify(chain, use_, now_ms_));
    EXPECT_TRUE(files_.trust({&between}, between.crl({})).verify(chain, use_, now_ms_));
    const auto revoked = files_.trust({&ca_}, ca_.crl({between.certificate().serial()}) + between.crl({}))
                             .verify(chain, use_, now_ms_);
    ASSERT_FALSE(revoked);
    EXPECT_EQ(revoked.error().message, between.certificate().title() + ": revoked by 'CN=Callers CA'");
}

TEST_F(TrustTest, NoCrlSpeaksAboutATrustedCa) {
    const test::TestCa between("Between CA", &ca_);
    const std::vector<Certificate> chain = {between.issue(terms_).certificate, between.certificate()};
    const std::string serial = between.certificate().serial();
    const std::string of_root[] = {ca_.crl({}), ca_.crl({}, now_ms_ - 2 * k_day_ms, k_day_ms),
                                   test::TestCa("Callers CA").crl({serial})};
    for (const std::string& crl : of_root) {
        for (const Trust& trust : {files_.trust({&between}, crl + between.crl({})),
                                   files_.trust({&between, &ca_}, between.crl({}) + crl)}) {
            const auto verified = trust.verify(chain, use_, now_ms_);
            ASSERT_TRUE(verified) << verified.error().message;
            EXPECT_GT(*verified, now_ms_);
            EXPECT_EQ(refusal_of(trust, chain.front(), terms_.not_after_ms + 1000).substr(0, 7), "expired");
        }
    }
    EXPECT_EQ(refusal_of(files_.trust({&between}, ca_.crl({}) + between.crl({chain.front().serial()})),
                         chain.front()),
              "revoked by 'CN=Between CA'");
}

TEST_F(TrustTest, ATrustedCaMayRevokeAnother) {
    const test::TestCa between("Between CA", &ca_);
    const std::vector<Certificate> chain = {between.issue(terms_).certificate, between.certificate()};
    const std::string revoked =
        " (serial " + between.certificate().serial() + "): revoked by 'CN=Callers CA'";
    for (const std::int64_t since : {now_ms_, now_ms_ - 2 * k_day_ms}) {
        const std::string crl = ca_.crl({between.certificate().serial()}, since, k_day_ms) + between.crl({});
        EXPECT_TRUE(files_.trust({&between}, crl).verify(chain, use_, now_ms_))
            << "it alone is trusted as it is";
        const Trust both = files_.trust({&between, &ca_}, crl);
        const auto refused = both.verify(chain, use_, now_ms_);
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().message.find(revoked), std::string::npos) << refused.error().message;
        EXPECT_NE(both.faults(now_ms_)[0].message.find(revoked), std::string::npos);
        EXPECT_FALSE(both.faults(now_ms_)[0].may_be_meant);
    }
}

TEST_F(TrustTest, TellsWhoseCertificatesItReaches) {
    const test::TestCa between("Between CA", &ca_);
    const test::TestCa foreign("Foreign CA");
    const std::vector<Certificate> chain = {between.issue(terms_).certificate, between.certificate()};
    terms_.uses = {CertificateUse::server_auth};
    terms_.not_after_ms = now_ms_ - k_day_ms / 2;
    const Trust trust = files_.trust({&ca_});
    EXPECT_TRUE(trust.reaches(chain));
    EXPECT_TRUE(trust.reaches(std::span(&ana(), 1))) << "whatever it is for, and whenever";
    EXPECT_FALSE(files_.trust({&foreign}).reaches(chain));
}

TEST_F(TrustTest, RefusesFilesThatAreNotWhatTheyShouldBe) {
    const auto problem = [&](const std::string& ca, const std::string& crl) {
        const auto trust =
            Trust::read(files_.write("a.pem", ca), crl.empty() ? "" : files_.write("b.pem", crl));
        return trust ? "" : trust.error().message;
    };
    const Certificate& leaf = ana();
    EXPECT_EQ(problem(leaf.to_pem(), ""), file("a.pem") + ": " + leaf.title() + " is not that of a CA");
    EXPECT_EQ(problem("text", ""),
              file("a.pem") + ": no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    EXPECT_EQ(problem(ca_.certificate().to_pem(), "text"),
              file("b.pem") + ": no CRL in PEM form (-----BEGIN X509 CRL-----)");
    std::string broken = ca_.certificate().to_pem();
    broken.replace(100, 4, "!!!!");
    EXPECT_TRUE(problem(ca_.certificate().to_pem() + broken, "")
                    .starts_with(file("a.pem") + ": certificate 2 is broken"));
}

}  // namespace
}  // namespace hocket::crypto
