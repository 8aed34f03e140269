#include "ddl-compiler/compiler.h"

#include <optional>
#include <ostream>

#include "ddl-compiler/front_end.h"

namespace hocket::ddl_compiler {

namespace {

std::optional<ddl::Agent> read(const std::filesystem::path& file, Streams streams) {
    Result<ddl::Loaded> loaded = read_description(file);
    if (!loaded) {
        streams.diagnostics << loaded.error().message << "\n";
        return std::nullopt;
    }
    for (const ddl::Diagnostic& warning : loaded->warnings)
        streams.diagnostics << to_string(warning) << "\n";
    return std::move(loaded->agent);
}

}  // namespace

ExitCode check(const std::vector<std::filesystem::path>& files, Streams streams) {
    ExitCode code = ExitCode::clean;
    for (const std::filesystem::path& file : files) {
        if (!read(file, streams)) code = ExitCode::errors;
    }
    return code;
}

ExitCode compile(const std::filesystem::path& file, Target target, Streams streams) {
    const std::optional<ddl::Agent> agent = read(file, streams);
    if (!agent) return ExitCode::errors;
    const Result<std::string> text = emit(*agent, target, Language::bash);
    if (!text) {
        streams.diagnostics << text.error().message << "\n";
        return ExitCode::errors;
    }
    streams.output << *text;
    return ExitCode::clean;
}

}  // namespace hocket::ddl_compiler
