#include <csignal>
#include <thread>

#include "core/base/file.h"
#include "tests/runner/execution/executor_fixture.h"

namespace hocket::execution {
namespace {

using std::chrono::milliseconds;

/// Reads all of stdin, and says who it is and how much that was.
constexpr const char* k_agent =
    R"(request=$(cat); printf '{"statuscode":0,"data":{"pid":%d,"size":%d}}' $$ ${#request} >&3)";

class StandbyTest : public ExecutorTest {
protected:
    void wait_for_standby(int count) {
        drive_until([&] { return executor_.standby().waiting() == count; });
    }
    int waiting() const { return executor_.standby().waiting(); }
    pid_t only_child() const { return executor_.standby().pids().at(0); }
};

TEST_F(StandbyTest, ACallIsServedByAProcessThatWaited) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    const AgentResult first = ask("s");
    EXPECT_EQ(first.outcome, Outcome::ok) << first.statusmsg;
    EXPECT_EQ(pid_in(first), waited);
    EXPECT_GT(first.data.at("size"), 100);
    wait_for_standby(1);
    EXPECT_NE(pid_in(ask("s")), waited) << "each serves one call";
}

TEST_F(StandbyTest, WithoutOneTheCallStartsOne) {
    install("s", "contract: json, standby: 1", k_agent);
    const Answer first = start("s", {});
    const Answer second = start("s", {});
    wait_for(first);
    wait_for(second);
    EXPECT_EQ((*second)->outcome, Outcome::ok);
}

TEST_F(StandbyTest, AsManyWaitAsAreWantedAtATime) {
    install("s", "contract: json, standby: 3", k_agent);
    wait_for_standby(1);
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 1);
    for (int call = 0; call < 6; ++call)
        start("s", {});
    wait_for_standby(3);
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 3);
}

TEST_F(StandbyTest, TheDeadlineHoldsFromTheCallOn) {
    install("s", "contract: json, standby: 1", "cat >/dev/null; sleep 600");
    wait_for_standby(1);
    EXPECT_EQ(ask("s", {.timeout_ms = 100}).outcome, Outcome::timeout);
}

TEST_F(StandbyTest, OneThatPrintsBeforeItsRequestSwitchesItOff) {
    install("s", "contract: json, standby: 2", std::string("echo hello; ") + k_agent);
    drive_until([&] { return log_text_.find("not kept on standby any more") != std::string::npos; });
    EXPECT_NE(log_text_.find("printed something"), std::string::npos) << log_text_;
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(supervisor_.running(), 0U);
    EXPECT_EQ(ask("s").outcome, Outcome::ok) << "it still runs, but cold";
}

TEST_F(StandbyTest, OneThatEndsBeforeItsRequestSwitchesItOff) {
    install("s", "contract: json, standby: 2", R"(echo '{"statuscode":0}' >&3)");
    drive_until([&] { return log_text_.find("not kept on standby any more") != std::string::npos; });
    drive_for(milliseconds(60));
    EXPECT_EQ(supervisor_.running(), 0U);
}

TEST_F(StandbyTest, OneThatIsKilledIsReplaced) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t killed = only_child();
    ::kill(killed, SIGKILL);
    drive_until([&] { return waiting() == 1 && only_child() != killed; });
    EXPECT_NE(log_text_.find("was killed, and is replaced"), std::string::npos) << log_text_;
    EXPECT_EQ(log_text_.find("not kept on standby"), std::string::npos) << log_text_;
}

TEST_F(StandbyTest, OneThatIsKilledAgainAndAgainSwitchesItOff) {
    install("s", "contract: json, standby: 1", "kill -KILL $$");
    drive_until([&] { return log_text_.find("not kept on standby any more") != std::string::npos; });
    EXPECT_NE(log_text_.find("its processes are killed again and again"), std::string::npos) << log_text_;
    EXPECT_NE(log_text_.find("memory_bytes"), std::string::npos) << log_text_;
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(StandbyTest, WhatItLogsWhileItStartsIsNoHarm) {
    install("s", "contract: json, standby: 1",
            R"(echo starting >&2; cat >/dev/null; echo '{"statuscode":1}' >&3)");
    wait_for_standby(1);
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(ask("s").stderr_tail, "starting\n");
}

TEST_F(StandbyTest, AChangedProgramIsNotServedByAnOldProcess) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    folder_.write("agents/s/s", std::string("#!/bin/bash\n# new\n") + k_agent, 0755);
    EXPECT_NE(pid_in(ask("s")), waited);
    EXPECT_EQ(log_text_.find("not kept on standby"), std::string::npos) << log_text_;
}

