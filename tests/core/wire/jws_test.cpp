#include "core/wire/jws.h"

#include <gtest/gtest.h>

#include "core/base/encoding.h"

namespace hocket::wire {
namespace {

constexpr char k_good[] =
    R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})";

ErrorCode code_of(const std::string& header_value) {
    const auto parsed = parse_detached_jws(header_value, MessageType::request);
    return parsed ? ErrorCode::internal : parsed.error().code;
}

std::string with_header(const std::string& header) {
    return base64url_encode(header) + "..c2ln";
}

TEST(DetachedJws, ReadsTheHeaderThatItWrites) {
    const auto jws = parse_detached_jws(protected_header("HS256", "ops.1", MessageType::request) + "..c2ln",
                                        MessageType::request);
    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->algorithm, "HS256");
    EXPECT_EQ(jws->key_id, "ops.1");
    EXPECT_EQ(jws->signature, "sig");
}

TEST(DetachedJws, WritesTheMembersInAFixedOrder) {
    EXPECT_EQ(base64url_decode(protected_header("HS256", "ops.1", MessageType::request)), k_good);
}

TEST(DetachedJws, RefusesEveryOtherProtectedHeader) {
    ASSERT_EQ(code_of(with_header(k_good)), ErrorCode::internal);
    for (
        const char* header : {
            R"({"alg":"HS256","b64":true,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})",
            R"({"alg":"HS256","crit":["b64"],"kid":"ops.1","typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"crit":["b64","exp"],"kid":"ops.1","typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"crit":[],"kid":"ops.1","typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"kid":"ops.1","typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-reply"})",
            R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1"})",
            R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":1,"typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"crit":["b64"],"typ":"hocket-request"})",
            R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","jku":"x","typ":"hocket-request"})",
            R"({"alg":"HS256","alg":"none","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})",
            R"([])",
            "not JSON",
        }) {
        EXPECT_EQ(code_of(with_header(header)), ErrorCode::malformed_signature) << header;
    }
}

TEST(DetachedJws, RefusesEveryOtherForm) {
    const std::string header = base64url_encode(k_good);
    const std::vector<std::string> wrong = {"",
                                            header,
                                            header + ".c2ln",
                                            header + ".payload.c2ln",
                                            header + "..c2ln=",
                                            header + "..c2l n",
                                            header + "=..c2ln",
                                            "..c2ln",
                                            header + "..c2ln..c2ln",
                                            std::string(17'000, 'A') + "..c2ln"};
    for (const std::string& value : wrong) {
        EXPECT_EQ(code_of(value), ErrorCode::malformed_signature) << value.substr(0, 120);
    }
}

}  // namespace
}  // namespace hocket::wire
