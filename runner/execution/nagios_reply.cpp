#include "runner/execution/nagios_reply.h"

#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/plugin_action.h"

namespace hocket::execution {

namespace {

constexpr std::array<const char*, 4> k_states = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

Json number_or_null(const std::optional<double>& number) {
    return number && std::isfinite(*number) ? Json(*number) : Json();
}

Json json_of(const Measurement& measurement) {
    return {{"label", measurement.label},
            {"value", number_or_null(measurement.value)},
            {"unit", measurement.unit},
            {"warning", measurement.warning},
            {"critical", measurement.critical},
            {"minimum", number_or_null(measurement.minimum)},
            {"maximum", number_or_null(measurement.maximum)}};
}

/// In the type that the output has.
Json value_of(const Measurement& measurement, const ddl::Output& output) {
    const Json value = number_or_null(measurement.value);
    const bool is_whole = value.is_number() && std::trunc(*measurement.value) == *measurement.value;
    const bool is_integer =
        output.type == ddl::Type::integer && is_whole && std::abs(*measurement.value) < 1e15;
    return is_integer ? Json(static_cast<std::int64_t>(*measurement.value)) : value;
}

}  // namespace

CheckedOutputs NagiosReply::read(const Printed& printed) const {
    const bool is_known =
        printed.exit_code >= 0 && static_cast<std::size_t>(printed.exit_code) < k_states.size();
    AgentResult result;
    if (!is_known) result = failed_by_exit_code(agent_, action_, printed);
    if (is_known) result.data = outputs_of(printed);
    if (result.outcome != Outcome::ok) return {std::move(result), {}, {}};
    return check_outputs(agent_, action_, std::move(result));
}

Json NagiosReply::outputs_of(const Printed& printed) const {
    const PluginOutput output = read_plugin_output(to_utf8(printed.output));
    Json data = {{"exitcode", printed.exit_code},
                 {"status", k_states[static_cast<std::size_t>(printed.exit_code)]},
                 {"text", trim(printed.output).empty() ? last_line_of(action_, printed) : output.text},
                 {"details", output.details},
                 {"perfdata", Json::array()}};
    for (const Measurement& measurement : output.measurements) {
        data["perfdata"].push_back(json_of(measurement));
        const std::string name = ddl::output_name_of(measurement.label);
        const ddl::Output* const named = action_.find_output(name);
        if (named != nullptr && !data.contains(name)) data[name] = value_of(measurement, *named);
    }
    return data;
}

}  // namespace hocket::execution
