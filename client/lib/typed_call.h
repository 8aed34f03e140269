#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>

#include "client/lib/client.h"
#include "client/lib/typed_action.h"
#include "core/filter/filter.h"

namespace hocket::client {

/// Whom a typed call is for, and how.
struct CallOptions {
    // Not an aggregate: see DiscoveryQuery.
    CallOptions() = default;
    explicit CallOptions(filter::Filter meant) : filter(std::move(meant)) {}

    filter::Filter filter = {};
    bool noop = false;                        ///< say what would be done and do nothing
    std::chrono::milliseconds retry_busy{0};  ///< nodes that are busy are asked again, for so long
    RpcObserver observer = {};
};

/// A node's answer.
template <TypedAction Action>
struct TypedReply {
    std::string identity;
    Outcome outcome =
        Outcome::ok;  ///< the node's; `invalid_output` of an `ok` that is not what the header promises
    std::optional<typename Action::Outputs> outputs;  ///< there if and only if the outcome is `ok`
    std::string message;                              ///< for people: why it is not `ok`
    NodeReply raw;                                    ///< all that the node said
};

/// What became of a typed call.
template <TypedAction Action>
struct TypedResult {
    std::vector<TypedReply<Action>> replies;  ///< of those that were asked, as they came
    std::vector<MissingNode> missing;         ///< those of them that did not answer, by identity
    Ending ending;  ///< exit_code(ending) is what the command `hocket` would end with
    RpcResult rpc;  ///< the rest; its replies and missing nodes are the above
};

template <TypedAction Action>
TypedReply<Action> make_typed(NodeReply node) {
    TypedReply<Action> typed;
    typed.identity = node.reply.identity;
    typed.outcome = node.reply.outcome;
    if (typed.outcome == Outcome::ok) {
        Result<typename Action::Outputs> outputs = outputs_from_json<Action>(node.reply.data);
        if (outputs) {
            typed.outputs = std::move(*outputs);
        } else {
            typed.outcome = Outcome::invalid_output;
            typed.message = outputs.error().message;
        }
    } else {
        typed.message = node.reply.error ? node.reply.error->message : node.reply.statusmsg;
    }
    typed.raw = std::move(node);
    return typed;
}

template <TypedAction Action>
TypedResult<Action> make_typed(RpcResult rpc) {
    TypedResult<Action> typed;
    typed.ending = ending_of(rpc);
    for (NodeReply& node : std::exchange(rpc.call.replies, {})) {
        const bool was_ok = node.reply.outcome == Outcome::ok;
        typed.replies.push_back(make_typed<Action>(std::move(node)));
        if (was_ok && !typed.replies.back().outputs) ++typed.ending.not_ok;
    }
    typed.missing = std::exchange(rpc.call.missing, {});
    typed.rpc = std::move(rpc);
    return typed;
}

/// Completes a typed call when its rpc is over; what is associated with the handler stays with it.
template <TypedAction Action, class Handler>
struct TypedHandler {
    Handler handler;

    void operator()(Result<RpcResult> result) {
        if (!result) return std::move(handler)(Result<TypedResult<Action>>(result.error()));
        std::move(handler)(Result<TypedResult<Action>>(make_typed<Action>(std::move(*result))));
    }
};

/// Calls an action as its description types it. Otherwise all is as with Client::async_rpc: completion tokens, errors (the
/// inputs are checked before anything is sent), cancelling, thread.
///
///     disk::Largest::Inputs inputs{.path = "/var", .count = 5};
///     Result<TypedResult<disk::Largest>> result = co_await async_call<disk::Largest>(client, inputs, use_awaitable);
template <TypedAction Action, class CompletionToken>
auto async_call(Client& client, const typename Action::Inputs& inputs, CallOptions options,
                CompletionToken&& token) {
    RpcQuery query(std::string(Action::k_action.agent), std::string(Action::k_action.action),
                   inputs_to_json<Action>(inputs));
    query.filter = std::move(options.filter);
    query.noop = options.noop;
    query.retry_busy = options.retry_busy;
    return boost::asio::async_initiate<CompletionToken, void(Result<TypedResult<Action>>)>(
        [&client](auto handler, RpcQuery asked, RpcObserver observer) {
            client.async_rpc(std::move(asked), std::move(observer),
                             TypedHandler<Action, decltype(handler)>{std::move(handler)});
        },
        token, std::move(query), std::move(options.observer));
}

/// On all nodes that have the agent.
template <TypedAction Action, class CompletionToken>
auto async_call(Client& client, const typename Action::Inputs& inputs, CompletionToken&& token) {
    return async_call<Action>(client, inputs, CallOptions(), std::forward<CompletionToken>(token));
}

/// Inputs must have a name: g++ 12 destroys an unnamed aggregate in the operand of a co_await twice.
template <TypedAction Action, class CompletionToken>
auto async_call(Client& client, typename Action::Inputs&& unnamed, CallOptions options,
                CompletionToken&& token) = delete;
template <TypedAction Action, class CompletionToken>
auto async_call(Client& client, typename Action::Inputs&& unnamed, CompletionToken&& token) = delete;

/// An action that takes nothing.
template <TypedAction Action, class CompletionToken>
    requires std::is_empty_v<typename Action::Inputs>
auto async_call(Client& client, CallOptions options, CompletionToken&& token) {
    const typename Action::Inputs nothing{};
    return async_call<Action>(client, nothing, std::move(options), std::forward<CompletionToken>(token));
}

}  // namespace hocket::client

/// Executor, allocator and cancellation slot are those of the handler within.
template <template <class, class> class Associator, class Action, class Handler, class Candidate>
struct boost::asio::associator<Associator, hocket::client::TypedHandler<Action, Handler>, Candidate>
    : Associator<Handler, Candidate> {
    static typename Associator<Handler, Candidate>::type get(
        const hocket::client::TypedHandler<Action, Handler>& typed,
        const Candidate& candidate = Candidate()) noexcept {
        return Associator<Handler, Candidate>::get(typed.handler, candidate);
    }
};
