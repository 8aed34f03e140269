#include "core/ddl/run_reader.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/ddl/limits.h"

namespace hocket::ddl {

namespace {

// Planned, and no version executes them yet.
constexpr std::array<std::string_view, 4> k_reserved_contracts = {"worker", "choria", "bolt", "nagios"};
constexpr std::array<std::string_view, 2> k_reserved_run_keys = {"standby", "exclusive"};

bool leaves_folder(std::string_view path) {
    const std::vector<std::string> steps = split(path, '/');
    return std::find(steps.begin(), steps.end(), "..") != steps.end();
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
                "'command' of " + owner + " may hold strings without U+0000, not " + describe_node(item));
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

namespace {

Contract read_contract(Fields& fields, ReadContext& context) {
    const std::optional<std::string> contract = fields.text("contract");
    if (!contract) return Contract::json;
    if (std::ranges::find(k_reserved_contracts, *contract) == k_reserved_contracts.end()) {
        return fields.choice("contract", k_contract_words, Contract::json);
    }
    context.report.error(fields.offset_of("contract"),
                         "the contract '" + *contract + "' is planned, but not supported by this version",
                         "'json' and 'script' are");
    return Contract::json;
}

void refuse_reserved_keys(Fields& fields, ReadContext& context) {
    for (const std::string_view key : k_reserved_run_keys) {
        if (fields.find(key) == nullptr) continue;
        context.report.error(
            fields.offset_of(key),
            "'" + std::string(key) + "' of run is planned, but not supported by this version");
    }
}

}  // namespace

Run read_run(const SourceNode& node, ReadContext& context) {
    Fields fields(node, "run", context);
    Run run;
    if (const SourceNode* const argv = fields.find_array("command")) {
        run.command = read_command(*argv, "run", context);
    }
    run.contract = read_contract(fields, context);
    if (run.contract == Contract::script) {
        run.script = read_script(fields, context);
        if (fields.find("reply") != nullptr) {
            context.report.error(fields.offset_of("reply"),
                                 "'reply' of run is for agents with descriptor 3, which a script has not");
        }
    }
    if (const auto count = fields.integer("max_parallel", k_max_parallel_range)) {
        run.max_parallel = static_cast<int>(*count);
    }
    run.max_output_bytes = fields.integer("max_output", k_max_output_range);
    if (const auto grace = fields.integer("grace", k_grace_range)) run.grace_s = static_cast<int>(*grace);
    run.orphans = fields.choice("orphans", k_orphans_words, Orphans::kill);
    run.reply = fields.choice("reply", k_reply_words, ReplyWhen::on_exit);
    run.send_stderr = fields.flag("send_stderr").value_or(true);
    refuse_reserved_keys(fields, context);
    fields.refuse_unknown();
    return run;
}

}  // namespace hocket::ddl
