#include "runner/execution/choria_contract.h"

#include <algorithm>
#include <span>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/wire/request_id.h"
#include "runner/execution/agent_process.h"
#include "runner/execution/choria_reply.h"
#include "runner/execution/environment.h"

namespace hocket::execution {

namespace {

using Exchange = agents::ChoriaSettings::Exchange;

// reference: choria.io/schemas/mcorpc/external/v1
constexpr const char* k_schemas = "https://choria.io/schemas/mcorpc/external/v1/";
constexpr const char* k_protocols = "io.choria.mcorpc.external.v1.";
constexpr const char* k_rpc = "rpc_request";
constexpr const char* k_activation = "activation_request";

constexpr const char* k_request_file = "request";
constexpr const char* k_reply_file = "reply";
constexpr const char* k_facts_file = "facts";

constexpr std::int64_t k_ms_per_s = 1000;
constexpr std::size_t k_max_logged_lines = 200;  // of one stream

std::string config_path(const agents::InstalledAgent& agent) {
    const agents::ChoriaSettings& settings = agent.settings.choria;
    const std::string& name = agent.ddl.metadata.name;
    switch (settings.config) {
        case agents::ChoriaSettings::Config::folder: return settings.plugin_folder.string();
        case agents::ChoriaSettings::Config::file: return (settings.plugin_folder / (name + ".cfg")).string();
        case agents::ChoriaSettings::Config::name: break;
    }
    return (settings.plugin_folder / name).string();
}

/// The eleven members; who reads them may want each of them, and no other.
Json rpc_request(const agents::ValidCall& call) {
    const wire::Request& request = call.request();
    return {{"$schema", std::string(k_schemas) + k_rpc + ".json"},
            {"protocol", std::string(k_protocols) + k_rpc},
            {"agent", call.agent().ddl.metadata.name},
            {"action", call.action().name},
            {"requestid", wire::hex_of_request_id(request.id)},
            {"senderid", request.sender},
            {"callerid", request.caller},
            {"collective", request.collective},
            {"ttl", (request.ttl_ms + k_ms_per_s - 1) / k_ms_per_s},
            {"msgtime", request.issued_at / k_ms_per_s},
            {"data", call.inputs().reveal()}};
}

Json activation_request(const agents::InstalledAgent& agent) {
    return {{"$schema", std::string(k_schemas) + k_activation + ".json"},
            {"protocol", std::string(k_protocols) + k_activation},
            {"agent", agent.ddl.metadata.name}};
}

/// A process that gets the request by the wanted way, with facts beside it.
class ChoriaProcess {
public:
    ChoriaProcess(const agents::InstalledAgent& agent, const std::string& execution_id,
                  const Surroundings& surroundings)
        : agent_(agent), spec_(agent_process(agent, execution_id, surroundings)) {
        const bool has_own = !spec_.scratch_folder.empty();
        spec_.working_directory = has_own ? spec_.scratch_folder : surroundings.tmp_folder.string();
        if (!has_own) spec_.scratch_folder = scratch_path(execution_id, surroundings);
        spec_.executable = agent.executable.string();
        spec_.argv = {spec_.executable};
        spec_.has_reply_channel = false;
    }

    process::Spec made(const char* protocol, const Json& request, std::string facts) && {
        set("PROTOCOL", std::string(k_protocols) + protocol);
        set("CONFIG", config_path(agent_));
        set("FACTS", add_file(k_facts_file, std::move(facts)));
        if (agent_.settings.choria.exchange == Exchange::stdio) {
            spec_.input = dump_json(request);
        } else {
            exchange_files(dump_json(request));
        }
        return std::move(spec_);
    }

private:
    void set(const char* name, const std::string& value) {
        spec_.environment.push_back(std::string("CHORIA_EXTERNAL_") + name + '=' + value);
    }

    std::string add_file(const char* name, std::string contents) {
        spec_.scratch_files.push_back({name, std::move(contents)});
        return spec_.scratch_folder + '/' + name;
    }

    /// The third argument is always that of a request for an action.
    void exchange_files(std::string request) {
        const std::string request_file = add_file(k_request_file, std::move(request));
        const std::string reply_file = add_file(k_reply_file, "");
        set("REQUEST", request_file);
        set("REPLY", reply_file);
        spec_.argv.insert(spec_.argv.end(), {request_file, reply_file, std::string(k_protocols) + k_rpc});
        spec_.reply_file = k_reply_file;
    }

