// Answers every request on a subject with the same bytes, once a worker has answered a line: a daemon for workers with
// nothing around it. bench_echo_pipe URL SUBJECT REPLY-FILE HEADER-FILE LINE-FILE PROGRAM
#include <cstdio>

#include "bench/nats_on_asio.h"
#include "bench/worker_on_pipes.h"

int main(int argc, char** argv) {
    if (argc != 7) return 64;
    const std::string reply = content(argv[3]);
    const std::string header = content(argv[4]);
    const std::string line = content(argv[5]);
    const WorkerOnPipes worker(argv[6]);
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    nats.subscribe(argv[2], [&](natsMsg* request) {
        if (worker.ask(line)) nats.publish(natsMsg_GetReply(request), nullptr, reply, header);
    });
    std::puts("ready");
    std::fflush(stdout);
    io.run();
    return 0;
}
