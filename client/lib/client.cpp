#include "client/lib/client.h"

#include <algorithm>

namespace hocket::client {

Result<std::unique_ptr<Client>> Client::open(boost::asio::io_context& io) {
    Result<ClientConfig> config = load_config({});
    if (!config) return config.error();
    return open(io, std::move(*config));
}

Result<std::unique_ptr<Client>> Client::open(boost::asio::io_context& io, ClientConfig config) {
    auto clock = std::make_unique<SystemClock>();
    Result<std::unique_ptr<Session>> session = Session::open(io, std::move(config), *clock);
    if (!session) return session.error();
    return std::unique_ptr<Client>(new Client(std::move(clock), std::move(*session)));
}

Client::Client(std::unique_ptr<SystemClock> clock, std::unique_ptr<Session> session)
    : clock_(std::move(clock)), session_(std::move(session)), ddl_source_(session_->config().ddl) {}

Client::~Client() = default;

Result<std::unique_ptr<Discovery>> Client::start(const DiscoveryQuery& query,
                                                 std::function<void(Result<DiscoveryResult>)> done) {
    return Discovery::start(*session_, query, {std::move(done), {}});
}

Result<std::unique_ptr<Rpc>> Client::start(const RpcQuery& query, const RpcObserver& observer,
                                           std::function<void(Result<RpcResult>)> done) {
    Result<CheckedRpc> checked = CheckedRpc::check(query, ddl_source_);
    if (!checked) return checked.error();
    return Rpc::start(
        *session_, ddl_source_, std::move(*checked),
        {std::move(done), observer.on_node, observer.on_targets, observer.on_reply, observer.before_send});
}

void Client::forget(const Operation* operation) {
    std::erase_if(operations_, [&](const auto& each) { return each.get() == operation; });
}

}  // namespace hocket::client
