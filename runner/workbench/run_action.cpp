#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/redact.h"
#include "runner/workbench/call.h"
#include "runner/workbench/trace.h"

namespace hocket::workbench {

namespace {

std::string escape_lines(const std::string& text) {
    std::string lines;
    for (const std::string& line : split(trim(text), '\n'))
        lines += "  " + escape_text(line) + "\n";
    return lines;
}

std::string text_of(const Answer& answer, const Json& data, bool is_noop) {
    const execution::AgentResult& result = answer.result;
    std::string text =
        std::string(to_string(result.outcome)) + " in " + std::to_string(answer.took.count() / 1000) + " ms";
    if (result.changed == true) text += is_noop ? ", would change something" : ", changed";
    if (result.changed == false) text += is_noop ? ", would change nothing" : ", unchanged";
    text += "\n";
    if (result.statusmsg != "OK") text += escape_text(result.statusmsg) + "\n";
    for (const auto& [name, value] : data.items()) {
        const std::string shown = value.is_string() ? value.get<std::string>() : dump_json(value);
        text += "  " + name + ": ";
        for (const std::string& line : split(trim(shown), '\n'))
            text += escape_text(line) + "\n    ";
        text.resize(text.size() - 4);
    }
    if (result.diff) text += "diff:\n" + escape_lines(*result.diff);
    if (result.stderr_tail) text += "stderr:\n" + *result.stderr_tail;
    return text;
}

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

int run_action(const CallOptions& options, bool trace) {
    Log log(LogLevel::warn, Log::Timestamps::off);
    Result<Call> call = prepare_call(options, log);
    if (!call) return fail(call.error());
    show_warnings(*call->bench);
    Answer answer = call->bench->ask(call->question);
    const bool is_hidden = call->action != nullptr && call->action->has_sensitive_fields();
    if (is_hidden && answer.result.diff) answer.result.diff = "***";
    const Json data =
        call->action == nullptr ? answer.result.data : ddl::redact_outputs(call->action, answer.result.data);
    if (options.json) {
        Json object = json_of(answer, data);
        if (trace) object["trace"] = trace_json(answer.trace, call->action);
        std::printf("%s\n", dump_json_pretty(object).c_str());
    } else {
        if (trace) std::printf("%s\n", trace_text(answer.trace, call->action).c_str());
        std::fputs(text_of(answer, data, options.noop).c_str(), stdout);
    }
    return answer.result.outcome == Outcome::ok ? 0 : 1;
}

}  // namespace hocket::workbench
