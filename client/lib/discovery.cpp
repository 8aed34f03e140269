#include "client/lib/discovery.h"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace hocket::client {

namespace {

constexpr char k_agent[] = "discovery";
constexpr char k_action[] = "discover";

wire::Request make_request(const Session& session, const DiscoveryQuery& query) {
    wire::Request request = session.new_request(k_agent, k_action);
    request.filter = query.filter;
    request.timeout_ms = session.config().discovery.max_ms;
    if (!query.agent.empty()) request.inputs = {{"agent", query.agent}};
    return request;
}

/// A text that the built-in agent declares; a node that sends something else has none.
std::string text_of(const Json& data, const char* name) {
    const auto found = data.find(name);
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

DiscoveredNode to_node(const NodeReply& node) {
    return {node.reply.identity, text_of(node.reply.data, "ddl_digest"), text_of(node.reply.data, "version"),
            node.latency};
}

}  // namespace

Result<std::unique_ptr<Discovery>> Discovery::start(Session& session, const DiscoveryQuery& query,
                                                    Handlers handlers) {
    Result<SignedRequest> sent = sign(make_request(session, query), session.keys());
    if (!sent) return sent.error();
    std::unique_ptr<Discovery> discovery(
        new Discovery(session, query, std::move(*sent), std::move(handlers)));
    if (Result<void> opened = discovery->open(); !opened) return opened.error();
    return discovery;
}

Discovery::Discovery(Session& session, const DiscoveryQuery& query, SignedRequest sent, Handlers handlers)
    : session_(session),
      handlers_(std::make_shared<Handlers>(std::move(handlers))),
      exchange_(session, std::move(sent)),
      acceptance_(exchange_.sent(), session.keys(), query.filter.literal_identities()),
      started_(session.clock().steady()),
      window_(started_, session.config().discovery),
      timer_(session.io()) {
    if (const auto literals = query.filter.literal_identities()) named_ = literals->size();
    session_.add(*this);
}

Result<void> Discovery::open() {
    Result<void> opened = exchange_.open(
        [this](const wire::Message& message, std::optional<std::size_t>) { on_message(message); });
    if (opened) listen_on();
    return opened;
}

void Discovery::listen_on() {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(window_.deadline() - session_.clock().steady());
    timer_.arm(left, [this] { finish(); });
}

void Discovery::on_message(const wire::Message& message) {
    if (finished_) return;
    if (message.no_responders) return on_no_responders();
    const auto now = session_.clock().steady();
    Judgement judged = acceptance_.judge(message);
    NodeReply node{std::move(judged.reply),
                   std::chrono::duration_cast<std::chrono::microseconds>(now - started_)};
    switch (judged.verdict) {
        case Verdict::accepted:
            named_ ? window_.await_all() : window_.on_reply(now);
            return on_reply(std::move(node));
        case Verdict::unexpected: result_.unexpected.push_back(std::move(node)); return;
        case Verdict::repeated:
        case Verdict::of_repeat:
        case Verdict::rejected: return;
    }
}

/// The broker says so at once, but whoever got the request may say it too: others are given a moment to contradict.
void Discovery::on_no_responders() {
    if (has_heard_) return;
    result_.nobody_connected = true;
    window_.on_nobody(session_.clock().steady());
    listen_on();
}

void Discovery::on_reply(NodeReply node) {
    has_heard_ = true;
    result_.nobody_connected = false;
    if (node.reply.outcome == Outcome::ok) {
        result_.nodes.push_back(to_node(node));
        if (handlers_->on_node) handlers_->on_node(result_.nodes.back());
    } else {
        result_.refusals.push_back(std::move(node));
    }
    if (result_.nodes.size() + result_.refusals.size() == named_) return finish();
    listen_on();
}

void Discovery::on_reconnected() {
    if (!finished_ && exchange_.may_repeat()) exchange_.repeat({});
}

void Discovery::on_refused(const std::string& reason) {
    if (!exchange_.is_about(reason, std::nullopt)) return;
    deliver(Error{ErrorCode::broker_unreachable,
                  "discovery: the broker refused: " + reason + "; see its permissions for this caller",
                  {}});
}

void Discovery::cancel() {
    result_.cancelled = true;
    finish();
}

void Discovery::finish() {
    std::sort(result_.nodes.begin(), result_.nodes.end(),
              [](const DiscoveredNode& left, const DiscoveredNode& right) {
                  return left.identity < right.identity;
              });
    std::sort(result_.refusals.begin(), result_.refusals.end(),
              [](const NodeReply& left, const NodeReply& right) {
                  return left.reply.identity < right.reply.identity;
              });
    result_.rejected = acceptance_.rejected();
    result_.elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(session_.clock().steady() - started_);
    deliver(result_);
}

void Discovery::deliver(Result<DiscoveryResult> result) {
    if (finished_) return;
    finished_ = true;
    timer_.disarm();
    boost::asio::post(session_.io(), [weak = std::weak_ptr(handlers_), result = std::move(result)]() mutable {
        if (const auto alive = weak.lock()) alive->done(std::move(result));
    });
}

}  // namespace hocket::client
