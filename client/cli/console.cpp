#include "client/cli/console.h"

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

/// Whoever shares the descriptor may have made it one that does not block.
void wait_until_writable(int descriptor) {
    pollfd asked{descriptor, POLLOUT, 0};
    ::poll(&asked, 1, -1);
}

/// The error number, or 0.
int write_whole(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            wait_until_writable(descriptor);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

std::function<void(std::string_view)> writer(int descriptor, std::shared_ptr<int> error) {
    return [descriptor, error = std::move(error)](std::string_view text) {
        if (*error == 0) *error = write_whole(descriptor, text);
    };
}

/// poll(2) ends with a signal, whatever the handler wanted for read(2).
std::optional<std::string> ask_on_terminal(std::string_view question) {
    write_whole(STDERR_FILENO, question);
    std::string answer;
    pollfd asked{STDIN_FILENO, POLLIN, 0};
    char next = 0;
    while (::poll(&asked, 1, -1) == 1 && ::read(STDIN_FILENO, &next, 1) == 1) {
        if (next == '\n') return answer;
        answer += next;
    }
    write_whole(STDERR_FILENO, "\n");
    return std::nullopt;
}

bool is_smart_terminal(int descriptor, const client::Environment& environment) {
    return ::isatty(descriptor) == 1 && environment("TERM").value_or("dumb") != "dumb";
}

bool wants_colour(ColorMode mode, int descriptor, const client::Environment& environment) {
    switch (mode) {
        case ColorMode::always: return true;
        case ColorMode::never: return false;
        case ColorMode::automatic: break;
    }
    if (environment("NO_COLOR")) return false;
    return environment("CLICOLOR_FORCE").value_or("0") != "0" || is_smart_terminal(descriptor, environment);
}

bool is_utf8_locale(const client::Environment& environment) {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const auto locale = environment(name);
        if (!locale) continue;
        const std::string lower = to_lower_ascii(*locale);
        return lower.ends_with("utf-8") || lower.ends_with("utf8");
    }
    return false;
}

std::size_t terminal_width(int descriptor) {
    winsize size{};
    if (::isatty(descriptor) != 1 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

}  // namespace

std::string Style::wrapped(std::string_view code, std::string_view text) const {
    if (!is_on_) return std::string(text);
    return "\x1b[" + std::string(code) + 'm' + std::string(text) + "\x1b[0m";
}

Result<void> Console::check_out() const {
    if (*out_error == 0 || *out_error == EPIPE) return {};
    return Error{ErrorCode::io, "standard output was cut short: " + errno_text(*out_error), {}};
}

Console process_console(ColorMode mode, const client::Environment& environment) {
    Console console;
    console.out = writer(STDOUT_FILENO, console.out_error);
    console.err = writer(STDERR_FILENO, std::make_shared<int>(0));
    if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1) console.ask = ask_on_terminal;
    console.out_style = Style(wants_colour(mode, STDOUT_FILENO, environment));
    console.err_style = Style(wants_colour(mode, STDERR_FILENO, environment));
    console.shows_progress =
        is_smart_terminal(STDERR_FILENO, environment) && !environment("HOCKET_NO_PROGRESS");
    console.is_utf8 = is_utf8_locale(environment);
    console.width = terminal_width(STDOUT_FILENO);
    return console;
}

}  // namespace hocket::cli
