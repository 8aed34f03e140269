/// hocket-agent is for authors of agents: it runs an action as a node would, on this machine and without a node.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/redact.h"
#include "core/ddl/text_input.h"
#include "hocket_version.h"
#include "runner/workbench/trace.h"
#include "runner/workbench/workbench.h"

namespace {

using namespace hocket;
using workbench::Answer;
using workbench::Workbench;

constexpr int k_usage = 64;
constexpr int k_not_ok = 1;

struct RunOptions {
    std::string folder;
    std::string action;
    std::vector<std::string> inputs;
    double timeout_s = 0;
    bool noop = false;
    bool trace = false;
    bool json = false;
};

int fail(const Error& error) {
    std::fprintf(stderr, "hocket-agent: %s\n", error.message.c_str());
    return disposition(error.code).exit_code;
}

/// `name=text` in the type that the DDL gives it; one that it does not know goes as it is, for the node to refuse.
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

std::string text_of(const Answer& answer, const Json& data) {
    const execution::AgentResult& result = answer.result;
    std::string text =
        std::string(to_string(result.outcome)) + " in " + std::to_string(answer.took.count() / 1000) + " ms";
    if (result.changed) text += *result.changed ? ", changed" : ", unchanged";
    text += "\n";
    if (result.outcome != Outcome::ok) text += escape_text(result.statusmsg) + "\n";
    for (const auto& [name, value] : data.items()) {
        const std::string shown = value.is_string() ? value.get<std::string>() : dump_json(value);
        text += "  " + name + ": ";
        for (const std::string& line : split(trim(shown), '\n'))
            text += escape_text(line) + "\n    ";
        text.resize(text.size() - 4);
    }
    if (result.stderr_tail) text += "stderr:\n" + *result.stderr_tail;
    return text;
}

Json json_of(const Answer& answer, const Json& data) {
    const execution::AgentResult& result = answer.result;
    Json object = {{"schema", "io.hocket.agent-run.v1"},
                   {"outcome", to_string(result.outcome)},
                   {"statuscode", result.statuscode},
                   {"statusmsg", result.statusmsg},
                   {"data", data},
                   {"took_us", answer.took.count()}};
    if (result.changed) object["changed"] = *result.changed;
    if (result.stderr_tail) object["stderr"] = *result.stderr_tail;
    if (result.error) {
        object["error"] = {{"kind", result.error->kind},
                           {"message", result.error->message},
                           {"details", result.error->details}};
    }
    return object;
}

int run_action(const RunOptions& options) {
    Log log(LogLevel::warn, Log::Timestamps::off);
    Result<std::unique_ptr<Workbench>> bench = Workbench::open(options.folder, log);
    if (!bench) return fail(bench.error());
    for (const std::string& warning : (*bench)->warnings())
        std::fprintf(stderr, "hocket-agent: warning: %s\n", warning.c_str());
    const ddl::Action* const action = (*bench)->agent().ddl.find(options.action);
    Result<Json> inputs = read_inputs(action, options.inputs);
    if (!inputs) return fail(inputs.error());

    workbench::Question question{options.action, std::move(*inputs), options.noop, {}};
    if (options.timeout_s > 0) question.timeout_ms = static_cast<std::int64_t>(options.timeout_s * 1000);
    const Answer answer = (*bench)->ask(question);
    const Json data =
        action == nullptr ? answer.result.data : ddl::redact_outputs(action, answer.result.data);
    if (options.json) {
        Json object = json_of(answer, data);
        if (options.trace) object["trace"] = workbench::trace_json(answer, action);
        std::printf("%s\n", dump_json_pretty(object).c_str());
    } else {
        if (options.trace) std::printf("%s\n", workbench::trace_text(answer, action).c_str());
        std::fputs(text_of(answer, data).c_str(), stdout);
    }
    return answer.result.outcome == Outcome::ok ? 0 : k_not_ok;
}

int run(int argc, char** argv) {
    CLI::App app("For authors of agents: runs an action as a node does, here and now, without a node");
    app.set_version_flag("--version", std::string("hocket-agent ") + k_version);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 ok, 1 another outcome, 64 usage, 65 a description that cannot be used.");
    RunOptions options;
    CLI::App* const command = app.add_subcommand("run", "Run an action of the agent in a folder");
    command->add_option("FOLDER", options.folder, "The agent's folder")->required();
    command->add_option("ACTION", options.action, "The action")->required();
    command->add_option("INPUT", options.inputs, "name=value, as for `hocket rpc`");
    command->add_flag("--noop", options.noop, "Only say what would be done");
    command->add_option("-t,--timeout", options.timeout_s, "Seconds, instead of the description's");
    command->add_flag("--trace", options.trace,
                      "Show command, environment, stdin, what was printed where, limits");
    command->add_flag("--json", options.json, "One JSON object");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : k_usage;
    }
    return run_action(options);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocket-agent: %s\n", error.what());
        return 70;
    }
}
