#include <algorithm>
#include <utility>

#include "core/ddl/description_reader.h"
#include "core/ddl/field_reader.h"
#include "core/ddl/plugin_action.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

/// A command may give a program its query alone, and what a contract adds to an action it adds to the plugin.
void complete(Fields& fields, DataPlugin& data, ReadContext& context) {
    if (data.run.contract == Contract::bolt) {
        context.report.error(fields.offset_of("run"),
                             "a data plugin is no task: the contract 'bolt' is for agents");
        return;
    }
    const SourceNode* const run = fields.find_object("run");
    if (run == nullptr || !has_commands(data.run.contract)) return;
    const Fields run_fields(*run, "run", context);
    Action action = data.as_agent().actions.front();
    if (data.run.contract == Contract::nagios) complete_plugin_action(fields, action, data.run, context);
    check_script(fields, action, data.run, context, &run_fields);
    for (const Input& input : action.inputs) {
        if (input.name == k_query) {
            data.query = input;
        } else {
            context.report.error(run_fields.offset_of("command"),
                                 "'command' of run: the place {" + input.name +
                                     "} is no input; a data plugin has {query} alone");
        }
    }
    data.outputs = std::move(action.outputs);
}

/// It is asked through `rpcutil`, of which nothing is hidden.
void refuse_sensitive(const Fields& fields, const DataPlugin& data, ReadContext& context) {
    const bool has_sensitive =
        (data.query && data.query->sensitive) || std::ranges::any_of(data.outputs, &Output::sensitive);
    if (!has_sensitive) return;
    context.report.error(fields.offset(),
                         "nothing of a data plugin can be sensitive: any caller of rpcutil may ask it",
                         "write an agent, which has allow rules of its own");
}

}  // namespace

DataPlugin read_data(Fields& fields, Metadata metadata, ReadContext& context) {
    DataPlugin data;
    data.metadata = std::move(metadata);
    RunBlock block = read_run(fields, data.metadata, context);
    data.run = std::move(block.run);
    data.has_run = block.node != nullptr;
    data.ttl_s = static_cast<int>(fields.integer("ttl", k_ttl_range).value_or(0));
    if (const SourceNode* const query = fields.find_object("query")) data.query = read_query(*query, context);
    // The contract `nagios` says what they are, and so may one that cannot be read.
    const bool needs_outputs = data.run.contract != Contract::nagios && context.is_contract_known;
    if (!needs_outputs || fields.require("output")) {
        if (const SourceNode* const outputs = fields.find_object("output"))
            data.outputs = read_outputs(*outputs, "the data plugin", context);
    }
    if (fields.find("allow") != nullptr) {
        context.report.error(fields.offset_of("allow"),
                             "'allow' is for agents: whoever may call rpcutil may ask a data plugin");
    }
    complete(fields, data, context);
    refuse_sensitive(fields, data, context);
    data.validators =
        context.validators.used_by({data.query ? data.query->validation.text() : std::string()});
    return data;
}

}  // namespace hocket::ddl
