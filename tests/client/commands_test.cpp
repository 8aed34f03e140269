#include "client/cli/commands.h"

#include <gtest/gtest.h>

#include "core/wire/psk.h"
#include "tests/client/fleet.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::cli {
namespace {

using test::FakeNode;

/// Whole commands against nodes on the loopback broker.
class CommandsTest : public testing::Test {
protected:
    CommandsTest() {
        console_.out = [this](std::string_view text) { out_ += text; };
        console_.err = [this](std::string_view text) { err_ += text; };
        config_.discovery.quiet_ms = 2;
        config_.discovery.max_ms = 20;
    }

    void use_own_ddl() {
        folder_.write("ddl/disk.yaml", test::k_sample_ddl);
        config_.ddl.folders = {folder_ / "ddl"};
    }

    void use_destructive_ddl() {
        std::string text = test::k_sample_ddl;
        text.replace(text.find("    display: always\n"), 20, "    safety: destructive\n    noop: true\n");
        folder_.write("ddl/disk.yaml", text);
        config_.ddl.folders = {folder_ / "ddl"};
    }

    Conversation& conversation() {
        if (!conversation_) {
            const auto connect = [this](boost::asio::io_context&, client::ClientConfig config) {
                connections_ += 1;
                return Result<std::unique_ptr<client::Session>>(fleet_.new_session(std::move(config)));
            };
            conversation_ = std::make_unique<Conversation>(fleet_.io(), config_, connect, console_);
        }
        return *conversation_;
    }

    Result<int> rpc(const std::vector<std::string>& identities, const std::vector<std::string>& inputs = {}) {
        line_.node.filter.identities = identities;
        rpc_.agent = "disk";
        rpc_.action = "usage";
        rpc_.inputs = inputs;
        return run_rpc(line_, rpc_, conversation());
    }

    /// Answers `agent_ddl` with the sample and every other request with `data`.
    void serve_ddl(FakeNode& node, const Json& data = Json::object()) {
        node.behave([data](FakeNode& self, const wire::VerifiedRequest& request) {
            const Json ddl = {
                {"agent", "disk"}, {"digest", test::sample_digest()}, {"ddl", test::sample_canonical()}};
            const bool wants_ddl = request.request().action == "agent_ddl";
            self.send(self.reply_to(request, Outcome::ok, wants_ddl ? ddl : data), request);
        });
    }

    Json document() const {
        const Result<Json> parsed = parse_json_object(out_);
        EXPECT_TRUE(parsed) << out_;
        return parsed ? *parsed : Json();
    }

