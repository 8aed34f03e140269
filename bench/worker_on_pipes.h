#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

/// A program of contract `worker` with bare pipes: a line goes to its stdin, and a line comes back on descriptor 3.
class WorkerOnPipes {
public:
    explicit WorkerOnPipes(char* program) {
        const Ends requests = make_pipe();
        const Ends replies = make_pipe();
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, requests.reader, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, replies.writer, k_reply_descriptor);
        char* words[] = {program, nullptr};
        if (::posix_spawn(&child_, program, &actions, nullptr, words, environ) != 0) std::abort();
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(requests.reader);
        ::close(replies.writer);
        requests_ = requests.writer;
        replies_ = replies.reader;
    }
    WorkerOnPipes(const WorkerOnPipes&) = delete;
    WorkerOnPipes& operator=(const WorkerOnPipes&) = delete;

    /// False when it does not answer.
    bool ask(const std::string& line) const {
        if (::write(requests_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return false;
        char buffer[65536];
        for (ssize_t count = 0; (count = ::read(replies_, buffer, sizeof buffer)) > 0;) {
            if (buffer[count - 1] == '\n') return true;
        }
        return false;
    }

    /// Its status, when it has read the end of its requests.
    int end() const {
        ::close(requests_);
        int status = -1;
        ::waitpid(child_, &status, 0);
        return status;
    }

private:
    static constexpr int k_reply_descriptor = 3;

    struct Ends {
        int reader;
        int writer;
    };

    static Ends make_pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
        // Above the numbers that the program gets.
        const Ends above{::fcntl(ends[0], F_DUPFD_CLOEXEC, 10), ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
        ::close(ends[0]);
        ::close(ends[1]);
        return above;
    }

    pid_t child_ = -1;
    int requests_ = -1;
    int replies_ = -1;
};
