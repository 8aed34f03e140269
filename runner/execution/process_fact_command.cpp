#include "runner/execution/process_fact_command.h"

#include "core/wire/request_id.h"

namespace hocket::execution {

namespace {

Error failure(const std::string& reason) {
    return {ErrorCode::io, reason, {}};
}

Result<std::string> output_of(process::Ended ended) {
    if (const auto* exited = std::get_if<process::Exited>(&ended.end)) {
        if (exited->code == 0) return std::move(ended.output);
        return failure("exited with code " + std::to_string(exited->code));
    }
    if (const auto* signaled = std::get_if<process::Signaled>(&ended.end)) {
        return failure("ended by signal " + std::to_string(signaled->signal));
    }
    if (const auto* launch = std::get_if<process::LaunchFailed>(&ended.end))
        return failure(launch->error.message);
    if (std::holds_alternative<process::OutputTooLarge>(ended.end)) return failure("printed too much");
    return failure("did not end in time and was killed");
}

}  // namespace

void ProcessFactCommand::run(const std::filesystem::path& executable,
                             std::chrono::steady_clock::time_point deadline, Done done) {
    process::Spec spec;
    spec.executable = executable.string();
    spec.argv = {spec.executable};
    spec.execution_id = wire::new_request_id(0);
    spec.environment = {"PATH=" + search_path_, "LANG=C.UTF-8", "HOME=/", "TMPDIR=/tmp",
                        "HOCKET_EXECUTION_ID=" + spec.execution_id};
    spec.working_directory = "/";
    spec.max_output_bytes = max_output_bytes_;
    spec.deadline = deadline;
    spec.grace_ms = std::chrono::milliseconds(1000);
    supervisor_.start(std::move(spec), {[done = std::move(done)](process::Ended ended) {
                          done(output_of(std::move(ended)));
                      }});
}

}  // namespace hocket::execution
