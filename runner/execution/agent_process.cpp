#include "runner/execution/agent_process.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "core/base/text.h"
#include "runner/execution/agent_output.h"
#include "runner/execution/environment.h"

namespace hocket::execution {

namespace {

using std::chrono::milliseconds;

std::string seconds_text(std::int64_t span_ms) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(span_ms) / 1000.0);
    return text;
}

std::string signal_text(int signal) {
    return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ')';
}

/// The limit that the kernel ends a process for by this signal and no other.
std::string limit_of(const process::End& end) {
    const auto* const signaled = std::get_if<process::Signaled>(&end);
    if (signaled == nullptr) return {};
    if (signaled->signal == SIGXCPU) return "processor time (cpu_s)";
    return signaled->signal == SIGXFSZ ? "the size of a file (file_bytes)" : "";
}

/// The deadline counts from the receipt of the request; what a DDL leaves open the node decides.
void apply_limits(process::Spec& spec, const ddl::Run& run, const ExecutionLimits& limits) {
    spec.max_output_bytes = limits.max_output_bytes;
    if (run.max_output_bytes) {
        spec.max_output_bytes =
            std::min(spec.max_output_bytes, static_cast<std::size_t>(*run.max_output_bytes));
    }
    spec.max_stderr_bytes = limits.max_stderr_bytes;
    spec.grace_ms = milliseconds(run.grace_s ? *run.grace_s * 1000 : limits.grace_ms);
    spec.drain_ms = milliseconds(limits.drain_ms);
}

AgentResult refusal_of_end(const agents::ValidCall& call, const process::Ended& ended) {
    if (std::holds_alternative<process::TimedOut>(ended.end)) return timeout_of(call);
    if (std::holds_alternative<process::OutputTooLarge>(ended.end)) return too_large();
    const bool is_signal = std::holds_alternative<process::Signaled>(ended.end);
    return refusal({ErrorCode::crashed, (is_signal ? "the agent was ended by " : "") + text_of(ended), {}});
}

}  // namespace

process::Spec agent_process(const agents::InstalledAgent& agent, std::string execution_id,
                            const Surroundings& surroundings) {
    const ddl::Run& run = agent.ddl.run;
    process::Spec spec;
    spec.environment = agent_environment(agent, execution_id, surroundings);
    spec.working_directory = "/";
    spec.execution_id = std::move(execution_id);
    apply_limits(spec, run, surroundings.limits);
    spec.orphans = keeps_orphans(agent) ? process::Orphans::keep : process::Orphans::kill;
    spec.traits = agent.settings.traits;
    spec.cgroup_limits = agent.settings.cgroup_limits;
    spec.scratch_folder = scratch_folder(agent, spec.execution_id, surroundings);
    if (const auto& user = agent.settings.run_as) {
        spec.run_as = process::RunAs{surroundings.exec_helper.string(),
                                     user->uid,
                                     user->gid,
                                     {user->groups.begin(), user->groups.end()}};
    }
    return spec;
}

AgentResult answer_of(const agents::ValidCall& call, const process::Ended& ended,
                      const std::function<AgentResult(int exit_code)>& read) {
    const auto* const exited = std::get_if<process::Exited>(&ended.end);
    const bool is_read = exited != nullptr || std::holds_alternative<process::Replied>(ended.end);
    AgentResult result = is_read ? read(exited == nullptr ? 0 : exited->code) : refusal_of_end(call, ended);
    add_stderr(call, ended.errors.text, result);
    return result;
}

std::string text_of(const process::Ended& ended) {
    const bool is_memory = ended.ran_out_of_memory;
    const std::string limit = limit_of(ended.end);
    if (!limit.empty()) return text_of(ended.end) + ", because it passed its limit of " + limit;
    return text_of(ended.end) +
           (is_memory ? ", because it took more memory than its limit (memory_bytes)" : "");
}

std::string text_of(const process::End& end) {
    if (const auto* exited = std::get_if<process::Exited>(&end)) {
        return "exit code " + std::to_string(exited->code);
    }
    if (const auto* signaled = std::get_if<process::Signaled>(&end)) return signal_text(signaled->signal);
    if (const auto* failed = std::get_if<process::LaunchFailed>(&end)) return failed->error.message;
    return "hocketd, which had ended it";
}

AgentResult timeout_of(const agents::ValidCall& call) {
    return refusal({ErrorCode::timeout,
                    "the agent gave no reply within " + seconds_text(call.timeout_ms()) +
                        ", so it and everything it had started was killed",
                    {}});
}

AgentResult too_large() {
    return refusal(
        {ErrorCode::too_large,
         "the agent wrote a reply over its limit (run.max_output, limits.max_output_bytes, or what the "
         "broker carries); nothing is ever cut",
         {}});
}

void add_stderr(const agents::ValidCall& call, std::string_view errors, AgentResult& result) {
    const bool is_wanted = result.outcome != Outcome::ok && call.agent().ddl.run.send_stderr;
    if (!is_wanted || errors.empty()) return;
    result.stderr_tail = call.action().has_sensitive_inputs() ? not_shown(errors.size()) : to_utf8(errors);
}

}  // namespace hocket::execution
