#include "client/lib/inputs.h"

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "tests/client/sample_ddl.h"
#include "tests/support/temporary_folder.h"

namespace hocket::client {
namespace {

/// What the arguments become: the values as JSON, or the broken rules as "/inputs/path required".
std::string made(const std::vector<std::string>& arguments) {
    const auto written = ddl::parse_written_inputs(arguments);
    if (!written) return std::string(to_string(written.error().code));
    const Result<Inputs> inputs = make_inputs(test::sample_action(), *written);
    if (inputs) return dump_json(inputs->values);
    std::string rules;
    for (const Violation& each : inputs.error().violations)
        rules += each.pointer + ' ' + each.rule + '\n';
    return rules;
}

struct InputCase {
    const char* what;
    std::vector<std::string> arguments;
    std::string result;
};

class InputTable : public testing::TestWithParam<InputCase> {};

TEST_P(InputTable, BecomesAValueOrABrokenRule) {
    EXPECT_EQ(made(GetParam().arguments), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Written, InputTable,
    testing::Values(
        InputCase{"text", {"path=/var"}, R"({"path":"/var"})"},
        InputCase{"equals_sign_in_text", {"path=/a=b"}, R"({"path":"/a=b"})"},
        InputCase{"no_defaults_are_added", {"path=/"}, R"({"path":"/"})"},
        InputCase{"integer", {"path=/", "count=5"}, R"({"count":5,"path":"/"})"},
        InputCase{"negative_integer", {"path=/", "count=-5"}, R"({"count":-5,"path":"/"})"},
        InputCase{"boolean", {"path=/", "deep=yes"}, R"({"deep":true,"path":"/"})"},
        InputCase{"hash", {"path=/", R"(options={"a":1})"}, R"({"options":{"a":1},"path":"/"})"},
        InputCase{"one_element", {"path=/", "tags=a"}, R"({"path":"/","tags":["a"]})"},
        InputCase{"elements", {"path=/", "tags=a", "tags=-1"}, R"({"path":"/","tags":["a","-1"]})"},
        InputCase{"mixed_elements", {"path=/", "tags=a", "tags:=1"}, R"({"path":"/","tags":["a",1]})"},
        InputCase{"array_as_json_text", {"path=/", "tags=[1,2]"}, R"({"path":"/","tags":[1,2]})"},
        InputCase{"json", {R"(path:="/x")", "count:=7"}, R"({"count":7,"path":"/x"})"},
        InputCase{"json_escapes_an_at_sign", {R"(path:="/@x")"}, R"({"path":"/@x"})"},
        InputCase{"sensitive_as_json", {"path=/", R"(password:="x")"}, R"({"password":"x","path":"/"})"},
        InputCase{"empty_text", {"path="}, "/inputs/path validation\n"},
        InputCase{"missing", {}, "/inputs/path required\n"},
        InputCase{"wrong_type", {"path=/", "count=many"}, "/inputs/count type\n"},
        InputCase{"undeclared", {"path=/", "pth=/"}, "/inputs/pth undeclared\n"},
        InputCase{"twice", {"path=/", "path=/"}, "/inputs/path repeated\n"},
        InputCase{"not_json", {"path=/", "count:={"}, "/inputs/count type\n"},
        InputCase{"every_problem_at_once",
                  {"count=x", "pth=/"},
                  "/inputs/count type\n/inputs/path required\n/inputs/pth undeclared\n"},
        InputCase{"sensitive_in_clear_text", {"path=/", "password=x"}, "/inputs/password sensitive\n"},
        InputCase{"no_such_file", {"path=@/nonexistent"}, "/inputs/path text\n"},
        InputCase{"not_utf8", {"path=/\xff"}, "/inputs/path text\n"},
        InputCase{"no_equals_sign", {"path"}, "usage"}, InputCase{"no_name", {"=x"}, "usage"},
        InputCase{"name_with_blank", {"a b=x"}, "usage"}),
    [](const auto& param) { return std::string(param.param.what); });

TEST(Inputs, AFileGivesItsTextWithoutTheLastNewline) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(made({"path=@" + folder.write("p", "/var\n").string()}), R"({"path":"/var"})");
    EXPECT_EQ(made({"path=@" + folder.write("p", "/var\n\n").string()}), R"({"path":"/var\n"})");
    EXPECT_EQ(made({"path=/", "count:=@" + folder.write("c", "4\n").string()}), R"({"count":4,"path":"/"})");
}

TEST(Inputs, StandardInputIsForOneOfThem) {
    const auto written = ddl::parse_written_inputs({"path=@-", "password=@-"});
    ASSERT_FALSE(written) << "the second would be empty";
    EXPECT_EQ(written.error().code, ErrorCode::usage);
    EXPECT_NE(written.error().message.find("of one input only"), std::string::npos);
    EXPECT_EQ(made({"path=@"}), "usage") << "it names no file";
}

TEST(Inputs, ASensitiveFileIsTakenAndMarked) {
    const test::TemporaryFolder folder;
    const auto written =
        ddl::parse_written_inputs({"path=/", "password=@" + folder.write("s", "pw\n").string()});
    const Result<Inputs> inputs = make_inputs(test::sample_action(), *written);
    ASSERT_TRUE(inputs);
    EXPECT_TRUE(inputs->has_sensitive);
    EXPECT_EQ(inputs->values["password"], "pw");
}

TEST(Inputs, SaysHowATextThatBeginsWithAnAtSignIsWritten) {
    const Result<Inputs> inputs =
        make_inputs(test::sample_action(), *ddl::parse_written_inputs({"path=@/no/ada"}));
    ASSERT_FALSE(inputs);
    EXPECT_NE(inputs.error().message.find(
                  R"(; @ names a file, and a text that begins with it is written path:='"@/no/ada"')"),
              std::string::npos)
        << inputs.error().message;
}

TEST(Inputs, SaysWhyASecretMayNotStandOnTheCommandLine) {
    const Result<Inputs> inputs =
        make_inputs(test::sample_action(), *ddl::parse_written_inputs({"path=/", "password=hunter2"}));
    ASSERT_FALSE(inputs);
    EXPECT_EQ(inputs.error().message,
              "input 'password' is sensitive, and everybody on this machine can read a command line; write "
              "password=@FILE, or password=@- for standard input");
}

TEST(Inputs, ASecretIsInNoMessage) {
    for (const char* argument : {"password=hunter2hunter2hunter2", "password:=hunter2",
                                 "password:=[\"hunter2\"]", "password:=\"hunter2hunter2hunter2\""}) {
        const Result<Inputs> inputs =
            make_inputs(test::sample_action(), *ddl::parse_written_inputs({"path=/", argument}));
        ASSERT_FALSE(inputs) << argument;
        EXPECT_EQ(inputs.error().message.find("hunter2"), std::string::npos) << inputs.error().message;
    }
}

TEST(Inputs, WithoutADescriptionPlainTextGoesAsText) {
    const auto without = [](const std::vector<std::string>& arguments) {
        return make_inputs_without_ddl(*ddl::parse_written_inputs(arguments));
    };
    EXPECT_EQ(dump_json(without({"a:=1", "b:=\"x\""})->values), R"({"a":1,"b":"x"})");
    EXPECT_EQ(dump_json(without({"a=1"})->values), R"({"a":"1"})");
    EXPECT_FALSE(without({"a:=1", "a:=2"}));
    EXPECT_TRUE(without({"a=1"})->has_sensitive) << "nobody knows";
    EXPECT_FALSE(without({})->has_sensitive);
}

}  // namespace
}  // namespace hocket::client
