#include "client/lib/quiet_window.h"

#include <algorithm>

#include "client/lib/config_environment.h"

namespace hocket::client {

using std::chrono::milliseconds;

QuietWindow::QuietWindow(TimePoint start, const DiscoveryConfig& config)
    : start_(start),
      longest_quiet_(config.quiet_ms),
      shortest_quiet_(std::min(config.quiet_ms, k_min_window_ms)),
      end_(start + milliseconds(config.max_ms) * 5),
      deadline_(start + milliseconds(config.max_ms)) {}

void QuietWindow::on_reply(TimePoint now) {
    const auto wanted = 4 * std::chrono::duration_cast<std::chrono::microseconds>(now - start_);
    const auto quiet = std::clamp<std::chrono::microseconds>(wanted, shortest_quiet_, longest_quiet_);
    deadline_ = std::min<TimePoint>(now + quiet, end_);
}

}  // namespace hocket::client
