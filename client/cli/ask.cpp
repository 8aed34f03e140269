#include "client/cli/ask.h"

#include "client/cli/report_text.h"
#include "client/cli/resolve.h"

namespace hocket::cli {

Result<Report> ask_rpcutil(const CommandLine& line, const std::string& action, Json inputs,
                           Conversation& conversation) {
    const Result<filter::Filter> filter = filter::parse_filter(line.node.filter);
    if (!filter) return filter.error();
    Result<Resolved> resolved = resolve(conversation, *filter, "rpcutil");
    if (!resolved) return resolved.error();
    const Result<client::Session*> session = conversation.session();
    if (!session) return session.error();

    Report report;
    wire::Request request = (*session)->new_request("rpcutil", action);
    request.filter = *filter;
    request.inputs = std::move(inputs);
    report.discovered = std::move(resolved->discovered);
    if (resolved->targets.identities.empty()) {
        report.result.request.agent = request.agent;  // a request without targets is for everybody
        report.result.request.action = action;
    } else {
        Result<client::CallResult> result =
            conversation.call(client::plan_call(**session, std::move(request), resolved->targets, false));
        if (!result) return result.error();
        report.result = std::move(*result);
    }
    const client::Ending ending =
        report.discovered
            ? client::ending_of(report.result, report.discovered->count, report.discovered->refusals)
            : client::ending_of(report.result, std::nullopt);
    report.exit_code = client::exit_code(ending);
    return report;
}

std::map<std::string, Json> data_by_identity(const Report& report) {
    std::map<std::string, Json> data;
    for (const client::NodeReply& node : report.result.replies) {
        if (node.reply.outcome == Outcome::ok) data.emplace(node.reply.identity, node.reply.data);
    }
    return data;
}

std::string rest_text(const CommandLine& line, const Report& report, const Conversation& conversation) {
    const Console& console = conversation.console();
    if (report.discovered && report.discovered->count == 0)
        return nobody_text(*report.discovered, conversation.config().collective, line.node.filter);
    const std::string failures = failures_text(report, console.err_style, console.width);
    return failures + (failures.empty() ? "" : "\n") +
           summary_text(report, {}, console.err_style, console.width);
}

}  // namespace hocket::cli
