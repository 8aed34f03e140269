#include "runner/agents/agent_store.h"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include "tests/support/temporary_folder.h"

namespace hocket::agents {
namespace {

std::string ddl_of(const std::string& name) {
    return "metadata: {name: " + name +
           ", description: d, author: a, license: l, version: \"1.0.0\", url: u, timeout: 10}\n"
           "run: {contract: json}\nactions: [{action: go, description: d, input: {}, output: {}}]\n";
}

class AgentStoreTest : public testing::Test {
protected:
    void add(const std::string& folder, const std::string& name) {
        folder_.write(folder + "/" + name + "/" + name + ".yaml", ddl_of(name));
        folder_.write(folder + "/" + name + "/" + name, "#!/bin/sh\n", 0755);
    }
    std::vector<LoadProblem> load(std::vector<std::filesystem::path> folders) {
        return store_.load({std::move(folders), {}});
    }

    test::TemporaryFolder folder_;
    AgentStore store_;
};

TEST_F(AgentStoreTest, FindsFoldersWithADdl) {
    add("one", "disk");
    folder_.write("one/lib/helper.sh", "");
    EXPECT_TRUE(load({folder_ / "one"}).empty());
    EXPECT_EQ(store_.names(), std::vector<std::string>{"disk"});
    EXPECT_EQ(store_.find("disk")->executable, folder_ / "one/disk/disk");
    EXPECT_EQ(store_.find("disk")->ddl_digest.size(), 64U);
}

TEST_F(AgentStoreTest, OfDataPluginsTakesNothingElse) {
    add("data", "disk");
    folder_.write(
        "data/load/load.yaml",
        "kind: data\nmetadata: {name: load, description: d, author: a, license: l, version: \"1\", url: u, "
        "timeout: 1}\nrun: {contract: choria}\nttl: 7\noutput: {}\n");
    folder_.write("data/load/load", "#!/bin/sh\n", 0755);
    AgentFolders folders{{folder_ / "data"}};
    folders.role = Role::data;
    const auto problems = store_.load(folders);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("where a data plugin is expected"), std::string::npos);
    EXPECT_EQ(store_.names(), std::vector<std::string>{"load"});
    EXPECT_EQ(store_.find("load")->ttl_s, 7);
    EXPECT_EQ(store_.find("load")->title(), "data plugin 'load'");
    EXPECT_TRUE(store_.undecided().empty());
}

TEST_F(AgentStoreTest, TheFirstOfTwoWins) {
    add("one", "disk");
    add("two", "disk");
    const auto problems = load({folder_ / "one", folder_ / "two"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(store_.find("disk")->folder, folder_ / "one/disk");
}

TEST_F(AgentStoreTest, LeavesOutWhatItCannotReadAndSaysWhy) {
    add("one", "disk");
    folder_.write("one/broken/broken.yaml", "metadata: {name: broken}\n");
    folder_.write("one/twice/twice.yaml", ddl_of("twice"));
    folder_.write("one/twice/twice.json", "{}");
    folder_.write("one/other/other.yaml", ddl_of("another"));
    const auto problems = load({folder_ / "one"});
    EXPECT_EQ(problems.size(), 3U);
    EXPECT_EQ(store_.names(), std::vector<std::string>{"disk"});
}

TEST_F(AgentStoreTest, PassesOnWhatTheReaderOfADdlWarnsOf) {
    folder_.write(
        "one/disk/disk.json",
        R"({"metadata":{"name":"disk","description":"d","author":"a","license":"l","version":"1.0.0",
                      "url":"u","timeout":"10"},
                      "actions":[{"action":"go","description":"d","input":{},"output":{}}]})");
    folder_.write("one/disk/disk", "#!/bin/sh\n", 0755);
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, LoadProblem::Kind::warning);
    EXPECT_NE(problems[0].message.find("disk.json:2: "), std::string::npos) << problems[0].message;
    EXPECT_EQ(store_.names(), std::vector<std::string>{"disk"});
}

