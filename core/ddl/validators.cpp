#include "core/ddl/validators.h"

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/regex_advice.h"

namespace hocket::ddl {

namespace {

Error wrong(const std::string& message) {
    return {ErrorCode::usage, message, {}};
}

bool is_built_in(std::string_view name) {
    for (const auto& [validator, word] : k_named_validators) {
        if (word == name) return true;
    }
    return false;
}

std::size_t length_of(std::string_view first_byte) {
    const auto byte = static_cast<unsigned char>(first_byte.front());
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The class of RE2 with these characters: "a-z_-" becomes [a-z_\-]. Nothing of nothing.
std::string class_of(std::string_view characters, std::string_view opening) {
    if (characters.empty()) return {};
    std::string text(opening);
    for (std::size_t at = 0; at < characters.size();) {
        const std::size_t length = length_of(characters.substr(at));
        const std::string_view character = characters.substr(at, length);
        const bool is_range = character == "-" && at != 0 && at + 1 != characters.size();
        const bool is_special = std::string_view("\\]^[-&~").find(character) != std::string_view::npos;
        text += is_special && !is_range ? "\\" + std::string(character) : std::string(character);
        at += length;
    }
    return text + "]";
}

Result<std::optional<Regex>> compile_text(std::string_view key, const std::string& pattern) {
    if (pattern.empty()) return std::optional<Regex>();
    Result<Regex> regex = Regex::compile(pattern);
    if (!regex) {
        const std::string advice = foreign_regex_feature(pattern, regex.error().message);
        return wrong("'" + std::string(key) + "': " + regex.error().message +
                     (advice.empty() ? "" : "; " + advice));
    }
    return std::optional<Regex>(std::move(*regex));
}

Result<void> check_limits(const ValidatorRule& rule) {
    ValidatorRule nothing;
    nothing.description = rule.description;
    if (rule == nothing) {
        return wrong(
            "asks for nothing: give it a pattern, allowed or forbidden characters, a length or items");
    }
    if (rule.max_length != 0 && rule.min_length > rule.max_length)
        return wrong("'min_length' is above 'max_length'");
    if (rule.max_items != 0 && rule.min_items > rule.max_items)
        return wrong("'min_items' is above 'max_items'");
    const bool has_item_limits = rule.min_items != 0 || rule.max_items != 0;
    if (rule.separator.empty() && (!rule.item.empty() || has_item_limits))
        return wrong("items need a 'separator', such as \",\"");
    if (!rule.separator.empty() && rule.item.empty())
        return wrong("a 'separator' needs 'item', the validator of what stands between");
    return {};
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + separator.size());
    }
}

std::string limits_text(std::size_t minimum, std::size_t maximum, const std::string& unit) {
    if (minimum == 0 && maximum == 0) return {};
    if (minimum == 0) return "at most " + std::to_string(maximum) + " " + unit;
    if (maximum == 0) return "at least " + std::to_string(minimum) + " " + unit;
    return std::to_string(minimum) + " to " + std::to_string(maximum) + " " + unit;
}

void add(std::vector<std::string>& parts, std::string part) {
    if (!part.empty()) parts.push_back(std::move(part));
}

}  // namespace

bool DeclaredValidator::accepts_items(std::string_view text) const {
    const std::vector<std::string_view> parts = parts_of(text, rule_.separator);
    if (parts.size() < rule_.min_items) return false;
    if (rule_.max_items != 0 && parts.size() > rule_.max_items) return false;
    for (const std::string_view part : parts) {
        if (!item_.accepts(part)) return false;
    }
    return true;
}

bool DeclaredValidator::accepts(std::string_view text) const {
    const std::size_t length = count_code_points(text);
    if (length < rule_.min_length || (rule_.max_length != 0 && length > rule_.max_length)) return false;
    if (pattern_ && !pattern_->full_match(text)) return false;
    if (other_than_allowed_ && other_than_allowed_->search(text)) return false;
    if (forbidden_ && forbidden_->search(text)) return false;
    return rule_.separator.empty() || accepts_items(text);
}

