#include "core/wire/verified_reply.h"

#include <gtest/gtest.h>

#include "core/crypto/digest.h"
#include "tests/support/wire_fixture.h"

namespace hocket::wire {
namespace {

using test::WirePair;

class VerifiedReplyTest : public testing::Test {
protected:
    VerifiedReplyTest() {
        request_ = WirePair::request();
        digest_ = crypto::sha256_hex(encode_request(request_));
        reply_.request = request_.id;
        reply_.request_sha256 = digest_;
        reply_.identity = pair_.identity();
        reply_.agent = request_.agent;
        reply_.action = request_.action;
    }

    Message signed_reply() const {
        Message message;
        message.payload = encode_reply(reply_);
        message.signatures = {pair_.node().sign_reply(WirePair::signer(), message.payload)};
        return message;
    }

    ErrorCode refusal_of(const Message& message) const {
        const auto verified = VerifiedReply::verify(message, pair_.caller(), request_, digest_);
        return verified ? ErrorCode::internal : verified.error().code;
    }

    WirePair pair_;
    Request request_;
    std::string digest_;
    Reply reply_;
};

TEST_F(VerifiedReplyTest, AcceptsTheNodesAnswer) {
    EXPECT_TRUE(VerifiedReply::verify(signed_reply(), pair_.caller(), request_, digest_));
}

TEST_F(VerifiedReplyTest, RefusesUnsignedAndTwiceSigned) {
    Message message = signed_reply();
    message.signatures.push_back(message.signatures.front());
    EXPECT_EQ(refusal_of(message), ErrorCode::malformed_signature);
    message.signatures.clear();
    EXPECT_EQ(refusal_of(message), ErrorCode::missing_signature);
}

TEST_F(VerifiedReplyTest, RefusesAKeyThatIsNotTheIdentitys) {
    reply_.identity = "web2.example";
    EXPECT_EQ(refusal_of(signed_reply()), ErrorCode::unexpected_reply);
}

TEST_F(VerifiedReplyTest, RefusesTheAnswerToAnotherRequest) {
    reply_.request = "01ARZ3NDEKTSV4RRFFQ69G5FAX";
    EXPECT_EQ(refusal_of(signed_reply()), ErrorCode::unexpected_reply);
}

TEST_F(VerifiedReplyTest, RefusesTheAnswerToOtherBytes) {
    reply_.request_sha256 = crypto::sha256_hex("other");
    EXPECT_EQ(refusal_of(signed_reply()), ErrorCode::unexpected_reply);
}

TEST_F(VerifiedReplyTest, RefusesAnotherAgentOrAction) {
    reply_.agent = "service";
    EXPECT_EQ(refusal_of(signed_reply()), ErrorCode::unexpected_reply);
    reply_.agent = request_.agent;
    reply_.action = "format";
    EXPECT_EQ(refusal_of(signed_reply()), ErrorCode::unexpected_reply);
}

TEST_F(VerifiedReplyTest, RefusesARequestPlayedBack) {
    Message message;
    message.payload = encode_request(request_);
    message.signatures = {pair_.caller().sign_request(message.payload)};
    EXPECT_EQ(refusal_of(message), ErrorCode::malformed_signature);
}

}  // namespace
}  // namespace hocket::wire
