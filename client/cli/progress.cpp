#include "client/cli/progress.h"

#include <algorithm>

#include "client/cli/layout.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_first_draw{500};
constexpr milliseconds k_redraw{100};
constexpr std::size_t k_bar_width = 30;
constexpr std::size_t k_default_width = 80;
constexpr char k_erase_line[] = "\r\x1b[K";

std::string bar(std::size_t done, std::size_t all) {
    const std::size_t filled = all == 0 ? 0 : std::min(done, all) * k_bar_width / all;
    std::string text(k_bar_width, ' ');
    std::fill_n(text.begin(), filled, '=');
    if (filled < k_bar_width) text[filled] = '>';
    return '[' + text + ']';
}

}  // namespace

std::string progress_line(const ProgressState& state, milliseconds elapsed, std::size_t width) {
    if (state.expected == 0) return "looking for nodes, " + duration_text(elapsed);
    std::string line = bar(state.answered, state.expected) + ' ' + std::to_string(state.answered) + " of " +
                       std::to_string(state.expected);
    if (state.failed > 0) line += ", " + std::to_string(state.failed) + " failed";
    line += ", " + duration_text(elapsed);
    if (!state.waiting.empty()) line += ", waiting for " + join(state.waiting, ", ");
    if (line.size() > width) line = line.substr(0, width > 3 ? width - 3 : 0) + "...";
    return line;
}

Progress::Progress(boost::asio::io_context& io, const Console& console, std::function<ProgressState()> state)
    : console_(console), state_(std::move(state)), timer_(io) {
    if (console_.shows_progress) timer_.arm(k_first_draw, [this] { draw(); });
}

void Progress::draw() {
    const auto elapsed =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
    const std::size_t width = console_.width > 0 ? console_.width - 1 : k_default_width;
    console_.err(k_erase_line + progress_line(state_(), elapsed, width));
    is_drawn_ = true;
    timer_.arm(k_redraw, [this] { draw(); });
}

void Progress::clear() {
    if (is_drawn_) console_.err(k_erase_line);
    is_drawn_ = false;
}

}  // namespace hocket::cli
