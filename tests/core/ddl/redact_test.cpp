#include "core/ddl/redact.h"

#include <gtest/gtest.h>

#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

Action sample() {
    return action_with(
        "path: {prompt: p, description: d, type: string, maxlength: 9}\n"
        "token: {prompt: p, description: d, type: hash, sensitive: true}",
        "used: {description: d, display_as: U}\n"
        "key: {description: d, display_as: K, sensitive: true}");
}

TEST(Redact, HidesSensitiveInputs) {
    const Action action = sample();
    EXPECT_EQ(redact(&action, {{"path", "/x"}, {"token", {{"a", "hunter2"}}}}),
              (Json{{"path", "/x"}, {"token", "***"}}));
}

TEST(Redact, HidesUndeclaredInputs) {
    const Action action = sample();
    EXPECT_EQ(redact(&action, {{"Token", "hunter2"}}), (Json{{"Token", "***"}}));
}

TEST(Redact, HidesEverythingOfAnUnknownAction) {
    EXPECT_EQ(redact(nullptr, {{"path", "/x"}}), (Json{{"path", "***"}}));
}

TEST(Redact, TakesSecretsOutOfWhatIsSaid) {
    const SecretsRemoved secrets(
        sample(),
        {{"path", "/path"},
         {"token",
          {{"a", "hunter2"}, {"b", {"hunter22", 123456, true}}, {"c", "a \"b\"\n"}, {"short", "abc"}}}});
    EXPECT_EQ(secrets.from(std::string("int: 'hunter2' /path hunter22 hunter2hunter2 123456 abc true")),
              "int: '***' /path *** ****** *** abc true");
    EXPECT_EQ(secrets.from(std::string(R"(cannot take a "b"\n)")), R"(cannot take ***\n)") << "a line of it";
    EXPECT_EQ(secrets.from(std::string(R"(cannot take 'a \"b\"\n')")), "cannot take '***'");
    EXPECT_EQ(secrets.from(Json{{"hunter2", {"a hunter2", 7}}}), (Json{{"***", {"a ***", 7}}}));
    const SecretsRemoved lines(sample(), {{"token", {{"a", "alpha-one\n  beta-two \n"}, {"b", "twofold"}}}});
    EXPECT_EQ(lines.from(std::string("with alpha-one, and beta-twofold.")), "with ***, and ***.");
    const SecretsRemoved repeated(sample(), {{"token", {{"a", "aaaa"}}}});
    EXPECT_EQ(repeated.from(std::string(400'000, 'a')).size(), 300'000U);
    Json many = Json::array();
    for (int i = 10'000; i < 12'000; ++i)
        many.push_back(i);
    EXPECT_EQ(SecretsRemoved(sample(), {{"token", {{"a", many}}}}).from(std::string("anything")), "***");
    EXPECT_TRUE(SecretsRemoved(sample(), {{"path", "/path"}}).empty());
}

TEST(Redact, HidesInputsThatAreNoObject) {
    const Action action = sample();
    EXPECT_EQ(redact(&action, Json{"hunter2"}), Json("***"));
}

TEST(Redact, HidesSensitiveAndUndeclaredOutputs) {
    const Action action = sample();
    EXPECT_EQ(redact_outputs(&action, {{"used", 1}, {"key", 2}, {"extra", 3}}),
              (Json{{"used", 1}, {"key", "***"}, {"extra", "***"}}));
}

TEST(Redact, KnowsWhichActionsHaveSecrets) {
    EXPECT_TRUE(sample().has_sensitive_fields());
    EXPECT_FALSE(action_with("").has_sensitive_fields());
}

}  // namespace
}  // namespace hocket::ddl
