// Starts a program of contract `worker` with bare pipes, writes it the same line again and again, reads a line each time, and
// prints how long each exchange took in microseconds: bench_pipe COUNT LINE-FILE PROGRAM
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int k_reply_descriptor = 3;

struct Ends {
    int reader;
    int writer;
};

Ends make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    // Above the numbers that the program gets.
    const Ends above{::fcntl(ends[0], F_DUPFD_CLOEXEC, 10), ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
    ::close(ends[0]);
    ::close(ends[1]);
    return above;
}

pid_t start(char* program, int requests, int replies) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, requests, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, replies, k_reply_descriptor);
    char* words[] = {program, nullptr};
    pid_t child = -1;
    if (::posix_spawn(&child, program, &actions, nullptr, words, environ) != 0) return -1;
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
}

bool read_line(int descriptor) {
    char buffer[65536];
    for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
        if (buffer[count - 1] == '\n') return true;
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    std::ifstream file(argv[2]);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    const Ends requests = make_pipe();
    const Ends replies = make_pipe();
    if (start(argv[3], requests.reader, replies.writer) < 0) return 70;
    ::close(requests.reader);
    ::close(replies.writer);
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        const auto begin = std::chrono::steady_clock::now();
        if (::write(requests.writer, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 1;
        if (!read_line(replies.reader)) return 1;
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        if (i > 0) std::printf("%.1f\n", took.count());
    }
    ::close(requests.writer);
    int status = 0;
    ::wait(&status);
    return status == 0 ? 0 : 1;
}
