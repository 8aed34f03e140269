#include "runner/status.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "hocket_version.h"

namespace hocket {

namespace {

const char* to_string(Phase phase) {
    switch (phase) {
        case Phase::running: return "running";
        case Phase::draining: return "draining";
        case Phase::stopped: return "stopped";
    }
    return "running";
}

}  // namespace

std::string status_text(const NodeState& node, std::int64_t now_ms, const execution::Executor& executor,
                        Phase phase) {
    const Statistics& statistics = node.statistics;
    Json status = {{"identity", node.config->identity},
                   {"version", k_version},
                   {"pid", ::getpid()},
                   {"written_at_ms", now_ms},
                   {"started_at_ms", node.started_at_ms},
                   {"uptime_ms", now_ms - node.started_at_ms},
                   {"state", to_string(phase)},
                   {"broker",
                    {{"url", node.transport.broker()},
                     {"state", transport::to_string(node.transport.state())},
                     {"dropped", node.transport.dropped()}}},
                   {"collectives", node.config->collectives},
                   {"agents", node.agents.names()},
                   {"running", executor.running() - executor.waiting()},
                   {"waiting", executor.waiting()},
                   {"workers", executor.workers().serving()},
                   {"standby", executor.standby().waiting()},
                   {"statistics",
                    {{"total", statistics.total},
                     {"validated", statistics.validated},
                     {"unvalidated", statistics.unvalidated},
                     {"passed", statistics.passed},
                     {"filtered", statistics.filtered},
                     {"ttlexpired", statistics.ttlexpired},
                     {"duplicates", statistics.duplicates},
                     {"denied", statistics.denied},
                     {"replies", statistics.replies},
                     {"outcomes", statistics.outcomes}}}};
    if (const auto expires = node.keys->certificate_expires_ms()) status["certificate_expires_ms"] = *expires;
    if (const auto due = node.keys->crl_next_update_ms()) status["crl_next_update_ms"] = *due;
    return dump_json_pretty(status) + '\n';
}

}  // namespace hocket
