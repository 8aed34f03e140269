#include "core/config/toml_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace hocket::config {
namespace {

class TomlTableTest : public testing::Test {
protected:
    using Visit = std::function<void(TomlTable&)>;

    Result<void> read(const std::string& text, const Visit& visit) {
        return read_toml_file(folder_.write("x.toml", text), visit);
    }

    /// What is wrong with it, without the path of the file.
    std::string problems(const std::string& text, const Visit& visit) {
        const Result<void> done = read(text, visit);
        if (done) return "";
        EXPECT_EQ(done.error().code, ErrorCode::invalid_config);
        return done.error().message.substr(done.error().message.find("x.toml"));
    }

    test::TemporaryFolder folder_;
};

TEST_F(TomlTableTest, ReadsEachTypeAndLeavesDefaultsOfAbsentKeys) {
    std::string text = "default";
    bool flag = false;
    int number = 7;
    std::vector<std::string> list;
    Json free;
    ASSERT_TRUE(read("flag = true\nlist = [\"a\", \"b\"]\n[free]\nat = 2026-01-02\nn = [1, 2.5]\n",
                     [&](TomlTable& table) {
                         table.read("text", text);
                         table.read("flag", flag);
                         table.read("number", number, 0, 9);
                         table.read("list", list);
                         table.read("free", free);
                     }));
    EXPECT_EQ(text, "default");
    EXPECT_TRUE(flag);
    EXPECT_EQ(number, 7);
    EXPECT_EQ(list, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(free, Json({{"at", "2026-01-02"}, {"n", {1, 2.5}}}));
}

TEST_F(TomlTableTest, NamesTheRangeOfANumberAndKeepsTheDefault) {
    int number = 7;
    EXPECT_EQ(problems("number = 10\n", [&](TomlTable& table) { table.read("number", number, 0, 9); }),
              "x.toml:1: 'number' is 10, it must lie within 0 and 9");
    EXPECT_EQ(number, 7);
}

TEST_F(TomlTableTest, AKeyThatNobodyAskedForIsAProblem) {
    std::string name;
    EXPECT_EQ(problems("nmae = \"x\"\n", [&](TomlTable& table) { table.read("name", name); }),
              "x.toml:1: 'nmae' is not a known key; did you mean 'name'?");
}

TEST_F(TomlTableTest, TablesInsideReportTheirFullNames) {
    int port = 1;
    const std::string text = "[nats]\n[nats.tls]\nport = \"x\"\n";
    EXPECT_EQ(problems(text,
                       [&](TomlTable& table) {
                           std::optional<TomlTable> nats = table.table("nats");
                           std::optional<TomlTable> tls = nats->table("tls");
                           tls->read("port", port, 1, 65535);
                           tls->finish();
                           nats->finish();
                       }),
              "x.toml:3: 'nats.tls.port' must be an integer");
}

TEST_F(TomlTableTest, GivesEachOfSeveralTablesAndThoseWithFreeNames) {
    std::vector<std::string> callers;
    std::vector<std::string> agents;
    ASSERT_TRUE(read("[[allow]]\nby = \"a\"\n[[allow]]\nby = \"b\"\n[agents]\n[agents.disk]\n[agents.apt]\n",
                     [&](TomlTable& table) {
                         for (TomlTable& each : table.tables("allow"))
                             each.read("by", callers.emplace_back());
                         std::optional<TomlTable> all = table.table("agents");
                         for (const auto& [name, agent] : all->subtables())
                             agents.push_back(name);
                         all->finish();
                     }));
    EXPECT_EQ(callers, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(agents, (std::vector<std::string>{"apt", "disk"}));
}

TEST_F(TomlTableTest, AFileThatIsMissingIsNamed) {
    const Result<void> done = read_toml_file(folder_ / "none.toml", [](TomlTable&) {});
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("none.toml"), std::string::npos);
}

}  // namespace
}  // namespace hocket::config
