#include "runner/workbench/agent_check.h"

#include <algorithm>
#include <cstdio>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "runner/execution/agent_process.h"

namespace hocket::workbench {

namespace {

using Level = Finding::Level;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds k_slow_start{250};
constexpr microseconds k_start_that_pays{4000};  ///< below it neither standby nor worker is worth its memory
constexpr std::size_t k_max_program_bytes = 1U << 20U;

std::string milliseconds_text(microseconds span) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(span.count()) / 1000);
    return text;
}

std::string mebibytes_text(std::size_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / (1U << 20U));
    return text;
}

bool can_be_tried(const ddl::Action& action) {
    return action.safety == ddl::Safety::read_only || action.noop;
}

std::string last_line_of(const std::string& text) {
    return escape_text(split(trim(text), '\n').back());
}

std::vector<std::string> required_inputs(const ddl::Action& action) {
    std::vector<std::string> names;
    for (const ddl::Input& input : action.inputs) {
        if (input.is_required()) names.push_back(input.name);
    }
    return names;
}

}  // namespace

void AgentCheck::run() {
    check_description();
    try_actions();
    check_start();
}

void AgentCheck::run(const Question& question) {
    check_description();
    const ddl::Action* const action = ddl().find(question.action);
    if (action == nullptr) return tell(Level::error, "there is no action '" + question.action + "'");
    try_action(*action, question);
    check_start();
}

void AgentCheck::tell(Level level, const std::string& text) {
    has_errors_ = has_errors_ || level == Level::error;
    found_({level, text});
}

// ---- the description -------------------------------------------------------------------------------------------------

void AgentCheck::check_description() {
    tell(Level::good, bench_.agent().ddl.file + ": " + std::to_string(ddl().actions.size()) +
                          " action(s), contract " + std::string(to_string(ddl().run.contract)));
    for (const std::string& warning : bench_.warnings())
        tell(Level::warning, warning);
    for (const ddl::Action& action : ddl().actions) {
        for (const ddl::Input& input : action.inputs) {
            const bool is_free = input.type == ddl::Type::string && input.validation.text().empty();
            if (is_free)
                tell(Level::warning, action.name + ": the input '" + input.name +
                                         "' has no validation: any text reaches the program");
        }
        if (action.safety == ddl::Safety::destructive && !action.noop) {
            tell(Level::note,
                 action.name + " is destructive and has no noop: nobody can ask what it would do");
        }
    }
}

// ---- dry runs --------------------------------------------------------------------------------------------------------

void AgentCheck::try_actions() {
    for (const ddl::Action& action : ddl().actions) {
        const std::vector<std::string> required = required_inputs(action);
        if (!can_be_tried(action)) {
            tell(Level::note,
                 action.name + " was not run: it changes something and declares no noop; name it to run it");
        } else if (!required.empty()) {
            tell(Level::note, action.name + " was not run: it needs " + join(required, ", ") +
                                  "; try: hocket-agent check " + bench_.agent().folder.string() + ' ' +
                                  action.name + ' ' + required.front() + "=…");
        } else {
            try_action(action, {.action = action.name});
        }
    }
}

void AgentCheck::try_action(const ddl::Action& action, Question question) {
    if (action.safety != ddl::Safety::read_only && action.noop) question.noop = true;
    const Answer answer = bench_.ask(question);
    judge_answer(action, answer);
    if (answer.trace.ended) judge_process(action.name, *answer.trace.ended);
    const bool may_be_repeated = action.safety == ddl::Safety::read_only || question.noop;
    if (answer.result.outcome == Outcome::ok && may_be_repeated) good_ = question;
}

void AgentCheck::judge_answer(const ddl::Action& action, const Answer& answer) {
    const execution::AgentResult& result = answer.result;
    const std::string how = action.name + " answered " + std::string(to_string(result.outcome)) + " in " +
                            milliseconds_text(answer.took);
    const std::string why = how + ": " + escape_text(result.statusmsg);
    const bool is_unknown = result.error && result.error->kind.ends_with("/unknown_action");
    if (result.outcome == Outcome::ok) {
        tell(Level::good, how);
        judge_outputs(action, result.data);
    } else if (is_unknown) {
        tell(Level::error, why + "; the description has it, the program has not");
    } else if (result.outcome == Outcome::failed) {
        tell(Level::warning, why);
    } else {
        return tell(Level::error,
                    why + (result.stderr_tail ? "; stderr: " + last_line_of(*result.stderr_tail) : ""));
    }
    const bool is_slow = answer.took > std::chrono::seconds(ddl().timeout_s(action)) / 2;
    if (is_slow) tell(Level::warning, action.name + " took more than half of its timeout");
    const bool may_change = action.safety != ddl::Safety::read_only;
    if (result.outcome == Outcome::ok && may_change && !result.changed) {
        tell(Level::warning,
             action.name + " may change something, and does not say whether it did: `changed`");
    }
    if (result.changed == true && action.safety == ddl::Safety::read_only) {
        tell(Level::warning, action.name + " is read_only and says that it changed something");
    }
    const std::string prefix = ddl().metadata.name + "/";
    if (result.error && !result.error->kind.starts_with(prefix)) {
        tell(Level::warning, action.name + ": the kind of its error is '" + escape_text(result.error->kind) +
                                 "'; programs expect " + prefix + "WORD");
    }
}

