#include "client/keys/ca_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/keys/roles.h"
#include "core/base/text.h"
#include "core/crypto/trust.h"
#include "core/wire/certificate_names.h"
#include "tests/support/pki.h"

namespace hocket::keys {
namespace {

using crypto::Certificate;
using crypto::CertificateUse;
using test::k_day_ms;

class CaFolderTest : public testing::Test {
protected:
    CaFolderTest() { init().value(); }

    Result<int> init() {
        crypto::CertificateTerms terms = ca_certificate("Test CA").value();
        terms.not_before_ms = clock_.wall_ms();
        terms.not_after_ms = clock_.wall_ms() + 100 * k_day_ms;
        const Result<void> made =
            CaFolder::init(path(), terms, crypto::PrivateKey::generate(crypto::KeyType::ed25519),
                           clock_.wall_ms() + k_day_ms, clock_);
        if (!made) return made.error();
        return 0;
    }

    CaFolder open() const { return std::move(CaFolder::open(path(), clock_).value()); }

    Certificate issue(const std::string& caller, std::int64_t span_ms = k_day_ms) const {
        CaFolder ca = open();
        return ca.issue(caller_certificate(caller).value(), key_.public_key(), ca.validity_for(span_ms))
            .value();
    }

    /// Why the CA's own certificate and CRL do not let it pass; empty when they do.
    std::string refusal_of(const Certificate& certificate) const {
        const auto trust = crypto::Trust::read(path() / "ca.pem", path() / "crl.pem");
        const auto verified =
            trust->verify(std::span(&certificate, 1), CertificateUse::client_auth, clock_.wall_ms());
        return verified ? "" : verified.error().message.substr(certificate.title().size() + 2);
    }

    std::filesystem::path path() const { return folder_ / "ca"; }
    std::string content(const char* name) const { return read_file(path() / name, 1U << 20U).value(); }

