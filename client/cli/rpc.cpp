#include "client/cli/commands.h"
#include "client/cli/consent.h"
#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "client/cli/resolve.h"
#include "client/cli/summaries.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

/// The way of one `hocket rpc`. What can be refused is refused before anything is sent.
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
    Result<client::RpcQuery> read_command_line() const;
    void tell_targets(const client::RpcResult& so_far) const;
    Result<void> ask_for_consent(const client::RpcResult& so_far) const;
    void tell_nobody(const client::RpcResult& result) const;
    Report report_of(client::RpcResult result) const;
    void show(const Report& report);
    void show_reply_line(const client::NodeReply& node, const client::RpcResult& so_far);

    const CommandLine& line_;
    const RpcCommand& command_;
    Conversation& conversation_;
    const Console& console_;
    Detail detail_;
};

Result<int> RpcRun::run() {
    Result<client::RpcQuery> query = read_command_line();
    if (!query) return query.error();
    Result<client::CheckedRpc> checked =
        client::CheckedRpc::check(std::move(*query), conversation_.ddl_source());
    if (!checked) return checked.error();
    RpcHandlers handlers;
    handlers.on_targets = [this](const client::RpcResult& so_far) { tell_targets(so_far); };
    handlers.before_send = [this](const client::RpcResult& so_far) { return ask_for_consent(so_far); };
    if (command_.json_lines) {
        handlers.on_reply = [this](const client::NodeReply& node, const client::RpcResult& so_far) {
            show_reply_line(node, so_far);
        };
    }
    Result<client::RpcResult> result = conversation_.rpc(std::move(*checked), std::move(handlers));
    if (!result) return result.error();
    const Report report = report_of(std::move(*result));
    show(report);
    return report.exit_code;
}

Result<client::RpcQuery> RpcRun::read_command_line() const {
    Result<filter::Filter> filter = filter::parse_filter(line_.node.filter);
    if (!filter) return filter.error();
    Result<std::vector<ddl::WrittenInput>> written = ddl::parse_written_inputs(command_.inputs);
    if (!written) return written.error();
    client::RpcQuery query;
    query.agent = command_.agent;
    query.action = command_.action;
    query.inputs = std::move(*written);
    query.filter = std::move(*filter);
    query.noop = command_.noop;
    query.retry_busy = std::chrono::milliseconds(command_.retry_busy_ms);
    return query;
}

void RpcRun::tell_targets(const client::RpcResult& so_far) const {
    if (so_far.targets.empty()) return tell_nobody(so_far);
    if (so_far.undescribed.empty()) return;
    const std::string why = "(" + escape_text(so_far.undescribed) + ")";
    if (!so_far.old_description.empty()) {
        console_.err("the description of agent '" + command_.agent + "' is an old one, from the cache: " +
                     escape_text(so_far.old_description) + ' ' + why + '\n');
        return;
    }
    console_.err(
        "no description of agent '" + command_.agent + "' is to be had " + why +
        ": inputs go as text, unchecked, and with the care that sensitive ones need; the action may take as "
        "long as the node lets it, if -t does not say otherwise\n");
}

/// Of an action without a description nobody knows what it does.
Result<void> RpcRun::ask_for_consent(const client::RpcResult& so_far) const {
    const bool is_destructive = so_far.action && so_far.action->safety == ddl::Safety::destructive;
    if (!is_destructive || command_.noop || command_.yes) return {};
    const std::string call = command_.agent + ' ' + command_.action;
    return consent_to(call, so_far.action->noop, so_far.targets, console_);
}

Report RpcRun::report_of(client::RpcResult result) const {
    Report report;
    report.exit_code = client::exit_code(client::ending_of(result));
    if (result.discovery) report.discovered = discovered_of(*result.discovery);
    report.result = std::move(result.call);
    report.action = std::move(result.action);
    if (report.action) report.summaries = client::summarize(*report.action, report.result.replies);
    return report;
}

void RpcRun::tell_nobody(const client::RpcResult& result) const {
    console_.err("no node with agent '" + command_.agent + "' to ask; nothing was sent\n");
    console_.err(
        nobody_text(discovered_of(*result.discovery), conversation_.config().collective, line_.node.filter));
}

void RpcRun::show_reply_line(const client::NodeReply& node, const client::RpcResult& so_far) {
    Report report;
    report.action = so_far.action;
    Json line = reply_json(report, node, detail_);
    line["type"] = "reply";
    console_.out(dump_json(line) + '\n');
}

void RpcRun::show(const Report& report) {
    if (line_.common.json) {
        console_.out(dump_json_pretty(report_json(report, detail_)) + '\n');
    } else if (command_.json_lines) {
        Json result = report_json(report, detail_);
        result.erase("replies");
        result["type"] = "result";
        console_.out(dump_json(result) + '\n');
    } else {
        const std::string replies = replies_text(report, detail_, console_.out_style, console_.width);
        const std::string summaries = summaries_text(report, detail_, console_.out_style, console_.is_utf8);
        const bool has_both = !replies.empty() && !summaries.empty();
        console_.out(replies + (has_both ? "\n" : "") + summaries);
    }
    const bool nobody = report.discovered && report.discovered->count == 0;
    if (nobody) return;
    if (console_.width > 0) console_.err("\n");  // both are on the terminal
    console_.err(summary_text(report, detail_, console_.err_style, console_.width));
}

}  // namespace

Result<int> run_rpc(const CommandLine& line, const RpcCommand& command, Conversation& conversation) {
    return RpcRun(line, command, conversation).run();
}

}  // namespace hocket::cli
