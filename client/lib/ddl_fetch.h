#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/lib/call.h"
#include "client/lib/ddl_source.h"

namespace hocket::client {

/// Gets the DDL of an agent from nodes that have it: three are asked at once and the first good answer is taken; when
/// there is none the next three are asked, up to nine.
///
/// Errors: of start(): as Call::start; of `done`: unknown_agent (nobody gave it; the message has the reasons).
/// Thread: io thread only. `done` is called exactly once unless the fetch is destroyed before, never from inside
///         start() or cancel(), and may destroy the fetch.
/// Owns:   its call. The session and the source must outlive it.
class DdlFetch {
public:
    using DoneHandler = std::function<void(Result<AgentDdl>)>;

    struct Wanted {
        std::string agent;
        std::vector<std::string> nodes;  ///< not empty
        /// Of the description that most nodes have, if that is known: one node must not decide for all which inputs are
        /// sensitive.
        std::string digest = {};
    };
    static Result<std::unique_ptr<DdlFetch>> start(Session& session, const DdlSource& source, Wanted wanted,
                                                   DoneHandler done);

    DdlFetch(const DdlFetch&) = delete;
    DdlFetch& operator=(const DdlFetch&) = delete;

    void cancel() { call_->cancel(); }

    /// Whether a node has answered that takes requests at all now, whatever it said.
    bool was_answered() const { return was_answered_; }

private:
    DdlFetch(Session& session, const DdlSource& source, Wanted wanted, DoneHandler done);

    /// The next nodes. Errors: those of Call::start.
    Result<void> ask();
    void on_reply(const NodeReply& node);
    void on_done(const CallResult& result);

    Session& session_;
    const DdlSource& source_;
    Wanted wanted_;
    std::size_t asked_ = 0;  ///< of its nodes
    DoneHandler done_;
    std::unique_ptr<Call> call_;
    std::optional<AgentDdl> found_;
    std::vector<std::string> reasons_;  ///< why a node's answer was no good
    bool was_answered_ = false;
};

}  // namespace hocket::client
