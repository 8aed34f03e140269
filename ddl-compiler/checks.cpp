#include "ddl-compiler/checks.h"

#include <map>
#include <string>

#include "core/base/text.h"
#include "core/ddl/named_validators.h"
#include "core/ddl/regex_advice.h"

namespace hocket::ddl_compiler {

namespace {

using ddl::Member;
using ddl::Report;
using ddl::SourceNode;
using ddl::Warning;

constexpr std::int64_t k_long_timeout_s = 3600;

std::string text_of(const SourceNode* node) {
    return node != nullptr && node->value.is_string() ? node->value.get<std::string>() : std::string();
}

bool means_anything(std::string_view pattern) {
    return pattern.empty() || pattern == "." || pattern == ".+";
}

/// What was probably meant.
std::string anchored(std::string_view pattern) {
    if (pattern.starts_with('^')) pattern.remove_prefix(1);
    if (pattern.ends_with('$') && !pattern.ends_with("\\$")) pattern.remove_suffix(1);
    const bool has_choice = pattern.find('|') != std::string_view::npos;
    return has_choice ? "^(?:" + std::string(pattern) + ")$" : "^" + std::string(pattern) + "$";
}

/// The checks of one description; knows the names of the validators that it declares.
class IntentCheck {
public:
    IntentCheck(const SourceNode& root, Report& report)
        : root_(root), declared_(root.find("validators")), report_(report) {}

    void check() {
        if (const SourceNode* const metadata = root_.find("metadata")) check_timeout(*metadata);
        if (const SourceNode* const query = root_.find("query")) check_validation(*query, "the query");
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
    bool names_validator(const std::string& text) const {
        return ddl::built_in_validator(text) || (declared_ != nullptr && declared_->find(text) != nullptr);
    }

    const SourceNode& root_;
    const SourceNode* const declared_;
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
    if (text_of(input.find("type")) != "string" || means_anything(pattern) || names_validator(pattern))
        return;
    if (ddl::is_anchored(pattern)) return;
    report_.warning(
        Warning::unanchored_regex, validation->offset,
        "'validation' of " + owner + " is satisfied by a part of the text: anything may stand around it",
        "write " + anchored(pattern) + " for the whole text");
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

void check_intent(const SourceNode& description, Report& report) {
    IntentCheck(description, report).check();
}

}  // namespace hocket::ddl_compiler
