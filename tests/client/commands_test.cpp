#include "tests/client/commands_fixture.h"

namespace hocket::cli {
namespace {

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

}  // namespace
}  // namespace hocket::cli
