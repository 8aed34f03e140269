#include "ddl-compiler/back_ends/cpp_header.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "ddl-compiler/back_end.h"
#include "tests/support/golden.h"

namespace hocket::ddl_compiler {
namespace {

ddl::Agent read(const std::string& file) {
    Result<ddl::Loaded> loaded = ddl::read_file(test::golden_path("back_ends/" + file));
    if (loaded) return loaded->agent;
    ADD_FAILURE() << loaded.error().message;
    return {};
}

TEST(CppHeader, IsWhatAnEngineerWouldHaveWritten) {
    test::expect_golden("back_ends/cpp_sample.h", write_cpp_header(read("cpp_sample.yaml")));
}

TEST(CppHeader, TextOfTheDescriptionCannotLeaveItsPlace) {
    test::expect_golden("back_ends/cpp_hostile.h.expected", write_cpp_header(read("cpp_hostile.yaml")));
}

TEST(CppHeader, IsMadeOfAgentsOnly) {
    EXPECT_TRUE(emit(read("cpp_sample.yaml"), Target::cpp, Language::bash));
    const Result<std::string> made = emit(ddl::DataPlugin{}, Target::cpp, Language::bash);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace hocket::ddl_compiler
