#include "client/lib/discovery.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "client/lib/targets.h"
#include "tests/client/fleet.h"

namespace hocket::client {
namespace {

using std::chrono::milliseconds;
using test::FakeNode;
using test::Fleet;

std::vector<std::string> names(const DiscoveryResult& result) {
    return discovered_targets(result).identities;
}

filter::Filter filter_of(const filter::FilterTexts& texts) {
    return *filter::parse_filter(texts);
}

TEST(Discovery, FindsWhoMatchesSortedByName) {
    Fleet fleet;
    for (const char* name : {"web2", "db1", "web1"})
        fleet.add(name);
    const DiscoveryResult found = fleet.discover({filter_of({.identities = {"/^web/"}}), ""});
    EXPECT_EQ(names(found), (std::vector<std::string>{"web1", "web2"}));
    EXPECT_EQ(found.nodes[0].version, "1.0");
}

TEST(Discovery, NamesTheAgentWhoseDescriptionIsWanted) {
    Fleet fleet;
    fleet.add("web1");
    fleet.discover({{}, "disk"});
    const auto sent = parse_json_object(fleet.transport().payloads()[0]);
    EXPECT_EQ((*sent)["inputs"]["agent"], "disk");
}

TEST(Discovery, EndsAtOnceWhenNobodyIsThere) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.max_ms = 60'000;
    Fleet fleet(config);
    EXPECT_TRUE(fleet.discover({}).nodes.empty());
}

TEST(Discovery, EndsAtOnceWhenAllNamedNodesAnswered) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.quiet_ms = 60'000;
    Fleet fleet(config);
    fleet.add("web1");
    EXPECT_EQ(names(fleet.discover({filter_of({.identities = {"web1"}}), ""})).size(), 1U);
}

TEST(Discovery, WaitsForNamedNodesBeyondQuiet) {
    Fleet fleet;
    fleet.add("web1");
    boost::asio::steady_timer late(fleet.io());
    fleet.add("web2").behave_when_discovered([&](FakeNode& node, const wire::VerifiedRequest& request) {
        const wire::Message answer =
            node.message(wire::encode_reply(node.reply_to(request, Outcome::ok)), request);
        late.expires_after(milliseconds(fleet.session().config().discovery.quiet_ms * 8));
        late.async_wait([&node, answer](const auto&) { node.send(answer); });
    });
    EXPECT_EQ(names(fleet.discover({filter_of({.identities = {"web1", "web2"}}), ""})).size(), 2U);
}

TEST(Discovery, ANodeThatSaysThatThereIsNobodyHidesNobody) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.quiet_ms = 200;
    config.discovery.max_ms = 60'000;
    Fleet fleet(config);
    fleet.add("rogue").behave_when_discovered(
        [](FakeNode& node, const wire::VerifiedRequest& request) { node.send_nobody(request); });
    boost::asio::steady_timer late(fleet.io(), milliseconds(50));
    fleet.add("web1").behave_when_discovered([&](FakeNode& node, const wire::VerifiedRequest& request) {
        const wire::Message answer =
            node.message(wire::encode_reply(node.reply_to(request, Outcome::ok)), request);
        late.async_wait([&node, answer](const auto&) { node.send(answer); });
    });
    const DiscoveryResult found = fleet.discover({});
    EXPECT_EQ(names(found), std::vector<std::string>{"web1"});
    EXPECT_FALSE(found.nobody_connected);
}

TEST(Discovery, DoesNotTakeOneNodeForAnotherThatItNamed) {
    Fleet fleet;
    fleet.add("web9").ignore_filters();  // before web1 on the broker
    fleet.add("web1");
    const DiscoveryResult found = fleet.discover({filter_of({.identities = {"web1"}}), ""});
    EXPECT_EQ(names(found), (std::vector<std::string>{"web1"}));
    ASSERT_EQ(found.unexpected.size(), 1U);
    EXPECT_EQ(found.unexpected[0].reply.identity, "web9");
}

TEST(Discovery, WaitsForNobodyOnlySoLong) {
    Fleet fleet;
    fleet.add("web1");
    EXPECT_TRUE(fleet.discover({filter_of({.identities = {"/nosuch/"}}), ""}).nodes.empty());
}

