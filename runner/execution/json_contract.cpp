#include "runner/execution/json_contract.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"
#include "core/base/text.h"
#include "runner/execution/agent_process.h"
#include "runner/execution/environment.h"
#include "runner/execution/json_reply.h"

namespace hocket::execution {

namespace {

process::Spec json_process(const agents::InstalledAgent& agent, const ExecutionContext& context,
                           const Surroundings& surroundings) {
    const ddl::Run& run = agent.ddl.run;
    process::Spec spec = agent_process(agent, context.id, surroundings);
    spec.executable = agent.executable.string();
    spec.argv = {spec.executable};
    if (!run.command.empty()) spec.argv.insert(spec.argv.end(), run.command.begin() + 1, run.command.end());
    spec.environment.push_back("HOCKET_REPLY_FD=3");
    if (run.reply == ddl::ReplyWhen::on_close) spec.reply_time = process::ReplyTime::on_close;
    return spec;
}

/// "signal 9", or "exit code 3": that is no secret, whatever the rest of the text may hold.
std::string end_in(const std::string& text) {
    static const Regex end = Regex::compile(R"((?P<end>\b(?:signal|exit code) [0-9]{1,3})\b)").value();
    const auto found = end.capture(text);
    return found ? found->at("end") : "";
}

void add_worker(const ddl::Worker& worker, std::vector<std::string>& environment) {
    environment.push_back("HOCKET_WORKER_IN_FLIGHT=" + std::to_string(worker.in_flight));
    environment.push_back(std::string("HOCKET_WORKER_FORK=") + (worker.fork ? "true" : "false"));
}

}  // namespace

Result<process::Spec> JsonContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                            const Surroundings& surroundings) const {
    process::Spec spec = json_process(call.agent(), context, surroundings);
    add_call(call, context, spec.environment);
    spec.input = stdin_of(call, context, surroundings.identity);
    spec.deadline = context.deadline;
    return spec;
}

AgentResult JsonContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    return answer_of(call, ended, [&](int exit_code) {
        const std::string& output = ended.reply_used ? ended.reply : ended.output;
        return take(call, JsonReply(call.agent().ddl, call.action()).read(output, exit_code));
    });
}

process::Spec JsonContract::prepare_ahead(const agents::InstalledAgent& agent,
                                          const ExecutionContext& context,
                                          const Surroundings& surroundings) const {
    process::Spec spec = json_process(agent, context, surroundings);
    if (agent.ddl.run.contract == ddl::Contract::worker) add_worker(agent.ddl.run.worker, spec.environment);
    spec.standard_input = process::Stdin::pipe;
    spec.traits.dies_with_us = true;
    return spec;
}

std::string JsonContract::stdin_of(const agents::ValidCall& call, const ExecutionContext& context,
                                   const std::string& identity) const {
    return agent_request(call, context, identity, ReadBy::one_shot);
}

std::string JsonContract::line_of(const agents::ValidCall& call, const ExecutionContext& context,
                                  const std::string& identity) const {
    return agent_request(call, context, identity, ReadBy::worker) + '\n';
}

AgentResult JsonContract::interpret_line(const agents::ValidCall& call, Json object,
                                         std::string_view line) const {
    const auto crashed = object.find("crashed");
    if (crashed == object.end()) {
        return take(call, JsonReply(call.agent().ddl, call.action()).read(std::move(object), line));
    }
    std::string message = "the worker lost the process of this request";
    const std::string why = crashed->is_string() ? crashed->get<std::string>() : "";
    if (!why.empty())
        message += ": " + (call.action().has_sensitive_fields() ? end_in(why) : quote_bytes(why));
    return refusal({ErrorCode::crashed, message, {}});
}

AgentResult JsonContract::take(const agents::ValidCall& call, CheckedOutputs checked) const {
    log_outputs(checked, call.agent().ddl, call.action(), log_);
    return std::move(checked.result);
}

}  // namespace hocket::execution