TEST_F(AgentStoreTest, SaysWhatToDoAboutAFolderThatIsMissing) {
    const auto problems = load({folder_ / "none"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("none: No such file or directory; make it"), std::string::npos);
}

TEST_F(AgentStoreTest, NeverLoadsWhatOthersMayChange) {
    add("one", "disk");
    std::filesystem::permissions(folder_ / "one/disk/disk", std::filesystem::perms::all);
    ASSERT_EQ(load({folder_ / "one"}).size(), 1U);
    EXPECT_TRUE(store_.names().empty());
}

TEST_F(AgentStoreTest, WarnsOfWhatOthersMayChangeBesideIt) {
    add("one", "disk");
    folder_.write("one/disk/helper.sh", "", 0666);
    folder_.write("one/lib/hocket.sh", "", 0666);
    const std::vector<LoadProblem> problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 2U);
    for (const LoadProblem& problem : problems) {
        EXPECT_EQ(problem.kind, LoadProblem::Kind::warning);
        EXPECT_NE(problem.message.find(problem.agent.empty() ? "one/lib/hocket.sh: mode 0666"
                                                             : "one/disk/helper.sh: mode 0666"),
                  std::string::npos)
            << problem.message;
    }
    EXPECT_NE(problems[0].agent, problems[1].agent);
    std::filesystem::permissions(folder_ / "one/lib/hocket.sh", std::filesystem::perms::owner_all);
    std::filesystem::permissions(folder_ / "one/lib", std::filesystem::perms::all);
    EXPECT_NE(load({folder_ / "one"})[1].message.find("one/lib: mode 0777"), std::string::npos);
    EXPECT_EQ(store_.names(), std::vector<std::string>{"disk"});
}

TEST_F(AgentStoreTest, LoadsAnAgentWhoseExecutableIsMissingWithAWarning) {
    folder_.write("one/disk/disk.yaml", ddl_of("disk"));
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, LoadProblem::Kind::warning);
    EXPECT_TRUE(store_.find("disk"));
}

TEST_F(AgentStoreTest, WarnsOfWhatCannotStart) {
    add("one", "disk");
    folder_.write("one/disk/disk", "#!/opt/none/python -u\r\n", 0755);
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, LoadProblem::Kind::warning);
    EXPECT_TRUE(problems[0].message.starts_with("calls will answer `crashed`: cannot execute '"))
        << problems[0].message;
    EXPECT_TRUE(store_.find("disk"));
}

TEST_F(AgentStoreTest, AsksForTheUserThatItRunsAs) {
    add("one", "disk");
    std::filesystem::permissions(folder_ / "one/disk", std::filesystem::perms(0700));
    AgentFolders folders{{folder_ / "one"}};
    folders.settings["disk"].run_as = RunAs{"nobody", 65534, 65534, {}, "/"};
    const auto problems = store_.load(folders);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("user 'nobody' may not execute"), std::string::npos)
        << problems[0].message;
}

TEST_F(AgentStoreTest, WarnsOfADescriptionWithAnotherName) {
    folder_.write("one/nothing/other.yaml", ddl_of("other"));
    folder_.write("one/lib/package.json", "{}");
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("other.yaml is passed over: the folder 'nothing' is described by "),
              std::string::npos)
        << problems[0].message;
}

TEST_F(AgentStoreTest, WarnsOfAPrivateFolderThatKeptOrphansHaveNot) {
    add("one", "disk");
    std::string ddl = ddl_of("disk");
    ddl.replace(ddl.find("{contract: json}"), 16, "{contract: json, orphans: keep}");
    folder_.write("one/disk/disk.yaml", ddl);
    AgentFolders folders{{folder_ / "one"}};
    folders.settings["disk"].permits_kept_orphans = true;
    EXPECT_TRUE(store_.load(folders).empty());
    folders.settings["disk"].has_private_tmp = true;
    const auto problems = store_.load(folders);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("private_tmp does not hold"), std::string::npos);
}

