#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// What cannot be the name of a parameter beside `request` and `others`.
const std::set<std::string_view> k_taken = {
    "False",  "None",    "True",     "__debug__", "and",    "as",     "assert",  "async",
    "await",  "break",   "class",    "continue",  "def",    "del",    "elif",    "else",
    "except", "finally", "for",      "from",      "global", "if",     "import",  "in",
    "is",     "lambda",  "nonlocal", "not",       "or",     "others", "outputs", "pass",
    "raise",  "request", "return",   "try",       "while",  "with",   "yield"};

/// Line 2 is no comment: a description there could name an encoding.
constexpr std::string_view k_program = R"py(#!/usr/bin/python3 -I
"""The agent <<agent>>: <<description>>

Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, as
keyword arguments, and returns members of the reply (spec/agent.md). What is printed is log.
"""

import json
import os
import sys


class Failure(Exception):
    """Ends an action with an error. The kind is a word for programs, the message a sentence for people."""

    def __init__(self, kind, message, statuscode=1):
        super().__init__(message)
        self.kind, self.statuscode = kind, statuscode


<<actions>>


ACTIONS = {<<table>>}


def answer(request):
    try:
        if request["action"] not in ACTIONS:
            raise Failure("unknown_action", f"unknown action '{request['action']}'", statuscode=2)
        action = ACTIONS[request["action"]]
        return {"statuscode": 0, **action(request, **request["inputs"])}
    except Failure as failure:
        error = {"kind": f"<<agent>>/{failure.kind}", "message": str(failure)}
        return {"statuscode": failure.statuscode, "error": error}


def main():
    text = sys.stdin.buffer.read()
    if not text.strip():
        sys.exit("no request on standard input")
    reply = json.dumps(answer(json.loads(text)), ensure_ascii=False, allow_nan=False)
    with open(int(os.environ.get("HOCKET_REPLY_FD", "1")), "wb") as channel:
        channel.write(reply.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main()
)py";

constexpr std::string_view k_action = R"py(def action_<<action>>(<<parameters>>):
    """<<about>>"""
<<others>>
    outputs = {<<outputs>>}
<<noop>>

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}
)py";

constexpr std::string_view k_noop = R"py(    if request.get("noop"):
        # Find out here what would be changed, and change nothing.
        return {"data": outputs, "changed": False, "statusmsg": "noop: nothing would be changed"})py";

ValueForm python_form() {
    const StringForm::Quotes quotes{.begin = "\"", .end = "\"", .specials = "\"\\"};
    const StringForm string{.plain = quotes, .escaping = quotes, .escape = [](std::string_view utf8) {
                                return "\\u" + hex_code_point(utf8, 4);
                            }};
    return {.string = string,
            .null = "None",
            .yes = "True",
            .no = "False",
            .array = {"[", "]"},
            .object = {"{", "}"},
            .arrow = ": ",
            .key = [string](const std::string& key) { return quote(key, string); }};
}

bool is_parameter(const ddl::Input& input) {
    return is_word(input.name) && !k_taken.contains(input.name);
}

/// `request` by position alone when an input is called so too.
std::string parameters(const ddl::Action& action) {
    std::vector<std::string> words = {"request"};
    std::vector<std::string> named;
    for (const ddl::Input& input : action.inputs) {
        if (is_parameter(input)) named.push_back(input.name + (is_given(input) ? "" : "=None"));
    }
    if (action.find_input("request") != nullptr) words.emplace_back("/");
    if (!named.empty()) words.emplace_back("*");
    words.insert(words.end(), named.begin(), named.end());
    if (named.size() < action.inputs.size()) words.emplace_back("**others");
    return listed(words, {"    ", ""});
}

/// How to get at inputs whose names Python has taken.
std::string others(const ddl::Action& action) {
    std::vector<std::string> words;
    for (const ddl::Input& input : action.inputs) {
        if (is_parameter(input)) continue;
        const std::string name = "\"" + input.name + "\"";
        words.push_back(is_given(input) ? "others[" + name + "]" : "others.get(" + name + ")");
    }
    return words.empty() ? "" : "    # Names that Python has taken: " + join(words, ", ");
}

/// The inside of a docstring, which ends on its own line unless it is short and without a quote at its end.
std::string docstring(const std::string& text) {
    const std::string safe = replace_all(replace_all(text, "\\", "\\\\"), "\"\"\"", "\\\"\\\"\\\"");
    const bool is_closed_below = safe.find('\n') != std::string::npos || safe.ends_with('"');
    return safe + (is_closed_below ? "\n    " : "");
}

std::string python_action(const ddl::Action& action) {
    return fill(k_action, {{"action", action.name},
                           {"parameters", parameters(action)},
                           {"about", docstring(comment(lines_about(action), "    ").substr(4))},
                           {"others", others(action)},
                           {"outputs", outputs_inside(action, python_form(), {"        ", "    "})},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string table(const ddl::Agent& agent) {
    std::string lines;
    for (const ddl::Action& action : agent.actions)
        lines += "\n    \"" + action.name + "\": action_" + action.name + ",";
    return lines.empty() ? "" : lines + "\n";
}

}  // namespace

std::string python_skeleton(const ddl::Agent& agent) {
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", docstring(one_line(agent.metadata.description))},
                            {"actions", each_action(agent, python_action, "\n\n")},
                            {"table", table(agent)}});
}

}  // namespace hocket::ddl_compiler
