#include "client/lib/call.h"

#include <algorithm>
#include <array>

#include <boost/asio/post.hpp>

namespace hocket::client {

namespace {

using std::chrono::milliseconds;

// What a runner may add to a timeout and the grace: the drain of the output, and the way there and back.
constexpr milliseconds k_drain{1000};
constexpr milliseconds k_margin{2000};

/// After a reconnection nodes come back one by one: those that are not there yet are asked again after
/// this time, then after twice as long, and so on.
constexpr milliseconds k_first_repeat{500};

/// When the silent are asked again, in tenths of the request's ttl: a node may have lost the broker's permission to reply, which
/// the same bytes bring back, or a reply that it keeps (spec/protocol.md §8.2).
constexpr std::array k_reminders{5, 9};

constexpr const char* k_when_asked_again = ", when it was asked again; the action may have run there";

std::string seconds_text(std::chrono::microseconds span) {
    const auto tenths = (span.count() + 50'000) / 100'000;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

Result<void> check_confidential(const Session& session, const CallPlan& plan) {
    if (!plan.has_sensitive_inputs) return {};
    if (plan.request.targets.empty()) {
        return Error{
            ErrorCode::usage, "sensitive inputs are only sent to named nodes, never as a broadcast", {}};
    }
    if (session.is_confidential()) return {};
    return Error{
        ErrorCode::invalid_config,
        "sensitive inputs are not sent over a network in clear text: the broker is not on this machine and "
        "TLS is not configured; set tls_ca in [nats] of client.toml",
        {}};
}

}  // namespace

std::chrono::milliseconds longest_wait(std::int64_t timeout_ms, std::chrono::milliseconds grace) {
    return milliseconds(timeout_ms) + grace + k_drain + k_margin;
}

Result<std::unique_ptr<Call>> Call::start(Session& session, CallPlan plan, Handlers handlers) {
    if (Result<void> checked = check_confidential(session, plan); !checked) return checked.error();
    Result<SignedRequest> sent = sign(plan.request, session.keys());
    if (!sent) return sent.error();
    std::unique_ptr<Call> call(new Call(session, std::move(plan), std::move(*sent), std::move(handlers)));
    if (Result<void> opened = call->open(); !opened) return opened.error();
    return call;
}

Call::Call(Session& session, CallPlan plan, SignedRequest sent, Handlers handlers)
    : session_(session),
      plan_(std::move(plan)),
      handlers_(std::make_shared<Handlers>(std::move(handlers))),
      exchange_(session, std::move(sent)),
      acceptance_(exchange_.sent(), session.keys(), plan_.expected),
      started_(session.clock().steady()),
      deadline_(session.io()),
      quiet_(session.io()),
      repeat_(session.io()),
      reminder_(session.io()) {
    result_.request = plan_.request;
    for (const std::string& identity : plan_.expected)
        waiting_.emplace(identity, Waiting{});
    for (std::size_t i = 0; i < plan_.request.targets.size(); ++i)
        waiting_[plan_.request.targets[i]].target = i;
    session_.add(*this);
}

Result<void> Call::open() {
    Result<void> opened =
        exchange_.open([this](const wire::Message& message, std::optional<std::size_t> target) {
            on_message(message, target);
        });
    if (!opened) return opened;
    deadline_.arm(plan_.wait, [this] { finish(Outcome::no_response, why_nothing_came()); });
    settle();
    remind(0);
    return {};
}

std::string Call::why_nothing_came() const {
    const bool connected = session_.transport().state() == transport::ConnectionState::connected;
    const std::string why =
        nobody_listens_ ? "; it is said that no node with that agent is connected to the broker"
        : connected     ? ", though the broker took the request: the action may have run there"
                        : "; the connection to the broker is lost";
    const std::string what =
        acceptance_.rejected().empty() ? "nothing came" : "nothing came that can be trusted,";
    return what + " within " + seconds_text(elapsed()) + why;
}

void Call::cancel() {
    finish(Outcome::cancelled, "cancelled here after " + seconds_text(elapsed()) +
                                   "; the action may go on there, for its timeout at most");
}

std::vector<std::string> Call::outstanding_identities() const {
    std::vector<std::string> identities;
    for (const auto& [identity, waiting] : waiting_)
        identities.push_back(identity);
    return identities;
}

void Call::on_message(const wire::Message& message, std::optional<std::size_t> target) {
    if (finished_) return;
    if (message.no_responders) return on_no_responders(target);
    Judgement judged = acceptance_.judge(message);
    NodeReply node{std::move(judged.reply), elapsed()};
    switch (judged.verdict) {
        case Verdict::accepted:
            waiting_.erase(node.reply.identity);
            result_.replies.push_back(std::move(node));
            if (handlers_->on_reply) handlers_->on_reply(result_.replies.back());
            return settle();
        case Verdict::unexpected: result_.unexpected.push_back(std::move(node)); return;
        case Verdict::of_repeat: return on_refused_repeat(node.reply);
        case Verdict::repeated:
        case Verdict::rejected: return;
    }
}

/// Of a broadcast it ends nothing: every node that got it could say so, and the others would still run the action.
void Call::on_no_responders(std::optional<std::size_t> target) {
    if (!target) {
        nobody_listens_ = true;
        return;
    }
    hint(target, Outcome::no_response,
         "nobody of that name is connected to the broker for collective '" + plan_.request.collective +
             "': is hocketd running there, are name and collective right?");
}

void Call::on_reconnected() {
    was_reconnected_ = true;
    repeat_interval_ = k_first_repeat;
    repeat_to_all();
}

void Call::on_refused(const std::string& reason) {
    const std::string why = "the broker refused: " + reason + "; see its permissions for this caller";
    if (exchange_.is_broadcast() && exchange_.is_about(reason, std::nullopt)) {
        hint(std::nullopt, Outcome::not_sent, why);
    }
    for (std::size_t i = 0; i < plan_.request.targets.size(); ++i) {
        if (exchange_.is_about(reason, i)) hint(i, Outcome::not_sent, why);
    }
}

void Call::hint(std::optional<std::size_t> target, Outcome outcome, const std::string& reason) {
    for (auto& [identity, waiting] : waiting_) {
        if (target && waiting.target != target) continue;
        if (waiting.is_reminded) {
            waiting.remark = MissingNode{identity, Outcome::no_response, reason + k_when_asked_again};
        } else {
            waiting.hint = MissingNode{identity, outcome, reason};
        }
    }
    settle();
}

void Call::on_refused_repeat(const wire::Reply& reply) {
    const auto found = waiting_.find(reply.identity);
    if (found == waiting_.end()) return;
    const std::string why = reply.error ? reply.error->message : reply.statusmsg;
    found->second.remark =
        MissingNode{reply.identity, Outcome::no_response,
                    "it answered " + std::string(to_string(reply.outcome)) + ", " + why + k_when_asked_again};
}

void Call::repeat_to_all() {
    if (finished_ || !exchange_.may_repeat()) return;
    for (auto& [identity, waiting] : waiting_) {
        waiting.hint.reset();
        waiting.is_reminded = false;
    }
    repeat();
}

/// To those that are silent, and may still answer.
void Call::repeat() {
    if (finished_ || !exchange_.may_repeat()) return;
    bool is_anybody_silent = false;
    std::vector<std::size_t> targets;
    for (const auto& [identity, waiting] : waiting_) {
        if (waiting.hint) continue;
        is_anybody_silent = true;
        acceptance_.asked_again(identity);
        if (waiting.target) targets.push_back(*waiting.target);
    }
    if (is_anybody_silent) exchange_.repeat(targets);
}

void Call::remind(std::size_t number) {
    if (finished_ || number == k_reminders.size()) return;
    const wire::Request& request = plan_.request;
    const milliseconds age(session_.clock().wall_ms() - request.issued_at);
    const milliseconds due(request.ttl_ms * k_reminders[number] / 10);
    reminder_.arm(std::max(due - age, milliseconds(0)), [this, number] {
        const bool is_worth_it = !exchange_.is_broadcast() || 10 * waiting_.size() >= plan_.expected.size();
        if (is_worth_it && exchange_.may_repeat()) {
            for (auto& [identity, waiting] : waiting_)
                waiting.is_reminded = !waiting.hint;
            repeat();
        }
        remind(number + 1);
    });
}

void Call::settle() {
    if (finished_) return;
    if (waiting_.empty()) return finish(Outcome::no_response, "");
    const bool hopeless = std::all_of(waiting_.begin(), waiting_.end(),
                                      [](const auto& each) { return each.second.hint.has_value(); });
    if (!hopeless) return quiet_.disarm();
    if (was_reconnected_ && exchange_.may_repeat()) {
        if (repeat_.is_armed()) return;
        repeat_.arm(repeat_interval_, [this] {
            repeat_interval_ *= 2;
            repeat_to_all();
            settle();  // it may be too late to repeat
        });
    } else if (!quiet_.is_armed()) {
        quiet_.arm(plan_.quiet, [this] { finish(Outcome::no_response, ""); });
    }
}

void Call::finish(Outcome outcome, const std::string& reason) {
    if (finished_) return;
    finished_ = true;
    deadline_.disarm();
    quiet_.disarm();
    repeat_.disarm();
    reminder_.disarm();
    for (const auto& [identity, waiting] : waiting_) {
        const bool has_remark = waiting.remark && outcome == Outcome::no_response;
        const MissingNode otherwise = has_remark ? *waiting.remark : MissingNode{identity, outcome, reason};
        result_.missing.push_back(waiting.hint.value_or(otherwise));
    }
    result_.rejected = acceptance_.rejected();
    result_.repeated = acceptance_.repeated();
    result_.elapsed = elapsed();
    result_.cancelled = outcome == Outcome::cancelled;
    boost::asio::post(session_.io(), [this, weak = std::weak_ptr(handlers_)] {
        if (const auto alive = weak.lock()) alive->done(std::move(result_));
    });
}

std::chrono::microseconds Call::elapsed() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(session_.clock().steady() - started_);
}

}  // namespace hocket::client
