#include <gtest/gtest.h>

#include "ddl-compiler/diagnostics_output.h"
#include "ddl-compiler/unit.h"
#include "tests/support/golden.h"

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
