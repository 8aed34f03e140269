#include "runner/workbench/answer_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/redact.h"
#include "runner/workbench/trace.h"

namespace hocket::workbench {

namespace {

std::string escaped_lines(const std::string& text, const std::string& between) {
    std::vector<std::string> lines;
    for (const std::string& line : split(trim(text), '\n'))
        lines.push_back(escape_text(line));
    return join(lines, between);
}

std::string row(const std::string& name, const std::string& text) {
    return "  " + escape_text(name) + ": " + escaped_lines(text, "\n    ") + "\n";
}

struct Reason {
    std::string message;
    std::string status;  ///< where it says more
    std::string kind;    ///< the agent's
};

Reason reason_of(const execution::AgentResult& result) {
    if (!result.error) return {result.statusmsg, "", ""};
    Reason reason{result.error->message, "", ""};
    const bool says_more = !result.statusmsg.empty() && result.statusmsg != "OK";
    if (says_more && result.statusmsg != reason.message) reason.status = result.statusmsg;
    if (result.error->kind != "hocket/" + std::string(to_string(result.outcome)))
        reason.kind = result.error->kind;
    return reason;
}

std::string failure_rows(const execution::AgentResult& result) {
    const Reason reason = reason_of(result);
    std::string text = row("message", reason.message);
    if (!reason.status.empty()) text += row("status", reason.status);
    if (!reason.kind.empty()) text += row("kind", reason.kind);
    return text;
}

std::string output_row(const std::string& name, const Json& value, const ddl::Action* action) {
    std::string text = row(name, value.is_string() ? value.get<std::string>() : dump_json(value));
    const std::string why = action == nullptr ? "" : why_undeclared(*action, name);
    if (!why.empty()) text.insert(text.size() - 1, " (" + why + ")");
    return text;
}

/// The reply, if it is an object.
Json reply_in(const Trace& trace) {
    std::string bytes = trace.replied.value_or("");
    if (trace.ended) bytes = trace.ended->reply_used ? trace.ended->reply : trace.ended->output;
    const Result<Json> reply = parse_json_object(bytes);
    return reply ? *reply : Json::object();
}

}  // namespace

std::string reason_text(const execution::AgentResult& result) {
    const Reason reason = reason_of(result);
    std::string text = escaped_lines(reason.message, "\n");
    if (!reason.status.empty()) text += "; status: " + escaped_lines(reason.status, "\n");
    if (!reason.kind.empty()) text += "; kind: " + escape_text(reason.kind);
    return text;
}

void hide_sensitive(Answer& answer, const ddl::Action* action) {
    execution::AgentResult& result = answer.result;
    if (result.diff && is_secret(answer.trace, action)) result.diff = "***";
    if (action != nullptr) result.data = ddl::redact_outputs(action, result.data);
}

Json answer_json(const Answer& answer) {
    const execution::AgentResult& result = answer.result;
    Json object = {{"schema", "io.hocket.agent-run.v1"},
                   {"outcome", to_string(result.outcome)},
                   {"statuscode", result.statuscode},
                   {"statusmsg", result.statusmsg},
                   {"data", result.data},
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

std::string answer_text(const Answer& answer, const ddl::Action* action, bool is_noop) {
    const execution::AgentResult& result = answer.result;
    std::string text =
        std::string(to_string(result.outcome)) + " in " + std::to_string(answer.took.count() / 1000) + " ms";
    if (result.changed == true) text += is_noop ? ", would change something" : ", changed";
    if (result.changed == false) text += is_noop ? ", would change nothing" : ", unchanged";
    text += "\n";
    if (result.outcome != Outcome::ok) text += failure_rows(result);
    if (result.outcome == Outcome::ok && result.statusmsg != "OK")
        text += escaped_lines(result.statusmsg, "\n") + "\n";
    for (const auto& [name, value] : result.data.items())
        text += output_row(name, value, action);
    if (action != nullptr) {
        for (const std::string& name : outputs_beside_data(*action, answer.trace))
            text += "  " + name + ": stands beside `data` in the reply, where nobody reads it\n";
    }
    if (result.diff) text += "diff:\n  " + escaped_lines(*result.diff, "\n  ") + "\n";
    if (result.stderr_tail) text += "stderr:\n" + escaped_lines(*result.stderr_tail, "\n") + "\n";
    return text;
}

std::string why_undeclared(const ddl::Action& action, const std::string& output) {
    if (action.find_output(output) != nullptr) return {};
    std::vector<std::string> declared;
    for (const ddl::Output& each : action.outputs)
        declared.push_back(each.name);
    const std::string hint = ddl::did_you_mean(output, declared);
    return "not declared as an output" + (hint.empty() ? "" : "; " + hint);
}

std::vector<std::string> outputs_beside_data(const ddl::Action& action, const Trace& trace) {
    static const std::vector<std::string> members = {"id",    "statuscode", "statusmsg", "data",
                                                     "error", "changed",    "diff"};
    const Json reply = reply_in(trace);
    std::vector<std::string> names;
    if (!reply.contains("statuscode") && !reply.contains("error")) return names;  // of another contract
    for (const ddl::Output& output : action.outputs) {
        const bool is_member = std::find(members.begin(), members.end(), output.name) != members.end();
        if (!is_member && reply.contains(output.name)) names.push_back(output.name);
    }
    return names;
}

}  // namespace hocket::workbench
