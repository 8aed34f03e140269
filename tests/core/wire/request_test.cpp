#include "core/wire/request.h"

#include <gtest/gtest.h>

#include "core/base/names.h"
#include "core/wire/request_id.h"
#include "tests/support/wire_fixture.h"

namespace hocket::wire {
namespace {

using test::WirePair;

/// The request's JSON with one member replaced, or left out when the value is discarded.
std::string with(const std::string& member, const Json& value) {
    Json object = parse_json_object(encode_request(WirePair::request())).value();
    object[member] = value;
    return dump_json(object);
}

std::string without(const std::string& member) {
    Json object = parse_json_object(encode_request(WirePair::request())).value();
    object.erase(member);
    return dump_json(object);
}

TEST(Request, IsReadBackAsWritten) {
    Request sent = WirePair::request();
    sent.inputs = {{"path", "/"}, {"count", -3}};
    sent.targets = {"web1", "web2.example"};
    sent.filter = filter::parse_filter({{"os.family=Debian"}, {"web"}, {}, {"/^web/"}}).value();
    sent.noop = true;
    const Request read = parse_request(encode_request(sent)).value();
    EXPECT_EQ(encode_request(read), encode_request(sent));
    EXPECT_EQ(encode_request(sent), dump_json(parse_json_object(encode_request(sent)).value()));
    EXPECT_EQ(read.inputs, sent.inputs);
    EXPECT_EQ(read.targets, sent.targets);
    EXPECT_TRUE(read.noop);
}

TEST(Request, EveryMemberIsRequired) {
    const Json object = parse_json_object(encode_request(WirePair::request())).value();
    ASSERT_EQ(object.size(), 15U);
    for (const auto& [member, value] : object.items()) {
        const auto read = parse_request(without(member));
        ASSERT_FALSE(read) << member;
        EXPECT_EQ(read.error().message, "member '" + member + "' is missing");
    }
}

TEST(Request, RefusesMembersThatAreNotInTheProtocol) {
    EXPECT_EQ(parse_request(with("extra", 1)).error().message, "member 'extra' is not in the protocol");
}

TEST(Request, RefusesValuesOutsideOfTheirGrammar) {
    const std::pair<const char*, Json> wrong[] = {
        {"protocol", "io.hocket.request.v2"},
        {"id", "short"},
        {"id", 1},
        {"collective", "Main"},
        {"agent", "a.b"},
        {"action", ""},
        {"inputs", Json::array()},
        {"caller", "ops"},
        {"issued_at", -1},
        {"issued_at", 1.5},
        {"issued_at", "1"},
        {"issued_at", 9007199254740993},
        {"ttl_ms", 0},
        {"ttl_ms", 600'001},
        {"timeout_ms", 0},
        {"timeout_ms", 86'400'001},
        {"filter", nullptr},
        {"targets", {"A"}},
        {"targets", "web1"},
        {"targets", {1}},
        {"delivery", "later"},
        {"noop", 0},
        {"noop", "false"},
        {"sender", 5},
        {"filter", {{"facts", "x"}}},
    };
    for (const auto& [member, value] : wrong) {
        const auto read = parse_request(with(member, value));
        ASSERT_FALSE(read) << member << ' ' << value;
        EXPECT_EQ(read.error().code, ErrorCode::malformed_message);
    }
}

TEST(RequestId, IsAnUlidOfItsTime) {
    const std::string id = new_request_id(1469918176385);
    EXPECT_TRUE(is_request_id(id));
    EXPECT_EQ(id.substr(0, 10), "01ARYZ6S41");  // the example of the ULID specification
    EXPECT_NE(id, new_request_id(1469918176385));
}

TEST(RequestId, HasAFormInHexadecimalDigits) {
    EXPECT_EQ(hex_of_request_id("00000000000000000000000000"), "00000000000000000000000000000000");
    EXPECT_EQ(hex_of_request_id("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), "ffffffffffffffffffffffffffffffff");
    EXPECT_EQ(hex_of_request_id("01KAGJ5FG0ZJ4V8Q6X3T2N5M9R"), "019aa122be00fc89b45cdd1e8552d138");
}

}  // namespace
}  // namespace hocket::wire
