#include "runner/execution/agent_process.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/base/text.h"

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

/// The deadline counts from the receipt of the request; what a DDL leaves open the node decides.
void apply_limits(process::Spec& spec, const ddl::Run& run, const ExecutionLimits& limits) {
    spec.max_output_bytes = limits.max_output_bytes;
    if (run.max_output_bytes) {
        spec.max_output_bytes =
            std::min(spec.max_output_bytes, static_cast<std::size_t>(*run.max_output_bytes));
    }
    spec.stderr_head_bytes = limits.max_stderr_bytes / 2;
    spec.stderr_tail_bytes = limits.max_stderr_bytes - spec.stderr_head_bytes;
    spec.grace_ms = milliseconds(run.grace_s ? *run.grace_s * 1000 : limits.grace_ms);
    spec.drain_ms = milliseconds(limits.drain_ms);
}

AgentResult refusal_of_end(const agents::ValidCall& call, const process::Ended& ended) {
    if (const auto* signaled = std::get_if<process::Signaled>(&ended.end)) {
        return refusal({ErrorCode::crashed, "the agent was ended by " + signal_text(signaled->signal), {}});
    }
    if (std::holds_alternative<process::TimedOut>(ended.end)) {
        return refusal({ErrorCode::timeout,
                        "the agent gave no reply within " + seconds_text(call.timeout_ms()) +
                            ", so it and everything it had started was killed",
                        {}});
    }
    if (std::holds_alternative<process::OutputTooLarge>(ended.end)) {
        return refusal(
            {ErrorCode::too_large,
             "the agent wrote a reply over its limit (run.max_output, limits.max_output_bytes, or what the "
             "broker carries), so it was killed; nothing is ever cut",
             {}});
    }
    return refusal({ErrorCode::crashed, std::get<process::LaunchFailed>(ended.end).error.message, {}});
}

}  // namespace

process::Spec agent_process(const agents::ValidCall& call, const ExecutionContext& context,
                            const ExecutionLimits& limits, const std::filesystem::path& exec_helper) {
    const agents::InstalledAgent& agent = call.agent();
    const ddl::Run& run = agent.ddl.run;
    process::Spec spec;
    spec.environment = agent_environment(call, context);
    spec.working_directory = "/";
    spec.execution_id = context.id;
    spec.deadline = context.deadline;
    apply_limits(spec, run, limits);
    const bool keeps = run.orphans == ddl::Orphans::keep && agent.settings.permits_kept_orphans;
    spec.orphans = keeps ? process::Orphans::keep : process::Orphans::kill;
    spec.no_new_privileges = agent.settings.no_new_privs;
    if (const auto& user = agent.settings.run_as) {
        spec.run_as = process::RunAs{
            exec_helper.string(), user->uid, user->gid, {user->groups.begin(), user->groups.end()}};
    }
    return spec;
}

AgentResult answer_of(const agents::ValidCall& call, const process::Ended& ended,
                      const std::function<AgentResult(int exit_code)>& read) {
    const auto* const exited = std::get_if<process::Exited>(&ended.end);
    const bool is_read = exited != nullptr || std::holds_alternative<process::Replied>(ended.end);
    AgentResult result = is_read ? read(exited == nullptr ? 0 : exited->code) : refusal_of_end(call, ended);
    const bool wants_stderr = result.outcome != Outcome::ok && call.agent().ddl.run.send_stderr;
    if (wants_stderr && ended.errors.total_bytes > 0) result.stderr_tail = to_utf8(ended.errors.text);
    return result;
}

}  // namespace hocket::execution