TEST_F(AgentStoreTest, NeverLoadsOneWhoseExecutableOthersMayPutThere) {
    add("one", "disk");
    std::filesystem::remove(folder_ / "one/disk/disk");
    folder_.write("open/other", "");
    std::filesystem::permissions(folder_ / "open", std::filesystem::perms::all);
    std::filesystem::create_symlink(folder_ / "open/later", folder_ / "one/disk/disk");
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, LoadProblem::Kind::refused);
    EXPECT_FALSE(store_.find("disk"));
    EXPECT_TRUE(store_.is_refused("disk"));
}

TEST_F(AgentStoreTest, OnePathThatLeadsNowhereHarmsNoOtherAgent) {
    add("one", "disk");
    add("one", "round");
    std::filesystem::remove(folder_ / "one/round/round");
    std::filesystem::create_symlink("round", folder_ / "one/round/round");
    const auto problems = load({folder_ / "one"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("Too many levels"), std::string::npos) << problems[0].message;
    EXPECT_EQ(store_.names(), std::vector<std::string>{"disk"});
}

TEST_F(AgentStoreTest, WhoHoldsAnAgentKeepsItAcrossALoad) {
    add("one", "disk");
    load({folder_ / "one"});
    const auto held = store_.find("disk");
    load({});
    EXPECT_EQ(store_.find("disk"), nullptr);
    EXPECT_EQ(held->ddl.metadata.name, "disk");
}

// ---- as Choria has them ----------------------------------------------------------------------------------------------

std::string choria_ddl(const std::string& name, const std::string& provider = "external") {
    return R"({"metadata": {"name": ")" + name +
           R"(", "description": "d", "author": "a", "license": "l", "version": "1.0.0", "url": "u", "timeout": 10,
               "provider": ")" +
           provider + R"("}, "actions": [{"action": "go", "description": "d", "input": {}, "output": {}}]})";
}

class ChoriaFolderTest : public AgentStoreTest {
protected:
    /// The executables of those that are there to be asked.
    std::vector<std::string> undecided() {
        std::vector<std::string> paths;
        for (const auto& agent : store_.undecided())
            paths.push_back(std::filesystem::relative(agent->executable, folder_.path()).string());
        return paths;
    }
};

TEST_F(ChoriaFolderTest, ItsLayoutsAreAgentFoldersAsTheyAre) {
    utsname system{};
    ASSERT_EQ(::uname(&system), 0);
    if (std::string_view(system.machine) != "x86_64") GTEST_SKIP() << "it has the executable of one platform";
    folder_.write("a/flat.json", choria_ddl("flat"));
    folder_.write("a/flat.ddl", "metadata :name => 'flat'");
    folder_.write("a/flat", "#!/bin/sh\n", 0755);
    folder_.write("a/go.json", choria_ddl("go"));
    folder_.write("a/go/go-linux_amd64", "#!/bin/sh\n", 0755);
    folder_.write("a/go/go-darwin_arm64", "#!/bin/sh\n", 0755);
    folder_.write("a/own/own.json", choria_ddl("own"));
    folder_.write("a/own/own", "#!/bin/sh\n", 0755);
    folder_.write("a/deep/deep.json", choria_ddl("deep"));
    folder_.write("a/deep/deep/deep-linux_amd64", "#!/bin/sh\n", 0755);
    EXPECT_TRUE(load({folder_ / "a"}).empty());
    EXPECT_EQ(undecided(), (std::vector<std::string>{"a/deep/deep/deep-linux_amd64", "a/flat",
                                                     "a/go/go-linux_amd64", "a/own/own"}));
    EXPECT_TRUE(store_.names().empty());
}

