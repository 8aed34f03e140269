#include "core/ddl/regex_anchors.h"

#include <gtest/gtest.h>

namespace hocket::ddl {
namespace {

struct Case {
    const char* pattern;
    bool anchored;
};

class Anchoring : public testing::TestWithParam<Case> {};

TEST_P(Anchoring, IsSeen) {
    EXPECT_EQ(is_anchored(GetParam().pattern), GetParam().anchored) << GetParam().pattern;
}

INSTANTIATE_TEST_SUITE_P(
    All, Anchoring,
    testing::Values(
        Case{"^a$", true}, Case{"\\Aa\\z", true}, Case{"^a", false}, Case{"a$", false}, Case{".", false},
        Case{".*", false}, Case{"(?s).*", true}, Case{"^(?m)^a$", false}, Case{"(?m:^a$)", false},
        Case{"^a(?m)$", false}, Case{"(?i)(?m)^a$", false}, Case{"^a[(?m)]$", true}, Case{"^\\(?m$", true},
        Case{".*a.*", false}, Case{"(?is).*a$", true}, Case{"(?s:.*)", false}, Case{"", false},
        Case{"^a|b$", false}, Case{"^a$|^b$", true}, Case{"^(a|b)$", true}, Case{"(^a$)", true},
        Case{"(?:^a$|^b$)", true}, Case{"(^a)|(b$)", false}, Case{"(?i)^a$", true}, Case{"(?m)^a$", false},
        Case{"(?i-m)^a$", true}, Case{"^a\\$", false}, Case{"^[$]", false}, Case{"^[^|$]+$", true},
        Case{"^[]|]$", true}, Case{"^[[:alpha:]|]$", true}, Case{"\\^a$", false}, Case{"^a.*", false},
        Case{".*a$", false}, Case{"(?s)^a.*", true}, Case{"^a\\.*", false}, Case{"(?P<n>^a$)", true},
        Case{"^(a)(b)", false}, Case{"(", false}, Case{"[", false}, Case{"\\", false}, Case{"(?", false}));

struct Form {
    const char* pattern;
    const char* anchored;
};

class AnchoredForm : public testing::TestWithParam<Form> {};

TEST_P(AnchoredForm, IsProposed) {
    EXPECT_EQ(anchored_form(GetParam().pattern), GetParam().anchored);
    EXPECT_TRUE(*GetParam().anchored == '\0' || is_anchored(GetParam().anchored));
}

INSTANTIATE_TEST_SUITE_P(All, AnchoredForm,
                         testing::Values(Form{"a", "^a$"}, Form{"^a", "^a$"}, Form{"a$", "^a$"},
                                         Form{"\\Aa", "^a$"}, Form{"a\\z", "^a$"}, Form{"^a|b$", "^(?:a|b)$"},
                                         Form{"(?i)a", "(?i)^a$"}, Form{"[|]", "^[|]$"},
                                         Form{"a\\$", "^a\\$$"}, Form{"(?m)^a$", ""}, Form{"^a$^b", ""},
                                         Form{"^a$|^b", ""}, Form{".*", "^.*$"}));

}  // namespace
}  // namespace hocket::ddl
