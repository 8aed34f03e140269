#include "ddl-compiler/back_ends/cpp_names.h"

#include <gtest/gtest.h>

namespace hocket::ddl_compiler {
namespace {

using Names = std::vector<std::string>;

std::string name_of(const std::string& name) {
    return cpp_names({name}, Spelling::as_written).front();
}

TEST(CppNames, AGoodIdentifierStays) {
    for (const char* const name : {"path", "max_size", "maxSize", "Path", "x9", "size_"})
        EXPECT_EQ(name_of(name), name);
}

TEST(CppNames, WhatIsNoIdentifierBecomesOne) {
    EXPECT_EQ(name_of("a-b c"), "a_b_c");
    EXPECT_EQ(name_of("a__b"), "a_b");
    EXPECT_EQ(name_of("_a"), "a");
    EXPECT_EQ(name_of("9p"), "n9p");
    EXPECT_EQ(name_of("-1"), "n1");
    EXPECT_EQ(name_of(""), "empty");
    EXPECT_EQ(name_of("ü"), "empty");
}

TEST(CppNames, KeywordsAndMacrosAreAvoided) {
    EXPECT_EQ(name_of("class"), "class_");
    EXPECT_EQ(name_of("and"), "and_");
    EXPECT_EQ(name_of("stdout"), "stdout_");
    EXPECT_EQ(name_of("NULL"), "null");
    EXPECT_EQ(name_of("INT"), "int_");
}

TEST(CppNames, TypesAreUpperCamel) {
    EXPECT_EQ(cpp_names({"usage", "max_size", "2fa", "class", "i"}, Spelling::type),
              (Names{"Usage", "MaxSize", "N2fa", "Class", "I_"}));
}

TEST(CppNames, TwoThatBecomeTheSameGetNumbers) {
    EXPECT_EQ(cpp_names({"a b", "a-b", "a+b"}, Spelling::as_written), (Names{"a_b", "a_b_2", "a_b_3"}));
    EXPECT_EQ(cpp_names({"a_b", "a__b"}, Spelling::type), (Names{"AB", "AB_2"}));
    EXPECT_EQ(cpp_names({"class", "class_"}, Spelling::as_written), (Names{"class_2", "class_"}));
}

TEST(CppNames, WhoKeepsItsNameHasIt) {
    EXPECT_EQ(cpp_names({"a-b", "a b", "a_b", "a_b_2"}, Spelling::as_written),
              (Names{"a_b_3", "a_b_4", "a_b", "a_b_2"}));
}

TEST(CppNames, TakenNamesAreAvoided) {
    EXPECT_EQ(cpp_names({"std", "Inputs"}, Spelling::as_written, {"std", "Inputs", "Inputs_"}),
              (Names{"std_", "Inputs_2"}));
}

}  // namespace
}  // namespace hocket::ddl_compiler
