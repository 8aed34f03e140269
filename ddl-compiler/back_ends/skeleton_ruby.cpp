#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// What cannot be read as a variable, and the other parameters.
const std::set<std::string_view> k_taken = {
    "__ENCODING__", "__FILE__", "__LINE__", "alias", "and",    "begin", "break",  "case",   "class",
    "def",          "defined",  "do",       "else",  "elsif",  "end",   "ensure", "false",  "for",
    "if",           "in",       "module",   "next",  "nil",    "not",   "or",     "others", "outputs",
    "redo",         "request",  "rescue",   "retry", "return", "self",  "super",  "then",   "true",
    "undef",        "unless",   "until",    "when",  "while",  "yield", "_1",     "_2",     "_3",
    "_4",           "_5",       "_6",       "_7",    "_8",     "_9"};

/// Line 2 is no text of the description, which could name an encoding there.
constexpr std::string_view k_program = R"rb(#!/usr/bin/ruby
# frozen_string_literal: true

# The agent <<agent>>: <<description>>
#
# Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, as
# keyword arguments, and returns members of the reply (spec/agent.md). What is printed is log.

require 'json'

# Ends an action with an error. The kind is a word for programs, the message a sentence for people.
class Failure < StandardError
  attr_reader :kind, :statuscode

  def initialize(kind, message, statuscode: 1)
    super(message)
    @kind = kind
    @statuscode = statuscode
  end
end

<<actions>>

ACTIONS = %w[<<table>>].freeze

def answer(request)
  action = request[:action]
  raise Failure.new('unknown_action', "unknown action '#{action}'", statuscode: 2) unless ACTIONS.include?(action)

  { statuscode: 0, **send("action_#{action}", request, **request[:inputs]) }
rescue Failure => e
  { statuscode: e.statuscode, error: { kind: "<<agent>>/#{e.kind}", message: e.message } }
end

text = $stdin.binmode.read
abort 'no request on standard input' if text.strip.empty?

reply = answer(JSON.parse(text, symbolize_names: true))
IO.open(Integer(ENV.fetch('HOCKET_REPLY_FD', '1')), 'w') { |channel| channel.puts JSON.generate(reply) }
)rb";

constexpr std::string_view k_action = R"rb(<<about>>
def action_<<action>>(<<parameters>>)
<<others>>
  outputs = {<<outputs>>}
<<noop>>

  # The work goes here. To report an error: raise Failure.new('not_found', 'what is missing')
  { data: outputs, changed: false }
end
)rb";

constexpr std::string_view k_noop = R"rb(  if request[:noop]
    # Find out here what would be changed, and change nothing.
    return { data: outputs, changed: false, statusmsg: 'noop: nothing would be changed' }
  end)rb";

ValueForm ruby_form() {
    const StringForm string{
        .plain = {"'", "'", "'\\"}, .escaping = {"\"", "\"", "\"\\#"}, .escape = [](std::string_view utf8) {
            return "\\u{" + hex_code_point(utf8, 2) + "}";
        }};
    const auto key = [string](const std::string& name) {
        return (is_word(name) ? name : quote(name, string)) + ":";
    };
    return {.string = string,
            .null = "nil",
            .yes = "true",
            .no = "false",
            .array = {"[", "]"},
            .object = {"{ ", " }"},
            .arrow = " ",
            .key = key};
}

/// A comment with -*- in it may be an order to Ruby.
std::string ruby_comment(const std::string& text) {
    return replace_all(text, "-*-", "- * -");
}

/// A name that begins with a capital letter would be a constant.
bool is_parameter(const ddl::Input& input) {
    const bool is_constant = input.name.front() >= 'A' && input.name.front() <= 'Z';
    return is_word(input.name) && !is_constant && !k_taken.contains(input.name);
}

std::string parameters(const ddl::Action& action) {
    std::vector<std::string> words = {"request"};
    for (const ddl::Input& input : action.inputs) {
        if (is_parameter(input)) words.push_back(input.name + (is_given(input) ? ":" : ": nil"));
    }
    if (words.size() <= action.inputs.size()) words.emplace_back("**others");
    return listed(words, {"  ", ""}, "");
}

/// How to get at inputs whose names Ruby has taken.
std::string others(const ddl::Action& action) {
    std::vector<std::string> words;
    for (const ddl::Input& input : action.inputs) {
        if (is_parameter(input)) continue;
        words.push_back("others[:" + (is_word(input.name) ? input.name : "'" + input.name + "'") + "]");
    }
    return words.empty() ? "" : "  # Names that Ruby has taken: " + join(words, ", ");
}

std::string ruby_action(const ddl::Action& action) {
    return fill(k_action, {{"about", ruby_comment(comment(lines_about(action), "# "))},
                           {"action", action.name},
                           {"parameters", parameters(action)},
                           {"others", others(action)},
                           {"outputs", outputs_inside(action, ruby_form(), {"    ", "  "})},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string table(const ddl::Agent& agent) {
    std::string words;
    for (const ddl::Action& action : agent.actions)
        words += (words.empty() ? "" : " ") + action.name;
    return words;
}

}  // namespace

std::string ruby_skeleton(const ddl::Agent& agent) {
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", ruby_comment(one_line(agent.metadata.description))},
                            {"actions", each_action(agent, ruby_action)},
                            {"table", table(agent)}});
}

}  // namespace hocket::ddl_compiler
