#include "runner/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/text.h"
#include "runner/limits_config.h"
#include "tests/support/pki.h"
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

TEST_F(RunnerConfigTest, RefusesOneBrokerBesideSeveral) {
    EXPECT_EQ(problem("[nats]\nurl = \"nats://a:1\"\nurls = [\"nats://b:2\"]\n"),
              "runner.toml:3: 'nats.url' and 'urls' exclude each other");
}

TEST_F(RunnerConfigTest, ReportsEveryProblemWithItsLine) {
    const std::string problems = problem(
        "collectives = [\"Main\"]\n[limits]\nmax_parallel = 0\ngrace_ms = \"5\"\n[log]\nlevel = \"loud\"\n");
    for (const char* part : {":2: 'collectives'", ":4: 'limits.max_parallel' is 0",
                             ":5: 'limits.grace_ms' must be an integer", ":7: 'log.level' is 'loud'"}) {
        EXPECT_NE(problems.find(part), std::string::npos) << part << " in\n" << problems;
    }
}

TEST_F(RunnerConfigTest, LimitsOfAllAgentsHoldWhereOneHasNoneOfItsOwn) {
    const RunnerConfig config =
        read(
            "[agents.small.limits]\nmemory_bytes = 2097152\nnice = 3\nprivate_tmp = true\n"
            "[agents.other]\nno_new_privs = false\n"
            "[exec.limits]\nnice = 10\ncpu_s = 5\numask = \"027\"\nio_class = \"idle\"\n"
            "tasks = 9\n")
            .value();
    const agents::AgentSettings& small = config.agents.settings.at("small");
    EXPECT_EQ(small.traits.nice, 3);
    EXPECT_EQ(small.traits.limits.cpu_seconds, 5U);
    EXPECT_EQ(small.traits.umask, 027U);
    EXPECT_EQ(small.traits.io_class, process::IoClass::idle);
    EXPECT_EQ(small.traits.limits.core_bytes, 0U);
    EXPECT_EQ(small.cgroup_limits, (process::CgroupLimits{.memory_bytes = 2097152, .tasks = 9}));
    EXPECT_TRUE(small.has_private_tmp);
    EXPECT_FALSE(config.agents.settings.at("other").traits.no_new_privileges);
    EXPECT_EQ(config.agents.settings.at("other").traits.nice, 10);
    EXPECT_EQ(config.agents.defaults.traits.nice, 10);
    EXPECT_FALSE(config.agents.defaults.has_private_tmp);
    const process::CgroupLimits kinds = cgroup_kinds({config.agents});
    EXPECT_TRUE(kinds.memory_bytes && kinds.tasks && !kinds.cpu_percent);
}

TEST_F(RunnerConfigTest, LimitsThatMakeNoSenseAreProblems) {
    const std::string problems = problem(
        "[exec.limits]\numask = \"9\"\nnice = 30\nio_class = \"fast\"\nmemory_bytes = 5\nprocesess = 3\n");
    for (const char* part :
         {":3: 'exec.limits.umask' is '9', it must be an octal number", ":4: 'exec.limits.nice' is 30",
          ":5: 'exec.limits.io_class' is 'fast'", ":6: 'exec.limits.memory_bytes' is 5",
          "'exec.limits.procesess' is not a known key; did you mean 'processes'?"}) {
        EXPECT_NE(problems.find(part), std::string::npos) << part << " in\n" << problems;
    }
}

TEST_F(RunnerConfigTest, WhatCannotHoldIsTold) {
    const agents::AgentFolders folders =
        read("[exec.limits]\nprocesses = 10\nnice = -5\nopen_files = 1073741824\n").value().agents;
    const test::TemporaryFolder no_disks;
    const std::string told = join(unenforceable_limits({folders}, no_disks.path()), "\n");
    if (::geteuid() == 0) {
        EXPECT_TRUE(told.starts_with(
            "[exec.limits] processes does not hold for root, as which it runs: set run_as_user, or "
            "`tasks` with a cgroup\n[exec.limits] open_files is above what the kernel lets a process have, "))
            << told;
    } else {
        EXPECT_NE(told.find("nice is below hocketd's own, "), std::string::npos) << told;
        EXPECT_NE(told.find("open_files is above hocketd's own limit"), std::string::npos) << told;
        EXPECT_EQ(told.find("processes does not hold"), std::string::npos) << told;
    }
    const agents::AgentFolders none;
    EXPECT_TRUE(unenforceable_limits({none}, no_disks.path()).empty());
}

TEST_F(RunnerConfigTest, ClassesOfIoThatADiskDoesNotKnowAreTold) {
    test::TemporaryFolder block;
    block.write("vda/queue/scheduler", "[none] bfq\n");
    block.write("vda/device/vendor", "");
    block.write("sda/queue/scheduler", "none [bfq]\n");
    block.write("sda/device/vendor", "");
    const agents::AgentFolders folders = read("[exec.limits]\nio_class = \"idle\"\n").value().agents;
    const std::string told = join(unenforceable_limits({folders}, block.path()), "\n");
    EXPECT_NE(told.find("[exec.limits] io_class does not hold on disks whose scheduler knows no priorities: "
                        "vda (none);"),
              std::string::npos)
        << told;
}