    test::FakeClock clock_;
    test::TemporaryFolder folder_;
    crypto::PrivateKey key_ = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
};

TEST_F(CaFolderTest, ItsKeyIsPrivate) {
    struct stat status{};
    ASSERT_EQ(::stat((path() / "ca.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(CaFolderTest, IsNeverReplaced) {
    const std::string before = content("ca.key");
    EXPECT_EQ(init().error().code, ErrorCode::io);
    EXPECT_EQ(content("ca.key"), before);
}

TEST_F(CaFolderTest, WhatItIssuesPassesAndIsWrittenDown) {
    const Certificate ana = issue("ana");
    EXPECT_EQ(refusal_of(ana), "");
    EXPECT_EQ(wire::caller_name(ana).value(), "ana");
    const std::vector<IndexEntry> index = parse_index(content("index.txt")).value();
    ASSERT_EQ(index.size(), 1U);
    EXPECT_EQ(index[0].serial, ana.serial());
    EXPECT_EQ(index[0].subject, "/CN=ana");
    EXPECT_EQ(index[0].expires_ms, ana.not_after_ms());
    EXPECT_EQ(content(("issued/" + ana.serial() + ".pem").c_str()), ana.to_pem());
}

TEST_F(CaFolderTest, MakesTheFolderThatAnotherCaHasNot) {
    std::filesystem::remove_all(path() / "issued");
    const Certificate ana = issue("ana");
    EXPECT_EQ(content(("issued/" + ana.serial() + ".pem").c_str()), ana.to_pem());
}

TEST_F(CaFolderTest, WhatItRevokesIsRefusedByTheNextCrl) {
    const Certificate ana = issue("ana");
    key_ = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
    const Certificate bob = issue("bob");
    CaFolder ca = open();
    ASSERT_TRUE(ca.revoke(ana.serial()));
    EXPECT_EQ(refusal_of(ana), "") << "the old CRL";
    ASSERT_TRUE(ca.write_crl(clock_.wall_ms() + k_day_ms));
    EXPECT_EQ(refusal_of(ana), "revoked by 'CN=Test CA'");
    EXPECT_EQ(refusal_of(bob), "");
    EXPECT_EQ(ca.revoke(ana.serial()).value(), std::vector<std::string>()) << "done twice is no error";
}

TEST_F(CaFolderTest, NumbersItsCrls) {
    EXPECT_EQ(content("crlnumber"), "02\n");
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(open().write_crl(clock_.wall_ms() + k_day_ms));
    EXPECT_EQ(content("crlnumber"), "012e\n");
}

TEST_F(CaFolderTest, RenewsForTheSameKeyAndNames) {
    const Certificate ana = issue("ana");
    clock_.advance_ms(k_day_ms / 2);
    CaFolder ca = open();
    const Certificate renewed = ca.renew(ana, ca.validity_for(30 * k_day_ms)).value();
    EXPECT_NE(renewed.serial(), ana.serial());
    EXPECT_EQ(renewed.public_key().value(), ana.public_key().value());
    EXPECT_EQ(renewed.uris(), ana.uris());
    EXPECT_EQ(renewed.not_after_ms(), clock_.wall_ms() + 30 * k_day_ms);
    EXPECT_EQ(refusal_of(renewed), "");
    EXPECT_EQ(refusal_of(ana), "") << "the old one stays good until it expires";
}

TEST_F(CaFolderTest, RevokesAllCertificatesOfAKey) {
    const Certificate ana = issue("ana");
    key_ = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
    const Certificate bob = issue("bob");
    CaFolder ca = open();
    const Certificate renewed = ca.renew(ana, ca.validity_for(30 * k_day_ms)).value();
    EXPECT_EQ(ca.revoke(renewed).value(), (std::vector<std::string>{ana.serial(), renewed.serial()}));
    ASSERT_TRUE(ca.write_crl(clock_.wall_ms() + k_day_ms));
    EXPECT_EQ(refusal_of(ana), "revoked by 'CN=Test CA'");
    EXPECT_EQ(refusal_of(renewed), "revoked by 'CN=Test CA'");
    EXPECT_EQ(refusal_of(bob), "");
}

TEST_F(CaFolderTest, RevokesBySerialNumberAsOthersPrintIt) {
    const Certificate ana = issue("ana");
    std::string colons;
    for (std::size_t i = 0; i < ana.serial().size(); i += 2)
        colons += (i == 0 ? "" : ":") + to_lower_ascii(ana.serial().substr(i, 2));
    EXPECT_EQ(open().revoke(colons).value(), std::vector<std::string>{ana.serial()});
}

TEST_F(CaFolderTest, DoesNotRenewWhatItRevokedOrNeverIssued) {
    const Certificate ana = issue("ana");
    const Certificate foreign = test::TestCa("Test CA").issue(test::caller_terms("ana")).certificate;
    CaFolder ca = open();
    EXPECT_EQ(ca.renew(foreign, ca.validity_for(k_day_ms)).error().message,
              foreign.title() + ": not issued by the CA in " + path().string());
    EXPECT_EQ(ca.revoke(foreign).error().message,
              foreign.title() + ": not issued by the CA in " + path().string());
    ASSERT_TRUE(ca.revoke(ana.serial()));
    EXPECT_EQ(ca.renew(ana, ca.validity_for(k_day_ms)).error().code, ErrorCode::usage);
    EXPECT_EQ(ca.revoke("00FF").error().code, ErrorCode::usage);
}

TEST_F(CaFolderTest, RevokesAndRenewsWhatWasSignedPastItsIndex) {
    const crypto::Issuer issuer{Certificate::read(path() / "ca.pem").value().front(),
                                crypto::PrivateKey::read(path() / "ca.key").value()};
    crypto::CertificateTerms terms = caller_certificate("bob").value();
    terms.not_before_ms = clock_.wall_ms();
    terms.not_after_ms = clock_.wall_ms() + k_day_ms;
    const Certificate certificate = crypto::issue_certificate(terms, key_.public_key(), issuer).value();
    EXPECT_EQ(open().revoke(certificate.serial()).error().message,
              "index.txt of the CA in " + path().string() + " has no certificate with serial \"" +
                  certificate.serial() + "\"; of one that was signed without it give the file");

    CaFolder ca = open();
    const Certificate renewed = ca.renew(certificate, ca.validity_for(k_day_ms)).value();
    EXPECT_EQ(ca.revoke(certificate).value(),
              (std::vector<std::string>{certificate.serial(), renewed.serial()}));
    EXPECT_TRUE(ca.write_crl(clock_.wall_ms() + k_day_ms));
    EXPECT_NE(refusal_of(certificate), "");
    EXPECT_NE(refusal_of(renewed), "");
}

TEST_F(CaFolderTest, NeitherRevokesNorRenewsItself) {
    CaFolder ca = open();
    for (const Error& error : {ca.revoke(ca.certificate()).error(),
                               ca.renew(ca.certificate(), ca.validity_for(k_day_ms)).error()}) {
        EXPECT_EQ(error.code, ErrorCode::usage);
        EXPECT_NE(error.message.find("the CA's own"), std::string::npos) << error.message;
    }
}

TEST_F(CaFolderTest, IsNotOpenedWithAForeignKey) {
    const crypto::Secret other = crypto::PrivateKey::generate(crypto::KeyType::ed25519).to_pem();
    std::filesystem::remove(path() / "ca.key");
    ASSERT_TRUE(create_file(path() / "ca.key", other.expose(), 0600));
    const auto opened = CaFolder::open(path(), clock_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().message,
              (path() / "ca.key").string() +
                  ": not the key of the certificate in ca.pem beside it; put back the "
                  "two files that were made together");
}

TEST_F(CaFolderTest, KeepsItsCrlWhereALinkLeads) {
    std::filesystem::rename(path() / "crl.pem", folder_ / "published.pem");
    std::filesystem::create_symlink("../published.pem", path() / "crl.pem");
    const std::string before = read_file(folder_ / "published.pem", 10'000).value();
    ASSERT_TRUE(open().write_crl(clock_.wall_ms() + k_day_ms));
    EXPECT_TRUE(std::filesystem::is_symlink(path() / "crl.pem"));
    EXPECT_NE(read_file(folder_ / "published.pem", 10'000).value(), before);
}

TEST_F(CaFolderTest, IssuesNothingThatOutlivesIt) {
    const std::int64_t its_end = open().certificate().not_after_ms();
    EXPECT_EQ(issue("ana", 1000 * k_day_ms).not_after_ms(), its_end);
}

TEST_F(CaFolderTest, SaysHowToMakeOneWhereThereIsNone) {
    const auto none = CaFolder::open(folder_ / "none", clock_);
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("hocket keys ca init"), std::string::npos) << none.error().message;
}

TEST(CaIndex, ReadsWhatOpensslWrites) {
    const auto index = parse_index(
        "V\t271228132911Z\t\t1000\tunknown\t/CN=ana\n"
        "E\t201228132911Z\t\t1001\tunknown\t/CN=old\n"
        "R\t20501228132911Z\t261126132911Z,keyCompromise\tAB\tunknown\t/O=x/CN=bob\n");
    ASSERT_TRUE(index) << index.error().message;
    ASSERT_EQ(index->size(), 3U);
    EXPECT_EQ((*index)[0].expires_ms, 1'830'000'551'000);
    EXPECT_FALSE((*index)[1].revoked_ms);
    EXPECT_EQ((*index)[2].expires_ms, 2'555'846'951'000);
    EXPECT_EQ((*index)[2].revoked_ms, 1'795'699'751'000);
    EXPECT_EQ((*index)[2].serial, "AB");
}

TEST(CaIndex, WritesWhatItReads) {
    const std::string text =
        "V\t271228132911Z\t\t1000\tunknown\t/CN=ana\n"
        "R\t20501228132911Z\t261126132911Z,keyCompromise\tAB\tcerts/AB.pem\t/CN=bob\n";
    EXPECT_EQ(write_index(parse_index(text).value()), text);
}

TEST(CaIndex, NamesTheLineThatIsNone) {
    for (const char* line :
         {"X\t271228132911Z\t\t1000\tunknown\t/CN=ana", "V\t271228132911\t\t10\tunknown\t/CN=a",
          "R\t271228132911Z\t\t1000\tunknown\t/CN=ana", "V\t271228132911Z\t\t1000", "text"}) {
        const auto index = parse_index("V\t271228132911Z\t\t1000\tunknown\t/CN=ana\n" + std::string(line));
        ASSERT_FALSE(index) << line;
        EXPECT_EQ(index.error().message, "line 2 is not one of openssl's index of certificates");
    }
}

TEST(Roles, RefuseNamesOutsideOfTheirGrammar) {
    EXPECT_EQ(caller_certificate("a b").error().code, ErrorCode::usage);
    EXPECT_EQ(node_certificate("Web1").error().code, ErrorCode::usage);
    EXPECT_EQ(broker_certificate({"nats1", "a/b"}).error().code, ErrorCode::usage);
    EXPECT_EQ(ca_certificate("").error().code, ErrorCode::usage);
    EXPECT_EQ(ca_certificate("a\x1b[31m").error().code, ErrorCode::usage);
}

TEST(Roles, ABrokerHasNamesAndAddresses) {
    const crypto::CertificateTerms terms = broker_certificate({"nats1.example", "10.0.0.5", "::1"}).value();
    EXPECT_EQ(terms.dns_names, std::vector<std::string>{"nats1.example"});
    EXPECT_EQ(terms.ip_addresses, (std::vector<std::string>{"10.0.0.5", "::1"}));
}

TEST(Roles, ALongIdentityStandsAmongTheAlternativeNamesAlone) {
    const std::string identity = std::string(40, 'a') + '.' + std::string(40, 'b');
    const Certificate node = test::TestCa("CA").issue(node_certificate(identity).value()).certificate;
    EXPECT_TRUE(node.common_names().empty());
    EXPECT_EQ(wire::node_name(node).value(), identity);
}

}  // namespace
}  // namespace hocket::keys
