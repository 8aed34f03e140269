#include "core/transport/nats_error.h"

#include <vector>

#include "core/base/text.h"
#include "core/transport/broker_url.h"

namespace hocket::transport {

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

std::string why_not_connected(natsStatus status, const NatsOptions& options) {
    if (status == NATS_CONNECTION_AUTH_FAILED) {
        return status_text(status) + "; look at user ('" + escape_text(options.user) +
               "') and password_file of [nats], and at the users of the broker";
    }
    if (status == NATS_SSL_ERROR)
        return status_text(status) + "; look at [nats] tls_ca, tls_cert and tls_key";
    if (status != NATS_NO_SERVER) return status_text(status);
    std::vector<std::string> reasons;
    for (const std::string& url : options.urls)
        reasons.push_back(escape_text(why_unreachable(url)));
    return join(reasons, ", ") + "; is nats-server running there, and is [nats] right?";
}

}  // namespace hocket::transport