void AgentCheck::judge_outputs(const ddl::Action& action, const Json& data) {
    std::vector<std::string> declared;
    for (const ddl::Output& output : action.outputs)
        declared.push_back(output.name);
    for (const auto& [name, value] : data.items()) {
        if (action.find_output(name) != nullptr) continue;
        const std::string hint = ddl::did_you_mean(name, declared);
        tell(Level::warning, action.name + ": '" + escape_text(name) +
                                 "' is not declared as an output, so nobody sees it" +
                                 (hint.empty() ? "" : "; " + hint));
    }
    if (!declared.empty() &&
        std::ranges::none_of(declared, [&](const auto& name) { return data.contains(name); })) {
        tell(Level::warning, action.name + " gave none of its outputs: " + join(declared, ", "));
    }
}

void AgentCheck::judge_process(const std::string& action, const process::Ended& ended) {
    if (ended.killed_orphans > 0) {
        tell(Level::warning,
             action + " left " + std::to_string(ended.killed_orphans) +
                 " process(es) behind, which were killed; wait for them, or say `orphans: keep`");
    }
    const bool prints_reply =
        ddl().run.contract == ddl::Contract::json && !ended.reply_used && !ended.output.empty();
    if (prints_reply) {
        tell(Level::note,
             action +
                 " replies on standard output, where anything that a command prints breaks the reply; "
                 "descriptor 3 is for the reply alone");
    }
    if (ended.reply_used && !ended.output.empty()) {
        tell(Level::note, action + " prints " + std::to_string(ended.output.size()) +
                              " bytes on standard output, which is log beside its reply on descriptor 3");
    }
}

// ---- its start -------------------------------------------------------------------------------------------------------

void AgentCheck::check_start() {
    const bool may_wait =
        ddl().run.contract == ddl::Contract::json || ddl().run.contract == ddl::Contract::worker;
    if (!may_wait) return;
    check_variables();
    if (ddl().run.contract == ddl::Contract::worker) return check_worker();
    if (std::ranges::none_of(ddl().actions, can_be_tried)) {
        return tell(
            Level::note,
            "its start was not measured: one that does not wait for its request might change something");
    }
    const Ahead ahead = bench_.start_ahead();
    if (ahead.sign.empty()) return recommend(ahead);
    const bool is_wanted = ddl().run.standby > 0;
    tell(is_wanted ? Level::error : Level::note,
         "it cannot be on standby: it does not wait for the end of its input (it " + ahead.sign + ")");
}

/// Under these two it would take what is not there for what was not asked.
void AgentCheck::check_variables() {
    const bool has_none = ddl().run.standby > 0 || ddl().run.contract == ddl::Contract::worker;
    const Result<std::string> program = read_file(bench_.agent().executable, k_max_program_bytes);
    if (!has_none || !program || !program->starts_with("#!")) return;
    for (const char* name : {"HOCKET_NOOP", "HOCKET_ACTION", "HOCKET_INPUT_"}) {
        if (program->find(name) == std::string::npos) continue;
        tell(Level::error,
             std::string("it mentions ") + name +
                 ", which is not set on standby and for a worker: it must take all from standard input");
    }
}

void AgentCheck::check_worker() {
    if (!good_)
        return tell(Level::note,
                    "a warm call was not measured: no action that changes nothing was answered with ok");
    const Answer warm = bench_.ask(*good_);
    if (warm.result.outcome != Outcome::ok) {
        return tell(Level::error, "a second request to the worker was answered " +
                                      std::string(to_string(warm.result.outcome)) + ": " +
                                      escape_text(warm.result.statusmsg));
    }
    const std::size_t bytes = bench_.worker_bytes();
    tell(Level::good,
         "a warm call takes " + milliseconds_text(warm.took) + "; the worker has " + mebibytes_text(bytes));
    if (bytes > static_cast<std::size_t>(ddl().run.worker.memory_bytes)) {
        tell(Level::warning, "that is more than worker.memory: it is replaced after each request");
    }
}

void AgentCheck::recommend(const Ahead& ahead) {
    tell(Level::good, "it is ready for its request after " + milliseconds_text(ahead.took) +
                          " of processor time, and waits with " + mebibytes_text(ahead.bytes));
    if (ahead.took > k_slow_start) tell(Level::warning, "it starts slowly: every call pays for that");
    if (ahead.took < k_start_that_pays) {
        return tell(Level::note, "neither `standby` nor `worker` would pay: it starts at once");
    }
    if (ddl().run.standby > 0) return;
    tell(Level::note, "`standby: 2` would take about " + milliseconds_text(ahead.took) +
                          " off a call, for up to " + mebibytes_text(2 * ahead.bytes) +
                          " of memory; `contract: worker` the same and more, with one process for all");
}

}  // namespace hocket::workbench
