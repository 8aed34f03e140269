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
    const bool hides_undeclared = report.action->has_sensitive_fields();
    for (auto& [name, value] : data.items()) {
        const ddl::Output* const output = report.action->find_output(name);
        if (output == nullptr ? hides_undeclared : output->sensitive) value = "***";
    }
    return data;
}

std::optional<std::string> shown_diff(const Report& report, const wire::Reply& reply, const Detail& detail) {
    const bool is_hidden = !detail.show_sensitive && report.action && report.action->has_sensitive_fields();
    return reply.diff && is_hidden ? "***" : reply.diff;
}

}  // namespace hocket::cli
