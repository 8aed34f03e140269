#include "client/cli/layout.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/cli/progress.h"

namespace hocket::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Layout, DurationsHaveThreeDigits) {
    EXPECT_EQ(duration_text(microseconds(412)), "0.41 ms");
    EXPECT_EQ(duration_text(milliseconds(41)), "41 ms");
    EXPECT_EQ(duration_text(milliseconds(12'345)), "12.3 s");
}

TEST(Layout, NamesBreakBehindACommaAtTheWidth) {
    const std::vector<std::string> names = {"web1", "web2", "web3"};
    EXPECT_EQ(name_list(names, 0), "web1, web2, web3");
    EXPECT_EQ(name_list(names, 12), "web1, web2,\nweb3");
    EXPECT_EQ(name_list(names, 1), "web1,\nweb2,\nweb3");
}

TEST(Layout, RowsAlignAtTheColon) {
    EXPECT_EQ(aligned_rows({{std::string(50, 'L'), {"1"}}, {"b", {"2", "3"}}}),
              "    " + std::string(50, 'L') + ": 1\n    " + std::string(39, ' ') + "b: 2\n" +
                  std::string(46, ' ') + "3\n");
    EXPECT_EQ(aligned_rows({{"Used", {"41"}}, {"Größe", {"a", "b"}}}),
              "     Used: 41\n"
              "    Größe: a\n"
              "           b\n");
}

TEST(Layout, RowsEscapeWhatATerminalWouldObey) {
    EXPECT_EQ(aligned_rows({{"a\x1b[2J", {"b\rc\u202e"}}}), "    a\\x1b[2J: b\\rc\\u202e\n");
}

TEST(Layout, LongJsonTakesSeveralLines) {
    EXPECT_EQ(value_lines(Json::array({1, 2})), (std::vector<std::string>{"[1,2]"}));
    EXPECT_EQ(value_lines("a\nb\n"), (std::vector<std::string>{"a", "b"}));
    EXPECT_GT(value_lines(Json::array({std::string(50, 'x'), std::string(50, 'y')})).size(), 1U);
    EXPECT_EQ(value_lines(nullptr), (std::vector<std::string>{"null"}));
}

TEST(ProgressLine, NamesWhoIsWaitedFor) {
    EXPECT_EQ(progress_line({3, 5, 1, {"db3", "db4"}}, milliseconds(2100), 100),
              "[==================>           ] 3 of 5, 1 failed, 2.1 s, waiting for db3, db4");
}

TEST(ProgressLine, FitsTheTerminal) {
    EXPECT_EQ(progress_line({}, milliseconds(600), 60), "looking for nodes, 600 ms");
    EXPECT_EQ(progress_line({0, 1, 0, {"a-node-with-a-long-name"}}, milliseconds(600), 60).size(), 60U);
}

}  // namespace
}  // namespace hocket::cli
