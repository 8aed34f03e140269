// Asks one after the other, and prints how long each took in microseconds:
// bench_ask URL SUBJECT REQUEST-FILE HEADER-FILE COUNT [ANSWERS]
// It waits for that many answers to each, one without the last argument.
#include <cstdio>

#include "bench/nats_on_asio.h"

int main(int argc, char** argv) {
    if (argc < 6) return 64;
    const std::string request = content(argv[3]);
    const std::string header = content(argv[4]);
    const int expected = argc > 6 ? std::atoi(argv[6]) : 1;
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    const std::string inbox = "bench.reply." + std::to_string(::getpid());
    int answers = 0;
    nats.subscribe(inbox.c_str(), [&](natsMsg*) { ++answers; });
    for (int i = 0; i < std::atoi(argv[5]); ++i) {
        answers = 0;
        const auto begin = std::chrono::steady_clock::now();
        work();
        nats.publish(argv[2], inbox.c_str(), request, header);
        while (answers < expected)
            io.run_one();
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        std::printf("%.1f\n", took.count());
    }
    return 0;
}
