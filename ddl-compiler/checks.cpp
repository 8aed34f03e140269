#include "ddl-compiler/checks.h"

#include <map>
#include <string>

#include "core/base/text.h"
#include "core/ddl/named_validators.h"
#include "core/ddl/regex_anchors.h"

namespace hocket::ddl_compiler {

namespace {

using ddl::Member;
using ddl::Report;
using ddl::SourceNode;
using ddl::Warning;

constexpr std::int64_t k_long_timeout_s = 3600;

std::size_t count_values(const SourceNode& node) {
    std::size_t count = 1;
    for (const SourceNode& item : node.items)
        count += count_values(item);
    for (const Member& member : node.members)
        count += count_values(member.value);
    return count;
}

std::string text_of(const SourceNode* node) {
    return node != nullptr && node->value.is_string() ? node->value.get<std::string>() : std::string();
}

/// The checks of one description.
class IntentCheck {
public:
    IntentCheck(const SourceNode& root, const ddl::Description& description,
                const ddl::Validators* validators, ddl::Dialect dialect, Report& report)
        : root_(root),
          description_(description),
          validators_(validators),
          dialect_(dialect),
          report_(report) {}

    void check() {
        if (const SourceNode* const metadata = root_.find("metadata")) check_timeout(*metadata);
        if (const SourceNode* const query = root_.find("query")) check_validation(*query, "the query");
        if (const SourceNode* const declared = root_.find("validators")) check_declared(*declared);
        const SourceNode* const actions = root_.find("actions");
        if (actions == nullptr) return;
        for (const SourceNode& action : actions->items)
            check_action(action);
    }

private:
    void check_action(const SourceNode& action);
    void check_timeout(const SourceNode& node);
    void check_validation(const SourceNode& input, const std::string& owner);
    void check_list(const SourceNode& input, const std::string& owner);
    void check_aggregates(const SourceNode& list, const std::string& owner);
    void check_declared(const SourceNode& validators);
    std::string in_dialect(const std::string& pattern) const;
    bool is_pattern(const std::string& validation) const;

