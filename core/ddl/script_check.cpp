#include <algorithm>
#include <array>
#include <set>

#include "core/base/regex.h"
#include "core/base/text.h"
#include "core/ddl/argument_template.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

constexpr std::array<std::string_view, 2> k_words_of_a_call = {"action", "noop"};

using Names = std::vector<std::string>;

template <class Named>
Names names_of(const std::vector<Named>& all) {
    Names names;
    for (const Named& one : all)
        names.push_back(one.name);
    return names;
}

/// What an action's script may do with its inputs, and which outputs it can have.
class ScriptCheck {
public:
    ScriptCheck(const Fields& fields, const Fields* run_fields, const Action& action, Contract contract,
                Script script, ReadContext& context)
        : fields_(fields),
          run_fields_(run_fields),
          action_(action),
          contract_(contract),
          script_(std::move(script)),
          context_(context) {}

    void check_arguments() {
        check_command();
        check_standard_input();
    }
    void check_that_noop_is_told();
    void check_outputs();

private:
    void error(std::string_view key, const std::string& message, const std::string& hint = "") {
        context_.report.error(place_of(key), fields_.owner() + ": " + message, hint);
    }
    std::size_t place_of(std::string_view key) const {
        const std::size_t place = fields_.offset_of(key);
        if (place != fields_.offset() || run_fields_ == nullptr) return place;
        const std::size_t in_run = run_fields_->offset_of(key);
        return in_run == run_fields_->offset() ? place : in_run;
    }

    void check_command();
    void check_place(const ArgumentTemplate::Place& place);
    void check_word_of_a_call(const ArgumentTemplate::Place& place);
    void check_standard_input();
    void allow_outputs(const std::set<std::string>& possible, const std::string& what);
    void check_groups();

    const Fields& fields_;
    const Fields* const run_fields_;
    const Action& action_;
    const Contract contract_;
    const Script script_;
    ReadContext& context_;
};

void ScriptCheck::check_command() {
    std::vector<Error> errors;
    const ArgumentTemplate command = ArgumentTemplate::parse(script_.command, errors);
    for (const Error& wrong : errors)
        error("command", "'command': " + wrong.message);
    for (const ArgumentTemplate::Place& place : command.places())
        check_place(place);
}

void ScriptCheck::check_that_noop_is_told() {
    if (!action_.noop || action_.safety == Safety::read_only) return;
    if (!ArgumentTemplate::parse(script_.command) || is_told_of_noop(contract_, script_.command)) return;
    context_.report.warning(
        Warning::noop_not_told, fields_.offset_of("noop"),
        fields_.owner() +
            " declares noop, and its 'command' has no place such as {noop?--dry-run}: unless the "
            "program heeds HOCKET_NOOP it does the real thing");
}

void ScriptCheck::check_place(const ArgumentTemplate::Place& place) {
    const std::string where = "'command' has a place for '" + place.name + "', ";
    const Input* const input = action_.find_input(place.name);
    if (std::ranges::find(k_words_of_a_call, place.name) != k_words_of_a_call.end()) {
        if (input == nullptr) return check_word_of_a_call(place);
        return error("command", where + "which is a word of the call and also an input; rename the input");
    }
    if (input == nullptr) {
        return error("command", where + "which is not an input",
                     did_you_mean(place.name, names_of(action_.inputs)));
    }
    if (input->sensitive) {
        error("command",
              where + "which is sensitive: everybody on the node can read the arguments of a process",
              "give it on stdin");
    }
    if (place.use == ArgumentTemplate::Use::flag && input->type != Type::boolean) {
        error("command", where + "with a '?', which is for booleans; it is of type " +
                             std::string(to_string(input->type)));
    }
    if (place.use == ArgumentTemplate::Use::items && input->type != Type::array) {
        error("command", where + "with '...', which is for arrays; it is of type " +
                             std::string(to_string(input->type)));
    }
}

