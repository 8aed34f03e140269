#include "core/process/proc.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/process/pipe.h"

namespace hocket::process {

namespace {

constexpr std::size_t k_max_stat_bytes = 4096;
constexpr std::size_t k_max_environment_bytes = 131072;
constexpr std::size_t k_max_children_bytes = 1048576;
// The children of a process with more threads come to us, as orphans, once it is killed.
constexpr std::size_t k_max_threads = 256;

FileDescriptor open_to_read(const std::string& path) {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

/// The file's beginning; nothing if it could not be opened: the process is gone or not ours to look at, or no descriptor is
/// left.
std::optional<std::string> read_beginning(const FileDescriptor& file, std::size_t max_bytes) {
    if (!file) return std::nullopt;
    std::string content;
    std::array<char, 4096> buffer;
    while (content.size() < max_bytes) {
        const auto position = static_cast<off_t>(content.size());
        const ssize_t count = ::pread(file.get(), buffer.data(), buffer.size(), position);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        content.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return content;
}

std::optional<std::string> read_beginning(const std::string& path, std::size_t max_bytes) {
    return read_beginning(open_to_read(path), max_bytes);
}

std::string proc_path(pid_t pid, std::string_view name) {
    return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

template <class Number>
Number number_or_zero(std::string_view text) {
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string children_of_thread(pid_t thread) {
    return "/proc/self/task/" + std::to_string(thread) + "/children";
}

/// False if the list could not be opened.
bool append_numbers(const FileDescriptor& list, std::vector<pid_t>& numbers) {
    const std::optional<std::string> text = read_beginning(list, k_max_children_bytes);
    for (const std::string& number : split(trim(text.value_or("")), ' ')) {
        if (!number.empty()) numbers.push_back(number_or_zero<pid_t>(number));
    }
    return text.has_value();
}

std::vector<std::string> thread_names(const std::string& folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> threads(::opendir(folder.c_str()), ::closedir);
    while (threads && names.size() < k_max_threads) {
        const dirent* entry = ::readdir(threads.get());
        if (entry == nullptr) break;
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    return names;
}

}  // namespace

std::optional<ProcessStatus> read_status(pid_t pid) {
    // "PID (name) state ppid pgrp session … start": the name may hold blanks and parentheses, so from its end on.
    const std::string text = read_beginning(proc_path(pid, "stat"), k_max_stat_bytes).value_or("");
    const std::size_t name_end = text.rfind(") ");
    if (name_end == std::string::npos) return std::nullopt;
    const std::vector<std::string> fields = split(std::string_view(text).substr(name_end + 2), ' ');
    if (fields.size() < 20 || fields[0].empty()) return std::nullopt;
    return ProcessStatus{fields[0][0], number_or_zero<pid_t>(fields[1]), number_or_zero<pid_t>(fields[3]),
                         number_or_zero<std::uint64_t>(fields[19])};
}

std::uint64_t now_ticks() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const long ticks_per_second = ::sysconf(_SC_CLK_TCK);
    return static_cast<std::uint64_t>(now.tv_sec * ticks_per_second +
                                      now.tv_nsec / (1'000'000'000 / ticks_per_second));
}

bool append_children(pid_t pid, std::vector<pid_t>& children) {
    const std::string folder = proc_path(pid, "task");
    const std::vector<std::string> threads = thread_names(folder);
    bool complete = !threads.empty();
    for (const std::string& thread : threads) {
        complete = append_numbers(open_to_read(folder + "/" + thread + "/children"), children) && complete;
    }
    return complete;
}

void OwnChildren::open() {
    of_first_thread_ = above_the_childs(open_to_read(children_of_thread(::getpid())));
}

bool OwnChildren::append_to(std::vector<pid_t>& children) {
    if (!of_first_thread_) open();  // there was no descriptor left for it
    bool complete = append_numbers(of_first_thread_, children);
    if (::gettid() != ::getpid())
        complete = append_numbers(open_to_read(children_of_thread(::gettid())), children) && complete;
    return complete;
}

bool is_hidden(pid_t pid) {
    return ::access(proc_path(pid, "stat").c_str(), R_OK) != 0;
}

bool knows_children() {
    return ::access("/proc/thread-self/children", R_OK) == 0;
}

std::optional<std::string> environment_value(pid_t pid, std::string_view name) {
    const std::string entry = std::string(name) + "=";
    const auto environment = read_beginning(proc_path(pid, "environ"), k_max_environment_bytes);
    for (const std::string& variable : split(environment.value_or(""), '\0')) {
        if (variable.starts_with(entry)) return variable.substr(entry.size());
    }
    return std::nullopt;
}

std::chrono::nanoseconds processor_time(pid_t pid) {
    const std::string line = read_beginning(proc_path(pid, "schedstat"), k_max_stat_bytes).value_or("");
    return std::chrono::nanoseconds(number_or_zero<std::int64_t>(line));  // then its time in the queue, …
}

std::size_t resident_bytes(pid_t pid) {
    static const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::string pages = read_beginning(proc_path(pid, "statm"), k_max_stat_bytes).value_or("");
    const std::vector<std::string> fields = split(pages, ' ');  // all, resident, shared, …
    return fields.size() < 2 ? 0 : number_or_zero<std::size_t>(fields[1]) * page_bytes;
}

std::string cgroup_path(pid_t pid) {
    const auto hierarchies = read_beginning(proc_path(pid, "cgroup"), k_max_stat_bytes);
    for (const std::string& line : split(hierarchies.value_or(""), '\n')) {
        if (line.starts_with("0::")) return line.substr(3);
    }
    return {};
}

}  // namespace hocket::process
