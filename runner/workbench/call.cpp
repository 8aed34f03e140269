#include "runner/workbench/call.h"

#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/text_input.h"

namespace hocket::workbench {

namespace {

Result<Json> read_inputs(const ddl::Action* action, const std::vector<std::string>& words) {
    Json inputs = Json::object();
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{ErrorCode::usage, quote_bytes(word) + " is not name=value", {}};
        }
        const std::string name = word.substr(0, equals);
        const std::string text = word.substr(equals + 1);
        const ddl::Input* const input = action == nullptr ? nullptr : action->find_input(name);
        Result<Json> value = input == nullptr ? Json(text) : ddl::parse_input(*input, text);
        if (!value) return value.error();
        inputs[name] = std::move(*value);
    }
    return inputs;
}

}  // namespace

int fail(const Error& error) {
    std::fprintf(stderr, "hocket-agent: %s\n", error.message.c_str());
    return disposition(error.code).exit_code;
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
