// Headers that the build made of tests/golden/back_ends/*.yaml, as a program uses them.
#include <gtest/gtest.h>

#include "cpp_hostile.h"
#include "cpp_sample.h"

namespace hocket::client {
namespace {

namespace archive = agents::archive;
namespace hostile = agents::std_;
using archive::MakeCopy;

MakeCopy::Inputs required() {
    return {.folder = "/srv", .format = MakeCopy::Format::n7z};
}

Error refusal(const Json& data) {
    const Result<MakeCopy::Outputs> outputs = outputs_from_json<MakeCopy>(data);
    return outputs ? Error{ErrorCode::internal, "accepted", {}} : outputs.error();
}

TEST(GeneratedHeader, TellsWhatTheDescriptionSays) {
    EXPECT_EQ(archive::k_agent, "archive");
    EXPECT_EQ(archive::k_version, "2.1.0");
    EXPECT_EQ(archive::k_ddl_digest.size(), 64U);
    EXPECT_EQ(MakeCopy::k_action.action, "make_copy");
    EXPECT_EQ(MakeCopy::k_action.timeout, std::chrono::minutes(10));
    EXPECT_EQ(MakeCopy::k_action.safety, ddl::Safety::changes);
    EXPECT_TRUE(MakeCopy::k_action.noop);
    EXPECT_TRUE(MakeCopy::k_action.has_sensitive_fields);
    EXPECT_EQ(archive::Prune::k_action.timeout, std::chrono::seconds(30));
    EXPECT_EQ(archive::Prune::k_action.safety, ddl::Safety::destructive);
    EXPECT_TRUE(archive::Prune::k_action.idempotent);
}

TEST(GeneratedHeader, AnEnumerationKnowsItsWords) {
    static_assert(to_string(MakeCopy::Format::n7z) == "7z");
    EXPECT_EQ(to_string(MakeCopy::Format::none), "none");
}

TEST(GeneratedHeader, AbsentInputsAreLeftOut) {
    EXPECT_EQ(inputs_to_json<MakeCopy>(required()), (Json{{"folder", "/srv"}, {"format", "7z"}}));
    EXPECT_EQ(inputs_to_json<archive::Prune>({}), Json::object());
}

TEST(GeneratedHeader, InputsOfAllTypesBecomeJson) {
    MakeCopy::Inputs inputs = required();
    inputs.exclude = {"a", "b"};
    inputs.keep = 0;
    inputs.labels = {{"by", "ana"}};
    inputs.level = "best";
    inputs.limit = 2.5;
    inputs.password = "";
    inputs.ratio = 1;
    inputs.verify = false;
    EXPECT_EQ(inputs_to_json<MakeCopy>(inputs).dump(),
              R"({"exclude":["a","b"],"folder":"/srv","format":"7z","keep":0,"labels":{"by":"ana"},)"
              R"("level":"best","limit":2.5,"password":"","ratio":1.0,"verify":false})");
}

TEST(GeneratedHeader, ANumberThatIsAnIntegerStaysOne) {
    MakeCopy::Inputs inputs = required();
    inputs.limit = 9007199254740993;
    EXPECT_EQ(inputs_to_json<MakeCopy>(inputs)["limit"].dump(), "9007199254740993");
    const Result<MakeCopy::Outputs> outputs = outputs_from_json<MakeCopy>({{"speed", 9007199254740993}});
    ASSERT_TRUE(outputs);
    EXPECT_EQ(outputs->speed, Number(9007199254740993));
}

TEST(GeneratedHeader, OutputsComeInTheirTypes) {
    const Result<MakeCopy::Outputs> outputs = outputs_from_json<MakeCopy>({{"file", "/a"},
                                                                           {"bytes", 5},
                                                                           {"ratio", 0.5},
                                                                           {"speed", 1.5},
                                                                           {"verified", true},
                                                                           {"removed", {"/b"}},
                                                                           {"labels", {{"by", "ana"}}},
                                                                           {"note", 7},
                                                                           {"fingerprint", "f"}});
    ASSERT_TRUE(outputs) << outputs.error().message;
    EXPECT_EQ(outputs->file, "/a");
    EXPECT_EQ(outputs->bytes, 5);
    EXPECT_EQ(outputs->ratio, 0.5);
    EXPECT_EQ(to_double(outputs->speed.value()), 1.5);
    EXPECT_EQ(outputs->verified, true);
    EXPECT_EQ(outputs->removed, Json::array({"/b"}));
    EXPECT_EQ(outputs->labels.at("by"), "ana");
    EXPECT_EQ(outputs->note, 7);
    EXPECT_EQ(outputs->fingerprint, "f");
}

TEST(GeneratedHeader, WhatIsAbsentNullOrUnknownIsNoError) {
    const Result<MakeCopy::Outputs> outputs =
        outputs_from_json<MakeCopy>({{"bytes", nullptr}, {"labels", nullptr}, {"later", 1}});
    ASSERT_TRUE(outputs) << outputs.error().message;
    EXPECT_FALSE(outputs->bytes);
    EXPECT_TRUE(outputs->labels.is_null());
    EXPECT_FALSE(outputs->file);
}

TEST(GeneratedHeader, NumbersAreReadAsANodeReadsThem) {
    const Result<MakeCopy::Outputs> outputs = outputs_from_json<MakeCopy>({{"bytes", 3.0}, {"ratio", 1}});
    ASSERT_TRUE(outputs) << outputs.error().message;
    EXPECT_EQ(outputs->bytes, 3);
    EXPECT_EQ(outputs->ratio, 1.0);
}

TEST(GeneratedHeader, EveryOutputOfAnotherTypeIsNamed) {
    const Error error = refusal({{"bytes", "many"}, {"removed", 1}, {"labels", Json::array()}, {"file", 1}});
    EXPECT_EQ(error.code, ErrorCode::invalid_output);
    ASSERT_EQ(error.violations.size(), 4U);
    EXPECT_EQ(error.violations[0].pointer, "/data/bytes");
    EXPECT_TRUE(error.message.starts_with(
        "agent 'archive': action 'make_copy': output 'bytes' must be of type integer"))
        << error.message;
}

TEST(GeneratedHeader, AnErrorDoesNotShowWhatMayBeSensitive) {
    EXPECT_EQ(refusal({{"bytes", "hunter2"}}).message.find("hunter2"), std::string::npos);
}

TEST(GeneratedHeader, ExtremesAreRefused) {
    EXPECT_EQ(refusal({{"bytes", 1e300}}).violations.at(0).rule, "range");
    EXPECT_EQ(refusal({{"bytes", 18446744073709551615U}}).violations.at(0).rule, "range");
    EXPECT_EQ(refusal({{"bytes", 1.5}}).violations.at(0).rule, "type");
    EXPECT_EQ(refusal(Json::array()).violations.at(0).pointer, "/data");
}

TEST(GeneratedHeader, NamesThatAreNoIdentifiersKeepTheirMeaning) {
    using Size = hostile::Size;
    Size::Inputs inputs{.class_ = "c"};
    inputs.Size = Size::Size_::class_2;
    inputs.Inputs_2 = Size::Inputs_::Inputs;
    inputs.null = "n";
    inputs.x = 1;
    inputs.x_2 = 2;
    inputs.x_3 = 3;
    inputs.n9 = 9;
    EXPECT_EQ(inputs_to_json<Size>(inputs), (Json{{"class", "c"},
                                                  {"Size", "CLASS"},
                                                  {"Inputs", "Inputs"},
                                                  {"NULL", "n"},
                                                  {"x", 1},
                                                  {"x_2", 2},
                                                  {"__x", 3},
                                                  {"9", 9}}));
    EXPECT_EQ(hostile::k_agent, "std");
    EXPECT_EQ(hostile::N2fa::k_action.action, "2fa");
}

TEST(GeneratedHeader, HostileTextComesBackAsItWas) {
    EXPECT_EQ(hostile::k_version, std::string_view("1\"; #error broken \\ ?\?/ \0 \u202e é", 32));
    EXPECT_EQ(to_string(hostile::Size::Size_::a_b_4), std::string_view("a\0b", 3));
    EXPECT_EQ(to_string(hostile::Size::Size_::q_uote), "q\"uote");
    EXPECT_EQ(to_string(hostile::Size::Size_::line_break), "line\nbreak");
    EXPECT_EQ(to_string(hostile::Size::Size_::empty_5), "*/");
}

TEST(GeneratedHeader, HostileOutputsAreFound) {
    const Result<hostile::Size::Outputs> outputs = outputs_from_json<hostile::Size>(
        {{"Outputs", "o"}, {"class", "c"}, {"std", 1}, {"Json", 2}, {"value", Json::object()}});
    ASSERT_TRUE(outputs) << outputs.error().message;
    EXPECT_EQ(outputs->Outputs_, "o");
    EXPECT_EQ(outputs->class_, "c");
    EXPECT_EQ(outputs->Json_, 2);
}

}  // namespace
}  // namespace hocket::client
