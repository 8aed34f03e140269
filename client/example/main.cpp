// How full is each node's disk? With the configuration of the command `hocket`.
#include <hocket/client.h>
#include <iostream>

#include "disk.h"  // made from the agent's description

using namespace hocket::client;
using hocket::agents::disk::Usage;
using Answer = hocket::Result<TypedResult<Usage>>;

int show(const Answer& answer) {
    if (!answer) return std::cerr << answer.error().message << '\n', 70;
    for (const TypedReply<Usage>& node : answer->replies) {
        if (!node.outputs)
            std::cerr << node.identity << ": " << node.message << '\n';
        else
            std::cout << node.identity << ' ' << node.outputs->used_percent.value_or(0) << " %\n";
    }
    for (const MissingNode& node : answer->missing)
        std::cerr << node.identity << ": " << node.reason << '\n';
    return exit_code(answer->ending);
}

int main(int argc, char** argv) {
    boost::asio::io_context io;
    const auto client = Client::open(io);
    if (!client) return std::cerr << client.error().message << '\n', 78;
    const Usage::Inputs inputs{.path = argc > 1 ? argv[1] : "/"};
    int code = 70;
    async_call<Usage>(**client, inputs, [&](const Answer& answer) {
        code = show(answer);
        io.stop();
    });
    io.run();
    return code;
}
