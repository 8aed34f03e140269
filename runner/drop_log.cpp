#include "runner/drop_log.h"

namespace hocket {

namespace {

constexpr std::chrono::seconds k_interval{10};

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
    const auto now = clock_.steady();  // a wall clock that is wrong is one of the reasons
    if (kind.told && now - *kind.told < k_interval) return;
    log_.warn("dropped " + kind.what,
              {{"code", to_string(code)}, {"reason", kind.reason}, {"count", kind.since}});
    kind.told = now;
    kind.since = 0;
}

}  // namespace hocket
