#include "core/wire/reply.h"

#include <gtest/gtest.h>

namespace hocket::wire {
namespace {

Reply sample() {
    Reply reply;
    reply.request = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    reply.request_sha256 = "00";
    reply.identity = "web1";
    reply.agent = "disk";
    reply.action = "usage";
    reply.data = {{"used", 41}};
    return reply;
}

TEST(Reply, IsReadBackAsWritten) {
    Reply sent = sample();
    sent.outcome = Outcome::failed;
    sent.statuscode = 1;
    sent.statusmsg = "no such path";
    sent.error = ReplyError{"disk/not_found", "/x does not exist", {{"path", "/x"}}};
    sent.changed = false;
    sent.diff = "-old\n+new\n";
    sent.stderr_tail = "warning";
    sent.agent_version = "1.2.0";
    sent.ddl_digest = "ab";
    const Reply read = parse_reply(encode_reply(sent)).value();
    EXPECT_EQ(encode_reply(read), encode_reply(sent));
    EXPECT_EQ(encode_reply(sent), dump_json(parse_json_object(encode_reply(sent)).value()));
    EXPECT_EQ(read.error->kind, "disk/not_found");
    EXPECT_EQ(read.changed, false);
    EXPECT_EQ(read.diff, "-old\n+new\n");
}

TEST(Reply, LeavesOutWhatThereIsNot) {
    const std::string text = encode_reply(sample());
    for (const char* member : {"\"error\"", "\"changed\"", "\"diff\"", "\"stderr\""}) {
        EXPECT_EQ(text.find(member), std::string::npos) << member;
    }
}

TEST(Reply, RefusesOutcomesThatNoNodeGives) {
    for (const char* word : {"no_response", "OK", "", "cancelled"}) {
        Json object = parse_json_object(encode_reply(sample())).value();
        object["outcome"] = word;
        EXPECT_FALSE(parse_reply(dump_json(object))) << word;
    }
}

TEST(Reply, RefusesWrongTypes) {
    const std::pair<const char*, Json> wrong[] = {
        {"data", 1},         {"statuscode", 6}, {"statuscode", "0"},
        {"identity", "A b"}, {"error", "x"},    {"error", {{"kind", "x"}}},
        {"duration_ms", -1}, {"changed", 1},    {"surprise", true}};
    for (const auto& [member, value] : wrong) {
        Json object = parse_json_object(encode_reply(sample())).value();
        object[member] = value;
        EXPECT_FALSE(parse_reply(dump_json(object))) << member << ' ' << value;
    }
}

}  // namespace
}  // namespace hocket::wire
