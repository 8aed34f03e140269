#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "client/lib/acceptance.h"
#include "client/lib/exchange.h"
#include "client/lib/one_shot_timer.h"
#include "client/lib/results.h"
#include "client/lib/session.h"

namespace hocket::client {

/// What is asked, and who is waited for. targets.h makes it.
struct CallPlan {
    wire::Request request;              ///< with targets: asked on their own subjects; else one broadcast
    std::vector<std::string> expected;  ///< the targets; of a broadcast: who was discovered
    bool has_sensitive_inputs = false;
    std::chrono::milliseconds wait{0};  ///< for the last answer
    std::chrono::milliseconds quiet{
        0};  ///< for the last answer, when the broker knows nobody who could give it
};

/// Between TERM and KILL, when neither the DDL nor the node's configuration says otherwise.
inline constexpr std::chrono::milliseconds k_usual_grace{5000};

/// How long a runner may take to answer a request with that timeout, and a little more: it answers `timeout` itself.
std::chrono::milliseconds longest_wait(std::int64_t timeout_ms,
                                       std::chrono::milliseconds grace = k_usual_grace);

/// Sends one request and collects the replies.
///
/// Ends when every expected node has answered, when `wait` is over, or `quiet` after the broker has said of all others
/// that nobody listens there. The same bytes are sent again to those that have not answered: after a lost connection, and when half
/// and nine tenths of the request's ttl are over; of a broadcast then only if a tenth of the nodes or more are silent, since all
/// answer again.
///
/// Errors: of start(): usage, too_large, broker_unreachable; invalid_config when sensitive inputs would cross a
///         network in clear text. Later nothing is an error: it is the outcome of a node.
/// Thread: io thread only. `done` is called exactly once unless the call is destroyed before, never from inside
///         start() or cancel(), and may destroy the call.
/// Owns:   its timers and its part of the session, which must outlive it.
class Call final : private ConnectionListener {
public:
    struct Handlers {
        std::function<void(CallResult)> done;
        std::function<void(const NodeReply&)> on_reply;  ///< each expected node's, as it comes; may be empty
    };

    static Result<std::unique_ptr<Call>> start(Session& session, CallPlan plan, Handlers handlers);

    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() override { session_.remove(*this); }

    /// Keeps what arrived and names the others as `cancelled`.
    void cancel();

    /// For the last answer.
    std::chrono::milliseconds wait() const { return plan_.wait; }
    const CallResult& so_far() const { return result_; }
    std::size_t outstanding() const { return waiting_.size(); }
    std::vector<std::string> outstanding_identities() const;

private:
    /// A node that has not answered.
    struct Waiting {
        std::optional<std::size_t> target;
        std::optional<MissingNode> hint;         ///< why it may never answer; a valid reply proves it wrong
        bool is_reminded = false;                ///< what is heard now may be about the reminder alone
        std::optional<MissingNode> remark = {};  ///< what was heard of it: no reason to give it up
    };

    Call(Session& session, CallPlan plan, SignedRequest sent, Handlers handlers);

    Result<void> open();
    void on_message(const wire::Message& message, std::optional<std::size_t> target);
    void on_no_responders(std::optional<std::size_t> target);
    void on_reconnected() override;
    void on_refused(const std::string& reason) override;
    void hint(std::optional<std::size_t> target, Outcome outcome, const std::string& reason);
    void on_refused_repeat(const wire::Reply& reply);
    void repeat_to_all();
    void repeat();
    void remind(std::size_t number);
    void settle();
    void finish(Outcome outcome, const std::string& reason);
    std::string why_nothing_came() const;
    std::chrono::microseconds elapsed() const;

    Session& session_;
    CallPlan plan_;
    std::shared_ptr<Handlers> handlers_;
    Exchange exchange_;
    Acceptance acceptance_;
    std::map<std::string, Waiting, std::less<>> waiting_;
    CallResult result_;
    std::chrono::steady_clock::time_point started_;
    OneShotTimer deadline_;
    OneShotTimer quiet_;
    OneShotTimer repeat_;
    OneShotTimer reminder_;
    std::chrono::milliseconds repeat_interval_{0};
    bool was_reconnected_ = false;
    bool nobody_listens_ = false;  ///< somebody says so of a broadcast
    bool finished_ = false;
};

}  // namespace hocket::client
