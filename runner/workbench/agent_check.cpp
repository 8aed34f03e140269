#include "runner/workbench/agent_check.h"

#include <algorithm>
#include <cstdio>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/run_reader.h"
#include "runner/execution/agent_process.h"
#include "runner/workbench/answer_text.h"

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

/// Why an action is run only when it is named; empty: it can do no harm.
std::string why_not_tried(const ddl::Agent& agent, const ddl::Action& action) {
    if (action.safety == ddl::Safety::read_only) return {};
    if (action.safety == ddl::Safety::destructive) return "it is destructive";
    if (!action.noop) return "it changes something and declares no noop";
    if (ddl::is_told_of_noop(agent.run.contract, agent.script_of(action).command)) return {};
    return "it is not told of noop, as its command has no place such as {noop?--dry-run}";
}

/// A Puppet type may restrict a text, and `String` does not.
bool is_free(const ddl::Input& input) {
    return input.type == ddl::Type::string && input.validation.text().empty() &&
           input.puppet_type.accepts("a b\n; $(c)");
}

std::string last_line_of(const std::string& text) {
    return escape_text(split(trim(text), '\n').back());
}

/// Of a script: without lines that are nothing else.
std::string without_comments(const std::string& program) {
    std::string code;
    for (const std::string& line : split(program, '\n')) {
        const std::string_view text = trim(line);
        if (!text.starts_with('#') && !text.starts_with("//")) code += line + '\n';
    }
    return code;
}

