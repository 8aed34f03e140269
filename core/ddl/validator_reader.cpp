#include "core/ddl/validator_reader.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/reader.h"

namespace hocket::ddl {

namespace {

namespace fs = std::filesystem;

constexpr Range k_length_range = {0, 1 << 20};

struct Declared {
    ValidatorRule rule;
    std::size_t offset;
    bool is_read = true;  ///< false: its rule cannot be read, which is reported
};

using Rules = std::map<std::string, Declared>;

void read_size(Fields& fields, std::string_view key, std::size_t& size) {
    if (const auto value = fields.integer(key, k_length_range)) size = static_cast<std::size_t>(*value);
}

ValidatorRule read_rule(const Member& member, ReadContext& context) {
    Fields fields(member.value, "validator '" + member.key + "'", context);
    ValidatorRule rule;
    rule.description = fields.text("description").value_or("");
    rule.pattern = fields.text("pattern").value_or("");
    rule.allowed = fields.text("allowed").value_or("");
    rule.forbidden = fields.text("forbidden").value_or("");
    read_size(fields, "min_length", rule.min_length);
    read_size(fields, "max_length", rule.max_length);
    rule.separator = fields.text("separator").value_or("");
    rule.item = fields.text("item").value_or("");
    read_size(fields, "min_items", rule.min_items);
    read_size(fields, "max_items", rule.max_items);
    fields.refuse_unknown();
    return rule;
}

/// Whoever needs one that is wrong, which is reported, is told nothing: it accepts every text.
bool stand_in(const std::string& name, Validators& validators) {
    ValidatorRule rule;
    rule.max_length = static_cast<std::size_t>(k_length_range.maximum);
    static_cast<void>(validators.declare(name, rule));  // refuses what is no name, which nobody can need
    return true;
}

/// Declares those whose item is known by now. Whether there was one.
bool declare_ready(Rules& waiting, Validators& validators, ReadContext& context) {
    const std::size_t before = waiting.size();
    std::erase_if(waiting, [&](const auto& entry) {
        const auto& [name, declared] = entry;
        if (declared.is_read && !declared.rule.item.empty() && !validators.knows(declared.rule.item))
            return false;
        if (!declared.is_read) return stand_in(name, validators);
        if (const Result<void> done = validators.declare(name, declared.rule); !done) {
            context.report.error(declared.offset, "validator '" + name + "' " + done.error().message);
            stand_in(name, validators);
        }
        return true;
    });
    return waiting.size() < before;
}

void declare_all(Rules waiting, Validators& validators, ReadContext& context) {
    while (declare_ready(waiting, validators, context)) {}
    for (const auto& [name, declared] : waiting) {
        context.report.error(declared.offset,
                             "validator '" + name + "' has items of the validator '" + declared.rule.item +
                                 "', which is unknown or needs this one",
                             did_you_mean(declared.rule.item, validators.names()));
        stand_in(name, validators);
    }
}

std::vector<fs::path> files_of(const fs::path& folder, std::error_code& error) {
    std::vector<fs::path> files;
    for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
        if (format_of(each->path())) files.push_back(each->path());
    }
    std::ranges::sort(files);
    return files;
}

/// Adds the file's validators to the others. What is wrong is returned.
std::string read_validators_file(const fs::path& file, Validators& validators) {
    const Result<std::string> text = hocket::read_file(file, k_max_source_bytes);
    if (!text) return text.error().message;
    Report report(file.string(), *text);
    ReadContext context{report, Dialect::hocket};
    const std::optional<SourceNode> root =
        is_readable_text(report, {}) ? read_tree(*format_of(file), report, {}) : std::nullopt;
    if (root && root->kind != SourceNode::Kind::object)
        report.error(root->offset,
                     "must be an object with the key 'validators', not " + describe_node(*root));
    if (root && !report.has_errors()) {
        Fields fields(*root, "the file", context);
        fields.find("$schema");
        fields.require("validators");
        if (const SourceNode* const declared = fields.find_object("validators"))
            read_validators(*declared, validators, context);
        fields.refuse_unknown();
    }
    return report.has_errors() ? join_lines(first_of(report.diagnostics())) : "";
}

}  // namespace

void read_validators(const SourceNode& declared, Validators& validators, ReadContext& context) {
    Rules rules;
    for (const auto& [name, rule] : validators.rules())
        rules.emplace(name, Declared{rule, declared.offset});
    for (const Member& member : declared.members) {
        if (member.value.kind != SourceNode::Kind::object) {
            context.report.error(
                member.value.offset,
                "validator '" + member.key + "' must be an object, not " + describe_node(member.value));
            rules.insert_or_assign(member.key, Declared{{}, member.offset, false});
            continue;
        }
        const std::size_t errors_before = context.report.errors();
        ValidatorRule rule = read_rule(member, context);
        const bool is_read = context.report.errors() == errors_before;
        rules.insert_or_assign(member.key, Declared{std::move(rule), member.offset, is_read});
    }
    Validators all;
    declare_all(std::move(rules), all, context);
    validators = std::move(all);
}

Result<Validators> read_validators_folder(const fs::path& folder, Trust trust) {
    Validators validators;
    std::error_code error;
    if (!fs::exists(folder, error)) return validators;
    std::string problems;
    for (const fs::path& file : files_of(folder, error)) {
        if (trust == Trust::checked) {
            if (Result<void> trusted = check_trusted(file); !trusted) return trusted.error();
        }
        const std::string wrong = read_validators_file(file, validators);
        if (!wrong.empty()) problems += (problems.empty() ? "" : "\n") + wrong;
    }
    if (error) return Error{ErrorCode::io, folder.string() + ": " + error.message(), {}};
    if (!problems.empty()) return Error{ErrorCode::invalid_ddl, problems, {}};
    return validators;
}

}  // namespace hocket::ddl
