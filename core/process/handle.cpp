#include "core/process/handle.h"

#include "core/process/execution.h"

namespace hocket::process {

pid_t Handle::pid() const {
    const std::shared_ptr<Execution> execution = execution_.lock();
    return execution ? execution->pid() : -1;
}

bool Handle::is_running() const {
    const std::shared_ptr<Execution> execution = execution_.lock();
    return execution && execution->is_running();
}

void Handle::write(std::string bytes) const {
    if (const auto execution = execution_.lock()) execution->write(std::move(bytes));
}

std::optional<std::size_t> Handle::unread_input() const {
    const std::shared_ptr<Execution> execution = execution_.lock();
    return execution ? execution->unread_input() : std::nullopt;
}

void Handle::close_input() const {
    if (const auto execution = execution_.lock()) execution->close_input();
}

void Handle::set_deadline(std::chrono::steady_clock::time_point deadline) const {
    if (const auto execution = execution_.lock()) execution->set_deadline(deadline);
}

void Handle::stop() const {
    if (const auto execution = execution_.lock()) execution->stop();
}

}  // namespace hocket::process
