#include "runner/node/facts.h"

#include <utility>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "runner/node/builtin_facts.h"
#include "runner/node/private_facts.h"

namespace hocket::node {

Facts::Facts(boost::asio::io_context& io, FactsSettings settings, FactCommand& command, const Clock& clock,
             Log& log)
    : settings_(std::move(settings)),
      folder_(settings_.folder, settings_.limits, command, clock),
      clock_(clock),
      log_(log),
      timer_(io),
      all_(std::make_shared<const Json>(Json::object())),
      visible_(all_) {}

void Facts::start(std::function<void()> ready) {
    ready_ = std::move(ready);
    boost::asio::post(timer_.get_executor(), [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) refresh();
    });
}

void Facts::refresh() {
    if (is_refreshing_) return;
    is_refreshing_ = true;
    folder_.load([this, alive = std::weak_ptr(alive_)](const Json& external, const FileErrors& errors) {
        if (!alive.expired()) finish(external, errors);
    });
}

FactsStats Facts::stats() const {
    return {all_->size(), refreshed_at_, errors_};
}

void Facts::finish(const Json& external, const FileErrors& errors) {
    is_refreshing_ = false;
    publish(external);
    log_new(errors);
    errors_ = errors;
    arm_timer();
    // Moved out first: what it calls may destroy this object.
    if (const auto ready = std::exchange(ready_, nullptr)) ready();
}

void Facts::publish(const Json& external) {
    Json facts = builtin_facts(settings_.root);
    for (const auto& [name, value] : external.items())
        facts[name] = value;
    visible_ = std::make_shared<const Json>(without_private(facts, settings_.private_facts));
    all_ = std::make_shared<const Json>(std::move(facts));
    refreshed_at_ = clock_.wall_ms();
}

void Facts::log_new(const FileErrors& errors) {
    for (const auto& [file, reason] : errors) {
        const auto known = errors_.find(file);
        if (known != errors_.end() && known->second == reason) continue;
        log_.warn("external facts ignored",
                  {{"folder", settings_.folder.string()}, {"file", file}, {"error", reason}});
    }
}

void Facts::arm_timer() {
    timer_.expires_after(settings_.refresh);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
        if (!error && !alive.expired()) refresh();
    });
}

}  // namespace hocket::node
