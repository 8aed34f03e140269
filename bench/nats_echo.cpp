// Answers every request on a subject with the same bytes: bench_echo URL SUBJECT REPLY-FILE HEADER-FILE
#include <cstdio>

#include "bench/nats_on_asio.h"

int main(int argc, char** argv) {
    if (argc != 5) return 64;
    const std::string reply = content(argv[3]);
    const std::string header = content(argv[4]);
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    nats.subscribe(
        argv[2], [&](natsMsg* request) { nats.publish(natsMsg_GetReply(request), nullptr, reply, header); });
    std::puts("ready");
    std::fflush(stdout);
    io.run();
    return 0;
}
