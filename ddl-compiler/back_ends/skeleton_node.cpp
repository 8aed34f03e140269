#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// What cannot be a parameter, what the skeleton calls so, and what an action is likely to need.
const std::set<std::string_view> k_taken = {
    "Buffer",     "Failure",   "JSON",    "NaN",       "Object", "arguments",  "await",    "break",
    "case",       "catch",     "class",   "console",   "const",  "continue",   "debugger", "default",
    "delete",     "do",        "else",    "enum",      "eval",   "export",     "extends",  "false",
    "finally",    "for",       "fs",      "function",  "if",     "implements", "import",   "in",
    "instanceof", "interface", "let",     "module",    "new",    "noop",       "null",     "outputs",
    "package",    "private",   "process", "protected", "public", "require",    "return",   "static",
    "super",      "switch",    "this",    "throw",     "true",   "try",        "typeof",   "undefined",
    "var",        "void",      "while",   "with",      "yield"};

constexpr std::string_view k_program = R"js(#!/usr/bin/node
'use strict';

/*
 * The agent <<agent>>: <<description>>
 *
 * Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, and
 * the request, and returns members of the reply (spec/agent.md). What is printed is log.
 */

const fs = require('node:fs');

/** Ends an action with an error. The kind is a word for programs, the message a sentence for people. */
class Failure extends Error {
  constructor(kind, message, statuscode = 1) {
    super(message);
    this.kind = kind;
    this.statuscode = statuscode;
  }
}

const actions = {
<<actions>>
};

async function answer(request) {
  try {
    if (!Object.hasOwn(actions, request.action)) {
      throw new Failure('unknown_action', `unknown action '${request.action}'`, 2);
    }
    return { statuscode: 0, ...(await actions[request.action](request.inputs, request)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { statuscode: error.statuscode, error: { kind: `<<agent>>/${error.kind}`, message: error.message } };
  }
}

async function main() {
  const text = fs.readFileSync(0, 'utf8');
  if (text.trim() === '') {
    console.error('no request on standard input');
    process.exit(1);
  }
  const reply = await answer(JSON.parse(text));
  fs.writeFileSync(Number(process.env.HOCKET_REPLY_FD ?? 1), `${JSON.stringify(reply)}\n`);
}

main();
)js";

constexpr std::string_view k_action = R"js(  /**
<<about>>
   */
  async <<action>>(<<inputs>>) {
    const outputs = {<<outputs>>};
<<noop>>

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return { data: outputs, changed: false };
  },
)js";

constexpr std::string_view k_noop = R"js(    if (noop) {
      // Find out here what would be changed, and change nothing.
      return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' };
    })js";

/// An integer that a JavaScript number cannot hold is left to the node: it takes the default for null.
std::string node_number(const Json& value) {
    const bool is_exact = !value.is_number_integer() || is_protocol_integer(value);
    return is_exact ? dump_json(value) : "null";
}

StringForm node_string() {
    const StringForm::Quotes quotes{.begin = "'", .end = "'", .specials = "'\\"};
    return {.plain = quotes, .escaping = quotes, .escape = [](std::string_view utf8) {
                return "\\u" + hex_code_point(utf8, 4);
            }};
}

std::string key(const std::string& name) {
    if (name == "__proto__") return "['__proto__']";  // else it would be the prototype of the object
    return is_word(name) ? name : quote(name, node_string());
}

ValueForm node_form() {
    return {.string = node_string(),
            .null = "null",
            .yes = "true",
            .no = "false",
            .array = {"[", "]"},
            .object = {"{ ", " }"},
            .arrow = ": ",
            .key = key,
            .number = node_number};
}

std::string parameters(const ddl::Action& action) {
    Names names(k_taken);
    std::vector<std::string> inputs;
    for (const ddl::Input& input : action.inputs) {
        const std::string from = is_word(input.name) ? input.name : "'" + input.name + "'";
        const std::string name = names.take(is_word(input.name) ? input.name : "_" + input.name);
        inputs.push_back(name == from ? name : from + ": " + name);
    }
    const std::string whole = listed(inputs, {"    ", "  "});
    const std::string_view blank = whole.starts_with('\n') ? "" : " ";
    std::string first = inputs.empty() ? "" : join(std::vector<std::string>{"{", whole, "}"}, blank);
    if (!action.noop) return first;
    return (first.empty() ? "inputs" : first) + ", { noop }";
}

std::string node_action(const ddl::Action& action) {
    return fill(k_action, {{"about", replace_all(comment(lines_about(action), "   * "), "*/", "* /")},
                           {"action", key(action.name)},
                           {"inputs", parameters(action)},
                           {"outputs", outputs_inside(action, node_form(), {"      ", "    "})},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

}  // namespace

std::string node_skeleton(const ddl::Agent& agent) {
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", replace_all(one_line(agent.metadata.description), "*/", "* /")},
                            {"actions", each_action(agent, node_action)}});
}

}  // namespace hocket::ddl_compiler
