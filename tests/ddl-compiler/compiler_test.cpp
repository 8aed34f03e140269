#include "ddl-compiler/compiler.h"

#include <gtest/gtest.h>
#include <sstream>

#include "core/base/file.h"
#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/sources.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl_compiler {
namespace {

namespace fs = std::filesystem;

class Compiler : public testing::Test {
protected:
    ExitCode check_files(std::vector<fs::path> files, DiagnosticsFormat format = DiagnosticsFormat::text) {
        return check(files, {}, format, streams_);
    }
    ExitCode compile_files(std::vector<fs::path> files, std::vector<Target> targets,
                           std::optional<fs::path> folder) {
        return compile({std::move(files), std::move(targets), Language::bash, std::move(folder)}, {},
                       DiagnosticsFormat::text, streams_);
    }
    bool says(const std::string& text) const { return diagnostics_.str().find(text) != std::string::npos; }

    const fs::path good_ = test::golden_path("ddl/help.yaml");
    const fs::path bad_ = test::golden_path("ddl/broken.yaml");
    const fs::path warned_ = test::golden_path("ddl/choria_warnings.json");
    const std::string canonical_ = ddl::canonical_json(ddl::read_file(good_).value().agent) + "\n";
    const test::TemporaryFolder folder_;
    std::ostringstream output_;
    std::ostringstream diagnostics_;
    const Streams streams_{output_, diagnostics_};
};

TEST_F(Compiler, SaysNothingAboutACleanFile) {
    EXPECT_EQ(check_files({good_}), ExitCode::clean);
    EXPECT_EQ(output_.str() + diagnostics_.str(), "");
}

TEST_F(Compiler, PrintsWarningsAndStaysClean) {
    EXPECT_EQ(check_files({warned_}), ExitCode::clean);
    EXPECT_TRUE(says("choria_warnings.json:"));
}

TEST_F(Compiler, GoesOnAfterAnError) {
    EXPECT_EQ(check_files({bad_, "/nowhere/x.json", "/nowhere/x.txt", warned_}), ExitCode::errors);
    EXPECT_TRUE(says("broken.yaml:"));
    EXPECT_TRUE(says("/nowhere/x.json: error: cannot open"));
    EXPECT_TRUE(says("/nowhere/x.txt: error: a description's file name ends in .ddl, .json, .yaml or .yml"));
    EXPECT_TRUE(says("choria_warnings.json:"));
}

TEST_F(Compiler, PrintsWhatMachinesReadToTheOutput) {
    EXPECT_EQ(check_files({bad_}, DiagnosticsFormat::json), ExitCode::errors);
    EXPECT_EQ(diagnostics_.str(), "");
    EXPECT_NE(output_.str().find("\"severity\": \"error\""), std::string::npos);
}

TEST_F(Compiler, EmitsOneFileToTheOutput) {
    EXPECT_EQ(compile_files({good_}, {Target::json}, {}), ExitCode::clean);
    EXPECT_EQ(output_.str(), canonical_);
}

TEST_F(Compiler, EmitsNothingFromAFileWithErrors) {
    EXPECT_EQ(compile_files({bad_}, {Target::json}, {}), ExitCode::errors);
    EXPECT_EQ(output_.str(), "");
}

TEST_F(Compiler, WritesOneFileForEachInputAndKind) {
    const fs::path made = folder_ / "made/here";
    EXPECT_EQ(compile_files({good_, bad_, warned_}, {Target::json, Target::yaml}, made), ExitCode::errors);
    EXPECT_EQ(read_file(made / "help.json", 1U << 20U).value(), canonical_);
    EXPECT_TRUE(fs::exists(made / "help.yaml"));
    EXPECT_TRUE(fs::exists(made / "choria_warnings.json"));
    EXPECT_FALSE(fs::exists(made / "broken.json"));
}

TEST_F(Compiler, OverwritesNoSource) {
    const fs::path source = folder_ / "disk.yaml";
    fs::copy_file(good_, source);
    EXPECT_EQ(compile_files({source}, {Target::yaml}, folder_.path()), ExitCode::errors);
    EXPECT_TRUE(says("disk.yaml is a source"));
    EXPECT_EQ(read_file(source, 1U << 20U).value(), read_file(good_, 1U << 20U).value());
}

TEST_F(Compiler, WritesNoFileTwice) {
    fs::create_directory(folder_ / "other");
    fs::copy_file(good_, folder_ / "other/help.yaml");
    EXPECT_EQ(compile_files({good_, folder_ / "other/help.yaml"}, {Target::json}, folder_ / "made"),
              ExitCode::errors);
    EXPECT_TRUE(says("help.json is made of " + good_.string() + " already"));
}

TEST_F(Compiler, SaysWhichKindsHaveNoSuchForm) {
    const fs::path source = folder_.write("x.json", R"({"kind": "validator", "metadata": {"name": "x",
        "description": "d", "author": "a", "license": "l", "version": "1", "url": "u", "timeout": 1}})");
    EXPECT_EQ(compile_files({source}, {Target::schema}, {}), ExitCode::errors);
    EXPECT_TRUE(says("x.json: error: "));
}

TEST_F(Compiler, RefusesWhatIsLargerThanSixteenMebibytes) {
    const fs::path source = folder_ / "big.yaml";
    fs::copy_file(good_, source);
    fs::resize_file(source, k_max_file_bytes + 1);
    EXPECT_EQ(check_files({source}), ExitCode::errors);
    EXPECT_TRUE(says("big.yaml: error: "));
}

TEST_F(Compiler, FindsDescriptionsBelowAFolder) {
    for (const char* name : {"b/one.ddl", "a/two.yaml", ".git/three.ddl"})
        folder_.write(name, "metadata");
    folder_.write("a/package.json", "{}");
    folder_.write("a/notes.txt", "metadata");
    const auto found = find_sources(folder_.path());
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, (std::vector<fs::path>{folder_ / "a/two.yaml", folder_ / "b/one.ddl"}));
    EXPECT_FALSE(find_sources(folder_ / "none"));
}

}  // namespace
}  // namespace hocket::ddl_compiler
