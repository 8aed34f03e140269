#include "core/ddl/validators.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/ddl/validator_reader.h"
#include "core/ddl/writer.h"
#include "tests/core/ddl/ddl_text.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl {
namespace {

/// Whether a validator with that rule accepts the text.
bool accepts_with(const ValidatorRule& rule, std::string_view text) {
    Validators validators;
    const Result<void> declared = validators.declare("mine", rule);
    EXPECT_TRUE(declared) << (declared ? "" : declared.error().message);
    return declared && Validation::compile("mine", &validators).value().accepts(text);
}

std::string refusal_of(const std::string& name, const ValidatorRule& rule) {
    Validators validators;
    const Result<void> declared = validators.declare(name, rule);
    return declared ? "accepted" : declared.error().message;
}

ValidatorRule with_pattern(const std::string& pattern) {
    ValidatorRule rule;
    rule.pattern = pattern;
    return rule;
}

TEST(DeclaredValidator, PatternMatchesTheWholeText) {
    EXPECT_TRUE(accepts_with(with_pattern("[a-z]+"), "web"));
    EXPECT_FALSE(accepts_with(with_pattern("[a-z]+"), "web1"));
    EXPECT_FALSE(accepts_with(with_pattern("[a-z]+"), "web\n"));
    EXPECT_FALSE(accepts_with(with_pattern("a|bc"), "xbc"));
}

TEST(DeclaredValidator, AllowedCharactersAreTheOnlyOnes) {
    ValidatorRule rule;
    rule.allowed = "a-c^_]\\é-";
    for (const char* text : {"", "abc", "^_", "]\\", "é", "-"})
        EXPECT_TRUE(accepts_with(rule, text)) << text;
    for (const char* text : {"d", "B", "a b", "e", "a\n"})
        EXPECT_FALSE(accepts_with(rule, text)) << text;
}

TEST(DeclaredValidator, ForbiddenCharactersAreNowhere) {
    ValidatorRule rule;
    rule.forbidden = "'\"0-3";
    EXPECT_TRUE(accepts_with(rule, "a-4"));
    EXPECT_FALSE(accepts_with(rule, "a'"));
    EXPECT_FALSE(accepts_with(rule, "a2"));
}

TEST(DeclaredValidator, LengthsAreCodePoints) {
    ValidatorRule rule;
    rule.min_length = 2;
    rule.max_length = 3;
    EXPECT_FALSE(accepts_with(rule, "é"));
    EXPECT_TRUE(accepts_with(rule, "éé"));
    EXPECT_TRUE(accepts_with(rule, "ééé"));
    EXPECT_FALSE(accepts_with(rule, "éééé"));
}

TEST(DeclaredValidator, JudgesEachItemOfAList) {
    ValidatorRule rule;
    rule.separator = ", ";
    rule.item = "ipv4address";
    rule.min_items = 2;
    rule.max_items = 3;
    EXPECT_TRUE(accepts_with(rule, "10.0.0.1, 10.0.0.2"));
    for (const char* text : {"10.0.0.1", "10.0.0.1,10.0.0.2", "10.0.0.1, ", "10.0.0.1, x",
                             "10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4"})
        EXPECT_FALSE(accepts_with(rule, text)) << text;
}

TEST(Validators, RefuseWhatCannotBeDeclared) {
    ValidatorRule limits = with_pattern("x");
    limits.min_length = 3;
    limits.max_length = 2;
    ValidatorRule alone = with_pattern("x");
    alone.item = "fqdn";
    EXPECT_EQ(refusal_of("Mine", with_pattern("x")),
              "is not a name: 1 to 64 lower-case letters, digits and underscores");
    EXPECT_EQ(refusal_of("fqdn", with_pattern("x")), "is built in and cannot be declared anew");
    EXPECT_NE(refusal_of("mine", {}).find("asks for nothing"), std::string::npos);
    EXPECT_NE(refusal_of("mine", with_pattern("(?=x)")).find("look-ahead is not in RE2"), std::string::npos);
    EXPECT_EQ(refusal_of("mine", limits), "'min_length' is above 'max_length'");
    EXPECT_EQ(refusal_of("mine", alone), "items need a 'separator', such as \",\"");
}

TEST(Validators, OfADescriptionMayNeedEachOtherInAnyOrder) {
    const Loaded loaded =
        load_yaml(yaml_agent("hosts: {prompt: p, description: d, type: string, maxlength: 99, "
                             "validation: list_of_hosts}") +
                  "validators:\n"
                  "  list_of_hosts: {separator: ',', item: lab_host}\n"
                  "  lab_host: {pattern: 'lab[0-9]+'}\n"
                  "  unused: {pattern: 'x'}\n");
    const Validation& validation = loaded.agent.actions.at(0).inputs.at(0).validation;
    EXPECT_TRUE(validation.accepts("lab1,lab22"));
    EXPECT_FALSE(validation.accepts("lab1,web1"));
    EXPECT_EQ(validation.describe(), "items with ',' between them, each text that matches lab[0-9]+");
}

TEST(Validators, AreACircleOnlyOnce) {
    const std::string refusal = refusal_of_yaml(yaml_agent("") +
                                                "validators:\n"
                                                "  a: {separator: ',', item: b}\n"
                                                "  b: {separator: ';', item: a}\n");
    EXPECT_NE(
        refusal.find("validator 'a' has items of the validator 'b', which is unknown or needs this one"),
        std::string::npos);
}

TEST(Validators, ThatAreUsedTravelWithTheDescription) {
    const std::string declared =
        "validators:\n"
        "  hosts: {separator: ',', item: lab_host, max_items: 3}\n"
        "  lab_host: {pattern: 'lab[0-9]+', description: a host of the laboratory}\n"
        "  unused: {pattern: 'x'}\n";
    const Loaded loaded = load_yaml(
        yaml_agent("h: {prompt: p, description: d, type: string, maxlength: 9, validation: hosts}") +
        declared);
    const std::string canonical = canonical_json(loaded.agent);
    const Loaded again = load_json(canonical);
    EXPECT_EQ(again.agent.validators.size(), 2U);
    EXPECT_EQ(canonical_json(again.agent), canonical);
    EXPECT_FALSE(again.agent.actions.at(0).inputs.at(0).validation.accepts("web1"));
}

class ValidatorsFolder : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) {
        ASSERT_TRUE(write_file_atomically(folder_.path() / name, text, 0644));
    }
    const test::TemporaryFolder folder_;
};

