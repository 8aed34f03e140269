#include "runner/builtin/data_plugins.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/ddl/text_input.h"

namespace hocket::builtin {

namespace {

constexpr std::size_t k_max_answer_bytes = 64U << 10U;  // a larger one is not kept
constexpr std::size_t k_max_bytes = 4U << 20U;
constexpr std::size_t k_max_answers = 1000;

Error wrong_input(const char* input, const std::string& message) {
    return {ErrorCode::invalid_input, message, {{std::string("/inputs/") + input, "list", message}}};
}

Error unknown_plugin(const std::string& name, const std::vector<std::string>& names) {
    const std::string near = nearest(name, names);
    return wrong_input("source", "this node has no data plugin '" + name + "'" +
                                     (near.empty() ? "; there are: " + join(names, ", ")
                                                   : "; did you mean '" + near + "'?"));
}

Result<Json> inputs_from(const agents::InstalledAgent& plugin, const std::optional<std::string>& query) {
    if (!query) return Json::object();
    const ddl::Input* const input = plugin.ddl.actions.front().find_input(ddl::k_query);
    if (input == nullptr) return wrong_input("query", plugin.title() + " takes no query");
    Result<Json> value = ddl::parse_input(*input, *query);
    if (!value) return value.error();
    return Json{{std::string(ddl::k_query), std::move(*value)}};
}

}  // namespace

Result<BuiltinAgent::Answer> DataPlugins::ask(const agents::ValidCall& asking, const std::string& name,
                                              const std::optional<std::string>& query) {
    using Given = BuiltinAgent::Answer;
    const std::shared_ptr<const agents::InstalledAgent> plugin = store_.find(name);
    if (!plugin) return unknown_plugin(name, store_.names());
    const Result<Json> inputs = inputs_from(*plugin, query);
    if (!inputs) return inputs.error();
    Result<agents::ValidCall> call = agents::ValidCall::query(asking, plugin, *inputs);
    if (!call) return call.error();
    const std::string key = name + ' ' + dump_json(call->inputs().reveal());
    if (const auto known = answers_.find(key); known != answers_.end()) {
        const bool holds = known->second.until > clock_.steady() && known->second.plugin.lock() == plugin;
        if (holds) return Given(known->second.outputs);
        forget(known);
    }
    return Given(BuiltinAgent::Instead{
        std::move(*call), [this, key, plugin](const Json& outputs) { keep(key, plugin, outputs); }});
}

void DataPlugins::keep(const std::string& key, const std::shared_ptr<const agents::InstalledAgent>& plugin,
                       const Json& outputs) {
    if (plugin->ttl_s == 0) return;
    const std::size_t bytes = key.size() + dump_json(outputs).size();
    if (bytes > k_max_answer_bytes) return;
    if (const auto known = answers_.find(key); known != answers_.end()) forget(known);
    const Time until = clock_.steady() + std::chrono::seconds(plugin->ttl_s);
    answers_.emplace(key, Answer{plugin, outputs, until, bytes});
    bytes_ += bytes;
    make_room();
}

void DataPlugins::forget(std::map<std::string, Answer>::iterator answer) {
    bytes_ -= answer->second.bytes;
    answers_.erase(answer);
}

/// First goes what would be asked anew first.
void DataPlugins::make_room() {
    while (bytes_ > k_max_bytes || answers_.size() > k_max_answers) {
        forget(std::ranges::min_element(answers_, {}, [](const auto& each) { return each.second.until; }));
    }
}

}  // namespace hocket::builtin
