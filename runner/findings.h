#pragma once

#include <string>

namespace hocket {

/// What a check has found.
struct Finding {
    enum class Level { good, note, warning, error };

    Level level;
    std::string text;
};

/// "ok", "note", "warning", "error".
std::string to_string(Finding::Level level);

/// A line for people, aligned with those of the other levels.
std::string line_of(const Finding& finding);

}  // namespace hocket
