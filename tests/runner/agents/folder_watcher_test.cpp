#include "runner/agents/folder_watcher.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace hocket::agents {
namespace {

using namespace std::chrono_literals;

class FolderWatcherTest : public testing::Test {
protected:
    FolderWatcherTest() {
        folder_.write("disk/disk.yaml", "");
        watcher_.watch({folder_.path(), folder_ / "missing"});
    }

    /// How often it told of a change, once it has been quiet.
    int told() {
        const auto deadline = std::chrono::steady_clock::now() + 5s;
        while (changes_ == 0 && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(10ms);
        io_.run_for(100ms);
        return changes_;
    }

    test::TemporaryFolder folder_;
    boost::asio::io_context io_;
    int changes_ = 0;
    FolderWatcher watcher_{io_, 30ms, [this] { ++changes_; }};
};

TEST_F(FolderWatcherTest, TellsOfManyChangesOnce) {
    for (int i = 0; i < 20; ++i) {
        folder_.write("disk/disk.yaml", std::to_string(i));
        io_.poll();  // each is told by itself
    }
    EXPECT_EQ(told(), 1);
}

TEST_F(FolderWatcherTest, SeesAnAgentThatComes) {
    folder_.write("apt/apt.yaml", "");
    EXPECT_EQ(told(), 1);
}

TEST_F(FolderWatcherTest, SeesAnAgentThatGoes) {
    std::filesystem::remove_all(folder_ / "disk");
    EXPECT_EQ(told(), 1);
}

TEST_F(FolderWatcherTest, SeesAProgramThatBecomesExecutable) {
    std::filesystem::permissions(folder_ / "disk/disk.yaml", std::filesystem::perms::owner_all);
    EXPECT_EQ(told(), 1);
}

TEST_F(FolderWatcherTest, WatchingAnewIsNoChange) {
    watcher_.watch({folder_.path()});
    io_.run_for(100ms);
    EXPECT_EQ(changes_, 0);
}

TEST_F(FolderWatcherTest, ForgetsFoldersThatAreNoLongerNamed) {
    watcher_.watch({});
    folder_.write("disk/disk.yaml", "x");
    io_.run_for(100ms);
    EXPECT_EQ(changes_, 0);
}

}  // namespace
}  // namespace hocket::agents
