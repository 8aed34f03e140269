#include "ddl-compiler/compiler.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "core/base/file.h"

namespace hocket::ddl_compiler {

namespace {

namespace fs = std::filesystem;
using ddl::Diagnostic;

constexpr unsigned k_text_mode = 0644;
constexpr unsigned k_program_mode = 0755;

bool has_error(const std::vector<Diagnostic>& diagnostics) {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Diagnostic::Severity::error;
    });
}

void append(std::vector<Diagnostic>& all, const std::vector<Diagnostic>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

Diagnostic about(const fs::path& file, std::string message) {
    Diagnostic diagnostic;
    diagnostic.file = file.string();
    diagnostic.message = std::move(message);
    return diagnostic;
}

/// "20 descriptions: no errors, 3 warnings".
std::string counts(std::size_t files, const std::vector<Diagnostic>& diagnostics) {
    const auto errors = static_cast<std::size_t>(
        std::ranges::count(diagnostics, Diagnostic::Severity::error, &Diagnostic::severity));
    const auto text = [](std::size_t count, const std::string& noun) {
        return (count == 0 ? "no" : std::to_string(count)) + " " + noun + (count == 1 ? "" : "s");
    };
    return text(files, "description") + ": " + text(errors, "error") + ", " +
           text(diagnostics.size() - errors, "warning") + "\n";
}

/// Writes what is made, and remembers what was written of which file.
class Writer {
public:
    Writer(const Job& job, Streams streams) : job_(job), streams_(streams) {}

    /// The problems.
    std::vector<Diagnostic> write(const Unit& unit) {
        std::vector<Diagnostic> problems;
        for (const Target target : job_.targets) {
            const Result<std::string> text = emit(*unit.description, target, job_.language);
            if (!text) {
                Diagnostic problem = about(unit.file, text.error().message);
                if (kind_of(*unit.description) == ddl::Kind::agent) {
                    problems.push_back(std::move(problem));
                } else {
                    lacking_.emplace_back(target, std::move(problem));
                }
                continue;
            }
            made_.insert(target);
            if (!job_.folder) {
                streams_.output << *text;
            } else if (Result<void> written = write_file(unit.file, target, *text); !written) {
                problems.push_back(about(unit.file, written.error().message));
            }
        }
        return problems;
    }

    /// What could not be made since the description is of another kind. Where others had it, it was not asked of each.
    std::vector<Diagnostic> lacking(bool strict) const {
        std::vector<Diagnostic> problems;
        for (const auto& [target, problem] : lacking_) {
            problems.push_back(problem);
            if (made_.contains(target) && !strict) problems.back().severity = Diagnostic::Severity::warning;
        }
        return problems;
    }

private:
    Result<void> write_file(const fs::path& source, Target target, const std::string& text) {
        fs::path made = *job_.folder / source.stem();
        made += suffix_of(target, job_.language);
        const auto [first, is_new] = written_.emplace(made, source);
        if (!is_new) {
            return Error{ErrorCode::io,
                         made.string() + " is made of " + first->second.string() +
                             " already; give each its own folder with -o",
                         {}};
        }
        for (const fs::path& file : job_.sources.files) {
            std::error_code ignored;
            if (fs::equivalent(file, made, ignored))
                return Error{
                    ErrorCode::io, made.string() + " is a source; write to another folder with -o", {}};
        }
        if (target != Target::skeleton) return write_file_atomically(made, text, k_text_mode);
        if (fs::exists(fs::symlink_status(made)))
            return Error{ErrorCode::io,
                         made.string() +
                             " is there already, and somebody may have written in it; remove it or "
                             "give another folder with -o",
                         {}};
        return create_file(made, text, k_program_mode);
    }

    const Job& job_;
    Streams streams_;
    std::map<fs::path, fs::path> written_;
    std::set<Target> made_;
    std::vector<std::pair<Target, Diagnostic>> lacking_;
};

}  // namespace

ExitCode check(const Sources& sources, const Settings& settings, DiagnosticsFormat format, Streams streams) {
    std::vector<Diagnostic> all = sources.problems;
    for (const fs::path& file : sources.files)
        append(all, read_unit(file, settings).diagnostics);
    const bool is_text = format == DiagnosticsFormat::text;
    (is_text ? streams.diagnostics : streams.output) << write_diagnostics(all, format);
    if (is_text && sources.files.size() > 1) streams.diagnostics << counts(sources.files.size(), all);
    return has_error(all) ? ExitCode::errors : ExitCode::clean;
}

ExitCode compile(const Job& job, const Settings& settings, DiagnosticsFormat format, Streams streams) {
    std::vector<Diagnostic> all = job.sources.problems;
    std::error_code error;
    if (job.folder && !fs::is_directory(*job.folder, error)) fs::create_directories(*job.folder, error);
    if (error) {
        std::error_code ignored;
        const bool is_file = fs::exists(*job.folder, ignored);
        all.push_back(about(*job.folder, is_file ? "is a file; -o takes a folder"
                                                 : "cannot make the folder: " + error.message()));
    }
    Writer writer(job, streams);
    for (const fs::path& file : job.sources.files) {
        const Unit unit = read_unit(file, settings);
        append(all, unit.diagnostics);
        if (unit.description && !error) append(all, writer.write(unit));
    }
    append(all, writer.lacking(settings.strict));
    streams.diagnostics << write_diagnostics(all, format);
    return has_error(all) ? ExitCode::errors : ExitCode::clean;
}

}  // namespace hocket::ddl_compiler
