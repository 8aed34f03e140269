#pragma once

#include "core/process/supervisor.h"
#include "runner/node/facts_folder.h"

namespace hocket::execution {

/// Runs the executables of the facts folder as every other child is run: in a session of its own, with a deadline, and
/// with its whole tree ended afterwards.
///
/// Thread: io thread only.
class ProcessFactCommand final : public node::FactCommand {
public:
    ProcessFactCommand(process::Supervisor& supervisor, std::string search_path, std::size_t max_output_bytes)
        : supervisor_(supervisor),
          search_path_(std::move(search_path)),
          max_output_bytes_(max_output_bytes) {}

    void set_max_output_bytes(std::size_t bytes) { max_output_bytes_ = bytes; }

    void run(const std::filesystem::path& executable, std::chrono::steady_clock::time_point deadline,
             Done done) override;

private:
    process::Supervisor& supervisor_;
    std::string search_path_;
    std::size_t max_output_bytes_;
};

}  // namespace hocket::execution
