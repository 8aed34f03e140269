#include <nlohmann/json.hpp>

#include "client/cli/commands.h"
#include "core/base/clock.h"
#include "core/wire/certificate_names.h"

namespace hocket::cli {

namespace {

using crypto::Certificate;
using crypto::CertificateUse;

constexpr std::int64_t k_day_ms = 24LL * 60 * 60 * 1000;

/// A name, or why a node or a caller would not take it for one.
Result<std::string> usable_name(const Certificate& certificate, CertificateUse use) {
    const bool caller = use == CertificateUse::client_auth;
    if (Result<void> checked = certificate.check_use(use); !checked) return checked.error();
    Result<std::string> name = caller ? wire::caller_name(certificate) : wire::node_name(certificate);
    if (name) return caller ? "cert=" + *name : *name;
    const std::string title = certificate.title() + ": ";
    const std::string& message = name.error().message;
    return Error{name.error().code, message.starts_with(title) ? message.substr(title.size()) : message, {}};
}

std::string key_text(const Certificate& certificate) {
    const Result<crypto::PublicKey> key = certificate.public_key();
    return key ? key->description() : key.error().message;
}

std::string left_text(const Certificate& certificate, std::int64_t now_ms) {
    const std::int64_t days = (certificate.not_after_ms() - now_ms) / k_day_ms;
    if (certificate.not_after_ms() < now_ms) return "expired";
    if (certificate.not_before_ms() > now_ms) return "not valid yet";
    return std::to_string(days) + (days == 1 ? " day left" : " days left");
}

std::string show_text(const Certificate& certificate, std::int64_t now_ms) {
    const auto name = [&](CertificateUse use) {
        const Result<std::string> found = usable_name(certificate, use);
        return found ? *found : "no: " + found.error().message;
    };
    return "subject    " + certificate.subject() + "\nissuer     " + certificate.issuer() + "\nserial     " +
           certificate.serial() + "\nvalid      " + utc_text(certificate.not_before_ms()) + " to " +
           utc_text(certificate.not_after_ms()) + " (" + left_text(certificate, now_ms) + ")\nkey        " +
           key_text(certificate) + "\nSHA-256    " + certificate.fingerprint() + "\nas caller  " +
           name(CertificateUse::client_auth) + "\nas node    " + name(CertificateUse::server_auth) + '\n';
}

Json show_json(const Certificate& certificate) {
    const auto name = [&](CertificateUse use) {
        const Result<std::string> found = usable_name(certificate, use);
        return found ? Json(*found) : Json();
    };
    return {{"schema", "io.hocket.certificate.v1"},
            {"subject", certificate.subject()},
            {"issuer", certificate.issuer()},
            {"serial", certificate.serial()},
            {"not_before_ms", certificate.not_before_ms()},
            {"not_after_ms", certificate.not_after_ms()},
            {"key", key_text(certificate)},
            {"sha256", certificate.fingerprint()},
            {"is_ca", certificate.is_ca()},
            {"caller", name(CertificateUse::client_auth)},
            {"node", name(CertificateUse::server_auth)},
            {"exit_code", 0}};
}

}  // namespace

Result<int> run_cert_show(const CommandLine& line, const CertShowCommand& command, const Console& console) {
    const Result<std::vector<Certificate>> chain = Certificate::read(command.file);
    if (!chain) return chain.error();
    const Certificate& certificate = chain->front();
    console.out(line.common.json ? dump_json_pretty(show_json(certificate)) + '\n'
                                 : show_text(certificate, SystemClock().wall_ms()));
    return 0;
}

}  // namespace hocket::cli
