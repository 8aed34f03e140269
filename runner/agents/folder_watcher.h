#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hocket::agents {

/// Tells, by inotify, that something below the agents' folders changed. Editors and package managers make many changes
/// in a row: `changed` is called once, when it has been quiet for `debounce`.
///
/// Thread: io thread only.
class FolderWatcher {
public:
    FolderWatcher(boost::asio::io_context& io, std::chrono::milliseconds debounce,
                  std::function<void()> changed);

    /// Watches these folders, the folders in them, and of modules of Puppet their tasks; what was watched before is forgotten. A folder that is missing
    /// is skipped.
    void watch(const std::vector<std::filesystem::path>& folders);

private:
    void read_events();
    void wait_for_quiet();

    boost::asio::posix::stream_descriptor inotify_;
    boost::asio::steady_timer quiet_;
    std::chrono::milliseconds debounce_;
    std::function<void()> changed_;
    std::vector<int> watches_;
    std::vector<char> buffer_;
};

}  // namespace hocket::agents
