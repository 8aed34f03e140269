#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// Names of the skeleton, which a local variable would hide from its functions, and of bash.
const std::set<std::string_view> k_taken = {"action",  "auto_resume", "changed", "histchars",
                                            "message", "noop",        "outputs", "request"};

constexpr std::string_view k_program = R"sh(#!/bin/bash
# The agent <<agent>>: <<description>>
#
# Begun by hocketc: each action answers with empty values until you write its work. It sets the variables `outputs`
# (NAME=TEXT or NAME:=JSON, see hocket-json), `changed` and `message`. What is printed is log (spec/agent.md).
# shellcheck disable=SC2034,SC2317 # inputs are not used yet; actions are called by name
set -euo pipefail
[[ -v HOCKET_REPLY_FD ]] || exec 3>&1 1>&2 # by hand: the reply to standard output, all else to standard error

outputs=() changed=false message=OK

# get POINTER: prints what it names in the request, a string as it is, anything else as JSON; fails when there is nothing.
get() { hocket-json get "$1" <<<"$request"; }
<<input>>

# fail KIND MESSAGE [STATUSCODE]: ends the action with an error. The kind is a word for programs.
fail() {
    hocket-json object statuscode:="${3-1}" error:="$(hocket-json object kind="<<agent>>/$1" message="$2")" >&3
    exit 1
}

<<actions>>

command -v hocket-json >/dev/null || {
    echo "hocket-json is not in the PATH of agents, $PATH: link it there, or say where it is (search_path below [exec] in" \
        "runner.toml; hocket-agent --search-path)" >&2
    exit 1
}
request=$(cat)
[[ $request ]] || { echo 'no request on standard input' >&2; exit 1; }
<<setup>>
declare -F "action_$action" >/dev/null || fail unknown_action "unknown action '$action'" 2
"action_$action"
hocket-json object statuscode:=0 statusmsg="$message" changed:="$changed" \
    data:="$(hocket-json object "${outputs[@]}")" >&3
)sh";

// A command substitution drops line feeds at the end, hence the x.
constexpr std::string_view k_input = R"sh(
# input NAME VARIABLE: sets a variable to an input, each character of it; fails when it is absent.
input() {<<from_variable>>
    local _text _unescaped=${request//'\\'/}
    [[ $_unescaped != *'\u0000'* ]] || fail unreadable_input 'the request holds U+0000, which bash cannot keep'
    _text=$(get "/inputs/$1" && echo x) || return
    printf -v "$2" %s "${_text%$'\n'x}"
})sh";

constexpr std::string_view k_from_variable = R"sh(
    local _variable=HOCKET_INPUT_${1^^} # one that is long or sensitive has none, and by hand none has
    if [[ -v $_variable && ${1^^} != OMITTED ]]; then
        printf -v "$2" %s "${!_variable}"
        return
    fi)sh";

constexpr std::string_view k_action = R"sh(<<about>>
action_<<action>>() {
<<inputs>>
    outputs=(<<outputs>>)
<<noop>>

    # The work goes here. To report an error: fail not_found 'what is missing'
}
)sh";

constexpr std::string_view k_noop = R"sh(    if [[ $noop == true ]]; then
        # Find out here what would be changed, and change nothing.
        message='noop: nothing would be changed'
        return
    fi)sh";

std::string escaped_bytes(std::string_view utf8) {
    std::string escaped;
    for (; !utf8.empty(); utf8.remove_prefix(1))
        escaped += "\\x" + hex_code_point(utf8.substr(0, 1), 2);
    return escaped;
}

std::string shell_quoted(const std::string& text) {
    const StringForm::Quotes escaping{.begin = "$'", .end = "'", .specials = "'\\"};
    const StringForm::Quotes plain{.begin = "'", .end = "'", .specials = ""};
    const bool has_quote = text.find('\'') != std::string::npos;
    return quote(text,
                 {.plain = has_quote ? escaping : plain, .escaping = escaping, .escape = escaped_bytes});
}

/// NAME=TEXT; NAME:=JSON for what is no text, or one with U+0000, which no argument can hold.
std::string member(const ddl::Output& output) {
    const Json value = first_value(output);
    const bool is_text =
        value.is_string() && value.get_ref<const std::string&>().find('\0') == std::string::npos;
    const std::string begin = output.name + (is_text ? "=" : ":=");
    const std::string json = dump_json(value);
    const bool is_bare = value.is_number() || value.is_boolean();
    return (is_word(output.name) ? begin : shell_quoted(begin)) +
           (is_bare ? json : shell_quoted(is_text ? value.get<std::string>() : json));
}

std::string outputs(const ddl::Action& action) {
    std::string lines;
    for (const ddl::Output& output : action.outputs)
        lines += "\n        " + member(output);
    return lines.empty() ? "" : lines + "\n    ";
}

/// Upper case is for variables of bash and of the environment.
std::string variable_of(const ddl::Input& input, Names& names) {
    const bool is_plain =
        is_word(input.name) && input.name.front() != '_' && to_lower_ascii(input.name) == input.name;
    return names.take(is_plain ? input.name : "input_" + input.name);
}

/// On standby no input has one.
enum class Variables { some, none };

std::string inputs(const ddl::Action& action) {
    Names names(k_taken);
    std::string declared;
    std::string lines;
    for (const ddl::Input& input : action.inputs) {
        const std::string variable = variable_of(input, names);
        declared += " " + variable;
        lines += "\n    input " + input.name + " " + variable;
        if (!is_given(input)) lines += " || " + variable + "='' # absent";
    }
    return declared.empty() ? "" : "    local" + declared + lines;
}

std::string bash_action(const ddl::Action& action) {
    return fill(k_action, {{"about", comment(lines_about(action), "# ")},
                           {"action", action.name},
                           {"inputs", inputs(action)},
                           {"outputs", outputs(action)},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string setup(const ddl::Agent& agent, Variables variables) {
    const bool has_noop = std::ranges::any_of(agent.actions, &ddl::Action::noop);
    const bool is_told = variables == Variables::some;
    return std::string(is_told ? "action=${HOCKET_ACTION-$(get /action)}" : "action=$(get /action)") +
           (!has_noop ? ""
            : is_told ? "\nnoop=${HOCKET_NOOP-$(get /noop)} || noop=false"
                      : "\nnoop=$(get /noop) || noop=false");
}

std::string input_function(const ddl::Agent& agent, Variables variables) {
    const bool is_needed =
        std::ranges::any_of(agent.actions, [](const ddl::Action& action) { return !action.inputs.empty(); });
    const bool is_told = variables == Variables::some;
    if (!is_needed) return "";
    std::string function = fill(k_input, {{"from_variable", is_told ? std::string(k_from_variable) : ""}});
    function.pop_back();  // the end of its last line, which the program has
    return function;
}

}  // namespace

std::string bash_skeleton(const ddl::Agent& agent) {
    const Variables variables = agent.run.standby > 0 ? Variables::none : Variables::some;
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", one_line(agent.metadata.description)},
                            {"input", input_function(agent, variables)},
                            {"actions", each_action(agent, bash_action)},
                            {"setup", setup(agent, variables)}});
}

}  // namespace hocket::ddl_compiler
