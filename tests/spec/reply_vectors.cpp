#include "core/crypto/digest.h"
#include "core/wire/reply.h"
#include "tests/spec/vector_cast.h"

namespace hocket::test {

namespace {

using crypto::CertificateTerms;
using wire::MessageType;
using wire::protected_header;

/// The vectors of replies, to one request of each kind of caller.
class Replies {
public:
    explicit Replies(const Cast& cast) : cast_(cast) {}

    Json make() {
        good("good_hs256", "psk=ops", cast_.node_with_psk(k_identity));
        good("good_eddsa", "cert=ana", by(cast_.web1));
        good("good_es256", "cert=ana", by(cast_.web1_p256));
        good("good_ps256", "cert=ana", by(cast_.web1_rsa));
        good("good_rs256", "cert=ana", by(cast_.web1_rsa, crypto::SignatureAlgorithm::rs256));
        tampered();
        signers();
        bindings();
        return list_;
    }

private:
    static wire::Reply answer(const std::string& caller) {
        wire::Reply reply;
        const wire::Request request = base_request(caller);
        reply.request = request.id;
        reply.request_sha256 = crypto::sha256_hex(wire::encode_request(request));
        reply.identity = k_identity;
        reply.agent = request.agent;
        reply.action = request.action;
        reply.outcome = Outcome::ok;
        reply.statusmsg = "OK";
        reply.data = {{"used", 41}};
        reply.duration_ms = 12;
        return reply;
    }

    Json& add(const std::string& name, const std::string& why, const std::string& verdict,
              const std::string& caller, const Signer& signer, const std::string& payload) {
        Json vector = {{"name", name},
                       {"why", why},
                       {"verdict", verdict},
                       {"now_ms", k_now_ms},
                       {"caller", caller},
                       {"request", wire::encode_request(base_request(caller))},
                       {"signatures", {signer(MessageType::reply, payload)}}};
        vector.update(payload_json(payload));
        list_.push_back(std::move(vector));
        return list_.back();
    }
    void good(const std::string& name, const std::string& caller, const Signer& signer) {
        add(name, "as it should be", "accepted", caller, signer, wire::encode_reply(answer(caller)));
    }

    void tampered() {
        for (const auto& [name, caller, signer] :
             {std::tuple{"hs256", "psk=ops", cast_.node_with_psk(k_identity)},
              std::tuple{"eddsa", "cert=ana", by(cast_.web1)},
              std::tuple{"es256", "cert=ana", by(cast_.web1_p256)},
              std::tuple{"ps256", "cert=ana", by(cast_.web1_rsa)}}) {
            const std::string payload = wire::encode_reply(answer(caller));
            Json& changed = add(std::string("flipped_") + name + "_payload", "41 is 42", "bad_signature",
                                caller, signer, payload);
            std::string text = payload;
            text.replace(text.find("41"), 2, "42");
            changed["payload"] = text;
        }
    }

    void signed_by(const std::string& name, const std::string& why, const std::string& verdict,
                   const std::string& caller, const Signer& signer) {
        add(name, why, verdict, caller, signer, wire::encode_reply(answer(caller)));
    }
    void signers() {
        signed_by("other_node_psk", "the key of web2, which says that it is web1", "unexpected_reply",
                  "psk=ops", cast_.node_with_psk("web2.example"));
        signed_by("other_node_certificate", "the certificate of web2, which says that it is web1",
                  "unexpected_reply", "cert=ana", by(cast_.web2));
        signed_by("request_key", "signed with the key of requests, as every node could", "bad_signature",
                  "psk=ops",
                  by_hmac(cast_.derived.request.expose(),
                          protected_header("HS256", std::string("ops.1/") + k_identity, MessageType::reply)));
        signed_by("foreign_ca", "a CA that the caller does not trust", "untrusted_certificate", "cert=ana",
                  by(cast_.foreign.issue(node_terms(k_identity))));
        signed_by("caller_as_node", "the caller's own certificate", "untrusted_certificate", "cert=ana",
                  by(cast_.ana));
        CertificateTerms terms = caller_terms(k_identity);
        terms.uses = {};
        signed_by("caller_as_node_one_ca", "a caller's certificate of the nodes' CA", "untrusted_certificate",
                  "cert=ana", by(cast_.nodes.issue(terms)));
        terms = node_terms(k_identity, k_now_ms - 10 * k_day_ms);
        signed_by("expired", "nine days ago", "untrusted_certificate", "cert=ana",
                  by(cast_.nodes.issue(terms)));
        signed_by("revoked", "it is in the CRL", "untrusted_certificate", "cert=ana", by(cast_.revoked_node));
        terms = node_terms("*.example");
        signed_by("wildcard", "a name for many", "untrusted_certificate", "cert=ana",
                  by(cast_.nodes.issue(terms)));
        signed_by("two_certificates", "a reply carries the signer's alone", "malformed_signature", "cert=ana",
                  by(cast_.web1, crypto::SignatureAlgorithm::eddsa, {cast_.nodes.certificate()}));
        signed_by("psk_for_a_certified_caller", "the other kind of key", "malformed_signature", "cert=ana",
                  cast_.node_with_psk(k_identity));
        add(
            "typ_request", "signed as a request", "malformed_signature", "cert=ana",
            [&](MessageType, const std::string& payload) {
                return by(cast_.web1)(MessageType::request, payload);
            },
            wire::encode_reply(answer("cert=ana")));
        add("no_header", "not signed", "missing_signature", "psk=ops", cast_.node_with_psk(k_identity),
            wire::encode_reply(answer("psk=ops")))["signatures"] = Json::array();
    }

    void binding(const std::string& name, const std::string& why,
                 const std::function<void(wire::Reply&)>& change) {
        wire::Reply reply = answer("psk=ops");
        change(reply);
        add(name, why, "unexpected_reply", "psk=ops", cast_.node_with_psk(k_identity),
            wire::encode_reply(reply));
    }
    void bindings() {
        binding("other_request", "another id", [](wire::Reply& reply) { reply.request.back() = 'S'; });
        binding("other_payload", "other bytes under the same id",
                [](wire::Reply& reply) { reply.request_sha256 = crypto::sha256_hex("{}"); });
        binding("other_agent", "another agent", [](wire::Reply& reply) { reply.agent = "service"; });
        binding("other_action", "another action", [](wire::Reply& reply) { reply.action = "largest"; });
        std::string payload = wire::encode_reply(answer("psk=ops"));
        payload.insert(1, R"("sudo":true,)");
        add("extra_member", "a member that is not in the protocol", "malformed_message", "psk=ops",
            cast_.node_with_psk(k_identity), payload);
    }

    const Cast& cast_;
    Json list_ = Json::array();
};

}  // namespace

Json reply_vectors(const Cast& cast) {
    return Replies(cast).make();
}

}  // namespace hocket::test
