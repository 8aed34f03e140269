#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/base/json.h"

namespace hocket::execution {

/// What the node's configuration and the broker allow every execution.
struct ExecutionLimits {
    int max_parallel = 16;
    std::size_t max_waiting = 64;  ///< calls that wait for a place
    int max_wait_ms = 10'000;
    std::size_t max_output_bytes = 1U << 20U;
    std::size_t max_stderr_bytes = 16U << 10U;
    std::size_t max_standby_bytes = 256U << 20U;  ///< resident, of all processes on standby
    int grace_ms = 5000;
    int drain_ms = 1000;

    bool operator==(const ExecutionLimits&) const = default;
};

/// What is the same for all executions on this node.
struct Surroundings {
    std::string identity;
    std::string search_path;            ///< PATH of agents
    std::string home;                   ///< HOME of those that run as our own user
    std::filesystem::path exec_helper;  ///< hocket-exec, for those that run as another
    ExecutionLimits limits = {};
    std::filesystem::path tmp_folder = "/tmp";  ///< where temporary files of agents belong
    std::function<std::shared_ptr<const Json>()> facts =
        {};  ///< what agents may know of the node; empty: nothing
};

/// One run of a call.
struct ExecutionContext {
    std::string id;                ///< marks its whole process tree (HOCKET_EXECUTION_ID)
    std::int64_t deadline_ms = 0;  ///< Unix: what the agent is told
    std::chrono::steady_clock::time_point deadline;
};

}  // namespace hocket::execution
