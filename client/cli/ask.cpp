#include "client/cli/ask.h"

#include "client/cli/resolve.h"

namespace hocket::cli {

Result<Report> ask_rpcutil(const CommandLine& line, const std::string& action, Json inputs,
                           Conversation& conversation) {
    const Result<filter::Filter> filter = filter::parse_filter(line.node.filter);
    if (!filter) return filter.error();
    const Result<Resolved> resolved = resolve(conversation, *filter, "rpcutil");
    if (!resolved) return resolved.error();
    const Result<client::Session*> session = conversation.session();
    if (!session) return session.error();

    Report report;
    report.discovered = resolved->discovered;
    wire::Request request = (*session)->new_request("rpcutil", action);
    request.filter = *filter;
    request.inputs = std::move(inputs);
    Result<client::CallResult> result =
        conversation.call(client::plan_call(**session, std::move(request), resolved->targets, false));
    if (!result) return result.error();
    report.result = std::move(*result);
    std::optional<std::size_t> discovered;
    if (report.discovered) discovered = report.discovered->count;
    report.exit_code = client::exit_code(client::ending_of(report.result, discovered));
    return report;
}

std::map<std::string, Json> data_by_identity(const Report& report) {
    std::map<std::string, Json> data;
    for (const client::NodeReply& node : report.result.replies) {
        if (node.reply.outcome == Outcome::ok) data.emplace(node.reply.identity, node.reply.data);
    }
    return data;
}

}  // namespace hocket::cli
