#include "client/cli/report_text.h"

#include <algorithm>
#include <map>

#include "client/cli/layout.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using client::NodeReply;

/// From so many nodes on, equal answers are shown once.
constexpr std::size_t k_fold_above = 3;

/// Nodes with the same answer.
struct Group {
    std::vector<std::string> identities;
    const NodeReply* sample = nullptr;
};

bool is_shown(const Report& report, Outcome outcome, const Detail& detail) {
    if (detail.verbose || !report.action) return true;
    switch (report.action->display) {
        case ddl::Display::always: return true;
        case ddl::Display::failed: return outcome != Outcome::ok;
        // What kept an agent from answering is not the action's to hide.
        case ddl::Display::ok: return outcome != Outcome::failed;
    }
    return true;
}

std::string answer_key(const wire::Reply& reply) {
    Json key = Json::array({to_string(reply.outcome), reply.statuscode, reply.statusmsg, reply.data});
    if (reply.error)
        key.push_back(Json::array({reply.error->kind, reply.error->message, reply.error->details}));
    if (reply.changed) key.push_back(*reply.changed);
    if (reply.diff) key.push_back(*reply.diff);
    if (reply.stderr_tail) key.push_back(*reply.stderr_tail);
    return dump_json(key);
}

/// Good news first, then the larger group, then by name.
bool is_before(const Group& left, const Group& right) {
    const bool left_ok = left.sample->reply.outcome == Outcome::ok;
    const bool right_ok = right.sample->reply.outcome == Outcome::ok;
    if (left_ok != right_ok) return left_ok;
    if (left.identities.size() != right.identities.size())
        return left.identities.size() > right.identities.size();
    return left.identities.front() < right.identities.front();
}

std::vector<Group> groups_of(const Report& report, const Detail& detail) {
    const bool folds = report.result.replies.size() > k_fold_above && !detail.verbose;
    std::map<std::string, Group> groups;
    for (const NodeReply& node : report.result.replies) {
        if (!is_shown(report, node.reply.outcome, detail)) continue;
        Group& group = groups[folds ? answer_key(node.reply) : node.reply.identity];
        group.identities.push_back(node.reply.identity);
        group.sample = &node;
    }
    std::vector<Group> sorted;
    for (auto& [key, group] : groups) {
        std::sort(group.identities.begin(), group.identities.end());
        sorted.push_back(std::move(group));
    }
    std::sort(sorted.begin(), sorted.end(), is_before);
    return sorted;
}

void add_outputs(const Report& report, const wire::Reply& reply, const Detail& detail,
                 std::vector<Row>& rows) {
    const Json data = shown_data(report, reply, detail);
    std::vector<std::string> declared;
    if (report.action) {
        for (const ddl::Output& output : report.action->outputs) {
            declared.push_back(output.name);
            const auto value = data.find(output.name);
            if (value == data.end()) continue;
            rows.push_back(
                {output.display_as.empty() ? output.name : output.display_as, value_lines(*value)});
        }
    }
    for (const auto& [name, value] : data.items()) {
        const bool known = std::find(declared.begin(), declared.end(), name) != declared.end();
        if (!known) rows.push_back({name, value_lines(value)});
    }
    if (const auto diff = shown_diff(report, reply, detail)) rows.push_back({"diff", lines_of(*diff)});
}

bool says_something(const std::string& status) {
    return !status.empty() && status != "OK";
}

std::string ok_body(const Report& report, const wire::Reply& reply, const Detail& detail) {
    std::vector<Row> rows;
    add_outputs(report, reply, detail, rows);
    const std::string status =
        says_something(reply.statusmsg) ? "    " + escape_text(reply.statusmsg) + '\n' : std::string();
    return status + aligned_rows(rows);
}

std::string failure_body(const Report& report, const wire::Reply& reply, const Detail& detail) {
    std::vector<Row> rows;
    const std::string message = reply.error ? reply.error->message : reply.statusmsg;
    rows.push_back({"message", lines_of(message)});
    if (says_something(reply.statusmsg) && reply.statusmsg != message) {
        rows.push_back({"status", lines_of(reply.statusmsg)});
    }
    if (reply.error && reply.error->kind != "hocket/" + std::string(to_string(reply.outcome))) {
        rows.push_back({"kind", {reply.error->kind}});
    }
    if (reply.error && detail.verbose && !reply.error->details.empty()) {
        rows.push_back({"details", value_lines(reply.error->details)});
    }
    add_outputs(report, reply, detail, rows);
    if (reply.stderr_tail) rows.push_back({"stderr", lines_of(*reply.stderr_tail)});
    return aligned_rows(rows);
}

std::string head_text(const Report& report, const Group& group, const Detail& detail, const Style& style,
                      std::size_t width) {
    const wire::Reply& reply = group.sample->reply;
    std::string head = style.bold(name_list(group.identities, width));
    if (group.identities.size() > 1) head += " (" + counted(group.identities.size(), "node") + ')';
    if (reply.outcome != Outcome::ok) head += ": " + style.red(to_string(reply.outcome));
    if (reply.changed.value_or(false)) {
        head += style.yellow(report.result.request.noop ? " (would change)" : " (changed)");
    }
    if (detail.verbose) {
        head += "  " + duration_text(group.sample->latency) + ", on the node " +
                duration_text(std::chrono::milliseconds(reply.duration_ms));
    }
    return head + '\n';
}

}  // namespace

std::string replies_text(const Report& report, const Detail& detail, const Style& style, std::size_t width) {
    std::string text;
    bool needs_gap = false;
    for (const Group& group : groups_of(report, detail)) {
        const wire::Reply& reply = group.sample->reply;
        const std::string body = reply.outcome == Outcome::ok ? ok_body(report, reply, detail)
                                                              : failure_body(report, reply, detail);
        if (needs_gap || (!text.empty() && !body.empty())) text += '\n';
        text += head_text(report, group, detail, style, width) + body;
        needs_gap = !body.empty();
    }
    return text;
}

std::string failures_text(const Report& report, const Style& style, std::size_t width) {
    Report failed = report;
    std::erase_if(failed.result.replies,
                  [](const NodeReply& node) { return node.reply.outcome == Outcome::ok; });
    return replies_text(failed, {}, style, width);
}

}  // namespace hocket::cli
