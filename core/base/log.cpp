#include "core/base/log.h"

#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/base/text.h"

namespace hocket {

namespace {

class StringSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit StringSink(std::string& text) : text_(text) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        text_.append(message.payload.data(), message.payload.size());
        text_.push_back('\n');
    }
    void flush_() override {}

private:
    std::string& text_;
};

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warn: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string quoted_if_needed(std::string_view value) {
    const bool plain = !value.empty() && value.find_first_of(" \t\r\n\"=\\") == std::string_view::npos;
    if (plain && escape_text(value) == value) return std::string(value);
    std::string text;
    for (const char character : value) {
        if (character == '"' || character == '\\') text.push_back('\\');
        text.push_back(character);
    }
    return '"' + escape_text(text) + '"';
}

std::string format_line(std::string_view message, std::initializer_list<LogField> fields) {
    std::string line = "msg=" + quoted_if_needed(message);
    for (const LogField& field : fields) {
        line.push_back(' ');
        line += field.key;
        line.push_back('=');
        line += quoted_if_needed(field.value);
    }
    return line;
}

}  // namespace

std::optional<LogLevel> log_level_from(std::string_view word) {
    if (word == "debug") return LogLevel::debug;
    if (word == "info") return LogLevel::info;
    if (word == "warn") return LogLevel::warn;
    if (word == "error") return LogLevel::error;
    return std::nullopt;
}

Log::Log(LogLevel level, Timestamps timestamps)
    : logger_(std::make_shared<spdlog::logger>("hocket", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    logger_->set_pattern(
        timestamps == Timestamps::on ? "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v" : "level=%l %v",
        spdlog::pattern_time_type::utc);
    set_level(level);
}

Log::Log(LogLevel level, std::string& sink)
    : logger_(std::make_shared<spdlog::logger>("hocket", std::make_shared<StringSink>(sink))) {
    set_level(level);
}

Log::~Log() = default;

void Log::set_level(LogLevel level) {
    logger_->set_level(to_spdlog(level));
}

void Log::debug(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::debug, message, fields);
}
void Log::info(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::info, message, fields);
}
void Log::warn(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::warn, message, fields);
}
void Log::error(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::error, message, fields);
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    const auto spdlog_level = to_spdlog(level);
    if (!logger_->should_log(spdlog_level)) return;
    logger_->log(spdlog_level, spdlog::string_view_t(format_line(message, fields)));
}

}  // namespace hocket
