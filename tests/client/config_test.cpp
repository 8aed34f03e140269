#include "client/lib/config.h"

#include <gtest/gtest.h>
#include <map>

#include "client/lib/caller_keys.h"
#include "tests/support/temporary_folder.h"

namespace hocket::client {
namespace {

class ConfigTest : public testing::Test {
protected:
    ConfigTest() { variables_["XDG_CONFIG_HOME"] = (folder_ / "config").string(); }

    void write_system(const std::string& text) { folder_.write("etc/client.toml", text); }
    void write_user(const std::string& text) { folder_.write("config/hocket/client.toml", text); }

    Result<ClientConfig> load() const {
        ConfigSources sources;
        sources.file = file_;
        sources.system_file = folder_ / "etc/client.toml";
        sources.environment = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
        return load_config(sources);
    }

    std::string message() const {
        const Result<ClientConfig> config = load();
        return config ? "no error" : config.error().message;
    }

    test::TemporaryFolder folder_;
    std::map<std::string, std::string> variables_;
    std::optional<std::filesystem::path> file_;
};

TEST_F(ConfigTest, HasDefaultsWithoutAnyFile) {
    variables_["HOME"] = "/home/ana";
    const Result<ClientConfig> config = load();
    ASSERT_TRUE(config);
    EXPECT_EQ(config->collective, "main");
    EXPECT_EQ(config->nats.urls, (std::vector<std::string>{"nats://127.0.0.1:4222"}));
    EXPECT_EQ(config->ttl_ms, 10'000);
    EXPECT_FALSE(config->timeout_ms);
    EXPECT_FALSE(config->sender.empty());
    EXPECT_EQ(config->ddl.cache, "/home/ana/.cache/hocket/ddl");
}

TEST_F(ConfigTest, ReadsEveryKey) {
    write_user(R"(
collective = "lab"
sender = "desk"
timeout_ms = 1
ttl_ms = 2
[nats]
urls = ["nats://a:1", "nats://b:2"]
user = "ops"
password_file = "/p"
tls_ca = "/ca"
tls_cert = "/cert"
tls_key = "/key"
[key]
id = "ops.1"
psk_file = "/psk"
[discovery]
quiet_ms = 30
max_ms = 40
direct_threshold = 5
[ddl]
folders = ["/a", "/b"]
cache = "/c"
)");
    const Result<ClientConfig> config = load();
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->collective, "lab");
    EXPECT_EQ(config->timeout_ms, 1);
    EXPECT_EQ(config->nats.urls.size(), 2U);
    EXPECT_EQ(config->nats.tls_key, "/key");
    EXPECT_EQ(config->key.psk_file, "/psk");
    EXPECT_EQ(config->discovery.direct_threshold, 5);
    EXPECT_EQ(config->ddl.folders.size(), 2U);
    EXPECT_EQ(config->ddl.cache, "/c");
}

TEST_F(ConfigTest, AVariableWinsOverTheUserAndTheUserOverTheSystem) {
    write_system("collective = \"system\"\nttl_ms = 1\nsender = \"system\"");
    write_user("collective = \"user\"\nttl_ms = 2");
    variables_["HOCKET_COLLECTIVE"] = "variable";
    const Result<ClientConfig> config = load();
    ASSERT_TRUE(config);
    EXPECT_EQ(config->collective, "variable");
    EXPECT_EQ(config->ttl_ms, 2);
    EXPECT_EQ(config->sender, "system");
}

TEST_F(ConfigTest, ANamedFileIsTheOnlyOne) {
    write_system("sender = \"system\"");
    write_user("collective = \"user\"");
    variables_["HOCKET_CONFIG"] = folder_.write("own.toml", "ttl_ms = 5").string();
    EXPECT_EQ(load()->collective, "main");
    EXPECT_EQ(load()->ttl_ms, 5);
    file_ = folder_.write("flag.toml", "ttl_ms = 6");
    EXPECT_EQ(load()->ttl_ms, 6);
}

TEST_F(ConfigTest, ANamedFileMustBeThere) {
    file_ = "/nonexistent/client.toml";
    ASSERT_FALSE(load());
    EXPECT_EQ(load().error().code, ErrorCode::invalid_config);
    EXPECT_EQ(message(), "configuration /nonexistent/client.toml: cannot open: No such file or directory");
}

TEST_F(ConfigTest, RelativePathsStartAtTheFilesFolder) {
    write_user("[key]\npsk_file = \"keys/ops.psk\"\n[ddl]\nfolders = [\"agents\"]");
    EXPECT_EQ(load()->key.psk_file, folder_ / "config/hocket/keys/ops.psk");
    EXPECT_EQ(load()->ddl.folders[0], folder_ / "config/hocket/agents");
}

TEST_F(ConfigTest, TheStrongerSourceDecidesTheKindOfKey) {
    write_system("[key]\nid = \"ops.1\"\npsk_file = \"/psk\"");
    write_user("[key]\ncert = \"ana.pem\"\ncert_key = \"ana.key\"\nnode_ca = \"/ca\"\nnode_crl = \"/crl\"");
    const KeyConfig by_certificate = load()->key;
    EXPECT_FALSE(by_certificate.has_psk());
    EXPECT_EQ(by_certificate.cert, folder_ / "config/hocket/ana.pem");
    EXPECT_EQ(by_certificate.node_crl, "/crl");
    variables_["HOCKET_KEY_ID"] = "ops.2";
    variables_["HOCKET_KEY_PSK_FILE"] = "/psk2";
    const KeyConfig by_psk = load()->key;
    EXPECT_FALSE(by_psk.has_certificate());
    EXPECT_EQ(by_psk.id, "ops.2");
}

TEST_F(ConfigTest, AStrongerSourceMayChangeAPartOfACertificate) {
    write_user("[key]\ncert = \"/a.pem\"\ncert_key = \"/a.key\"\nnode_ca = \"/ca\"");
    variables_["HOCKET_KEY_CERT"] = "/b.pem";
    EXPECT_EQ(load()->key.cert, "/b.pem");
    EXPECT_EQ(load()->key.cert_key, "/a.key");
}

TEST_F(ConfigTest, NoSourceNamesBothKindsOfKey) {
    write_user("[key]\nid = \"ops.1\"\ncert = \"/a.pem\"");
    EXPECT_NE(message().find("'key.id' and 'cert' exclude each other"), std::string::npos) << message();
    write_user("");
    variables_["HOCKET_KEY_ID"] = "ops.1";
    variables_["HOCKET_KEY_CERT"] = "/a.pem";
    EXPECT_NE(message().find("HOCKET_KEY_ID"), std::string::npos) << message();
}

TEST_F(ConfigTest, TheAlgorithmIsOneOfFour) {
    write_user("[key]\nalgorithm = \"ES384\"");
    EXPECT_NE(message().find("'key.algorithm' is 'ES384', it must be EdDSA, ES256, PS256 or RS256"),
              std::string::npos)
        << message();
}

TEST_F(ConfigTest, UrlIsTheOnlyOneOfUrls) {
    write_user("[nats]\nurl = \"nats://x:1\"");
    EXPECT_EQ(load()->nats.urls, (std::vector<std::string>{"nats://x:1"}));
    write_user("[nats]\nurl = \"nats://x:1\"\nurls = [\"nats://y:1\"]");
    EXPECT_NE(message().find("exclude each other"), std::string::npos);
}

TEST_F(ConfigTest, AnUnknownKeyIsAnErrorWithASuggestion) {
    write_user("[discovery]\nquite_ms = 5");
    EXPECT_EQ(message(), (folder_ / "config/hocket/client.toml").string() +
                             ":2: 'discovery.quite_ms' is not a known key; did you mean 'quiet_ms'?");
}

TEST_F(ConfigTest, TellsEveryProblem) {
    write_user("collective = \"NO\"\nttl_ms = 0\n[discovery]\nmax_ms = \"long\"");
    const std::string text = message();
    EXPECT_NE(text.find("'collective' is not a collective's name"), std::string::npos) << text;
    EXPECT_NE(text.find("'ttl_ms' is 0"), std::string::npos) << text;
    EXPECT_NE(text.find("'discovery.max_ms' must be an integer"), std::string::npos) << text;
}

TEST_F(ConfigTest, ReadsEveryVariable) {
    variables_["HOCKET_NATS_URL"] = "nats://a:1,nats://b:2";
    variables_["HOCKET_KEY_ID"] = "ops.2";
    variables_["HOCKET_TIMEOUT_MS"] = "1500";
    variables_["HOCKET_DISCOVERY_QUIET_MS"] = "30";
    variables_["HOCKET_DDL_FOLDERS"] = "/a:/b";
    const Result<ClientConfig> config = load();
    ASSERT_TRUE(config);
    EXPECT_EQ(config->nats.urls.size(), 2U);
    EXPECT_EQ(config->key.id, "ops.2");
    EXPECT_EQ(config->timeout_ms, 1500);
    EXPECT_EQ(config->discovery.quiet_ms, 30);
    EXPECT_EQ(config->ddl.folders.size(), 2U);
}

TEST_F(ConfigTest, AWrongVariableIsNamed) {
    variables_["HOCKET_TTL_MS"] = "10s";
    EXPECT_EQ(message(), "environment: HOCKET_TTL_MS is \"10s\", it must be an integer within 1 and 600000");
}

TEST(CallerKeys, SayWhatIsMissing) {
    const auto problem = [](const KeyConfig& key) {
        return read_caller_keys(key, SystemClock()).error().message;
    };
    KeyConfig key;
    EXPECT_TRUE(problem(key).starts_with("no key to sign requests with: ")) << problem(key);
    key.id = "ops.1";
    EXPECT_EQ(problem(key),
              "configuration, [key]: id is given without psk_file, and they belong together; set it too, or "
              "take out the rest");
    key = {};
    key.cert = "ana.pem";
    EXPECT_EQ(
        problem(key),
        "configuration, [key]: cert is given without cert_key and node_ca, and they belong together; set "
        "them too, or take out the rest");
    key.node_ca = "ca.pem";
    EXPECT_EQ(problem(key),
              "configuration, [key]: cert and node_ca are given without cert_key, and they belong together; "
              "set it too, or take out the rest");
}

}  // namespace
}  // namespace hocket::client
