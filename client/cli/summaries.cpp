#include "client/cli/summaries.h"

#include <algorithm>

#include "client/cli/layout.h"
#include "client/cli/statistics.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using client::Figure;
using client::LabelCount;
using client::Summary;

constexpr std::size_t k_max_labels = 30;
constexpr std::size_t k_max_label_width = 100;
constexpr std::size_t k_max_column_width = 40;  // a longer label does not push the others to the right
constexpr char k_indent[] = "    ";

/// A line under the head: `label = text`, or a text alone.
struct Line {
    std::string label;
    std::string text;
};

/// What is said about one output.
class Block {
public:
    Block(const Detail& detail, const Style& style, bool utf8)
        : detail_(detail), style_(style), utf8_(utf8) {}

    void add(const Summary& summary);
    std::string text() const;

private:
    void add_problem(const Summary& summary);
    void add_counts(const Summary& summary);
    void add_figure(const Summary& summary, const Figure& figure);
    void add_chart(const Summary& summary);
    void add_skipped(const std::vector<std::string>& nodes, const char* why);
    std::string shortened(const std::string& label) const;
    std::string ellipsis() const { return utf8_ ? "…" : "..."; }

    const Detail& detail_;
    const Style& style_;
    bool utf8_;
    std::vector<Line> lines_;
    std::vector<std::string> skipped_;  ///< each once, whatever functions there are
};

/// Escaped, and so that an empty one can be seen.
std::string Block::shortened(const std::string& label) const {
    std::string text = label.empty() ? "\"\"" : escape_text(label);
    if (count_code_points(text) <= k_max_label_width) return text;
    std::size_t end = 0;
    for (std::size_t points = 0; points < k_max_label_width; ++points) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
            ++end;
    }
    return text.substr(0, end) + ellipsis();
}

std::string number_in_format(const Summary& summary, const Figure& figure) {
    if (!summary.rule->format) return ddl::number_text(figure.value);
    return escape_text(summary.rule->format->fill(
        {std::visit([](auto number) { return ddl::PrintfFormat::Value(number); }, figure.value)}));
}

/// " on web1 and 2 more"
std::string nodes_text(const Figure& figure) {
    if (figure.nodes.empty()) return {};
    const std::size_t others = figure.nodes.size() - 1;
    return " on " + figure.nodes.front() + (others > 0 ? " and " + std::to_string(others) + " more" : "");
}

void Block::add_problem(const Summary& summary) {
    const std::string text = "no " + summary.function + ": " + summary.problem;
    lines_.push_back({{}, style_.yellow(escape_text(text))});
}

void Block::add_counts(const Summary& summary) {
    const std::size_t shown = std::min(summary.counts.size(), k_max_labels);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& [label, count] = summary.counts[i];
        const std::string count_text = std::to_string(count);
        if (!summary.rule->format) {
            lines_.push_back({shortened(label), count_text});
            continue;
        }
        const ddl::PrintfFormat& format = *summary.rule->format;
        if (format.places() == 1) {
            lines_.push_back({escape_text(format.fill({shortened(label)})), count_text});
        } else {
            lines_.push_back(
                {{}, escape_text(format.fill({shortened(label), static_cast<std::int64_t>(count)}))});
        }
    }
    const std::size_t left = summary.counts.size() - shown;
    if (left > 0) lines_.push_back({{}, style_.dim(ellipsis() + " and " + std::to_string(left) + " more")});
}

void Block::add_figure(const Summary& summary, const Figure& figure) {
    // A format is all of the line, as it was in MCollective; of several numbers each needs its name.
    const bool has_name =
        !summary.rule->format || summary.rule->function == ddl::AggregateFunction::percentiles;
    lines_.push_back({has_name ? figure.name : std::string(),
                      number_in_format(summary, figure) + escape_text(nodes_text(figure))});
}

void Block::add_chart(const Summary& summary) {
    lines_.push_back({"spread", number_in_format(summary, summary.figures.front()) + ' ' +
                                    sparkline(summary.buckets, utf8_) + ' ' +
                                    number_in_format(summary, summary.figures.back())});
}

void Block::add_skipped(const std::vector<std::string>& nodes, const char* why) {
    if (nodes.empty()) return;
    std::string text = counted(nodes.size(), "value") + " skipped: " + why;
    if (detail_.verbose) {
        std::vector<std::string> names = nodes;
        names.erase(std::unique(names.begin(), names.end()), names.end());
        text += " (" + join(names, ", ") + ')';
    }
    if (std::find(skipped_.begin(), skipped_.end(), text) == skipped_.end())
        skipped_.push_back(std::move(text));
}

void Block::add(const Summary& summary) {
    if (!summary.problem.empty()) return add_problem(summary);
    if (summary.values == 0) lines_.push_back({{}, "no " + summary.function + ": no values"});
    if (!summary.buckets.empty()) {
        add_chart(summary);
    } else {
        for (const Figure& figure : summary.figures)
            add_figure(summary, figure);
    }
    add_counts(summary);
    add_skipped(summary.skipped.absent, "absent");
    add_skipped(summary.skipped.not_numbers, "no number");
}

std::string Block::text() const {
    std::size_t width = 0;
    for (const Line& line : lines_) {
        const std::size_t length = count_code_points(line.label);
        if (length <= k_max_column_width) width = std::max(width, length);
    }
    std::string text;
    for (const Line& line : lines_) {
        const std::string label = line.label.empty() ? "" : padded_left(line.label, width) + " = ";
        text += k_indent + label + line.text + '\n';
    }
    for (const std::string& skipped : skipped_)
        text += k_indent + style_.dim(escape_text(skipped)) + '\n';
    return text;
}

Json figure_json(const Figure& figure) {
    return {{"name", figure.name},
            {"value", std::visit([](auto number) { return Json(number); }, figure.value)},
            {"nodes", figure.nodes}};
}

Json summary_json(const Summary& summary) {
    Json counts = Json::array();
    for (const LabelCount& each : summary.counts)
        counts.push_back({{"label", each.label}, {"count", each.count}});
    Json figures = Json::array();
    for (const Figure& figure : summary.figures)
        figures.push_back(figure_json(figure));
    return {{"function", summary.function},
            {"output", summary.output},
            {"display_as", summary.display_as},
            {"problem", summary.problem.empty() ? Json() : Json(summary.problem)},
            {"values", summary.values},
            {"skipped",
             {{"failed", summary.skipped.failed},
              {"absent", summary.skipped.absent},
              {"not_numbers", summary.skipped.not_numbers}}},
            {"counts", counts},
            {"figures", figures},
            {"buckets", summary.buckets}};
}

}  // namespace

std::string summaries_text(const Report& report, const Detail& detail, const Style& style, bool utf8) {
    if (client::identities_with(report.result, Outcome::ok).size() < 2) return {};
    std::vector<std::string> outputs;
    std::string text;
    for (const Summary& first : report.summaries) {
        if (std::find(outputs.begin(), outputs.end(), first.output) != outputs.end()) continue;
        outputs.push_back(first.output);
        Block block(detail, style, utf8);
        for (const Summary& summary : report.summaries) {
            if (summary.output == first.output) block.add(summary);
        }
        const std::string subject = first.display_as.empty() ? "" : " of " + escape_text(first.display_as);
        if (!text.empty()) text += '\n';
        text += style.bold("Summary" + subject + ':') + '\n' + block.text();
    }
    return text;
}

Json summaries_json(const std::vector<Summary>& summaries) {
    Json list = Json::array();
    for (const Summary& summary : summaries)
        list.push_back(summary_json(summary));
    return list;
}

}  // namespace hocket::cli
