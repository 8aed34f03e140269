#include "runner/node/facts_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/runner/node/fake_fact_command.h"
#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

class FactsFolderTest : public testing::Test {
protected:
    /// The facts of everything that needs no command; "waiting" while one is needed.
    std::string load() {
        facts_ = "waiting";
        FactsFolder(tree_.root(), limits_, command_, clock_)
            .load([this](const Json& facts, const FileErrors& errors) {
                facts_ = dump_json(facts);
                errors_ = errors;
            });
        return facts_;
    }

    std::string error_of(const std::string& file) {
        load();
        EXPECT_EQ(facts_, "{}");
        return errors_.contains(file) ? errors_.at(file) : "none";
    }

    Tree tree_;
    FactsFolderLimits limits_;
    FakeFactCommand command_;
    FakeClock clock_;
    std::string facts_;
    FileErrors errors_;
};

TEST_F(FactsFolderTest, ReadsEveryFormat) {
    tree_.write("a.json", R"({"a":{"x":1}})");
    tree_.write("b.yaml", "b: [2]\n");
    tree_.write("c.yml", "c: 3\n");
    tree_.write("d.txt", "d=4\n");
    EXPECT_EQ(load(), R"({"a":{"x":1},"b":[2],"c":3,"d":"4"})");
    EXPECT_TRUE(errors_.empty());
}

TEST_F(FactsFolderTest, LaterFileReplacesWholeFacts) {
    tree_.write("10.json", R"({"a":{"x":1},"b":1})");
    tree_.write("20.yaml", "a: {y: 2}\n");
    EXPECT_EQ(load(), R"({"a":{"y":2},"b":1})");
}

TEST_F(FactsFolderTest, FolderThatDoesNotExistHoldsNone) {
    FactsFolder(tree_.path("missing"), limits_, command_, clock_)
        .load([this](const Json& facts, const FileErrors& errors) {
            facts_ = dump_json(facts);
            errors_ = errors;
        });
    EXPECT_EQ(facts_, "{}");
    EXPECT_TRUE(errors_.empty());
}

TEST_F(FactsFolderTest, FileInsteadOfAFolderIsAnError) {
    const std::filesystem::path file = tree_.write("a.json", "{}");
    FactsFolder(file, limits_, command_, clock_).load([this](const Json&, const FileErrors& errors) {
        errors_ = errors;
    });
    EXPECT_EQ(errors_.at(file.string()), "Not a directory");
}

TEST_F(FactsFolderTest, BrokenFileCostsOnlyItsOwnFacts) {
    tree_.write("a.json", R"({"a":1})");
    tree_.write("b.json", R"({"b":)");
    tree_.write("c.txt", "c=3\n");
    EXPECT_EQ(load(), R"({"a":1,"c":"3"})");
    EXPECT_EQ(errors_.size(), 1U);
    EXPECT_TRUE(errors_.at("b.json").starts_with("not valid JSON")) << errors_.at("b.json");
}

TEST_F(FactsFolderTest, DuplicateKeysAreRefused) {
    tree_.write("a.json", R"({"a":1,"a":2})");
    tree_.write("b.yaml", "b: 1\nb: 2\n");
    tree_.write("c.txt", "c=1\nc=2\n");
    EXPECT_EQ(load(), "{}");
    EXPECT_EQ(errors_.size(), 3U);
}

TEST_F(FactsFolderTest, HugeFileIsRefused) {
    limits_.max_file_bytes = 100;
    tree_.write("a.txt", "a=" + std::string(100, 'x'));
    EXPECT_NE(error_of("a.txt").find("larger than the limit of 100 bytes"), std::string::npos);
}

TEST_F(FactsFolderTest, FifoIsRefusedWithoutWaiting) {
    ASSERT_EQ(::mkfifo(tree_.path("a.json").c_str(), 0644), 0);
    ASSERT_EQ(::mkfifo(tree_.path("b").c_str(), 0755), 0);
    EXPECT_EQ(error_of("a.json"), "not a regular file");
    EXPECT_EQ(errors_.at("b"), "not a regular file");
}

TEST_F(FactsFolderTest, DanglingLinkIsRefused) {
    std::filesystem::create_symlink("nowhere", tree_.path("a.json"));
    EXPECT_EQ(error_of("a.json"), "not a regular file");
}

