#include "core/base/file.h"
#include "tests/runner/execution/executor_fixture.h"

namespace hocket::execution {
namespace {

using std::chrono::milliseconds;

TEST_F(ExecutorTest, StderrStaysHereWhenASecretMayBeInIt) {
    install("a", "contract: json", "cat >&2; exit 3", "go secret");
    EXPECT_NE(ask("a", {.inputs = {{"text", "hunter2"}}}).stderr_tail->find("hunter2"), std::string::npos);
    const std::string tail = *ask("a", {.action = "secret", .inputs = {{"text", "hunter2"}}}).stderr_tail;
    EXPECT_EQ(tail.find("hunter2"), std::string::npos) << tail;
    EXPECT_NE(tail.find(" bytes, not shown because the action has sensitive fields)"), std::string::npos)
        << tail;
}

TEST_F(ExecutorTest, AnErrorThatQuotesASecretIsGivenWithoutIt) {
    install("a", "contract: json",
            R"(text=$(grep -o '"text":"[^"]*"' | cut -d '"' -f 4)
printf '{"statuscode":1,"statusmsg":"%s","error":{"kind":"a/b","message":"int(): %s","details":{"value":"%s"}}}' \
    "$text" "$text" "$text" >&3)",
            "go secret");
    EXPECT_EQ(ask("a", {.inputs = {{"text", "hunter2"}}}).error->message, "int(): hunter2");
    const AgentResult hidden = ask("a", {.action = "secret", .inputs = {{"text", "hunter2"}}});
    EXPECT_EQ(hidden.statusmsg, "***");
    EXPECT_EQ(hidden.error->message, "int(): ***");
    EXPECT_EQ(hidden.error->details, (Json{{"value", "***"}}));
}

/// Says in the file `order` that it runs, and takes a moment.
constexpr const char* k_slow =
    R"(echo "$HOCKET_INPUT_TEXT" >>"${0%/*/*}/order"; sleep 0.1; echo '{"statuscode":0}' >&3)";

class WaitingTest : public ExecutorTest {
protected:
    std::string order() { return read_file(folder_ / "agents/order", 4096).value_or(""); }

    Answer start_slow(const std::string& text, const std::string& agent = "slow") {
        return start(agent, {.inputs = {{"text", text}}});
    }
};

TEST_F(ExecutorTest, ALimitThatEndedAnAgentIsNamed) {
    install("time", "contract: json", "kill -XCPU $$");
    EXPECT_NE(ask("time").statusmsg.find("because it passed its limit of processor time (cpu_s)"),
              std::string::npos);
    install("size", "contract: json", "kill -XFSZ $$");
    EXPECT_NE(ask("size").statusmsg.find("the size of a file (file_bytes)"), std::string::npos);
}

TEST_F(WaitingTest, ACallWaitsForItsPlaceInTheOrderOfItsArrival) {
    install("slow", "contract: json", k_slow);
    executor_.set_limits({.max_parallel = 1});
    const std::vector<Answer> answers = {start_slow("a"), start_slow("b"), start_slow("c")};
    EXPECT_EQ(executor_.waiting(), 2);
    EXPECT_EQ(executor_.running(), 3);
    for (const Answer& answer : answers) {
        wait_for(answer);
        EXPECT_EQ((*answer)->outcome, Outcome::ok);
    }
    EXPECT_EQ(order(), "a\nb\nc\n");
    drive_until([&] { return executor_.running() == 0; });
}

TEST_F(WaitingTest, OverTheLengthOfTheQueueItIsBusyAtOnce) {
    install("slow", "contract: json, max_parallel: 1", k_slow);
    executor_.set_limits({.max_waiting = 1});
    const Answer first = start_slow("a");
    const Answer second = start_slow("b");
    const Answer third = start_slow("c");
    ASSERT_TRUE(*third);
    EXPECT_EQ((*third)->outcome, Outcome::busy);
    EXPECT_NE((*third)->statusmsg.find("agent 'slow' runs 1 request already"), std::string::npos);
    wait_for(second);
    EXPECT_EQ((*second)->outcome, Outcome::ok);
}

TEST_F(WaitingTest, NobodyWaitsLongerThanTheNodeAllowsOrItsTtl) {
    install("stuck", "contract: json, max_parallel: 1", "sleep 5");
    executor_.set_limits({.max_wait_ms = 150, .grace_ms = 50});
    const Answer running = start("stuck", {.timeout_ms = 600});
    const auto begin = std::chrono::steady_clock::now();
    const Answer by_ttl = start("stuck", {.ttl_ms = 60});
    const Answer by_limit = start("stuck", {});
    const Answer by_deadline = start("stuck", {.timeout_ms = 30});
    wait_for(by_limit);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(500));
    for (const Answer& answer : {by_deadline, by_ttl, by_limit}) {
        ASSERT_TRUE(*answer);
        EXPECT_EQ((*answer)->outcome, Outcome::busy);
        EXPECT_NE((*answer)->statusmsg.find("ms for a place; nothing was started"), std::string::npos);
    }
    wait_for(running);
    EXPECT_EQ((*running)->outcome, Outcome::timeout);
}

TEST_F(WaitingTest, ALockIsHeldByOneCallOfAllAgentsAndOthersPassBy) {
    install("slow", "contract: json, exclusive: apt", k_slow);
    install("other", "contract: json, exclusive: apt", k_slow);
    install("free", "contract: json", k_slow);
    const Answer first = start_slow("a");
    const Answer second = start_slow("b", "other");
    const Answer third = start_slow("c", "free");
    EXPECT_EQ(executor_.waiting(), 1);
    wait_for(third);
    EXPECT_FALSE(*second);
    wait_for(second);
    EXPECT_EQ((*second)->outcome, Outcome::ok);
    EXPECT_EQ(order().back(), '\n');
    EXPECT_EQ(order().substr(order().size() - 2), "b\n");
}

TEST_F(WaitingTest, WhoStillWaitsWhenTheNodeStopsIsTold) {
    install("stuck", "contract: json, max_parallel: 1", "sleep 0.3");
    const Answer running = start("stuck", {});
    const Answer waiting = start("stuck", {});
    executor_.abandon();
    ASSERT_TRUE(*running && *waiting);
    EXPECT_EQ((*waiting)->outcome, Outcome::draining);
    EXPECT_EQ((*running)->outcome, Outcome::internal);
    drive_until([&] { return executor_.running() == 0; });
}

TEST_F(WaitingTest, MorePlacesAreTakenAtOnce) {
    install("slow", "contract: json", k_slow);
    executor_.set_limits({.max_parallel = 1});
    const std::vector<Answer> answers = {start_slow("a"), start_slow("b"), start_slow("c")};
    executor_.set_limits({.max_parallel = 3});
    EXPECT_EQ(executor_.waiting(), 0);
    for (const Answer& answer : answers)
        wait_for(answer);
    drive_until([&] { return executor_.running() == 0; });
}

}  // namespace
}  // namespace hocket::execution
