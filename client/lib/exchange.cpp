#include "client/lib/exchange.h"

#include "core/wire/subject.h"

namespace hocket::client {

namespace {

constexpr int k_max_repeats = 7;

}  // namespace

Exchange::~Exchange() {
    if (line_) session_.reply_line().give_back(repeats_ > 0);
}

Result<void> Exchange::open(MessageHandler handler) {
    handler_ = std::move(handler);
    const std::size_t targets = sent_.request.targets.size();
    Result<void> done;
    if (!take_line()) {
        if (is_broadcast()) done = subscribe(std::nullopt);
        for (std::size_t i = 0; done && i < targets; ++i)
            done = subscribe(i);
    }
    if (done && is_broadcast()) done = send(std::nullopt);
    for (std::size_t i = 0; done && i < targets; ++i)
        done = send(i);
    session_.transport().flush();
    return done;
}

bool Exchange::take_line() {
    const wire::Request& request = sent_.request;
    if (request.targets.size() != 1 || request.collective != session_.config().collective) return false;
    line_ = session_.reply_line().take(request.targets[0], request.id,
                                       [this](const wire::Message& message) { handler_(message, 0); });
    return line_.has_value();
}

Result<void> Exchange::subscribe(std::optional<std::size_t> target) {
    auto subscription = session_.transport().subscribe(
        reply_subject(target), [this, target](const wire::Message& message) { handler_(message, target); });
    if (!subscription) return subscription.error();
    subscriptions_.push_back(std::move(*subscription));
    return {};
}

Result<void> Exchange::send(std::optional<std::size_t> target) const {
    wire::Message message;
    message.subject = subject(target);
    message.reply_subject = reply_subject(target);
    message.signatures = {sent_.signature};
    message.payload = sent_.payload;
    return session_.transport().publish(message);
}

bool Exchange::may_repeat() const {
    const std::int64_t stale_at = sent_.request.issued_at + sent_.request.ttl_ms;
    return repeats_ < k_max_repeats && session_.clock().wall_ms() < stale_at;
}

void Exchange::repeat(const std::vector<std::size_t>& targets) {
    ++repeats_;
    if (is_broadcast()) static_cast<void>(send(std::nullopt));
    for (const std::size_t target : targets)
        static_cast<void>(send(target));
    session_.transport().flush();
}

bool Exchange::is_about(const std::string& reason, std::optional<std::size_t> target) const {
    const auto quotes = [&](const std::string& text) { return reason.find('"' + text + '"') != reason.npos; };
    return quotes(subject(target)) || quotes(line_ ? session_.reply_line().subject() : reply_subject(target));
}

std::string Exchange::subject(std::optional<std::size_t> target) const {
    const wire::Request& request = sent_.request;
    if (!target) return wire::all_subject(request.collective, request.agent);
    return wire::node_subject(request.collective, request.agent, request.targets[*target]);
}

std::string Exchange::reply_subject(std::optional<std::size_t> target) const {
    if (line_) return *line_;
    const wire::Request& request = sent_.request;
    return wire::reply_subject(request.collective, request.caller, request.id, target);
}

}  // namespace hocket::client
