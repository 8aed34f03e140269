// Launches a program as hocketd does, and prints how long each took until it was that program, in microseconds:
// bench_launch COUNT MEGABYTES DESCRIPTORS
// Before, it takes that much memory and opens that many descriptors, as a daemon that has run for long may have.
#include "core/process/launch.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <vector>

#include "core/process/pipe.h"

using namespace hocket;

namespace {

std::vector<FileDescriptor> open_many(int count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    std::vector<FileDescriptor> opened;
    for (int i = 0; i < count; ++i)
        opened.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    return opened;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    process::Launcher launcher;  // early, as a daemon does
    const std::vector<char> memory(static_cast<std::size_t>(std::atoi(argv[2])) << 20U, 'x');
    const std::vector<FileDescriptor> descriptors = open_many(std::atoi(argv[3]));
    const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    process::LaunchRequest request;
    request.executable = "/bin/true";
    request.argv = {"true"};
    request.working_directory = "/";
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        std::array<FileDescriptor, 4> ends;
        for (std::size_t n = 0; n < ends.size(); ++n) {
            Result<FileDescriptor> end = process::copy_for_child(null.get());
            if (!end) return 71;
            ends[n] = std::move(*end);
            request.descriptors[n] = ends[n].get();
        }
        const auto begin = std::chrono::steady_clock::now();
        const Result<process::Launched> launched = launcher.launch(request);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        if (!launched) {
            std::fprintf(stderr, "bench_launch: %s\n", launched.error().message.c_str());
            return 1;
        }
        ::waitpid(launched->pid, nullptr, 0);
        std::printf("%.1f\n", took.count());
    }
    return memory.back() == 'x' ? 0 : 1;
}
