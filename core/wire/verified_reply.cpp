#include "core/wire/verified_reply.h"

#include "core/base/text.h"

namespace hocket::wire {

namespace {

Error unexpected(const std::string& message) {
    return {ErrorCode::unexpected_reply, message, {}};
}

Result<void> check_binding(const Reply& reply, const Request& request, const std::string& request_sha256) {
    if (reply.request != request.id) return unexpected("it answers request " + reply.request);
    if (reply.request_sha256 != request_sha256) return unexpected("it answers other bytes than those sent");
    if (reply.agent != request.agent || reply.action != request.action) {
        return unexpected("it answers agent '" + reply.agent + "', action '" + reply.action + "'");
    }
    return {};
}

}  // namespace

Result<VerifiedReply> VerifiedReply::verify(const Message& message, const CallerKeys& keys,
                                            const Request& request, const std::string& request_sha256) {
    if (message.signatures.empty())
        return Error{ErrorCode::missing_signature, "no Hocket-Signature header", {}};
    if (message.signatures.size() > 1) {
        return Error{ErrorCode::malformed_signature, "more than one Hocket-Signature header", {}};
    }
    const Result<std::string> identity = keys.verify_reply(message.signatures.front(), message.payload);
    if (!identity) return identity.error();
    Result<Reply> reply = parse_reply(message.payload);
    if (!reply) return reply.error();
    if (reply->identity != *identity) {
        return unexpected("it says it is from '" + reply->identity + "', the key is that of '" + *identity +
                          "'");
    }
    if (Result<void> bound = check_binding(*reply, request, request_sha256); !bound) return bound.error();
    VerifiedReply verified;
    verified.reply_ = std::move(*reply);
    return verified;
}

}  // namespace hocket::wire
