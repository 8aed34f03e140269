#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/lib/config.h"

namespace hocket::cli {

enum class ColorMode { automatic, always, never };

/// Makes text stand out on a terminal; returns it unchanged when colour is off. Never the only carrier of a meaning.
class Style {
public:
    explicit Style(bool is_on) : is_on_(is_on) {}

    std::string bold(std::string_view text) const { return wrapped("1", text); }
    std::string red(std::string_view text) const { return wrapped("31", text); }
    std::string green(std::string_view text) const { return wrapped("32", text); }
    std::string yellow(std::string_view text) const { return wrapped("33", text); }
    std::string dim(std::string_view text) const { return wrapped("2", text); }

private:
    std::string wrapped(std::string_view code, std::string_view text) const;

    bool is_on_;
};

/// Where a command writes: data to `out`, everything else to `err`.
struct Console {
    std::function<void(std::string_view)> out;
    std::function<void(std::string_view)> err;
    /// A line that somebody typed after this question; none when it was interrupted. Empty where nobody can be asked.
    std::function<std::optional<std::string>(std::string_view question)> ask = {};
    std::shared_ptr<int> out_error = std::make_shared<int>(0);  ///< errno of the write that failed
    Style out_style{false};
    Style err_style{false};
    bool shows_progress = false;
    bool is_utf8 = false;   ///< whether the locale takes more than ASCII
    std::size_t width = 0;  ///< columns of the terminal behind `out`; 0 when there is none

    /// Whether all that went to `out` is there. A reader that went away (`| head`) is no error. Errors: io.
    Result<void> check_out() const;
};

/// This process's descriptors 1 and 2. What comes after a write that failed is dropped.
/// NO_COLOR, CLICOLOR_FORCE, TERM and HOCKET_NO_PROGRESS are honoured.
Console process_console(ColorMode mode, const client::Environment& environment);

}  // namespace hocket::cli
