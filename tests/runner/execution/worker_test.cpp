#include <csignal>
#include <map>

#include "core/base/file.h"
#include "tests/runner/execution/executor_fixture.h"

namespace hocket::execution {
namespace {

using std::chrono::milliseconds;

/// The words of a line that a script needs: `id`, `action` and `text`, and how to answer.
constexpr const char* k_words = R"(
member() { [[ $line =~ \"$1\":\"([^\"]*)\" ]] && REPLY=${BASH_REMATCH[1]} || REPLY=; }
answer() { printf '{"id":"%s","statuscode":0,"data":{"pid":%d,"text":"%s"}}\n' "$1" $$ "$2" >&3; }
)";

/// Calls action_NAME for each line, with $id and $text.
std::string worker(const std::string& actions) {
    return k_words + actions + R"(
while IFS= read -r line; do
    member id; id=$REPLY; member text; text=$REPLY; member action
    action_$REPLY
done
)";
}

class WorkerTest : public ExecutorTest {
protected:
    static Wanted text(const std::string& text) { return {.inputs = {{"text", text}}}; }
};

TEST_F(WorkerTest, OneProcessServesManyRequests) {
    install("w", "contract: worker", worker("action_go() { answer $id \"got $text\"; }"));
    const AgentResult first = ask("w", text("a"));
    const AgentResult second = ask("w", text("b"));
    EXPECT_EQ(first.outcome, Outcome::ok) << first.statusmsg;
    EXPECT_EQ(first.data.at("text"), "got a");
    EXPECT_EQ(second.data.at("text"), "got b");
    EXPECT_EQ(pid_in(first), pid_in(second));
    EXPECT_EQ(executor_.workers().serving(), 1);
    EXPECT_EQ(executor_.running(), 0);
}

TEST_F(WorkerTest, AnswersOfSeveralInFlightComeInAnyOrder) {
    install("w", "contract: worker, worker: {in_flight: 2}",
            worker("action_keep() { kept=$id; }; action_go() { answer $id later; answer $kept first; }"),
            "go keep");
    const Answer first = start("w", {.action = "keep"});
    const Answer second = start("w", {});
    wait_for(first);
    wait_for(second);
    EXPECT_EQ((*first)->data.at("text"), "first");
    EXPECT_EQ((*second)->data.at("text"), "later");
}

TEST_F(WorkerTest, WithOneInFlightTheNextWaits) {
    install("w", "contract: worker", worker("action_go() { sleep 0.1; answer $id; }"));
    const Answer first = start("w", {});
    const Answer second = start("w", {});
    EXPECT_EQ(executor_.waiting(), 1);
    wait_for(second);
    EXPECT_EQ(pid_in(**first), pid_in(**second));
}

TEST_F(WorkerTest, SeveralProcessesServeAtATime) {
    install("w", "contract: worker, worker: {processes: 2}",
            worker("action_go() { sleep 0.1; answer $id; }"));
    const Answer first = start("w", {});
    const Answer second = start("w", {});
    EXPECT_EQ(executor_.waiting(), 0);
    wait_for(first);
    wait_for(second);
    EXPECT_NE(pid_in(**first), pid_in(**second));
}

TEST_F(WorkerTest, ACrashAnswersAllInFlightAndTheNextCallHasANewProcess) {
    install("w", "contract: worker, worker: {in_flight: 3}",
            worker("action_keep() { :; }; action_die() { echo why >&2; kill -SEGV $$; sleep 1; }; "
                   "action_go() { answer $id; }"),
            "go keep die");
    const AgentResult before = ask("w");
    const Answer kept = start("w", {.action = "keep"});
    const Answer dying = start("w", {.action = "die"});
    wait_for(kept);
    wait_for(dying);
    for (const Answer& answer : {kept, dying}) {
        EXPECT_EQ((*answer)->outcome, Outcome::crashed);
        EXPECT_NE((*answer)->statusmsg.find("signal 11"), std::string::npos) << (*answer)->statusmsg;
        EXPECT_FALSE((*answer)->stderr_tail) << "it may be about the other request";
    }
    const AgentResult after = ask("w");
    EXPECT_EQ(after.outcome, Outcome::ok);
    EXPECT_NE(pid_in(before), pid_in(after));
}

TEST_F(WorkerTest, WhoReadsNoMoreIsReplacedBeforeTheNextCall) {
    install("w", "contract: worker",
            worker("action_go() { answer $id; }; action_brief() { exec <&-; answer $id; sleep 60; }"),
            "go brief");
    const AgentResult last = ask("w", {.action = "brief"});
    EXPECT_EQ(last.outcome, Outcome::ok) << last.statusmsg;
    const AgentResult next = ask("w");
    EXPECT_EQ(next.outcome, Outcome::ok) << next.statusmsg;
    EXPECT_NE(pid_in(last), pid_in(next));
    EXPECT_NE(log_text_.find("a worker reads no more requests, and is replaced"), std::string::npos);
    drive_until([&] { return supervisor_.running() == 1; });
}

TEST_F(WorkerTest, WhoClosesItsInputWithoutAnAnswerIsToldSo) {
    install("w", "contract: worker", worker("action_brief() { exec <&-; sleep 60; }"), "brief");
    const AgentResult silent = ask("w", {.action = "brief"});
    EXPECT_EQ(silent.outcome, Outcome::timeout);
    EXPECT_TRUE(silent.statusmsg.ends_with("; it has closed its standard input")) << silent.statusmsg;
}

TEST_F(WorkerTest, ALostProcessIsACrashWhateverIsSaidOfIt) {
    install("w", "contract: worker",
            worker(R"(action_go() { printf '{"id":"%s","crashed":%s}\n' $id "${text//_/\"}" >&3; })"));
    const std::string bare = "the worker lost the process of this request";
    for (const auto& [said, message] : std::map<std::string, std::string>{
             {"_signal_", bare + ": \"signal\""}, {"__", bare}, {"5", bare}, {"null", bare}, {"{}", bare}}) {
        const AgentResult result = ask("w", text(said));
        EXPECT_EQ(result.outcome, Outcome::crashed) << said;
        EXPECT_EQ(result.statusmsg, message);
    }
    EXPECT_EQ(executor_.workers().serving(), 1) << "it goes on";
}

TEST_F(WorkerTest, AStuckRequestEndsTheTreeAndSparesNobody) {
    install("w", "contract: worker, worker: {in_flight: 2}",
            worker("action_keep() { :; }; action_brief() { sleep 600 & echo $! >${0%/*}/child; }"),
            "keep brief");
    const Answer kept = start("w", {.action = "keep"});
    const Answer stuck = start("w", {.action = "brief"});
    wait_for(stuck);
    EXPECT_EQ((*stuck)->outcome, Outcome::timeout);
    EXPECT_NE((*stuck)->statusmsg.find("killed"), std::string::npos) << (*stuck)->statusmsg;
    ASSERT_TRUE(*kept);
    EXPECT_EQ((*kept)->outcome, Outcome::crashed);
    EXPECT_NE((*kept)->statusmsg.find("another request"), std::string::npos);
    const pid_t child = std::stoi(read_file(folder_ / "agents/w/child", 100).value());
    EXPECT_NE(::kill(child, 0), 0) << "its tree lives on";
}

TEST_F(WorkerTest, ACallerWhoWaitsLessHarmsNobody) {
    install("w", "contract: worker", worker("action_go() { sleep 0.2; answer $id; }"));
    const AgentResult hasty = ask("w", {.timeout_ms = 20});
    EXPECT_EQ(hasty.outcome, Outcome::timeout);
    EXPECT_NE(hasty.statusmsg.find("it goes on"), std::string::npos) << hasty.statusmsg;
    EXPECT_EQ(executor_.running(), 1) << "its place is taken until the worker has answered";
    const Answer patient = start("w", {});
    EXPECT_EQ(executor_.waiting(), 1);
    wait_for(patient);
    EXPECT_EQ((*patient)->outcome, Outcome::ok);
    EXPECT_EQ(log_text_.find("a worker is ended"), std::string::npos) << log_text_;
}

TEST_F(WorkerTest, ALineThatIsNoReplyIsABadReply) {
    install("w", "contract: worker", worker("action_go() { echo \"$text\" >&3; }"));
    for (const char* line : {"hello", "[1]", "{'statuscode':0}", "{}"}) {
        const AgentResult result = ask("w", text(line));
        EXPECT_EQ(result.outcome, Outcome::bad_reply) << line;
        EXPECT_NE(result.statusmsg.find(line), std::string::npos) << result.statusmsg;
    }
    const AgentResult unknown = ask("w", text("none"));
    EXPECT_EQ(unknown.outcome, Outcome::bad_reply);
}

TEST_F(WorkerTest, OneThatIsBeingEndedKeepsItsReason) {
    install("w", "contract: worker, grace: 3",
            worker("action_brief() { trap '' TERM; echo hello >&3; while :; do sleep 0.1; done; }"), "brief");
    const AgentResult result = ask("w", {.action = "brief"});
    EXPECT_EQ(result.outcome, Outcome::bad_reply) << result.statusmsg;
    EXPECT_EQ(log_text_.find("a request passed its deadline"), std::string::npos) << log_text_;
}

TEST_F(WorkerTest, ASecondAnswerEndsTheWorker) {
    install("w", "contract: worker", worker("action_go() { answer $id; answer $id; }"));
    const AgentResult first = ask("w");
    EXPECT_EQ(first.outcome, Outcome::ok);
    drive_until([&] { return executor_.workers().serving() == 0; });
    EXPECT_NE(pid_in(ask("w")), pid_in(first));
    EXPECT_NE(log_text_.find("of no request that it has"), std::string::npos) << log_text_;
}

TEST_F(WorkerTest, AReplyOverTheLimitIsTooLarge) {
    install("w", "contract: worker, max_output: 1000",
            worker("action_go() { printf '{\"id\":\"%s\",\"statusmsg\":\"%2000s\"}\\n' $id x >&3; }"));
    EXPECT_EQ(ask("w").outcome, Outcome::too_large);
}

TEST_F(WorkerTest, AMemberOfAWrongTypeIsTheRequestsOwnFault) {
    install("w", "contract: worker",
            worker("action_bad() { echo '{\"id\":\"'$id'\",\"statuscode\":\"0\"}' >&3; }; "
                   "action_go() { answer $id; }"),
            "go bad");
    const AgentResult before = ask("w");
    EXPECT_EQ(ask("w", {.action = "bad"}).outcome, Outcome::bad_reply);
    EXPECT_EQ(pid_in(ask("w")), pid_in(before));
}

TEST_F(WorkerTest, AWorkerMayTellThatItLostTheProcessOfARequest) {
    install("w", "contract: worker",
            worker("action_go() { echo '{\"id\":\"'$id'\",\"crashed\":\"'$text'\"}' >&3; }; "
                   "action_secret() { action_go; }"),
            "go secret");
    const AgentResult result = ask("w", text("signal"));
    EXPECT_EQ(result.outcome, Outcome::crashed);
    EXPECT_NE(result.statusmsg.find("signal"), std::string::npos) << result.statusmsg;
    const AgentResult secret = ask("w", {.action = "secret", .inputs = {{"text", "hunter2"}}});
    EXPECT_EQ(secret.outcome, Outcome::crashed);
    EXPECT_EQ(secret.statusmsg.find("hunter2"), std::string::npos) << secret.statusmsg;
    const AgentResult ended = ask(
        "w", {.action = "secret", .inputs = {{"text", "hunter2 was ended by signal 9, without a reply"}}});
    EXPECT_TRUE(ended.statusmsg.ends_with(": signal 9")) << ended.statusmsg;
}

TEST_F(WorkerTest, TheSizeOfALineThatMayBeAnothersIsTold) {
    install("w", "contract: worker",
            worker("action_go() { answer $id; }; action_brief() { echo 'no reply' >&3; }"), "go brief");
    ask("w");
    const AgentResult bad = ask("w", {.action = "brief"});
    EXPECT_NE(bad.statusmsg.find("(8 bytes, not shown because they may belong to another request)"),
              std::string::npos)
        << bad.statusmsg;
}

TEST_F(WorkerTest, AReplyWithoutAnEndOfItsLineIsNamed) {
    install("w", "contract: worker", worker("action_go() { printf '{\"id\":' >&3; exit 0; }"));
    const AgentResult result = ask("w");
    EXPECT_NE(result.statusmsg.find("exit code 0; it wrote 6 bytes to descriptor 3 and no end of a line"),
              std::string::npos)
        << result.statusmsg;
}

TEST_F(WorkerTest, IsReplacedAfterItsNumberOfRequests) {
    install("w", "contract: worker, worker: {requests: 2}", worker("action_go() { answer $id; }"));
    const std::int64_t first = pid_in(ask("w"));
    EXPECT_EQ(pid_in(ask("w")), first);
    EXPECT_NE(pid_in(ask("w")), first);
    drive_until([&] { return supervisor_.running() == 1; });
}

TEST_F(WorkerTest, EndsWhenItIsIdle) {
    install("w", "contract: worker, worker: {idle: 1}", worker("action_go() { answer $id; }"));
    ask("w");
    EXPECT_EQ(supervisor_.running(), 1U);
    drive_until([&] { return supervisor_.running() == 0; });
    EXPECT_EQ(executor_.workers().serving(), 0);
    EXPECT_EQ(log_text_.find("a worker ended by itself"), std::string::npos) << log_text_;
}

TEST_F(WorkerTest, IsReplacedWhenItTakesTooMuchMemory) {
    install(
        "w", "contract: worker, worker: {memory: 16777216}",
        worker("action_go() { answer $id; }; action_grow() { printf -v much '%20000000s' x; answer $id; }"),
        "go grow");
    const std::int64_t first = pid_in(ask("w"));
    drive_for(milliseconds(120));  // between two measurements
    EXPECT_EQ(pid_in(ask("w", {.action = "grow"})), first);
    EXPECT_NE(pid_in(ask("w")), first);
}

TEST_F(WorkerTest, IsMeasuredOnceMoreWhenItHasNothingToDo) {
    install(
        "w", "contract: worker, worker: {memory: 16777216}",
        worker("action_go() { answer $id; }; action_grow() { printf -v much '%20000000s' x; answer $id; }"),
        "go grow");
    const std::int64_t first = pid_in(ask("w"));
    EXPECT_EQ(pid_in(ask("w", {.action = "grow"})), first);
    drive_until([&] { return supervisor_.running() == 0; });
}

TEST_F(WorkerTest, AReloadLetsItAnswerAndThenGo) {
    install("w", "contract: worker", worker("action_go() { sleep 0.2; answer $id; }"));
    const Answer running = start("w", {});
    drive_for(milliseconds(50));
    load();
    EXPECT_EQ(executor_.workers().serving(), 0);
    const Answer next = start("w", {});
    wait_for(running);
    EXPECT_EQ((*running)->outcome, Outcome::ok);
    wait_for(next);
    EXPECT_NE(pid_in(**next), pid_in(**running));
    drive_until([&] { return supervisor_.running() == 1; });
}

TEST_F(WorkerTest, WhoWaitedThroughAReloadLeavesNoWorkerBehind) {
    install("w", "contract: worker", worker("action_go() { sleep 0.05; answer $id; }"));
    const std::vector<Answer> answers = {start("w", {}), start("w", {}), start("w", {})};
    load();
    const Answer after = start("w", {});
    for (const Answer& answer : answers) {
        wait_for(answer);
        EXPECT_EQ((*answer)->outcome, Outcome::ok) << (*answer)->statusmsg;
    }
    wait_for(after);
    drive_until([&] { return supervisor_.running() == 1; });
    EXPECT_EQ(executor_.workers().serving(), 1);
}

TEST_F(WorkerTest, AProgramThatIsReplacedIsNotServedByTheOldProcess) {
    install("w", "contract: worker", worker("action_go() { answer $id old; }"));
    EXPECT_EQ(ask("w").data.at("text"), "old");
    folder_.write("agents/w/w", "#!/bin/bash\n" + worker("action_go() { answer $id new; }"), 0755);
    EXPECT_EQ(ask("w").data.at("text"), "new");
    drive_until([&] { return supervisor_.running() == 1; });
}

TEST_F(WorkerTest, OneThatDoesNotGoByItselfIsEnded) {
    install("w", "contract: worker, worker: {requests: 1}",
            worker("action_go() { answer $id; }") + "\nsleep 600");
    ask("w");
    drive_until([&] { return supervisor_.running() == 0; });
}

TEST_F(WorkerTest, ItsStderrGoesWithAReplyThatIsNotOk) {
    install(
        "w", "contract: worker",
        worker("action_go() { echo \"about $text\" >&2; echo '{\"id\":\"'$id'\",\"statuscode\":1}' >&3; }"));
    EXPECT_EQ(ask("w", text("a")).stderr_tail, "about a\n");
    EXPECT_EQ(ask("w", text("b")).stderr_tail, "about b\n") << "and not what was before";
}

TEST_F(WorkerTest, NothingIsQuotedOfAWorkerThatKnowsSecrets) {
    install(
        "w", "contract: worker",
        worker(
            "action_secret() { kept=$text; answer $id; }; action_go() { echo $kept >&2; echo $kept >&3; }; "
            "action_fail() { echo $kept >&2; echo '{\"id\":\"'$id'\",\"statuscode\":1}' >&3; }"),
        "go fail secret");
    const Wanted secret{.action = "secret", .inputs = {{"text", "hunter2"}}};
    ask("w", secret);
    const AgentResult failed = ask("w", {.action = "fail"});
    EXPECT_EQ(failed.outcome, Outcome::failed);
    EXPECT_FALSE(failed.stderr_tail) << *failed.stderr_tail;
    const AgentResult bad = ask("w");
    EXPECT_EQ(bad.outcome, Outcome::bad_reply);
    EXPECT_EQ(bad.statusmsg.find("hunter2"), std::string::npos) << bad.statusmsg;
    EXPECT_FALSE(bad.stderr_tail);
}

TEST_F(WorkerTest, OneThatCannotStartSaysWhy) {
    install("w", "contract: worker", "#!/no/such/interpreter\n");
    const AgentResult result = ask("w");
    EXPECT_EQ(result.outcome, Outcome::crashed);
    EXPECT_NE(result.statusmsg.find("/no/such/interpreter"), std::string::npos) << result.statusmsg;
}

TEST_F(WorkerTest, OneThatEndsAtOnceSaysWhy) {
    install("w", "contract: worker", "echo 'no module named x' >&2; exit 3");
    const AgentResult result = ask("w");
    EXPECT_EQ(result.outcome, Outcome::crashed);
    EXPECT_NE(result.statusmsg.find("exit code 3"), std::string::npos) << result.statusmsg;
    EXPECT_EQ(result.stderr_tail, "no module named x\n");
}

TEST_F(WorkerTest, WhatItPrintsIsLog) {
    install("w", "contract: worker", worker("action_go() { echo '{\"statuscode\":5}'; answer $id; }"));
    EXPECT_EQ(ask("w").outcome, Outcome::ok);
}

TEST_F(WorkerTest, SilenceIsExplainedIfItCanBe) {
    install("out", "contract: worker", worker("action_brief() { echo '{\"id\":\"'$id'\"}'; sleep 9; }"),
            "brief");
    const Answer printed = start("out", {.action = "brief"});
    install("half", "contract: worker", worker("action_brief() { printf '{\"id\":' >&3; sleep 9; }"),
            "brief");
    const Answer half = start("half", {.action = "brief"});
    wait_for(printed);
    wait_for(half);
    EXPECT_NE((*printed)->statusmsg.find("a worker replies on descriptor 3"), std::string::npos)
        << (*printed)->statusmsg;
    EXPECT_NE((*half)->statusmsg.find("6 bytes to descriptor 3 and no end of a line"), std::string::npos)
        << (*half)->statusmsg;
}

TEST_F(WorkerTest, ALargeRequestArrivesWhole) {
    install("w", "contract: worker", worker("action_go() { answer $id ${#text}; }"));
    EXPECT_EQ(ask("w", text(std::string(300'000, 'x'))).data.at("text"), "300000");
}

TEST_F(WorkerTest, ItsOutputsAreHeldAgainstTheDdl) {
    install("w", "contract: worker",
            worker("action_go() { echo '{\"id\":\"'$id'\",\"statuscode\":7}' >&3; }"));
    const AgentResult result = ask("w");
    EXPECT_EQ(result.outcome, Outcome::bad_reply);
    EXPECT_NE(result.statusmsg.find("statuscode 7"), std::string::npos) << result.statusmsg;
}

}  // namespace
}  // namespace hocket::execution
