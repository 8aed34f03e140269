#include "runner/workbench/trace.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::workbench {

namespace {

/// As it is, or how much it is.
Json shown(const std::string& bytes, const ddl::Action* action) {
    const bool is_secret = action == nullptr || action->has_sensitive_fields();
    if (!is_secret || bytes.empty()) return to_utf8(bytes);
    return "(" + std::to_string(bytes.size()) + " bytes, not shown: the action has sensitive fields)";
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

Json trace_json(const Trace& seen, const ddl::Action* action) {
    Json trace = Json::object();
    if (seen.spec) {
        std::vector<std::string> environment = seen.spec->environment;
        std::ranges::sort(environment);
        trace["command"] = seen.spec->argv;
        trace["environment"] = environment;
        trace["stdin"] = shown(seen.given.value_or(seen.spec->input), action);
        trace["max_output_bytes"] = seen.spec->max_output_bytes;
        trace["grace_ms"] = seen.spec->grace_ms.count();
        trace["descriptor_3"] = seen.spec->has_reply_channel;
    }
    if (seen.replied) trace["reply"] = shown(*seen.replied, action);
    for (const auto& [channel, bytes] : seen.printed)
        trace[channel == process::Channel::output ? "stdout" : "stderr"] = shown(bytes, action);
    if (seen.ended) {
        if (!trace.contains("stdout")) trace["stdout"] = shown(seen.ended->output, action);
        if (!trace.contains("stderr")) trace["stderr"] = shown(seen.ended->errors.text, action);
        if (seen.ended->reply_used) trace["reply"] = shown(seen.ended->reply, action);
        trace["end"] = std::visit(EndInWords(), seen.ended->end);
        trace["duration_ms"] = seen.ended->duration.count();
        trace["killed_leftovers"] = seen.ended->killed_orphans;
    }
    return trace;
}

std::string trace_text(const Trace& seen, const ddl::Action* action) {
    const Json trace = trace_json(seen, action);
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
