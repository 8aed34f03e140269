#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "client/cli/console.h"
#include "client/lib/one_shot_timer.h"

namespace hocket::cli {

/// What a progress line tells.
struct ProgressState {
    std::size_t answered = 0;
    std::size_t expected = 0;  ///< 0: nobody was asked yet
    std::size_t failed = 0;
    std::vector<std::string> waiting;
};

/// "looking for nodes, 0.6 s" while nobody is expected yet, then
/// "[======>     ] 3 of 5, 1 failed, 2.1 s, waiting for db3, db4", in at most that many columns.
std::string progress_line(const ProgressState& state, std::chrono::milliseconds elapsed, std::size_t width);

/// A line on the terminal while somebody waits. It appears after half a second, and its destructor removes it.
/// Thread: io thread only.
class Progress {
public:
    Progress(boost::asio::io_context& io, const Console& console, std::function<ProgressState()> state);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }

    /// Before something else is written to the terminal; the line comes back later.
    void clear();

private:
    void draw();

    const Console& console_;
    std::function<ProgressState()> state_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    client::OneShotTimer timer_;
    bool is_drawn_ = false;
};

}  // namespace hocket::cli
