#include "client/lib/aggregates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/ddl/argument_template.h"
#include "core/ddl/number_text.h"

namespace hocket::client {

namespace {

using ddl::AggregateFunction;
using ddl::AggregateRule;
using ddl::Number;
using ddl::to_double;
using ddl::widened;

/// A number and the node that gave it.
struct Value {
    Number number;
    std::string identity;
};

std::optional<Number> finite(double number) {
    return std::isfinite(number) ? std::optional<Number>(number) : std::nullopt;
}

/// A number, or a text that is one: scripts and old agents know nothing but text.
std::optional<Number> number_of(const Json& value) {
    if (value.is_string()) {
        const std::optional<Json> read = ddl::number_from_text(value.get_ref<const std::string&>());
        return read ? number_of(*read) : std::nullopt;
    }
    if (!value.is_number()) return std::nullopt;
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    const bool is_beyond = value.is_number_unsigned() && value.get<std::uint64_t>() > most;
    if (value.is_number_integer() && !is_beyond) return value.get<std::int64_t>();
    return finite(value.get<double>());
}

/// Integers exactly, whatever their sum; doubles beside them.
class Sum {
public:
    void add(const Number& number) {
        if (const auto* const integer = std::get_if<std::int64_t>(&number)) {
            high_ += *integer >> 32;
            low_ += *integer & k_low_mask;
            high_ += low_ >> 32;
            low_ &= k_low_mask;
        } else {
            is_whole_ = false;
            floating_ += std::get<double>(number);
        }
    }

    Number total() const {
        constexpr std::int64_t most = std::int64_t{1} << 31;
        if (is_whole_ && high_ >= -most && high_ < most) return high_ * (k_low_mask + 1) + low_;
        return static_cast<double>(high_) * static_cast<double>(k_low_mask + 1) + static_cast<double>(low_) +
               floating_;
    }

private:
    static constexpr std::int64_t k_low_mask = 0xFFFFFFFF;

