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
    const ddl::Agent& agent = call.agent().ddl;
    return answer_of(call, ended, [&](int exit_code) {
        CheckedOutputs checked =
            JsonReply(agent, call.action()).read(ended.reply_used ? ended.reply : ended.output, exit_code);
        log_outputs(checked, agent, call.action(), log_);
        return std::move(checked.result);
    });
}

}  // namespace hocket::execution