TEST_F(ChoriaFolderTest, WhatIsNoExternalAgentIsPassedOver) {
    folder_.write("a/ruby.json", choria_ddl("ruby", "ruby"));
    folder_.write("a/golang.json", choria_ddl("golang", "golang"));
    folder_.write("a/golang", "#!/bin/sh\n", 0755);
    folder_.write("a/notes.json", R"({"a": 1})");
    folder_.write("a/broken.json", "{");
    EXPECT_TRUE(load({folder_ / "a"}).empty());
    EXPECT_TRUE(store_.undecided().empty());
    folder_.write("a/own/own.json", choria_ddl("own", "golang"));
    const auto problems = load({folder_ / "a"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("its provider is 'golang'"), std::string::npos) << problems[0].message;
    EXPECT_TRUE(store_.names().empty());
}

TEST_F(ChoriaFolderTest, WhatAnAgentHasSaidHoldsUntilItChanges) {
    using Verdict = AgentStore::Verdict;
    const auto load_changed = [this] { store_.load({{folder_ / "a"}, {}}, AgentStore::Ask::changed); };
    folder_.write("a/own/own.json", choria_ddl("own"));
    folder_.write("a/own/own", "#!/bin/sh\n", 0755);
    load_changed();
    store_.decide(store_.undecided().at(0), Verdict::serves);
    load_changed();
    EXPECT_TRUE(store_.undecided().empty());
    EXPECT_NE(store_.find("own"), nullptr);
    load({folder_ / "a"});
    store_.decide(store_.undecided().at(0), Verdict::declines);
    load_changed();
    EXPECT_TRUE(store_.undecided().empty());
    EXPECT_EQ(store_.find("own"), nullptr);
    folder_.write("a/own/own", "#!/bin/sh\n# another one\n", 0755);
    load_changed();
    store_.decide(store_.undecided().at(0), Verdict::unknown);
    EXPECT_EQ(store_.undecided().size(), 1U);  // and is asked again
    EXPECT_EQ(store_.find("own"), nullptr);
}

TEST_F(ChoriaFolderTest, TheFileBesideTheFolderWins) {
    folder_.write("a/parrot.json", choria_ddl("parrot"));
    folder_.write("a/parrot/parrot.json", choria_ddl("parrot"));
    folder_.write("a/parrot/parrot", "#!/bin/sh\n", 0755);
    const auto problems = load({folder_ / "a"});
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems.back().kind, LoadProblem::Kind::refused);
    EXPECT_NE(problems.back().message.find("is hidden by"), std::string::npos) << problems.back().message;
    ASSERT_EQ(store_.undecided().size(), 1U);
    EXPECT_EQ(store_.undecided()[0]->folder, folder_ / "a");
}

TEST_F(ChoriaFolderTest, OneThatOthersCouldChangeIsRefused) {
    folder_.write("a/parrot.json", choria_ddl("parrot"));
    folder_.write("a/parrot", "#!/bin/sh\n", 0777);
    const auto problems = load({folder_ / "a"});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].kind, LoadProblem::Kind::refused);
    EXPECT_TRUE(store_.undecided().empty());
}

TEST_F(ChoriaFolderTest, ADecisionAboutOneThatIsGoneChangesNothing) {
    folder_.write("a/own/own.json", choria_ddl("own"));
    folder_.write("a/own/own", "#!/bin/sh\n", 0755);
    load({folder_ / "a"});
    const auto first = store_.undecided()[0];
    load({folder_ / "a"});
    EXPECT_FALSE(store_.decide(first, AgentStore::Verdict::serves));
    EXPECT_EQ(store_.find("own"), nullptr);
    EXPECT_TRUE(store_.decide(store_.undecided()[0], AgentStore::Verdict::serves));
    EXPECT_EQ(store_.names(), std::vector<std::string>{"own"});
    std::filesystem::remove_all(folder_ / "a/own");
    load({folder_ / "a"});
    EXPECT_TRUE(store_.names().empty());
}

}  // namespace
}  // namespace hocket::agents
