#include "runner/execution/script_contract.h"

#include <nlohmann/json.hpp>

#include "core/ddl/argument_template.h"
#include "runner/execution/agent_process.h"
#include "runner/execution/environment.h"
#include "runner/execution/script_reply.h"

namespace hocket::execution {

namespace {

/// What a place in a command may stand for: the inputs, and two words of the call.
Json values_of(const agents::ValidCall& call) {
    Json values = call.inputs().reveal();
    values.emplace("action", call.action().name);
    values.emplace("noop", call.request().noop);
    return values;
}

Result<std::vector<std::string>> arguments_of(const agents::ValidCall& call, const ddl::Script& script) {
    const Result<ddl::ArgumentTemplate> command = ddl::ArgumentTemplate::parse(script.command);
    if (!command) return command.error();
    return command->fill(values_of(call));
}

std::string input_of(const agents::ValidCall& call, const ddl::Script& script) {
    const std::string& wanted = script.standard_input;
    if (wanted.empty()) return {};
    if (wanted == ddl::k_stdin_json) return dump_json(call.inputs().reveal());
    const auto value = call.inputs().reveal().find(wanted.substr(1, wanted.size() - 2));
    return value == call.inputs().reveal().end() ? std::string() : ddl::text_of(*value);
}

}  // namespace

Result<process::Spec> ScriptContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                              const Surroundings& surroundings) const {
    const ddl::Script script = call.agent().ddl.script_of(call.action());
    Result<std::vector<std::string>> arguments = arguments_of(call, script);
    if (!arguments) return arguments.error();
    process::Spec spec = agent_process(call.agent(), context.id, surroundings);
    add_call(call, context, spec.environment);
    spec.deadline = context.deadline;
    spec.executable = (call.agent().folder / arguments->front()).string();
    spec.argv = std::move(*arguments);
    spec.argv.front() = spec.executable;
    spec.input = input_of(call, script);
    spec.has_reply_channel = false;
    return spec;
}

AgentResult ScriptContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    const ddl::Agent& agent = call.agent().ddl;
    return answer_of(call, ended, [&](int exit_code) {
        CheckedOutputs checked =
            ScriptReply(agent, call.action()).read({ended.output, ended.errors.text, exit_code});
        log_outputs(checked, agent, call.action(), log_);
        return std::move(checked.result);
    });
}

}  // namespace hocket::execution