TEST_F(StandbyTest, AChangedInterpreterIsNotUsedByAnOldProcess) {
    const std::string shell = folder_.write("bin/shell", read_file("/bin/bash", 1U << 24U).value(), 0755);
    install("s", "contract: json, standby: 1", "#!" + shell + "\n" + k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    std::filesystem::rename(folder_ / "bin/shell", folder_ / "bin/old");
    folder_.write("bin/shell", read_file("/bin/bash", 1U << 24U).value(), 0755);
    EXPECT_NE(pid_in(ask("s")), waited);
}

TEST_F(StandbyTest, AReloadReplacesWhoWaits) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    load();
    EXPECT_EQ(waiting(), 0);
    wait_for_standby(1);
    EXPECT_NE(only_child(), waited);
    drive_until([&] { return supervisor_.running() == 1; });
}

TEST_F(StandbyTest, OtherLimitsReplaceWhoWaits) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    executor_.set_limits({.max_output_bytes = 5000});
    wait_for_standby(1);
    EXPECT_NE(only_child(), waited);
}

TEST_F(StandbyTest, TogetherTheyTakeNoMoreMemoryThanTheNodeAllows) {
    executor_.set_limits({.max_standby_bytes = 100'000});
    install("s", "contract: json, standby: 1", k_agent);
    install("t", "contract: json, standby: 1", k_agent);
    drive_until([&] { return log_text_.find("fewer processes wait on standby") != std::string::npos; });
    EXPECT_LE(waiting(), 1);
    EXPECT_EQ(ask("t").outcome, Outcome::ok);
}

TEST_F(StandbyTest, WithoutMemoryForThemThereAreNone) {
    executor_.set_limits({.max_standby_bytes = 0});
    install("s", "contract: json, standby: 1", k_agent);
    drive_for(milliseconds(60));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(supervisor_.running(), 0U);
    EXPECT_EQ(ask("s").outcome, Outcome::ok);
}

TEST_F(StandbyTest, OneThatCannotBeStartedIsToldOnceAndTriedAgain) {
    install("s", "contract: json, standby: 1", "#!/no/such/interpreter\n");
    drive_until(
        [&] { return log_text_.find("could not be started; it is tried again") != std::string::npos; });
    drive_for(milliseconds(60));
    EXPECT_EQ(log_text_.find("could not be started"), log_text_.rfind("could not be started")) << log_text_;
    EXPECT_EQ(log_text_.find("not kept on standby"), std::string::npos) << log_text_;
    EXPECT_EQ(waiting(), 0);
}

TEST_F(StandbyTest, OneThatHasEndedServesNobody) {
    install("s", "contract: json, standby: 1", k_agent);
    wait_for_standby(1);
    const pid_t waited = only_child();
    ::kill(waited, SIGKILL);
    std::this_thread::sleep_for(milliseconds(50));  // it is dead, and nobody has looked
    const AgentResult result = ask("s");
    EXPECT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
    EXPECT_NE(pid_in(result), waited);
}

TEST_F(StandbyTest, WhatAnAgentLeavesBehindIsEndedAsEver) {
    install("s", "contract: json, standby: 1",
            R"(cat >/dev/null; sleep 600 & printf '{"statuscode":0,"data":{"pid":%d}}' $! >&3)");
    wait_for_standby(1);
    const AgentResult result = ask("s");
    EXPECT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
    EXPECT_NE(::kill(static_cast<pid_t>(pid_in(result)), 0), 0);
}

/// With a short patience, on its own.
class StandbyAgeTest : public StandbyTest {
protected:
    Standby& standby() {
        if (!standby_) {
            standby_.emplace(
                Standby::Parts{io_.get_executor(), supervisor_, json_, surroundings_, clock_, log_},
                Standby::Options{
                    .oldest = milliseconds(200), .calm = milliseconds(120), .pause = milliseconds(1)});
        }
        return *standby_;
    }

    JsonContract json_{log_};
    Surroundings surroundings_{"web1.example", "/usr/bin:/bin", "/", "", {.grace_ms = 200}};
    std::optional<Standby> standby_;
};

TEST_F(StandbyAgeTest, AnOldProcessIsReplaced) {
    install("s", "contract: json, standby: 1", k_agent);
    executor_.serve({});
    standby().serve(agents_.all());
    drive_until([&] { return standby().waiting() == 1; });
    const pid_t waited = standby().pids().at(0);
    drive_until([&] { return standby().waiting() == 1 && standby().pids().at(0) != waited; });
    EXPECT_EQ(log_text_.find("not kept on standby"), std::string::npos) << log_text_;
}

TEST_F(StandbyAgeTest, FewerWaitWhenFewerAreWanted) {
    install("s", "contract: json, standby: 3", k_agent);
    executor_.serve({});
    standby().serve(agents_.all());
    const agents::InstalledAgent& agent = *agents_.find("s");
    for (int call = 0; call < 3; ++call)
        standby().take(agent);  // nobody is there yet
    drive_until([&] { return standby().waiting() == 3; });
    drive_until([&] { return standby().waiting() == 1; });
    drive_for(milliseconds(150));
    EXPECT_EQ(standby().waiting(), 1);
}

}  // namespace
}  // namespace hocket::execution
