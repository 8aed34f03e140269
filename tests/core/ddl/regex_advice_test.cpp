#include "core/ddl/regex_advice.h"

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

INSTANTIATE_TEST_SUITE_P(All, Anchoring,
                         testing::Values(Case{"^a$", true}, Case{"\\Aa\\z", true}, Case{"^a", false},
                                         Case{"a$", false}, Case{".", false}, Case{".*", true},
                                         Case{"", false}, Case{"^a|b$", false}, Case{"^a$|^b$", true},
                                         Case{"^(a|b)$", true}, Case{"(^a$)", true},
                                         Case{"(?:^a$|^b$)", true}, Case{"(^a)|(b$)", false},
                                         Case{"(?i)^a$", true}, Case{"(?m)^a$", false},
                                         Case{"(?i-m)^a$", true}, Case{"^a\\$", false}, Case{"^[$]", false},
                                         Case{"^[^|$]+$", true}, Case{"^[]|]$", true},
                                         Case{"^[[:alpha:]|]$", true}, Case{"\\^a$", false},
                                         Case{"^a.*", true}, Case{".*a$", true}, Case{"^a\\.*", false},
                                         Case{"(?P<n>^a$)", true}, Case{"^(a)(b)", false}, Case{"(", false},
                                         Case{"[", false}, Case{"\\", false}, Case{"(?", false}));

}  // namespace
}  // namespace hocket::ddl
