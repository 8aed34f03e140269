#include "core/base/file.h"

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace hocket {
namespace {

TEST(ReadFile, RefusesMoreThanTheLimit) {
    const test::TemporaryFolder folder;
    const auto file = folder.write("a", "12345");
    EXPECT_EQ(read_file(file, 5).value(), "12345");
    EXPECT_FALSE(read_file(file, 4));
}

TEST(ReadFile, DoesNotHangOnAFifo) {
    const test::TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    const Result<std::string> content = read_file(folder / "fifo", 100);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().message.find("not a regular file"), std::string::npos);
}

TEST(ReadFile, NamesAMissingFile) {
    const Result<std::string> content = read_file("/nonexistent/file", 100);
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().message, "/nonexistent/file: cannot open: No such file or directory");
}

TEST(WriteFileAtomically, ReplacesTheContentAndSetsTheMode) {
    const test::TemporaryFolder folder;
    folder.write("a", "old");
    ASSERT_TRUE(write_file_atomically(folder / "a", "new", 0600));
    EXPECT_EQ(read_file(folder / "a", 100).value(), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    struct stat status{};
    ::stat((folder / "a").c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(BehindLinks, IsWhatALinkNamesInTheEnd) {
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink("second", folder / "first");
    std::filesystem::create_symlink(folder / "missing", folder / "second");
    EXPECT_EQ(behind_links(folder / "first"), folder / "missing");
    EXPECT_EQ(behind_links(folder / "missing"), folder / "missing");
}

TEST(CheckTrusted, RefusesWhatOthersMayWrite) {
    const test::TemporaryFolder folder;
    EXPECT_TRUE(check_trusted(folder.write("good", "", 0755)));
    const Result<void> checked = check_trusted(folder.write("bad", "", 0757));
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message.find("chmod go-w"), std::string::npos);
}

TEST(CheckTrusted, RefusesAFileInAFolderThatOthersMayWrite) {
    const test::TemporaryFolder folder;
    const auto file = folder.write("open/file", "");
    std::filesystem::permissions(folder / "open", std::filesystem::perms::all);
    EXPECT_FALSE(check_trusted(file));
}

TEST(CheckTrusted, LooksAtWhatALinkLeadsTo) {
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink(folder.write("bad", "", 0666), folder / "link");
    EXPECT_FALSE(check_trusted(folder / "link"));
}

TEST(CheckTrusted, LooksAtTheFoldersOfEachLink) {
    const test::TemporaryFolder folder;
    const auto file = folder.write("good/file", "");
    folder.write("open/other", "");
    std::filesystem::create_symlink(file, folder / "open/link");
    std::filesystem::create_symlink("open/link", folder / "first");
    EXPECT_TRUE(check_trusted(folder / "first"));
    std::filesystem::permissions(folder / "open", std::filesystem::perms::all);
    const auto checked = check_trusted(folder / "first");
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().message.find((folder / "open").string() + ": mode 0777"), std::string::npos)
        << checked.error().message;
}

TEST(CheckTrusted, AdvisesNobodyToTakeAFolderAboveAway) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
    const test::TemporaryFolder folder;
    const auto file = folder.write("home/agent/agent", "");
    ASSERT_EQ(::chown((folder / "home").c_str(), 1234, 0), 0);
    EXPECT_NE(check_trusted(file).error().message.find("copy what is below to a folder that is root's"),
              std::string::npos);
    ASSERT_EQ(::chown((folder / "home").c_str(), 0, 0), 0);
    ASSERT_EQ(::chown(file.c_str(), 1234, 0), 0);
    EXPECT_NE(check_trusted(file).error().message.find("try: chown root " + file.string()),
              std::string::npos);
}

TEST(CheckTrusted, LooksAtAllThatIsBelow) {
    const test::TemporaryFolder folder;
    folder.write("lib/sub/good", "");
    std::filesystem::create_symlink(folder.write("open", "", 0666), folder / "lib/link");
    EXPECT_TRUE(check_trusted_below(folder / "lib"));
    folder.write("lib/sub/bad", "", 0666);
    folder.write("lib/worse", "", 0646);
    const std::string message = check_trusted_below(folder / "lib").error().message;
    EXPECT_NE(message.find("lets others change what runs; try: chmod go-w "), std::string::npos) << message;
    EXPECT_NE(message.find("(and 1 more below " + (folder / "lib").string() + ")"), std::string::npos)
        << message;
}

TEST(CheckTrusted, GoesInNoCircle) {
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink("round", folder / "round");
    EXPECT_NE(check_trusted(folder / "round").error().message.find("Too many levels"), std::string::npos);
}

TEST(AppendLine, TakesBackWhatDoesNotFit) {
    const test::TemporaryFolder folder;
    const auto path = folder.write("log", "one\n");
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{6, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto appended = append_line(file.get(), "three\n", path);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(appended);
    EXPECT_NE(appended.error().message.find("No space left on device"), std::string::npos);
    EXPECT_EQ(*read_file(path, 100), "one\n");
}

TEST(ReadPrivateFile, RefusesWhatOthersMayRead) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(*read_private_file(folder.write("good", "key", 0600), 3), "key");
    EXPECT_EQ(*read_private_file(folder.write("group", "key", 0640), 3), "key");
    for (const auto& file : {folder.write("open", "key", 0644), folder.write("writable", "key", 0660),
                             folder.write("large", "keys", 0600), folder / "missing"}) {
        const auto content = read_private_file(file, 3);
        ASSERT_FALSE(content);
        EXPECT_EQ(content.error().code, ErrorCode::invalid_key);
        EXPECT_TRUE(content.error().message.starts_with(file.string() + ": "));
    }
}

TEST(FileDescriptor, ClosesWhatItOwns) {
    int number = -1;
    {
        const FileDescriptor owner(::dup(0));
        number = owner.get();
    }
    EXPECT_EQ(::close(number), -1);
}

}  // namespace
}  // namespace hocket
