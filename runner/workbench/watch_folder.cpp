#include <cstdio>
#include <filesystem>

#include <boost/asio/io_context.hpp>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "runner/agents/folder_watcher.h"
#include "runner/workbench/call.h"
#include "runner/workbench/commands.h"
#include "runner/workbench/folder_stamp.h"

namespace hocket::workbench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds k_quiet{150};

/// With --json, stdout has nothing but objects.
std::FILE* notices(const CallOptions& options) {
    return options.json ? stderr : stdout;
}

int run_once(const CallOptions& options) {
    std::fprintf(notices(options), "-- %s\n", utc_text(SystemClock().wall_ms()).c_str());
    const int code = options.action.empty() ? check_folder(options) : run_action(options, {});
    std::fflush(stdout);
    return code;
}

void tell_own_changes(const CallOptions& options, const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
        std::fprintf(notices(options), "-- changed by the run, so not run again for it: %s\n",
                     escape_text(path).c_str());
    std::fflush(stdout);
}

}  // namespace

int watch_folder(const CallOptions& wanted) {
    CallOptions options = wanted;
    std::error_code error;
    const fs::path folder = fs::canonical(options.folder, error);
    if (error) return run_once(options);  // it says why
    options.folder = folder.string();     // the working folder may go, and another take its place
    Saves saves(folder);
    boost::asio::io_context io;
    bool has_changed = true;
    agents::FolderWatcher watcher(io, k_quiet, [&] { has_changed = true; });
    for (;;) {
        if (has_changed) {
            has_changed = false;
            // Anew, since the folder may be another one of that name; its parent tells of that.
            watcher.watch({folder.parent_path(), folder, folder.parent_path() / "lib"});
            if (saves.begin_run()) {
                run_once(options);
                tell_own_changes(options, saves.end_run());
            }
        }
        io.restart();
        if (io.run_one() == 0) {
            return fail({ErrorCode::io,
                         "this system tells no changes of files (inotify): nothing can be watched",
                         {}},
                        options);
        }
    }
}

}  // namespace hocket::workbench
