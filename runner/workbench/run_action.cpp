#include <cstdio>

#include <nlohmann/json.hpp>

#include "runner/workbench/answer_text.h"
#include "runner/workbench/call.h"
#include "runner/workbench/trace.h"

namespace hocket::workbench {

int run_action(const CallOptions& options, const RunOptions& run) {
    Log log(LogLevel::warn, Log::Timestamps::off);
    Result<Call> call = prepare_call(options, log);
    if (!call) return fail(call.error(), options);
    show_warnings(*call->bench);
    Answer answer = call->bench->ask(call->question);
    const ddl::Action* const action = call->action;
    const bool shows_all = run.sensitive == Sensitive::shown;
    if (!shows_all) hide_sensitive(answer, action);
    if (options.json) {
        Json object = answer_json(answer);
        if (run.trace) object["trace"] = trace_json(answer.trace, action, run.sensitive);
        std::printf("%s\n", dump_json_pretty(object).c_str());
    } else {
        if (run.trace) std::printf("%s\n", trace_text(answer.trace, action, run.sensitive).c_str());
        std::fputs(answer_text(answer, action, options.noop).c_str(), stdout);
    }
    return exit_code_of(answer.result.outcome);
}

}  // namespace hocket::workbench