TEST_F(ValidatorsFolder, ThatIsNotThereHasNone) {
    EXPECT_TRUE(read_validators_folder(folder_.path() / "none")->rules().empty());
}

TEST_F(ValidatorsFolder, FilesMayUseWhatOthersDeclare) {
    write("10-hosts.yaml", "validators: {lab_host: {pattern: 'lab[0-9]+'}}");
    write("20-lists.json", R"({"validators": {"hosts": {"separator": ",", "item": "lab_host"}}})");
    write("README", "nothing to read here");
    const auto validators = read_validators_folder(folder_.path());
    ASSERT_TRUE(validators) << validators.error().message;
    EXPECT_TRUE(Validation::compile("hosts", &*validators)->accepts("lab1,lab2"));
}

TEST_F(ValidatorsFolder, SaysAllThatIsWrong) {
    write("a.yaml", "validators: {one: {patern: x}, two: {pattern: '('}}");
    write("b.yaml", "rules: {}");
    const auto validators = read_validators_folder(folder_.path());
    ASSERT_FALSE(validators);
    for (const char* text : {"unknown key 'patern'", "'pattern'", "the file lacks 'validators'"})
        EXPECT_NE(validators.error().message.find(text), std::string::npos) << validators.error().message;
}

TEST_F(ValidatorsFolder, OfANodeMustNotBeWritableByOthers) {
    write("a.yaml", "validators: {lab_host: {pattern: x}}");
    std::filesystem::permissions(folder_.path() / "a.yaml", std::filesystem::perms(0666));
    EXPECT_TRUE(read_validators_folder(folder_.path(), Trust::any));
    const auto checked = read_validators_folder(folder_.path(), Trust::checked);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::invalid_config);
}

}  // namespace
}  // namespace hocket::ddl
