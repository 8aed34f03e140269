#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/log.h"
#include "core/base/result.h"
#include "core/transport/nats_transport.h"
#include "runner/admission/allow_rules.h"
#include "runner/agents/agent_store.h"
#include "runner/keys_config.h"

namespace hocket {

/// runner.toml, read and checked (packaging/etc/runner.toml explains each key). Spans are milliseconds, sizes bytes.
struct RunnerConfig {
    std::filesystem::path file;  ///< where it came from

    std::string identity;
    std::vector<std::string> collectives = {"main"};
    std::filesystem::path state_dir = "/var/lib/hocket";

    transport::NatsOptions nats;
    KeysConfig keys;
    admission::AllowRules allow;

    int max_skew_ms = 10'000;

    std::filesystem::path facts_folder = "/etc/hocket/facts.d";
    std::vector<std::string> private_facts;
    int facts_refresh_ms = 300'000;
    int facts_command_timeout_ms = 10'000;
    std::filesystem::path classes_file = "/etc/hocket/classes.txt";

    agents::AgentFolders agents;
    agents::AgentFolders data = {.role = agents::Role::data};  ///< data plugins
    bool has_fstat = true;                                     ///< the built-in one

    int max_parallel = 16;         ///< requests to agents that run at a time, all agents together
    std::size_t max_waiting = 64;  ///< requests that wait until they may run
    int max_wait_ms = 10'000;
    std::size_t max_standby_bytes = 256U << 20U;  ///< of all processes that wait on standby
    std::size_t max_request_bytes = 1U << 20U;
    std::size_t max_output_bytes = 1U << 20U;  ///< of one reply; the broker's max_payload bounds it too
    std::size_t max_stderr_bytes = 16U << 10U;
    int grace_ms = 5000;  ///< between TERM and KILL
    int drain_ms = 1000;  ///< output is read this long after the leader's exit
    int orphan_max_ms = 60'000;
    int shutdown_ms = 30'000;  ///< how long a stop waits for running requests
    std::size_t duplicate_entries = 200'000;
    std::size_t duplicate_reply_bytes = 64U << 20U;

    std::filesystem::path audit_file;   ///< empty: none
    std::filesystem::path status_file;  ///< empty: STATE_DIR/status.json
    int status_refresh_ms = 30'000;
    LogLevel log_level = LogLevel::info;

    std::filesystem::path helpers;  ///< the folder of hocket-exec, hocket-linger and hocket-fstat
    std::string cgroup = "auto";    ///< "auto", "off", or a writable cgroup v2 folder
    std::filesystem::path tmp_folder = "/tmp";
    std::string search_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
};

/// Errors: invalid_config with every problem as "FILE:LINE: …", also when it cannot be read.
Result<RunnerConfig> read_runner_config(const std::filesystem::path& file);

}  // namespace hocket
