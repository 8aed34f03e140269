#include "core/ddl/argument_template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::ddl {
namespace {

using Argv = std::vector<std::string>;

/// The arguments after the executable, or what is wrong, each in its own brackets.
std::string filled(Argv argv, const Json& values) {
    argv.insert(argv.begin(), "tool");
    const Result<ArgumentTemplate> made = ArgumentTemplate::parse(argv);
    if (!made) return made.error().message;
    const Result<Argv> arguments = made->fill(values);
    if (!arguments) return arguments.error().message;
    EXPECT_EQ(arguments->front(), "tool");
    std::string text;
    for (std::size_t i = 1; i < arguments->size(); ++i)
        text += '[' + (*arguments)[i] + ']';
    return text;
}

TEST(ArgumentTemplate, PutsEachTextIntoOneArgument) {
    EXPECT_EQ(filled({"--path={path}", "{path}", "x{n}y{path}"}, {{"path", "/a b; rm *"}, {"n", 5}}),
              "[--path=/a b; rm *][/a b; rm *][x5y/a b; rm *]");
    EXPECT_EQ(filled({"{flag}", "{list}", ""}, {{"flag", true}, {"list", {1, "a"}}}), "[true][[1,\"a\"]][]");
    EXPECT_EQ(filled({"{empty}"}, {{"empty", ""}}), "[]");
}

TEST(ArgumentTemplate, DoubledBracesAreBraces) {
    EXPECT_EQ(filled({"{{print $1}}", "{{{name}}}"}, {{"name", "x"}}), "[{print $1}][{x}]");
}

TEST(ArgumentTemplate, KnowsItsExecutable) {
    EXPECT_EQ(ArgumentTemplate::parse({"t{{x}}", "y"})->executable(), "t{x}");
}

TEST(ArgumentTemplate, LeavesOutWhatIsAbsentAndItsOption) {
    EXPECT_EQ(filled({"-a", "--size", "{size}", "{path}"}, {{"path", "p"}}), "[-a][p]");
    EXPECT_EQ(filled({"--size={size}", "word", "{path}"}, Json::object()), "[word]");
    EXPECT_EQ(filled({"-x", "y{size}"}, Json::object()), "[-x]");
    EXPECT_EQ(filled({"--", "{path}"}, Json::object()), "[--]");
}

TEST(ArgumentTemplate, AFlagIsThereWhenItsInputIsTrue) {
    const Argv argv = {"{verbose?--verbose}", "end"};
    EXPECT_EQ(filled(argv, {{"verbose", true}}), "[--verbose][end]");
    EXPECT_EQ(filled(argv, {{"verbose", false}}), "[end]");
    EXPECT_EQ(filled(argv, Json::object()), "[end]");
    EXPECT_EQ(filled(argv, {{"verbose", "true"}}), "[end]");
}

TEST(ArgumentTemplate, ItemsAreArgumentsOfTheirOwn) {
    EXPECT_EQ(filled({"-f", "{files...}", "end"}, {{"files", {"a b", 2, true}}}), "[-f][a b][2][true][end]");
    EXPECT_EQ(filled({"-f", "{files...}", "end"}, {{"files", Json::array()}}), "[end]");
    EXPECT_EQ(filled({"-f", "{files...}", "end"}, Json::object()), "[end]");
    EXPECT_EQ(filled({"-v", "--not={files...}"}, {{"files", {"a", "-b"}}}), "[-v][--not=a][--not=-b]");
    EXPECT_EQ(filled({"-v", "--not={files...}"}, Json::object()), "[-v]");
}

TEST(ArgumentTemplate, NoValueBecomesAnOption) {
    const std::string refused = "begins with '-', so the program would take it for an option";
    for (const Argv& argv : {Argv{"{x}"}, Argv{"--to", "{x}"}, Argv{"{x}/y"}}) {
        EXPECT_NE(filled(argv, {{"x", "-rf"}}).find("input 'x' " + refused), std::string::npos) << argv[0];
    }
    EXPECT_NE(filled({"{x...}"}, {{"x", {"a", "-b"}}}).find(refused), std::string::npos);
    EXPECT_NE(filled({"{n}"}, {{"n", -5}}).find(refused), std::string::npos);
    EXPECT_EQ(filled({"--", "{x}", "{y...}"}, {{"x", "-rf"}, {"y", {"-b"}}}), "[--][-rf][-b]");
    EXPECT_EQ(filled({"--to={x}"}, {{"x", "-rf"}}), "[--to=-rf]");
    EXPECT_EQ(filled({"--nice", "{n}"}, {{"n", -5}}), "[--nice][-5]");
    EXPECT_EQ(filled({"{a}{x}"}, {{"a", "y"}, {"x", "-b"}}), "[y-b]");
    EXPECT_NE(filled({"{a}{x}"}, {{"a", ""}, {"x", "-b"}}).find(refused), std::string::npos);
}

TEST(ArgumentTemplate, AnEndOfOptionsThatAnInputBringsIsNone) {
    EXPECT_NE(filled({"{a}", "{x}"}, {{"a", "--"}, {"x", "-b"}}).find("input 'a'"), std::string::npos);
    EXPECT_NE(filled({"{a?--}", "{x}"}, {{"a", true}, {"x", "-b"}}).find("input 'x'"), std::string::npos);
}

TEST(ArgumentTemplate, RefusesNul) {
    EXPECT_EQ(filled({"a{x}"}, {{"x", std::string("a\0b", 3)}}),
              "input 'x' holds U+0000, which no program can be given as an argument");
}

TEST(ArgumentTemplate, RefusesWhatIsTooLong) {
    const std::string refused =
        "input 'x' makes an argument of more than the 131071 bytes that one may have; the agent's DDL can "
        "give it on "
        "stdin, or limit it with maxlength";
    const std::string longest(131'071, 'a');
    EXPECT_EQ(filled({"{x}"}, {{"x", longest}}).size(), longest.size() + 2);
    EXPECT_EQ(filled({"{x}"}, {{"x", longest + 'a'}}), refused);
    EXPECT_EQ(filled({"--data={x}"}, {{"x", longest}}), refused);
    EXPECT_EQ(filled({"{a}{x}"}, {{"a", "b"}, {"x", longest}}), refused);
    EXPECT_EQ(filled({"-x{x...}"}, {{"x", {"a", longest}}}), refused);
}

TEST(ArgumentTemplate, ARefusalNamesTheInput) {
    const Result<Argv> refused = ArgumentTemplate::parse({"tool", "{x}"})->fill({{"x", "-b"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
    ASSERT_EQ(refused.error().violations.size(), 1U);
    EXPECT_EQ(refused.error().violations[0].pointer, "/inputs/x");
    EXPECT_EQ(refused.error().violations[0].rule, "argument");
}

TEST(ArgumentTemplate, KnowsItsPlaces) {
    using Use = ArgumentTemplate::Use;
    const auto made = ArgumentTemplate::parse({"tool", "{a}{b}", "{c?-c}", "{d...}", "{{e}}"});
    EXPECT_EQ(made->places(), (std::set<ArgumentTemplate::Place>{
                                  {"a", Use::text}, {"b", Use::text}, {"c", Use::flag}, {"d", Use::items}}));
}

TEST(ArgumentTemplate, SaysWhatIsWrong) {
    EXPECT_EQ(filled({"{a"}, {}), "\"{a\": a brace without its partner; a brace itself is written twice");
    EXPECT_EQ(filled({"a}"}, {}), "\"a}\": a brace without its partner; a brace itself is written twice");
    EXPECT_EQ(filled({"{a b}"}, {}), "\"{a b}\": 'a b' is not the name of an input");
    EXPECT_EQ(filled({"{}"}, {}), "\"{}\": '' is not the name of an input");
    EXPECT_EQ(filled({"x{a?y}"}, {}), "\"x{a?y}\": such a place must be the whole element");
    EXPECT_EQ(filled({"{b}{a...}"}, {}), "\"{b}{a...}\": such a place must be the whole element");
    EXPECT_EQ(filled({"{a...}x"}, {}), "\"{a...}x\": such a place must be the whole element");
    EXPECT_EQ(ArgumentTemplate::parse({"{a}"}).error().message,
              "\"{a}\": no input may choose the executable");
}

}  // namespace
}  // namespace hocket::ddl
