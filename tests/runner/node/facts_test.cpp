#include "runner/node/facts.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "tests/runner/node/fake_fact_command.h"
#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

class FactsTest : public testing::Test {
protected:
    FactsTest() {
        settings_.root = tree_.folder("root");
        settings_.folder = tree_.folder("facts.d");
        settings_.refresh = std::chrono::milliseconds(1);
        tree_.write("root/etc/os-release", "ID=alpine\n");
    }

    std::unique_ptr<Facts> make() { return std::make_unique<Facts>(io_, settings_, command_, clock_, log_); }

    /// Starts and runs the loop until the first facts are there.
    std::unique_ptr<Facts> started() {
        std::unique_ptr<Facts> facts = make();
        bool is_ready = false;
        facts->start([&is_ready] { is_ready = true; });
        EXPECT_FALSE(is_ready);
        while (!is_ready)
            io_.run_one();
        return facts;
    }

    std::size_t lines_logged() const {
        return static_cast<std::size_t>(std::count(logged_.begin(), logged_.end(), '\n'));
    }

    Tree tree_;
    boost::asio::io_context io_;
    FactsSettings settings_;
    FakeFactCommand command_;
    FakeClock clock_;
    std::string logged_;
    Log log_{LogLevel::debug, logged_};
};

TEST_F(FactsTest, SnapshotsAreEmptyBeforeTheFirstTime) {
    const std::unique_ptr<Facts> facts = make();
    EXPECT_EQ(dump_json(*facts->all()), "{}");
    EXPECT_EQ(dump_json(*facts->visible()), "{}");
    EXPECT_EQ(facts->stats().refreshed_at, 0);
}

TEST_F(FactsTest, ExternalFactsStandBesideTheBuiltInOnes) {
    tree_.write("facts.d/a.txt", "role=web\n");
    const std::unique_ptr<Facts> facts = started();
    EXPECT_EQ((*facts->all())["role"], "web");
    EXPECT_EQ((*facts->all())["os"]["family"], "Alpine");
    EXPECT_EQ(facts->stats().facts, facts->all()->size());
    EXPECT_EQ(facts->stats().refreshed_at, clock_.now_ms);
}

TEST_F(FactsTest, ExternalFactReplacesABuiltInOneAsAWhole) {
    tree_.write("facts.d/a.yaml", "os: {name: Mine}\n");
    EXPECT_EQ(dump_json((*started()->all())["os"]), R"({"name":"Mine"})");
}

TEST_F(FactsTest, PrivateFactsAreInvisible) {
    settings_.private_facts = {"secret", "os.family"};
    tree_.write("facts.d/a.yaml", "secret: {token: x}\nrole: web\n");
    const std::unique_ptr<Facts> facts = started();
    EXPECT_EQ((*facts->all())["secret"]["token"], "x");
    EXPECT_FALSE(facts->visible()->contains("secret"));
    EXPECT_FALSE((*facts->visible())["os"].contains("family"));
    EXPECT_EQ((*facts->visible())["role"], "web");
}

TEST_F(FactsTest, RefreshesInTheBackground) {
    tree_.write("facts.d/a.txt", "role=web\n");
    const std::unique_ptr<Facts> facts = started();
    const std::shared_ptr<const Json> before = facts->visible();
    tree_.write("facts.d/a.txt", "role=db\n");
    while (facts->visible() == before)
        io_.run_one();
    EXPECT_EQ((*facts->visible())["role"], "db");
    EXPECT_EQ((*before)["role"], "web");
}

TEST_F(FactsTest, FilterSeesNoPartOfARefreshThatIsGoingOn) {
    settings_.refresh = std::chrono::hours(1);
    tree_.write("facts.d/a.txt", "role=web\n");
    const std::unique_ptr<Facts> facts = started();
    tree_.write("facts.d/b", "#!/bin/sh\n", 0755);
    tree_.write("facts.d/a.txt", "role=db\n");
    facts->refresh();
    EXPECT_EQ((*facts->visible())["role"], "web");
    command_.answer(0, std::string("x=1\n"));
    EXPECT_EQ((*facts->visible())["role"], "db");
}

TEST_F(FactsTest, RefreshThatIsGoingOnIsNotStartedAgain) {
    settings_.refresh = std::chrono::hours(1);
    tree_.write("facts.d/a", "#!/bin/sh\n", 0755);
    const std::unique_ptr<Facts> facts = make();
    facts->refresh();
    facts->refresh();
    EXPECT_EQ(command_.calls.size(), 1U);
    command_.answer(0, std::string("x=1\n"));
    EXPECT_EQ((*facts->all())["x"], "1");
}

TEST_F(FactsTest, BrokenFileIsLoggedOnceAndShownInTheStats) {
    settings_.refresh = std::chrono::hours(1);
    tree_.write("facts.d/a.json", "{");
    const std::unique_ptr<Facts> facts = started();
    facts->refresh();
    facts->refresh();
    EXPECT_EQ(lines_logged(), 1U) << logged_;
    EXPECT_NE(logged_.find("file=a.json"), std::string::npos) << logged_;
    EXPECT_TRUE(facts->stats().errors.contains("a.json"));
}

TEST_F(FactsTest, MendedFileIsForgottenAndLoggedWhenItBreaksAgain) {
    settings_.refresh = std::chrono::hours(1);
    tree_.write("facts.d/a.json", "{");
    const std::unique_ptr<Facts> facts = started();
    tree_.write("facts.d/a.json", "{}");
    facts->refresh();
    EXPECT_TRUE(facts->stats().errors.empty());
    tree_.write("facts.d/a.json", "{");
    facts->refresh();
    EXPECT_EQ(lines_logged(), 2U) << logged_;
}

TEST_F(FactsTest, MayBeDestroyedWhileAnExecutableRuns) {
    tree_.write("facts.d/a", "#!/bin/sh\n", 0755);
    std::unique_ptr<Facts> facts = make();
    facts->refresh();
    facts.reset();
    command_.answer(0, std::string("x=1\n"));
    io_.run();
}

TEST_F(FactsTest, MayBeDestroyedWhileItsTimerIsDue) {
    std::unique_ptr<Facts> facts = started();
    boost::asio::post(io_, [&facts] { facts.reset(); });
    io_.run();
}

TEST_F(FactsTest, MayBeDestroyedByTheOneWhoWaitsForIt) {
    std::unique_ptr<Facts> facts = make();
    facts->start([&facts] { facts.reset(); });
    io_.run();
    EXPECT_EQ(facts, nullptr);
}

TEST_F(FactsTest, MayBeDestroyedBeforeTheFirstTime) {
    std::unique_ptr<Facts> facts = make();
    facts->start([] { FAIL() << "ready without facts"; });
    facts.reset();
    io_.run();
}

}  // namespace
}  // namespace hocket::node
