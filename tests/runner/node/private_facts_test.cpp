#include "runner/node/private_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::node {
namespace {

std::string visible(std::string_view facts, const std::vector<std::string>& entries) {
    return dump_json(without_private(parse_json_object(facts).value(), entries));
}

TEST(PrivateFacts, NothingIsHiddenWithoutEntries) {
    EXPECT_EQ(visible(R"({"a":1})", {}), R"({"a":1})");
}

TEST(PrivateFacts, EntryHidesTheFactAndWhatIsBelow) {
    EXPECT_EQ(visible(R"({"a":{"b":1},"ab":2,"c":3})", {"a"}), R"({"ab":2,"c":3})");
    EXPECT_EQ(visible(R"({"a":{"b":{"x":1},"c":2}})", {"a.b"}), R"({"a":{"c":2}})");
}

TEST(PrivateFacts, EntryHidesKeysWithDotsToo) {
    EXPECT_EQ(visible(R"({"a.b":1,"a.b.c":2,"a":{"b.c":3,"b":4,"bc":5},"a.bc":6})", {"a.b"}),
              R"({"a":{"bc":5},"a.bc":6})");
}

TEST(PrivateFacts, StarHidesEveryNameThatStartsSo) {
    EXPECT_EQ(visible(R"({"vault_a":1,"vault":2,"other":3})", {"vault_*"}), R"({"other":3,"vault":2})");
    EXPECT_EQ(visible(R"({"a":{"key_x":1,"y":2}})", {"a.key_*"}), R"({"a":{"y":2}})");
    EXPECT_EQ(visible(R"({"a":{"b":1}})", {"a.*"}), R"({"a":{}})");
    EXPECT_EQ(visible(R"({"a":{"b":1},"c":2})", {"*"}), "{}");
}

TEST(PrivateFacts, ElementsOfArraysBecomeNull) {
    EXPECT_EQ(visible(R"({"d":[{"serial":1,"n":2},{"serial":3}]})", {"d.0.serial"}),
              R"({"d":[{"n":2},{"serial":3}]})");
    EXPECT_EQ(visible(R"({"d":["a","b"]})", {"d.0"}), R"({"d":[null,"b"]})");
}

TEST(PrivateFacts, UnknownAndOddEntriesHideNothing) {
    EXPECT_EQ(visible(R"({"a":{"b":1}})", {"x", "", "a.", ".a", "A"}), R"({"a":{"b":1}})");
}

}  // namespace
}  // namespace hocket::node