/// Whether a script has a place with that variable, or that beginning of one, where nothing stands for it when it is not set. Of a
/// name that is put together nobody can tell.
bool needs(const std::string& code, std::string_view name) {
    for (std::size_t at = code.find(name); at != std::string::npos; at = code.find(name, at + 1)) {
        const std::string_view before = std::string_view(code).substr(0, at);
        std::string_view after = std::string_view(code).substr(at + name.size());
        after.remove_prefix(
            std::min(after.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"), after.size()));
        const bool is_in_braces = before.ends_with("${");
        after.remove_prefix(is_in_braces && after.starts_with(':') ? 1 : 0);
        const bool is_guarded =
            (is_in_braces && (after.starts_with('-') || after.starts_with('+'))) || before.ends_with("-v ");
        if (!is_guarded && !after.starts_with("${")) return true;
    }
    return false;
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
    const FolderStamp before = own_folder();
    check_description();
    try_actions();
    check_start();
    judge_folder(before);
}

void AgentCheck::run(const Question& question) {
    check_description();
    const ddl::Action* const action = ddl().find(question.action);
    if (action == nullptr) {
        std::vector<std::string> names;
        for (const ddl::Action& one : ddl().actions)
            names.push_back(one.name);
        return tell(Level::error, "there is no action " + quote_bytes(question.action) +
                                      "; there are: " + join(names, ", "));
    }
    const FolderStamp before = own_folder();
    try_action(*action, question);
    check_start();
    judge_folder(before);
}

FolderStamp AgentCheck::own_folder() const {
    return {{bench_.agent().folder}, FolderStamp::Depth::itself};
}

void AgentCheck::judge_folder(const FolderStamp& before) {
    for (const std::string& path : own_folder().changed_since(before)) {
        tell(Level::warning, "while it ran, " + escape_text(path) +
                                 " changed: an agent must not write into its own folder, since a node then "
                                 "loads agents anew and replaces workers and processes on standby");
    }
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
            if (is_free(input))
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
        const std::string why = why_not_tried(ddl(), action);
        if (!why.empty()) {
            tell_not_run(action, why);
        } else if (!required.empty()) {
            tell_not_run(action, "it needs " + join(required, ", "));
        } else {
            try_action(action, {.action = action.name});
        }
    }
}

void AgentCheck::tell_not_run(const ddl::Action& action, const std::string& why) {
    const bool is_told = ddl::is_told_of_noop(ddl().run.contract, ddl().script_of(action).command);
    const bool is_real = action.safety != ddl::Safety::read_only && !(action.noop && is_told);
    std::string command = "hocket-agent check " + bench_.agent().folder.string() + ' ' + action.name;
    for (const std::string& name : required_inputs(action))
        command += ' ' + name + "=…";
    tell(Level::note, action.name + " was not run: " + why + "; to run it" +
                          (is_real ? ", which does the real thing: " : ": ") + command);
}

void AgentCheck::try_action(const ddl::Action& action, Question question) {
    if (action.safety != ddl::Safety::read_only && action.noop) question.noop = true;
    const Answer answer = bench_.ask(question);
    judge_answer(action, answer);
    if (answer.trace.ended) judge_process(action.name, *answer.trace.ended);
    if (ddl().run.contract == ddl::Contract::worker) judge_noise(action.name, answer.trace);
    const bool may_be_repeated = action.safety == ddl::Safety::read_only || question.noop;
    if (answer.result.outcome == Outcome::ok && may_be_repeated) good_ = question;
}

void AgentCheck::judge_answer(const ddl::Action& action, const Answer& answer) {
    const execution::AgentResult& result = answer.result;
    const std::string how = action.name + " answered " + std::string(to_string(result.outcome)) + " in " +
                            milliseconds_text(answer.took);
    const std::string why = how + ": " + reason_text(result);
    const bool is_unknown = result.error && result.error->kind.ends_with("/unknown_action");
    if (result.outcome == Outcome::ok) {
        tell(Level::good, how);
        judge_outputs(action, answer);
    } else if (is_unknown) {
        tell(Level::error, why + "; the description has it, the program has not");
    } else if (result.outcome == Outcome::failed) {
        tell(Level::warning, why);
    } else {
        return tell(Level::error,
                    why + (result.stderr_tail ? "; stderr: " + last_line_of(*result.stderr_tail) : ""));
    }
    const bool is_slow = answer.took > milliseconds(std::chrono::seconds(ddl().timeout_s(action))) / 2;
    if (is_slow) tell(Level::warning, action.name + " took more than half of its timeout");
    judge_claims(action, result);
}

/// A task can neither say `changed`, nor are the kinds of its errors ours.
void AgentCheck::judge_claims(const ddl::Action& action, const execution::AgentResult& result) {
    if (ddl().run.contract == ddl::Contract::bolt) return;
    const bool may_change = action.safety != ddl::Safety::read_only;
    if (result.outcome == Outcome::ok && may_change && !result.changed) {
        tell(Level::warning,
             action.name + " may change something, and does not say whether it did: `changed`");
    }
    if (result.changed == true && !may_change) {
        tell(Level::warning, action.name + " is read_only and says that it changed something");
    }
    const std::string prefix = ddl().metadata.name + "/";
    if (!result.error) return;
    const std::string& kind = result.error->kind;
    if (kind.starts_with(prefix) && is_action_name(kind.substr(prefix.size()))) return;
    tell(Level::warning, action.name + ": the kind of its error is '" + escape_text(kind) +
                             "'; programs expect " + prefix + "WORD, in lower case letters, digits and _");
}

void AgentCheck::judge_outputs(const ddl::Action& action, const Answer& answer) {
    const Json& data = answer.result.data;
    for (const auto& [name, value] : data.items()) {
        const std::string why = why_undeclared(action, name);
        if (why.empty()) continue;
        tell(Level::warning, action.name + ": '" + escape_text(name) + "' is " + why +
                                 " (callers see it, without a type, a title and aggregates)");
    }
    for (const std::string& name : outputs_beside_data(action, answer.trace)) {
        tell(Level::warning,
             action.name + ": '" + name +
                 "' stands beside `data` in the reply, where nobody reads it; outputs stand in `data`");
    }
    std::vector<std::string> declared;
    for (const ddl::Output& output : action.outputs)
        declared.push_back(output.name);
    if (!declared.empty() &&
        std::ranges::none_of(declared, [&](const auto& name) { return data.contains(name); })) {
        tell(Level::warning, action.name + " gave none of its outputs: " + join(declared, ", "));
    }
}

void AgentCheck::judge_process(const std::string& action, const process::Ended& ended) {
    const bool was_ended =
        std::holds_alternative<process::TimedOut>(ended.end);  // with all that it had started
    if (ended.killed_orphans > 0 && !was_ended) {
        const bool may_keep = ddl().run.contract != ddl::Contract::worker;
        tell(Level::warning, action + " left " + std::to_string(ended.killed_orphans) +
                                 " process(es) behind, which were killed; wait for them" +
                                 (may_keep ? ", or say `orphans: keep`" : ""));
    }
    const bool prints_reply =
        ddl().run.contract == ddl::Contract::json && !ended.reply_used && !ended.output.empty();
    if (prints_reply) {
        tell(Level::note,
             action +
                 " replies on standard output, where anything that a command prints breaks the reply; "
                 "descriptor 3 is for the reply alone");
    }
    if (ended.reply_used) tell_of_log(action, ended.output.size());
}

void AgentCheck::judge_noise(const std::string& action, const Trace& trace) {
    const auto printed = trace.printed.find(process::Channel::output);
    if (printed != trace.printed.end()) tell_of_log(action, printed->second.size());
}

void AgentCheck::tell_of_log(const std::string& action, std::size_t bytes) {
    if (bytes == 0) return;
    tell(Level::note, action + " prints " + std::to_string(bytes) +
                          " bytes on standard output, which is log beside its reply on descriptor 3");
}

// ---- its start -------------------------------------------------------------------------------------------------------

void AgentCheck::check_start() {
    const bool may_wait =
        ddl().run.contract == ddl::Contract::json || ddl().run.contract == ddl::Contract::worker;
    if (!may_wait) return;
    check_variables();
    if (ddl().run.contract == ddl::Contract::worker) {
        check_worker();
        return check_end_of_worker();
    }
    const bool is_harmless = std::ranges::all_of(
        ddl().actions, [this](const ddl::Action& action) { return why_not_tried(ddl(), action).empty(); });
    if (ddl().run.standby == 0 && !is_harmless) {
        return tell(
            Level::note,
            "its start was not measured: one that does not wait for its request might change something; "
            "with `standby` in its description it is started so");
    }
    Ahead ahead = bench_.start_ahead();
    if (ahead.sign.empty() && ahead.took > k_slow_start) {  // caches may have been cold, or the machine busy
        const Ahead again = bench_.start_ahead();
        if (again.sign.empty() && again.took < ahead.took) ahead = again;
    }
    if (ahead.failure) return tell(Level::error, "its start was not measured: " + ahead.failure->message);
    if (ahead.sign.empty()) return recommend(ahead);
    const bool is_wanted = ddl().run.standby > 0;
    tell(is_wanted ? Level::error : Level::note,
         "it cannot be on standby: it does not wait for the end of its input (without a request it " +
             ahead.sign + ")");
}

/// Under these two it would take what is not there for what was not asked.
void AgentCheck::check_variables() {
    const bool has_none = ddl().run.standby > 0 || ddl().run.contract == ddl::Contract::worker;
    const Result<std::string> program = read_file(bench_.agent().executable, k_max_program_bytes);
    if (!has_none || !program || !program->starts_with("#!")) return;
    const std::string code = without_comments(*program);
    for (const char* name : {"HOCKET_NOOP", "HOCKET_ACTION", "HOCKET_INPUT_"}) {
        if (!needs(code, name)) continue;
        tell(Level::warning, std::string("it mentions ") + name +
                                 ", which is not set on standby and for a worker: there it must take that "
                                 "from standard input");
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
                                      reason_text(warm.result));
    }
    const std::size_t bytes = bench_.worker_bytes();
    tell(Level::good,
         "a warm call takes " + milliseconds_text(warm.took) + "; the worker has " + mebibytes_text(bytes));
    if (bytes > static_cast<std::size_t>(ddl().run.worker.memory_bytes)) {
        tell(Level::warning, "that is more than worker.memory: it is replaced after each request");
    }
}

