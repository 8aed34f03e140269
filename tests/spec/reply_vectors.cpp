#include "core/base/encoding.h"
#include "core/crypto/digest.h"
#include "core/wire/reply.h"
#include "tests/spec/vector_cast.h"

namespace hocket::test {

namespace {

using crypto::CertificateTerms;
using crypto::SignatureAlgorithm;
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
        good("good_rs256", "cert=ana", by(cast_.web1_rsa, SignatureAlgorithm::rs256));
        tampered();
        headers();
        algorithms();
        signers();
        bindings();
        texts();
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
                       {"configuration", "usual"},
                       {"request", wire::encode_request(base_request(caller))},
                       {"signatures", {signer(MessageType::reply, payload)}}};
        vector.update(payload_json(payload));
        list_.push_back(std::move(vector));
        return list_.back();
    }
    void good(const std::string& name, const std::string& caller, const Signer& signer) {
        add(name, "as it should be", "accepted", caller, signer, wire::encode_reply(answer(caller)));
    }

    /// Each part is not the one that was signed.
    void tampered() {
        for (const auto& [name, caller, signer] :
             {std::tuple{"hs256", "psk=ops", cast_.node_with_psk(k_identity)},
              std::tuple{"eddsa", "cert=ana", by(cast_.web1)},
              std::tuple{"es256", "cert=ana", by(cast_.web1_p256)},
              std::tuple{"ps256", "cert=ana", by(cast_.web1_rsa)},
              std::tuple{"rs256", "cert=ana", by(cast_.web1_rsa, SignatureAlgorithm::rs256)}}) {
            const std::string payload = wire::encode_reply(answer(caller));
            const std::string prefix = std::string("flipped_") + name + '_';
            Json& changed = add(prefix + "payload", "41 is 42", "bad_signature", caller, signer, payload);
            std::string text = payload;
            text.replace(text.find("41"), 2, "42");
            changed["payload"] = text;
            for (const Damage& damage : damages(signer(MessageType::reply, payload)))
                add(prefix + damage.part, damage.why, damage.verdict, caller, signer,
                    payload)["signatures"] = {damage.value};
        }
    }

    /// A protected header of one's own, well signed with the key of a pre-shared key or of a certificate.
    void psk_header(const std::string& name, const std::string& why, const std::string& header) {
        add(name, why, "malformed_signature", "psk=ops",
            by_hmac(cast_.derived.reply.expose(), base64url_encode(header)),
            wire::encode_reply(answer("psk=ops")));
    }
    void certificate_header(const std::string& name, const std::string& why, const std::string& header) {
        add(name, why, "malformed_signature", "cert=ana",
            by_key(cast_.web1_p256, SignatureAlgorithm::es256, base64url_encode(header)),
            wire::encode_reply(answer("cert=ana")));
    }

    void headers() {
        const Signer signer = cast_.node_with_psk(k_identity);
        const std::string payload = wire::encode_reply(answer("psk=ops"));
        const std::string good = signer(MessageType::reply, payload);
        const std::string kid = R"("kid":"ops.1/web1.example")";
        const std::string typ = R"("typ":"hocket-reply")";
        const std::string form = R"("b64":false,"crit":["b64"],)";
        add("no_header", "not signed", "missing_signature", "psk=ops", signer, payload)["signatures"] =
            Json::array();
        add("second_header", "two signatures, both good", "malformed_signature", "psk=ops", signer,
            payload)["signatures"] = {good, good};
        psk_header("crit_unknown", "crit names something that nobody knows",
                   R"({"alg":"HS256","b64":false,"crit":["b64","exp"],)" + kid + ',' + typ + '}');
        psk_header("crit_missing", "b64 is not critical",
                   R"({"alg":"HS256","b64":false,)" + kid + ',' + typ + '}');
        psk_header("b64_true", "the payload is said to be encoded",
                   R"({"alg":"HS256","b64":true,"crit":["b64"],)" + kid + ',' + typ + '}');
        psk_header("header_extra_member", "a member that is not in the protocol",
                   R"({"alg":"HS256",)" + form + R"("jku":"x",)" + kid + ',' + typ + '}');
        psk_header("header_duplicate_member", "alg twice",
                   R"({"alg":"HS256","alg":"HS256",)" + form + kid + ',' + typ + '}');
        psk_header("no_key", "neither kid nor x5c", R"({"alg":"HS256",)" + form + typ + '}');
        psk_header("alg_none_psk", "none, though there is a signature",
                   R"({"alg":"none",)" + form + kid + ',' + typ + '}');
        psk_header("alg_hs512", "not of a pre-shared key here",
                   R"({"alg":"HS512",)" + form + kid + ',' + typ + '}');
    }

    void algorithms() {
        const std::string der = cast_.web1_p256.certificate.to_der();
        const std::string after_alg =
            R"(,"b64":false,"crit":["b64"],"typ":"hocket-reply","x5c":[")" + base64_encode(der) + R"("]})";
        certificate_header("alg_none_certificate", "none, with a certificate",
                           R"({"alg":"none")" + after_alg);
        certificate_header("alg_of_another_key", "EdDSA with a P-256 certificate",
                           R"({"alg":"EdDSA")" + after_alg);
        certificate_header("alg_lower_case", "es256", R"({"alg":"es256")" + after_alg);
        certificate_header("kid_and_x5c", "both", R"({"alg":"ES256","kid":"ops.1/web1.example")" + after_alg);
        signed_by("alg_hs256_certificate", "the certificate taken for an HMAC key", "malformed_signature",
                  "cert=ana", by_hmac(der, base64url_encode(R"({"alg":"HS256")" + after_alg)));
        signed_by("alg_rs256_said_ps256_made", "the wrong padding", "bad_signature", "cert=ana",
                  by_key(cast_.web1_rsa, SignatureAlgorithm::ps256,
                         protected_header("RS256", std::vector{cast_.web1_rsa.certificate.to_der()},
                                          MessageType::reply)));
        add("no_signature", "none, and no signature", "malformed_signature", "psk=ops",
            cast_.node_with_psk(k_identity), wire::encode_reply(answer("psk=ops")))["signatures"] = {
            base64url_encode(
                R"({"alg":"none","b64":false,"crit":["b64"],"kid":"ops.1/web1.example","typ":"hocket-reply"})") +
            ".."};
    }

    Json& signed_by(const std::string& name, const std::string& why, const std::string& verdict,
                    const std::string& caller, const Signer& signer) {
        return add(name, why, verdict, caller, signer, wire::encode_reply(answer(caller)));
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
        terms = node_terms(k_identity, k_now_ms + 10 * k_day_ms);
        signed_by("not_yet_valid", "in nine days", "untrusted_certificate", "cert=ana",
                  by(cast_.nodes.issue(terms)));
        signed_by("revoked", "it is in the CRL", "untrusted_certificate", "cert=ana", by(cast_.revoked_node));
        signed_by("stale_crl", "a good certificate, and a CRL whose next update is past",
                  "untrusted_certificate", "cert=ana", by(cast_.web1))["configuration"] = "stale_crl";
        signed_by("missing_crl", "a CRL, but not of this CA", "untrusted_certificate", "cert=ana",
                  by(cast_.web1))["configuration"] = "foreign_crl";
        terms = node_terms("*.example");
        signed_by("wildcard", "a name for many", "untrusted_certificate", "cert=ana",
                  by(cast_.nodes.issue(terms)));
        signed_by("two_certificates", "a reply carries the signer's alone", "malformed_signature", "cert=ana",
                  by(cast_.web1, SignatureAlgorithm::eddsa, {cast_.nodes.certificate()}));
        signed_by("psk_for_a_certified_caller", "the other kind of key", "malformed_signature", "cert=ana",
                  cast_.node_with_psk(k_identity));
        add(
            "typ_request", "signed as a request", "malformed_signature", "cert=ana",
            [&](MessageType, const std::string& payload) {
                return by(cast_.web1)(MessageType::request, payload);
            },
            wire::encode_reply(answer("cert=ana")));
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
    }

    /// Payloads that are signed well and break the form.
    void text(const std::string& name, const std::string& why, const std::string& old_part,
              const std::string& new_part) {
        std::string payload = wire::encode_reply(answer("psk=ops"));
        payload.replace(payload.find(old_part), old_part.size(), new_part);
        add(name, why, "malformed_message", "psk=ops", cast_.node_with_psk(k_identity), payload);
    }
    void texts() {
        const std::string data = R"({"used":41})";
        text("extra_member", "a member that is not in the protocol", "{", R"({"sudo":true,)");
        text("missing_member", "no outcome", R"("outcome":"ok",)", "");
        text("duplicate_key", "a member twice", R"("outcome":"ok")", R"("outcome":"ok","outcome":"ok")");
        text("duplicate_key_escaped", "a member twice, once escaped", R"("outcome":"ok")",
             R"("outcome":"ok","outc\u006fme":"failed")");
        text("duplicate_key_inside", "twice in an output", data, R"({"used":41,"used":42})");
        text("deep_nesting", "33 levels", data,
             R"({"used":)" + std::string(31, '[') + std::string(31, ']') + '}');
        text("huge_integer", "2^53 in duration_ms", R"("duration_ms":12)",
             R"("duration_ms":9007199254740992)");
        text("huge_number", "1e400", data, R"({"used":1e400})");
        text("other_protocol", "a later version", "io.hocket.reply.v1", "io.hocket.reply.v2");
        text("invalid_utf8", "a byte that is not UTF-8", R"("OK")", "\"\xff\"");
        text("trailing_text", "something after the object", R"("OK"})", R"("OK"}x)");
    }

    const Cast& cast_;
    Json list_ = Json::array();
};

}  // namespace

Json reply_vectors(const Cast& cast) {
    return Replies(cast).make();
}

}  // namespace hocket::test
