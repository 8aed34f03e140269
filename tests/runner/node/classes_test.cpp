#include "runner/node/classes.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

using Names = std::vector<std::string>;

class ClassesTest : public testing::Test {
protected:
    std::size_t lines_logged() const {
        return static_cast<std::size_t>(std::count(logged_.begin(), logged_.end(), '\n'));
    }

    Tree tree_;
    std::string logged_;
    Log log_{LogLevel::debug, logged_};
    Classes classes_{tree_.path("classes.txt"), log_};
};

TEST_F(ClassesTest, OneOnEachLine) {
    tree_.write("classes.txt", "web\n\n# comment\n  app::front \r\nlast one");
    EXPECT_EQ(classes_.current(), (Names{"web", "app::front", "last one"}));
    EXPECT_EQ(logged_, "");
}

TEST_F(ClassesTest, ReadAgainWhenTheContentChanges) {
    tree_.write("classes.txt", "web\n");
    EXPECT_EQ(classes_.current(), Names{"web"});
    tree_.write("classes.txt", "web\ndb\n");
    EXPECT_EQ(classes_.current(), (Names{"web", "db"}));
}

TEST_F(ClassesTest, ReadAgainWhenAnotherFileTakesThePlace) {
    const std::filesystem::path file = tree_.write("classes.txt", "web\n");
    const auto written_at = std::filesystem::last_write_time(file);
    EXPECT_EQ(classes_.current(), Names{"web"});
    const std::filesystem::path other = tree_.write("other", "sql\n");
    std::filesystem::last_write_time(other, written_at);
    std::filesystem::rename(other, file);
    EXPECT_EQ(classes_.current(), Names{"sql"});
}

TEST_F(ClassesTest, ReadAgainWhenOnlyTheTimeChanges) {
    const std::filesystem::path file = tree_.write("classes.txt", "web\n");
    EXPECT_EQ(classes_.current(), Names{"web"});
    tree_.write("classes.txt", "sql\n");
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_EQ(classes_.current(), Names{"sql"});
}

TEST_F(ClassesTest, MissingFileMeansNoneAndOneWarning) {
    EXPECT_EQ(classes_.current(), Names{});
    EXPECT_EQ(classes_.current(), Names{});
    EXPECT_EQ(lines_logged(), 1U) << logged_;
    EXPECT_NE(logged_.find("No such file"), std::string::npos) << logged_;
}

TEST_F(ClassesTest, FileThatComesAndGoesIsNoticed) {
    EXPECT_EQ(classes_.current(), Names{});
    const std::filesystem::path file = tree_.write("classes.txt", "web\n");
    EXPECT_EQ(classes_.current(), Names{"web"});
    std::filesystem::remove(file);
    EXPECT_EQ(classes_.current(), Names{});
    EXPECT_EQ(lines_logged(), 2U) << logged_;
}

TEST_F(ClassesTest, NoFileConfiguredIsNoWarning) {
    EXPECT_EQ(Classes({}, log_).current(), Names{});
    EXPECT_EQ(logged_, "");
}

TEST_F(ClassesTest, FifoIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(tree_.path("classes.txt").c_str(), 0644), 0);
    EXPECT_EQ(classes_.current(), Names{});
    EXPECT_EQ(lines_logged(), 1U) << logged_;
}

TEST_F(ClassesTest, HugeFileMeansNone) {
    tree_.write("classes.txt", std::string((1U << 20U) + 1, 'a'));
    EXPECT_EQ(classes_.current(), Names{});
    EXPECT_EQ(lines_logged(), 1U) << logged_;
}

TEST_F(ClassesTest, UnreadableFileIsReadOnceItMayBe) {
    if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
    const std::filesystem::path file = tree_.write("classes.txt", "web\n", 0000);
    EXPECT_EQ(classes_.current(), Names{});
    Tree::set_mode(file, 0644);
    EXPECT_EQ(classes_.current(), Names{"web"});
}

}  // namespace
}  // namespace hocket::node
