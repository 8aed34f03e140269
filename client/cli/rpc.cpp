#include <algorithm>

#include "client/cli/commands.h"
#include "client/cli/ddl_lookup.h"
#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "client/cli/resolve.h"
#include "client/lib/inputs.h"
#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_first_busy_pause{200};
constexpr milliseconds k_longest_busy_pause{2000};

/// The way of one `hocket rpc`, step by step. What can be refused is refused before anything is sent.
class RpcRun {
public:
    RpcRun(const CommandLine& line, const RpcCommand& command, Conversation& conversation)
        : line_(line),
          command_(command),
          conversation_(conversation),
          console_(conversation.console()),
          detail_{line.common.verbose, command.show_sensitive} {}

    Result<int> run();

private:
    Result<void> read_command_line();
    Result<void> use_own_ddl();
    Result<void> find_nodes();
    Result<void> use_ddl_of_nodes();
    Result<void> use(const client::AgentDdl& ddl);
    Result<void> send();
    Result<client::CallPlan> make_plan();
    Result<client::CallResult> call(client::CallPlan plan);
    Result<void> retry_busy(bool has_sensitive);
    void tell_nobody() const;
    void show();
    void show_reply_line(const client::NodeReply& node);

    const CommandLine& line_;
    const RpcCommand& command_;
    Conversation& conversation_;
    const Console& console_;
    Detail detail_;
    filter::Filter filter_;
    std::vector<client::WrittenInput> written_;
    std::optional<client::Inputs> inputs_;
    std::optional<int> ddl_timeout_s_;
    milliseconds grace_ = client::k_usual_grace;
    Resolved resolved_;
    Report report_;
};

Result<int> RpcRun::run() {
    if (Result<void> done = read_command_line(); !done) return done.error();
    if (Result<void> done = use_own_ddl(); !done) return done.error();
    if (Result<void> done = find_nodes(); !done) return done.error();
    if (resolved_.targets.identities.empty()) {
        tell_nobody();
    } else {
        if (Result<void> done = use_ddl_of_nodes(); !done) return done.error();
        if (Result<void> done = send(); !done) return done.error();
    }
    std::optional<std::size_t> discovered;
    if (report_.discovered) discovered = report_.discovered->count;
    client::Ending ending = client::ending_of(report_.result, discovered);
    ending.interrupted = conversation_.was_interrupted();
    report_.exit_code = client::exit_code(ending);
    show();
    return report_.exit_code;
}

Result<void> RpcRun::read_command_line() {
    for (const std::string& name : {command_.agent, command_.action}) {
        if (is_agent_name(name)) continue;
        return Error{ErrorCode::usage, quote_bytes(name) + " is not the name of an agent or action", {}};
    }
    Result<filter::Filter> filter = filter::parse_filter(line_.node.filter);
    if (!filter) return filter.error();
    filter_ = std::move(*filter);
    Result<std::vector<client::WrittenInput>> written = client::parse_written_inputs(command_.inputs);
    if (!written) return written.error();
    written_ = std::move(*written);
    report_.result.request.agent = command_.agent;
    report_.result.request.action = command_.action;
    return {};
}

Result<void> RpcRun::use_own_ddl() {
    const Result<std::optional<client::AgentDdl>> own = conversation_.ddl_source().in_folders(command_.agent);
    if (!own) return own.error();
    return *own ? use(**own) : Result<void>();
}

Result<void> RpcRun::find_nodes() {
    Result<Resolved> resolved = resolve(conversation_, filter_, command_.agent);
    if (!resolved) return resolved.error();
    resolved_ = std::move(*resolved);
    report_.discovered = resolved_.discovered;
    return {};
}

Result<void> RpcRun::use_ddl_of_nodes() {
    if (inputs_) return {};
    const Result<client::AgentDdl> ddl = ddl_of_nodes(conversation_, command_.agent, resolved_);
    if (ddl) return use(*ddl);
    Result<client::Inputs> inputs = client::make_inputs_without_ddl(written_);
    if (!inputs) return inputs.error().within(ddl.error().message);
    inputs_ = std::move(*inputs);
    console_.err("no description of agent '" + command_.agent + "' is to be had (" +
                 escape_text(ddl.error().message) +
                 "): inputs go as text, unchecked, and with the care that sensitive ones need\n");
    return {};
}

