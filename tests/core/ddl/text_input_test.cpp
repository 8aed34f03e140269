#include "core/ddl/text_input.h"

#include <gtest/gtest.h>

#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

struct Case {
    const char* type;
    const char* text;
    const char* json;  ///< what it becomes; null when it is refused
};

class TextInput : public testing::TestWithParam<Case> {};

TEST_P(TextInput, IsTypedByTheDdl) {
    const Case& one = GetParam();
    const Result<Json> value = parse_input(input_of(one.type), one.text);
    ASSERT_EQ(value.has_value(), one.json != nullptr) << one.type << " of '" << one.text << "'";
    if (!value) return;
    EXPECT_EQ(dump_json(*value), one.json);
}

INSTANTIATE_TEST_SUITE_P(String, TextInput,
                         testing::Values(Case{"string, maxlength: 9", "", "\"\""},
                                         Case{"string, maxlength: 9", "5", "\"5\""},
                                         Case{"string, maxlength: 9", "true", "\"true\""},
                                         Case{"string, maxlength: 9", "a=b", "\"a=b\""},
                                         Case{"string, maxlength: 9", "\xFF", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, TextInput,
    testing::Values(Case{"integer", "42", "42"}, Case{"integer", "-42", "-42"}, Case{"integer", "+42", "42"},
                    Case{"integer", "9223372036854775807", "9223372036854775807"},
                    Case{"integer", "-9223372036854775808", "-9223372036854775808"},
                    Case{"integer", "9223372036854775808", nullptr}, Case{"integer", "4.0", nullptr},
                    Case{"integer", "", nullptr}, Case{"integer", "4x", nullptr},
                    Case{"integer", " 4", nullptr}, Case{"integer", "0x10", nullptr},
                    Case{"float", "2.5", "2.5"}, Case{"float", "-2.5", "-2.5"}, Case{"float", "2", "2.0"},
                    Case{"float", "1e3", "1000.0"}, Case{"float", "-1E-2", "-0.01"},
                    Case{"float", ".5", "0.5"}, Case{"float", "1e400", nullptr},
                    Case{"float", "inf", nullptr}, Case{"float", "nan", nullptr}, Case{"float", "", nullptr},
                    Case{"number", "2", "2"}, Case{"number", "-2", "-2"}, Case{"number", "2.0", "2.0"},
                    Case{"number", "9223372036854775808", "9.223372036854776e+18"},
                    Case{"number", "two", nullptr}));

INSTANTIATE_TEST_SUITE_P(Boolean, TextInput,
                         testing::Values(Case{"boolean", "true", "true"}, Case{"boolean", "T", "true"},
                                         Case{"boolean", "Yes", "true"}, Case{"boolean", "y", "true"},
                                         Case{"boolean", "1", "true"}, Case{"boolean", "FALSE", "false"},
                                         Case{"boolean", "f", "false"}, Case{"boolean", "no", "false"},
                                         Case{"boolean", "N", "false"}, Case{"boolean", "0", "false"},
                                         Case{"boolean", "", nullptr}, Case{"boolean", "on", nullptr},
                                         Case{"boolean", "2", nullptr}, Case{"boolean", "true ", nullptr}));

INSTANTIATE_TEST_SUITE_P(List, TextInput,
                         testing::Values(Case{"list, list: [1, 2]", "2", "2"},
                                         Case{"list, list: ['1', '2']", "2", "\"2\""},
                                         Case{"list, list: [a, 1.5, true]", "1.5", "1.5"},
                                         Case{"list, list: [a, 1.5, true]", "true", "true"},
                                         Case{"list, list: [a, 1.5, true]", "a", "\"a\""},
                                         Case{"list, list: [a, 1.5, true]", "A", nullptr},
                                         Case{"list, list: [1]", "1.0", nullptr},
                                         Case{"list, list: [1]", "", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Structures, TextInput,
    testing::Values(Case{"array", "[1, \"a\"]", "[1,\"a\"]"}, Case{"array", "{}", nullptr},
                    Case{"array", "1,2", nullptr}, Case{"array", "[1,", nullptr}, Case{"array", "", nullptr},
                    Case{"hash", "{\"a\": -1}", "{\"a\":-1}"}, Case{"hash", "[]", nullptr},
                    Case{"hash", "{\"a\": 1, \"a\": 2}", nullptr}, Case{"hash", "{} {}", nullptr}));

TEST(ParseInput, NamesTheInputAndItsType) {
    const Error error = parse_input(input_of("integer"), "many").error();
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_EQ(error.message, "input 'x' (integer): \"many\" is not an integer, such as 42 or -7");
    EXPECT_EQ(error.violations, (std::vector<Violation>{{"/inputs/x", "type", error.message}}));
}

TEST(ParseInput, HintsAtTheValueThatWasMeant) {
    EXPECT_EQ(parse_input(input_of("list, list: [small, large]"), "smal").error().message,
              "input 'x' (list): \"smal\" is not one of small, large; did you mean 'small'?");
}

class SensitiveText : public testing::TestWithParam<const char*> {};

TEST_P(SensitiveText, IsNeverPrinted) {
    const Result<Json> value = parse_input(input_of(GetParam(), ", sensitive: true"), "{\"hunter2\"");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message.find("hunter2"), std::string::npos) << value.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, SensitiveText,
                         testing::Values("integer", "float", "number", "boolean", "list, list: [hunter1]",
                                         "array", "hash"));

}  // namespace
}  // namespace hocket::ddl
