#pragma once

#include <string>

#include "core/wire/message.h"
#include "core/wire/psk.h"
#include "core/wire/request.h"
#include "core/wire/subject.h"

namespace hocket::test {

/// A caller and a node that share the key `ops.1`, and a request between them.
class WirePair {
public:
    explicit WirePair(std::string identity = "web1.example")
        : identity_(std::move(identity)), node_(identity_) {
        node_.add({"ops", 1}, wire::derive_node_psk(psk(), identity_));
    }

    static crypto::Secret psk(char fill = 'k') { return crypto::Secret(std::string(32, fill)); }

    const wire::PskNodeKeys& node() const { return node_; }
    const wire::PskCallerKeys& caller() const { return caller_; }
    const std::string& identity() const { return identity_; }

    /// Who signs for caller().
    static wire::RequestSigner signer() {
        return {wire::RequestSigner::Kind::pre_shared_key, "psk=ops", "ops.1"};
    }

    static wire::Request request() {
        wire::Request request;
        request.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        request.collective = "main";
        request.agent = "disk";
        request.action = "usage";
        request.caller = "psk=ops";
        request.sender = "desk";
        request.issued_at = 1'790'000'000'000;
        return request;
    }

    /// Signed and on its way to all.
    wire::Message broadcast(const wire::Request& request) const {
        wire::Message message = sign(wire::encode_request(request));
        message.subject = wire::all_subject(request.collective, request.agent);
        message.reply_subject =
            wire::reply_subject(request.collective, request.caller, request.id, std::nullopt);
        return message;
    }

    /// Signed and on its way to the node, which must be its first target.
    wire::Message direct(const wire::Request& request) const {
        wire::Message message = broadcast(request);
        message.subject = wire::node_subject(request.collective, request.agent, identity_);
        message.reply_subject = wire::reply_subject(request.collective, request.caller, request.id, 0);
        return message;
    }

    wire::Message sign(const std::string& payload) const {
        wire::Message message;
        message.payload = payload;
        message.signatures = {caller_.sign_request(payload)};
        return message;
    }

private:
    std::string identity_;
    wire::PskNodeKeys node_;
    wire::PskCallerKeys caller_{{"ops", 1}, psk()};
};

}  // namespace hocket::test
