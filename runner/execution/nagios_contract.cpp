#include "runner/execution/nagios_contract.h"

#include "runner/execution/agent_process.h"
#include "runner/execution/nagios_reply.h"

namespace hocket::execution {

AgentResult NagiosContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    const ddl::Agent& agent = call.agent().ddl;
    return answer_of(call, ended, [&](int exit_code) {
        CheckedOutputs checked =
            NagiosReply(agent, call.action()).read({ended.output, ended.errors.text, exit_code});
        log_outputs(checked, agent, call.action(), log_);
        return std::move(checked.result);
    });
}

}  // namespace hocket::execution
