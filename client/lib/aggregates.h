#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/results.h"
#include "core/ddl/aggregate_function.h"

namespace hocket::client {

/// A value's label, and how many values have it.
struct LabelCount {
    std::string label;
    std::size_t count = 0;

    bool operator==(const LabelCount&) const = default;
};

/// A number that was calculated.
struct Figure {
    std::string name;  ///< "average", "sum", "min", "max", "p95"
    ddl::Number value;
    std::vector<std::string> nodes;  ///< of min and max: whose it is, by name

    bool operator==(const Figure&) const = default;
};

/// What a summary does not know of, by the identities of the nodes; one that gave several such values is there as often.
struct Skipped {
    std::vector<std::string> failed;       ///< the reply's outcome is not ok
    std::vector<std::string> absent;       ///< the output, or an element of its array, is absent or null
    std::vector<std::string> not_numbers;  ///< a value that the function cannot calculate with
};

/// One aggregate of an action over the replies of one request. Labels, names and texts are as nodes and DDL have them:
/// escape them before a terminal sees them.
struct Summary {
    std::string function;                    ///< as the DDL has it; perhaps none that we know
    std::string output;                      ///< its name
    std::string display_as;                  ///< what people call the output
    std::optional<ddl::AggregateRule> rule;  ///< none: it could not be read, see `problem`
    std::string problem;     ///< why there is no result; empty when there is one, be it of no values
    std::size_t values = 0;  ///< how many values it is of
    Skipped skipped;
    std::vector<LabelCount>
        counts;                   ///< of summary and boolean_summary: the most frequent first, then by label
    std::vector<Figure> figures;  ///< of all others; of chart: min and max
    std::vector<std::size_t>
        buckets;  ///< of chart: how many values are in each of equal spans from min to max
};

/// What the action's DDL asks for (spec/ddl.md, aggregates), in its order: one for each aggregate, whatever became of the
/// others. Only replies with outcome `ok` have values. The result does not depend on the order of the replies.
///
/// Sensitive outputs are never summarized: that is a `problem`, and so is a function or option that is not known.
/// Thread: any.
std::vector<Summary> summarize(const ddl::Action& action, const std::vector<NodeReply>& replies);

/// How many values, all finite, are in each of at most `most` equal spans from the smallest to the largest; there are never more spans
/// than values, and one when all are equal.
std::vector<std::size_t> histogram(const std::vector<double>& values, std::size_t most);

}  // namespace hocket::client
