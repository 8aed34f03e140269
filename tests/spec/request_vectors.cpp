#include <algorithm>

#include "core/base/encoding.h"
#include "core/wire/subject.h"
#include "tests/spec/vector_cast.h"

namespace hocket::test {

namespace {

using crypto::CertificateTerms;
using crypto::CertificateUse;
using crypto::KeyType;
using wire::MessageType;
using wire::protected_header;

/// The vectors of requests.
class Requests {
public:
    explicit Requests(const Cast& cast) : cast_(cast) {}

    Json make() {
        good();
        tampered();
        headers();
        algorithms();
        certificates();
        keys();
        bindings();
        times();
        texts();
        return list_;
    }

private:
    /// One message; `change` makes it odd.
    Json& add(const std::string& name, const std::string& why, const std::string& verdict,
              const Signer& signer, const std::string& payload) {
        const Json object = Json::parse(payload, nullptr, false);
        const std::string caller = object.is_object() ? object.value("caller", "psk=ops") : "psk=ops";
        Json vector = {{"name", name},
                       {"why", why},
                       {"verdict", verdict},
                       {"now_ms", k_now_ms},
                       {"node", "usual"},
                       {"subject", wire::node_subject("main", "disk", k_identity)},
                       {"reply_subject", wire::reply_subject("main", caller, base_request("").id, 0)},
                       {"signatures", {signer(MessageType::request, payload)}}};
        vector.update(payload_json(payload));
        list_.push_back(std::move(vector));
        return list_.back();
    }
    Json& add(const std::string& name, const std::string& why, const std::string& verdict,
              const Signer& signer, const wire::Request& request) {
        return add(name, why, verdict, signer, wire::encode_request(request));
    }

    void good() {
        add("good_hs256", "a pre-shared key", "accepted", cast_.with_psk(), psk_);
        add("good_eddsa", "Ed25519", "accepted", by(cast_.ana), cert_);
        add("good_es256", "P-256", "accepted", by(cast_.ana_p256), cert_);
        add("good_ps256", "RSA, PSS", "accepted", by(cast_.ana_rsa), cert_);
        add("good_rs256", "RSA, PKCS#1 v1.5", "accepted",
            by(cast_.ana_rsa, crypto::SignatureAlgorithm::rs256), cert_);
        add("good_chain", "an intermediate CA in x5c", "accepted",
            by(cast_.ana_between, crypto::SignatureAlgorithm::eddsa, {cast_.between.certificate()}), cert_);
        wire::Request wide = psk_;
        wide.targets.clear();
        Json& broadcast = add("good_broadcast", "to everybody", "accepted", cast_.with_psk(), wide);
        broadcast["subject"] = wire::all_subject("main", "disk");
        broadcast["reply_subject"] = wire::reply_subject("main", "psk=ops", wide.id, std::nullopt);
        add("good_session", "to the reply subject of a session", "accepted", cast_.with_psk(),
            psk_)["reply_subject"] = wire::reply_subject("main", "psk=ops", psk_.id, 0, "Kq3-Z_0x");
        std::string spaced = wire::encode_request(psk_);
        spaced.insert(1, " \n\t");
        add("good_white_space", "blanks and the order of members are free", "accepted", cast_.with_psk(),
            spaced);
        std::string later = wire::encode_request(psk_);
        later.replace(later.find(R"("filter":{})"), 11, R"("filter":{"moons":["io"]})");
        add("good_unknown_filter", "a kind of filter from the future is no error: it matches nothing",
            "accepted", cast_.with_psk(), later);
    }

    /// Each part is not the one that was signed.
    void tampered() {
        for (const auto& [name, signer, request] :
             {std::tuple{"hs256", cast_.with_psk(), &psk_}, std::tuple{"eddsa", by(cast_.ana), &cert_},
              std::tuple{"es256", by(cast_.ana_p256), &cert_}, std::tuple{"ps256", by(cast_.ana_rsa), &cert_},
              std::tuple{"rs256", by(cast_.ana_rsa, crypto::SignatureAlgorithm::rs256), &cert_}}) {
            const std::string prefix = std::string("flipped_") + name;
            Json& payload =
                add(prefix + "_payload", "a byte of the payload", "bad_signature", signer, *request);
            std::string text = payload["payload"];
            text.replace(text.find("usage"), 5, "usagf");
            payload["payload"] = text;
            for (const Damage& damage :
                 damages(signer(MessageType::request, wire::encode_request(*request)))) {
                add(prefix + '_' + damage.part, damage.why, damage.verdict, signer,
                    *request)["signatures"] = {damage.value};
            }
        }
        Json& header =
            add("flipped_hs256_key_id", "the key id is another", "unknown_key", cast_.with_psk(), psk_);
        const std::string value = header["signatures"][0];
        header["signatures"][0] =
            protected_header("HS256", "opt.1", MessageType::request) + value.substr(value.find(".."));
    }

