#include "runner/workbench/trace.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "runner/execution/agent_output.h"

namespace hocket::workbench {

namespace {

constexpr const char* k_automatic_output = "_sensitive";

/// What is not JSON may have it anywhere.
bool mentions_sensitive(const std::string& bytes) {
    const Result<Json> reply = parse_json_object(bytes);
    return reply ? reply->contains(k_automatic_output) : bytes.find(k_automatic_output) != std::string::npos;
}

/// As it is, or how much it is.
Json shown(const std::string& bytes, bool is_secret) {
    if (!is_secret || bytes.empty()) return to_utf8(bytes);
    return execution::not_shown(bytes.size());
}

struct EndInWords {
    std::string operator()(const process::Exited& end) const {
        return "exit code " + std::to_string(end.code);
    }
    std::string operator()(const process::Signaled& end) const {
        return "signal " + std::to_string(end.signal);
    }
    std::string operator()(const process::TimedOut&) const { return "killed after its deadline"; }
    std::string operator()(const process::OutputTooLarge&) const { return "killed: its reply was too large"; }
    std::string operator()(const process::Stopped&) const { return "killed: it was not needed any more"; }
    std::string operator()(const process::Replied&) const { return "closed descriptor 3"; }
    std::string operator()(const process::LaunchFailed& end) const { return end.error.message; }
};

std::string lines_of(const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : dump_json(value);
    std::string lines;
    for (const std::string& line : split(trim(text), '\n'))
        lines += "    " + escape_text(line) + "\n";
    return lines;
}

std::string section(const std::string& title, const Json& values) {
    std::string text = title + "\n";
    if (!values.is_array()) return text + lines_of(values);
    for (const Json& value : values)
        text += lines_of(value);
    return text;
}

}  // namespace

bool is_secret(const Trace& trace, const ddl::Action* action) {
    if (action == nullptr) return true;
    const auto is_sensitive = [](const auto& field) { return field.sensitive; };
    if (std::ranges::any_of(action->inputs, is_sensitive)) return true;
    const auto is_declared = [](const ddl::Output& output) {
        return output.sensitive && output.name != k_automatic_output;
    };
    if (std::ranges::any_of(action->outputs, is_declared)) return true;
    if (action->find_output(k_automatic_output) == nullptr) return false;
    return trace.ended && mentions_sensitive(trace.ended->output);
}

Json trace_json(const Trace& seen, const ddl::Action* action, Sensitive sensitive) {
    const bool hides = sensitive == Sensitive::hidden && is_secret(seen, action);
    Json trace = Json::object();
    if (seen.spec) {
        std::vector<std::string> environment = seen.spec->environment;
        std::ranges::sort(environment);
        trace["command"] = seen.spec->argv;
        trace["environment"] = environment;
        trace["stdin"] = shown(seen.given.value_or(seen.spec->input), hides);
        trace["max_output_bytes"] = seen.spec->max_output_bytes;
        trace["grace_ms"] = seen.spec->grace_ms.count();
        trace["descriptor_3"] = seen.spec->has_reply_channel;
    }
    if (seen.replied) trace["reply"] = shown(*seen.replied, hides);
    for (const auto& [channel, bytes] : seen.printed)
        trace[channel == process::Channel::output ? "stdout" : "stderr"] = shown(bytes, hides);
    if (seen.ended) {
        if (!trace.contains("stdout")) trace["stdout"] = shown(seen.ended->output, hides);
        if (!trace.contains("stderr")) trace["stderr"] = shown(seen.ended->errors.text, hides);
        if (seen.ended->reply_used) trace["reply"] = shown(seen.ended->reply, hides);
        trace["end"] = std::visit(EndInWords(), seen.ended->end);
        trace["duration_ms"] = seen.ended->duration.count();
        trace["killed_leftovers"] = seen.ended->killed_orphans;
    }
    return trace;
}

std::string trace_text(const Trace& seen, const ddl::Action* action, Sensitive sensitive) {
    const Json trace = trace_json(seen, action, sensitive);
    if (trace.empty()) return "no process was started\n";
    std::string text;
    for (const char* name : {"command", "environment", "stdin", "stdout", "reply", "stderr", "end"}) {
        if (trace.contains(name)) text += section(name, trace.at(name));
    }
    text += "limits\n    max_output " + dump_json(trace.at("max_output_bytes")) + " bytes, grace " +
            dump_json(trace.at("grace_ms")) + " ms\n";
    const std::size_t left = seen.ended ? seen.ended->killed_orphans : 0;
    if (left > 0) text += "leftovers\n    " + std::to_string(left) + " processes were killed\n";
    return text;
}

}  // namespace hocket::workbench