    const SourceNode& root_;
    const ddl::Description& description_;
    const ddl::Validators* const validators_;
    const ddl::Dialect dialect_;
    Report& report_;
};

void IntentCheck::check_action(const SourceNode& action) {
    const std::string owner = "action '" + text_of(action.find("action")) + "'";
    check_timeout(action);
    if (const SourceNode* const inputs = action.find("input")) {
        for (const Member& input : inputs->members) {
            const std::string name = "input '" + input.key + "' of " + owner;
            check_validation(input.value, name);
            check_list(input.value, name);
        }
    }
    if (const SourceNode* const list = action.find("aggregate")) check_aggregates(*list, owner);
}

void IntentCheck::check_timeout(const SourceNode& node) {
    const SourceNode* const timeout = node.find("timeout");
    if (timeout == nullptr || !timeout->value.is_number() || timeout->value.get<double>() <= k_long_timeout_s)
        return;
    report_.warning(Warning::long_timeout, timeout->offset,
                    "a timeout of more than an hour: callers wait so long for a node that hangs",
                    "start long work in the background, and give its state to another action");
}

void IntentCheck::check_validation(const SourceNode& input, const std::string& owner) {
    const SourceNode* const validation = input.find("validation");
    const std::string pattern = text_of(validation);
    if (text_of(input.find("type")) != "string" || !is_pattern(pattern) || ddl::is_anchored(pattern)) return;
    if (pattern == "." || pattern == ".+") return;  // some text is asked for, whatever it is
    if (pattern == ".*" || pattern == "(.*)") {
        report_.warning(Warning::unanchored_regex, validation->offset,
                        "'validation' of " + owner + " is satisfied by every text",
                        "leave it out, or write " + in_dialect("^.*$") + " for a text of one line");
        return;
    }
    const std::string meant = ddl::anchored_form(pattern);
    report_.warning(
        Warning::unanchored_regex, validation->offset,
        "'validation' of " + owner + " is satisfied by a part of the text: anything may stand around it",
        "write " + in_dialect(meant.empty() ? "^(?:…)$" : meant) + " for the whole text");
}

/// In Ruby `^ $` are ends of lines.
std::string IntentCheck::in_dialect(const std::string& pattern) const {
    const bool has_ends = pattern.starts_with('^') && pattern.ends_with('$');
    if (dialect_ != ddl::Dialect::mcollective || !has_ends) return pattern;
    return "\\A" + pattern.substr(1, pattern.size() - 2) + "\\z";
}

/// What looks like the name of a validator and is none has got a warning already.
bool IntentCheck::is_pattern(const std::string& validation) const {
    if (ddl::looks_like_validator(validation)) return false;
    const SourceNode* const declared = root_.find("validators");
    return (declared == nullptr || declared->find(validation) == nullptr) &&
           (validators_ == nullptr || validators_->find(validation) == nullptr);
}

void IntentCheck::check_declared(const SourceNode& validators) {
    const auto* const agent = std::get_if<ddl::Agent>(&description_);
    const auto* const data = std::get_if<ddl::DataPlugin>(&description_);
    if (agent == nullptr && data == nullptr) return;
    const auto& needed = agent != nullptr ? agent->validators : data->validators;
    for (const Member& validator : validators.members) {
        if (needed.contains(validator.key)) continue;
        report_.warning(Warning::unused_validator, validator.offset,
                        "no input needs the validator '" + validator.key + "'",
                        "name it as 'validation' of an input, or leave it out");
    }
}

void IntentCheck::check_list(const SourceNode& input, const std::string& owner) {
    const SourceNode* const list = input.find("list");
    if (list == nullptr) return;
    std::map<std::string, std::size_t> seen;
    for (const SourceNode& item : list->items) {
        const auto [first, is_new] = seen.emplace(dump_json(item.value), item.offset);
        if (is_new) continue;
        report_.warning(Warning::duplicate_value, item.offset,
                        "the value " + escape_text(first->first) + " of " + owner + " stands twice", "",
                        {{first->second, "it stands here first"}});
    }
}

void IntentCheck::check_aggregates(const SourceNode& list, const std::string& owner) {
    std::map<std::string, std::size_t> seen;
    for (const SourceNode& aggregate : list.items) {
        const auto [first, is_new] = seen.emplace(dump_json(aggregate.to_json()), aggregate.offset);
        if (is_new) continue;
        report_.warning(Warning::duplicate_value, aggregate.offset,
                        "the same aggregate of " + owner + " stands twice", "",
                        {{first->second, "it stands here first"}});
    }
}

}  // namespace

void check_intent(const SourceNode& tree, const ddl::Description& description,
                  const ddl::Validators* validators, ddl::Dialect dialect, Report& report) {
    IntentCheck(tree, description, validators, dialect, report).check();
}

void check_name(const SourceNode& tree, const ddl::Description& description,
                const std::filesystem::path& file, Report& report) {
    const ddl::Metadata& metadata = metadata_of(description);
    const std::string stem = file.stem().string();
    if (kind_of(description) != ddl::Kind::agent || metadata.name == stem) return;
    report.warning(Warning::name_differs, tree.find("metadata")->find("name")->offset,
                   "the agent is called '" + metadata.name + "' and its file '" + stem + "'",
                   "a node takes it as " + metadata.name + "/" + metadata.name + file.extension().string());
}

void check_size(const SourceNode& tree, Report& report) {
    const ddl::TreeLimits node;
    const std::size_t bytes = report.source().text().size();
    const std::size_t values = count_values(tree);
    if (bytes <= node.max_bytes && values <= node.max_values) return;
    report.warning(Warning::too_large, tree.offset,
                   "no node reads it: " + std::to_string(bytes) + " bytes and " + std::to_string(values) +
                       " values, the limits are " + std::to_string(node.max_bytes) + " and " +
                       std::to_string(node.max_values));
}

}  // namespace hocket::ddl_compiler