    std::string hmac_with(const std::string& header) const {
        const std::string text = base64url_encode(header);
        return by_hmac(cast_.derived.request.expose(), text)(MessageType::request,
                                                             wire::encode_request(psk_));
    }

    void header(const std::string& name, const std::string& why, const std::string& value) {
        add(name, why, "malformed_signature", cast_.with_psk(), psk_)["signatures"] = {value};
    }

    void headers() {
        const std::string good = cast_.with_psk()(MessageType::request, wire::encode_request(psk_));
        add("no_header", "not signed at all", "missing_signature", cast_.with_psk(), psk_)["signatures"] =
            Json::array();
        add("second_header", "two signatures, both good", "malformed_signature", cast_.with_psk(),
            psk_)["signatures"] = {good, good};
        header(
            "crit_unknown", "crit names something that nobody knows",
            hmac_with(
                R"({"alg":"HS256","b64":false,"crit":["b64","exp"],"kid":"ops.1","typ":"hocket-request"})"));
        header("crit_missing", "b64 is not critical",
               hmac_with(R"({"alg":"HS256","b64":false,"kid":"ops.1","typ":"hocket-request"})"));
        header(
            "b64_true", "the payload is said to be encoded",
            hmac_with(R"({"alg":"HS256","b64":true,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})"));
        header("typ_reply", "signed as a reply",
               hmac_with(R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-reply"})"));
        header("typ_missing", "not said what it is",
               hmac_with(R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1"})"));
        header(
            "header_extra_member", "a member that is not in the protocol",
            hmac_with(
                R"({"alg":"HS256","b64":false,"crit":["b64"],"jku":"x","kid":"ops.1","typ":"hocket-request"})"));
        header(
            "header_duplicate_member", "alg twice",
            hmac_with(
                R"({"alg":"HS256","alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})"));
        header("no_key", "neither kid nor x5c",
               hmac_with(R"({"alg":"HS256","b64":false,"crit":["b64"],"typ":"hocket-request"})"));
        header(
            "kid_and_x5c", "both",
            hmac_with(
                R"({"alg":"HS256","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request","x5c":[")" +
                base64_encode(cast_.ana.certificate.to_der()) + R"("]})"));
        header("padded", "base64url with padding", good + "=");
        header("not_detached", "the payload is in the header too",
               good.substr(0, good.find("..")) + ".e30" + good.substr(good.find("..") + 1));
        header("too_long", "over 16 KiB", std::string(16'400, 'A') + good.substr(good.find("..")));
        header("no_signature", "only the protected header", good.substr(0, good.find("..")));
    }

    void algorithms() {
        const std::string ana = base64_encode(cast_.ana_p256.certificate.to_der());
        const auto with_x5c = [&](const std::string& alg) {
            return by_key(cast_.ana_p256, crypto::SignatureAlgorithm::es256,
                          base64url_encode(R"({"alg":")" + alg +
                                           R"(","b64":false,"crit":["b64"],"typ":"hocket-request","x5c":[")" +
                                           ana + R"("]})"));
        };
        header("alg_none_psk", "none, and no signature",
               base64url_encode(
                   R"({"alg":"none","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})") +
                   "..");
        header(
            "alg_hs512", "not of a pre-shared key here",
            hmac_with(R"({"alg":"HS512","b64":false,"crit":["b64"],"kid":"ops.1","typ":"hocket-request"})"));
        add("alg_none_certificate", "none, with a certificate", "malformed_signature", with_x5c("none"),
            cert_)["signatures"] = {
            base64url_encode(R"({"alg":"none","b64":false,"crit":["b64"],"typ":"hocket-request","x5c":[")" +
                             ana + R"("]})") +
            ".."};
        add("alg_of_another_key", "EdDSA with a P-256 certificate", "malformed_signature", with_x5c("EdDSA"),
            cert_);
        add("alg_lower_case", "es256", "malformed_signature", with_x5c("es256"), cert_);
        add("alg_hs256_certificate", "the certificate taken for an HMAC key", "malformed_signature",
            by_hmac(cast_.ana_p256.certificate.to_der(),
                    base64url_encode(
                        R"({"alg":"HS256","b64":false,"crit":["b64"],"typ":"hocket-request","x5c":[")" + ana +
                        R"("]})")),
            cert_);
        add("alg_rs256_said_ps256_made", "the wrong padding", "bad_signature",
            by_key(cast_.ana_rsa, crypto::SignatureAlgorithm::ps256,
                   protected_header("RS256", std::vector{cast_.ana_rsa.certificate.to_der()},
                                    MessageType::request)),
            cert_);
    }

    void certificate(const std::string& name, const std::string& why, const Signer& signer,
                     const std::string& node = "usual",
                     const std::string& verdict = "untrusted_certificate") {
        add(name, why, verdict, signer, cert_)["node"] = node;
    }

    void certificates() {
        certificate("foreign_ca", "a CA that nobody trusts", by(cast_.foreign.issue(caller_terms("ana"))));
        certificate("impostor_ca", "a CA that only has the name",
                    by(TestCa("Callers CA").issue(caller_terms("ana"))));
        crypto::PrivateKey own = crypto::PrivateKey::generate(KeyType::ed25519);
        crypto::Certificate self_signed = crypto::issue_self_signed(caller_terms("ana"), own).value();
        certificate("self_signed", "it vouches for itself", by({self_signed, own}));
        CertificateTerms terms = caller_terms("ana", k_now_ms - 10 * k_day_ms);
        certificate("expired", "nine days ago", by(cast_.callers.issue(terms)));
        terms = caller_terms("ana", k_now_ms + 10 * k_day_ms);
        certificate("not_yet_valid", "in nine days", by(cast_.callers.issue(terms)));
        certificate("revoked", "it is in the CRL", by(cast_.revoked));
        certificate("stale_crl", "a good certificate, and a CRL whose next update is past", by(cast_.ana),
                    "stale_crl");
        certificate("missing_crl", "a CRL, but not of this CA", by(cast_.ana), "foreign_crl");
        certificate("node_as_caller", "a node's certificate, of the nodes' CA", by(cast_.web1));
        certificate("node_as_caller_one_ca", "the same, and one CA for all", by(cast_.web2), "one_ca");
        certificate("caller_not_on_the_list", "[callers] allow does not hold it",
                    by(cast_.nodes.issue(caller_terms("eve"))), "one_ca");
        certificate("caller_on_the_list", "one CA for all, and on the list",
                    by(cast_.nodes.issue(caller_terms("ana"))), "one_ca", "accepted");
        terms = caller_terms("ana");
        terms.uses = {CertificateUse::server_auth};
        certificate("no_client_auth", "extKeyUsage is serverAuth alone", by(cast_.callers.issue(terms)));
        terms = caller_terms("ana");
        terms.may_sign = false;
        certificate("no_digital_signature", "keyUsage is keyEncipherment alone",
                    by(cast_.callers.issue(terms)));
        terms = caller_terms("ana");
        terms.uris = {"hocket:caller:ana", "hocket:caller:bob"};
        certificate("two_names", "two URIs hocket:caller:", by(cast_.callers.issue(terms)));
        terms.uris.clear();
        certificate("common_name_alone", "no URI, one common name", by(cast_.callers.issue(terms)), "usual",
                    "accepted");
        terms.common_names = {"ana", "bob"};
        certificate("two_common_names", "no URI, two common names", by(cast_.callers.issue(terms)));
        terms.common_names = {"not a name"};
        certificate("name_outside_of_the_grammar", "a blank in it", by(cast_.callers.issue(terms)));
        certificate("ca_as_signer", "the CA signs the request itself",
                    by({cast_.callers.certificate(), cast_.callers.issuer().key}));
        certificate("chain_incomplete", "the intermediate CA is not sent", by(cast_.ana_between));
        const crypto::Certificate& extra = cast_.foreign.certificate();
        certificate("chain_of_four", "three more that do no harm",
                    by(cast_.ana, crypto::SignatureAlgorithm::eddsa, {extra, extra, extra}), "usual",
                    "accepted");
        certificate("chain_of_five", "too many",
                    by(cast_.ana, crypto::SignatureAlgorithm::eddsa, {extra, extra, extra, extra}), "usual",
                    "malformed_signature");
        std::string url = base64_encode(cast_.ana.certificate.to_der());
        std::replace(url.begin(), url.end(), '+', '-');
        std::replace(url.begin(), url.end(), '/', '_');
        certificate(
            "x5c_base64url", "x5c in the alphabet of base64url, without padding",
            by_key(cast_.ana, crypto::SignatureAlgorithm::eddsa,
                   base64url_encode(
                       R"({"alg":"EdDSA","b64":false,"crit":["b64"],"typ":"hocket-request","x5c":[")" +
                       url.substr(0, url.find('=')) + R"("]})")),
            "usual", "malformed_signature");
        certificate("x5c_empty", "no certificate",
                    by_key(cast_.ana, crypto::SignatureAlgorithm::eddsa,
                           protected_header("EdDSA", std::vector<std::string>(), MessageType::request)),
                    "usual", "malformed_signature");
    }

    void keys() {
        add("unknown_version", "a version of the key that is not configured", "unknown_key",
            by_hmac(cast_.derived.request.expose(), protected_header("HS256", "ops.2", MessageType::request)),
            psk_);
        add("wrong_psk", "the right key id and another key", "bad_signature",
            by_hmac(std::string(32, 'x'), protected_header("HS256", "ops.1", MessageType::request)), psk_);
        add("psk_not_derived", "signed with the PSK itself", "bad_signature",
            by_hmac(test_psk().expose(), protected_header("HS256", "ops.1", MessageType::request)), psk_);
        add("reply_key", "signed with the node's reply key", "bad_signature",
            by_hmac(cast_.derived.reply.expose(), protected_header("HS256", "ops.1", MessageType::request)),
            psk_);
        add("stolen_certificate", "ana's certificate without her key", "bad_signature",
            by_key(
                cast_.web1, crypto::SignatureAlgorithm::eddsa,
                protected_header("EdDSA", std::vector{cast_.ana.certificate.to_der()}, MessageType::request)),
            cert_);
    }

    void bindings() {
        wire::Request request = psk_;
        request.caller = "psk=dev";
        add("other_caller", "it claims another name than its key has", "caller_mismatch", cast_.with_psk(),
            request);
        request.caller = "cert=bob";
        add("other_certified_caller", "it claims another name than its certificate has", "caller_mismatch",
            by(cast_.ana), request);
        request.caller = "cert=ops";
        add("other_kind_of_caller", "a pre-shared key for cert=", "caller_mismatch", cast_.with_psk(),
            request);
        request = psk_;
        request.targets = {"web2.example"};
        add("other_target", "on this node's subject, and not among the targets", "subject_mismatch",
            cast_.with_psk(), request);
        subject("other_node", "another node's subject", wire::node_subject("main", "disk", "web2.example"));
        subject("other_agent", "another agent's subject", wire::node_subject("main", "service", k_identity));
        subject("other_collective", "another collective's subject",
                wire::node_subject("lab", "disk", k_identity));
        subject("no_subject_of_ours", "none of the protocol", "hocket.main.event.disk.web1");
        reply_subject("reply_to_another", "another caller's reply subject",
                      wire::reply_subject("main", "psk=dev", psk_.id, 0));
        reply_subject("reply_of_another", "another request's",
                      wire::reply_subject("main", "psk=ops", "01KAGJ5FG0ZJ4V8Q6X3T2N5M9S", 0));
        reply_subject("reply_index", "an index beyond the targets",
                      wire::reply_subject("main", "psk=ops", psk_.id, 1));
        reply_subject("reply_session", "a session outside of its grammar",
                      "hocket.main.reply.psk=ops.a*." + psk_.id + ".0");
        reply_subject("reply_sessions", "two sessions", "hocket.main.reply.psk=ops.a.b." + psk_.id + ".0");
        reply_subject("reply_elsewhere", "an inbox of NATS", "_INBOX.abc");
        reply_subject("reply_nowhere", "no reply subject", "");
    }
    void subject(const std::string& name, const std::string& why, const std::string& subject) {
        add(name, why, "subject_mismatch", cast_.with_psk(), psk_)["subject"] = subject;
    }
    void reply_subject(const std::string& name, const std::string& why, const std::string& subject) {
        add(name, why, "subject_mismatch", cast_.with_psk(), psk_)["reply_subject"] = subject;
    }

    void time(const std::string& name, const std::string& why, std::int64_t issued_at,
              const std::string& verdict) {
        wire::Request request = psk_;
        request.issued_at = issued_at;
        add(name, why, verdict, cast_.with_psk(), request);
    }
    void times() {
        time("in_time_late", "just within ttl_ms", k_now_ms - 10'000, "accepted");
        time("in_time_early", "just within the skew", k_now_ms + 10'000, "accepted");
        time("too_late", "one millisecond", k_now_ms - 10'001, "expired");
        time("too_early", "one millisecond", k_now_ms + 10'001, "clock_skew");
        time("far_too_late", "over ten minutes: nobody waits for an answer", k_now_ms - 700'000,
             "far_expired");
        time("far_too_early", "over ten minutes", k_now_ms + 700'000, "far_expired");
    }

    /// Payloads that are signed well and break the form.
    void text(const std::string& name, const std::string& why, const std::string& payload) {
        add(name, why, "malformed_message", cast_.with_psk(), payload)["reply_subject"] =
            wire::reply_subject("main", "psk=ops", psk_.id, 0);
    }
    std::string with(const std::string& old_part, const std::string& new_part) const {
        std::string payload = wire::encode_request(psk_);
        payload.replace(payload.find(old_part), old_part.size(), new_part);
        return payload;
    }
    void texts() {
        const std::string good = wire::encode_request(psk_);
        text("duplicate_key", "a member twice", with(R"("noop":false)", R"("noop":false,"noop":false)"));
        text("duplicate_key_escaped", "a member twice, once escaped",
             with(R"("noop":false)", R"("noop":false,"no\u006fp":true)"));
        text("duplicate_key_inside", "twice in an input",
             with(R"({"path":"/"})", R"({"path":"/","path":"/etc"})"));
        text("deep_nesting", "33 levels",
             with(R"({"path":"/"})", R"({"path":)" + std::string(31, '[') + std::string(31, ']') + "}"));
        text("huge_integer", "2^53 in issued_at",
             with(R"("issued_at":1790000000000)", R"("issued_at":9007199254740992)"));
        text("huge_number", "1e400", with(R"({"path":"/"})", R"({"path":1e400})"));
        text("fraction", "ttl_ms is 10000.5", with(R"("ttl_ms":10000)", R"("ttl_ms":10000.5)"));
        text("exponent", "ttl_ms is 1e4", with(R"("ttl_ms":10000)", R"("ttl_ms":1e4)"));
        text("zero_ttl", "ttl_ms is 0", with(R"("ttl_ms":10000)", R"("ttl_ms":0)"));
        text("long_ttl", "ttl_ms is over ten minutes", with(R"("ttl_ms":10000)", R"("ttl_ms":600001)"));
        text("extra_member", "a member that is not in the protocol",
             with(R"("noop":false)", R"("noop":false,"sudo":true)"));
        text("missing_member", "no filter", with(R"("filter":{},)", ""));
        text("null_member", "noop is null", with(R"("noop":false)", R"("noop":null)"));
        text("unknown_delivery", "delivery by pigeon",
             with(R"("delivery":"live")", R"("delivery":"pigeon")"));
        text("empty_filter", "an empty list of identities would mean everybody by mistake",
             with(R"("filter":{})", R"("filter":{"identities":[]})"));
        text("upper_case_agent", "outside of the grammar", with(R"("agent":"disk")", R"("agent":"Disk")"));
        text("line_break_in_a_name", "CR LF", with(R"("agent":"disk")", R"("agent":"disk\r\n")"));
        text("other_protocol", "a later version", with("io.hocket.request.v1", "io.hocket.request.v2"));
        text("trailing_text", "something after the object", good + "x");
        text("two_objects", "another object after it", good + "{}");
        text("trailing_nul", "U+0000 after it", good + '\0');
        text("byte_order_mark", "before it", "\xef\xbb\xbf" + good);
        text("invalid_utf8", "a byte that is not UTF-8", with("desk.example", "desk\xff"));
        text("half_a_surrogate_pair", "\\ud800", with("desk.example", "\\ud800"));
        text("not_an_object", "a list", "[]");
        text("empty", "no bytes", "");
    }

    const Cast& cast_;
    wire::Request psk_ = base_request("psk=ops");
    wire::Request cert_ = base_request("cert=ana");
    Json list_ = Json::array();
};

}  // namespace

Json request_vectors(const Cast& cast) {
    return Requests(cast).make();
}

}  // namespace hocket::test
