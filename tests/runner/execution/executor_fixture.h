#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/base/clock.h"
#include "runner/admission/admission.h"
#include "runner/execution/executor.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wire_fixture.h"

namespace hocket::execution {

/// An executor with agents in bash, and calls as they come to it from admission.
class ExecutorTest : public testing::Test {
protected:
    ExecutorTest();

    /// An agent with these actions, each with the optional input `text`, which is sensitive for the action `secret`, and any
    /// outputs. `run` is the DDL's. Its program is `script`, for bash, or for another interpreter if it begins with "#!".
    void install(const std::string& name, const std::string& run, const std::string& script,
                 const std::string& actions = "go");

    /// Reads the folder, as a start or a reload does.
    void load(const agents::AgentFolders& more = {});

    struct Wanted {
        std::string action = "go";
        Json inputs = Json::object();
        std::int64_t timeout_ms = 10'000;
        std::int64_t ttl_ms = 10'000;
        bool noop = false;
    };
    agents::ValidCall call(const std::string& agent, const Wanted& wanted);

    /// An answer that is there, or not yet.
    using Answer = std::shared_ptr<std::optional<AgentResult>>;
    Answer start(const std::string& agent, const Wanted& wanted);

    /// Waits for it.
    AgentResult ask(const std::string& agent, const Wanted& wanted);
    AgentResult ask(const std::string& agent) { return ask(agent, Wanted{}); }

    void wait_for(const Answer& answer);
    void drive_until(const std::function<bool()>& condition);
    void drive_for(std::chrono::milliseconds span);

    /// What the program of an agent says it is: the output `pid`.
    static std::int64_t pid_in(const AgentResult& result) {
        return result.data.value("pid", std::int64_t{0});
    }

    test::TemporaryFolder folder_;
    SystemClock clock_;
    test::WirePair pair_;
    std::string log_text_;
    Log log_{LogLevel::debug, log_text_};
    boost::asio::io_context io_;
    agents::AgentStore agents_;
    std::optional<admission::Admission> admission_;
    process::Supervisor supervisor_{
        io_.get_executor(), {.orphan_max_ms = std::chrono::milliseconds(60)}, std::nullopt, log_};
    Executor executor_{{io_.get_executor(), supervisor_, clock_, log_},
                       {"web1.example", "/usr/bin:/bin", "", "", {.grace_ms = 200, .drain_ms = 200}}};
};

}  // namespace hocket::execution
