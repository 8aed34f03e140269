#include "runner/execution/bolt_contract.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/argument_template.h"
#include "core/process/shebang.h"
#include "runner/execution/agent_process.h"
#include "runner/execution/bolt_reply.h"
#include "runner/execution/environment.h"

namespace hocket::execution {

namespace {

using ddl::InputMethod;

constexpr const char* k_own_task = "init";           // is called as its module
constexpr std::size_t k_max_variable = 100U << 10U;  // the kernel's limit is 128 KiB for one

/// What a task is given: the inputs, and what Bolt adds.
Json parameters_of(const agents::ValidCall& call) {
    const wire::Request& request = call.request();
    const bool is_own = request.action == k_own_task;
    Json parameters = call.inputs().reveal();
    parameters["_task"] = is_own ? request.agent : request.agent + "::" + request.action;
    parameters["_installdir"] = call.agent().folder.parent_path().parent_path().string();
    if (request.noop) parameters["_noop"] = true;
    return parameters;
}

/// Sensitive ones have no variable: anybody of the same user can read it. With `both` they are on stdin.
Result<void> add_variables(const agents::ValidCall& call, const Json& parameters,
                           std::vector<std::string>& environment) {
    const bool are_all = call.action().input_method == InputMethod::environment;
    for (const auto& [name, value] : parameters.items()) {
        const ddl::Input* const input = call.action().find_input(name);
        if (input != nullptr && input->sensitive) continue;
        const std::string text = ddl::text_of(value);
        const bool fits = text.size() <= k_max_variable && text.find('\0') == std::string::npos;
        if (fits) {
            environment.push_back("PT_" + name + '=' + text);
        } else if (are_all) {
            const std::string message = "input '" + name + "' holds U+0000 or has more than " +
                                        std::to_string(k_max_variable) +
                                        " bytes, and the task wants it in a variable";
            return Error{ErrorCode::invalid_input, message, {{"/inputs/" + name, "argument", message}}};
        }
    }
    return {};
}

/// The interpreter of a program without the execute bit: Bolt sets that where it copies the task to.
std::vector<std::string> interpreter_of(const std::string& program) {
    if (::access(program.c_str(), X_OK) == 0) return {};
    return process::interpreter_of(process::read_shebang(program));
}

}  // namespace

Result<process::Spec> BoltContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                            const Surroundings& surroundings) const {
    const ddl::Script script = call.agent().ddl.script_of(call.action());
    const std::string program = (call.agent().folder / script.command.front()).string();
    const Json parameters = parameters_of(call);
    process::Spec spec = agent_process(call.agent(), context.id, surroundings);
    add_call(call, context, spec.environment);
    if (call.action().input_method != InputMethod::standard_input) {
        Result<void> added = add_variables(call, parameters, spec.environment);
        if (!added) return added.error();
    }
    if (call.action().input_method != InputMethod::environment) spec.input = dump_json(parameters);
    spec.argv = interpreter_of(program);
    spec.argv.push_back(program);
    spec.executable = spec.argv.front();
    spec.deadline = context.deadline;
    spec.has_reply_channel = false;
    return spec;
}

AgentResult BoltContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    const ddl::Agent& agent = call.agent().ddl;
    return answer_of(call, ended, [&](int exit_code) {
        CheckedOutputs checked =
            BoltReply(agent, call.action()).read({ended.output, ended.errors.text, exit_code});
        log_outputs(checked, agent, call.action(), log_);
        return std::move(checked.result);
    });
}

}  // namespace hocket::execution