void AgentCheck::check_end_of_worker() {
    const std::optional<process::Ended> ended = bench_.end_workers();
    if (!ended || ended->killed_orphans == 0) return;
    tell(Level::warning,
         "the worker left " + std::to_string(ended->killed_orphans) +
             " process(es) behind, which live as long as it does and are killed then; wait for them");
}

void AgentCheck::recommend(const Ahead& ahead) {
    tell(Level::good, "it reads its request after " + milliseconds_text(ahead.took) + " (" +
                          milliseconds_text(ahead.processor) + " of processor time), and waits with " +
                          mebibytes_text(ahead.bytes));
    if (ahead.took > k_slow_start && ddl().run.standby > 0) {
        tell(Level::note,
             "it starts slowly: a call pays for that when no process is ready, after a start, a save or "
             "many calls at once");
    } else if (ahead.took > k_slow_start) {
        tell(Level::warning, "it starts slowly: every call pays for that");
    }
    if (ahead.took < k_start_that_pays) {
        return tell(Level::note, "neither `standby` nor `worker` would pay: it starts at once");
    }
    if (ddl().run.standby > 0) return;
    tell(Level::note,
         "`standby: 2` would take about " + milliseconds_text(ahead.took) + " off a call, for up to " +
             mebibytes_text(2 * ahead.bytes) +
             " of memory; so would `contract: worker`, with one process for all, of a program that "
             "answers line by line, as those with a helper library do");
}

}  // namespace hocket::workbench
