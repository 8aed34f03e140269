#include <nlohmann/json.hpp>

#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// Variables of the skeleton and of Perl.
const std::set<std::string_view> k_taken = {"_", "a", "b", "outputs", "request"};

constexpr std::string_view k_program = R"pl(#!/usr/bin/perl
# The agent <<agent>>: <<description>>
#
# Begun by hocketc: each action answers with empty values until you write its work. It gets the request, with inputs that
# are valid already, and returns members of the reply (spec/agent.md). What is printed is log.
use strict;
use warnings;
use utf8;

use JSON::PP;

# fail(KIND, MESSAGE) ends an action with an error. The kind is a word for programs, the message a sentence for people.
sub fail {
    my ($kind, $message, $statuscode) = @_;
    die { statuscode => $statuscode // 1, error => { kind => "<<agent>>/$kind", message => $message } };
}

<<actions>>

my %actions = (<<table>>);

sub answer {
    my ($request) = @_;
    my $action = $actions{ $request->{action} } or fail('unknown_action', "unknown action '$request->{action}'", 2);
    return { statuscode => 0, %{ $action->($request) } };
}

my $text = do { local $/; <STDIN> } // '';
if ($text !~ /\S/) {
    print STDERR "no request on standard input\n";
    exit 1;
}
my $request = decode_json($text);
my $reply = eval { answer($request) } || $@;
die $reply unless ref $reply eq 'HASH';
open my $channel, '>&=', $ENV{HOCKET_REPLY_FD} // 1 or die "the reply channel: $!\n";
print {$channel} encode_json($reply), "\n";
close $channel or die "the reply channel: $!\n";
)pl";

constexpr std::string_view k_action = R"pl(<<about>>
sub action_<<action>> {
    my ($request) = @_;
<<inputs>>
    my %outputs = (<<outputs>>);
<<noop>>

    # The work goes here. To report an error: fail('not_found', 'what is missing');
    return { data => \%outputs, changed => JSON::PP::false };
}
)pl";

constexpr std::string_view k_noop = R"pl(    if ($request->{noop}) {
        # Find out here what would be changed, and change nothing.
        return { data => \%outputs, changed => JSON::PP::false, statusmsg => 'noop: nothing would be changed' };
    })pl";

std::string key(const std::string& name, const StringForm& form) {
    return is_word(name) ? name : quote(name, form);
}

ValueForm perl_form() {
    const StringForm string{
        .plain = {"'", "'", "'\\"}, .escaping = {"\"", "\"", "\"\\$@"}, .escape = [](std::string_view utf8) {
            return "\\x{" + hex_code_point(utf8, 2) + "}";
        }};
    return {.string = string,
            .null = "undef",
            .yes = "JSON::PP::true",
            .no = "JSON::PP::false",
            .array = {"[", "]"},
            .object = {"{", "}"},
            .arrow = " => ",
            .key = [string](const std::string& name) { return key(name, string); }};
}

std::string inputs(const ddl::Action& action) {
    Names names(k_taken);
    std::string lines;
    for (const ddl::Input& input : action.inputs) {
        const std::string name = names.take(is_word(input.name) ? input.name : "_" + input.name);
        lines += (lines.empty() ? "" : "\n") + ("    my $" + name) + " = $request->{inputs}{" +
                 key(input.name, perl_form().string) + "};" + (is_given(input) ? "" : " # undef when absent");
    }
    return lines;
}

std::string perl_action(const ddl::Action& action) {
    return fill(k_action, {{"about", comment(lines_about(action), "# ")},
                           {"action", action.name},
                           {"inputs", inputs(action)},
                           {"outputs", outputs_inside(action, perl_form(), {"        ", "    "})},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string table(const ddl::Agent& agent) {
    std::string lines;
    for (const ddl::Action& action : agent.actions)
        lines += "\n    " + key(action.name, perl_form().string) + " => \\&action_" + action.name + ",";
    return lines.empty() ? "" : lines + "\n";
}

}  // namespace

std::string perl_skeleton(const ddl::Agent& agent) {
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", one_line(agent.metadata.description)},
                            {"actions", each_action(agent, perl_action)},
                            {"table", table(agent)}});
}

}  // namespace hocket::ddl_compiler
