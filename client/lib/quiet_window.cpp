#include "client/lib/quiet_window.h"

#include <algorithm>

namespace hocket::client {

using std::chrono::milliseconds;

QuietWindow::QuietWindow(TimePoint start, const DiscoveryConfig& config)
    : start_(start),
      shortest_quiet_(config.listen_ms.value_or(config.quiet_ms)),
      end_(start + milliseconds(config.listen_ms.value_or(config.max_ms))),
      deadline_(end_) {}

void QuietWindow::on_reply(TimePoint now) {
    deadline_ =
        std::min<TimePoint>(now + std::max<TimePoint::duration>(4 * (now - start_), shortest_quiet_), end_);
}

void QuietWindow::on_nobody(TimePoint now) {
    deadline_ = std::min<TimePoint>(now + 2 * shortest_quiet_, end_);
}

}  // namespace hocket::client
