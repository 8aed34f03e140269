#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/acceptance.h"
#include "client/lib/exchange.h"
#include "client/lib/one_shot_timer.h"
#include "client/lib/quiet_window.h"
#include "client/lib/results.h"
#include "client/lib/session.h"
#include "core/filter/filter.h"

namespace hocket::client {

/// Who is looked for. Nodes that the filter does not match stay silent.
struct DiscoveryQuery {
    // Not an aggregate: g++ 12 destroys those twice when they are made in the argument of a co_await.
    DiscoveryQuery() = default;
    DiscoveryQuery(filter::Filter meant, std::string asked)
        : filter(std::move(meant)), agent(std::move(asked)) {}

    filter::Filter filter;
    std::string agent;  ///< nodes tell the digest of this agent's DDL; empty: of none
};

struct DiscoveredNode {
    std::string identity;
    std::string ddl_digest;  ///< of the agent asked for; empty when the node does not have it
    std::string version;     ///< of hocketd
    std::chrono::microseconds latency{0};
};

struct DiscoveryResult {
    std::vector<DiscoveredNode> nodes;  ///< by identity
    std::vector<NodeReply> refusals;    ///< by identity: nodes that answered something else than ok
    std::vector<NodeReply> unexpected;  ///< valid, but the filter names others
    Rejected rejected;
    std::chrono::microseconds elapsed{0};
    bool nobody_connected = false;  ///< the broker knows no node of the collective
    bool cancelled = false;
};

/// Asks everybody at once who is there, and listens until the replies dry up (quiet_window.h); when the filter names the
/// nodes, until all of them have answered or the time is over. It ends soon when it is said that no node is connected, and
/// nobody contradicts.
///
/// Errors: of start(): usage, broker_unreachable; of `done`: broker_unreachable (the broker refused the request).
/// Thread: io thread only. `done` is called exactly once unless the discovery is destroyed before, never from inside
///         start() or cancel(), and may destroy the discovery.
/// Owns:   its timer and its part of the session, which must outlive it.
class Discovery final : private ConnectionListener {
public:
    struct Handlers {
        std::function<void(Result<DiscoveryResult>)> done;
        std::function<void(const DiscoveredNode&)> on_node;  ///< as they come; may be empty
    };

    static Result<std::unique_ptr<Discovery>> start(Session& session, const DiscoveryQuery& query,
                                                    Handlers handlers);

    Discovery(const Discovery&) = delete;
    Discovery& operator=(const Discovery&) = delete;
    ~Discovery() override { session_.remove(*this); }

    /// Keeps what arrived.
    void cancel();

private:
    Discovery(Session& session, const DiscoveryQuery& query, SignedRequest sent, Handlers handlers);

    Result<void> open();
    void on_message(const wire::Message& message);
    void on_no_responders();
    void on_reply(NodeReply node);
    void on_reconnected() override;
    void on_refused(const std::string& reason) override;
    void listen_on();
    void finish();
    void deliver(Result<DiscoveryResult> result);

    Session& session_;
    std::shared_ptr<Handlers> handlers_;
    Exchange exchange_;
    Acceptance acceptance_;
    std::chrono::steady_clock::time_point started_;
    QuietWindow window_;
    std::optional<std::size_t> named_;  ///< how many nodes the filter names, if it names them all
    DiscoveryResult result_;
    OneShotTimer timer_;
    bool has_heard_ = false;
    bool finished_ = false;
};

}  // namespace hocket::client
