#include "ddl-compiler/unit.h"

#include "core/base/file.h"
#include "ddl-compiler/allowances.h"
#include "ddl-compiler/checks.h"
#include "ddl-compiler/front_end.h"

namespace hocket::ddl_compiler {

namespace {

constexpr ddl::TreeLimits k_limits = {.max_bytes = k_max_file_bytes, .max_values = 5'000'000};

Unit unreadable(const std::filesystem::path& file, std::string message) {
    const std::string prefix = file.string() + ": ";
    if (message.starts_with(prefix)) message.erase(0, prefix.size());
    ddl::Diagnostic diagnostic;
    diagnostic.file = file.string();
    diagnostic.message = std::move(message);
    return {file, std::nullopt, {std::move(diagnostic)}};
}

/// The stages of one text. What is wrong is in the report.
class Stages {
public:
    Stages(const std::filesystem::path& file, const Settings& settings, ddl::Report& report)
        : options_(options_of(file)), report_(report) {
        options_.validators = settings.validators;
        options_.limits = k_limits;
    }

    void run(SourceLanguage language) {
        tree_ = read_source(language, report_, options_.limits);
        if (!tree_) return;
        description_ = ddl::read_description(tree_->root, tree_->dialect, options_, report_);
        if (report_.has_errors()) {
            description_.reset();
        } else {
            check_intent(tree_->root, report_);
        }
    }

    const ddl::SourceNode* root() const { return tree_ ? &tree_->root : nullptr; }
    std::optional<ddl::Description> take() { return std::move(description_); }

private:
    ddl::ReadOptions options_;
    ddl::Report& report_;
    std::optional<SourceTree> tree_;
    std::optional<ddl::Description> description_;
};

/// Whether one of them was a warning.
bool make_errors(std::vector<ddl::Diagnostic>& diagnostics) {
    bool any = false;
    for (ddl::Diagnostic& diagnostic : diagnostics) {
        any = any || diagnostic.severity == ddl::Diagnostic::Severity::warning;
        diagnostic.severity = ddl::Diagnostic::Severity::error;
    }
    return any;
}

void name_source(ddl::Description& description, const std::filesystem::path& file) {
    if (auto* const agent = std::get_if<ddl::Agent>(&description)) agent->file = file.string();
}

}  // namespace

Unit read_unit(const std::filesystem::path& file, const Settings& settings) {
    const std::optional<SourceLanguage> language = source_language_of(file);
    if (!language) return unreadable(file, "a description's file name ends in .ddl, .json, .yaml or .yml");
    const Result<std::string> text = read_file(file, k_max_file_bytes);
    if (!text) return unreadable(file, text.error().message);
    ddl::Report report(file.string(), *text);
    Stages stages(file, settings, report);
    stages.run(*language);
    Unit unit{file, stages.take(),
              Allowances(report.source(), stages.root()).apply(file.string(), report.diagnostics())};
    if (settings.strict && make_errors(unit.diagnostics)) unit.description.reset();
    if (unit.description) name_source(*unit.description, file);
    return unit;
}

}  // namespace hocket::ddl_compiler
