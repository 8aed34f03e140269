// Answers every request on a subject with the same bytes, once a program has run with a file as its stdin: a daemon for
// one-shot agents with nothing around it. bench_echo_spawn URL SUBJECT REPLY-FILE HEADER-FILE STDIN-FILE PROGRAM
#include <cstdio>

#include "bench/nats_on_asio.h"
#include "bench/run_program.h"

int main(int argc, char** argv) {
    if (argc != 7) return 64;
    const std::string reply = content(argv[3]);
    const std::string header = content(argv[4]);
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    nats.subscribe(argv[2], [&](natsMsg* request) {
        if (run_program(argv + 6, argv[5]) == 0)
            nats.publish(natsMsg_GetReply(request), nullptr, reply, header);
    });
    std::puts("ready");
    std::fflush(stdout);
    io.run();
    return 0;
}
