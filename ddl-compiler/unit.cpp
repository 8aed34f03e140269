#include "ddl-compiler/unit.h"

#include "core/base/file.h"
#include "core/ddl/task_folder.h"
#include "ddl-compiler/allowances.h"
#include "ddl-compiler/checks.h"
#include "ddl-compiler/front_end.h"

namespace hocket::ddl_compiler {

namespace {

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
        : file_(file), options_(options_of(file)), report_(report) {
        options_.validators = settings.validators;
        options_.regexes = settings.regexes;
        options_.limits = k_source_limits;
    }

    void run(SourceLanguage language) {
        tree_ = read_source(language, report_, options_.limits);
        if (!tree_) return;
        const bool is_task = language == SourceLanguage::json &&
                             ddl::is_task_metadata(tree_->root, ddl::lies_among_tasks(file_));
        if (is_task) tree_ = tree_of_task(tree_->root, file_, report_);
        options_.is_partial = tree_->is_partial;
        description_ = ddl::read_description(tree_->root, tree_->dialect, options_, report_);
        if (report_.has_errors()) return description_.reset();
        check_intent(tree_->root, *description_, options_.validators.get(), tree_->dialect, report_);
        if (is_task || language == SourceLanguage::ruby)
            return;  // they are called otherwise, and no node reads Ruby
        check_name(tree_->root, *description_, file_, report_);
        check_size(tree_->root, report_);
    }

    const ddl::SourceNode* root() const { return tree_ ? &tree_->root : nullptr; }
    std::optional<ddl::Description> take() { return std::move(description_); }

private:
    const std::filesystem::path& file_;
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
    if (auto* const data = std::get_if<ddl::DataPlugin>(&description)) data->file = file.string();
}

}  // namespace

Unit read_unit(const std::filesystem::path& file, const Settings& settings) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return unreadable(file, "is a folder; what is below it is read with --recursive");
    const std::optional<SourceLanguage> language = source_language_of(file);
    if (!language) return unreadable(file, "a description's file name ends in .ddl, .json, .yaml or .yml");
    const Result<std::string> text = read_file(file, k_source_limits.max_bytes);
    if (!text) return unreadable(file, text.error().message);
    ddl::Report report(file.string(), *text);
    Stages stages(file, settings, report);
    stages.run(*language);
    const Allowances allowances(*language, report.source(), stages.root());
    Unit unit{file, stages.take(), allowances.apply(file.string(), report.diagnostics())};
    if (settings.strict && make_errors(unit.diagnostics)) unit.description.reset();
    unit.diagnostics = first_of(unit.diagnostics);
    if (unit.description) name_source(*unit.description, file);
    return unit;
}

}  // namespace hocket::ddl_compiler
