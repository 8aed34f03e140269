#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/lib/results.h"
#include "client/lib/signed_request.h"
#include "core/base/error.h"
#include "core/wire/keys.h"
#include "core/wire/message.h"
#include "core/wire/reply.h"

namespace hocket::client {

/// What a message turned out to be.
enum class Verdict {
    accepted,    ///< the first valid reply of a node that was expected: final
    unexpected,  ///< the first valid reply of another node
    repeated,    ///< a valid reply of a node that has answered already: dropped
    rejected,    ///< not a valid reply to this request: counted by its error code, and never any node's
    of_repeat,   ///< why a node refused the same bytes when they came again: no answer, the first may run
};

struct Judgement {
    Verdict verdict = Verdict::rejected;
    wire::Reply reply;  ///< of accepted, unexpected and of_repeat
};

/// Decides which messages are replies to one request (spec/protocol.md, messages).
/// Thread: one. References must outlive it.
class Acceptance {
public:
    /// Replies of more nodes than this are rejected as too_large.
    static constexpr std::size_t k_max_nodes = 100'000;

    /// Without `expected` every node is.
    Acceptance(const SignedRequest& sent, const wire::CallerKeys& keys,
               const std::optional<std::vector<std::string>>& expected);

    Judgement judge(const wire::Message& message);

    /// This node gets the same bytes again.
    void asked_again(const std::string& identity) { asked_again_.insert(identity); }

    const Rejected& rejected() const { return rejected_; }
    std::size_t repeated() const { return repeated_; }

private:
    Judgement reject(const Error& error);

    const SignedRequest& sent_;
    const wire::CallerKeys& keys_;
    std::optional<std::set<std::string, std::less<>>> expected_;
    std::set<std::string, std::less<>> answered_;
    std::set<std::string, std::less<>> asked_again_;
    Rejected rejected_;
    std::size_t repeated_ = 0;
};

}  // namespace hocket::client
