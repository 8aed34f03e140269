#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}  // namespace spdlog

namespace hocket {

enum class LogLevel { debug, info, warn, error };

std::optional<LogLevel> log_level_from(std::string_view word);

/// One `key=value` of a log line. The value is quoted and escaped when it needs to be.
struct LogField {
    std::string_view key;
    std::string value;

    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    LogField(std::string_view name, const char* text) : key(name), value(text) {}
    LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
    LogField(std::string_view name, std::integral auto number) : key(name), value(std::to_string(number)) {}
};

/// Lines of `time level msg="…" key=value …` on stderr (the service's log), or in a string for tests.
/// One line for each failed request; who returns an error does not log it.
/// Thread: any.
class Log {
public:
    /// Under systemd the journal adds the time itself.
    enum class Timestamps { on, off };

    explicit Log(LogLevel level, Timestamps timestamps = Timestamps::on);
    /// Writes into a string: for tests.
    Log(LogLevel level, std::string& sink);
    ~Log();

    void set_level(LogLevel level);
    void debug(std::string_view message, std::initializer_list<LogField> fields = {});
    void info(std::string_view message, std::initializer_list<LogField> fields = {});
    void warn(std::string_view message, std::initializer_list<LogField> fields = {});
    void error(std::string_view message, std::initializer_list<LogField> fields = {});

private:
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

    std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace hocket
