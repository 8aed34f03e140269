// Starts a program of contract `worker` with bare pipes, writes it the same line again and again, reads a line each time, and
// prints how long each exchange took in microseconds: bench_pipe COUNT LINE-FILE PROGRAM
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "bench/worker_on_pipes.h"

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    std::ifstream file(argv[2]);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    const WorkerOnPipes worker(argv[3]);
    for (int i = 0; i < std::atoi(argv[1]); ++i) {
        const auto begin = std::chrono::steady_clock::now();
        if (!worker.ask(line)) return 1;
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        if (i > 0) std::printf("%.1f\n", took.count());
    }
    return worker.end() == 0 ? 0 : 1;
}