TEST(Discovery, CancelKeepsWhatArrived) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.quiet_ms = 60'000;
    Fleet fleet(config);
    fleet.add("web1");
    std::optional<DiscoveryResult> result;
    std::size_t heard = 0;
    auto discovery = Discovery::start(fleet.session(), {},
                                      {[&](Result<DiscoveryResult> found) { result = std::move(*found); },
                                       [&](const DiscoveredNode&) { ++heard; }});
    fleet.run_until([&] { return heard == 1; });
    (*discovery)->cancel();
    fleet.run_until([&] { return result.has_value(); });
    EXPECT_TRUE(result->cancelled);
    EXPECT_EQ(names(*result).size(), 1U);
}

TEST(Discovery, ARefusedBroadcastIsAnError) {
    Fleet fleet;
    fleet.add("web1");
    std::optional<Result<DiscoveryResult>> result;
    auto discovery = Discovery::start(fleet.session(), {},
                                      {[&](Result<DiscoveryResult> made) { result.emplace(made); }, {}});
    fleet.transport().complain(R"(Permissions Violation for Publish to "hocket.main.all.discovery")");
    fleet.run_until([&] { return result.has_value(); });
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().code, ErrorCode::broker_unreachable);
}

class QuietWindowTest : public testing::Test {
protected:
    static QuietWindow::TimePoint at(int ms) { return QuietWindow::TimePoint(milliseconds(ms)); }

    /// The end after replies at these times.
    QuietWindow::TimePoint end_after(std::initializer_list<int> replies_ms) const {
        QuietWindow quiet({}, config_);
        for (const int reply : replies_ms)
            quiet.on_reply(at(reply));
        return quiet.deadline();
    }

    DiscoveryConfig config_{.quiet_ms = 100, .max_ms = 2000, .listen_ms = {}, .direct_threshold = 200};
};

TEST_F(QuietWindowTest, GivesTheFirstReplyAllTheTime) {
    EXPECT_EQ(end_after({}), at(2000));
}

TEST_F(QuietWindowTest, GoesOnForFourTimesTheLatestReply) {
    EXPECT_EQ(end_after({2, 50}), at(250));
}

TEST_F(QuietWindowTest, IsNeverShorterThanQuiet) {
    EXPECT_EQ(end_after({1}), at(101));
    EXPECT_EQ(DiscoveryConfig().quiet_ms, 50);
}

TEST_F(QuietWindowTest, EndsAfterMaxAtTheLatest) {
    EXPECT_EQ(end_after({600}), at(2000));
    EXPECT_EQ(end_after({1'990}), at(2000));
}

TEST_F(QuietWindowTest, ListensForSoLongWhateverComes) {
    config_.listen_ms = 5000;
    EXPECT_EQ(end_after({}), at(5000));
    EXPECT_EQ(end_after({1}), at(5000));
    EXPECT_EQ(end_after({1, 4'000}), at(5000));
}

TEST(Targets, LiteralIdentitiesNeedNoDiscovery) {
    const auto named = named_targets(filter_of({.identities = {"web1", "web2"}}));
    ASSERT_TRUE(named);
    EXPECT_EQ(named->identities, (std::vector<std::string>{"web1", "web2"}));
    EXPECT_FALSE(named->discovered);
    EXPECT_FALSE(named_targets(filter_of({.identities = {"/web/"}})));
    EXPECT_FALSE(named_targets(filter_of({.classes = {"web"}, .identities = {"web1"}})));
    EXPECT_FALSE(named_targets({}));
}

TEST(Targets, UpToTheThresholdNodesAreNamed) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.direct_threshold = 2;
    Fleet fleet(config);
    const Targets few{{"a", "b"}, true};
    const Targets many{{"a", "b", "c"}, true};
    EXPECT_EQ(plan_call(fleet.session(), fleet.request(), few, false).request.targets, few.identities);
    EXPECT_TRUE(plan_call(fleet.session(), fleet.request(), many, false).request.targets.empty());
    EXPECT_EQ(plan_call(fleet.session(), fleet.request(), many, false).expected, many.identities);
}

TEST(Targets, SensitiveInputsAreNeverBroadcast) {
    ClientConfig config = Fleet::fast_config();
    config.discovery.direct_threshold = 0;
    Fleet fleet(config);
    EXPECT_EQ(plan_call(fleet.session(), fleet.request(), {{"a"}, true}, true).request.targets.size(), 1U);
}

TEST(Targets, BuiltInAgentsAreEverywhere) {
    EXPECT_TRUE(with_agent({}, "rpcutil")->agents.empty());
    ASSERT_EQ(with_agent({}, "disk")->agents.size(), 1U);
    EXPECT_EQ(with_agent({}, "disk")->agents[0].text(), "disk");
}

}  // namespace
}  // namespace hocket::client