    std::int64_t high_ = 0;
    std::int64_t low_ = 0;
    double floating_ = 0;
    bool is_whole_ = true;
};

/// Calls take(value, identity) with each value of a reply that is ok, an array as a whole. Where there is none it is skipped.
template <class Take>
void each_value(Summary& summary, const std::vector<NodeReply>& replies, Take take) {
    for (const NodeReply& node : replies) {
        const wire::Reply& reply = node.reply;
        if (reply.outcome != Outcome::ok) continue;
        const auto value = reply.data.find(summary.output);
        if (value == reply.data.end() || value->is_null()) {
            summary.skipped.absent.push_back(reply.identity);
        } else {
            take(*value, reply.identity);
        }
    }
}

std::string label_of(const AggregateRule& rule, const Json& value) {
    const std::string text = ddl::text_of(value);
    const auto label = rule.labels.find(text);
    return label == rule.labels.end() ? text : label->second;
}

void count(Summary& summary, const std::vector<NodeReply>& replies) {
    std::map<std::string, std::size_t> counts;
    const auto take = [&](const Json& value, const std::string& identity) {
        if (value.is_null()) return summary.skipped.absent.push_back(identity);
        ++summary.values;
        ++counts[label_of(*summary.rule, value)];
    };
    each_value(summary, replies, [&](const Json& value, const std::string& identity) {
        if (!value.is_array()) return take(value, identity);
        for (const Json& element : value)
            take(element, identity);
    });
    for (const auto& [label, many] : counts)
        summary.counts.push_back({label, many});
    std::stable_sort(
        summary.counts.begin(), summary.counts.end(),
        [](const LabelCount& left, const LabelCount& right) { return left.count > right.count; });
}

/// The smallest first; equal ones by node.
std::vector<Value> sorted_numbers(Summary& summary, const std::vector<NodeReply>& replies) {
    std::vector<Value> values;
    each_value(summary, replies, [&](const Json& value, const std::string& identity) {
        if (const std::optional<Number> number = number_of(value)) {
            values.push_back({*number, identity});
        } else {
            summary.skipped.not_numbers.push_back(identity);
        }
    });
    std::sort(values.begin(), values.end(), [](const Value& left, const Value& right) {
        const long double left_number = widened(left.number);
        const long double right_number = widened(right.number);
        return left_number != right_number ? left_number < right_number : left.identity < right.identity;
    });
    summary.values = values.size();
    return values;
}

Number total(const std::vector<Value>& values) {
    Sum sum;
    for (const Value& value : values)
        sum.add(value.number);
    return sum.total();
}

Figure extreme(std::string name, const std::vector<Value>& values, const Number& number) {
    Figure figure{std::move(name), number, {}};
    for (const Value& value : values) {
        if (widened(value.number) == widened(number)) figure.nodes.push_back(value.identity);
    }
    return figure;
}

/// Nearest rank: a value that some node gave.
Number percentile(const std::vector<Value>& sorted, double percent) {
    constexpr double k_rounding = 1e-9;  // 99.9 is a little more than that
    const double rank = std::ceil(percent * static_cast<double>(sorted.size()) / 100 - k_rounding);
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1].number;
}

void draw_chart(Summary& summary, const std::vector<Value>& values) {
    std::vector<double> numbers;
    for (const Value& value : values)
        numbers.push_back(to_double(value.number));
    summary.figures = {extreme("min", values, values.front().number),
                       extreme("max", values, values.back().number)};
    summary.buckets = histogram(numbers, summary.rule->buckets);
}

void calculate(Summary& summary, const std::vector<Value>& values) {
    switch (summary.rule->function) {
        case AggregateFunction::summary:
        case AggregateFunction::boolean_summary: return;
        case AggregateFunction::average:
            summary.figures = {
                {"average", to_double(total(values)) / static_cast<double>(values.size()), {}}};
            return;
        case AggregateFunction::sum: summary.figures = {{"sum", total(values), {}}}; return;
        case AggregateFunction::min:
            summary.figures = {extreme("min", values, values.front().number)};
            return;
        case AggregateFunction::max: summary.figures = {extreme("max", values, values.back().number)}; return;
        case AggregateFunction::percentiles:
            for (const double percent : summary.rule->percentiles)
                summary.figures.push_back({'p' + ddl::number_text(percent), percentile(values, percent), {}});
            return;
        case AggregateFunction::chart: return draw_chart(summary, values);
    }
}

void refuse_infinite(Summary& summary) {
    for (const Figure& figure : summary.figures) {
        if (std::isfinite(to_double(figure.value))) continue;
        summary.problem = "the " + figure.name + " is larger than any number";
        summary.figures.clear();
        return;
    }
}

/// Why nothing can be made of the output; empty: it can.
std::string objection(const ddl::Output* output, const std::string& name) {
    if (output == nullptr) return "output '" + name + "' is not declared";
    if (output->sensitive) return "output '" + name + "' is sensitive";
    return {};
}

/// What is known of it without its rule.
Summary named_summary(const ddl::Action& action, const ddl::Aggregate& aggregate) {
    Summary summary;
    summary.function = aggregate.function;
    if (aggregate.args.is_array() && !aggregate.args.empty() && aggregate.args.front().is_string())
        summary.output = aggregate.args.front().get<std::string>();
    const ddl::Output* const output = action.find_output(summary.output);
    const bool has_words = output != nullptr && !output->display_as.empty();
    summary.display_as = has_words ? output->display_as : summary.output;
    return summary;
}

void fill(Summary& summary, const std::vector<NodeReply>& replies) {
    if (ddl::counts_values(summary.rule->function)) return count(summary, replies);
    const std::vector<Value> values = sorted_numbers(summary, replies);
    if (values.empty()) return;
    calculate(summary, values);
    refuse_infinite(summary);
}

Summary summary_of(const ddl::Action& action, const ddl::Aggregate& aggregate,
                   const std::vector<NodeReply>& replies) {
    Summary summary = named_summary(action, aggregate);
    Result<AggregateRule> rule = ddl::compile_aggregate(aggregate);
    if (!rule) {
        summary.problem = rule.error().message;
        return summary;
    }
    summary.rule = std::move(*rule);
    summary.problem = objection(action.find_output(summary.output), summary.output);
    if (!summary.problem.empty()) return summary;
    for (const NodeReply& node : replies) {
        if (node.reply.outcome != Outcome::ok) summary.skipped.failed.push_back(node.reply.identity);
    }
    fill(summary, replies);
    Skipped& skipped = summary.skipped;
    for (auto* const nodes : {&skipped.failed, &skipped.absent, &skipped.not_numbers})
        std::sort(nodes->begin(), nodes->end());
    return summary;
}

}  // namespace

std::vector<Summary> summarize(const ddl::Action& action, const std::vector<NodeReply>& replies) {
    std::vector<Summary> summaries;
    for (const ddl::Aggregate& aggregate : action.aggregates)
        summaries.push_back(summary_of(action, aggregate, replies));
    return summaries;
}

std::vector<std::size_t> histogram(const std::vector<double>& values, std::size_t most) {
    if (values.empty()) return {};
    const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
    // Halves, since the span of two doubles may be more than a double holds.
    const double begin = *smallest / 2;
    const double span = *largest / 2 - begin;
    std::vector<std::size_t> counts(span > 0 ? std::min(most, values.size()) : 1, 0);
    for (const double value : values) {
        const double place = span > 0 ? (value / 2 - begin) / span * static_cast<double>(counts.size()) : 0;
        ++counts[std::min(static_cast<std::size_t>(place), counts.size() - 1)];
    }
    return counts;
}

}  // namespace hocket::client
