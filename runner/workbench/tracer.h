#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "runner/execution/observer.h"

namespace hocket::workbench {

/// What went into the process of a call, and what came out.
struct Trace {
    std::optional<process::Spec> spec;                ///< none: no process was started for it, or by it
    std::optional<std::string> given;                 ///< to one that waited, or to a worker
    std::optional<std::string> replied;               ///< by a worker
    std::map<process::Channel, std::string> printed;  ///< likewise
    std::optional<process::Ended> ended;
};

/// Keeps what happens until it is asked for.
class Tracer final : public execution::Observer {
public:
    void started(const process::Spec& spec) override { trace_.spec = spec; }
    void given(std::string_view input) override { trace_.given = input; }
    void printed(process::Channel channel, std::string_view bytes) override {
        trace_.printed[channel] += bytes;
    }
    void replied(std::string_view line) override { trace_.replied = line; }
    void ended(const process::Ended& ended) override { trace_.ended = ended; }

    Trace take() { return std::exchange(trace_, {}); }

private:
    Trace trace_;
};

}  // namespace hocket::workbench
