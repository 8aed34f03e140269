#include "ddl-compiler/sources.h"

#include <algorithm>
#include <set>

#include "core/base/file.h"
#include "core/ddl/task_folder.h"
#include "core/ddl/words.h"
#include "ddl-compiler/front_end.h"
#include "ddl-compiler/unit.h"

namespace hocket::ddl_compiler {

namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

bool has_kind_of_ours(const ddl::SourceNode& root) {
    const ddl::SourceNode* const kind = root.find("kind");
    return kind != nullptr && kind->value.is_string() &&
           std::ranges::find(ddl::k_kind_words, kind->value.get_ref<const std::string&>()) !=
               ddl::k_kind_words.end();
}

/// What cannot be read as a tree is a description that is broken if it speaks of the same things.
bool describes_something(SourceLanguage language, std::string_view text) {
    const bool speaks_of_actions = text.find("actions") != std::string_view::npos;
    const bool speaks_of_metadata = text.find("metadata") != std::string_view::npos;
    if (!speaks_of_actions && !speaks_of_metadata) return false;
    ddl::Report report("", text);
    const std::optional<SourceTree> tree = read_source(language, report, k_source_limits);
    if (!tree || report.has_errors()) return speaks_of_actions && speaks_of_metadata;
    const bool has_metadata = tree->root.find("metadata") != nullptr;
    return tree->root.find("actions") != nullptr || (has_metadata && has_kind_of_ours(tree->root));
}

/// One that cannot be read is one too: reading it says why.
bool is_description(const fs::path& file) {
    const std::optional<SourceLanguage> language = source_language_of(file);
    if (!language) return false;
    const bool is_by_place = file.stem() == file.parent_path().filename() || ddl::lies_among_tasks(file);
    if (*language == SourceLanguage::ruby || is_by_place) return true;
    const Result<std::string> text = read_file(file, k_source_limits.max_bytes);
    return !text || describes_something(*language, *text);
}

class Finder {
public:
    void add(const fs::path& file) {
        std::error_code error;
        const fs::path canonical = fs::weakly_canonical(file, error);
        if (known_.insert(error ? file : canonical).second) sources_.files.push_back(file);
    }

    void add_below(const fs::path& folder) {
        for (const fs::path& entry : entries_of(folder)) {
            std::error_code ignored;
            if (fs::is_directory(fs::symlink_status(entry, ignored))) {
                if (!is_hidden(entry)) add_below(entry);
            } else if (fs::is_regular_file(entry, ignored) && is_description(entry)) {
                add(entry);
            }
        }
    }

    Sources take() { return std::move(sources_); }

private:
    std::vector<fs::path> entries_of(const fs::path& folder) {
        std::error_code error;
        std::vector<fs::path> entries;
        for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error))
            entries.push_back(each->path());
        if (error) {
            ddl::Diagnostic diagnostic;
            diagnostic.file = folder.string();
            diagnostic.message = "cannot read the folder: " + error.message();
            sources_.problems.push_back(std::move(diagnostic));
        }
        std::ranges::sort(entries);
        return entries;
    }

    Sources sources_;
    std::set<fs::path> known_;  ///< without links
};

}  // namespace

Sources find_sources(const std::vector<fs::path>& files, const std::vector<fs::path>& folders) {
    Finder finder;
    for (const fs::path& file : files)
        finder.add(file);
    for (const fs::path& folder : folders)
        finder.add_below(folder);
    return finder.take();
}

}  // namespace hocket::ddl_compiler
