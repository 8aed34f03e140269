#include <gtest/gtest.h>

#include "client/cli/commands.h"
#include "core/wire/psk.h"
#include "tests/support/temporary_folder.h"

namespace hocket::cli {
namespace {

class PskCommandsTest : public testing::Test {
protected:
    PskCommandsTest() {
        console_.out = [this](std::string_view text) { out_ += text; };
    }

    test::TemporaryFolder folder_;
    Console console_;
    CommandLine line_;
    std::string out_;
};

TEST_F(PskCommandsTest, KeysAreMadeAndDerived) {
    EXPECT_EQ(*run_psk_new(line_, {"ops", 2, "", folder_.path()}, console_), 0);
    EXPECT_EQ(out_, (folder_ / "ops.2.psk").string() + '\n');
    EXPECT_EQ(
        *run_psk_derive(line_, {folder_ / "ops.2.psk", "ops.2", "web1", folder_ / "web1.key"}, console_), 0);
    EXPECT_TRUE(wire::read_node_psk_file(folder_ / "web1.key"));
}

TEST_F(PskCommandsTest, AKeyIsNeverReplaced) {
    const PskNewCommand command{"ops", 1, "", folder_.path()};
    EXPECT_TRUE(run_psk_new(line_, command, console_));
    EXPECT_FALSE(run_psk_new(line_, command, console_));
}

}  // namespace
}  // namespace hocket::cli
