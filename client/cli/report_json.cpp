#include "client/cli/report_json.h"

#include <algorithm>

#include "client/cli/layout.h"
#include "client/cli/summaries.h"

namespace hocket::cli {

namespace {

using client::MissingNode;
using client::NodeReply;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json summary_json(const Report& report) {
    const auto& replies = report.result.replies;
    Json outcomes = Json::object();
    std::size_t changed = 0;
    for (const NodeReply& node : replies) {
        const std::string outcome(to_string(node.reply.outcome));
        outcomes[outcome] = outcomes.value(outcome, 0) + 1;
        if (node.reply.changed.value_or(false)) ++changed;
    }
    return {{"expected", replies.size() + report.result.missing.size()},
            {"answered", replies.size()},
            {"outcomes", outcomes},
            {"changed", changed},
            {"repeated", report.result.repeated},
            {"discovery_ms", report.discovered ? Json(in_ms(report.discovered->elapsed)) : Json()},
            {"elapsed_ms", in_ms(report.result.elapsed)}};
}

}  // namespace

Json reply_json(const Report& report, const NodeReply& node, const Detail& detail) {
    const wire::Reply& reply = node.reply;
    Json error;
    if (reply.error) {
        error = {{"kind", reply.error->kind},
                 {"message", reply.error->message},
                 {"details", reply.error->details}};
    }
    return {{"identity", reply.identity},
            {"outcome", to_string(reply.outcome)},
            {"statuscode", reply.statuscode},
            {"statusmsg", reply.statusmsg},
            {"data", shown_data(report, reply, detail)},
            {"error", error},
            {"changed", or_null(reply.changed)},
            {"diff", or_null(shown_diff(report, reply, detail))},
            {"stderr", or_null(reply.stderr_tail)},
            {"latency_ms", in_ms(node.latency)},
            {"duration_ms", reply.duration_ms}};
}

Json missing_json(const std::vector<MissingNode>& missing) {
    Json list = Json::array();
    for (const MissingNode& node : missing) {
        list.push_back(
            {{"identity", node.identity}, {"outcome", to_string(node.outcome)}, {"reason", node.reason}});
    }
    return list;
}

Json unexpected_json(const std::vector<NodeReply>& unexpected) {
    Json nodes = Json::array();
    for (const NodeReply& node : unexpected) {
        nodes.push_back({{"identity", node.reply.identity}, {"outcome", to_string(node.reply.outcome)}});
    }
    return nodes;
}

Json rejected_json(const client::Rejected& rejected) {
    Json by_code = Json::object();
    for (const auto& [code, rejection] : rejected) {
        by_code[std::string(to_string(code))] = {{"count", rejection.count},
                                                 {"first_reason", rejection.first_reason}};
    }
    return by_code;
}

Json refusals_json(const std::vector<NodeReply>& refusals) {
    Json list = Json::array();
    for (const NodeReply& node : refusals) {
        const wire::Reply& reply = node.reply;
        list.push_back({{"identity", reply.identity},
                        {"outcome", to_string(reply.outcome)},
                        {"reason", reply.error ? reply.error->message : reply.statusmsg}});
    }
    return list;
}

std::string key_json(const std::string& id, const std::filesystem::path& file) {
    return dump_json_pretty(
               {{"schema", "io.hocket.key.v1"}, {"id", id}, {"file", file.string()}, {"exit_code", 0}}) +
           '\n';
}

Json report_json(const Report& report, const Detail& detail) {
    const client::CallResult& result = report.result;
    Json replies = Json::array();
    for (const NodeReply& node : result.replies)
        replies.push_back(reply_json(report, node, detail));
    std::sort(replies.begin(), replies.end(), [](const Json& left, const Json& right) {
        return left["identity"].get_ref<const std::string&>() <
               right["identity"].get_ref<const std::string&>();
    });
    return {{"schema", k_result_schema},
            {"request", result.request.id.empty() ? Json() : Json(result.request.id)},
            {"agent", result.request.agent},
            {"action", result.request.action},
            {"discovered", report.discovered ? Json(report.discovered->count) : Json()},
            {"refusals", report.discovered ? refusals_json(report.discovered->refusals) : Json::array()},
            {"replies", replies},
            {"missing", missing_json(result.missing)},
            {"unexpected", unexpected_json(result.unexpected)},
            {"rejected", rejected_json(all_rejected(report))},
            {"summary", summary_json(report)},
            {"summaries", summaries_json(report.summaries)},
            {"exit_code", report.exit_code}};
}

Json own_report_json(const Report& report, const char* schema) {
    Json document = report_json(report, {});
    document["schema"] = schema;
    Json failures = Json::array();
    for (Json& reply : document["replies"]) {
        if (reply["outcome"] != to_string(Outcome::ok)) failures.push_back(std::move(reply));
    }
    document["failures"] = std::move(failures);
    document.erase("replies");
    return document;
}

}  // namespace hocket::cli
