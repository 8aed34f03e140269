#include "runner/workbench/call.h"

#include <cstdio>
#include <utility>

#include "core/base/error_json.h"
#include "core/ddl/typed_inputs.h"
#include "core/ddl/values.h"

namespace hocket::workbench {

namespace {

/// As `hocket rpc` takes them, but that a sensitive one may stand on the command line. What the description says of them, the
/// runner is to say.
Result<Json> read_inputs(const ddl::Action* action, const std::vector<std::string>& words) {
    const Result<std::vector<ddl::WrittenInput>> written = ddl::parse_written_inputs(words);
    if (!written) return written.error();
    ddl::TypedInputs typed = action != nullptr ? ddl::type_inputs(*action, *written, ddl::PlainSecrets::taken)
                                               : ddl::type_inputs(*written);
    if (!typed.problems.empty()) return ddl::invalid_input(std::move(typed.problems));
    return std::move(typed.values);
}

}  // namespace

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
