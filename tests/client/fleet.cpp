#include "tests/client/fleet.h"

#include <gtest/gtest.h>

#include "client/lib/targets.h"
#include "core/filter/match.h"
#include "core/wire/subject.h"

namespace hocket::test {

namespace {

constexpr std::size_t k_max_bytes = 1U << 20U;

}  // namespace

FakeNode::FakeNode(transport::LoopbackBroker& broker, const std::string& identity, const std::string& agent)
    : broker_(broker), identity_(identity), agents_({"discovery", "rpcutil", agent}), keys_(identity) {
    keys_.add({"ops", 1}, wire::derive_node_psk(psk_of('k'), identity));
    answer(Outcome::ok);
    const auto handler = [this](const wire::Message& message) { on_message(message); };
    subscriptions_.push_back(broker_.subscribe(wire::node_subscription("main", identity_), handler));
    for (const std::string& each : agents_)
        subscriptions_.push_back(broker_.subscribe(wire::all_subject("main", each), handler));
}

void FakeNode::answer(Outcome outcome, Json data) {
    behave([outcome, data = std::move(data)](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send(node.reply_to(request, outcome, data), request);
    });
}

wire::Reply FakeNode::reply_to(const wire::VerifiedRequest& request, Outcome outcome, Json data) const {
    wire::Reply reply;
    reply.request = request.request().id;
    reply.request_sha256 = request.payload_sha256();
    reply.identity = identity_;
    reply.agent = request.request().agent;
    reply.action = request.request().action;
    reply.outcome = outcome;
    reply.statuscode = statuscode(outcome);
    reply.data = std::move(data);
    return reply;
}

wire::Message FakeNode::message(const std::string& payload, const wire::VerifiedRequest& request) const {
    wire::Message made;
    made.subject = request.reply_subject();
    made.signatures = {keys_.sign_reply(request.signer(), payload)};
    made.payload = payload;
    return made;
}

void FakeNode::on_message(const wire::Message& message) {
    const auto request = wire::VerifiedRequest::verify(message, keys_, identity_, k_max_bytes);
    ASSERT_TRUE(request) << request.error().message;
    const Json facts = Json::object();
    const bool matches = filter::matches(request->request().filter, {identity_, agents_, {}, facts});
    if (!matches && !ignores_filters_) return;
    if (request->request().agent == "discovery") return discovery_(*this, *request);
    ++seen_;
    last_ = request->request();
    last_payload_ = message.payload;
    behaviour_(*this, *request);
}

void FakeNode::be_discovered(FakeNode& node, const wire::VerifiedRequest& request) {
    node.send(node.reply_to(request, Outcome::ok, {{"ddl_digest", ""}, {"version", "1.0"}}), request);
}

void FakeNode::refuse_discovery(Outcome outcome) {
    behave_when_discovered([outcome](FakeNode& node, const wire::VerifiedRequest& request) {
        wire::Reply reply = node.reply_to(request, outcome);
        reply.error =
            wire::ReplyError{"hocket/" + std::string(to_string(outcome)), "not now", Json::object()};
        node.send(reply, request);
    });
}

void FakeNode::send_nobody(const wire::VerifiedRequest& request) {
    wire::Message nobody;
    nobody.subject = request.reply_subject();
    nobody.no_responders = true;
    send(nobody);
}

Fleet::Fleet(client::ClientConfig config) {
    session_ = new_session(std::move(config));
}

client::ClientConfig Fleet::fast_config() {
    client::ClientConfig config;
    config.sender = "desk";
    config.discovery.quiet_ms = 5;
    config.discovery.max_ms = 100;
    return config;
}

std::unique_ptr<client::Session> Fleet::new_session(client::ClientConfig config) {
    auto transport = std::make_unique<FakeTransport>(broker_);
    transport_ = transport.get();
    auto keys = std::make_unique<wire::PskCallerKeys>(wire::PskId{"ops", 1}, psk_of('k'));
    return std::make_unique<client::Session>(io_, std::move(transport), std::move(keys), std::move(config),
                                             clock_);
}

FakeNode& Fleet::add(const std::string& identity, const std::string& agent) {
    return nodes_.emplace_back(broker_, identity, agent);
}

FakeNode& Fleet::node(const std::string& identity) {
    for (FakeNode& each : nodes_) {
        if (each.identity() == identity) return each;
    }
    return add(identity);
}

client::CallPlan Fleet::direct(const std::vector<std::string>& targets) {
    client::CallPlan plan = client::plan_direct_call(*session_, request(), targets, false);
    plan.wait = std::chrono::milliseconds(100);
    return plan;
}

client::CallPlan Fleet::broadcast(const std::vector<std::string>& expected) {
    client::CallPlan plan = direct({});
    plan.expected = expected;
    return plan;
}

client::CallResult Fleet::call(client::CallPlan plan) {
    std::optional<client::CallResult> result;
    const auto started = client::Call::start(
        *session_, std::move(plan), {[&](client::CallResult made) { result = std::move(made); }, {}});
    EXPECT_TRUE(started);
    run_until([&] { return result.has_value(); });
    return *result;
}

client::DiscoveryResult Fleet::discover(const client::DiscoveryQuery& query) {
    std::optional<client::DiscoveryResult> result;
    const auto started = client::Discovery::start(
        *session_, query, {[&](Result<client::DiscoveryResult> found) { result = std::move(*found); }, {}});
    EXPECT_TRUE(started);
    run_until([&] { return result.has_value(); });
    return *result;
}

void Fleet::run_until(const std::function<bool()>& is_done) {
    while (!is_done()) {
        if (io_.stopped()) io_.restart();
        io_.run_one();
    }
}

}  // namespace hocket::test
