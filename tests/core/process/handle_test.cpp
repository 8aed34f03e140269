#include <csignal>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core/process/process_fixture.h"

namespace hocket::process {
namespace {

using std::chrono::milliseconds;

class HandleTest : public ProcessTest {
protected:
    /// A script that is spoken to.
    Spec companion(const std::string& script) {
        Spec spec = bash(script);
        spec.standard_input = Stdin::pipe;
        spec.deadline.reset();
        return spec;
    }
};

TEST_F(HandleTest, ChildIsSpokenToWhileItRuns) {
    Spec spec = companion("while read -r line; do echo \"got $line\" >&3; done; echo over >&3");
    spec.keeps_output = false;
    const auto child = start(std::move(spec));
    EXPECT_GT(child->handle.pid(), 0);
    child->handle.write("one\n");
    drive_until([&] { return child->heard[Channel::reply] == "got one\n"; });
    child->handle.write("two\n");
    child->handle.write("three\n");
    child->handle.close_input();
    drive_until([&] { return child->gone; });
    EXPECT_EQ(child->heard[Channel::reply], "got one\ngot two\ngot three\nover\n");
    EXPECT_EQ(to_string(child->ended->end), "exit 0");
    EXPECT_EQ(child->ended->reply, "");
    EXPECT_EQ(child->handle.pid(), -1);
    child->handle.write("nobody is there\n");
    child->handle.stop();
}

TEST_F(HandleTest, WhatTheChildDoesNotTakeWaits) {
    const auto child = start(companion("sleep 0.1; wc -c"));
    const std::string much(3'000'000, 'x');
    child->handle.write(much);
    child->handle.write("and more");
    child->handle.close_input();
    drive_until([&] { return child->gone; });
    EXPECT_EQ(child->ended->output, "3000008\n");
}

TEST_F(HandleTest, WhatIsNotReadIsKnown) {
    const auto child = start(companion("read -r line; echo read >&3; sleep 600"));
    child->handle.write("one");
    EXPECT_EQ(child->handle.unread_input(), 3U);
    child->handle.write(" line\n");
    drive_until([&] { return child->handle.unread_input() == 0U; });
    child->handle.stop();
    drive_until([&] { return child->gone; });
    EXPECT_FALSE(child->handle.unread_input());
}

TEST_F(HandleTest, ChildThatTakesNothingIsNoHarm) {
    const auto child = start(companion("exec <&-; sleep 0.1; echo done"));
    child->handle.write(std::string(3'000'000, 'x'));
    child->handle.close_input();
    drive_until([&] { return child->gone; });
    EXPECT_EQ(child->ended->output, "done\n");
}

TEST_F(HandleTest, InputOfTheSpecificationComesFirst) {
    Spec spec = companion("cat");
    spec.input = "first ";
    const auto child = start(std::move(spec));
    child->handle.write("second");
    child->handle.close_input();
    drive_until([&] { return child->gone; });
    EXPECT_EQ(child->ended->output, "first second");
}

TEST_F(HandleTest, ErrorsComeBeforeTheReplyThatFollowedThem) {
    Spec spec = companion("echo why >&2; echo reply >&3");
    spec.keeps_output = false;
    std::string order;
    const auto child = start(std::move(spec));
    drive_until([&] { return !child->heard[Channel::reply].empty(); });
    EXPECT_EQ(child->heard[Channel::errors], "why\n");
    drive_until([&] { return child->gone; });
    EXPECT_EQ(child->ended->errors.text, "why\n");
}

TEST_F(HandleTest, IsStoppedWithItsTree) {
    Spec spec = companion("trap 'echo term >&2; exit' TERM; sleep 600 & echo up; wait");
    const auto child = start(std::move(spec));
    drive_until([&] { return child->heard[Channel::output] == "up\n"; });
    child->handle.stop();
    drive_until([&] { return child->gone; });
    EXPECT_EQ(to_string(child->ended->end), "stopped");
    EXPECT_EQ(child->ended->errors.text, "term\n");
}

TEST_F(HandleTest, DeadlineIsGivenLater) {
    const auto child = start(companion("cat; sleep 600"));
    child->handle.write("request");
    child->handle.close_input();
    child->handle.set_deadline(std::chrono::steady_clock::now() + milliseconds(50));
    drive_until([&] { return child->gone; });
    EXPECT_EQ(to_string(child->ended->end), "timed out");
    EXPECT_EQ(child->ended->output, "request");
}

TEST_F(HandleTest, SignalOfTheParentsDeathIsSet) {
    // prctl --getpdeathsig is nothing that a shell has: the field is not in /proc either, so python asks.
    Spec spec = bash(
        "exec python3 -c 'import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(n)); "
        "print(n.value)'");
    spec.traits.dies_with_us = true;
    EXPECT_EQ(run(std::move(spec)).output, "9\n");
}

}  // namespace
}  // namespace hocket::process
