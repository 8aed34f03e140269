#include "client/cli/report.h"

namespace hocket::cli {

client::Rejected all_rejected(const Report& report) {
    client::Rejected rejected = report.discovered ? report.discovered->rejected : client::Rejected();
    client::add(rejected, report.result.rejected);
    return rejected;
}

Json shown_data(const Report& report, const wire::Reply& reply, const Detail& detail) {
    Json data = reply.data;
    if (detail.show_sensitive || !report.action) return data;
    for (const ddl::Output& output : report.action->outputs) {
        if (output.sensitive && data.contains(output.name)) data[output.name] = "***";
    }
    return data;
}

std::optional<std::string> shown_diff(const Report& report, const wire::Reply& reply, const Detail& detail) {
    const bool is_hidden = !detail.show_sensitive && report.action && report.action->has_sensitive_fields();
    return reply.diff && is_hidden ? "***" : reply.diff;
}

}  // namespace hocket::cli
