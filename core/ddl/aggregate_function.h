#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"
#include "core/ddl/printf_format.h"

namespace hocket::ddl {

/// What a client makes of the values of all nodes: the closed list of spec/ddl.md, aggregates.
enum class AggregateFunction { summary, boolean_summary, average, sum, min, max, percentiles, chart };
inline constexpr std::array<std::string_view, 8> k_aggregate_function_words = {
    "summary", "boolean_summary", "average", "sum", "min", "max", "percentiles", "chart"};

std::string_view to_string(AggregateFunction function);

/// Nothing for a word that names no function.
std::optional<AggregateFunction> aggregate_function_named(std::string_view word);

/// summary and boolean_summary: they count how often there is which value. All others calculate with numbers.
bool counts_values(AggregateFunction function);

/// A declared aggregate, read and judged. `format` has as many places as its function fills: one for a number; one or two
/// for the label and the count of a value.
struct AggregateRule {
    AggregateFunction function = AggregateFunction::summary;
    std::string output;
    std::optional<PrintfFormat> format;                  ///< none: as the client likes it
    std::map<std::string, std::string> labels;           ///< of a value's text, when values are counted
    std::vector<double> percentiles = {50, 90, 95, 99};  ///< over 0, up to 100
    std::size_t buckets = 16;                            ///< of chart: at most so many

    bool operator==(const AggregateRule&) const = default;
};

/// Errors: usage; the message names the key that is wrong and what it must be: "'format' must have exactly one place such as
///         %d, %s or %.1f, not 2". It is about the aggregate alone: whether its output is declared is not looked at.
/// Thread: any.
Result<AggregateRule> compile_aggregate(const Aggregate& aggregate);

}  // namespace hocket::ddl
