#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "runner/workbench/answer_text.h"
#include "runner/workbench/call.h"
#include "runner/workbench/percentile.h"

namespace hocket::workbench {

namespace {

// A python is ready after 20 ms; without a pause no process on standby ever is.
constexpr int k_pause_of_standby_ms = 60;

double milliseconds(std::int64_t microseconds) {
    return static_cast<double>(microseconds) / 1000;
}

void show(const std::vector<std::int64_t>& sorted, bool json) {
    if (json) {
        const Json object = {{"schema", "io.hocket.agent-bench.v1"}, {"runs", sorted.size()},
                             {"fastest_us", sorted.front()},         {"p50_us", percentile(sorted, 50)},
                             {"p99_us", percentile(sorted, 99)},     {"slowest_us", sorted.back()}};
        std::printf("%s\n", dump_json_pretty(object).c_str());
        return;
    }
    std::printf("%zu runs: p50 %.1f ms, p99 %.1f ms, from %.1f to %.1f ms\n", sorted.size(),
                milliseconds(percentile(sorted, 50)), milliseconds(percentile(sorted, 99)),
                milliseconds(sorted.front()), milliseconds(sorted.back()));
}

/// As `run` shows it.
int fail_run(int run, Answer answer, const Call& call, const CallOptions& options) {
    hide_sensitive(answer, call.action);
    if (options.json) std::printf("%s\n", dump_json_pretty(answer_json(answer)).c_str());
    std::fprintf(stderr, "hocket-agent: run %d: %s", run,
                 answer_text(answer, call.action, options.noop).c_str());
    return exit_code_of(answer.result.outcome);
}

}  // namespace

int time_action(const CallOptions& options, int runs, int pause_ms) {
    Log log(LogLevel::warn, Log::Timestamps::off);
    Result<Call> call = prepare_call(options, log);
    if (!call) return fail(call.error(), options);
    show_warnings(*call->bench);
    const ddl::Run& run_block = call->bench->agent().ddl.run;
    call->bench->keep_ready();
    if (pause_ms < 0) pause_ms = run_block.standby > 0 ? k_pause_of_standby_ms : 0;
    std::vector<std::int64_t> took_us;
    for (int run = 0; run <= runs; ++run) {
        if (pause_ms > 0) call->bench->rest(std::chrono::milliseconds(pause_ms));
        const Answer answer = call->bench->ask(call->question);
        if (answer.result.outcome != Outcome::ok) {
            return fail_run(run, answer, *call, options);
        }
        if (run > 0) took_us.push_back(answer.took.count());  // the first one finds nothing in the caches
    }
    std::ranges::sort(took_us);
    if (!options.json) {
        std::printf("contract %s%s, %d ms between runs\n", std::string(to_string(run_block.contract)).c_str(),
                    run_block.standby > 0 ? " on standby" : "", pause_ms);
    }
    show(took_us, options.json);
    return 0;
}

}  // namespace hocket::workbench
