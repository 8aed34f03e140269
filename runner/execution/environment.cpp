#include "runner/execution/environment.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/json_text.h"
#include "core/base/text.h"
#include "core/ddl/argument_template.h"

namespace hocket::execution {

namespace {

constexpr std::size_t k_max_input_bytes = 32U << 10U;
constexpr const char* k_prefix = "HOCKET_INPUT_";
constexpr const char* k_omitted = "OMITTED";  ///< names the inputs that have no variable

void add_inputs(const agents::ValidCall& call, std::vector<std::string>& environment) {
    std::size_t used = 0;
    std::string omitted;
    for (const auto& [name, value] : call.inputs().reveal().items()) {
        const ddl::Input* input = call.action().find_input(name);
        const std::string text = ddl::text_of(value);
        const bool sensitive = input != nullptr && input->sensitive;
        const bool has_taken_name = to_upper_ascii(name) == k_omitted;
        if (sensitive || has_taken_name || text.find('\0') != std::string::npos ||
            used + text.size() > k_max_input_bytes) {
            omitted += (omitted.empty() ? "" : " ") + name;
            continue;
        }
        used += text.size();
        environment.push_back(k_prefix + to_upper_ascii(name) + '=' + text);
    }
    if (!omitted.empty()) environment.push_back(std::string(k_prefix) + k_omitted + '=' + omitted);
}

}  // namespace

std::string scratch_path(const std::string& execution_id, const Surroundings& surroundings) {
    return (surroundings.tmp_folder / ("hocket-" + execution_id)).string();
}

std::string scratch_folder(const agents::InstalledAgent& agent, const std::string& execution_id,
                           const Surroundings& surroundings) {
    if (!agent.settings.has_private_tmp || keeps_orphans(agent)) return {};
    return scratch_path(execution_id, surroundings);
}

bool keeps_orphans(const agents::InstalledAgent& agent) {
    return agent.ddl.run.orphans == ddl::Orphans::keep && agent.settings.permits_kept_orphans;
}

std::vector<std::string> agent_environment(const agents::InstalledAgent& agent,
                                           const std::string& execution_id,
                                           const Surroundings& surroundings) {
    const std::optional<agents::RunAs>& run_as = agent.settings.run_as;
    const std::string scratch = scratch_folder(agent, execution_id, surroundings);
    return {
        "PATH=" + surroundings.search_path,
        "LANG=C.UTF-8",
        "HOME=" + (run_as ? run_as->home : surroundings.home),
        "TMPDIR=" + (scratch.empty() ? surroundings.tmp_folder.string() : scratch),
        "PYTHONUNBUFFERED=1",
        "HOCKET_PROTOCOL=1",
        "HOCKET_CONTRACT=" + std::string(to_string(agent.ddl.run.contract)),
        "HOCKET_AGENT=" + agent.ddl.metadata.name,
        "HOCKET_EXECUTION_ID=" + execution_id,
    };
}

void add_call(const agents::ValidCall& call, const ExecutionContext& context,
              std::vector<std::string>& environment) {
    const wire::Request& request = call.request();
    environment.insert(environment.end(), {
                                              "HOCKET_ACTION=" + call.action().name,
                                              "HOCKET_REQUEST_ID=" + request.id,
                                              "HOCKET_CALLER=" + request.caller,
                                              "HOCKET_DEADLINE=" + std::to_string(context.deadline_ms),
                                              std::string("HOCKET_NOOP=") + (request.noop ? "true" : "false"),
                                          });
    add_inputs(call, environment);
}

std::string agent_request(const agents::ValidCall& call, const ExecutionContext& context,
                          const std::string& identity, ReadBy reader) {
    const wire::Request& request = call.request();
    JsonText text;
    text.add("action", call.action().name)
        .add("agent", call.agent().ddl.metadata.name)
        .add("caller", request.caller)
        .add("collective", request.collective)
        .add_json("config", call.agent().settings.config)
        .add("deadline", context.deadline_ms);
    if (reader == ReadBy::worker) text.add("id", context.id);
    text.add("identity", identity)
        .add_json("inputs", call.inputs().reveal())
        .add("noop", request.noop)
        .add("protocol", "io.hocket.agent.v1")
        .add("request_id", request.id);
    return std::move(text).take();
}

}  // namespace hocket::execution
