#include <gtest/gtest.h>

#include "core/ddl/tree_reader.h"

namespace hocket::ddl {
namespace {

/// Reads one source into a tree and keeps what the tree points into.
class Tree {
public:
    using ReadTree = std::optional<SourceNode> (*)(Report&, const TreeLimits&);

    Tree(std::string text, ReadTree read_tree)
        : text_(std::move(text)), report_("sample", text_), root_(read_tree(report_, {})) {}

    Tree(const Tree&) = delete;  // the report points into the text

    Json json() const { return root_ ? root_->to_json() : Json("unreadable"); }
    bool has_errors() const { return report_.has_errors(); }

    std::string problems() const {
        std::string text;
        for (const Diagnostic& diagnostic : report_.diagnostics())
            text += to_string(diagnostic) + "\n";
        return text;
    }

    /// "line:column" of the member's key and of its value.
    std::string position_of(const std::string& key) const {
        for (const Member& member : root_->members) {
            if (member.key == key) return position(member.offset) + " " + position(member.value.offset);
        }
        return "absent";
    }

private:
    std::string position(std::size_t offset) const {
        const Location at = report_.source().locate(offset);
        return std::to_string(at.line) + ":" + std::to_string(at.column);
    }

    std::string text_;
    Report report_;
    std::optional<SourceNode> root_;
};

Tree json_tree(std::string text) {
    return {std::move(text), read_json_tree};
}

Tree yaml_tree(std::string text) {
    return {std::move(text), read_yaml_tree};
}

TEST(JsonTree, SaysTheSameAsTheStrictParser) {
    for (const std::string text :
         {R"({"a": [1, -2.5, true, null, "x\"\\\u00e9\ud83d\ude00"], "b": {"c": {}, "d": []}})", "[]", " 7 ",
          "[1, 9223372036854775807, 9223372036854775808, -9223372036854775809, 1e3, -0, 0.0]"}) {
        EXPECT_EQ(json_tree(text).json(), *parse_json_value(text)) << text;
    }
}

TEST(JsonTree, RefusesWhatTheStrictParserRefuses) {
    for (const std::string text :
         {"", " ", "{", "[1,]", "[1] 2", "{\"a\" 1}", "{'a': 1}", "[01]", "[1e400]", "nul", "[\"\n\"]",
          "[\"\\ud800\"]", "// no\n1", R"({"a": 1, "\u0061": 2})"}) {
        EXPECT_FALSE(parse_json_value(text)) << text;
        EXPECT_TRUE(json_tree(text).has_errors()) << text;
    }
}

TEST(JsonTree, KnowsWhereKeysAndValuesStand) {
    const Tree tree =
        json_tree("{\n\t\"a\": 1,\n  \"gr\xC3\xBC\xC3\x9F\": \"}\\\"{\", \"b\" : [1,2],\"c\":-1e3}");
    EXPECT_EQ(tree.position_of("a"), "2:2 2:7");
    EXPECT_EQ(tree.position_of("gr\xC3\xBC\xC3\x9F"), "3:3 3:11");
    EXPECT_EQ(tree.position_of("b"), "3:19 3:25");
    EXPECT_EQ(tree.position_of("c"), "3:31 3:35");
}

TEST(JsonTree, RefusesADuplicateKeyWhereItStands) {
    const Tree tree = json_tree("{\"a\": 1,\n \"\\u0061\": 2}");
    EXPECT_EQ(tree.problems(),
              "sample:2:2: error: duplicate key 'a'\n   \"\\u0061\": 2}\n   ^\n"
              "sample:1:2: note: it stands here first\n  {\"a\": 1,\n   ^\n");
}

TEST(JsonTree, RefusesADuplicateKeyAmongMany) {
    for (const int repeated : {0, 15, 16, 39}) {
        std::string text = "{";
        for (int key = 0; key < 40; ++key)
            text += "\"k" + std::to_string(key) + "\": 1, ";
        EXPECT_FALSE(json_tree(text + "\"k40\": 2}").has_errors());
        const Tree tree = json_tree(text + "\"k" + std::to_string(repeated) + "\": 2}");
        EXPECT_NE(tree.problems().find("duplicate key 'k" + std::to_string(repeated) + "'"),
                  std::string::npos)
            << repeated;
    }
}

