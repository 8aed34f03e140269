#include "client/lib/results.h"

#include <gtest/gtest.h>

namespace hocket::client {
namespace {

struct ExitCodeCase {
    const char* what;
    Ending ending;
    int exit_code;
};

Ending with_error(ErrorCode code) {
    Ending ending;
    ending.error = code;
    return ending;
}

/// discovered < 0: the nodes were named.
Ending ending(int discovered, std::size_t answered, std::size_t denied, std::size_t not_ok,
              std::size_t missing) {
    Ending made;
    if (discovered >= 0) made.discovered = static_cast<std::size_t>(discovered);
    made.answered = answered;
    made.denied = denied;
    made.not_ok = not_ok;
    made.missing = missing;
    return made;
}

Ending interrupted(Ending made) {
    made.interrupted = true;
    return made;
}

class ExitCode : public testing::TestWithParam<ExitCodeCase> {};

TEST_P(ExitCode, IsTheFirstThatHolds) {
    EXPECT_EQ(exit_code(GetParam().ending), GetParam().exit_code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ExitCode,
    testing::Values(ExitCodeCase{"all_ok", ending(3, 3, 0, 0, 0), 0},
                    ExitCodeCase{"named_all_ok", ending(-1, 1, 0, 0, 0), 0},
                    ExitCodeCase{"interrupted", interrupted(ending(3, 3, 0, 0, 0)), 130},
                    ExitCodeCase{"interrupted_before_errors", interrupted(with_error(ErrorCode::usage)), 130},
                    ExitCodeCase{"interrupted_error", with_error(ErrorCode::interrupted), 130},
                    ExitCodeCase{"usage", with_error(ErrorCode::usage), 64},
                    ExitCodeCase{"inputs", with_error(ErrorCode::invalid_input), 65},
                    ExitCodeCase{"broker", with_error(ErrorCode::broker_unreachable), 69},
                    ExitCodeCase{"io", with_error(ErrorCode::io), 70},
                    ExitCodeCase{"internal", with_error(ErrorCode::internal), 70},
                    ExitCodeCase{"unknown_agent_here", with_error(ErrorCode::unknown_agent), 70},
                    ExitCodeCase{"too_large_here", with_error(ErrorCode::too_large), 70},
                    ExitCodeCase{"config", with_error(ErrorCode::invalid_config), 78},
                    ExitCodeCase{"key", with_error(ErrorCode::invalid_key), 78},
                    ExitCodeCase{"ddl", with_error(ErrorCode::invalid_ddl), 78},
                    ExitCodeCase{"nothing_discovered", ending(0, 0, 0, 0, 0), 1},
                    ExitCodeCase{"discovered_silent", ending(3, 0, 0, 0, 3), 3},
                    ExitCodeCase{"named_silent", ending(-1, 0, 0, 0, 1), 4},
                    ExitCodeCase{"all_denied", ending(2, 2, 2, 2, 0), 7},
                    ExitCodeCase{"all_denied_and_some_silent", ending(3, 2, 2, 2, 1), 7},
                    ExitCodeCase{"some_denied", ending(2, 2, 1, 1, 0), 2},
                    ExitCodeCase{"some_failed", ending(2, 2, 0, 1, 0), 2},
                    ExitCodeCase{"failed_before_silent", ending(3, 2, 0, 1, 1), 2},
                    ExitCodeCase{"some_silent", ending(3, 2, 0, 0, 1), 5}),
    [](const auto& param) { return std::string(param.param.what); });

NodeReply reply(const std::string& identity, Outcome outcome) {
    NodeReply node;
    node.reply.identity = identity;
    node.reply.outcome = outcome;
    return node;
}

TEST(Merge, ALaterReplyReplacesTheEarlierOne) {
    CallResult result;
    result.replies = {reply("web1", Outcome::ok), reply("web2", Outcome::busy)};
    CallResult later;
    later.replies = {reply("web2", Outcome::failed)};
    merge(result, later);
    ASSERT_EQ(result.replies.size(), 2U);
    EXPECT_EQ(result.replies[1].reply.outcome, Outcome::failed);
}

TEST(Merge, WhoFallsSilentDoesNotKeepItsLastWord) {
    CallResult result;
    result.replies = {reply("web2", Outcome::busy)};
    CallResult later;
    later.missing = {{"web2", Outcome::no_response, "nothing"}};
    merge(result, later);
    EXPECT_TRUE(result.replies.empty());
    ASSERT_EQ(result.missing.size(), 1U);
    EXPECT_EQ(result.missing[0].identity, "web2");
}

TEST(EndingOf, CountsWhatWasAnswered) {
    CallResult result;
    result.replies = {reply("a", Outcome::ok), reply("b", Outcome::denied), reply("c", Outcome::failed)};
    result.missing = {{"d", Outcome::no_response, ""}};
    const Ending counted = ending_of(result, 4);
    EXPECT_EQ(counted.answered, 3U);
    EXPECT_EQ(counted.denied, 1U);
    EXPECT_EQ(counted.not_ok, 2U);
    EXPECT_EQ(counted.missing, 1U);
}

TEST(EndingOf, WhoRefusedToBeDiscoveredIsNotOk) {
    CallResult result;
    EXPECT_EQ(exit_code(ending_of(result, 0, {reply("a", Outcome::draining)})), 2);
    EXPECT_EQ(exit_code(ending_of(result, 0, {reply("a", Outcome::denied)})), 7);
    result.replies = {reply("b", Outcome::ok)};
    EXPECT_EQ(exit_code(ending_of(result, 1, {reply("a", Outcome::denied)})), 2);
    EXPECT_EQ(exit_code(ending_of(result, 1)), 0);
}

}  // namespace
}  // namespace hocket::client