void ScriptCheck::check_word_of_a_call(const ArgumentTemplate::Place& place) {
    const bool is_noop = place.name == "noop";
    const auto use = is_noop ? ArgumentTemplate::Use::flag : ArgumentTemplate::Use::text;
    if (is_noop && !action_.noop) {
        error("command", "'command' has a place for 'noop', which is for actions that declare noop");
    } else if (place.use != use) {
        error("command",
              is_noop ? "'command' has a place for 'noop' that is no flag: noop is true or false"
                      : "'command' has a place for 'action' with '?' or '...', and it is one word",
              is_noop ? "write {noop?--dry-run}" : "write {action}");
    }
}

void ScriptCheck::check_standard_input() {
    const std::string& text = script_.standard_input;
    if (text.empty() || text == k_stdin_json) return;
    const bool is_place = text.size() > 2 && text.front() == '{' && text.back() == '}';
    const std::string name = is_place ? text.substr(1, text.size() - 2) : "";
    if (!is_place) return error("stdin", "'stdin' is 'json' or the place of one input, such as '{content}'");
    if (action_.find_input(name) != nullptr) return;
    error("stdin", "'stdin' is the place of '" + name + "', which is not an input",
          did_you_mean(name, names_of(action_.inputs)));
}

void ScriptCheck::check_outputs() {
    const bool is_regex = script_.result == ResultFormat::regex;
    if (is_regex && script_.pattern.empty()) return error("result", "the result 'regex' needs a 'pattern'");
    if (!is_regex && !action_.script.pattern.empty()) error("pattern", "'pattern' is for the result 'regex'");
    switch (*script_.result) {
        case ResultFormat::text:
            return allow_outputs({"stdout", "stderr", "exitcode"},
                                 "the result 'text' has stdout, stderr and exitcode");
        case ResultFormat::lines:
            return allow_outputs({"lines", "stderr", "exitcode"},
                                 "the result 'lines' has lines, stderr and exitcode");
        case ResultFormat::json: return;
        case ResultFormat::regex: return check_groups();
    }
}

void ScriptCheck::allow_outputs(const std::set<std::string>& possible, const std::string& what) {
    for (const Output& output : action_.outputs) {
        if (possible.contains(output.name)) continue;
        error("output", "nothing gives the output '" + output.name + "': " + what,
              did_you_mean(output.name, {possible.begin(), possible.end()}));
    }
}

void ScriptCheck::check_groups() {
    const Result<Regex> pattern = Regex::compile(script_.pattern);
    if (!pattern) return error("pattern", "'pattern': " + pattern.error().message);
    const Names groups = pattern->group_names();
    if (groups.empty()) error("pattern", "'pattern' has no named group, such as (?P<used>[0-9]+)");
    for (const std::string& group : groups) {
        if (action_.find_output(group) == nullptr) {
            error("pattern", "the group '" + group + "' is not an output",
                  did_you_mean(group, names_of(action_.outputs)));
        }
    }
    if (groups.empty()) return;
    allow_outputs({groups.begin(), groups.end()}, "the groups of 'pattern' are " + join(groups, ", "));
}

}  // namespace

void check_script(const Fields& fields, const Action& action, const Run& run, ReadContext& context,
                  const Fields* run_fields) {
    Agent agent;
    agent.run = run;
    ScriptCheck check(fields, run_fields, action, run.contract, agent.script_of(action), context);
    check.check_arguments();
    if (run.contract == Contract::script) check.check_outputs();
    check.check_that_noop_is_told();
}

bool is_told_of_noop(Contract contract, const std::vector<std::string>& command) {
    // Bolt has a parameter for it, and the others have it in the request.
    if (contract != Contract::script && contract != Contract::nagios) return true;
    const Result<ArgumentTemplate> argv = ArgumentTemplate::parse(command);
    return argv &&
           std::ranges::any_of(argv->places(), [](const auto& place) { return place.name == "noop"; });
}

}  // namespace hocket::ddl
