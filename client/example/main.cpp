// How full is each node's disk? With the configuration of the command `hocket`:
//
//     cmake -S . -B build && cmake --build build && build/usage /var
#include <hocket/client.h>
#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "disk.h"  // made from the agent's description

using namespace hocket::client;
using hocket::agents::disk::Usage;

boost::asio::awaitable<int> show_usage(Client& client, std::string path) {
    const Usage::Inputs inputs{.path = path};
    const hocket::Result<TypedResult<Usage>> result =
        co_await async_call<Usage>(client, inputs, boost::asio::use_awaitable);
    if (!result) {
        std::cerr << result.error().message << '\n';
        co_return hocket::disposition(result.error().code).exit_code;
    }
    for (const TypedReply<Usage>& node : result->replies) {
        if (node.outputs) {
            std::cout << node.identity << ' ' << node.outputs->used_percent.value_or(0) << " %\n";
        } else {
            std::cerr << node.identity << ": " << node.message << '\n';
        }
    }
    for (const MissingNode& node : result->missing)
        std::cerr << node.identity << ": " << node.reason << '\n';
    co_return exit_code(result->ending);
}

int main(int argc, char** argv) {
    boost::asio::io_context io;
    const auto client = Client::open(io);
    if (!client) return std::cerr << client.error().message << '\n', 78;
    int code = 70;
    boost::asio::co_spawn(io, show_usage(**client, argc > 1 ? argv[1] : "/"),
                          [&](const std::exception_ptr&, int made) {
                              code = made;
                              io.stop();
                          });
    io.run();
    return code;
}
