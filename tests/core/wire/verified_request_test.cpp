#include "core/wire/verified_request.h"

#include <gtest/gtest.h>

#include "core/crypto/digest.h"
#include "tests/support/wire_fixture.h"

namespace hocket::wire {
namespace {

using test::WirePair;

class VerifiedRequestTest : public testing::Test {
protected:
    ErrorCode refusal_of(const Message& message) const {
        const auto verified = VerifiedRequest::verify(message, pair_.node(), pair_.identity(), 10'000);
        return verified ? ErrorCode::internal : verified.error().code;
    }

    Request direct_request() const {
        Request request = WirePair::request();
        request.targets = {pair_.identity()};
        return request;
    }

    WirePair pair_;
};

TEST_F(VerifiedRequestTest, AcceptsABroadcast) {
    const Message message = pair_.broadcast(WirePair::request());
    const auto verified = VerifiedRequest::verify(message, pair_.node(), pair_.identity(), 10'000);
    ASSERT_TRUE(verified);
    EXPECT_FALSE(verified->is_direct());
    EXPECT_EQ(verified->payload_sha256(), crypto::sha256_hex(message.payload));
    EXPECT_EQ(verified->signer().key_id, "ops.1");
}

TEST_F(VerifiedRequestTest, AcceptsADirectOne) {
    const auto verified =
        VerifiedRequest::verify(pair_.direct(direct_request()), pair_.node(), pair_.identity(), 10'000);
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->is_direct());
}

TEST_F(VerifiedRequestTest, RefusesAnOversizedPayloadBeforeAnythingElse) {
    Message message = pair_.broadcast(WirePair::request());
    message.payload.resize(10'001, ' ');
    message.signatures.clear();
    EXPECT_EQ(refusal_of(message), ErrorCode::oversized_message);
}

TEST_F(VerifiedRequestTest, RefusesNoHeaderAndTwo) {
    Message message = pair_.broadcast(WirePair::request());
    message.signatures.push_back(message.signatures.front());
    EXPECT_EQ(refusal_of(message), ErrorCode::malformed_signature);
    message.signatures.clear();
    EXPECT_EQ(refusal_of(message), ErrorCode::missing_signature);
}

TEST_F(VerifiedRequestTest, RefusesAForeignKey) {
    const PskCallerKeys foreign({"ops", 1}, WirePair::psk('x'));
    Message message = pair_.broadcast(WirePair::request());
    message.signatures = {foreign.sign_request(message.payload)};
    EXPECT_EQ(refusal_of(message), ErrorCode::bad_signature);
}

TEST_F(VerifiedRequestTest, LooksAtThePayloadOnlyAfterTheSignature) {
    Message message = pair_.broadcast(WirePair::request());
    message.payload = "{not JSON";
    EXPECT_EQ(refusal_of(message), ErrorCode::bad_signature);
    Message signed_garbage = pair_.sign("{not JSON");
    signed_garbage.subject = message.subject;
    EXPECT_EQ(refusal_of(signed_garbage), ErrorCode::malformed_message);
}

TEST_F(VerifiedRequestTest, RefusesAnotherCollectiveOrAgentInTheSubject) {
    Message message = pair_.broadcast(WirePair::request());
    for (const char* subject :
         {"hocket.main.all.service", "hocket.other.all.disk", "hocket.main.all", "nonsense"}) {
        message.subject = subject;
        EXPECT_EQ(refusal_of(message), ErrorCode::subject_mismatch) << subject;
    }
}

TEST_F(VerifiedRequestTest, RefusesADirectOneWhoseTargetsDoNotHoldTheNode) {
    Request request = direct_request();
    request.targets = {"web2.example"};
    EXPECT_EQ(refusal_of(pair_.direct(request)), ErrorCode::subject_mismatch);
    request.targets = {};
    EXPECT_EQ(refusal_of(pair_.direct(request)), ErrorCode::subject_mismatch);
}

TEST_F(VerifiedRequestTest, RefusesAnotherReplySubject) {
    Message message = pair_.direct(direct_request());
    for (const char* subject :
         {"", "hocket.main.reply.psk=eve.01ARZ3NDEKTSV4RRFFQ69G5FAV.0", "secret",
          "hocket.main.reply.psk=ops.01ARZ3NDEKTSV4RRFFQ69G5FAX.0",
          "hocket.main.reply.psk=ops.01ARZ3NDEKTSV4RRFFQ69G5FAV.1",
          "hocket.main.reply.psk=ops.01ARZ3NDEKTSV4RRFFQ69G5FAV.0.x",
          "hocket.main.reply.psk=ops..01ARZ3NDEKTSV4RRFFQ69G5FAV.0",
          "hocket.main.reply.psk=ops.s*.01ARZ3NDEKTSV4RRFFQ69G5FAV.0",
          "hocket.main.reply.psk=ops.s.s.01ARZ3NDEKTSV4RRFFQ69G5FAV.0",
          "hocket.main.reply.psk=ops.123456789012345678901234567890123.01ARZ3NDEKTSV4RRFFQ69G5FAV.0",
          "hocket.main.reply.psk=eve.s.01ARZ3NDEKTSV4RRFFQ69G5FAV.0",
          "hocket.main.reply.psk=ops.s.01ARZ3NDEKTSV4RRFFQ69G5FAX.0",
          "hocket.main.reply.psk=ops.01ARZ3NDEKTSV4RRFFQ69G5FAV.00", "hocket.main.all.disk"}) {
        message.reply_subject = subject;
        EXPECT_EQ(refusal_of(message), ErrorCode::subject_mismatch) << subject;
    }
}

TEST_F(VerifiedRequestTest, TakesTheReplySubjectOfASession) {
    Message message = pair_.direct(direct_request());
    for (const char* session : {"s", "A-Z_az09", "12345678901234567890123456789012"}) {
        message.reply_subject =
            std::string("hocket.main.reply.psk=ops.") + session + ".01ARZ3NDEKTSV4RRFFQ69G5FAV.0";
        const auto verified = VerifiedRequest::verify(message, pair_.node(), pair_.identity(), 1U << 20U);
        ASSERT_TRUE(verified) << session;
        EXPECT_EQ(verified->reply_subject(), message.reply_subject);
    }
}

TEST_F(VerifiedRequestTest, RefusesACallerThatIsNotTheKeys) {
    Request request = WirePair::request();
    request.caller = "psk=root";
    EXPECT_EQ(refusal_of(pair_.broadcast(request)), ErrorCode::caller_mismatch);
}

}  // namespace
}  // namespace hocket::wire
