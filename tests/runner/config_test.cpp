#include "runner/config.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace hocket {
namespace {

class RunnerConfigTest : public testing::Test {
protected:
    Result<RunnerConfig> read(const std::string& text) {
        return read_runner_config(folder_.write("runner.toml", "identity = \"web1\"\n" + text));
    }
    std::string problem(const std::string& text) {
        const Result<RunnerConfig> config = read(text);
        return config ? "" : config.error().message.substr(config.error().message.find("runner.toml"));
    }

    test::TemporaryFolder folder_;
};

TEST_F(RunnerConfigTest, ResolvesPathsAgainstItsOwnFolder) {
    const RunnerConfig config =
        read("state_dir = \"state\"\n[nats]\ntls_ca = \"ca.pem\"\n[audit]\nfile = \"audit.log\"\n").value();
    EXPECT_EQ(config.nats.tls_ca_file, folder_ / "ca.pem");
    EXPECT_EQ(config.nats.tls_cert_file, "");
    EXPECT_EQ(config.state_dir, folder_ / "state");
    EXPECT_EQ(config.audit_file, folder_ / "audit.log");
    EXPECT_EQ(config.status_file, folder_ / "state/status.json");
}

TEST_F(RunnerConfigTest, SuggestsTheKeyThatWasMeant) {
    EXPECT_EQ(problem("[limits]\nmax_paralel = 3\n"),
              "runner.toml:3: 'limits.max_paralel' is not a known key; did you mean 'max_parallel'?");
}

TEST_F(RunnerConfigTest, ReportsEveryProblemWithItsLine) {
    const std::string problems = problem(
        "collectives = [\"Main\"]\n[limits]\nmax_parallel = 0\ngrace_ms = \"5\"\n[log]\nlevel = \"loud\"\n");
    for (const char* part : {":2: 'collectives'", ":4: 'limits.max_parallel' is 0",
                             ":5: 'limits.grace_ms' must be an integer", ":7: 'log.level' is 'loud'"}) {
        EXPECT_NE(problems.find(part), std::string::npos) << part << " in\n" << problems;
    }
}

TEST_F(RunnerConfigTest, SaysWhereTheTomlIsBroken) {
    EXPECT_NE(problem("state_dir = \n").find("runner.toml:2: "), std::string::npos);
}

TEST_F(RunnerConfigTest, KeysNeedOneFileOfTheTwoKinds) {
    EXPECT_NE(problem("[[keys.psk]]\nid = \"ops.1\"\n").find("'keys.psk.file'"), std::string::npos);
    EXPECT_NE(problem("[[keys.psk]]\nid = \"ops\"\nfile = \"x\"\n").find("NAME.VERSION"), std::string::npos);
}

TEST_F(RunnerConfigTest, RunAsNeedsAUserOfThisSystem) {
    EXPECT_NE(problem("[agents.disk]\nrun_as_user = \"no-such-user\"\n").find("no user of this system"),
              std::string::npos);
}

TEST_F(RunnerConfigTest, HandsAnAgentItsOwnConfigurationAsJson) {
    const RunnerConfig config = read("[agents.disk.config]\nlimit = 3\nnames = [\"a\"]\n").value();
    EXPECT_EQ(config.agents.settings.at("disk").config, Json({{"limit", 3}, {"names", {"a"}}}));
}

TEST_F(RunnerConfigTest, AllowRulesKeepTheirLine) {
    const RunnerConfig config = read("[[allow]]\ncallers = [\"psk=ops\"]\nagents = [\"*\"]\n").value();
    ASSERT_EQ(config.allow.rules().size(), 1U);
    EXPECT_EQ(config.allow.rules()[0].line, 2);
}

}  // namespace
}  // namespace hocket
