#include "client/lib/results.h"

namespace hocket::client {

namespace {

int exit_code_of(ErrorCode code) {
    const Disposition known = disposition(code);
    if (code == ErrorCode::invalid_input || known.kind == Disposition::Kind::local) return known.exit_code;
    return disposition(ErrorCode::internal).exit_code;
}

template <class Node>
const std::string& identity_of(const Node& node) {
    if constexpr (requires { node.identity; }) {
        return node.identity;
    } else {
        return node.reply.identity;
    }
}

template <class Node>
void erase(std::vector<Node>& nodes, const std::string& identity) {
    std::erase_if(nodes, [&](const Node& node) { return identity_of(node) == identity; });
}

}  // namespace

void add(Rejected& sum, const Rejected& later) {
    for (const auto& [code, rejection] : later) {
        Rejection& alike = sum[code];
        if (alike.count == 0) alike.first_reason = rejection.first_reason;
        alike.count += rejection.count;
    }
}

void merge(CallResult& result, CallResult later) {
    for (NodeReply& reply : later.replies) {
        erase(result.replies, reply.reply.identity);
        erase(result.missing, reply.reply.identity);
        result.replies.push_back(std::move(reply));
    }
    // Who has not answered this time may have run what it had refused before.
    for (MissingNode& node : later.missing) {
        erase(result.replies, node.identity);
        erase(result.missing, node.identity);
        result.missing.push_back(std::move(node));
    }
    for (NodeReply& reply : later.unexpected) {
        erase(result.unexpected, reply.reply.identity);
        result.unexpected.push_back(std::move(reply));
    }
    add(result.rejected, later.rejected);
    result.repeated += later.repeated;
    result.elapsed += later.elapsed;
    result.cancelled = result.cancelled || later.cancelled;
}

std::vector<std::string> identities_with(const CallResult& result, Outcome outcome) {
    std::vector<std::string> identities;
    for (const NodeReply& node : result.replies) {
        if (node.reply.outcome == outcome) identities.push_back(node.reply.identity);
    }
    return identities;
}

void add_replies(Ending& ending, const std::vector<NodeReply>& replies) {
    for (const NodeReply& node : replies) {
        ++ending.answered;
        if (node.reply.outcome == Outcome::denied) ++ending.denied;
        if (node.reply.outcome != Outcome::ok) ++ending.not_ok;
    }
}

Ending ending_of(const CallResult& result, std::optional<std::size_t> discovered,
                 const std::vector<NodeReply>& refusals) {
    Ending ending;
    ending.interrupted = result.cancelled;
    if (discovered) ending.discovered = *discovered + refusals.size();
    add_replies(ending, result.replies);
    add_replies(ending, refusals);
    ending.missing = result.missing.size();
    return ending;
}

int exit_code(const Ending& ending) {
    if (ending.interrupted) return 130;
    if (ending.error) return exit_code_of(*ending.error);
    if (ending.discovered == 0U) return 1;
    if (ending.answered == 0) return ending.discovered ? 3 : 4;
    if (ending.denied == ending.answered) return 7;
    if (ending.not_ok > 0) return 2;
    if (ending.missing > 0) return 5;
    return 0;
}

}  // namespace hocket::client
