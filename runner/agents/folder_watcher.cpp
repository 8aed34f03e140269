#include "runner/agents/folder_watcher.h"

#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>

#include "core/ddl/task_folder.h"

namespace hocket::agents {

namespace {

constexpr std::uint32_t k_events = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE |
                                   IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::size_t k_buffer_bytes = 16U << 10U;

}  // namespace

FolderWatcher::FolderWatcher(boost::asio::io_context& io, std::chrono::milliseconds debounce,
                             std::function<void()> changed)
    : inotify_(io), quiet_(io), debounce_(debounce), changed_(std::move(changed)), buffer_(k_buffer_bytes) {
    const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (descriptor < 0) return;  // out of inotify instances: SIGHUP still reloads
    inotify_.assign(descriptor);
    read_events();
}

void FolderWatcher::watch(const std::vector<std::filesystem::path>& folders) {
    if (!inotify_.is_open()) return;
    for (const int watch : watches_)
        ::inotify_rm_watch(inotify_.native_handle(), watch);
    watches_.clear();
    const auto add = [this](const std::filesystem::path& folder) {
        const int watch = ::inotify_add_watch(inotify_.native_handle(), folder.c_str(), k_events);
        if (watch >= 0) watches_.push_back(watch);
    };
    for (const auto& folder : folders) {
        add(folder);
        std::error_code error;
        for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            std::error_code ignored;
            if (!entry->is_directory(ignored)) continue;
            add(entry->path());
            add(entry->path() / ddl::k_tasks_folder);  // of a module of Puppet; else it is not there
        }
    }
}

void FolderWatcher::read_events() {
    inotify_.async_read_some(
        boost::asio::buffer(buffer_), [this](const boost::system::error_code& error, std::size_t count) {
            if (error) return;
            bool changed = false;
            for (std::size_t at = 0; at + sizeof(inotify_event) <= count;) {
                const auto* event = reinterpret_cast<const inotify_event*>(buffer_.data() + at);
                changed = changed || (event->mask & IN_IGNORED) == 0;  // that is our own removal
                at += sizeof(inotify_event) + event->len;
            }
            if (changed) wait_for_quiet();
            read_events();
        });
}

void FolderWatcher::wait_for_quiet() {
    quiet_.expires_after(debounce_);
    quiet_.async_wait([this](const boost::system::error_code& error) {
        if (!error) changed_();
    });
}

}  // namespace hocket::agents
