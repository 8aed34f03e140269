#include "tests/support/golden.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "ddl-compiler/ruby/ruby_tree.h"

/// Each tests/golden/ruby/NAME.ddl, and NAME.ddl.expected: what is said about it, and the tree.
namespace hocket::ddl_compiler::ruby {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(test::golden_path("ruby"))) {
        if (entry.path().extension() == ".ddl") found.push_back(entry.path().stem().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string outcome_of(const std::string& file, const std::string& text) {
    ddl::Report report(file, text);
    const RubyTree tree = read_ruby_tree(report);
    std::string outcome;
    for (const ddl::Diagnostic& diagnostic : report.diagnostics())
        outcome += to_string(diagnostic) + "\n";
    return outcome + (tree.is_complete ? dump_json_pretty(tree.root.to_json()) : "no tree") + "\n";
}

class RubyGolden : public testing::TestWithParam<std::string> {};

TEST_P(RubyGolden, IsReadAsInTheGoldenFile) {
    const std::string file = GetParam() + ".ddl";
    const Result<std::string> source = read_file(test::golden_path("ruby/" + file), 1U << 20U);
    ASSERT_TRUE(source) << source.error().message;
    test::expect_golden("ruby/" + file + ".expected", outcome_of(file, *source));
}

INSTANTIATE_TEST_SUITE_P(All, RubyGolden, testing::ValuesIn(names()),
                         [](const testing::TestParamInfo<std::string>& row) { return row.param; });

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
