#include "runner/key_watch.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace hocket {
namespace {

using std::chrono::milliseconds;

class KeyWatchTest : public testing::Test {
protected:
    /// Runs until there were so many changes, or for a while.
    int changes_after(int expected) {
        const auto end = std::chrono::steady_clock::now() +
                         std::chrono::seconds(expected > changes_ ? 10 : 0) + milliseconds(30);
        while (changes_ < expected || expected == 0) {
            if (std::chrono::steady_clock::now() >= end) break;
            io_.restart();
            io_.run_one_for(milliseconds(10));
        }
        return changes_;
    }

    void watch() { watch_.watch({folder_ / "a", folder_ / "b"}, milliseconds(2)); }

    test::TemporaryFolder folder_;
    boost::asio::io_context io_;
    int changes_ = 0;
    KeyWatch watch_{io_, [this] { ++changes_; }};
};

TEST_F(KeyWatchTest, TellsThatAFileWasReplacedWrittenMadeOrRemoved) {
    folder_.write("a", "1");
    watch();
    EXPECT_EQ(changes_after(0), 0);
    folder_.write("c", "2");
    std::filesystem::rename(folder_ / "c", folder_ / "a");
    EXPECT_EQ(changes_after(1), 1);
    folder_.write("a", "longer");
    EXPECT_EQ(changes_after(2), 2);
    folder_.write("b", "new");
    EXPECT_EQ(changes_after(3), 3);
    std::filesystem::remove(folder_ / "b");
    EXPECT_EQ(changes_after(4), 4);
}

TEST_F(KeyWatchTest, TellsAChangeThatCameAfterItBegan) {
    folder_.write("a", "1");
    watch();
    folder_.write("a", "while they are read");
    EXPECT_EQ(changes_after(1), 1);
}

}  // namespace
}  // namespace hocket
