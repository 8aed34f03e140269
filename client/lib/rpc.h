#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/lib/call.h"
#include "client/lib/ddl_fetch.h"
#include "client/lib/ddl_source.h"
#include "client/lib/discovery.h"
#include "client/lib/inputs.h"
#include "client/lib/targets.h"

namespace hocket::client {

/// One action, on the nodes that a filter means.
struct RpcQuery {
    // Not an aggregate: see DiscoveryQuery.
    RpcQuery() = default;
    RpcQuery(std::string called, std::string what, Json values = Json::object())
        : agent(std::move(called)), action(std::move(what)), inputs(std::move(values)) {}

    std::string agent;
    std::string action;
    std::variant<Json, std::vector<ddl::WrittenInput>> inputs =
        Json::object();  ///< values, or as a person wrote them
    filter::Filter filter = {};
    bool noop = false;                        ///< say what would be done and do nothing
    std::chrono::milliseconds retry_busy{0};  ///< nodes that are busy are asked again, for so long
};

/// A query that holds all that can be known without a node: names, and the inputs if a folder has the agent's DDL.
///
/// Only check() makes one.
class CheckedRpc {
public:
    /// Errors: usage, invalid_input with every violation, io, invalid_ddl.
    static Result<CheckedRpc> check(RpcQuery query, const DdlSource& source);

    const RpcQuery& query() const { return query_; }

    /// With the DDL of a node, or without any. Errors: usage, invalid_input.
    Result<void> use(const AgentDdl& ddl);
    Result<void> use_no_ddl();

    /// None until one of the above has made them.
    const std::optional<Inputs>& inputs() const { return inputs_; }
    const std::optional<ddl::Action>& action() const { return action_; }
    std::optional<int> timeout_s() const { return timeout_s_; }
    std::chrono::milliseconds grace() const { return grace_; }

private:
    explicit CheckedRpc(RpcQuery query) : query_(std::move(query)) {}

    RpcQuery query_;
    std::optional<Inputs> inputs_;
    std::optional<ddl::Action> action_;
    std::optional<int> timeout_s_;  ///< the DDL's
    std::chrono::milliseconds grace_ = k_usual_grace;
};

struct RpcResult {
    CallResult call;                           ///< nothing in it when nobody was found
    std::optional<DiscoveryResult> discovery;  ///< none: the filter named the nodes
    std::vector<std::string> targets;          ///< who was asked
    std::optional<ddl::Action> action;         ///< none: nobody had a description
    std::string undescribed;                   ///< why no node gave it
    std::string old_description;               ///< the file of the cache that stands in for it
    bool cancelled = false;
};

/// As `hocket rpc` ends with it.
Ending ending_of(const RpcResult& result);

/// The whole way of a call, as `hocket rpc` goes it: finds the nodes, gets the agent's DDL (from a folder, the cache or a
/// node; an old one of the cache when no node gives it), checks the inputs, asks, and asks those again that are busy.
///
/// Errors: of start() and `done`: those of Discovery, CheckedRpc, Call and `before_send`; interrupted when it was cancelled
///         before anything was sent.
/// Thread: io thread only. `done` is called exactly once unless the object is destroyed before, never from inside start()
///         or cancel(), and may destroy it.
/// Owns:   its discovery and calls. The session and the source must outlive it.
class Rpc {
public:
    struct Handlers {
        std::function<void(Result<RpcResult>)> done;
        std::function<void(const DiscoveredNode&)> on_node = {};  ///< each as it is found
        std::function<void(const RpcResult&)> on_targets = {};    ///< about to ask these; nobody is one too
        std::function<void(const NodeReply&, const RpcResult&)> on_reply = {};  ///< each as it comes
        std::function<Result<void>(const RpcResult&)> before_send =
            {};  ///< its error ends it: nothing is sent
    };

    static Result<std::unique_ptr<Rpc>> start(Session& session, const DdlSource& source, CheckedRpc checked,
                                              Handlers handlers);

    Rpc(const Rpc&) = delete;
    Rpc& operator=(const Rpc&) = delete;

    /// Keeps what arrived, and names the nodes that did not answer as `cancelled`.
    void cancel();

    /// The request under way; null before and between requests.
    const Call* call() const { return call_.get(); }

private:
    Rpc(Session& session, const DdlSource& source, CheckedRpc checked, Handlers handlers);

    Result<void> find_nodes();
    void on_discovered(Result<DiscoveryResult> found);
    Result<void> describe(const std::string& ddl_digest);
    Result<void> fetch_ddl(const std::string& digest);
    void on_ddl(const Result<AgentDdl>& ddl);
    Result<void> use_without_nodes();
    Result<void> send();
    wire::Request make_request() const;
    std::chrono::milliseconds wait_for(const wire::Request& request) const;
    Result<void> ask(CallPlan plan);
    void on_answered(CallResult result);
    bool retries_busy();
    void ask_busy_again(const std::vector<std::string>& busy);
    void go_on(const Result<void>& step);
    void finish(Result<RpcResult> result);

    Session& session_;
    const DdlSource& source_;
    CheckedRpc checked_;
    std::shared_ptr<Handlers> handlers_;
    RpcResult result_;
    std::unique_ptr<Discovery> discovery_;
    std::unique_ptr<DdlFetch> fetch_;
    std::unique_ptr<Call> call_;
    OneShotTimer pause_;
    std::chrono::milliseconds next_pause_;
    std::optional<std::chrono::steady_clock::time_point> busy_since_;
    bool has_answers_ = false;
    bool nodes_answer_ = false;  ///< though none of them gave the description
};

}  // namespace hocket::client
