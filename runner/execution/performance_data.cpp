#include "runner/execution/performance_data.h"

#include <charconv>

#include "core/base/text.h"

namespace hocket::execution {

namespace {

/// The number that the text begins with, and the rest. A comma counts as a point: some plugins heed no LANG.
std::pair<std::optional<double>, std::string> number_and_unit(std::string text) {
    if (const std::size_t comma = text.find(','); comma != std::string::npos) text[comma] = '.';
    if (text.starts_with('+')) text.erase(0, 1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return {std::nullopt, text};
    return {number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

std::optional<double> number_of(const std::string& text) {
    return number_and_unit(text).first;
}

constexpr std::size_t k_max_measurements = 1000;

/// Reads the measurements of one piece of performance data, one after the other.
class MeasurementReader {
public:
    explicit MeasurementReader(std::string_view rest) : rest_(rest) {}

    /// Nothing when there are no more.
    std::optional<Measurement> next() {
        while (skip_blanks()) {
            const std::optional<std::string> label = read_label();
            const std::string values = read_word();
            if (!label || label->empty()) continue;
            if (std::optional<Measurement> measurement = measurement_of(*label, values)) return measurement;
        }
        return std::nullopt;
    }

private:
    bool skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
        return !rest_.empty();
    }

    std::string read_word() {
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t\r\n"));
        rest_.remove_prefix(word.size());
        return std::string(word);
    }

    /// Up to the `=`; in quotes it may have blanks, and two quotes stand for one.
    std::optional<std::string> read_label() {
        if (rest_.front() == '\'') return read_quoted_label();
        const std::size_t end = rest_.find_first_of("= \t\r\n");
        if (end == std::string_view::npos || rest_[end] != '=') return std::nullopt;
        std::string label(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        return label;
    }

    std::optional<std::string> read_quoted_label() {
        std::string label;
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            if (rest_[at] != '\'') {
                label += rest_[at];
            } else if (rest_.substr(at).starts_with("''")) {
                label += rest_[at++];
            } else {
                const bool has_value = rest_.substr(at + 1).starts_with('=');
                rest_.remove_prefix(at + (has_value ? 2 : 1));
                return has_value ? std::optional(label) : std::nullopt;
            }
        }
        rest_ = {};
        return std::nullopt;
    }

    static std::optional<Measurement> measurement_of(const std::string& label, const std::string& values) {
        std::vector<std::string> parts = split(values, ';');
        parts.resize(5);
        const auto [value, unit] = number_and_unit(parts[0]);
        const bool is_undetermined = parts[0] == "U";
        if (!value && !is_undetermined) return std::nullopt;
        return Measurement{label,
                           value,
                           is_undetermined ? "" : unit,
                           parts[1],
                           parts[2],
                           number_of(parts[3]),
                           number_of(parts[4])};
    }

    std::string_view rest_;
};

void read_measurements(std::string_view text, std::vector<Measurement>& measurements) {
    MeasurementReader reader(text);
    while (measurements.size() < k_max_measurements) {
        std::optional<Measurement> next = reader.next();
        if (!next) return;
        measurements.push_back(std::move(*next));
    }
}

/// What stands before the first `|`, and behind it.
std::pair<std::string_view, std::string_view> cut(std::string_view text) {
    const std::size_t bar = text.find('|');
    if (bar == std::string_view::npos) return {text, {}};
    return {text.substr(0, bar), text.substr(bar + 1)};
}

}  // namespace

PluginOutput read_plugin_output(std::string_view output) {
    const std::size_t line = std::min(output.find('\n'), output.size());
    const auto [text, first_data] = cut(output.substr(0, line));
    const auto [details, more_data] = cut(output.substr(line));
    PluginOutput read{std::string(trim(text)), std::string(trim(details)), {}};
    read_measurements(first_data, read.measurements);
    read_measurements(more_data, read.measurements);
    return read;
}

}  // namespace hocket::execution
