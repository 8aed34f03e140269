#include "core/ddl/writer.h"

#include "core/crypto/digest.h"

namespace hocket::ddl {

namespace {

void write_optional(Json& object, const char* key, const auto& value) {
    if (value) object[key] = *value;
}

void write_unless(Json& object, const char* key, const auto& value, const auto& absent) {
    if (value != absent) object[key] = value;
}

template <class Enum>
void write_word(Json& object, const char* key, Enum value, Enum absent) {
    if (value != absent) object[key] = to_string(value);
}

Json write_metadata(const Metadata& metadata) {
    Json object = Json::object();
    object["name"] = metadata.name;
    object["description"] = metadata.description;
    object["author"] = metadata.author;
    object["license"] = metadata.license;
    object["version"] = metadata.version;
    object["url"] = metadata.url;
    object["timeout"] = metadata.timeout_s;
    write_unless(object, "provider", metadata.provider, "");
    write_unless(object, "usage", metadata.usage, "");
    return object;
}

void write_script(Json& object, const Script& script) {
    write_unless(object, "command", script.command, std::vector<std::string>());
    write_unless(object, "stdin", script.standard_input, "");
    if (script.result) object["result"] = to_string(*script.result);
    write_unless(object, "pattern", script.pattern, "");
    if (!script.exit_codes) return;
    Json& codes = object["exit_codes"] = Json::object();
    for (const auto& [code, meaning] : script.exit_codes->known)
        codes[std::to_string(code)] = to_string(meaning);
    write_word(codes, "other", script.exit_codes->other, ExitMeaning::failed);
}

Json write_worker(const Worker& worker) {
    const Worker absent;
    Json object = Json::object();
    write_unless(object, "processes", worker.processes, absent.processes);
    write_unless(object, "in_flight", worker.in_flight, absent.in_flight);
    write_unless(object, "fork", worker.fork, absent.fork);
    write_unless(object, "requests", worker.requests, absent.requests);
    write_unless(object, "idle", worker.idle_s, absent.idle_s);
    write_unless(object, "memory", worker.memory_bytes, absent.memory_bytes);
    return object;
}

Json write_run(const Run& run, const Metadata& metadata) {
    const Run absent;
    Json object = Json::object();
    write_unless(object, "command", run.command, std::vector<std::string>{metadata.name});
    write_word(object, "contract", run.contract, absent.contract);
    write_optional(object, "max_parallel", run.max_parallel);
    write_optional(object, "max_output", run.max_output_bytes);
    write_optional(object, "grace", run.grace_s);
    write_word(object, "orphans", run.orphans, absent.orphans);
    write_word(object, "reply", run.reply, absent.reply);
    write_unless(object, "send_stderr", run.send_stderr, absent.send_stderr);
    write_unless(object, "standby", run.standby, absent.standby);
    write_unless(object, "exclusive", run.exclusive, "");
    write_unless(object, "worker", write_worker(run.worker), Json::object());
    write_script(object, run.script);
    return object;
}

Json write_input(const Input& input) {
    Json object = Json::object();
    object["prompt"] = input.prompt;
    object["description"] = input.description;
    object["type"] = to_string(input.type);
    object["optional"] = input.optional;
    if (input.type == Type::string) {
        object["maxlength"] = input.maxlength;
        object["validation"] = input.validation.text();
    }
    if (input.type == Type::list) object["list"] = input.list;
    write_unless(object, "puppet_type", input.puppet_type.text(), "");
    write_unless(object, "sensitive", input.sensitive, false);
    write_optional(object, "default", input.default_value);
    return object;
}

Json write_output(const Output& output) {
    Json object = Json::object();
    object["description"] = output.description;
    object["display_as"] = output.display_as;
    if (output.type) object["type"] = to_string(*output.type);
    write_unless(object, "sensitive", output.sensitive, false);
    write_optional(object, "default", output.default_value);
    return object;
}

Json write_outputs(const std::vector<Output>& outputs) {
    Json object = Json::object();
    for (const Output& output : outputs)
        object[output.name] = write_output(output);
    return object;
}

Json write_aggregates(const std::vector<Aggregate>& aggregates) {
    Json list = Json::array();
    for (const Aggregate& aggregate : aggregates) {
        list.push_back({{"function", aggregate.function}, {"args", aggregate.args}});
    }
    return list;
}

Json write_action(const Action& action) {
    const Action absent;
    Json object = Json::object();
    object["action"] = action.name;
    object["description"] = action.description;
    Json& inputs = object["input"] = Json::object();
    for (const Input& input : action.inputs)
        inputs[input.name] = write_input(input);
    object["output"] = write_outputs(action.outputs);
    write_word(object, "display", action.display, absent.display);
    write_word(object, "safety", action.safety, absent.safety);
    write_unless(object, "noop", action.noop, absent.noop);
    write_unless(object, "idempotent", action.idempotent, absent.idempotent);
    write_optional(object, "timeout", action.timeout_s);
    write_unless(object, "exclusive", action.exclusive, "");
    write_script(object, action.script);
    write_word(object, "input_method", action.input_method, absent.input_method);
    write_unless(object, "private", action.is_private, absent.is_private);
    write_unless(object, "any_inputs", action.any_inputs, absent.any_inputs);
    if (!action.aggregates.empty()) object["aggregate"] = write_aggregates(action.aggregates);
    return object;
}

Json write_validator(const ValidatorRule& rule) {
    const ValidatorRule absent;
    Json object = Json::object();
    write_unless(object, "description", rule.description, "");
    write_unless(object, "pattern", rule.pattern, "");
    write_unless(object, "allowed", rule.allowed, "");
    write_unless(object, "forbidden", rule.forbidden, "");
    write_unless(object, "min_length", rule.min_length, absent.min_length);
    write_unless(object, "max_length", rule.max_length, absent.max_length);
    write_unless(object, "separator", rule.separator, "");
    write_unless(object, "item", rule.item, "");
    write_unless(object, "min_items", rule.min_items, absent.min_items);
    write_unless(object, "max_items", rule.max_items, absent.max_items);
    return object;
}

void write_validators(Json& document, const std::map<std::string, ValidatorRule>& validators) {
    for (const auto& [name, rule] : validators)
        document["validators"][name] = write_validator(rule);
}

Json write_one(const Agent& agent) {
    Json document = Json::object();
    document["metadata"] = write_metadata(agent.metadata);
    if (agent.has_run) document["run"] = write_run(agent.run, agent.metadata);
    write_word(document, "allow", agent.allow, Allow::any);
    Json& actions = document["actions"] = Json::array();
    for (const Action& action : agent.actions)
        actions.push_back(write_action(action));
    write_validators(document, agent.validators);
    return document;
}

Json write_one(const DataPlugin& data) {
    Json document = {{"kind", to_string(Kind::data)},
                     {"metadata", write_metadata(data.metadata)},
                     {"output", write_outputs(data.outputs)}};
    if (data.has_run) document["run"] = write_run(data.run, data.metadata);
    write_unless(document, "ttl", data.ttl_s, 0);
    if (data.query) document["query"] = write_input(*data.query);
    write_validators(document, data.validators);
    return document;
}

Json write_one(const OtherPlugin& plugin) {
    Json document = {{"kind", to_string(plugin.kind)}, {"metadata", write_metadata(plugin.metadata)}};
    for (const Capability capability : plugin.capabilities)
        document["capabilities"].push_back(to_string(capability));
    return document;
}

}  // namespace

std::string canonical_json(const Agent& agent) {
    return dump_json(write_one(agent));
}

std::string canonical_json(const Description& description) {
    return std::visit([](const auto& one) { return dump_json(write_one(one)); }, description);
}

std::string digest(std::string_view canonical) {
    return crypto::sha256_hex(canonical);
}

}  // namespace hocket::ddl
