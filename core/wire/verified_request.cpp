#include "core/wire/verified_request.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/wire/subject.h"

namespace hocket::wire {

namespace {

Error mismatch(const std::string& message) {
    return {ErrorCode::subject_mismatch, message, {}};
}

Result<void> check_subject(const RequestSubject& subject, const Request& request, std::string_view identity) {
    if (subject.collective != request.collective || subject.agent != request.agent) {
        return mismatch("the subject names collective '" + subject.collective + "' and agent '" +
                        subject.agent + "', the signed request '" + request.collective + "' and '" +
                        request.agent + "'");
    }
    if (!subject.identity) return {};
    if (*subject.identity != identity)
        return mismatch("the subject is that of node '" + *subject.identity + "'");
    const auto& targets = request.targets;
    if (std::find(targets.begin(), targets.end(), identity) == targets.end()) {
        return mismatch("it came on this node's own subject, and its targets do not hold this node");
    }
    return {};
}

/// So that a broker's grant on hocket.C.reply.CALLER.> is what lets a caller read answers, and nothing else is.
Result<void> check_reply_subject(const std::string& subject, const Request& request) {
    std::optional<std::size_t> index = reply_index(subject);
    if (index && *index >= request.targets.size()) index.reset();
    const std::string session = reply_session(subject);
    if (subject != reply_subject(request.collective, request.caller, request.id, index, session)) {
        return mismatch("reply subject " + quote_bytes(subject) +
                        " is not the caller's own for this request");
    }
    return {};
}

}  // namespace

Result<VerifiedRequest> VerifiedRequest::verify(const Message& message, const NodeKeys& keys,
                                                std::string_view identity, std::size_t max_bytes) {
    if (message.payload.size() > max_bytes) {
        return Error{
            ErrorCode::oversized_message,
            std::to_string(message.payload.size()) + " bytes, the limit is " + std::to_string(max_bytes),
            {}};
    }
    if (message.signatures.empty())
        return Error{ErrorCode::missing_signature, "no Hocket-Signature header", {}};
    if (message.signatures.size() > 1) {
        return Error{ErrorCode::malformed_signature, "more than one Hocket-Signature header", {}};
    }
    Result<RequestSigner> signer = keys.verify_request(message.signatures.front(), message.payload);
    if (!signer) return signer.error();

    Result<Request> request = parse_request(message.payload);
    if (!request) return request.error();
    const auto signed_with = [&](Error error) {
        error.message += "; it is signed with the key " + signer->key_id + " of '" + signer->caller + '\'';
        return error;
    };
    const Result<RequestSubject> subject = parse_request_subject(message.subject);
    if (!subject) return signed_with(subject.error());
    if (Result<void> checked = check_subject(*subject, *request, identity); !checked)
        return signed_with(checked.error());
    if (Result<void> checked = check_reply_subject(message.reply_subject, *request); !checked)
        return signed_with(checked.error());
    if (request->caller != signer->caller) {
        return signed_with(
            {ErrorCode::caller_mismatch, "it says that caller '" + request->caller + "' made it", {}});
    }

    VerifiedRequest verified;
    verified.request_ = std::move(*request);
    verified.signer_ = std::move(*signer);
    verified.reply_subject_ = message.reply_subject;
    verified.payload_sha256_ = crypto::sha256_hex(message.payload);
    verified.is_direct_ = subject->identity.has_value();
    return verified;
}

}  // namespace hocket::wire
