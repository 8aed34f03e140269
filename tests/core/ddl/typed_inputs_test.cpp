#include "core/ddl/typed_inputs.h"

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl {
namespace {

class TypedInputsTest : public testing::Test {
protected:
    TypedInputsTest() {
        add("n", Type::integer);
        add("s", Type::string);
        add("list", Type::array);
        add("secret", Type::string).sensitive = true;
    }

    Input& add(const std::string& name, Type type) {
        Input input;
        input.name = name;
        input.type = type;
        action_.inputs.push_back(input);
        return action_.inputs.back();
    }

    /// The values, or the message of the first problem.
    Json read(const std::vector<std::string>& words, PlainSecrets secrets = PlainSecrets::taken) {
        const TypedInputs typed = type_inputs(action_, parse_written_inputs(words).value(), secrets);
        return typed.problems.empty() ? typed.values : Json(typed.problems.front().message);
    }

    Action action_;
    test::TemporaryFolder folder_;
};

TEST_F(TypedInputsTest, AreTypedByTheDescription) {
    EXPECT_EQ(read({"n=5", "s=5"}), Json({{"n", 5}, {"s", "5"}}));
}

TEST_F(TypedInputsTest, MayBeJson) {
    EXPECT_EQ(read({"n:=5"}), Json({{"n", 5}}));
    EXPECT_TRUE(read({"n:={"}).get<std::string>().starts_with("input 'n' is not JSON: "));
    EXPECT_EQ(read({"secret:={"}), Json("input 'secret' is not JSON"));
}

TEST_F(TypedInputsTest, MayStandInFiles) {
    folder_.write("text", "two\nlines\n");
    EXPECT_EQ(read({"s=@" + (folder_ / "text").string()}), Json({{"s", "two\nlines"}}));
    EXPECT_TRUE(read({"s=@/nowhere"}).get<std::string>().starts_with("input 's': /nowhere"));
}

TEST_F(TypedInputsTest, AnArrayMayBeWrittenElementByElement) {
    EXPECT_EQ(read({"list=a", "list=b", "list:=3"}), Json({{"list", {"a", "b", 3}}}));
    EXPECT_EQ(read({"list=a"}), Json({{"list", Json::array({"a"})}}));
    EXPECT_EQ(read({"list=[\"a\",2]"}), Json({{"list", {"a", 2}}}));
}

TEST_F(TypedInputsTest, OthersAreWrittenOnce) {
    EXPECT_EQ(read({"s=a", "s=b"}), Json("input 's' is given 2 times"));
}

TEST_F(TypedInputsTest, WhatIsNotDeclaredHasNoValueUnlessAnyMayBeGiven) {
    EXPECT_EQ(read({"other={\"a\":1}"}), Json({{"other", nullptr}}));
    action_.any_inputs = true;
    EXPECT_EQ(read({"other={\"a\":1}"}), Json({{"other", {{"a", 1}}}}));
}

TEST_F(TypedInputsTest, ASecretInPlainTextIsForWhoTakesIt) {
    EXPECT_EQ(read({"secret=x"}, PlainSecrets::taken), Json({{"secret", "x"}}));
    EXPECT_TRUE(read({"secret=x"}, PlainSecrets::refused)
                    .get<std::string>()
                    .starts_with("input 'secret' is sensitive"));
}

TEST_F(TypedInputsTest, EveryProblemIsTold) {
    const auto written = parse_written_inputs({"n=x", "s=a", "s=b", "list:=["}).value();
    EXPECT_EQ(type_inputs(action_, written, PlainSecrets::taken).problems.size(), 3U);
}

}  // namespace
}  // namespace hocket::ddl
