#include "core/transport/nats_error.h"

#include <vector>

#include "core/base/text.h"
#include "core/transport/broker_url.h"

namespace hocket::transport {

namespace {

std::string about_certificate(const NatsOptions& options) {
    if (options.tls_cert_file.empty())
        return "does the broker want a certificate? then set tls_cert and tls_key of [nats]";
    return "look at tls_cert of [nats] (" + escape_text(options.tls_cert_file) +
           "): is it valid, does the broker trust its CA, and is its subject one of the broker's users?";
}

/// With TLS 1.3 a client hears only after its handshake that its certificate is not wanted: the connection ends.
bool may_be_about_certificate(natsStatus status, const NatsOptions& options) {
    return !options.tls_ca_file.empty() &&
           (status == NATS_PROTOCOL_ERROR || status == NATS_CONNECTION_CLOSED || status == NATS_IO_ERROR);
}

}  // namespace

std::string_view last_error_text() {
    const char* const detail = nats_GetLastError(nullptr);
    std::string_view text = detail == nullptr ? "" : detail;
    if (const std::size_t end = text.find("): "); text.starts_with('(') && end != std::string_view::npos)
        text.remove_prefix(end + 3);
    return text;
}

std::string status_text(natsStatus status) {
    std::string text = natsStatus_GetText(status);
    const std::string_view detail = last_error_text();
    if (!detail.empty() && text != detail) text += " (" + std::string(detail) + ")";
    return escape_text(text);
}

std::string about_user(const NatsOptions& options) {
    if (options.user.empty() && !options.tls_cert_file.empty()) return about_certificate(options);
    return "look at user ('" + escape_text(options.user) +
           "') and password_file of [nats], and at the users of the broker";
}

std::string why_not_connected(natsStatus status, const NatsOptions& options) {
    if (status == NATS_CONNECTION_AUTH_FAILED) return status_text(status) + "; " + about_user(options);
    if (status == NATS_SECURE_CONNECTION_WANTED)
        return status_text(status) +
               "; the broker offers no TLS there: it needs a block 'tls', or this is not the right broker";
    if (status == NATS_SSL_ERROR && options.tls_ca_file.empty())
        return status_text(status) +
               "; the broker wants TLS: set tls_ca of [nats], the CA of its certificate";
    if (status == NATS_SSL_ERROR)
        return status_text(status) + "; look at [nats] tls_ca, tls_cert and tls_key";
    if (may_be_about_certificate(status, options)) {
        return "the broker ended the connection after the handshake of TLS (" + status_text(status) + "); " +
               about_certificate(options);
    }
    if (status != NATS_NO_SERVER) return status_text(status);
    std::vector<std::string> reasons;
    for (const std::string& url : options.urls)
        reasons.push_back(escape_text(why_unreachable(url)));
    return join(reasons, ", ") + "; is nats-server running there, and is [nats] right?";
}

}  // namespace hocket::transport
