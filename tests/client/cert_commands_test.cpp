#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "client/lib/caller_keys.h"
#include "core/base/file.h"
#include "core/crypto/trust.h"
#include "tests/support/temporary_folder.h"

namespace hocket::cli {
namespace {

/// `hocket keys ca|cert|crl` with a CA in a folder of its own.
class CertCommandsTest : public testing::Test {
protected:
    CertCommandsTest() {
        console_.out = [this](std::string_view text) { out_ += text; };
        console_.err = [this](std::string_view text) { err_ += text; };
        CaInitCommand init;
        init.folder = ca();
        run_ca_init(line_, init, console_).value();
        out_.clear();
    }

    Result<int> issue(CertIssueCommand command) {
        command.ca = ca();
        command.folder = folder_.path();
        return run_cert_issue(line_, command, console_);
    }
    Result<int> issue_caller(const std::string& name, const std::string& key_type = "ed25519") {
        CertIssueCommand command;
        command.caller = name;
        command.key_type = key_type;
        return issue(command);
    }

    Json document() const { return Json::parse(out_); }
    std::filesystem::path ca() const { return folder_ / "ca"; }

    test::TemporaryFolder folder_;
    Console console_;
    CommandLine line_;
    std::string out_;
    std::string err_;
};

TEST_F(CertCommandsTest, IssueMakesWhatACallerNeeds) {
    EXPECT_EQ(*issue_caller("ana"), 0);
    EXPECT_EQ(out_, (folder_ / "ana.pem").string() + '\n' + (folder_ / "ana.key").string() + '\n');
    client::KeyConfig key;
    key.cert = folder_ / "ana.pem";
    key.cert_key = folder_ / "ana.key";
    key.node_ca = ca() / "ca.pem";
    key.node_crl = ca() / "crl.pem";
    const SystemClock clock;
    const auto keys = client::read_caller_keys(key, clock);
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ((*keys)->caller(), "cert=ana");
}

TEST_F(CertCommandsTest, IssueMakesEveryTypeOfKey) {
    const std::map<std::string, std::string> types = {
        {"ed25519", "Ed25519"}, {"p256", "P-256"}, {"rsa2048", "RSA 2048"}, {"rsa3072", "RSA 3072"}};
    for (const auto& [type, shown] : types) {
        ASSERT_TRUE(issue_caller(type, type));
        const auto certificate = crypto::Certificate::read(folder_ / (type + ".pem"))->front();
        EXPECT_EQ(certificate.public_key()->description(), shown);
    }
}

TEST_F(CertCommandsTest, IssueReplacesNothingAndWritesNothingDownThen) {
    ASSERT_TRUE(issue_caller("ana"));
    const std::string index = read_file(ca() / "index.txt", 10'000).value();
    const std::string key = read_file(folder_ / "ana.key", 10'000).value();
    EXPECT_EQ(issue_caller("ana").error().code, ErrorCode::io);
    EXPECT_EQ(read_file(ca() / "index.txt", 10'000).value(), index);
    EXPECT_EQ(read_file(folder_ / "ana.key", 10'000).value(), key);
}

TEST_F(CertCommandsTest, IssuesNothingThatItCannotWrite) {
    CertIssueCommand command;
    command.ca = ca();
    command.caller = "ana";
    command.folder = folder_ / "none";
    const Result<int> issued = run_cert_issue(line_, command, console_);
    EXPECT_EQ(issued.error().message,
              command.folder.string() + ": there is no such folder; make it first, or choose another --dir");
    EXPECT_EQ(read_file(ca() / "index.txt", 10'000).value(), "");
    EXPECT_TRUE(std::filesystem::is_empty(ca() / "issued"));
}

TEST_F(CertCommandsTest, IssueLeavesNoKeyBehindThatIsNotCertified) {
    std::filesystem::remove(ca() / "issued");
    ASSERT_TRUE(create_file(ca() / "issued", "no folder", 0600));
    EXPECT_EQ(issue_caller("ana").error().code, ErrorCode::io);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "ana.key"));
}

TEST_F(CertCommandsTest, ShowTellsForWhomACertificateIs) {
    CertIssueCommand command;
    command.node = "web1.example";
    ASSERT_TRUE(issue(command));
    out_.clear();
    EXPECT_EQ(*run_cert_show(line_, {folder_ / "web1.example.pem"}, console_), 0);
    for (const char* part : {"subject    CN=web1.example\n", "issuer     CN=Hocket ca\n", "(396 days left)\n",
                             "as caller  no: it is that of a host, and has no URI hocket:caller:NAME\n",
                             "as node    web1.example\n"}) {
        EXPECT_NE(out_.find(part), std::string::npos) << part << " in\n" << out_;
    }
}

TEST_F(CertCommandsTest, ShowIsADocumentToo) {
    ASSERT_TRUE(issue_caller("ana"));
    out_.clear();
    line_.common.json = true;
    EXPECT_EQ(*run_cert_show(line_, {folder_ / "ana.pem"}, console_), 0);
    EXPECT_EQ(document()["caller"], "cert=ana");
    EXPECT_EQ(document()["node"], nullptr);
    EXPECT_EQ(document()["key"], "Ed25519");
}

TEST_F(CertCommandsTest, NoCertificateOutlivesItsCaAndThatIsSaid) {
    CertIssueCommand command;
    command.caller = "ana";
    command.days = 30'000;
    ASSERT_TRUE(issue(command));
    const auto authority = crypto::Certificate::read(ca() / "ca.pem")->front();
    const std::string told = "valid only until " + utc_text(authority.not_after_ms()) + ", when its CA ends";
    EXPECT_TRUE(err_.starts_with(told)) << err_;
    err_.clear();
    EXPECT_EQ(*run_cert_renew(line_, {folder_ / "ana.pem", ca(), 30'000}, console_), 0);
    EXPECT_TRUE(err_.starts_with(told)) << err_;
    err_.clear();
    EXPECT_EQ(*run_cert_renew(line_, {folder_ / "ana.pem", ca(), 300}, console_), 0);
    EXPECT_EQ(err_, "");
}

TEST_F(CertCommandsTest, RenewReplacesTheFileAndKeepsTheKey) {
    ASSERT_TRUE(issue_caller("ana"));
    const auto before = crypto::Certificate::read(folder_ / "ana.pem")->front();
    EXPECT_EQ(*run_cert_renew(line_, {folder_ / "ana.pem", ca(), 1000}, console_), 0);
    const auto after = crypto::Certificate::read(folder_ / "ana.pem")->front();
    EXPECT_GT(after.not_after_ms(), before.not_after_ms());
    EXPECT_EQ(after.public_key().value(), before.public_key().value());
}

TEST_F(CertCommandsTest, RenewReplacesWhatALinkNames) {
    ASSERT_TRUE(issue_caller("ana"));
    std::filesystem::create_symlink("ana.pem", folder_ / "link.pem");
    EXPECT_EQ(*run_cert_renew(line_, {folder_ / "link.pem", ca(), 1000}, console_), 0);
    EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.pem"));
    const auto renewed = crypto::Certificate::read(folder_ / "ana.pem")->front();
    EXPECT_GT(renewed.not_after_ms(), SystemClock().wall_ms() + 900LL * 24 * 60 * 60 * 1000);
}

TEST_F(CertCommandsTest, RevokeSaysThatAFileIsMissing) {
    EXPECT_EQ(run_cert_revoke(line_, {"nofile.pem", ca(), 1}, console_).error().message,
              "\"nofile.pem\": there is no such file, and it is no serial number: these are hexadecimal, as "
              "hocket keys cert show tells them");
}

TEST_F(CertCommandsTest, DocumentsAboutACrlNameAllOfIt) {
    ASSERT_TRUE(issue_caller("ana"));
    ASSERT_TRUE(issue_caller("bob"));
    const std::string ana = crypto::Certificate::read(folder_ / "ana.pem")->front().serial();
    const std::string bob = crypto::Certificate::read(folder_ / "bob.pem")->front().serial();
    EXPECT_EQ(*run_cert_revoke(line_, {ana, ca(), 1}, console_), 0);
    line_.common.json = true;
    out_.clear();
    EXPECT_EQ(*run_cert_revoke(line_, {bob, ca(), 1}, console_), 0);
    EXPECT_EQ(document()["revoked"], (Json{ana, bob}));
    EXPECT_EQ(document()["newly_revoked"], Json{bob});
    out_.clear();
    EXPECT_EQ(*run_crl(line_, {ca(), 1}, console_), 0);
    EXPECT_EQ(document()["revoked"], (Json{ana, bob}));
    EXPECT_EQ(document()["newly_revoked"], Json::array());
}

TEST_F(CertCommandsTest, RevokeTakesAFileOrASerialNumberAndWritesTheCrl) {
    ASSERT_TRUE(issue_caller("ana"));
    ASSERT_TRUE(issue_caller("bob"));
    const auto bob = crypto::Certificate::read(folder_ / "bob.pem")->front();
    out_.clear();
    EXPECT_EQ(*run_cert_revoke(line_, {folder_ / "ana.pem", ca(), 1}, console_), 0);
    EXPECT_EQ(*run_cert_revoke(line_, {bob.serial(), ca(), 1}, console_), 0);
    EXPECT_EQ(out_, (ca() / "crl.pem").string() + '\n' + (ca() / "crl.pem").string() + '\n');
    const auto trust = crypto::Trust::read(ca() / "ca.pem", ca() / "crl.pem");
    EXPECT_EQ(trust->verify(std::span(&bob, 1), crypto::CertificateUse::client_auth, SystemClock().wall_ms())
                  .error()
                  .message,
              bob.title() + ": revoked by 'CN=Hocket ca'");
}

TEST_F(CertCommandsTest, CrlIsGoodForTheDaysAsked) {
    line_.common.json = true;
    EXPECT_EQ(*run_crl(line_, {ca(), 2}, console_), 0);
    const auto trust = crypto::Trust::read(ca() / "ca.pem", ca() / "crl.pem");
    EXPECT_EQ(*trust->crl_next_update_ms() / 1000, document()["next_update_ms"].get<std::int64_t>() / 1000);
}

TEST_F(CertCommandsTest, ACaIsNeverReplaced) {
    CaInitCommand init;
    init.folder = ca();
    EXPECT_EQ(
        run_ca_init(line_, init, console_).error().message,
        (ca() / "ca.key").string() + ": there is one, and a CA is never replaced; choose another folder");
}

TEST_F(CertCommandsTest, ACaThatCannotBeWrittenHasThatReasonAlone) {
    CaInitCommand init;
    init.folder = folder_.write("file", "") / "ca";
    EXPECT_EQ(run_ca_init(line_, init, console_).error().message,
              (init.folder / "issued").string() +
                  ": cannot create this folder: Not a directory; choose a place where this user may write");
}

}  // namespace
}  // namespace hocket::cli
