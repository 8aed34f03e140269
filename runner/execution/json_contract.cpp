#include "runner/execution/json_contract.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/base/text.h"
#include "runner/execution/json_reply.h"

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

}  // namespace

process::Spec JsonContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                    const ExecutionLimits& limits) const {
    const agents::InstalledAgent& agent = call.agent();
    const ddl::Run& run = agent.ddl.run;
    process::Spec spec;
    spec.executable = agent.executable.string();
    spec.argv = {spec.executable};
    if (!run.command.empty()) spec.argv.insert(spec.argv.end(), run.command.begin() + 1, run.command.end());
    spec.environment = agent_environment(call, context);
    spec.working_directory = "/";
    spec.input = agent_request(call, context);
    spec.execution_id = context.id;
    spec.deadline = context.deadline;
    apply_limits(spec, run, limits);
    const bool keeps = run.orphans == ddl::Orphans::keep && agent.settings.permits_kept_orphans;
    spec.orphans = keeps ? process::Orphans::keep : process::Orphans::kill;
    if (run.reply == ddl::ReplyWhen::on_close) spec.reply_time = process::ReplyTime::on_close;
    spec.no_new_privileges = agent.settings.no_new_privs;
    if (const auto& user = agent.settings.run_as) {
        spec.run_as = process::RunAs{
            exec_helper_.string(), user->uid, user->gid, {user->groups.begin(), user->groups.end()}};
    }
    return spec;
}

AgentResult JsonContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    AgentResult result = result_of(call, ended);
    const bool wants_stderr = result.outcome != Outcome::ok && call.agent().ddl.run.send_stderr;
    if (wants_stderr && ended.errors.total_bytes > 0) result.stderr_tail = to_utf8(ended.errors.text);
    return result;
}

AgentResult JsonContract::result_of(const agents::ValidCall& call, const process::Ended& ended) const {
    if (const auto* exited = std::get_if<process::Exited>(&ended.end))
        return read_reply(call, ended, exited->code);
    if (std::holds_alternative<process::Replied>(ended.end)) return read_reply(call, ended, 0);
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

AgentResult JsonContract::read_reply(const agents::ValidCall& call, const process::Ended& ended,
                                     int exit_code) const {
    JsonReply reply(call.agent().ddl, call.action());
    AgentResult result = reply.read(ended.reply_used ? ended.reply : ended.output, exit_code);
    for (const std::string& name : reply.undeclared()) {
        log_.debug(
            "an output is not declared",
            {{"agent", call.agent().ddl.metadata.name}, {"action", call.action().name}, {"output", name}});
    }
    for (const Violation& violation : reply.warnings()) {
        log_.warn("outputs break the agent's DDL", {{"agent", call.agent().ddl.metadata.name},
                                                    {"action", call.action().name},
                                                    {"reason", violation.message}});
    }
    return result;
}

}  // namespace hocket::execution
