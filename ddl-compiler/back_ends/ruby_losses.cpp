#include "ddl-compiler/back_ends/ruby_losses.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/validators.h"
#include "ddl-compiler/back_ends/ruby_literal.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::size_t k_line_width = 100;

/// What is lost, and of what; in the order in which it was met first.
class Losses {
public:
    void add_if(bool is_lost, const std::string& what, const std::string& place) {
        if (!is_lost) return;
        const auto known = std::ranges::find(losses_, what, &Loss::first);
        if (known == losses_.end()) {
            losses_.push_back({what, {place}});
        } else {
            known->second.push_back(place);
        }
    }

    std::string comment() const {
        if (losses_.empty()) return {};
        std::string text = "# MCollective has no words for these:\n";
        for (const auto& [what, places] : losses_)
            text += wrapped(what, places);
        return text + "\n";
    }

private:
    using Loss = std::pair<std::string, std::vector<std::string>>;

    static std::string wrapped(const std::string& what, const std::vector<std::string>& places) {
        const std::string margin = "\n#     ";
        std::string text = "#   " + what + ":";
        std::size_t width = text.size();
        for (const std::string& place : places) {
            const std::string word = " " + place + (&place == &places.back() ? "" : ",");
            if (width + word.size() > k_line_width) {
                text += margin;
                width = margin.size();
            }
            text += word;
            width += word.size();
        }
        return text + "\n";
    }

    std::vector<Loss> losses_;
};

void add_script(Losses& losses, const ddl::Script& script, const std::string& place) {
    losses.add_if(!script.command.empty(), "command", place);
    losses.add_if(!script.standard_input.empty(), "stdin", place);
    losses.add_if(script.result.has_value(), "result", place);
    losses.add_if(!script.pattern.empty(), "pattern", place);
    losses.add_if(script.exit_codes.has_value(), "exit_codes", place);
}

/// Lengths and items, and any pattern but the first.
bool loses_rules(const ddl::Validation& validation) {
    if (validation.declared() == nullptr) return false;
    const ddl::ValidatorRule& rule = validation.declared()->rule();
    return validation.declared()->patterns().size() > 1 || rule.min_length != 0 || rule.max_length != 0 ||
           !rule.item.empty();
}

/// There `shellsafe` lets quotes and a line break pass, and addresses may have a prefix (docs/ddl.md, differences).
bool is_weaker_there(ddl::Validator validator) {
    return validator == ddl::Validator::shellsafe || validator == ddl::Validator::ipv4address ||
           validator == ddl::Validator::ipv6address;
}

void add_input(Losses& losses, const ddl::Input& input, const std::string& place) {
    losses.add_if(input.sensitive, "sensitive", place);
    losses.add_if(loses_rules(input.validation), "what validators ask for beside a pattern", place);
    losses.add_if(is_weaker_there(input.validation.validator()),
                  "the strictness of validators that MCollective has by the same name", place);
    losses.add_if(input.default_value && loses_default(input), "default of optional inputs", place);
    losses.add_if(!input.puppet_type.text().empty(), "puppet_type", place);
    losses.add_if(
        input.type == ddl::Type::array || input.type == ddl::Type::hash || input.type == ddl::Type::any,
        "array and hash (it refuses every value)", place);
}

void add_output(Losses& losses, const ddl::Output& output, const std::string& place) {
    losses.add_if(output.sensitive, "sensitive", place);
    losses.add_if(output.type.has_value(), "type of outputs", place);
}

bool is_function_there(const std::string& function) {
    return function == "average" || function == "sum" || function == "summary";
}

void add_action(Losses& losses, const ddl::Action& action) {
    losses.add_if(action.safety != ddl::Safety::changes, "safety", action.name);
    losses.add_if(action.noop, "noop", action.name);
    losses.add_if(action.idempotent, "idempotent", action.name);
    losses.add_if(action.timeout_s.has_value(), "timeout of actions", action.name);
    losses.add_if(!action.exclusive.empty(), "exclusive", action.name);
    add_script(losses, action.script, action.name);
    for (const ddl::Input& input : action.inputs)
        add_input(losses, input, action.name + "." + input.name);
    for (const ddl::Output& output : action.outputs)
        add_output(losses, output, action.name + "." + output.name);
    for (const ddl::Aggregate& aggregate : action.aggregates) {
        const std::string place = action.name + " (" + escape_text(aggregate.function) + ")";
        losses.add_if(loses(aggregate), "aggregate", place);
        losses.add_if(!loses(aggregate) && !is_function_there(aggregate.function),
                      "functions of aggregates, unless you have a plugin for them", place);
    }
}

void add(Losses& losses, const ddl::Agent& agent) {
    losses.add_if(agent.has_run, "run", "how the agent is executed");
    losses.add_if(agent.allow != ddl::Allow::any, "allow", "which rules hold for it");
    for (const ddl::Action& action : agent.actions)
        add_action(losses, action);
}

void add(Losses& losses, const ddl::DataPlugin& plugin) {
    losses.add_if(plugin.has_run, "run", "how the plugin is executed");
    losses.add_if(plugin.ttl_s != 0, "ttl", "how long an answer is kept");
    if (plugin.query) add_input(losses, *plugin.query, plugin.query->name);
    for (const ddl::Output& output : plugin.outputs)
        add_output(losses, output, output.name);
}

void add(Losses& /*losses*/, const ddl::OtherPlugin& /*plugin*/) {}

}  // namespace

std::string comment_on_losses(const ddl::Description& description) {
    Losses losses;
    std::visit([&](const auto& one) { add(losses, one); }, description);
    return losses.comment();
}

bool loses_default(const ddl::Input& input) {
    return input.optional;
}

bool loses(const ddl::Aggregate& aggregate) {
    const bool has_output = !aggregate.args.empty() && aggregate.args.front().is_string();
    return !has_output || !is_ruby_method(aggregate.function);
}

}  // namespace hocket::ddl_compiler