TEST(JsonTree, CountsCharactersOfALongLine) {
    std::string text = "{";
    for (int key = 0; key < 400; ++key)
        text += "\"\u00fc" + std::to_string(key) + "\":0,";
    const Tree tree = json_tree(text + "\n\"a\": {},\n" + std::string(2'000, ' ') + "\"b\": 1}");
    EXPECT_EQ(tree.position_of("\u00fc399"), "1:" + std::to_string(2 + 10 * 7 + 90 * 8 + 299 * 9) +
                                                 " 1:" + std::to_string(9 + 10 * 7 + 90 * 8 + 299 * 9));
    EXPECT_EQ(tree.position_of("a"), "2:1 2:6");
    EXPECT_EQ(tree.position_of("b"), "3:2001 3:2006");
}

TEST(JsonTree, ReportsBrokenSyntaxWhereItStands) {
    const std::string problems = json_tree("{\"a\": 1,\n}").problems();
    EXPECT_EQ(
        problems.substr(0, problems.find('\n')),
        "sample:2:1: error: not valid JSON: syntax error while parsing object key - unexpected '}'; expected "
        "string literal");
}

TEST(JsonTree, RefusesWhatStandsBehindTheDocument) {
    EXPECT_TRUE(json_tree("{} {}").has_errors());
}

TEST(JsonTree, RefusesANumberOutOfRange) {
    EXPECT_NE(json_tree("{\"a\": 1e400}").problems().find("a number is out of range"), std::string::npos);
}

TEST(JsonTree, RefusesDeepNesting) {
    const Tree tree = json_tree(std::string(100'000, '[') + std::string(100'000, ']'));
    EXPECT_NE(tree.problems().find("sample:1:33: error: nested deeper than 32 levels"), std::string::npos);
}

TEST(JsonTree, TakesThirtyTwoLevels) {
    EXPECT_FALSE(json_tree(std::string(32, '[') + std::string(32, ']')).has_errors());
}

TEST(JsonTree, KeepsInt64AndTakesLargerIntegersForFloats) {
    const Json json = json_tree("[9223372036854775807, -9223372036854775808, 9223372036854775808]").json();
    EXPECT_EQ(json[0].get<std::int64_t>(), INT64_MAX);
    EXPECT_EQ(json[1].get<std::int64_t>(), INT64_MIN);
    EXPECT_TRUE(json[2].is_number_float());
}

struct Plain {
    const char* text;
    Json value;
};

class YamlScalar : public testing::TestWithParam<Plain> {};

TEST_P(YamlScalar, ResolvesByTheCoreSchema) {
    const Json value = yaml_tree("a: " + std::string(GetParam().text)).json()["a"];
    EXPECT_EQ(value, GetParam().value) << GetParam().text;
    EXPECT_EQ(value.type(), GetParam().value.type()) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlScalar,
    testing::Values(Plain{"true", true}, Plain{"False", false}, Plain{"yes", "yes"}, Plain{"no", "no"},
                    Plain{"on", "on"}, Plain{"~", nullptr}, Plain{"null", nullptr}, Plain{"", nullptr},
                    Plain{"12", 12}, Plain{"-12", -12}, Plain{"+12", 12}, Plain{"010", 10}, Plain{"0o17", 15},
                    Plain{"0x1F", 31}, Plain{"0x-1", "0x-1"}, Plain{"0x", "0x"}, Plain{"1.5", 1.5},
                    Plain{"1e3", 1000.0}, Plain{"1.0", 1.0},
                    Plain{"9223372036854775808", 9223372036854775808.0}, Plain{"1.2.3", "1.2.3"},
                    Plain{"12:30", "12:30"}, Plain{"2024-01-01", "2024-01-01"}, Plain{"\"12\"", "12"},
                    Plain{"'true'", "true"}, Plain{"'it''s'", "it's"},
                    Plain{"\"\\u00e9\\x41\"",
                          "\xC3\xA9"
                          "A"},
                    Plain{"!!str 12", "12"}, Plain{"''", ""}));

TEST(YamlTree, KnowsWhereKeysAndValuesStand) {
    const Tree tree = yaml_tree("# a comment\ngr\xC3\xBC\xC3\x9F: \"x\"\nb:\n  - 1\nc:   {d: 5}\n");
    EXPECT_EQ(tree.position_of("gr\xC3\xBC\xC3\x9F"), "2:1 2:7");
    EXPECT_EQ(tree.position_of("b"), "3:1 4:3");
    EXPECT_EQ(tree.position_of("c"), "5:1 5:6");
}

TEST(YamlTree, CopiesAliases) {
    EXPECT_EQ(yaml_tree("a: &x {k: [1, 2]}\nb: *x\nc: &y text\nd: *y\n").json(),
              (Json{{"a", {{"k", {1, 2}}}}, {"b", {{"k", {1, 2}}}}, {"c", "text"}, {"d", "text"}}));
}

TEST(YamlTree, KnowsWhereAnAliasStands) {
    EXPECT_EQ(yaml_tree("a: &x {k: 1}\nb:  *x\n").position_of("b"), "2:1 2:5");
}

TEST(YamlTree, BoundsAnAliasBomb) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        const std::string name = "a" + std::to_string(i);
        text += name + ": &" + name + " [" + alias;
        for (int copy = 1; copy < 10; ++copy)
            text += ", " + alias;
        text += "]\n";
    }
    EXPECT_NE(yaml_tree(text).problems().find("more than 50000 values, aliases counted as copies"),
              std::string::npos);
}

TEST(YamlTree, BoundsNestedAnchors) {
    std::string text = "a: ";
    for (int i = 0; i < 30; ++i)
        text += "&n" + std::to_string(i) + " [";
    for (int i = 0; i < 2000; ++i)
        text += "1, ";
    text += "1" + std::string(30, ']');
    EXPECT_TRUE(yaml_tree(text).has_errors());
}

struct Refused {
    const char* name;
    std::string text;
    const char* message;
};

class YamlRefusal : public testing::TestWithParam<Refused> {};

TEST_P(YamlRefusal, SaysWhereAndWhy) {
    const std::string problems = yaml_tree(GetParam().text).problems();
    EXPECT_EQ(problems.substr(0, problems.find('\n')), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlRefusal,
    testing::Values(
        Refused{"DuplicateKey", "a: 1\nb: 2\na: 3\n", "sample:3:1: error: duplicate key 'a'"},
        Refused{"DuplicateKeyQuoted", "a: 1\n\"\\x61\": 3\n", "sample:2:1: error: duplicate key 'a'"},
        Refused{"TwoDocuments", "a: 1\n---\nb: 2\n",
                "sample:2:1: error: more than one document; a DDL is exactly one"},
        Refused{"Empty", "", "sample:1:1: error: empty, where a DDL is expected"},
        Refused{"OnlyAComment", "# nothing\n", "sample:1:1: error: empty, where a DDL is expected"},
        Refused{"Tag", "a: !ruby/object x\n", "sample:1:4: error: the tag '!ruby/object' is not supported"},
        Refused{"RecursiveAlias", "a: &r [1, *r]\n",
                "sample:1:11: error: an alias inside of what it stands for"},
        Refused{"UnknownAlias", "a: *x\n",
                "sample:1:4: error: not valid YAML: the referenced anchor is not defined"},
        Refused{"StructuredKey", "? {a: b}\n: 4\n",
                "sample:1:3: error: a key must be text; or is a bracket not closed?"},
        Refused{"NullKey", "~: 4\n", "sample:1:1: error: a key must be text"},
        Refused{"Infinity", "a: -.inf\n",
                "sample:1:4: error: '-.inf' has no JSON form; as text it must be quoted"},
        Refused{"NumberOutOfRange", "a: 1e400\n", "sample:1:4: error: a number is out of range"},
        Refused{"OpenQuote", "a: \"x\nb: 1\n", "sample:1:4: error: the closing quote is missing"},
        Refused{"OpenSingleQuote", "a: 'it''s\n", "sample:1:4: error: the closing quote is missing"},
        Refused{"OpenQuoteBehindAnchor", "a: &b \"x\n", "sample:1:4: error: the closing quote is missing"},
        Refused{"EndOfTransmission", "a: 1\x04\nb: 2\n",
                "sample:1:5: error: a control character is not allowed in YAML"},
        Refused{"Nul", std::string("a: 1\0\n", 6),
                "sample:1:5: error: a control character is not allowed in YAML"},
        Refused{"TabIndent", "a:\n\tb: 2\n", "sample:2:1: error: not valid YAML: a tab indents this line"},
        Refused{"BadIndent", "a: 1\n b: 2\n", "sample:2:3: error: not valid YAML: illegal map value"},
        Refused{"OpenBrace", "{a: 1\n", "sample:1:1: error: a key must be text; or is a bracket not closed?"},
        Refused{"DeepNesting", std::string(10'000, '[') + std::string(10'000, ']'),
                "sample:1:33: error: nested deeper than 32 levels"}),
    [](const testing::TestParamInfo<Refused>& refused) { return refused.param.name; });

}  // namespace
}  // namespace hocket::ddl
