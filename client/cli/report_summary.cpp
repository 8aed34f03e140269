#include <algorithm>
#include <map>

#include "client/cli/layout.h"
#include "client/cli/report_text.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using client::MissingNode;
using client::NodeReply;

std::map<Outcome, std::size_t> count_outcomes(const std::vector<NodeReply>& replies) {
    std::map<Outcome, std::size_t> counts;
    for (const NodeReply& node : replies)
        ++counts[node.reply.outcome];
    return counts;
}

std::string counts_text(const Report& report, const Style& style) {
    std::vector<std::string> parts;
    for (const auto& [outcome, count] : count_outcomes(report.result.replies)) {
        const std::string part = std::to_string(count) + ' ' + std::string(to_string(outcome));
        parts.push_back(outcome == Outcome::ok ? style.green(part) : style.red(part));
    }
    const auto& replies = report.result.replies;
    const auto changed =
        static_cast<std::size_t>(std::count_if(replies.begin(), replies.end(), [](const NodeReply& node) {
            return node.reply.changed.value_or(false);
        }));
    if (changed > 0) {
        parts.push_back(std::to_string(changed) +
                        (report.result.request.noop ? " would change" : " changed"));
    }
    return parts.empty() ? std::string() : ": " + join(parts, ", ");
}

std::string headline(const Report& report, const Style& style) {
    const std::size_t answered = report.result.replies.size();
    return std::to_string(answered) + " of " + std::to_string(answered + report.result.missing.size()) +
           " answered" + counts_text(report, style) + " in " + duration_text(report.result.elapsed) + '\n';
}

std::string missing_text(const Report& report, const Style& style, std::size_t width) {
    std::map<std::pair<Outcome, std::string>, std::vector<std::string>> by_reason;
    for (const MissingNode& node : report.result.missing) {
        by_reason[{node.outcome, node.reason}].push_back(node.identity);
    }
    std::string text;
    for (const auto& [why, identities] : by_reason) {
        const std::string verb = why.first == Outcome::not_sent ? "not sent to " : "no answer from ";
        text += style.red(verb) + name_list(identities, width) + ": " + escape_text(why.second) + '\n';
    }
    return text;
}

std::string hidden_text(const Report& report, const Detail& detail) {
    if (detail.verbose || !report.action || report.action->display == ddl::Display::always) return {};
    const Outcome hidden = report.action->display == ddl::Display::failed ? Outcome::ok : Outcome::failed;
    const std::size_t count = client::identities_with(report.result, hidden).size();
    if (count == 0) return {};
    return counted(count, std::string(to_string(hidden)) + " answer") +
           " not shown (display: " + std::string(to_string(report.action->display)) + "); -v shows all\n";
}

std::string digests_text(const Report& report) {
    std::map<std::string, std::size_t> counts;
    for (const NodeReply& node : report.result.replies) {
        if (!node.reply.ddl_digest.empty()) ++counts[node.reply.ddl_digest];
    }
    if (counts.size() < 2) return {};
    std::vector<std::string> parts;
    for (const auto& [digest, count] : counts) {
        parts.push_back(escape_text(digest.substr(0, 12)) + " on " + counted(count, "node"));
    }
    return "the nodes have different descriptions of agent '" + report.result.request.agent +
           "': " + join(parts, ", ") + '\n';
}

}  // namespace

std::string unexpected_text(const std::vector<NodeReply>& unexpected, std::string_view expected,
                            std::size_t width) {
    if (unexpected.empty()) return {};
    std::vector<std::string> names;
    for (const NodeReply& node : unexpected) {
        names.push_back(node.reply.identity + " (" + std::string(to_string(node.reply.outcome)) + ')');
    }
    std::sort(names.begin(), names.end());
    return "unexpected answers, not counted, from nodes that were not " + std::string(expected) + ": " +
           name_list(names, width) + '\n';
}

std::string refusals_text(const std::vector<NodeReply>& refusals) {
    std::map<Outcome, std::vector<const NodeReply*>> by_outcome;
    for (const NodeReply& node : refusals)
        by_outcome[node.reply.outcome].push_back(&node);
    std::string text;
    for (const auto& [outcome, nodes] : by_outcome) {
        std::vector<std::string> names;
        for (const NodeReply* node : nodes)
            names.push_back(node->reply.identity);
        const wire::Reply& first = nodes.front()->reply;
        text += "discovery was refused by " + name_list(names, 0) + ": " + std::string(to_string(outcome)) +
                ": " + escape_text(first.error ? first.error->message : first.statusmsg) + '\n';
    }
    return text;
}

std::string rejected_text(const client::Rejected& rejected) {
    std::size_t total = 0;
    std::string lines;
    for (const auto& [code, rejection] : rejected) {
        total += rejection.count;
        lines += "  " + std::to_string(rejection.count) + ' ' + std::string(to_string(code)) +
                 (rejection.count == 1 ? ": " : ", the first: ") + escape_text(rejection.first_reason) + '\n';
    }
    if (total == 0) return {};
    return "dropped " + counted(total, "message") + " that nobody can trust as a reply:\n" + lines;
}

std::string summary_text(const Report& report, const Detail& detail, const Style& style, std::size_t width) {
    return headline(report, style) + missing_text(report, style, width) +
           unexpected_text(report.result.unexpected, report.discovered ? "discovered" : "asked", width) +
           rejected_text(all_rejected(report)) +
           (report.discovered ? refusals_text(report.discovered->refusals) : std::string()) +
           hidden_text(report, detail) + digests_text(report);
}

}  // namespace hocket::cli
