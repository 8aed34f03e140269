#include "client/lib/session.h"

#include <algorithm>

#include "client/lib/caller_keys.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/crypto/openssl_at_exit.h"
#include "core/transport/broker_url.h"
#include "core/transport/nats_transport.h"
#include "core/wire/request_id.h"

namespace hocket::client {

namespace {

constexpr std::size_t k_max_password_bytes = 4096;

Result<std::string> read_password(const std::filesystem::path& file) {
    if (file.empty()) return std::string();
    const Result<std::string> content = read_private_file(file, k_max_password_bytes);
    if (!content) return content.error();
    return std::string(trim(*content));
}

Result<transport::NatsOptions> nats_options(const NatsConfig& config) {
    Result<std::string> password = read_password(config.password_file);
    if (!password) return password.error();
    transport::NatsOptions options;
    options.urls = config.urls;
    options.user = config.user;
    options.password = std::move(*password);
    options.tls_ca_file = config.tls_ca.string();
    options.tls_cert_file = config.tls_cert.string();
    options.tls_key_file = config.tls_key.string();
    options.start = transport::NatsOptions::Start::connected;
    return options;
}

/// Only addresses: a name such as "127.evil.example" can point anywhere.
bool is_loopback(const std::string& url) {
    const auto address = transport::parse_broker_url(url);
    const std::string host = address ? address->host : "";
    const bool only_digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && only_digits);
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(boost::asio::io_context& io, ClientConfig config,
                                               const Clock& clock) {
    crypto::keep_openssl_at_exit();
    Result<std::unique_ptr<wire::CallerKeys>> keys = read_caller_keys(config.key, clock);
    if (!keys) return keys.error();
    const Result<transport::NatsOptions> options = nats_options(config.nats);
    if (!options) return options.error();
    Result<std::unique_ptr<transport::Transport>> transport = transport::connect_nats(io, *options);
    if (!transport) return transport.error();
    return std::make_unique<Session>(io, std::move(*transport), std::move(*keys), std::move(config), clock);
}

Session::Session(boost::asio::io_context& io, std::unique_ptr<transport::Transport> transport,
                 std::unique_ptr<wire::CallerKeys> keys, ClientConfig config, const Clock& clock)
    : io_(io),
      transport_(std::move(transport)),
      keys_(std::move(keys)),
      config_(std::move(config)),
      clock_(clock),
      reply_line_(*transport_, config_.collective, keys_->caller()) {
    listen();
}

void Session::listen() {
    // A listener may end its request and remove itself while it is told.
    transport_->on_state([this](transport::ConnectionState state, const std::string&) {
        if (state != transport::ConnectionState::connected) return;
        for (ConnectionListener* each : std::set(listeners_)) {
            if (listeners_.contains(each)) each->on_reconnected();
        }
    });
    transport_->on_error([this](const std::string& reason) {
        for (ConnectionListener* each : std::set(listeners_)) {
            if (listeners_.contains(each)) each->on_refused(reason);
        }
        reply_line_.on_refused(reason);
    });
}

wire::Request Session::new_request(const std::string& agent, const std::string& action) const {
    wire::Request request;
    request.issued_at = clock_.wall_ms();
    request.id = wire::new_request_id(request.issued_at);
    request.collective = config_.collective;
    request.agent = agent;
    request.action = action;
    request.caller = keys_->caller();
    request.sender = config_.sender;
    request.ttl_ms = config_.ttl_ms;
    request.timeout_ms = config_.timeout_ms.value_or(request.timeout_ms);
    return request;
}

bool Session::is_confidential() const {
    const std::vector<std::string>& urls = config_.nats.urls;
    return !config_.nats.tls_ca.empty() || std::all_of(urls.begin(), urls.end(), is_loopback);
}

}  // namespace hocket::client
