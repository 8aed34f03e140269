#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/ddl/redact.h"
#include "runner/workbench/answer_text.h"
#include "runner/workbench/call.h"
#include "runner/workbench/trace.h"

namespace hocket::workbench {

namespace {

Json json_of(const Answer& answer, const Json& data) {
    const execution::AgentResult& result = answer.result;
    Json object = {{"schema", "io.hocket.agent-run.v1"},
                   {"outcome", to_string(result.outcome)},
                   {"statuscode", result.statuscode},
                   {"statusmsg", result.statusmsg},
                   {"data", data},
                   {"took_us", answer.took.count()}};
    if (result.changed) object["changed"] = *result.changed;
    if (result.diff) object["diff"] = *result.diff;
    if (result.stderr_tail) object["stderr"] = *result.stderr_tail;
    if (result.error) {
        object["error"] = {{"kind", result.error->kind},
                           {"message", result.error->message},
                           {"details", result.error->details}};
    }
    return object;
}

}  // namespace

int run_action(const CallOptions& options, const RunOptions& run) {
    Log log(LogLevel::warn, Log::Timestamps::off);
    Result<Call> call = prepare_call(options, log);
    if (!call) return fail(call.error());
    show_warnings(*call->bench);
    Answer answer = call->bench->ask(call->question);
    const ddl::Action* const action = call->action;
    const bool shows_all = run.sensitive == Sensitive::shown;
    if (!shows_all && answer.result.diff && is_secret(answer.trace, action)) answer.result.diff = "***";
    const Json data =
        shows_all || action == nullptr ? answer.result.data : ddl::redact_outputs(action, answer.result.data);
    if (options.json) {
        Json object = json_of(answer, data);
        if (run.trace) object["trace"] = trace_json(answer.trace, action, run.sensitive);
        std::printf("%s\n", dump_json_pretty(object).c_str());
    } else {
        if (run.trace) std::printf("%s\n", trace_text(answer.trace, action, run.sensitive).c_str());
        std::fputs(answer_text(answer, data, action, options.noop).c_str(), stdout);
    }
    return answer.result.outcome == Outcome::ok ? 0 : 1;
}

}  // namespace hocket::workbench