TEST_F(RunnerConfigTest, SaysWhereTheTomlIsBroken) {
    EXPECT_NE(problem("state_dir = \n").find("runner.toml:2: "), std::string::npos);
}

TEST_F(RunnerConfigTest, KeysNeedOneFileOfTheTwoKinds) {
    EXPECT_NE(problem("[[keys.psk]]\nid = \"ops.1\"\n").find("'keys.psk.file'"), std::string::npos);
    EXPECT_NE(problem("[[keys.psk]]\nid = \"ops\"\nfile = \"x\"\n").find("NAME.VERSION"), std::string::npos);
}

TEST_F(RunnerConfigTest, ACertificateNeedsItsKeyAndTheCallersCa) {
    const std::string problems = problem("[keys.ssl]\ncert = \"a.pem\"\nalgorithm = \"ES384\"\n");
    for (const char* part : {"'keys.ssl.key' is missing", "'keys.ssl.caller_ca' is missing",
                             "'keys.ssl.algorithm' is 'ES384', it must be EdDSA, ES256, PS256 or RS256"}) {
        EXPECT_NE(problems.find(part), std::string::npos) << part << " in\n" << problems;
    }
}

TEST_F(RunnerConfigTest, AllowedCallersAreNamesOrExpressions) {
    const std::string ssl = "[keys.ssl]\ncert = \"a\"\nkey = \"b\"\ncaller_ca = \"c\"\n[callers]\n";
    EXPECT_TRUE(read(ssl + "allow = [\"ana\", \"/dev-.*/\"]\n"));
    for (const auto& [line, expected] :
         {std::pair{"allow = [\"a b\"]\n", "'callers.allow' holds \"a b\", which is neither"},
          std::pair{"allow = [\"/(/\"]\n", "is not an expression"}, std::pair{"allow = []\n", "is empty"}}) {
        EXPECT_NE(problem(ssl + line).find(expected), std::string::npos) << problem(ssl + line);
    }
    EXPECT_NE(problem("[callers]\nallow = [\"ana\"]\n").find("there is no [keys.ssl]"), std::string::npos);
}

/// A node with a certificate, and files that the configuration names.
class NodeKeysTest : public RunnerConfigTest {
protected:
    NodeKeysTest() {
        write_node("web1");
        folder_.write("callers.pem", callers_.certificate().to_pem());
    }

    void write_node(const std::string& identity) {
        const test::Certified node = nodes_.issue(test::node_terms(identity));
        folder_.write("node.pem", node.certificate.to_pem());
        folder_.write("node.key", std::string(node.key.to_pem().expose()), 0600);
    }

    std::string loading(const std::string& more = "") {
        const std::string text =
            "[keys.ssl]\ncert = \"node.pem\"\nkey = \"node.key\"\ncaller_ca = \"callers.pem\"\n";
        const RunnerConfig config = read(text + more).value();
        const auto keys = load_node_keys(config.keys, config.identity, clock_);
        return keys ? "loaded" : keys.error().message;
    }

    test::FakeClock clock_;
    test::TestCa callers_{"Callers CA"};
    test::TestCa nodes_{"Nodes CA"};
};

TEST_F(NodeKeysTest, AreLoaded) {
    EXPECT_EQ(loading(), "loaded");
    folder_.write("crl.pem", callers_.crl({}));
    EXPECT_EQ(loading("caller_crl = \"crl.pem\"\n"), "loaded");
}

TEST_F(NodeKeysTest, NobodyElseMayChangeWhoIsTrusted) {
    folder_.write("callers.pem", callers_.certificate().to_pem(), 0666);
    EXPECT_TRUE(loading().starts_with("'keys.ssl.caller_ca': ")) << loading();
    EXPECT_NE(loading().find("chmod"), std::string::npos) << loading();
}

TEST_F(NodeKeysTest, SayWhatIsWrong) {
    EXPECT_EQ(loading("caller_crl = \"none.pem\"\n"),
              "'keys.ssl.caller_crl' names " + (folder_ / "none.pem").string() +
                  ", which does not exist; put crl.pem of the callers' CA there");
    EXPECT_EQ(loading("algorithm = \"PS256\"\n"),
              (folder_ / "node.pem").string() +
                  ": algorithm PS256 is not one for a key of type Ed25519; without 'algorithm' the usual "
                  "one is taken");
    write_node("web2");
    EXPECT_NE(loading().find("[keys.ssl]: certificate 'CN=web2'"), std::string::npos) << loading();
    folder_.write("node.key",
                  std::string(crypto::PrivateKey::generate(crypto::KeyType::p256).to_pem().expose()), 0600);
    EXPECT_NE(loading().find("is not the one of this private key"), std::string::npos) << loading();
}

TEST_F(NodeKeysTest, OfNoKindAreAnError) {
    const RunnerConfig config = read("").value();
    const auto keys = load_node_keys(config.keys, config.identity, clock_);
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().message,
              "no key is configured, so every request would be refused; add [[keys.psk]] or [keys.ssl]");
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
