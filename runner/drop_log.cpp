#include "runner/drop_log.h"

namespace hocket {

namespace {

constexpr std::int64_t k_interval_ms = 10'000;

}  // namespace

void DropLog::add(const std::string& what, const Error& error) {
    Kind& kind = kinds_[error.code];
    kind.what = what;
    kind.reason = error.message;
    ++kind.since;
    tell_if_due(error.code, kind);
}

void DropLog::catch_up() {
    for (auto& [code, kind] : kinds_) {
        if (kind.since > 0) tell_if_due(code, kind);
    }
}

void DropLog::tell_if_due(ErrorCode code, Kind& kind) {
    const std::int64_t now = clock_.wall_ms();
    if (kind.told_ms != 0 && now - kind.told_ms < k_interval_ms) return;
    log_.warn("dropped " + kind.what,
              {{"code", to_string(code)}, {"reason", kind.reason}, {"count", kind.since}});
    kind.told_ms = now;
    kind.since = 0;
}

}  // namespace hocket
