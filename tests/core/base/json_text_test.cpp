#include "core/base/json_text.h"

#include <gtest/gtest.h>
#include <vector>

#include <nlohmann/json.hpp>

namespace hocket {
namespace {

TEST(JsonText, WritesAnObjectWithoutMembers) {
    EXPECT_EQ(JsonText().take(), "{}");
}

TEST(JsonText, WritesEachKindOfMember) {
    JsonText inner;
    inner.add("k", std::int64_t{1});
    JsonText text;
    text.add("a", "word")
        .add("b", std::int64_t{-7})
        .add("c", true)
        .add("d", false)
        .add("e", std::vector<std::string>());
    text.add("f", std::vector<std::string>{"x", "y"})
        .add_json("g", {{"z", nullptr}})
        .add_json("h", std::move(inner));
    EXPECT_EQ(std::move(text).take(),
              R"({"a":"word","b":-7,"c":true,"d":false,"e":[],"f":["x","y"],"g":{"z":null},"h":{"k":1}})");
}

TEST(JsonText, WritesEveryByteAsDumpJsonDoes) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string value = "a" + std::string(1, static_cast<char>(byte)) + "z";
        JsonText text;
        text.add("v", value).add("w", std::vector<std::string>{value});
        EXPECT_EQ(std::move(text).take(), dump_json({{"v", value}, {"w", {value}}})) << byte;
    }
    JsonText text;
    text.add("v", "é€😀").add("w", "");
    EXPECT_EQ(std::move(text).take(), R"({"v":"é€😀","w":""})");
}

}  // namespace
}  // namespace hocket