std::string DeclaredValidator::describe() const {
    if (!rule_.description.empty()) return rule_.description;
    std::vector<std::string> parts;
    add(parts, rule_.pattern.empty() ? "" : "text that matches " + rule_.pattern);
    add(parts, rule_.allowed.empty() ? "" : "only the characters " + rule_.allowed);
    add(parts, rule_.forbidden.empty() ? "" : "none of the characters " + rule_.forbidden);
    add(parts, limits_text(rule_.min_length, rule_.max_length, "characters"));
    add(parts, rule_.separator.empty()
                   ? ""
                   : "items with '" + rule_.separator + "' between them, each " + item_.describe());
    add(parts, limits_text(rule_.min_items, rule_.max_items, "items"));
    return join(parts, ", ");
}

std::vector<std::string> DeclaredValidator::patterns() const {
    std::vector<std::string> all;
    if (!rule_.pattern.empty()) all.push_back("^(?:" + rule_.pattern + ")$");
    if (!rule_.allowed.empty()) all.push_back("^" + class_of(rule_.allowed, "[") + "*$");
    if (!rule_.forbidden.empty()) all.push_back("^" + class_of(rule_.forbidden, "[^") + "*$");
    return all;
}

Result<DeclaredValidator> DeclaredValidator::compile(const ValidatorRule& rule, const Validators& known) {
    if (Result<void> fits = check_limits(rule); !fits) return fits.error();
    DeclaredValidator validator;
    validator.rule_ = rule;
    Result<std::optional<Regex>> pattern = compile_text("pattern", rule.pattern);
    if (!pattern) return pattern.error();
    Result<std::optional<Regex>> others = compile_text("allowed", class_of(rule.allowed, "[^"));
    if (!others) return others.error();
    Result<std::optional<Regex>> forbidden = compile_text("forbidden", class_of(rule.forbidden, "["));
    if (!forbidden) return forbidden.error();
    validator.pattern_ = std::move(*pattern);
    validator.other_than_allowed_ = std::move(*others);
    validator.forbidden_ = std::move(*forbidden);
    if (rule.item.empty()) return validator;
    if (!known.knows(rule.item)) {
        return wrong("'item' names the validator '" + rule.item + "', which is unknown or needs this one");
    }
    validator.item_ = Validation::compile(rule.item, &known).value();
    return validator;
}

Result<void> Validators::declare(const std::string& name, const ValidatorRule& rule) {
    if (!is_action_name(name))
        return wrong("is not a name: 1 to 64 lower-case letters, digits and underscores");
    if (is_built_in(name)) return wrong("is built in and cannot be declared anew");
    Result<DeclaredValidator> validator = DeclaredValidator::compile(rule, *this);
    if (!validator) return validator.error();
    declared_.insert_or_assign(name, std::make_shared<DeclaredValidator>(std::move(*validator)));
    return {};
}

std::shared_ptr<const DeclaredValidator> Validators::find(std::string_view name) const {
    const auto found = declared_.find(name);
    return found == declared_.end() ? nullptr : found->second;
}

bool Validators::knows(std::string_view name) const {
    return is_built_in(name) || declared_.contains(name);
}

std::vector<std::string> Validators::names() const {
    std::vector<std::string> all;
    for (const auto& [validator, word] : k_named_validators)
        all.emplace_back(word);
    for (const auto& [name, validator] : declared_)
        all.push_back(name);
    return all;
}

std::map<std::string, ValidatorRule> Validators::rules() const {
    std::map<std::string, ValidatorRule> rules;
    for (const auto& [name, validator] : declared_)
        rules.emplace(name, validator->rule());
    return rules;
}

std::map<std::string, ValidatorRule> Validators::used_by(const std::set<std::string>& names) const {
    std::map<std::string, ValidatorRule> rules;
    for (std::string name : names) {
        // An item is declared before what uses it, so this way has an end.
        for (auto declared = find(name); declared && rules.emplace(name, declared->rule()).second;
             declared = find(name))
            name = declared->rule().item;
    }
    return rules;
}

}  // namespace hocket::ddl
