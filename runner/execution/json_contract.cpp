#include "runner/execution/json_contract.h"

#include "runner/execution/agent_process.h"
#include "runner/execution/json_reply.h"

namespace hocket::execution {

Result<process::Spec> JsonContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                            const ExecutionLimits& limits) const {
    const agents::InstalledAgent& agent = call.agent();
    const ddl::Run& run = agent.ddl.run;
    process::Spec spec = agent_process(call, context, limits, exec_helper_);
    spec.executable = agent.executable.string();
    spec.argv = {spec.executable};
    if (!run.command.empty()) spec.argv.insert(spec.argv.end(), run.command.begin() + 1, run.command.end());
    spec.environment.push_back("HOCKET_REPLY_FD=3");
    spec.input = agent_request(call, context);
    if (run.reply == ddl::ReplyWhen::on_close) spec.reply_time = process::ReplyTime::on_close;
    return spec;
}

AgentResult JsonContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    std::optional<AgentResult> refused = refusal_of_end(call, ended);
    AgentResult result = refused ? std::move(*refused) : read_reply(call, ended);
    add_stderr(result, call, ended);
    return result;
}

AgentResult JsonContract::read_reply(const agents::ValidCall& call, const process::Ended& ended) const {
    const auto* exited = std::get_if<process::Exited>(&ended.end);
    JsonReply reply(call.agent().ddl, call.action());
    CheckedOutputs checked =
        reply.read(ended.reply_used ? ended.reply : ended.output, exited == nullptr ? 0 : exited->code);
    log_outputs(checked, call.agent().ddl, call.action(), log_);
    return std::move(checked.result);
}

}  // namespace hocket::execution
