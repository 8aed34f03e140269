#include "ddl-compiler/new_agent.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/ddl/reader.h"
#include "ddl-compiler/back_ends/skeleton.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl_compiler {
namespace {

namespace fs = std::filesystem;

class NewAgent : public testing::Test {
protected:
    static unsigned mode_of(const fs::path& path) {
        return static_cast<unsigned>(fs::status(path).permissions());
    }
    static std::string text_of(const fs::path& path) { return read_file(path, 1U << 20U).value(); }

    Result<std::vector<fs::path>> make(const std::string& name, Language language = Language::python) const {
        return make_agent_folder(name, language, folder_.path());
    }

    void expect_refusal(const std::string& name, ErrorCode code, const std::string& message) const {
        const Result<std::vector<fs::path>> made = make(name);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, code);
        EXPECT_EQ(made.error().message, message);
        EXPECT_TRUE(fs::is_empty(folder_.path()));
    }

    /// The folder can be made, but no byte of a file.
    [[noreturn]] void make_where_nothing_can_be_written() const {
        const rlimit none{0, 0};
        ::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &none);
        ::_exit(make("greeter") ? 0 : 1);
    }

    const test::TemporaryFolder folder_;
};

TEST_F(NewAgent, HasDescriptionProgramAndReadme) {
    const fs::path folder = folder_ / "greeter";
    const std::vector<fs::path> files = {folder / "README.md", folder / "greeter", folder / "greeter.yaml"};
    EXPECT_EQ(make("greeter").value(), files);
    EXPECT_EQ(mode_of(folder), 0755U);
    EXPECT_EQ(mode_of(folder / "greeter"), 0755U);
    EXPECT_EQ(mode_of(folder / "greeter.yaml"), 0644U);
}

TEST_F(NewAgent, HasASourceInGo) {
    ASSERT_TRUE(make("greeter", Language::go));
    EXPECT_FALSE(fs::exists(folder_ / "greeter/greeter"));
    EXPECT_EQ(mode_of(folder_ / "greeter/main.go"), 0644U);
    EXPECT_NE(text_of(folder_ / "greeter/README.md").find("go build -o greeter main.go\n"),
              std::string::npos);
}

TEST_F(NewAgent, HasModesThatNoUmaskChanges) {
    const mode_t before = ::umask(0077);
    const Result<std::vector<fs::path>> made = make("greeter");
    ::umask(before);
    ASSERT_TRUE(made);
    EXPECT_EQ(mode_of(folder_ / "greeter"), 0755U);
    EXPECT_EQ(mode_of(folder_ / "greeter/greeter"), 0755U);
    EXPECT_EQ(mode_of(folder_ / "greeter/greeter.yaml"), 0644U);
}

TEST_F(NewAgent, IsDescribedWithoutAWarningWhateverItsName) {
    for (const char* name : {"greeter", "123", "true", "null", "1e3", "0x1f", "_", "default"}) {
        ASSERT_TRUE(make(name));
        const fs::path file = folder_ / (std::string(name) + "/" + name + ".yaml");
        const ddl::Loaded loaded = ddl::read_file(file).value();
        EXPECT_TRUE(loaded.warnings.empty()) << name;
        EXPECT_EQ(loaded.agent.metadata.name, name);
        EXPECT_EQ(loaded.agent.run.command, std::vector<std::string>{name});
    }
}

TEST_F(NewAgent, AsksForWhatItTeaches) {
    ASSERT_TRUE(make("greeter"));
    const ddl::Agent agent = ddl::read_file(folder_ / "greeter/greeter.yaml").value().agent;
    ASSERT_EQ(agent.actions.size(), 2U);
    const ddl::Action& status = *agent.find("status");
    EXPECT_EQ(status.safety, ddl::Safety::read_only);
    EXPECT_FALSE(status.inputs.front().validation.text().empty());
    EXPECT_GT(status.inputs.front().maxlength, 0U);
    EXPECT_EQ(status.outputs.front().type, ddl::Type::integer);
    EXPECT_TRUE(agent.find("touch")->noop);
}

TEST_F(NewAgent, IsTheSkeletonOfItsDescription) {
    ASSERT_TRUE(make("greeter", Language::ruby));
    const ddl::Agent agent = ddl::read_file(folder_ / "greeter/greeter.yaml").value().agent;
    EXPECT_EQ(text_of(folder_ / "greeter/greeter"), write_skeleton(agent, Language::ruby).value());
}

TEST_F(NewAgent, RefusesANameAndSuggestsAnother) {
    expect_refusal(
        "My-Agent", ErrorCode::usage,
        "'My-Agent' cannot be the name of an agent: that is 1 to 64 of a-z, 0-9 and _; try 'my_agent'");
    expect_refusal("", ErrorCode::usage,
                   "'' cannot be the name of an agent: that is 1 to 64 of a-z, 0-9 and _; try 'my_agent'");
    expect_refusal("../x", ErrorCode::usage,
                   "'../x' cannot be the name of an agent: that is 1 to 64 of a-z, 0-9 and _; try '___x'");
}

TEST_F(NewAgent, RefusesTheNameOfABuiltInAgent) {
    expect_refusal(
        "rpcutil", ErrorCode::usage,
        "'rpcutil' cannot be the name of an agent: every node has one of its own; choose another name");
}

TEST_F(NewAgent, NeverOverwrites) {
    folder_.write("greeter/note", "mine");
    const Result<std::vector<fs::path>> made = make("greeter");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::io);
    EXPECT_EQ(made.error().message,
              (folder_ / "greeter").string() +
                  ": cannot be made: File exists; it stays as it is: choose another name, or move it away");
    EXPECT_EQ(text_of(folder_ / "greeter/note"), "mine");
    EXPECT_FALSE(fs::exists(folder_ / "greeter/greeter.yaml"));
}

TEST_F(NewAgent, MakesItsPlace) {
    const fs::path place = folder_ / "all/agents";
    ASSERT_TRUE(make_agent_folder("greeter", Language::php, place));
    EXPECT_TRUE(fs::exists(place / "greeter/greeter.yaml"));
}

TEST_F(NewAgent, SaysThatAPlaceIsNoFolder) {
    const fs::path place = folder_.write("file", "");
    const Result<std::vector<fs::path>> made = make_agent_folder("greeter", Language::php, place);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, place.string() + ": cannot be made: Not a directory");
}

TEST_F(NewAgent, LeavesNothingBehindWhenItFails) {
    EXPECT_EXIT(make_where_nothing_can_be_written(), testing::ExitedWithCode(1), "");
    EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace hocket::ddl_compiler
