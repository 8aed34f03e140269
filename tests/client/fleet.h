#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "client/lib/call.h"
#include "client/lib/discovery.h"
#include "client/lib/session.h"
#include "core/transport/loopback.h"
#include "core/wire/psk.h"
#include "core/wire/verified_request.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"

namespace hocket::test {

inline crypto::Secret psk_of(char fill) {
    return crypto::Secret(std::string(32, fill));
}

/// A node on the loopback broker. It answers every request that its filter lets through with `ok`, and a discovery
/// as the built-in agent does, unless a test tells it otherwise.
class FakeNode {
public:
    using Behaviour = std::function<void(FakeNode&, const wire::VerifiedRequest&)>;

    FakeNode(transport::LoopbackBroker& broker, const std::string& identity, const std::string& agent);

    void behave(Behaviour behaviour) { behaviour_ = std::move(behaviour); }
    void stay_silent() {
        behave([](FakeNode&, const wire::VerifiedRequest&) {});
    }
    void answer(Outcome outcome, Json data = Json::object());
    /// Instead of being discovered.
    void behave_when_discovered(Behaviour behaviour) { discovery_ = std::move(behaviour); }
    void refuse_discovery(Outcome outcome);
    /// It answers also what is meant for others, discoveries included.
    void ignore_filters() { ignores_filters_ = true; }

    wire::Reply reply_to(const wire::VerifiedRequest& request, Outcome outcome = Outcome::ok,
                         Json data = Json::object()) const;

    /// Signed with this node's key.
    wire::Message message(const std::string& payload, const wire::VerifiedRequest& request) const;
    void send(const wire::Message& message) { broker_.publish(message); }
    void send(const wire::Reply& reply, const wire::VerifiedRequest& request) {
        send(message(wire::encode_reply(reply), request));
    }

    /// What the broker says when nobody listens.
    void send_nobody(const wire::VerifiedRequest& request);

    const std::string& identity() const { return identity_; }
    const wire::PskNodeKeys& keys() const { return keys_; }
    std::size_t seen() const { return seen_; }  ///< requests, discovery excepted
    const wire::Request& last_request() const { return *last_; }
    const std::string& last_payload() const { return last_payload_; }

private:
    void on_message(const wire::Message& message);
    static void be_discovered(FakeNode& node, const wire::VerifiedRequest& request);

    transport::LoopbackBroker& broker_;
    std::string identity_;
    std::vector<std::string> agents_;
    wire::PskNodeKeys keys_;
    std::vector<std::unique_ptr<transport::Subscription>> subscriptions_;
    Behaviour behaviour_;
    Behaviour discovery_ = be_discovered;
    bool ignores_filters_ = false;
    std::size_t seen_ = 0;
    std::optional<wire::Request> last_;
    std::string last_payload_;
};

/// A caller, its session and its nodes on one io_context. It waits 0.1 s for silence: as short as a busy machine allows.
class Fleet {
public:
    Fleet() : Fleet(fast_config()) {}
    explicit Fleet(client::ClientConfig config);

    static client::ClientConfig fast_config();

    FakeNode& add(const std::string& identity, const std::string& agent = "disk");
    FakeNode& node(const std::string& identity);

    /// A request to the agent `disk`.
    wire::Request request() { return session_->new_request("disk", "usage"); }
    client::CallPlan direct(const std::vector<std::string>& targets);
    client::CallPlan broadcast(const std::vector<std::string>& expected);

    client::CallResult call(client::CallPlan plan);
    client::CallResult call_direct(const std::vector<std::string>& targets) { return call(direct(targets)); }
    client::DiscoveryResult discover(const client::DiscoveryQuery& query);

    void run_until(const std::function<bool()>& is_done);

    boost::asio::io_context& io() { return io_; }
    client::Session& session() { return *session_; }
    FakeTransport& transport() { return *transport_; }
    FakeClock& clock() { return clock_; }

    /// For a command that makes its own session.
    std::unique_ptr<client::Session> new_session(client::ClientConfig config);

private:
    boost::asio::io_context io_;
    transport::LoopbackBroker broker_{io_};
    FakeClock clock_;
    FakeTransport* transport_ = nullptr;
    std::unique_ptr<client::Session> session_;
    std::deque<FakeNode> nodes_;
};

}  // namespace hocket::test
