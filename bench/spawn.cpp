// Runs a program again and again with posix_spawn until its exit, with a file as its stdin, and prints how long each run
// took in microseconds: bench_spawn COUNT STDIN-FILE PROGRAM [ARGUMENT…]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

int main(int argc, char** argv) {
    if (argc < 4) return 64;
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, 0, argv[2], O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        const auto begin = std::chrono::steady_clock::now();
        pid_t child = 0;
        int status = 0;
        if (::posix_spawn(&child, argv[3], &actions, nullptr, argv + 3, environ) != 0) return 70;
        ::waitpid(child, &status, 0);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        ::posix_spawn_file_actions_destroy(&actions);
        if (status != 0) {
            std::fprintf(stderr, "%s: status %d\n", argv[3], status);
            return 1;
        }
        std::printf("%.1f\n", took.count());
    }
    return 0;
}
