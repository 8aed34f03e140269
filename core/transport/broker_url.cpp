#include "core/transport/broker_url.h"

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "core/base/text.h"

namespace hocket::transport {

namespace {

using boost::asio::ip::tcp;

constexpr int k_patience_ms = 500;

Error bad_url(std::string_view url, const std::string& what) {
    return {ErrorCode::invalid_config,
            "the broker's URL " + quote_bytes(url) + ' ' + what + ": write nats://HOST:PORT",
            {}};
}

/// No error when it takes the connection.
boost::system::error_code try_to_connect(boost::asio::io_context& io, const tcp::endpoint& endpoint) {
    boost::system::error_code error;
    tcp::socket socket(io);
    socket.open(endpoint.protocol(), error);
    if (!error) socket.non_blocking(true, error);
    if (!error) socket.connect(endpoint, error);
    if (error != boost::asio::error::in_progress) return error;
    pollfd asked{socket.native_handle(), POLLOUT, 0};
    if (::poll(&asked, 1, k_patience_ms) != 1) return boost::asio::error::timed_out;
    int number = 0;
    socklen_t size = sizeof number;
    ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &number, &size);
    return {number, boost::system::system_category()};
}

}  // namespace

Result<BrokerAddress> parse_broker_url(std::string_view url) {
    std::string_view rest = url;
    if (const std::size_t end = rest.find("://"); end != std::string_view::npos) {
        const std::string_view scheme = rest.substr(0, end);
        if (scheme != "nats" && scheme != "tls") return bad_url(url, "is not one of NATS");
        rest.remove_prefix(end + 3);
    }
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    rest = rest.substr(0, rest.find('/'));
    const bool has_brackets = rest.starts_with('[');
    const std::size_t host_end = has_brackets ? rest.find(']') : rest.find(':');
    BrokerAddress address;
    address.host = rest.substr(has_brackets ? 1 : 0, has_brackets ? host_end - 1 : host_end);
    if (address.host.empty()) return bad_url(url, "names no host");
    if (const std::size_t colon = rest.find(':', has_brackets ? host_end : 0);
        colon != std::string_view::npos)
        address.port = rest.substr(colon + 1);
    return address;
}

std::string why_unreachable(std::string_view url) {
    const Result<BrokerAddress> address = parse_broker_url(url);
    if (!address) return address.error().message;
    const std::string where = address->host + ':' + address->port;
    boost::asio::io_context io;
    boost::system::error_code error;
    const auto endpoints = tcp::resolver(io).resolve(address->host, address->port, error);
    if (error) return where + ": " + error.message();
    for (const auto& entry : endpoints) {
        error = try_to_connect(io, entry.endpoint());
        if (!error)
            return where + ": takes the connection and does not speak NATS as we do: is TLS wanted there?";
    }
    return where + ": " + error.message();
}

}  // namespace hocket::transport
