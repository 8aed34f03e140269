#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/// posix_spawn and a wait for the exit, with a file as stdin; its output goes nowhere. The status of waitpid(2), or -1.
inline int run_program(char* const* words, const char* stdin_file) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, stdin_file, O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    int status = -1;
    if (::posix_spawn(&child, words[0], &actions, nullptr, words, environ) == 0) ::waitpid(child, &status, 0);
    ::posix_spawn_file_actions_destroy(&actions);
    return status;
}