    test::Fleet fleet_;
    test::TemporaryFolder folder_;
    client::ClientConfig config_;
    Console console_;
    CommandLine line_;
    RpcCommand rpc_;
    std::string out_;
    std::string err_;
    int connections_ = 0;
    std::unique_ptr<Conversation> conversation_;
};

TEST_F(CommandsTest, RpcShowsRepliesOnStandardOutputAndTheRestBeside) {
    use_own_ddl();
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_EQ(out_, "web1\n    Used: 7\n");
    EXPECT_EQ(err_, "1 of 1 answered: 1 ok in 0.00 ms\n");
    EXPECT_EQ(connections_, 1);
}

TEST_F(CommandsTest, RpcDiscoversWhoHasTheAgent) {
    use_own_ddl();
    fleet_.add("web1");
    fleet_.add("web2", "service");
    EXPECT_EQ(*rpc({}, {"path=/"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().targets, (std::vector<std::string>{"web1"}));
    EXPECT_EQ(fleet_.node("web2").seen(), 0U);
}

TEST_F(CommandsTest, RpcWithoutAnybodySaysSo) {
    use_own_ddl();
    fleet_.add("web2", "service");
    EXPECT_EQ(*rpc({}, {"path=/"}), 1);
    EXPECT_EQ(out_, "");
    EXPECT_EQ(err_,
              "no node with agent 'disk' to ask; nothing was sent\n"
              "no node answered within 0.00 ms; a node stays silent when it does not match, or does not know "
              "the key or the collective\n");
}

TEST_F(CommandsTest, BrokenInputsNeedNoBroker) {
    use_own_ddl();
    const Result<int> ended = rpc({"web1"}, {"path=relative"});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(connections_, 0);
}

TEST_F(CommandsTest, RpcRunsADestructiveActionOnlyWithConsent) {
    use_destructive_ddl();
    fleet_.add("web1").answer(Outcome::ok);
    const Result<int> refused = rpc({"web1"}, {"path=/"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_EQ(
        refused.error().message,
        "'disk usage' is destructive, and there is no terminal to ask on: add --yes to run it on 1 node, "
        "or --noop to see what it would do; nothing was sent");
    EXPECT_EQ(fleet_.node("web1").seen(), 0U);
    rpc_.noop = true;
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    rpc_.noop = false;
    rpc_.yes = true;
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    rpc_.yes = false;
    console_.ask = [](std::string_view) { return std::optional<std::string>("yes"); };
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
}

TEST_F(CommandsTest, RpcFetchesTheDescriptionItHasNot) {
    serve_ddl(fleet_.add("web1"), {{"used", 7}});
    EXPECT_EQ(*rpc({"web1"}, {"path=/", "count=4"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"path":"/","count":4})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 20'000);
    EXPECT_EQ(out_, "web1\n    Used: 7\n");
}

TEST_F(CommandsTest, RpcSaysThatItFoundNoDescription) {
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/", "empty="}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"empty":"","path":"/"})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, wire::k_max_timeout_ms)
        << "the node knows better";
    EXPECT_EQ(err_.find("no description of agent 'disk' is to be had ("), 0U) << err_;
}

TEST_F(CommandsTest, RpcAsksOtherNodesForTheDescriptionWhenTheFirstAreDown) {
    serve_ddl(fleet_.add("web1"));
    EXPECT_EQ(*rpc({"a1", "a2", "a3", "a4", "a5", "a6", "web1"}, {"path=/", "count=4"}), 5);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"path":"/","count":4})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 20'000);
}

TEST_F(CommandsTest, RpcUsesAnOldDescriptionWhenNobodyGivesOne) {
    config_.ddl.cache = folder_ / "cache";
    serve_ddl(fleet_.add("web1"));
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    fleet_.node("web1").answer(Outcome::ok);
    EXPECT_EQ(*rpc({"web1"}, {"path=/", "count=4"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"path":"/","count":4})"));
    EXPECT_NE(err_.find("the description of agent 'disk' is an old one, from the cache: "), std::string::npos)
        << err_;
    const Result<int> ended = rpc({"web1"}, {"path=/", "count=many"});
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().message.find("an old description is used: "), std::string::npos)
        << ended.error().message;
}

TEST_F(CommandsTest, RpcCountsWhoRefusedToBeDiscovered) {
    use_own_ddl();
    line_.common.json = true;
    fleet_.add("web1");
    fleet_.add("db1").refuse_discovery(Outcome::clock_skew);
    EXPECT_EQ(*rpc({}, {"path=/"}), 2);
    EXPECT_EQ(document()["refusals"],
              Json::parse(R"([{"identity": "db1", "outcome": "clock_skew", "reason": "not now"}])"));
    EXPECT_NE(err_.find("discovery was refused by db1: clock_skew: not now"), std::string::npos) << err_;
}

TEST_F(CommandsTest, JsonLinesTellWhoRefusedToBeDiscovered) {
    use_own_ddl();
    rpc_.json_lines = true;
    fleet_.add("db1").refuse_discovery(Outcome::denied);
    EXPECT_EQ(*rpc({}, {"path=/"}), 7);
    EXPECT_EQ(document()["refusals"][0]["identity"], "db1");
}

TEST_F(CommandsTest, EveryCommandCountsWhoRefusedToBeDiscovered) {
    line_.common.json = true;
    fleet_.add("web1");
    fleet_.add("db1").refuse_discovery(Outcome::draining);
    for (const std::function<Result<int>()>& command : std::vector<std::function<Result<int>()>>{
             [this] { return run_find(line_, conversation()); },
             [this] { return run_ping(line_, conversation()); },
             [this] { return run_agents_list(line_, conversation()); },
             [this] { return run_facts(line_, {"role"}, conversation()); },
             [this] { return run_inventory(line_, {"", true}, conversation()); }}) {
        out_.clear();
        EXPECT_EQ(*command(), 2);
        EXPECT_EQ(document()["exit_code"], 2);
        EXPECT_EQ(document()["refusals"][0]["reason"], "not now") << out_;
    }
}

TEST_F(CommandsTest, FindOfNodesThatAllDenyIsNotNobody) {
    fleet_.add("db1").refuse_discovery(Outcome::denied);
    EXPECT_EQ(*run_find(line_, conversation()), 7);
    EXPECT_EQ(*run_facts(line_, {"role"}, conversation()), 7);
    EXPECT_EQ(fleet_.node("db1").seen(), 0U) << "it was not discovered";
}

TEST_F(CommandsTest, RepliesThatAreNotOkAreShownBesideATable) {
    for (const char* name : {"web1", "web2"})
        fleet_.add(name).answer(Outcome::invalid);
    EXPECT_EQ(*run_facts(line_, {".."}, conversation()), 2);
    EXPECT_EQ(*run_agents_list(line_, conversation()), 2);
    EXPECT_EQ(*run_inventory(line_, {"", true}, conversation()), 2);
    std::size_t shown = 0;
    for (std::size_t at = err_.find("web1: invalid\n"); at != err_.npos;
         at = err_.find("web1: invalid\n", at + 1))
        ++shown;
    EXPECT_EQ(shown, 3U) << err_;
}

TEST_F(CommandsTest, RepliesThatAreNotOkStandInTheDocument) {
    line_.common.json = true;
    fleet_.add("web1").answer(Outcome::invalid);
    fleet_.add("web2").answer(Outcome::ok, {{"fact", "role"}, {"value", "db"}});
    EXPECT_EQ(*run_facts(line_, {"role"}, conversation()), 2);
    ASSERT_EQ(document()["failures"].size(), 1U);
    EXPECT_EQ(document()["failures"][0]["identity"], "web1");
    EXPECT_FALSE(document().contains("replies"));
}

TEST_F(CommandsTest, WhoFindsNobodyByAFactIsToldThatCaseCounts) {
    use_own_ddl();
    fleet_.add("web1");
    line_.node.filter.facts = {"os.family=debian"};
    const std::string hint = "names and values are case-sensitive; see: hocket facts FACT\n";
    EXPECT_EQ(*rpc({}, {"path=/"}), 1);
    EXPECT_TRUE(err_.ends_with(hint)) << err_;
    EXPECT_EQ(*run_find(line_, conversation()), 1);
    EXPECT_TRUE(err_.ends_with(hint)) << err_;
    EXPECT_EQ(*run_facts(line_, {"role"}, conversation()), 1);
    EXPECT_TRUE(err_.ends_with(hint)) << err_;
    EXPECT_EQ(fleet_.node("web1").seen(), 0U);
}

TEST_F(CommandsTest, WithoutADescriptionNoInputCrossesAnOpenNetwork) {
    config_.nats.urls = {"nats://broker.example.org:4222"};
    fleet_.add("web1");
    const Result<int> ended = rpc({"web1"}, {"path=/"});
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().message.find("sensitive inputs are not sent"), std::string::npos);
    EXPECT_EQ(fleet_.node("web1").last_request().action, "agent_ddl") << "nothing else was sent";
}

TEST_F(CommandsTest, TheClientWaitsForTheGraceOfTheDescription) {
    EXPECT_EQ(client::longest_wait(10'000, std::chrono::seconds(60)), std::chrono::seconds(73));
}

TEST_F(CommandsTest, RpcUsesTheCachedDescriptionByItsDigest) {
    config_.ddl.cache = folder_ / "cache";
    serve_ddl(fleet_.add("web1"));
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_TRUE(std::filesystem::exists(folder_ / ("cache/disk-" + test::sample_digest() + ".json")));
}

TEST_F(CommandsTest, ATimeoutOfTheCommandLineWins) {
    use_own_ddl();
    config_.timeout_ms = 1500;
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 1500);
}

TEST_F(CommandsTest, RpcTellsWhoFailedAndWhoIsMissing) {
    use_own_ddl();
    fleet_.add("web1").answer(Outcome::denied);
    fleet_.add("web2");
    EXPECT_EQ(*rpc({"web1", "web2", "web9"}, {"path=/"}), 2);
    EXPECT_NE(err_.find("2 of 3 answered: 1 ok, 1 denied in"), std::string::npos) << err_;
    EXPECT_NE(err_.find("no answer from web9: nobody of that name is connected"), std::string::npos) << err_;
}

TEST_F(CommandsTest, JsonIsOneDocument) {
    use_own_ddl();
    line_.common.json = true;
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    EXPECT_EQ(*rpc({"web1", "web9"}, {"path=/"}), 5);
    EXPECT_EQ(document()["replies"][0]["data"]["used"], 7);
    EXPECT_EQ(document()["missing"][0]["identity"], "web9");
    EXPECT_EQ(document()["exit_code"], 5);
}

TEST_F(CommandsTest, JsonIsADocumentEvenWhenNobodyIsThere) {
    use_own_ddl();
    line_.common.json = true;
    EXPECT_EQ(*rpc({}, {"path=/"}), 1);
    EXPECT_EQ(document()["discovered"], 0);
    EXPECT_TRUE(document()["request"].is_null());
}

TEST_F(CommandsTest, JsonLinesEndWithTheResult) {
    use_own_ddl();
    rpc_.json_lines = true;
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    const std::size_t newline = out_.find('\n');
    EXPECT_EQ((*parse_json_object(out_.substr(0, newline)))["type"], "reply");
    EXPECT_EQ((*parse_json_object(out_.substr(newline + 1)))["type"], "result");
}

TEST_F(CommandsTest, BusyNodesAreAskedAgainWithANewRequest) {
    use_own_ddl();
    rpc_.retry_busy_ms = 300;
    std::vector<std::string> ids;
    fleet_.add("web1").behave([&ids](FakeNode& node, const wire::VerifiedRequest& request) {
        ids.push_back(request.request().id);
        node.send(node.reply_to(request, ids.size() == 1 ? Outcome::busy : Outcome::ok), request);
    });
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    ASSERT_EQ(ids.size(), 2U);
    EXPECT_NE(ids[0], ids[1]);
}

TEST_F(CommandsTest, HelpOfAnActionNeedsNoBrokerWhenItIsKnown) {
    use_own_ddl();
    EXPECT_EQ(*run_rpc_help({"disk", "usage"}, conversation()), 0);
    EXPECT_EQ(connections_, 0);
    EXPECT_NE(out_.find("disk usage"), std::string::npos);
}

TEST_F(CommandsTest, AnUnknownActionIsSuggested) {
    use_own_ddl();
    const Result<int> ended = run_rpc_help({"disk", "usge"}, conversation());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().message, "agent 'disk' has no action \"usge\"; did you mean 'usage'?");
}

TEST_F(CommandsTest, AgentsDescribeAsksANode) {
    serve_ddl(fleet_.add("web1"));
    line_.common.json = true;
    EXPECT_EQ(*run_agents_describe(line_, {"disk", ""}, conversation()), 0);
    EXPECT_EQ(document()["origin"], "node");
    EXPECT_EQ(document()["ddl"]["metadata"]["name"], "disk");
}

TEST_F(CommandsTest, AgentsListCountsNodesAndVersions) {
    const auto inventory = [](const char* version) {
        return Json{{"agents",
                     Json::array({{{"agent", "disk"}, {"version", version}, {"description", "Disks\x1b"}}})}};
    };
    fleet_.add("web1").answer(Outcome::ok, inventory("1.1"));
    fleet_.add("web2").answer(Outcome::ok, inventory("1.2"));
    EXPECT_EQ(*run_agents_list(line_, conversation()), 0);
    EXPECT_EQ(out_,
              "AGENT  NODES  VERSION           DESCRIPTION\n"
              "disk       2  1.1 (1), 1.2 (1)  Disks\\x1b\n");
}

TEST_F(CommandsTest, FactsCountsTheNodesOfEachValue) {
    fleet_.add("web1").answer(Outcome::ok, {{"fact", "country"}, {"value", "de"}});
    fleet_.add("web2").answer(Outcome::ok, {{"fact", "country"}, {"value", "uk"}});
    fleet_.add("web3").answer(Outcome::ok, {{"fact", "country"}, {"value", "de"}});
    fleet_.add("web4").answer(Outcome::ok, {{"fact", "country"}, {"value", nullptr}});
    EXPECT_EQ(*run_facts(line_, {"country"}, conversation()), 0);
    EXPECT_EQ(out_,
              "Report for fact: country\n\n"
              "        de                                       found 2 times\n"
              "        uk                                       found 1 times\n\n");
}

TEST_F(CommandsTest, FactsNamesTheNodesWhenItIsVerbose) {
    fleet_.add("web2").answer(Outcome::ok, {{"fact", "cores"}, {"value", 4}});
    fleet_.add("web1").answer(Outcome::ok, {{"fact", "cores"}, {"value", 4}});
    line_.common.verbose = true;
    EXPECT_EQ(*run_facts(line_, {"cores"}, conversation()), 0);
    EXPECT_EQ(out_,
              "Report for fact: cores\n\n"
              "        4                                        found 2 times\n\n"
              "            web1\n            web2\n\n");
}

TEST_F(CommandsTest, FactsIsADocumentToo) {
    fleet_.add("web1").answer(Outcome::ok, {{"fact", "os"}, {"value", {{"family", "Debian"}}}});
    line_.common.json = true;
    EXPECT_EQ(*run_facts(line_, {"os"}, conversation()), 0);
    EXPECT_EQ(document()["values"][0]["value"]["family"], "Debian");
    EXPECT_EQ(document()["values"][0]["nodes"][0], "web1");
}

TEST_F(CommandsTest, FactsSaysWhenNobodyHasIt) {
    fleet_.add("web1").answer(Outcome::ok, {{"fact", "moons"}, {"value", nullptr}});
    EXPECT_EQ(*run_facts(line_, {"moons"}, conversation()), 0);
    EXPECT_EQ(out_, "");
    EXPECT_TRUE(err_.starts_with("No values found for fact moons\n")) << err_;
}

TEST_F(CommandsTest, InventoryShowsOneNode) {
    fleet_.add("web2");
    fleet_.add("web1").behave([](FakeNode& node, const wire::VerifiedRequest& request) {
        const bool wants_statistics = request.request().action == "daemon_stats";
        const Json statistics = {{"pid", 77},
                                 {"starttime", 1'790'000'000},
                                 {"configfile", "/etc/x.toml"},
                                 {"total", 5},
                                 {"unvalidated", 1},
                                 {"passed", 3},
                                 {"filtered", 1},
                                 {"ttlexpired", 0},
                                 {"duplicates", 0},
                                 {"denied", 0},
                                 {"replies", 3},
                                 {"times", {{"utime", 0.5}}}};
        const Json inventory = {{"version", "0.1.0"},
                                {"agents", {"rpcutil", "disk", "discovery", "ping"}},
                                {"collectives", {"main", "lab"}},
                                {"main_collective", "main"},
                                {"classes", {"apache"}},
                                {"data_plugins", Json::array()},
                                {"facts", {{"cores", 4}, {"name", "a\x1b"}}}};
        node.send(node.reply_to(request, Outcome::ok, wants_statistics ? statistics : inventory), request);
    });
    EXPECT_EQ(*run_inventory(line_, {"web1"}, conversation()), 0);
    EXPECT_EQ(out_, R"(Inventory for web1:

   Server Statistics:
                      Version: 0.1.0
                   Start Time: 2026-09-21 14:13:20 UTC
                  Config File: /etc/x.toml
                  Collectives: lab, main
              Main Collective: main
                   Process ID: 77
               Total Messages: 5
          Unverified Messages: 1
      Messages Passed Filters: 3
            Messages Filtered: 1
             Expired Messages: 0
            Repeated Messages: 0
              Denied Requests: 0
                 Replies Sent: 3
         Total Processor Time: 0.5 seconds
                  System Time: unknown

   Agents:
      discovery       disk            ping
      rpcutil

   Data Plugins:
      No data plugins installed

   Configuration Management Classes:
    apache

   Facts:
      cores => 4
      name => a\x1b
)");
}

TEST_F(CommandsTest, InventoryOfANodeThatIsNotThereSaysSo) {
    EXPECT_EQ(*run_inventory(line_, {"web9"}, conversation()), 4);
    EXPECT_EQ(out_, "");
    EXPECT_NE(err_.find("web9"), std::string::npos) << err_;
}

TEST_F(CommandsTest, InventoryCountsTheNodesOfCollectives) {
    fleet_.add("web1").answer(Outcome::ok, {{"main_collective", "main"}, {"collectives", {"main", "lab"}}});
    fleet_.add("web2").answer(Outcome::ok, {{"main_collective", "main"}, {"collectives", {"main"}}});
    EXPECT_EQ(*run_inventory(line_, {"", true}, conversation()), 0);
    EXPECT_EQ(out_, R"(   Collective                     Nodes
   ==========                     =====
   lab                            1
   main                           2

                     Total nodes: 2
)");
}

TEST_F(CommandsTest, FindPrintsNamesAndFailsWhenThereAreNone) {
    fleet_.add("web2");
    fleet_.add("web1");
    EXPECT_EQ(*run_find(line_, conversation()), 0);
    EXPECT_EQ(out_, "web1\nweb2\n");
    line_.node.filter.identities = {"/nosuch/"};
    EXPECT_EQ(*run_find(line_, conversation()), 1);
}

TEST_F(CommandsTest, FindRefusesAFilterThatIsNone) {
    line_.node.filter.identities = {"/(/"};
    const Result<int> ended = run_find(line_, conversation());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::usage);
    EXPECT_EQ(connections_, 0);
}

TEST_F(CommandsTest, PingTellsWhoAnsweredAndWhoDidNot) {
    fleet_.add("web1");
    line_.node.filter.identities = {"web1", "web9"};
    EXPECT_EQ(*run_ping(line_, conversation()), 5);
    EXPECT_EQ(out_,
              "web1   0.00 ms\n\n"
              "1 node: min 0.00 ms, avg 0.00 ms, max 0.00 ms, p50 0.00 ms, p95 0.00 ms\n");
    EXPECT_EQ(err_, "no answer from web9\n");
}

TEST_F(CommandsTest, PingOfNobodyIsItsOwnExitCode) {
    EXPECT_EQ(*run_ping(line_, conversation()), 4);
}

TEST_F(CommandsTest, PingAndFindAreDocumentsToo) {
    fleet_.add("web1");
    line_.common.json = true;
    EXPECT_EQ(*run_ping(line_, conversation()), 0);
    EXPECT_EQ(document()["statistics"]["count"], 1);
    out_.clear();
    EXPECT_EQ(*run_find(line_, conversation()), 0);
    EXPECT_EQ(document()["nodes"][0], "web1");
}

TEST_F(CommandsTest, KeysAreMadeAndDerived) {
    EXPECT_EQ(*run_psk_new(line_, {"ops", 2, "", folder_.path()}, console_), 0);
    EXPECT_EQ(out_, (folder_ / "ops.2.psk").string() + '\n');
    EXPECT_EQ(
        *run_psk_derive(line_, {folder_ / "ops.2.psk", "ops.2", "web1", folder_ / "web1.key"}, console_), 0);
    EXPECT_TRUE(wire::read_node_psk_file(folder_ / "web1.key"));
}

TEST_F(CommandsTest, AKeyIsNeverReplaced) {
    const PskNewCommand command{"ops", 1, "", folder_.path()};
    EXPECT_TRUE(run_psk_new(line_, command, console_));
    EXPECT_FALSE(run_psk_new(line_, command, console_));
}

}  // namespace
}  // namespace hocket::cli
