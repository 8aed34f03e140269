#include "core/ddl/aggregate_function.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_max_percentiles = 20;
constexpr std::int64_t k_min_buckets = 2;
constexpr std::int64_t k_max_buckets = 64;

Error wrong(std::string message) {
    return {ErrorCode::usage, std::move(message), {}};
}

std::string shown(const Json& value) {
    return show_value(value, false);
}

/// The options that a function has. Those that count take labels as well.
std::vector<std::string> options_of(AggregateFunction function) {
    switch (function) {
        case AggregateFunction::summary:
        case AggregateFunction::boolean_summary: return {"format", "true", "false"};
        case AggregateFunction::average:
        case AggregateFunction::sum:
        case AggregateFunction::min:
        case AggregateFunction::max: return {"format"};
        case AggregateFunction::percentiles: return {"format", "percentiles"};
        case AggregateFunction::chart: return {"format", "buckets"};
    }
    return {};
}

Result<void> refuse_unknown(AggregateFunction function, const Json& options) {
    if (function == AggregateFunction::boolean_summary) return {};  // each key is a value
    const std::vector<std::string> known = options_of(function);
    std::vector<std::string> unknown;
    for (const auto& [key, value] : options.items()) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            unknown.push_back("'" + escape_text(key) + "'");
    }
    if (unknown.empty()) return {};
    return wrong(std::string(to_string(function)) + " has no option " + join(unknown, ", ") + "; it takes " +
                 join(known, ", "));
}

Result<void> read_format(AggregateRule& rule, const Json& value) {
    if (!value.is_string()) return wrong("'format' must be a text, not " + shown(value));
    Result<PrintfFormat> format = PrintfFormat::parse(value.get_ref<const std::string&>());
    if (!format) return wrong("'format' " + format.error().message);
    const std::size_t places = format->places();
    if (counts_values(rule.function)) {
        if (places != 1 && places != 2) {
            return wrong(
                "'format' must have two places, for the value and its count, such as %s = %s, or that of the "
                "value alone, not " +
                std::to_string(places));
        }
    } else if (places != 1) {
        return wrong("'format' must have exactly one place such as %d, %s or %.1f, not " +
                     (places == 0 ? std::string("none") : std::to_string(places)));
    }
    rule.format = std::move(*format);
    return {};
}

Result<void> read_percentiles(AggregateRule& rule, const Json& value) {
    const auto is_percentile = [](const Json& each) {
        return each.is_number() && each.get<double>() > 0 && each.get<double>() <= 100;
    };
    if (!value.is_array() || value.empty() || value.size() > k_max_percentiles ||
        !std::all_of(value.begin(), value.end(), is_percentile)) {
        return wrong("'percentiles' must be a list of 1 to " + std::to_string(k_max_percentiles) +
                     " numbers above 0 and up to 100, not " + shown(value));
    }
    rule.percentiles = value.get<std::vector<double>>();
    return {};
}

Result<void> read_buckets(AggregateRule& rule, const Json& value) {
    const std::int64_t buckets = value.is_number_integer() ? value.get<std::int64_t>() : 0;
    if (buckets < k_min_buckets || buckets > k_max_buckets) {
        return wrong("'buckets' must be an integer from " + std::to_string(k_min_buckets) + " to " +
                     std::to_string(k_max_buckets) + ", not " + shown(value));
    }
    rule.buckets = static_cast<std::size_t>(buckets);
    return {};
}

Result<void> read_option(AggregateRule& rule, const std::string& key, const Json& value) {
    if (key == "format") return read_format(rule, value);
    if (key == "percentiles" && rule.function == AggregateFunction::percentiles)
        return read_percentiles(rule, value);
    if (key == "buckets" && rule.function == AggregateFunction::chart) return read_buckets(rule, value);
    if (!value.is_string()) {
        return wrong("the label of '" + escape_text(key) + "' must be a text, not " + shown(value));
    }
    rule.labels[key] = value.get<std::string>();
    return {};
}

Result<void> check_arguments(const Json& args) {
    if (!args.is_array() || args.empty() || !args.front().is_string())
        return wrong("'args' must begin with the name of an output");
    if (args.size() > 2)
        return wrong("'args' must be the name of an output and an object of options, not " +
                     std::to_string(args.size()) + " values");
    if (args.size() == 2 && !args[1].is_object() && !args[1].is_null())
        return wrong("the options behind the output must be an object such as {format: \"%s\"}, not " +
                     shown(args[1]));
    return {};
}

}  // namespace

std::string_view to_string(AggregateFunction function) {
    return k_aggregate_function_words[static_cast<std::size_t>(function)];
}

std::optional<AggregateFunction> aggregate_function_named(std::string_view word) {
    const auto* const found =
        std::find(k_aggregate_function_words.begin(), k_aggregate_function_words.end(), word);
    if (found == k_aggregate_function_words.end()) return std::nullopt;
    return static_cast<AggregateFunction>(found - k_aggregate_function_words.begin());
}

bool counts_values(AggregateFunction function) {
    return function == AggregateFunction::summary || function == AggregateFunction::boolean_summary;
}

Result<AggregateRule> compile_aggregate(const Aggregate& aggregate) {
    const std::optional<AggregateFunction> function = aggregate_function_named(aggregate.function);
    if (!function) {
        return wrong("the function " + quote_bytes(aggregate.function, 60) + " is none of " +
                     join(std::vector<std::string>(k_aggregate_function_words.begin(),
                                                   k_aggregate_function_words.end()),
                          ", "));
    }
    if (Result<void> checked = check_arguments(aggregate.args); !checked) return checked.error();
    AggregateRule rule;
    rule.function = *function;
    rule.output = aggregate.args.front().get<std::string>();
    if (aggregate.args.size() < 2 || aggregate.args[1].is_null()) return rule;
    const Json& options = aggregate.args[1];
    if (Result<void> known = refuse_unknown(*function, options); !known) return known.error();
    for (const auto& [key, value] : options.items()) {
        if (value.is_null()) continue;  // the same as an absent key
        if (Result<void> read = read_option(rule, key, value); !read) return read.error();
    }
    return rule;
}

}  // namespace hocket::ddl
