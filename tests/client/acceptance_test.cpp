#include "client/lib/acceptance.h"

#include <gtest/gtest.h>

#include "tests/client/fleet.h"

namespace hocket::client {
namespace {

using test::FakeNode;

/// What comes back from one node that a test lets forge its reply.
class AcceptanceTest : public testing::Test {
protected:
    /// `forge` changes a good reply before the node signs it.
    CallResult after_reply(const std::function<void(wire::Reply&)>& forge) {
        return after([forge](FakeNode& node, const wire::VerifiedRequest& request) {
            wire::Reply reply = node.reply_to(request);
            forge(reply);
            node.send(reply, request);
        });
    }

    /// `forge` changes the signed message.
    CallResult after_message(const std::function<void(wire::Message&, const wire::VerifiedRequest&)>& forge) {
        return after([forge](FakeNode& node, const wire::VerifiedRequest& request) {
            wire::Message message = node.message(wire::encode_reply(node.reply_to(request)), request);
            forge(message, request);
            node.send(message);
        });
    }

    CallResult after(FakeNode::Behaviour behaviour) {
        fleet_.node("web1").behave(std::move(behaviour));
        return fleet_.call_direct({"web1"});
    }

    static void expect_only_rejected(const CallResult& result, ErrorCode code) {
        EXPECT_TRUE(result.replies.empty());
        EXPECT_TRUE(result.unexpected.empty());
        ASSERT_EQ(result.rejected.size(), 1U);
        EXPECT_EQ(result.rejected.begin()->first, code);
        EXPECT_EQ(result.rejected.begin()->second.count, 1U);
        EXPECT_NE(result.rejected.begin()->second.first_reason, "");
        ASSERT_EQ(result.missing.size(), 1U);
        EXPECT_EQ(result.missing[0].identity, "web1");
    }

    /// Signs with the keys of that identity, made from that pre-shared key.
    static std::string signed_by(const std::string& identity, char psk, const wire::VerifiedRequest& request,
                                 const std::string& payload) {
        wire::PskNodeKeys keys(identity);
        keys.add({"ops", 1}, wire::derive_node_psk(test::psk_of(psk), identity));
        return keys.sign_reply(request.signer(), payload);
    }

