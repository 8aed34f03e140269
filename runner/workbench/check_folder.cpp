#include <cstdio>

#include <nlohmann/json.hpp>

#include "runner/workbench/agent_check.h"
#include "runner/workbench/call.h"

namespace hocket::workbench {

namespace {

/// Lines after the first are indented like its text.
std::string lines_of(const Finding& finding) {
    std::string lines = line_of(finding);
    for (std::size_t end = lines.find('\n'); end + 1 < lines.size(); end = lines.find('\n', end + 1))
        lines.insert(end + 1, "         ");
    return lines;
}

/// Errors: as prepare_call().
Result<bool> check(const CallOptions& options, const AgentCheck::Found& found) {
    Log log(LogLevel::error, Log::Timestamps::off);
    Result<Call> call = prepare_call(options, log);
    if (!call) return call.error();
    AgentCheck agent_check(*call->bench, found);
    if (options.action.empty()) {
        agent_check.run();
    } else {
        agent_check.run(call->question);
    }
    return !agent_check.has_errors();
}

}  // namespace

int check_folder(const CallOptions& options) {
    Json findings = Json::array();
    const Result<bool> good = check(options, [&](const Finding& finding) {
        if (!options.json) {
            std::fputs(lines_of(finding).c_str(), stdout);
            std::fflush(stdout);
        }
        findings.push_back({{"level", to_string(finding.level)}, {"text", finding.text}});
    });
    if (!good) return fail(good.error(), options);
    if (options.json) {
        const Json object = {{"schema", "io.hocket.agent-check.v1"}, {"good", *good}, {"findings", findings}};
        std::printf("%s\n", dump_json_pretty(object).c_str());
    }
    return *good ? 0 : 1;
}

}  // namespace hocket::workbench
