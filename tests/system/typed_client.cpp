// What a program sees of typed calls, for typed_client_test.py:
//
//     typed_client NAME kg|lb|- [IDENTITY…]
//
// A line for each node; exits like the command `hocket`.
#include <iostream>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "parcel.h"

using namespace hocket::client;
using hocket::agents::parcel::Weigh;

namespace {

Weigh::Inputs inputs_from(const std::vector<std::string>& words) {
    Weigh::Inputs inputs{.name = words.at(0)};
    if (words.at(1) == "kg") inputs.unit = Weigh::Unit::kg;
    if (words.at(1) == "lb") inputs.unit = Weigh::Unit::lb;
    return inputs;
}

CallOptions options_from(const std::vector<std::string>& words) {
    return CallOptions(
        hocket::filter::parse_filter({.identities = {words.begin() + 2, words.end()}}).value());
}

void show(const TypedReply<Weigh>& node) {
    std::cout << node.identity << ' ' << to_string(node.outcome);
    if (!node.outputs) {
        std::cout << ' ' << node.message << '\n';
        return;
    }
    const Weigh::Outputs& outputs = *node.outputs;
    std::cout << ' ' << to_double(outputs.weight.value()) << ' ' << outputs.unit.value() << ", "
              << outputs.pieces.value() + 1 << " with the bill, " << outputs.labels.size() << " labels, "
              << (outputs.note ? "a" : "no") << " note\n";
}

boost::asio::awaitable<int> weigh(Client& client, std::vector<std::string> words) {
    const Weigh::Inputs inputs = inputs_from(words);
    const CallOptions options = options_from(words);
    const hocket::Result<TypedResult<Weigh>> result =
        co_await async_call<Weigh>(client, inputs, options, boost::asio::use_awaitable);
    if (!result) {
        std::cout << hocket::to_string(result.error().code) << ' ' << result.error().message << '\n';
        co_return hocket::disposition(result.error().code).exit_code;
    }
    for (const TypedReply<Weigh>& node : result->replies)
        show(node);
    for (const MissingNode& node : result->missing)
        std::cout << node.identity << ' ' << to_string(node.outcome) << '\n';
    co_return exit_code(result->ending);
}

}  // namespace

int main(int argc, char** argv) {
    boost::asio::io_context io;
    const auto client = Client::open(io);
    if (!client) return std::cout << client.error().message << '\n', 78;
    int code = 70;
    boost::asio::co_spawn(io, weigh(**client, {argv + 1, argv + argc}),
                          [&](const std::exception_ptr& thrown, int made) {
                              if (!thrown) code = made;
                              io.stop();
                          });
    io.run();
    return code;
}
