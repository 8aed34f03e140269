#include "client/lib/signed_request.h"

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"

namespace hocket::client {

namespace {

Error not_a_name(const std::string& what, const std::string& text, const std::string& grammar) {
    return {ErrorCode::usage, quote_bytes(text) + " is not " + what + ": it must match " + grammar, {}};
}

Result<void> check_names(const wire::Request& request) {
    if (!is_collective_name(request.collective)) {
        return not_a_name("a collective's name", request.collective, "[a-z0-9][a-z0-9_-]{0,63}");
    }
    if (!is_agent_name(request.agent)) {
        return not_a_name("an agent's name", request.agent, "[a-z0-9_]{1,64}");
    }
    if (!is_action_name(request.action)) {
        return not_a_name("an action's name", request.action, "[a-z0-9_]{1,64}");
    }
    for (const std::string& target : request.targets) {
        if (!is_identity(target)) {
            return not_a_name("an identity", target, "labels of [a-z0-9_-] joined by single dots");
        }
    }
    return {};
}

}  // namespace

Result<SignedRequest> sign(wire::Request request, const wire::CallerKeys& keys) {
    if (Result<void> checked = check_names(request); !checked) return checked.error();
    if (request.targets.size() > wire::k_max_targets) {
        return Error{ErrorCode::usage,
                     std::to_string(request.targets.size()) + " nodes are more than the " +
                         std::to_string(wire::k_max_targets) +
                         " that one request may name; narrow the filter",
                     {}};
    }
    SignedRequest made;
    made.payload = wire::encode_request(request);
    made.signature = keys.sign_request(made.payload);
    made.sha256 = crypto::sha256_hex(made.payload);
    made.request = std::move(request);
    return made;
}

}  // namespace hocket::client
