#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/transport/transport.h"
#include "runner/admission/admission.h"
#include "runner/agents/valid_call.h"
#include "runner/audit/audit.h"
#include "runner/drop_log.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/executor.h"
#include "runner/node_state.h"

namespace hocket {

/// Room for the signature header and the subject beside a reply's payload (spec/outcomes.md, too_large).
inline constexpr std::size_t k_reply_headroom_bytes = 16U << 10U;

/// A request's way through the daemon, from the broker's bytes to the reply's. Each step has a type that only the
/// step before can make, so none can be skipped:
///
///     Message ─▶ VerifiedRequest ─▶ AdmittedRequest ─▶ ValidCall ─▶ AgentResult ─▶ Reply ─▶ Message
///
/// Every verified request that targets this node is answered, save repeated ones and those long expired, and those beyond the
/// ration of answers for what is refused for its time. What is dropped costs a counter and, now and then, a log line; nobody gets
/// a byte back for it.
///
/// Thread: io thread only.
class RequestPath {
public:
    struct Parts {
        const Clock& clock;
        Log& log;
        transport::Transport& transport;
        admission::Admission& admission;
        execution::Executor& executor;
        audit::Audit& audit;
        NodeState& node;
    };

    explicit RequestPath(Parts parts) : parts_(parts), dropped_(parts.clock, parts.log) {}

    void take(const wire::Message& message);

    /// Tells in the log of what was dropped since it last did. Call it now and then.
    void tell_of_dropped() { dropped_.catch_up(); }

private:
    /// Requests that are refused for their time are cheap to collect and repeat: so many in a second are answered.
    struct Ration {
        int in_a_second;
        std::int64_t second = 0;
        int taken = 0;

        bool take(std::int64_t now_ms);
    };

    /// What a reply needs of its request, for as long as the call runs.
    struct Pending;

    void refuse_unverified(const wire::Message& message, const Error& error);
    void drop(const wire::VerifiedRequest& verified, const Error& error);
    void refuse(const Pending& pending, const Error& error);
    void resend(const wire::VerifiedRequest& verified, const admission::RepeatedRequest& repeated);
    void run(const std::shared_ptr<const Pending>& pending, admission::AdmittedRequest admitted);
    void answer(const Pending& pending, execution::AgentResult result);
    std::string encode_reply(const Pending& pending, execution::AgentResult result,
                             std::int64_t duration_ms) const;
    Result<void> check_size(std::size_t reply_bytes) const;

    Parts parts_;
    DropLog dropped_;
    Ration outside_window_{10};
    Ration distrusting_{
        100};  ///< of a node without a past, and from now: others may repeat them no longer than their ttl
};

}  // namespace hocket
