#include <gtest/gtest.h>

#include "ddl-compiler/diagnostics_output.h"
#include "ddl-compiler/unit.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl_compiler {
namespace {

/// What hocketc says about a file of tests/golden/compiler; its place in the message is the name alone.
std::vector<ddl::Diagnostic> diagnostics_of(const std::string& name, bool strict = false) {
    Unit unit = read_unit(test::golden_path("compiler/" + name), {.validators = nullptr, .strict = strict});
    for (ddl::Diagnostic& diagnostic : unit.diagnostics)
        diagnostic.file = name;
    return unit.diagnostics;
}

class Said : public testing::TestWithParam<const char*> {};

TEST_P(Said, IsAsInTheGoldenFile) {
    const std::string name = GetParam();
    test::expect_golden("compiler/" + name + ".expected",
                        write_diagnostics(diagnostics_of(name), DiagnosticsFormat::text));
}

INSTANTIATE_TEST_SUITE_P(All, Said, testing::Values("intent.yaml", "allowed.yaml", "allowed.json"));

TEST(Diagnostics, StrictMakesErrorsOfWarnings) {
    for (const ddl::Diagnostic& diagnostic : diagnostics_of("intent.yaml", true))
        EXPECT_EQ(diagnostic.severity, ddl::Diagnostic::Severity::error);
    EXPECT_FALSE(read_unit(test::golden_path("compiler/intent.yaml"), {.validators = nullptr, .strict = true})
                     .description);
}

class RubyAdvice : public testing::Test {
protected:
    static constexpr const char* k_metadata =
        "metadata :name => 'x', :description => 'd', :author => 'a', :license => 'l', :version => '1', :url "
        "=> 'u', "
        ":timeout => 5\n";

    /// What is said of agent/x.ddl.
    std::string said(const std::string& rest) {
        folder_.write("agent/x.ddl", k_metadata + rest);
        return write_diagnostics(read_unit(folder_ / "agent/x.ddl", {}).diagnostics, DiagnosticsFormat::text);
    }

    test::TemporaryFolder folder_;
};

TEST_F(RubyAdvice, AnAgentMayHaveOnlyMetadata) {
    EXPECT_NE(said("").find("warning: the agent has no actions [no_actions]"), std::string::npos) << said("");
    EXPECT_TRUE(read_unit(folder_ / "agent/x.ddl", {}).description);
}

TEST_F(RubyAdvice, WhatAHintSaysToWriteIsGood) {
    const auto with = [this](const std::string& pattern) {
        return said(
            "action 'a', :description => 'd' do\n  input :i, :prompt => 'p', :description => 'd', "
            ":type => :string, :optional => false, :maxlength => 5, :validation => '" +
            pattern + "'\nend\n");
    };
    EXPECT_NE(with("[a-z]+").find("hint: write \\A[a-z]+\\z for the whole text"), std::string::npos)
        << with("[a-z]+");
    EXPECT_NE(with("^[a-z]+$").find("hint: write \\A and \\z"), std::string::npos) << with("^[a-z]+$");
    EXPECT_EQ(with("\\A[a-z]+\\z"), "");
}

TEST(Diagnostics, AsJson) {
    test::expect_golden("compiler/intent.diagnostics.json",
                        write_diagnostics(diagnostics_of("intent.yaml"), DiagnosticsFormat::json));
}

TEST(Diagnostics, AsSarif) {
    test::expect_golden("compiler/intent.diagnostics.sarif",
                        write_diagnostics(diagnostics_of("intent.yaml"), DiagnosticsFormat::sarif));
}

TEST(Diagnostics, OfNothing) {
    EXPECT_EQ(write_diagnostics({}, DiagnosticsFormat::text), "");
    EXPECT_EQ(write_diagnostics({}, DiagnosticsFormat::json), "[]\n");
}

TEST(Diagnostics, OfAFileAsAWholeHaveNoLine) {
    ddl::Diagnostic diagnostic;
    diagnostic.file = "a b\x1b%.json";
    diagnostic.message = "cannot open";
    EXPECT_EQ(write_diagnostics({diagnostic}, DiagnosticsFormat::text),
              "a b\\x1b%.json: error: cannot open\n");
    EXPECT_EQ(write_diagnostics({diagnostic}, DiagnosticsFormat::json).find("line"), std::string::npos);
    EXPECT_NE(write_diagnostics({diagnostic}, DiagnosticsFormat::sarif).find("\"uri\": \"a%20b%1B%25.json\""),
              std::string::npos);
}

}  // namespace
}  // namespace hocket::ddl_compiler
