#include "core/ddl/validation.h"

#include <gtest/gtest.h>
#include <vector>

namespace hocket::ddl {
namespace {

using namespace std::string_literals;

struct Case {
    const char* validation;
    std::string value;
    bool accepted;
};

class NamedValidator : public testing::TestWithParam<Case> {};

TEST_P(NamedValidator, Judges) {
    const Result<Validation> validation = Validation::compile(GetParam().validation);
    ASSERT_TRUE(validation);
    EXPECT_EQ(validation->accepts(GetParam().value), GetParam().accepted)
        << GetParam().validation << " of " << testing::PrintToString(GetParam().value);
}

std::vector<Case> shellsafe_cases() {
    std::vector<Case> cases = {
        {"shellsafe", "", true},
        {"shellsafe", "plain text, with: blanks/and.dots-and_more @100%", true},
        {"shellsafe", "gr\xC3\xBC\xC3\x9F", true},
        {"shellsafe", "globs * ? [a]", true},
        {"shellsafe", "valid\n", false},
        {"shellsafe", "va\0lid"s, false},
        {"shellsafe", "\x7F", false},
        {"shellsafe", "\xC2\x85", false},  // NEL, a C1 control
        {"shellsafe", "a && b", false},
    };
    for (const char forbidden : "`$;|&<>'\"\\()\r\t\x01\x1B"s) {
        cases.push_back({"shellsafe", "a"s + forbidden + "b", false});
    }
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Shellsafe, NamedValidator, testing::ValuesIn(shellsafe_cases()));

INSTANTIATE_TEST_SUITE_P(
    Ipv4, NamedValidator,
    testing::Values(Case{"ipv4address", "192.0.2.1", true}, Case{"ipv4address", "0.0.0.0", true},
                    Case{"ipv4address", "255.255.255.255", true}, Case{"ipv4address", "256.0.0.1", false},
                    Case{"ipv4address", "192.0.2.01", false}, Case{"ipv4address", "192.0.2", false},
                    Case{"ipv4address", "192.0.2.1/24", false},
                    Case{"ipv4address", "192.0.2.1/255.255.255.0", false},
                    Case{"ipv4address", " 192.0.2.1", false}, Case{"ipv4address", "192.0.2.1\n", false},
                    Case{"ipv4address", "192.0.2.1\0x"s, false}, Case{"ipv4address", "0x7f000001", false},
                    Case{"ipv4address", "::1", false}, Case{"ipv4address", "", false}));

INSTANTIATE_TEST_SUITE_P(
    OfMCollective, NamedValidator,
    testing::Values(Case{"service_name", "ssh@1.service:a-b_c", true}, Case{"service_name", "a b", false},
                    Case{"service_name", "a\n", false}, Case{"service_name", "", false},
                    Case{"package_name", "libc6.1-dev_x", true}, Case{"package_name", "a:amd64", false},
                    Case{"puppet_variable", "a", true}, Case{"puppet_variable", "1", false},
                    Case{"puppet_variable", "_", false}, Case{"puppet_variable", "1a", true},
                    Case{"puppet_variable", "a-b", false}, Case{"puppet_tags", "a,one::two,b", true},
                    Case{"puppet_tags", "a,,b", false}, Case{"puppet_tags", "a::", false},
                    Case{"puppet_tags", "a:b", false}, Case{"puppet_resource", "File[/tmp/x y]", true},
                    Case{"puppet_resource", "File[]", false}, Case{"puppet_resource", "File[x]\n", false},
                    Case{"puppet_resource", "xFile", false}));

INSTANTIATE_TEST_SUITE_P(ServerAddress, NamedValidator,
                         testing::Values(Case{"puppet_server_address", "puppet.example.com", true},
                                         Case{"puppet_server_address", "puppet:8140", true},
                                         Case{"puppet_server_address", "192.0.2.1:1", true},
                                         Case{"puppet_server_address", "2001:db8::1", true},
                                         Case{"puppet_server_address", "[2001:db8::1]:8140", true},
                                         Case{"puppet_server_address", "[2001:db8::1]", false},
                                         Case{"puppet_server_address", "[192.0.2.1]:8140", false},
                                         Case{"puppet_server_address", "puppet:0", false},
                                         Case{"puppet_server_address", "puppet:65536", false},
                                         Case{"puppet_server_address", "puppet:", false},
                                         Case{"puppet_server_address", ":8140", false},
                                         Case{"puppet_server_address", "puppet:8140\n", false},
                                         Case{"puppet_server_address", "pup;pet", false}));

INSTANTIATE_TEST_SUITE_P(
    Ipv6, NamedValidator,
    testing::Values(Case{"ipv6address", "::1", true}, Case{"ipv6address", "2001:db8::1", true},
                    Case{"ipv6address", "::ffff:192.0.2.1", true},
                    Case{"ipv6address", "1:2:3:4:5:6:7:8", true}, Case{"ipv6address", "1:2:3:4:5:6:7", false},
                    Case{"ipv6address", "2001:db8::/32", false}, Case{"ipv6address", "[::1]", false},
                    Case{"ipv6address", "fe80::1%eth0", false}, Case{"ipv6address", "::1\n", false},
                    Case{"ipv6address", "::1\0"s, false}, Case{"ipv6address", "192.0.2.1", false},
                    Case{"ipaddress", "192.0.2.1", true}, Case{"ipaddress", "::1", true},
                    Case{"ipaddress", "192.0.2.1/24", false}, Case{"ipaddress", "::1\n", false},
                    Case{"ipaddress", "web1", false}));

std::string label(std::size_t length) {
    return std::string(length, 'a');
}

INSTANTIATE_TEST_SUITE_P(
    Fqdn, NamedValidator,
    testing::Values(Case{"fqdn", "web1.example.com", true}, Case{"fqdn", "Web-1.Example.COM", true},
                    Case{"fqdn", "localhost", true}, Case{"fqdn", "3com.example", true},
                    Case{"fqdn", label(63) + ".com", true}, Case{"fqdn", label(64) + ".com", false},
                    Case{"fqdn", label(63) + "." + label(63) + "." + label(63) + "." + label(61), true},
                    Case{"fqdn", label(63) + "." + label(63) + "." + label(63) + "." + label(62), false},
                    Case{"fqdn", "-web.example.com", false}, Case{"fqdn", "web-.example.com", false},
                    Case{"fqdn", "web_1.example.com", false}, Case{"fqdn", "web..example.com", false},
                    Case{"fqdn", "web.example.com.", false}, Case{"fqdn", "web.example.com\n", false},
                    Case{"fqdn", "web.example.com\0"s, false}, Case{"fqdn", "192.0.2.1", false},
                    Case{"fqdn", "", false}));

INSTANTIATE_TEST_SUITE_P(Regex, NamedValidator,
                         testing::Values(Case{"^[a-z]+$", "abc", true}, Case{"^[a-z]+$", "abc\n", false},
                                         Case{"^[a-z]+$", "x\nabc\ny", false}, Case{"[a-z]", "12a34", true},
                                         Case{"yes|no", "no", true}, Case{"yes|no", "maybe", false},
                                         Case{"^.+$", "", false}, Case{"", "anything\n", true}));

TEST(Validation, KnowsWhatItsTextNames) {
    EXPECT_EQ(Validation::compile("shellsafe")->validator(), Validator::shellsafe);
    EXPECT_EQ(Validation::compile("no_such_name")->validator(), Validator::regex);
    EXPECT_EQ(Validation::compile("")->validator(), Validator::none);
}

TEST(Validation, RefusesARegexThatRe2DoesNotKnow) {
    const Result<Validation> validation = Validation::compile("^(?=a)");
    ASSERT_FALSE(validation);
    EXPECT_NE(validation.error().message.find("is not valid RE2"), std::string::npos);
}

TEST(Validation, IsEqualByItsText) {
    EXPECT_EQ(*Validation::compile("^a$"), *Validation::compile("^a$"));
    EXPECT_FALSE(*Validation::compile("^a$") == *Validation::compile("^b$"));
}

}  // namespace
}  // namespace hocket::ddl
