#include "core/ddl/run_reader.h"

#include <algorithm>
#include <array>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/limits.h"

namespace hocket::ddl {

namespace {

bool leaves_folder(std::string_view path) {
    const std::vector<std::string> steps = split(path, '/');
    return std::find(steps.begin(), steps.end(), "..") != steps.end();
}

/// YAML reads {path} as an object with a key without a value.
std::string hint_for_element(const SourceNode& item) {
    const bool is_place = item.kind == SourceNode::Kind::object && item.members.size() == 1 &&
                          item.members.front().value.kind == SourceNode::Kind::scalar &&
                          item.members.front().value.value.is_null();
    return is_place ? "a place for an input stands in quotes: \"{" + item.members.front().key + "}\"" : "";
}

}  // namespace

std::vector<std::string> read_command(const SourceNode& argv, const std::string& owner,
                                      ReadContext& context) {
    std::vector<std::string> command;
    for (const SourceNode& item : argv.items) {
        if (!item.value.is_string() ||
            item.value.get_ref<const std::string&>().find('\0') != std::string::npos) {
            context.report.error(
                item.offset,
                "'command' of " + owner + " may hold strings without U+0000, not " + describe_node(item),
                hint_for_element(item));
            continue;
        }
        command.push_back(item.value.get<std::string>());
    }
    if (argv.items.empty() || (!command.empty() && command.front().empty())) {
        context.report.error(argv.offset, "'command' of " + owner + " must begin with an executable");
    } else if (!command.empty() && leaves_folder(command.front())) {
        context.report.error(argv.items.front().offset,
                             "'command' of " + owner + " leaves the agent's folder by '..'");
    }
    return command;
}

std::string read_lock(Fields& fields, ReadContext& context) {
    std::string lock = fields.text("exclusive").value_or("");
    const bool is_name = lock.empty() ? fields.find("exclusive") == nullptr : is_action_name(lock);
    if (!is_name) {
        context.report.error(fields.offset_of("exclusive"),
                             "'exclusive' of " + fields.owner() + " must be the name of a lock: " +
                                 "lower case letters, digits and _, such as 'apt'");
    }
    return lock;
}

namespace {

void set_if(int& value, std::optional<std::int64_t> read) {
    if (read) value = static_cast<int>(*read);
}

Worker read_worker(const SourceNode& node, ReadContext& context) {
    Fields fields(node, "'worker' of run", context);
    Worker worker;
    set_if(worker.processes, fields.integer("processes", k_processes_range));
    set_if(worker.in_flight, fields.integer("in_flight", k_in_flight_range));
    worker.fork = fields.flag("fork").value_or(false);
    worker.requests = fields.integer("requests", k_requests_range).value_or(worker.requests);
    set_if(worker.idle_s, fields.integer("idle", k_idle_range));
    worker.memory_bytes = fields.integer("memory", k_memory_range).value_or(worker.memory_bytes);
    fields.refuse_unknown();
    return worker;
}

/// What means nothing under the contract would be believed to hold.
void refuse_for_contract(Fields& fields, Contract contract, std::span<const std::string_view> keys,
                         ReadContext& context) {
    for (const std::string_view key : keys) {
        if (fields.find(key) == nullptr) continue;
        context.report.error(fields.offset_of(key), "'" + std::string(key) +
                                                        "' of run has no meaning under the contract '" +
                                                        std::string(to_string(contract)) + "'");
    }
}

/// By which Choria knows what is a program of its own.
constexpr std::string_view k_external_provider = "external";

constexpr std::array<std::string_view, 7> k_contract_keys = {"reply",  "worker",  "standby",   "stdin",
                                                             "result", "pattern", "exit_codes"};

void read_contract_keys(Fields& fields, Run& run, ReadContext& context) {
    static constexpr std::array<std::string_view, 3> not_of_script = {"reply", "worker", "standby"};
    static constexpr std::array<std::string_view, 3> not_of_worker = {"reply", "standby", "orphans"};
    static constexpr std::array<std::string_view, 1> not_of_json = {"worker"};
    static constexpr std::array<std::string_view, 3> not_of_choria = {"reply", "worker", "standby"};
    static constexpr std::array<std::string_view, 6> not_of_nagios = {"reply",  "worker",  "standby",
                                                                      "result", "pattern", "exit_codes"};
    static constexpr std::array<std::string_view, 8> not_of_bolt = {
        "reply", "worker", "standby", "stdin", "result", "pattern", "exit_codes", "command"};
    switch (run.contract) {
        case Contract::choria:
            if (run.command.size() > 1) {
                context.report.error(fields.offset_of("command"),
                                     "'command' of run must be an executable alone under the contract "
                                     "'choria', which says what its arguments are");
            }
            return refuse_for_contract(fields, run.contract, not_of_choria, context);
        case Contract::nagios:
            refuse_for_contract(fields, run.contract, not_of_nagios, context);
            run.script = read_script(fields, context);
            return;
        case Contract::bolt: return refuse_for_contract(fields, run.contract, not_of_bolt, context);
        case Contract::script:
            run.script = read_script(fields, context);
            return refuse_for_contract(fields, run.contract, not_of_script, context);
        case Contract::worker:
            if (const SourceNode* const worker = fields.find_object("worker"))
                run.worker = read_worker(*worker, context);
            return refuse_for_contract(fields, run.contract, not_of_worker, context);
        case Contract::json:
            set_if(run.standby, fields.integer("standby", k_standby_range));
            return refuse_for_contract(fields, run.contract, not_of_json, context);
    }
}

Run read_block(const SourceNode& node, ReadContext& context) {
    Fields fields(node, "run", context);
    Run run;
    if (const SourceNode* const argv = fields.find_array("command")) {
        run.command = read_command(*argv, "run", context);
    }
    const std::optional<std::size_t> contract = fields.choice("contract", k_contract_words);
    if (contract) run.contract = static_cast<Contract>(*contract);
    context.is_contract_known = contract || fields.find("contract") == nullptr;
    if (context.is_contract_known) {
        read_contract_keys(fields, run, context);
    } else {
        fields.pass(k_contract_keys);
    }
    run.exclusive = read_lock(fields, context);
    if (const auto count = fields.integer("max_parallel", k_max_parallel_range)) {
        run.max_parallel = static_cast<int>(*count);
    }
    run.max_output_bytes = fields.integer("max_output", k_max_output_range);
    if (const auto grace = fields.integer("grace", k_grace_range)) run.grace_s = static_cast<int>(*grace);
    run.orphans = fields.choice("orphans", k_orphans_words, Orphans::kill);
    run.reply = fields.choice("reply", k_reply_words, ReplyWhen::on_exit);
    run.send_stderr = fields.flag("send_stderr").value_or(true);
    fields.refuse_unknown();
    return run;
}

}  // namespace

RunBlock read_run(Fields& plugin, const Metadata& metadata, ReadContext& context) {
    RunBlock block;
    if (const SourceNode* const node = plugin.find_object("run")) {
        block = {read_block(*node, context), node};
    } else if (metadata.provider == k_external_provider) {
        block.run.contract = Contract::choria;
    }
    if (block.run.command.empty()) block.run.command = {metadata.name};
    return block;
}

}  // namespace hocket::ddl
