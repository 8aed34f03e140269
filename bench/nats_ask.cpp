// Asks one after the other, and prints how long each took in microseconds:
// bench_ask URL SUBJECT REQUEST-FILE HEADER-FILE COUNT
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "bench/nats_on_asio.h"

int main(int argc, char** argv) {
    if (argc != 6) return 64;
    const std::string request = content(argv[3]);
    const std::string header = content(argv[4]);
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    const std::string inbox = "bench.reply." + std::to_string(::getpid());
    bool has_answer = false;
    nats.subscribe(inbox.c_str(), [&](natsMsg*) { has_answer = true; });
    for (int i = 0; i < std::atoi(argv[5]); ++i) {
        has_answer = false;
        const auto begin = std::chrono::steady_clock::now();
        nats.publish(argv[2], inbox.c_str(), request, header);
        while (!has_answer)
            io.run_one();
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        std::printf("%.1f\n", took.count());
    }
    return 0;
}
