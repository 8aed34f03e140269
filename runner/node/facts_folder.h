#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/result.h"

namespace hocket::node {

/// Runs an executable of the facts folder: the daemon does it with core/process, a test without any.
class FactCommand {
public:
    using Done = std::function<void(Result<std::string>)>;

    virtual ~FactCommand() = default;

    /// Starts `executable` without arguments and with an empty stdin. `done` gets its stdout, or an error
    /// (cannot start, exit code not 0, output too large, deadline passed: then its process tree is killed).
    /// It is called exactly once, and never from inside run().
    virtual void run(const std::filesystem::path& executable, std::chrono::steady_clock::time_point deadline,
                     Done done) = 0;
};

/// What is wrong with each file, by its name.
using FileErrors = std::map<std::string, std::string>;

struct FactsFolderLimits {
    std::size_t max_files = 100;
    std::size_t max_file_bytes = 256U << 10U;  ///< of a file, and of what an executable prints
    std::chrono::milliseconds command_timeout{10'000};

    bool operator==(const FactsFolderLimits&) const = default;
};

/// External facts by Facter's convention: the files of one folder, in the order of their names.
///
///     NAME.json NAME.yaml NAME.yml NAME.txt    data, even if the file may be executed
///     any other file with an executable bit    is run; fact_formats.h tells how its output is read
///     .NAME NAME~ NAME.bak NAME.orig, folders  are skipped
///
/// A later file replaces the facts of an earlier one as a whole: top-level names are never merged. A file
/// that is broken, too large, not a regular file, or that others could change (check_trusted) costs only its
/// own facts, and so does an executable that fails. A folder that does not exist holds none.
///
/// Errors: per file, in `errors`; never fatal.
/// Thread: io thread only. Reads files where it is called; executables run one after the other.
class FactsFolder {
public:
    using Done = std::function<void(const Json& facts, const FileErrors& errors)>;

    /// `command` and `clock` outlive every load().
    FactsFolder(std::filesystem::path folder, FactsFolderLimits limits, FactCommand& command,
                const Clock& clock);

    /// `done` is called exactly once: from inside load() if nothing has to be run.
    void load(Done done);

private:
    std::filesystem::path folder_;
    FactsFolderLimits limits_;
    FactCommand& command_;
    const Clock& clock_;
};

}  // namespace hocket::node
