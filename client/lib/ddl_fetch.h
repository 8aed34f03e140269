#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/lib/call.h"
#include "client/lib/ddl_source.h"

namespace hocket::client {

/// Gets the DDL of an agent from nodes that have it: a few are asked at once and the first good answer is taken.
///
/// Errors: of start(): as Call::start; of `done`: unknown_agent (nobody gave it; the message has the reasons).
/// Thread: io thread only. `done` is called exactly once unless the fetch is destroyed before, never from inside
///         start() or cancel(), and may destroy the fetch.
/// Owns:   its call. The session and the source must outlive it.
class DdlFetch {
public:
    using DoneHandler = std::function<void(Result<AgentDdl>)>;

    /// `nodes` is not empty.
    static Result<std::unique_ptr<DdlFetch>> start(Session& session, const DdlSource& source,
                                                   const std::string& agent,
                                                   const std::vector<std::string>& nodes, DoneHandler done);

    DdlFetch(const DdlFetch&) = delete;
    DdlFetch& operator=(const DdlFetch&) = delete;

    void cancel() { call_->cancel(); }

private:
    DdlFetch(const DdlSource& source, std::string agent, DoneHandler done);

    void on_reply(const NodeReply& node);
    void on_done(const CallResult& result);

    const DdlSource& source_;
    std::string agent_;
    DoneHandler done_;
    std::unique_ptr<Call> call_;
    std::optional<AgentDdl> found_;
    std::vector<std::string> reasons_;  ///< why a node's answer was no good
};

}  // namespace hocket::client
