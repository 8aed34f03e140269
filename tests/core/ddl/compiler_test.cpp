#include "ddl-compiler/compiler.h"

#include <gtest/gtest.h>
#include <sstream>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "tests/core/ddl/golden.h"

namespace hocket::ddl_compiler {
namespace {

class Compiler : public testing::Test {
protected:
    const std::filesystem::path good_ = ddl::golden_path("help.yaml");
    const std::filesystem::path bad_ = ddl::golden_path("broken.yaml");
    const std::filesystem::path warned_ = ddl::golden_path("choria_warnings.json");
    std::ostringstream output_;
    std::ostringstream diagnostics_;
    const Streams streams_{output_, diagnostics_};
};

TEST_F(Compiler, SaysNothingAboutACleanFile) {
    EXPECT_EQ(check({good_}, streams_), ExitCode::clean);
    EXPECT_EQ(output_.str() + diagnostics_.str(), "");
}

TEST_F(Compiler, PrintsWarningsAndStaysClean) {
    EXPECT_EQ(check({warned_}, streams_), ExitCode::clean);
    EXPECT_NE(diagnostics_.str().find("choria_warnings.json:"), std::string::npos);
}

TEST_F(Compiler, GoesOnAfterAnError) {
    EXPECT_EQ(check({bad_, "/nowhere/x.json", warned_}, streams_), ExitCode::errors);
    EXPECT_NE(diagnostics_.str().find("broken.yaml:"), std::string::npos);
    EXPECT_NE(diagnostics_.str().find("/nowhere/x.json: cannot open"), std::string::npos);
    EXPECT_NE(diagnostics_.str().find("choria_warnings.json:"), std::string::npos);
}

TEST_F(Compiler, EmitsCanonicalJson) {
    EXPECT_EQ(compile(good_, Target::json, streams_), ExitCode::clean);
    EXPECT_EQ(output_.str(), ddl::canonical_json(ddl::read_file(good_).value().agent) + "\n");
}

TEST_F(Compiler, EmitsNothingFromAFileWithErrors) {
    EXPECT_EQ(compile(bad_, Target::json, streams_), ExitCode::errors);
    EXPECT_EQ(output_.str(), "");
}

TEST_F(Compiler, SaysThatRubyCannotBeReadYet) {
    EXPECT_EQ(check({"package.ddl"}, streams_), ExitCode::errors);
    EXPECT_NE(diagnostics_.str().find("Ruby descriptions cannot be read yet"), std::string::npos);
}

}  // namespace
}  // namespace hocket::ddl_compiler
