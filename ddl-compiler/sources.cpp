#include "ddl-compiler/sources.h"

#include <algorithm>

#include "core/base/file.h"
#include "ddl-compiler/front_end.h"
#include "ddl-compiler/unit.h"

namespace hocket::ddl_compiler {

namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

/// One that cannot be read is one too: reading it says why.
bool is_description(const fs::path& file) {
    const std::optional<SourceLanguage> language = source_language_of(file);
    if (!language) return false;
    if (*language == SourceLanguage::ruby) return true;
    const Result<std::string> text = read_file(file, k_max_file_bytes);
    return !text || text->find("metadata") != std::string::npos;
}

}  // namespace

Result<std::vector<fs::path>> find_sources(const fs::path& folder) {
    std::vector<fs::path> sources;
    std::error_code error;
    fs::recursive_directory_iterator each(folder, error);
    for (const fs::recursive_directory_iterator end; !error && each != end; each.increment(error)) {
        std::error_code ignored;
        if (each->is_directory(ignored) && is_hidden(each->path())) each.disable_recursion_pending();
        if (each->is_regular_file(ignored) && is_description(each->path())) sources.push_back(each->path());
    }
    if (error) return Error{ErrorCode::io, folder.string() + ": " + error.message(), {}};
    std::ranges::sort(sources);
    return sources;
}

}  // namespace hocket::ddl_compiler
