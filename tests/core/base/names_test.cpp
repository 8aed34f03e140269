#include "core/base/names.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "core/base/regex.h"

namespace hocket {
namespace {

TEST(Names, AgentIsLowerCaseDigitsAndUnderscore) {
    EXPECT_TRUE(is_agent_name("disk_2"));
    for (const char* text : {"", "Disk", "a-b", "a.b", "a b", "a\n", "a*", ">", "é"})
        EXPECT_FALSE(is_agent_name(text)) << text;
    EXPECT_TRUE(is_agent_name(std::string(64, 'a')));
    EXPECT_FALSE(is_agent_name(std::string(65, 'a')));
}

TEST(Names, NothingPassesThatInjectsIntoASubject) {
    const std::string injection = "x 0\r\n\r\nPUB secret 3\r\npwn\r\nPUB y";
    EXPECT_FALSE(is_agent_name(injection));
    EXPECT_FALSE(is_identity(injection));
    EXPECT_FALSE(is_collective_name(injection));
    EXPECT_FALSE(is_caller("psk=" + injection));
}

TEST(Names, IdentityIsLabelsJoinedBySingleDots) {
    for (const char* text : {"web1", "web1.example", "a-b_c.d", "-x"})
        EXPECT_TRUE(is_identity(text)) << text;
    for (const char* text : {"", ".", "a.", ".a", "a..b", "Web1", "a b", "a*", "a\n", "a/b"}) {
        EXPECT_FALSE(is_identity(text)) << text;
    }
    EXPECT_FALSE(is_identity(std::string(254, 'a')));
}

TEST(Names, CallerHasASchemeAndIsAnchoredAtBothEnds) {
    for (const char* text : {"psk=ops", "cert=ana.b@example-1"})
        EXPECT_TRUE(is_caller(text)) << text;
    for (const char* text :
         {"ops", "jwt=ops", "psk=", "psk=.ops", "psk=a b", "psk=a/b", "xpsk=a", "psk=ops\n"}) {
        EXPECT_FALSE(is_caller(text)) << text;
    }
}

TEST(Names, RequestIdIsAUlid) {
    EXPECT_TRUE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_FALSE(is_request_id("01arz3ndektsv4rrffq69g5fav"));
    EXPECT_FALSE(is_request_id("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_FALSE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FAI"));
    EXPECT_FALSE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FA"));
}

/// Texts around the borders of a grammar: each byte alone, first, last and in the middle, and the lengths.
std::vector<std::string> texts_around(const std::string& good) {
    std::vector<std::string> texts = {"", good};
    for (int byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        for (std::size_t at = 0; at <= good.size(); ++at) {
            texts.push_back(std::string(good).insert(at, one));
            if (at < good.size()) texts.push_back(std::string(good).replace(at, 1, one));
        }
        texts.push_back(one);
    }
    for (const std::size_t length : {1U, 25U, 26U, 27U, 63U, 64U, 65U, 66U, 252U, 253U, 254U}) {
        texts.push_back(std::string(length, '7'));
        texts.push_back("psk=" + std::string(length, 'a'));
    }
    return texts;
}

TEST(Names, AreWhatTheExpressionsOfTheSpecificationMatch) {
    struct Grammar {
        bool (*holds)(std::string_view);
        const char* expression;
        const char* good;
    };
    const std::vector<Grammar> grammars = {
        {is_agent_name, "[a-z0-9_]{1,64}", "ab_9"},
        {is_input_name, "[A-Za-z0-9_]{1,64}", "aB_9"},
        {is_collective_name, "[a-z0-9][a-z0-9_-]{0,63}", "a_-9"},
        {is_identity, "[a-z0-9_-]+(\\.[a-z0-9_-]+)*", "a-.b_.9"},
        {is_caller, "(psk|cert)=[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", "cert=aB.@_-9"},
        {is_key_name, "[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", "aB.@_-9"},
        {is_request_id, "[0-7][0-9A-HJKMNP-TV-Z]{25}", "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    };
    for (const Grammar& grammar : grammars) {
        const Regex expression = Regex::compile(grammar.expression).value();
        EXPECT_TRUE(grammar.holds(grammar.good)) << grammar.expression;
        for (const std::string& text : texts_around(grammar.good)) {
            const bool is_short = grammar.holds != is_identity || text.size() <= 253;
            EXPECT_EQ(grammar.holds(text), is_short && expression.full_match(text))
                << grammar.expression << " on " << testing::PrintToString(text);
        }
    }
}

}  // namespace
}  // namespace hocket
