// Runs a program again and again with posix_spawn until its exit, with a file as its stdin, and prints how long each run
// took in microseconds: bench_spawn COUNT STDIN-FILE PROGRAM [ARGUMENT…]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "bench/run_program.h"

int main(int argc, char** argv) {
    if (argc < 4) return 64;
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const int status = run_program(argv + 3, argv[2]);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        if (status != 0) {
            std::fprintf(stderr, "%s: status %d\n", argv[3], status);
            return 1;
        }
        std::printf("%.1f\n", took.count());
    }
    return 0;
}
