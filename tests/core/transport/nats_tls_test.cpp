#include <chrono>
#include <cstdlib>
#include <gtest/gtest.h>

#include "core/transport/nats_transport.h"
#include "tests/support/nats_server.h"
#include "tests/support/pki.h"

namespace hocket::transport {
namespace {

using namespace std::chrono_literals;

/// A broker that wants certificates of its clients.
class NatsTlsTest : public testing::Test {
protected:
    NatsTlsTest() {
        crypto::CertificateTerms terms = test::node_terms("broker", k_now_ms);
        terms.ip_addresses = {"127.0.0.1"};
        write("broker", brokers_, terms);
        files_.write("brokers-ca.pem", brokers_.certificate().to_pem());
        write_client(old_);
    }

    void write(const std::string& name, const test::TestCa& ca, const crypto::CertificateTerms& terms) const {
        const test::Certified made = ca.issue(terms);
        files_.write(name + ".pem", made.certificate.to_pem());
        files_.write(name + ".key", std::string(made.key.to_pem().expose()));
    }

    void write_client(const test::TestCa& ca) const {
        write("client", ca, test::caller_terms("ana", k_now_ms));
    }

    std::string path(const std::string& name) const { return files_.path(name).string(); }

    std::vector<std::string> arguments_trusting(const test::TestCa& clients) const {
        return {"--tls",
                "--tlscert",
                path("broker.pem"),
                "--tlskey",
                path("broker.key"),
                "--tlsverify",
                "--tlscacert",
                files_.write("clients-ca.pem", clients.certificate().to_pem()).string()};
    }

    NatsOptions options(NatsOptions::Start start) const {
        NatsOptions made;
        made.urls = {server_.url()};
        made.start = start;
        made.max_reconnect_wait_ms = 200;
        made.tls_ca_file = path("brokers-ca.pem");
        made.tls_cert_file = path("client.pem");
        made.tls_key_file = path("client.key");
        return made;
    }

    std::string error_of(const NatsOptions& options) {
        const auto connected = connect_nats(io_, options);
        return connected ? "" : connected.error().message;
    }

    template <class Condition>
    bool run_until(Condition condition, std::chrono::milliseconds longest = 10s) {
        const auto deadline = std::chrono::steady_clock::now() + longest;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            io_.restart();
            io_.run_for(10ms);
        }
        return condition();
    }

    static inline const std::int64_t k_now_ms = SystemClock().wall_ms();

    test::PkiFiles files_;
    test::TestCa brokers_{"brokers", nullptr, k_now_ms};
    test::TestCa old_{"old", nullptr, k_now_ms};
    test::TestCa fresh_{"fresh", nullptr, k_now_ms};
    boost::asio::io_context io_;
    test::NatsServer server_;
};

void expect_holds(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST_F(NatsTlsTest, ConnectsAgainWithACertificateThatWasRenewedMeanwhile) {
    server_.stop();
    server_.start(arguments_trusting(old_));
    auto connected = connect_nats(io_, options(NatsOptions::Start::connected));
    ASSERT_TRUE(connected) << connected.error().message;
    Transport& transport = **connected;
    std::string complaints;
    transport.on_error([&](const std::string& reason) { complaints += reason + '\n'; });
    int received = 0;
    const auto subscription = transport.subscribe("t", [&](const wire::Message&) { ++received; });
    server_.stop();
    server_.start(arguments_trusting(fresh_));
    ASSERT_TRUE(run_until([&] { return !complaints.empty(); }));
    expect_holds(complaints, "cannot connect to the broker " + server_.url() + ": ");
    write_client(fresh_);
    ASSERT_TRUE(run_until([&] { return transport.state() == ConnectionState::connected; })) << complaints;
    wire::Message message;
    message.subject = "t";
    ASSERT_TRUE(transport.publish(message));
    EXPECT_TRUE(run_until([&] { return received == 1; }));
}

TEST_F(NatsTlsTest, SaysWhatToLookAtWhenTheBrokerDoesNotTakeItsCertificate) {
    server_.stop();
    server_.start(arguments_trusting(fresh_));
    NatsOptions tried = options(NatsOptions::Start::connected);
    expect_holds(error_of(tried), "look at tls_cert of [nats] (" + path("client.pem") + "): is it valid");
    tried.tls_cert_file.clear();
    tried.tls_key_file.clear();
    expect_holds(error_of(tried),
                 "does the broker want a certificate? then set tls_cert and tls_key of [nats]");
}

TEST_F(NatsTlsTest, TrustsNoCaOfTheSystem) {
    server_.stop();
    server_.start({"--tls", "--tlscert", path("broker.pem"), "--tlskey", path("broker.key")});
    ::setenv("SSL_CERT_FILE", path("brokers-ca.pem").c_str(), 1);
    NatsOptions without;
    without.urls = {server_.url()};
    without.start = NatsOptions::Start::connected;
    expect_holds(error_of(without), "the broker wants TLS: set tls_ca of [nats]");
    without.start = NatsOptions::Start::retry;
    without.max_reconnect_wait_ms = 20;
    {
        const auto transport = connect_nats(io_, without);
        ASSERT_TRUE(transport);
        EXPECT_FALSE(run_until([&] { return (*transport)->state() == ConnectionState::connected; }, 300ms));
    }
    EXPECT_EQ(std::getenv("SSL_CERT_FILE"), path("brokers-ca.pem"));
    ::unsetenv("SSL_CERT_FILE");
}

TEST_F(NatsTlsTest, RefusesTlsThatIsSetUpByHalf) {
    NatsOptions half = options(NatsOptions::Start::connected);
    half.tls_key_file.clear();
    EXPECT_EQ(error_of(half), "[nats] tls_cert needs tls_key, its private key");
    std::swap(half.tls_key_file, half.tls_cert_file);
    EXPECT_EQ(error_of(half), "[nats] tls_key needs tls_cert, its certificate");
    half = options(NatsOptions::Start::connected);
    std::filesystem::permissions(half.tls_key_file, std::filesystem::perms{0644});
    expect_holds(error_of(half), "[nats] tls_key: " + path("client.key") + ": ");
    half.tls_ca_file.clear();
    EXPECT_EQ(error_of(half),
              "[nats] tls_cert needs tls_ca, the CA of the broker's certificate; without it there is no TLS");
    half = {};
    half.urls = {"tls://127.0.0.1:4222"};
    EXPECT_EQ(error_of(half),
              "[nats] \"tls://127.0.0.1:4222\" needs tls_ca, the CA of the broker's certificate; the "
              "system's are not trusted");
}

}  // namespace
}  // namespace hocket::transport