    const agents::InstalledAgent& agent_;
    process::Spec spec_;
};

std::string facts_text(const Surroundings& surroundings) {
    return surroundings.facts ? dump_json(*surroundings.facts()) : "{}";
}

bool uses_files(const agents::InstalledAgent& agent) {
    return agent.settings.choria.exchange == Exchange::files;
}

std::string_view reply_of(const agents::InstalledAgent& agent, const process::Ended& ended) {
    return uses_files(agent) ? std::string_view(ended.reply) : json_part_of(ended.output);
}

Error crashed(int exit_code) {
    return {ErrorCode::crashed,
            "the agent exited with code " + std::to_string(exit_code) + ", so its reply does not count",
            {}};
}

}  // namespace

// ---- requests --------------------------------------------------------------------------------------------------------

Result<process::Spec> ChoriaContract::prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                              const Surroundings& surroundings) const {
    process::Spec spec = ChoriaProcess(call.agent(), context.id, surroundings)
                             .made(k_rpc, rpc_request(call), facts_text(surroundings));
    add_call(call, context, spec.environment);
    spec.deadline = context.deadline;
    return spec;
}

AgentResult ChoriaContract::interpret(const agents::ValidCall& call, const process::Ended& ended) const {
    if (!call.action().has_sensitive_fields()) log_lines(call.agent(), ended);
    return answer_of(call, ended, [&](int exit_code) {
        CheckedOutputs checked = read(call, ended, exit_code);
        log_outputs(checked, call.agent().ddl, call.action(), log_);
        return std::move(checked.result);
    });
}

CheckedOutputs ChoriaContract::read(const agents::ValidCall& call, const process::Ended& ended,
                                    int exit_code) const {
    if (exit_code != 0) return {refusal(crashed(exit_code)), {}, {}};
    const std::string_view reply = reply_of(call.agent(), ended);
    if (reply.empty()) {
        const char* const where = uses_files(call.agent())
                                      ? "the file that CHORIA_EXTERNAL_REPLY names is empty"
                                      : "standard output is empty";
        return {bad_reply(call.action(), "", where), {}, {}};
    }
    return ChoriaReply(call.agent().ddl, call.action()).read(reply);
}

/// As Choria logs them.
void ChoriaContract::log_lines(const agents::InstalledAgent& agent, const process::Ended& ended) const {
    const auto log_each = [&](const std::string& text, auto write) {
        const std::vector<std::string> lines = split(trim(text), '\n');
        const std::size_t shown = std::min(lines.size(), k_max_logged_lines);
        for (const std::string& line : std::span(lines).first(shown)) {
            if (!line.empty()) write("an agent says", {{"agent", agent.ddl.metadata.name}, {"line", line}});
        }
        if (shown == lines.size()) return;
        write("an agent says more", {{"agent", agent.ddl.metadata.name}, {"lines", lines.size() - shown}});
    };
    using Fields = std::initializer_list<LogField>;
    if (uses_files(agent))
        log_each(ended.output, [this](const char* message, Fields fields) { log_.info(message, fields); });
    log_each(ended.errors.text, [this](const char* message, Fields fields) { log_.error(message, fields); });
}

// ---- activation ------------------------------------------------------------------------------------------------------

process::Spec ChoriaContract::prepare_activation(const agents::InstalledAgent& agent,
                                                 const ExecutionContext& context,
                                                 const Surroundings& surroundings) const {
    process::Spec spec =
        ChoriaProcess(agent, context.id, surroundings).made(k_activation, activation_request(agent), "");
    spec.deadline = context.deadline;
    return spec;
}

Result<bool> ChoriaContract::interpret_activation(const agents::InstalledAgent& agent,
                                                  const process::Ended& ended) const {
    log_lines(agent, ended);
    const auto* const exited = std::get_if<process::Exited>(&ended.end);
    if (std::holds_alternative<process::TimedOut>(ended.end))
        return Error{ErrorCode::timeout, "it did not say whether it activates in time, and was killed", {}};
    if (std::holds_alternative<process::OutputTooLarge>(ended.end))
        return Error{ErrorCode::too_large, "it said more than the limit of an output, and was killed", {}};
    if (exited == nullptr) return Error{ErrorCode::crashed, text_of(ended), {}};
    if (exited->code != 0) return crashed(exited->code);
    const std::string_view reply = reply_of(agent, ended);
    const Result<Json> object = read_choria_json(reply);
    if (!object) return Error{ErrorCode::bad_reply, object.error().message, {}};
    const Json& activate = choria_member(*object, "activate");
    if (activate.is_null()) return false;
    if (!activate.is_boolean()) return Error{ErrorCode::bad_reply, "'activate' is not a boolean", {}};
    return activate.get<bool>();
}

}  // namespace hocket::execution