TEST_F(FactsFolderTest, FileThatOthersCanChangeIsRefused) {
    tree_.write("a.json", R"({"a":1})", 0646);
    EXPECT_NE(error_of("a.json").find("chmod go-w"), std::string::npos);
}

TEST_F(FactsFolderTest, ExecutableThatOthersCanChangeIsNotRun) {
    tree_.write("a", "#!/bin/sh\n", 0777);
    EXPECT_NE(error_of("a").find("chmod go-w"), std::string::npos);
    EXPECT_TRUE(command_.calls.empty());
}

TEST_F(FactsFolderTest, UnreadableFileIsAnError) {
    if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
    tree_.write("a.json", "{}", 0000);
    EXPECT_NE(error_of("a.json").find("Permission denied"), std::string::npos);
}

TEST_F(FactsFolderTest, FileOfNoKindIsAnError) {
    tree_.write("README", "text");
    EXPECT_EQ(error_of("README"), "neither .json, .yaml, .yml or .txt nor executable");
}

TEST_F(FactsFolderTest, HiddenFilesBackupsAndFoldersAreSkipped) {
    for (const char* name : {".a.json", "b.json~", "c.bak", "d.orig", "e/f.json"})
        tree_.write(name, R"({"x":1})", 0755);
    EXPECT_EQ(load(), "{}");
    EXPECT_TRUE(errors_.empty());
}

TEST_F(FactsFolderTest, OnlySoManyFilesAreRead) {
    limits_.max_files = 2;
    for (const char* name : {"a.txt", "b.txt", "c.txt"})
        tree_.write(name, std::string(1, name[0]) + "=1\n");
    EXPECT_EQ(load(), R"({"a":"1","b":"1"})");
    EXPECT_EQ(errors_.at(tree_.root().string()), "holds 3 files; only the first 2 are read");
}

TEST_F(FactsFolderTest, ExtensionCountsMoreThanTheExecutableBit) {
    tree_.write("a.json", R"({"a":1})", 0755);
    EXPECT_EQ(load(), R"({"a":1})");
}

TEST_F(FactsFolderTest, ExecutableIsRunWithADeadline) {
    const std::filesystem::path file = tree_.write("a.sh", "#!/bin/sh\n", 0755);
    limits_.command_timeout = std::chrono::milliseconds(500);
    EXPECT_EQ(load(), "waiting");
    ASSERT_EQ(command_.calls.size(), 1U);
    EXPECT_EQ(command_.calls[0].executable, file);
    EXPECT_EQ(command_.calls[0].deadline, clock_.steady() + std::chrono::milliseconds(500));
    command_.answer(0, std::string("a=1\n"));
    EXPECT_EQ(facts_, R"({"a":"1"})");
}

TEST_F(FactsFolderTest, ExecutablesRunOneAfterTheOtherInTheirPlace) {
    tree_.write("10", "#!/bin/sh\n", 0755);
    tree_.write("20.txt", "a=20\nb=20\n");
    tree_.write("30", "#!/bin/sh\n", 0755);
    load();
    ASSERT_EQ(command_.calls.size(), 1U);
    command_.answer(0, std::string("a=10\nc=10\n"));
    ASSERT_EQ(command_.calls.size(), 2U);
    command_.answer(1, std::string("{\"b\":30}"));
    EXPECT_EQ(facts_, R"({"a":"20","b":30,"c":"10"})");
}

TEST_F(FactsFolderTest, FailedExecutableCostsOnlyItsOwnFacts) {
    tree_.write("a", "#!/bin/sh\n", 0755);
    tree_.write("b.txt", "b=1\n");
    load();
    command_.answer(0, Error{ErrorCode::timeout, "killed after 10 s", {}});
    EXPECT_EQ(facts_, R"({"b":"1"})");
    EXPECT_EQ(errors_.at("a"), "killed after 10 s");
}

TEST_F(FactsFolderTest, ExecutableThatPrintsTooMuchIsRefused) {
    limits_.max_file_bytes = 100;
    tree_.write("a", "#!/bin/sh\n", 0755);
    load();
    command_.answer(0, "a=" + std::string(100, 'x'));
    EXPECT_EQ(errors_.at("a"), "printed 102 bytes, the limit is 100");
}

}  // namespace
}  // namespace hocket::node
