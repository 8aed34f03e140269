// How long the compiler's work takes, without its start, for all FILEs together; the best of RUNS, in microseconds:
//     ours    reading, checking, and writing the canonical form
//     parse   a bare parse of what was written
//     bare    reading the files and a bare parse of each (JSON)
// usage: bench_ddl RUNS FILE…
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/allocator.h"
#include "ddl-compiler/unit.h"

namespace {

using Clock = std::chrono::steady_clock;
using Texts = std::vector<std::string>;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "bench_ddl: %s\n", what);
    std::exit(1);
}

template <class Work>
double best_us(int runs, Work work) {
    double best = 1e18;
    for (int run = 0; run < runs; ++run) {
        const auto start = Clock::now();
        work();
        best = std::min(best, std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    return best;
}

Texts compile(const Texts& files) {
    const hocket::ddl_compiler::Settings settings;
    Texts written;
    for (const std::string& file : files) {
        const hocket::ddl_compiler::Unit unit = hocket::ddl_compiler::read_unit(file, settings);
        if (!unit.description) fail(to_string(unit.diagnostics.at(0)).c_str());
        written.push_back(hocket::ddl::canonical_json(*unit.description));
    }
    return written;
}

void parse(const std::string& text) {
    if (nlohmann::json::parse(text, nullptr, false).is_discarded()) fail("not JSON");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return std::fputs("usage: bench_ddl RUNS FILE...\n", stderr), 2;
    hocket::ddl_compiler::join_freed_blocks_at_once();  // as in hocketc
    const int runs = std::atoi(argv[1]);
    const Texts files(argv + 2, argv + argc);
    Texts written;
    const double ours = best_us(runs, [&] { written = compile(files); });
    const double parsed = best_us(runs, [&] { std::ranges::for_each(written, parse); });
    const double bare = best_us(runs, [&] {
        for (const std::string& file : files)
            parse(hocket::read_file(file, 1U << 30U).value());
    });
    std::printf("{\"ours\":%.1f,\"parse\":%.1f,\"bare\":%.1f}\n", ours, parsed, bare);
}
