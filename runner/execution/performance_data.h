#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::execution {

/// One value that a monitoring plugin measured, as `'label'=value[UOM];warn;crit;min;max`.
struct Measurement {
    std::string label;
    std::optional<double> value;  ///< absent: `U`, it could not be determined
    std::string unit;             ///< s, ms, us, %, B, KB, MB, GB, TB, c, or whatever else the plugin says
    std::string warning;          ///< a range, as on its command line; empty: none
    std::string critical;
    std::optional<double> minimum;
    std::optional<double> maximum;
};

/// What of a plugin's output is for whom (monitoring-plugins.org, development guidelines; Nagios Core 4, plugin API):
///
///     TEXT | PERFORMANCE DATA
///     DETAILS …
///     DETAILS | PERFORMANCE DATA
///     PERFORMANCE DATA …
struct PluginOutput {
    std::string text;
    std::string details;
    std::vector<Measurement> measurements;
};

/// Never fails: what is no measurement is passed over, and so is what comes behind a thousand of them. The text must be UTF-8.
PluginOutput read_plugin_output(std::string_view output);

}  // namespace hocket::execution
