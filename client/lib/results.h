#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/outcome.h"
#include "core/wire/reply.h"
#include "core/wire/request.h"

namespace hocket::client {

/// Messages that came for a request and were no valid replies to it: nobody knows whose they are.
struct Rejection {
    std::size_t count = 0;
    std::string first_reason;
};
using Rejected = std::map<ErrorCode, Rejection>;

/// A node's one valid reply.
struct NodeReply {
    wire::Reply reply;
    std::chrono::microseconds latency{0};  ///< from sending to arrival
};

/// A node that was expected to answer and did not.
struct MissingNode {
    std::string identity;
    Outcome outcome = Outcome::no_response;  ///< no_response, not_sent or cancelled
    std::string reason;                      ///< for people: where it got stuck, after how long
};

/// What became of one request.
struct CallResult {
    wire::Request request;
    std::vector<NodeReply> replies;     ///< of expected nodes, as they came
    std::vector<MissingNode> missing;   ///< by identity
    std::vector<NodeReply> unexpected;  ///< valid, but nobody asked them
    Rejected rejected;
    std::size_t repeated = 0;  ///< valid replies of nodes that had answered already
    std::chrono::microseconds elapsed{0};
    bool cancelled = false;
};

/// Counts these, too; the first reason of each stays.
void add(Rejected& sum, const Rejected& later);

/// A later request to some of the same nodes: what it brought replaces what they had answered before.
void merge(CallResult& result, CallResult later);

/// The identities of the replies with that outcome.
std::vector<std::string> identities_with(const CallResult& result, Outcome outcome);

/// How a command ended: what its exit code is made of.
struct Ending {
    bool interrupted = false;
    std::optional<ErrorCode> error = {};  ///< this program's own: nothing was sent, or nothing could be
    std::optional<std::size_t> discovered =
        {};  ///< those that refused it included; none: nobody was discovered because the nodes were named
    std::size_t answered = 0;
    std::size_t denied = 0;  ///< of those that answered
    std::size_t not_ok = 0;  ///< of those that answered, `denied` included
    std::size_t missing = 0;
};

/// Counts these among those that answered.
void add_replies(Ending& ending, const std::vector<NodeReply>& replies);

/// `refusals`, besides those discovered, refused to be: they have answered, and not ok.
Ending ending_of(const CallResult& result, std::optional<std::size_t> discovered,
                 const std::vector<NodeReply>& refusals = {});

/// spec/outcomes.md §3: the first that holds.
int exit_code(const Ending& ending);

}  // namespace hocket::client