Result<void> RpcRun::use(const client::AgentDdl& ddl) {
    Result<ddl::Action> action = find_action(ddl.agent, command_.action);
    if (!action) return action.error();
    Result<client::Inputs> inputs = client::make_inputs(*action, written_);
    if (!inputs) return inputs.error();
    inputs_ = std::move(*inputs);
    ddl_timeout_s_ = ddl.agent.timeout_s(*action);
    if (ddl.agent.run.grace_s) grace_ = std::chrono::seconds(*ddl.agent.run.grace_s);
    report_.action = std::move(*action);
    return {};
}

Result<void> RpcRun::send() {
    Result<client::CallPlan> plan = make_plan();
    if (!plan) return plan.error();
    Result<client::CallResult> result = call(std::move(*plan));
    if (!result) return result.error();
    report_.result = std::move(*result);
    return retry_busy(inputs_->has_sensitive);
}

Result<client::CallPlan> RpcRun::make_plan() {
    const Result<client::Session*> session = conversation_.session();
    if (!session) return session.error();
    wire::Request request = (*session)->new_request(command_.agent, command_.action);
    request.inputs = inputs_->values;
    request.filter = filter_;
    request.noop = command_.noop;
    if (!conversation_.config().timeout_ms && ddl_timeout_s_) {
        request.timeout_ms = std::min(std::int64_t{*ddl_timeout_s_} * 1000, wire::k_max_timeout_ms);
    }
    return client::plan_call(**session, std::move(request), resolved_.targets, inputs_->has_sensitive);
}

Result<client::CallResult> RpcRun::call(client::CallPlan plan) {
    plan.wait = client::longest_wait(plan.request.timeout_ms, std::max(grace_, client::k_usual_grace));
    if (!command_.json_lines) return conversation_.call(std::move(plan));
    return conversation_.call(std::move(plan),
                              [this](const client::NodeReply& node) { show_reply_line(node); });
}

Result<void> RpcRun::retry_busy(bool has_sensitive) {
    const auto now = [] { return std::chrono::steady_clock::now(); };
    const auto end = now() + milliseconds(command_.retry_busy_ms);
    for (milliseconds pause = k_first_busy_pause; now() + pause <= end;
         pause = std::min(2 * pause, k_longest_busy_pause)) {
        const std::vector<std::string> busy = client::identities_with(report_.result, Outcome::busy);
        if (busy.empty()) return {};
        conversation_.pause(pause);
        if (conversation_.was_interrupted()) return {};
        const Result<client::Session*> session = conversation_.session();
        if (!session) return session.error();
        wire::Request request = report_.result.request;
        const wire::Request fresh = (*session)->new_request(command_.agent, command_.action);
        request.id = fresh.id;
        request.issued_at = fresh.issued_at;
        Result<client::CallResult> later =
            call(client::plan_direct_call(**session, std::move(request), busy, has_sensitive));
        if (!later) return later.error();
        client::merge(report_.result, std::move(*later));
        report_.result.elapsed += pause;
    }
    return {};
}

void RpcRun::tell_nobody() const {
    console_.err("no node with agent '" + command_.agent + "' to ask; nothing was sent\n");
    if (!resolved_.discovered) return;
    console_.err(nobody_text(*resolved_.discovered, conversation_.config().collective));
}

void RpcRun::show_reply_line(const client::NodeReply& node) {
    Json line = reply_json(report_, node, detail_);
    line["type"] = "reply";
    console_.out(dump_json(line) + '\n');
}

void RpcRun::show() {
    if (line_.common.json) {
        console_.out(dump_json_pretty(report_json(report_, detail_)) + '\n');
    } else if (command_.json_lines) {
        Json result = report_json(report_, detail_);
        result.erase("replies");
        result["type"] = "result";
        console_.out(dump_json(result) + '\n');
    } else {
        console_.out(replies_text(report_, detail_, console_.out_style, console_.width));
    }
    if (resolved_.targets.identities.empty()) return;
    if (console_.width > 0) console_.err("\n");  // both are on the terminal
    console_.err(summary_text(report_, detail_, console_.err_style, console_.width));
}

}  // namespace

Result<int> run_rpc(const CommandLine& line, const RpcCommand& command, Conversation& conversation) {
    return RpcRun(line, command, conversation).run();
}

}  // namespace hocket::cli
