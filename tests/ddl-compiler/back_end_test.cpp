#include "ddl-compiler/back_end.h"

#include <gtest/gtest.h>

#include "tests/ddl-compiler/samples.h"

namespace hocket::ddl_compiler {
namespace {

class FormForPeople : public testing::TestWithParam<Target> {};

TEST_P(FormForPeople, IsWrittenOfEveryKind) {
    const std::vector<ddl::Description> descriptions = {sample_agent(), sample_data(), sample_discovery()};
    for (const ddl::Description& description : descriptions) {
        const Result<std::string> text = emit(description, GetParam(), Language::bash);
        ASSERT_TRUE(text) << text.error().message;
        EXPECT_NE(text->find(metadata_of(description).name), std::string::npos);
        EXPECT_TRUE(text->ends_with('\n') && !text->ends_with("\n\n"));
    }
}

INSTANTIATE_TEST_SUITE_P(All, FormForPeople,
                         testing::Values(Target::yaml, Target::markdown, Target::man, Target::ruby));

}  // namespace
}  // namespace hocket::ddl_compiler
