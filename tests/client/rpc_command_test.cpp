#include "tests/client/commands_fixture.h"

namespace hocket::cli {
namespace {

class RpcCommandTest : public CommandsTest {};

TEST_F(RpcCommandTest, ShowsRepliesOnStandardOutputAndTheRestBeside) {
    use_own_ddl();
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_EQ(out_, "web1\n    Used: 7\n");
    EXPECT_EQ(err_, "1 of 1 answered: 1 ok in 0.00 ms\n");
    EXPECT_EQ(connections_, 1);
}

TEST_F(RpcCommandTest, DiscoversWhoHasTheAgent) {
    use_own_ddl();
    fleet_.add("web1");
    fleet_.add("web2", "service");
    EXPECT_EQ(*rpc({}, {"path=/"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().targets, (std::vector<std::string>{"web1"}));
    EXPECT_EQ(fleet_.node("web2").seen(), 0U);
}

TEST_F(RpcCommandTest, WithoutAnybodySaysSo) {
    use_own_ddl();
    fleet_.add("web2", "service");
    EXPECT_EQ(*rpc({}, {"path=/"}), 1);
    EXPECT_EQ(out_, "");
    EXPECT_EQ(err_,
              "no node with agent 'disk' to ask; nothing was sent\n"
              "no node answered within 0.00 ms; a node stays silent when it does not match, does not know "
              "the key or the collective, or has a clock that is more than ten minutes from ours\n");
}

TEST_F(RpcCommandTest, BrokenInputsNeedNoBroker) {
    use_own_ddl();
    const Result<int> ended = rpc({"web1"}, {"path=relative"});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(connections_, 0);
}

TEST_F(RpcCommandTest, RunsADestructiveActionOnlyWithConsent) {
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

TEST_F(RpcCommandTest, FetchesTheDescriptionItHasNot) {
    serve_ddl(fleet_.add("web1"), {{"used", 7}});
    EXPECT_EQ(*rpc({"web1"}, {"path=/", "count=4"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"path":"/","count":4})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 20'000);
    EXPECT_EQ(out_, "web1\n    Used: 7\n");
}

TEST_F(RpcCommandTest, SaysThatItFoundNoDescription) {
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/", "empty="}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"empty":"","path":"/"})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, wire::k_max_timeout_ms)
        << "the node knows better";
    EXPECT_EQ(err_.find("no description of agent 'disk' is to be had ("), 0U) << err_;
}

TEST_F(RpcCommandTest, AsksOtherNodesForTheDescriptionWhenTheFirstAreDown) {
    serve_ddl(fleet_.add("web1"));
    EXPECT_EQ(*rpc({"a1", "a2", "a3", "a4", "a5", "a6", "web1"}, {"path=/", "count=4"}), 5);
    EXPECT_EQ(fleet_.node("web1").last_request().inputs, Json::parse(R"({"path":"/","count":4})"));
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 20'000);
}

TEST_F(RpcCommandTest, UsesAnOldDescriptionWhenNobodyGivesOne) {
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

TEST_F(RpcCommandTest, CountsWhoRefusedToBeDiscovered) {
    use_own_ddl();
    line_.common.json = true;
    fleet_.add("web1");
    fleet_.add("db1").refuse_discovery(Outcome::clock_skew);
    EXPECT_EQ(*rpc({}, {"path=/"}), 2);
    EXPECT_EQ(document()["refusals"],
              Json::parse(R"([{"identity": "db1", "outcome": "clock_skew", "reason": "not now"}])"));
    EXPECT_NE(err_.find("discovery was refused by db1: clock_skew: not now"), std::string::npos) << err_;
}

TEST_F(RpcCommandTest, JsonLinesTellWhoRefusedToBeDiscovered) {
    use_own_ddl();
    rpc_.json_lines = true;
    fleet_.add("db1").refuse_discovery(Outcome::denied);
    EXPECT_EQ(*rpc({}, {"path=/"}), 7);
    EXPECT_EQ(document()["refusals"][0]["identity"], "db1");
}

TEST_F(RpcCommandTest, RepliesThatAreNotOkAreShownBesideATable) {
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

TEST_F(RpcCommandTest, RepliesThatAreNotOkStandInTheDocument) {
    line_.common.json = true;
    fleet_.add("web1").answer(Outcome::invalid);
    fleet_.add("web2").answer(Outcome::ok, {{"fact", "role"}, {"value", "db"}});
    EXPECT_EQ(*run_facts(line_, {"role"}, conversation()), 2);
    ASSERT_EQ(document()["failures"].size(), 1U);
    EXPECT_EQ(document()["failures"][0]["identity"], "web1");
    EXPECT_FALSE(document().contains("replies"));
}

TEST_F(RpcCommandTest, WhoFindsNobodyByAFactIsToldThatCaseCounts) {
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

TEST_F(RpcCommandTest, WithoutADescriptionNoInputCrossesAnOpenNetwork) {
    config_.nats.urls = {"nats://broker.example.org:4222"};
    fleet_.add("web1");
    const Result<int> ended = rpc({"web1"}, {"path=/"});
    ASSERT_FALSE(ended);
    EXPECT_NE(ended.error().message.find("sensitive inputs are not sent"), std::string::npos);
    EXPECT_EQ(fleet_.node("web1").last_request().action, "agent_ddl") << "nothing else was sent";
}

TEST_F(RpcCommandTest, TheClientWaitsForTheGraceOfTheDescription) {
    EXPECT_EQ(client::longest_wait(10'000, std::chrono::seconds(60)), std::chrono::seconds(73));
}

TEST_F(RpcCommandTest, UsesTheCachedDescriptionByItsDigest) {
    config_.ddl.cache = folder_ / "cache";
    serve_ddl(fleet_.add("web1"));
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_TRUE(std::filesystem::exists(folder_ / ("cache/disk-" + test::sample_digest() + ".json")));
}

TEST_F(RpcCommandTest, ATimeoutOfTheCommandLineWins) {
    use_own_ddl();
    config_.timeout_ms = 1500;
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    EXPECT_EQ(fleet_.node("web1").last_request().timeout_ms, 1500);
}

TEST_F(RpcCommandTest, TellsWhoFailedAndWhoIsMissing) {
    use_own_ddl();
    fleet_.add("web1").answer(Outcome::denied);
    fleet_.add("web2");
    EXPECT_EQ(*rpc({"web1", "web2", "web9"}, {"path=/"}), 2);
    EXPECT_NE(err_.find("2 of 3 answered: 1 ok, 1 denied in"), std::string::npos) << err_;
    EXPECT_NE(err_.find("no answer from web9: nobody of that name is connected"), std::string::npos) << err_;
}

TEST_F(RpcCommandTest, JsonIsOneDocument) {
    use_own_ddl();
    line_.common.json = true;
    fleet_.add("web1").answer(Outcome::ok, {{"used", 7}});
    EXPECT_EQ(*rpc({"web1", "web9"}, {"path=/"}), 5);
    EXPECT_EQ(document()["replies"][0]["data"]["used"], 7);
    EXPECT_EQ(document()["missing"][0]["identity"], "web9");
    EXPECT_EQ(document()["exit_code"], 5);
}

TEST_F(RpcCommandTest, JsonIsADocumentEvenWhenNobodyIsThere) {
    use_own_ddl();
    line_.common.json = true;
    EXPECT_EQ(*rpc({}, {"path=/"}), 1);
    EXPECT_EQ(document()["discovered"], 0);
    EXPECT_TRUE(document()["request"].is_null());
}

TEST_F(RpcCommandTest, JsonLinesEndWithTheResult) {
    use_own_ddl();
    rpc_.json_lines = true;
    fleet_.add("web1");
    EXPECT_EQ(*rpc({"web1"}, {"path=/"}), 0);
    const std::size_t newline = out_.find('\n');
    EXPECT_EQ((*parse_json_object(out_.substr(0, newline)))["type"], "reply");
    EXPECT_EQ((*parse_json_object(out_.substr(newline + 1)))["type"], "result");
}

TEST_F(RpcCommandTest, BusyNodesAreAskedAgainWithANewRequest) {
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

TEST_F(RpcCommandTest, HelpOfAnActionNeedsNoBrokerWhenItIsKnown) {
    use_own_ddl();
    EXPECT_EQ(*run_rpc_help({"disk", "usage"}, conversation()), 0);
    EXPECT_EQ(connections_, 0);
    EXPECT_NE(out_.find("disk usage"), std::string::npos);
}

TEST_F(RpcCommandTest, AnUnknownActionIsSuggested) {
    use_own_ddl();
    const Result<int> ended = run_rpc_help({"disk", "usge"}, conversation());
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().message, "agent 'disk' has no action \"usge\"; did you mean 'usage'?");
}

}  // namespace
}  // namespace hocket::cli
