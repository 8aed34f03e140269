#include "runner/builtin/rpcutil.h"

#include <algorithm>
#include <filesystem>
#include <sys/times.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/filter/fact_path.h"
#include "hocket_version.h"

namespace hocket::builtin {

namespace {

/// The configuration that callers may read: nothing that helps against the node.
Json public_config(const RunnerConfig& config) {
    return {{"identity", config.identity},
            {"collectives", config.collectives},
            {"facts.refresh_ms", config.facts_refresh_ms},
            {"freshness.max_skew_ms", config.max_skew_ms},
            {"limits.drain_ms", config.drain_ms},
            {"limits.grace_ms", config.grace_ms},
            {"limits.max_output_bytes", config.max_output_bytes},
            {"limits.max_parallel", config.max_parallel},
            {"limits.max_request_bytes", config.max_request_bytes},
            {"limits.orphan_max_ms", config.orphan_max_ms}};
}

Json cpu_times() {
    tms times{};
    ::times(&times);
    const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return {{"utime", static_cast<double>(times.tms_utime) / ticks},
            {"stime", static_cast<double>(times.tms_stime) / ticks},
            {"cutime", static_cast<double>(times.tms_cutime) / ticks},
            {"cstime", static_cast<double>(times.tms_cstime) / ticks}};
}

Json thread_names() {
    Json names = Json::array();
    std::error_code error;
    for (std::filesystem::directory_iterator entry("/proc/self/task", error), end; !error && entry != end;
         entry.increment(error)) {
        const Result<std::string> name = read_file(entry->path() / "comm", 256);
        if (name) names.push_back(trim(*name));
    }
    return names;
}

/// Null when the fact is not there: a fleet's answers stay comparable.
Json fact_value(const Json& facts, std::string_view name) {
    const Json* value = filter::find_fact(facts, name);
    return value == nullptr ? Json() : *value;
}

}  // namespace

Result<BuiltinAgent::Answer> Rpcutil::call(const agents::ValidCall& call) {
    if (call.action().name == "get_data") {
        const Json& inputs = call.inputs().reveal();
        const auto query = inputs.find("query");
        return data_.ask(call, inputs.at("source").get<std::string>(),
                         query == inputs.end() ? std::nullopt : std::optional(query->get<std::string>()));
    }
    Result<Json> outputs = answer(call);
    if (!outputs) return outputs.error();
    return Answer(std::move(*outputs));
}

Result<Json> Rpcutil::answer(const agents::ValidCall& call) const {
    const std::string& action = call.action().name;
    if (action == "ping") return ping();
    if (action == "inventory") return inventory();
    if (action == "get_fact") return get_fact(call.inputs().reveal());
    if (action == "get_facts") return get_facts(call.inputs().reveal());
    if (action == "agent_inventory") return agent_inventory();
    if (action == "agent_ddl") return agent_ddl(call.inputs().reveal());
    if (action == "collective_info") return collective_info();
    if (action == "daemon_stats") return daemon_stats();
    if (action == "get_config_item") return get_config_item(call.inputs().reveal());
    return Error{ErrorCode::internal, "action '" + action + "' is declared and not implemented", {}};
}

Json Rpcutil::ping() const {
    return {{"pong", clock_.wall_ms() / 1000}};
}

Json Rpcutil::inventory() const {
    return {{"agents", node_.agents.names()},
            {"classes", node_.classes.current()},
            {"collectives", node_.config->collectives},
            {"main_collective", node_.config->collectives.front()},
            {"facts", *node_.facts.visible()},
            {"version", k_version},
            {"data_plugins", data_.names()},
            {"machines", Json::array()},
            {"upgradable", false}};
}

Json Rpcutil::get_fact(const Json& inputs) const {
    const auto name = inputs.at("fact").get<std::string>();
    return {{"fact", name}, {"value", fact_value(*node_.facts.visible(), name)}};
}

Json Rpcutil::get_facts(const Json& inputs) const {
    Json values = Json::object();
    for (const std::string& part : split(inputs.at("facts").get<std::string>(), ',')) {
        const std::string name(trim(part));
        values[name] = fact_value(*node_.facts.visible(), name);
    }
    return {{"values", values}};
}

Json Rpcutil::agent_inventory() const {
    Json agents = Json::array();
    for (const auto& [name, agent] : node_.agents.agents()) {
        const ddl::Metadata& metadata = agent->ddl.metadata;
        agents.push_back({{"agent", name},
                          {"name", metadata.name},
                          {"description", metadata.description},
                          {"author", metadata.author},
                          {"license", metadata.license},
                          {"version", metadata.version},
                          {"url", metadata.url},
                          {"timeout", metadata.timeout_s},
                          {"ddl_digest", agent->ddl_digest}});
    }
    return {{"agents", agents}};
}

Result<Json> Rpcutil::agent_ddl(const Json& inputs) const {
    const auto name = inputs.at("agent").get<std::string>();
    const auto agent = node_.agents.find(name);
    if (!agent) return agents::unknown_agent(name, node_.agents);
    return Json{{"agent", name}, {"digest", agent->ddl_digest}, {"ddl", agent->ddl_json}};
}

Json Rpcutil::collective_info() const {
    return {{"main_collective", node_.config->collectives.front()},
            {"collectives", node_.config->collectives}};
}

Json Rpcutil::daemon_stats() const {
    const Statistics& statistics = node_.statistics;
    return {{"agents", node_.agents.names()},
            {"configfile", node_.config->file.string()},
            {"denied", statistics.denied},
            {"dropped", node_.transport.dropped()},
            {"duplicates", statistics.duplicates},
            {"events", 0},
            {"filtered", statistics.filtered},
            {"outcomes", statistics.outcomes},
            {"passed", statistics.passed},
            {"pid", ::getpid()},
            {"replies", statistics.replies},
            {"starttime", node_.started_at_ms / 1000},
            {"threads", thread_names()},
            {"times", cpu_times()},
            {"total", statistics.total},
            {"ttlexpired", statistics.ttlexpired},
            {"unvalidated", statistics.unvalidated},
            {"validated", statistics.validated},
            {"version", k_version}};
}

Result<Json> Rpcutil::get_config_item(const Json& inputs) const {
    const auto item = inputs.at("item").get<std::string>();
    const Json config = public_config(*node_.config);
    if (!config.contains(item)) {
        std::vector<std::string> items;
        for (const auto& [name, value] : config.items())
            items.push_back(name);
        return Error{ErrorCode::invalid_input,
                     "item '" + item + "' is not one that is told; these are: " + join(items, ", "),
                     {{"/inputs/item", "list", "not an item that is told"}}};
    }
    return Json{{"item", item}, {"value", config.at(item)}};
}

}  // namespace hocket::builtin
