#include <cstdio>
#include <filesystem>

#include <boost/asio/io_context.hpp>

#include "core/base/clock.h"
#include "runner/agents/folder_watcher.h"
#include "runner/workbench/call.h"
#include "runner/workbench/commands.h"

namespace hocket::workbench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds k_quiet{150};

int run_once(const CallOptions& options) {
    std::printf("-- %s\n", utc_text(SystemClock().wall_ms()).c_str());
    const int code = options.action.empty() ? check_folder(options) : run_action(options, false);
    std::fflush(stdout);
    return code;
}

}  // namespace

int watch_folder(const CallOptions& options) {
    std::error_code error;
    const fs::path folder = fs::canonical(options.folder, error);
    if (error) return run_once(options);  // it says why
    boost::asio::io_context io;
    bool has_changed = true;
    agents::FolderWatcher watcher(io, k_quiet, [&] { has_changed = true; });
    for (;;) {
        if (has_changed) {
            has_changed = false;
            watcher.watch({folder, folder.parent_path() / "lib"});
            run_once(options);
        }
        io.restart();
        if (io.run_one() == 0) {
            return fail({ErrorCode::io,
                         "this system tells no changes of files (inotify): nothing can be watched",
                         {}});
        }
    }
}

}  // namespace hocket::workbench