    test::Fleet fleet_;
};

TEST_F(AcceptanceTest, TakesAGoodReply) {
    const CallResult result = after_reply([](wire::Reply&) {});
    ASSERT_EQ(result.replies.size(), 1U);
    EXPECT_EQ(result.replies[0].reply.identity, "web1");
    EXPECT_TRUE(result.rejected.empty());
    EXPECT_TRUE(result.missing.empty());
}

TEST_F(AcceptanceTest, RejectsAKeyMadeFromAnotherSecret) {
    const CallResult result = after_message([](wire::Message& message, const wire::VerifiedRequest& request) {
        message.signatures = {signed_by("web1", 'x', request, message.payload)};
    });
    expect_only_rejected(result, ErrorCode::bad_signature);
}

TEST_F(AcceptanceTest, RejectsAKeyOfAnotherName) {
    const CallResult result = after_message([](wire::Message& message, const wire::VerifiedRequest&) {
        wire::PskNodeKeys keys("web1");
        keys.add({"dev", 1}, wire::derive_node_psk(test::psk_of('k'), "web1"));
        message.signatures = {keys.sign_reply({wire::RequestSigner::Kind::pre_shared_key, "psk=dev", "dev.1"},
                                              message.payload)};
    });
    expect_only_rejected(result, ErrorCode::unknown_key);
}

TEST_F(AcceptanceTest, RejectsANodeThatSpeaksInAnothersName) {
    const CallResult result = after_message([](wire::Message& message, const wire::VerifiedRequest& request) {
        message.signatures = {signed_by("web2", 'k', request, message.payload)};
    });
    expect_only_rejected(result, ErrorCode::unexpected_reply);
}

TEST_F(AcceptanceTest, RejectsABodyThatWasChanged) {
    const CallResult result =
        after_message([](wire::Message& message, const wire::VerifiedRequest&) { message.payload += ' '; });
    expect_only_rejected(result, ErrorCode::bad_signature);
}

TEST_F(AcceptanceTest, RejectsAReplyToAnotherRequest) {
    const CallResult result =
        after_reply([](wire::Reply& reply) { reply.request = "01ARZ3NDEKTSV4RRFFQ69G5FAV"; });
    expect_only_rejected(result, ErrorCode::unexpected_reply);
}

TEST_F(AcceptanceTest, RejectsAReplyToOtherBytes) {
    const CallResult result =
        after_reply([](wire::Reply& reply) { reply.request_sha256 = std::string(64, '0'); });
    expect_only_rejected(result, ErrorCode::unexpected_reply);
}

TEST_F(AcceptanceTest, RejectsAnotherAgent) {
    const CallResult result = after_reply([](wire::Reply& reply) { reply.agent = "service"; });
    expect_only_rejected(result, ErrorCode::unexpected_reply);
}

TEST_F(AcceptanceTest, RejectsAnotherAction) {
    const CallResult result = after_reply([](wire::Reply& reply) { reply.action = "largest"; });
    expect_only_rejected(result, ErrorCode::unexpected_reply);
}

TEST_F(AcceptanceTest, RejectsAnUnsignedReply) {
    const CallResult result = after_message(
        [](wire::Message& message, const wire::VerifiedRequest&) { message.signatures.clear(); });
    expect_only_rejected(result, ErrorCode::missing_signature);
}

TEST_F(AcceptanceTest, RejectsTwoSignatures) {
    const CallResult result = after_message([](wire::Message& message, const wire::VerifiedRequest&) {
        message.signatures.push_back(message.signatures.front());
    });
    expect_only_rejected(result, ErrorCode::malformed_signature);
}

TEST_F(AcceptanceTest, RejectsTheSignatureOfARequest) {
    const CallResult result = after_message([](wire::Message& message, const wire::VerifiedRequest&) {
        const wire::PskCallerKeys caller({"ops", 1}, test::psk_of('k'));
        message.signatures = {caller.sign_request(message.payload)};
    });
    expect_only_rejected(result, ErrorCode::malformed_signature);
}

TEST_F(AcceptanceTest, RejectsAMemberThatTheProtocolHasNot) {
    const CallResult result = after([](FakeNode& node, const wire::VerifiedRequest& request) {
        std::string payload = wire::encode_reply(node.reply_to(request));
        payload.insert(1, R"("colour":"red",)");
        node.send(node.message(payload, request));
    });
    expect_only_rejected(result, ErrorCode::malformed_message);
}

TEST_F(AcceptanceTest, RejectsWhatIsNotJson) {
    const CallResult result = after(
        [](FakeNode& node, const wire::VerifiedRequest& request) { node.send(node.message("ok", request)); });
    expect_only_rejected(result, ErrorCode::malformed_message);
}

TEST_F(AcceptanceTest, RejectsAnOutcomeThatOnlyClientsHave) {
    const CallResult result = after_reply([](wire::Reply& reply) { reply.outcome = Outcome::no_response; });
    expect_only_rejected(result, ErrorCode::malformed_message);
}

TEST_F(AcceptanceTest, KeepsTheFirstOfTwoReplies) {
    fleet_.add("web2").stay_silent();
    fleet_.add("web1").behave([](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send(node.reply_to(request, Outcome::ok), request);
        node.send(node.reply_to(request, Outcome::failed), request);
    });
    const CallResult result = fleet_.call_direct({"web1", "web2"});
    ASSERT_EQ(result.replies.size(), 1U);
    EXPECT_EQ(result.replies[0].reply.outcome, Outcome::ok);
    EXPECT_EQ(result.repeated, 1U);
}

TEST_F(AcceptanceTest, ABadReplyDoesNotStandInTheWayOfAGoodOne) {
    const CallResult result = after([](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send(node.message("ok", request));
        node.send(node.reply_to(request), request);
    });
    EXPECT_EQ(result.replies.size(), 1U);
    EXPECT_EQ(result.rejected.size(), 1U);
}

TEST_F(AcceptanceTest, ListsANodeThatNobodyAskedAsUnexpected) {
    const CallResult result = after([](FakeNode& node, const wire::VerifiedRequest& request) {
        wire::Reply reply = node.reply_to(request);
        reply.identity = "web2";
        wire::Message message = node.message(wire::encode_reply(reply), request);
        message.signatures = {signed_by("web2", 'k', request, message.payload)};
        node.send(message);
    });
    EXPECT_TRUE(result.replies.empty());
    ASSERT_EQ(result.unexpected.size(), 1U);
    EXPECT_EQ(result.unexpected[0].reply.identity, "web2");
    EXPECT_EQ(result.missing.size(), 1U);
}

}  // namespace
}  // namespace hocket::client
