// How full is each node's disk? With the configuration of the command `hocket`:
//
//     cmake -S . -B build && cmake --build build && build/usage /var
#include <hocket/client.h>
#include <iostream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

using namespace hocket::client;

boost::asio::awaitable<int> show_usage(Client& client, std::string path) {
    RpcQuery query("disk", "usage", {{"path", path}});
    const hocket::Result<RpcResult> result = co_await client.async_rpc(query, boost::asio::use_awaitable);
    if (!result) {
        std::cerr << result.error().message << '\n';
        co_return hocket::disposition(result.error().code).exit_code;
    }
    for (const NodeReply& node : result->call.replies)
        std::cout << node.reply.identity << ' ' << node.reply.data << '\n';
    for (const MissingNode& node : result->call.missing)
        std::cerr << node.identity << ": " << node.reason << '\n';
    co_return exit_code(ending_of(result->call, result->targets.size()));
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
