#include "runner/workbench/call.h"

#include <cstdio>
#include <utility>

#include "core/base/error_json.h"
#include "runner/workbench/written_inputs.h"

namespace hocket::workbench {

int fail(const Error& error, const CallOptions& options) {
    const int exit_code = disposition(error.code).exit_code;
    if (options.json) std::printf("%s\n", dump_json_pretty(error_json(error, exit_code)).c_str());
    std::fprintf(stderr, "hocket-agent: %s\n", error.message.c_str());
    return exit_code;
}

int exit_code_of(Outcome outcome) {
    if (outcome == Outcome::invalid) return disposition(ErrorCode::invalid_input).exit_code;
    return outcome == Outcome::ok ? 0 : 1;
}

void show_warnings(const Workbench& bench) {
    for (const std::string& warning : bench.warnings())
        std::fprintf(stderr, "hocket-agent: warning: %s\n", warning.c_str());
}

Result<Call> prepare_call(const CallOptions& options, Log& log) {
    Result<std::unique_ptr<Workbench>> bench = Workbench::open(options.folder, log, options.search_path);
    if (!bench) return bench.error();
    const ddl::Action* const action = (*bench)->agent().ddl.find(options.action);
    Result<Json> inputs = read_inputs(action, options.inputs);
    if (!inputs) return inputs.error();
    Question question{options.action, std::move(*inputs), options.noop};
    if (options.timeout_s > 0) question.timeout_ms = static_cast<std::int64_t>(options.timeout_s * 1000);
    return Call{std::move(*bench), action, std::move(question)};
}

}  // namespace hocket::workbench
