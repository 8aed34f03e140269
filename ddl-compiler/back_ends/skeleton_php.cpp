#include <nlohmann/json.hpp>

#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

/// Variables of the skeleton and of PHP.
const std::set<std::string_view> k_taken = {"GLOBALS",  "_COOKIE", "_ENV",     "_FILES",  "_GET",    "_POST",
                                            "_REQUEST", "_SERVER", "_SESSION", "outputs", "request", "this"};

constexpr std::string_view k_program = R"php(#!/usr/bin/php
<?php
/*
 * The agent <<agent>>: <<description>>
 *
 * Begun by hocketc: each action answers with empty values until you write its work. It gets the request, with inputs that
 * are valid already, and returns members of the reply (spec/agent.md). What is printed is log.
 */
declare(strict_types=1);

/** Ends an action with an error. The kind is a word for programs, the message a sentence for people. */
final class Failure extends Exception
{
    public function __construct(public readonly string $kind, string $message, public readonly int $statuscode = 1)
    {
        parent::__construct($message);
    }
}

<<actions>>

function answer(array $request): array
{
    try {
        $reply = match ($request['action']) {
<<arms>>
            default => throw new Failure('unknown_action', "unknown action '{$request['action']}'", statuscode: 2),
        };
        return ['statuscode' => 0, ...$reply, 'data' => (object) ($reply['data'] ?? [])];
    } catch (Failure $failure) {
        $error = ['kind' => "<<agent>>/$failure->kind", 'message' => $failure->getMessage()];
        return ['statuscode' => $failure->statuscode, 'error' => $error];
    }
}

function main(): void
{
    ini_set('display_errors', 'stderr');
    set_error_handler(function (int $severity, string $message, string $file, int $line): never {
        throw new ErrorException($message, 0, $severity, $file, $line);
    });
    $text = stream_get_contents(STDIN);
    if (trim($text) === '') {
        fwrite(STDERR, "no request on standard input\n");
        exit(1);
    }
    $reply = answer(json_decode($text, associative: true, flags: JSON_THROW_ON_ERROR));
    $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION;
    $channel = fopen('php://fd/' . (getenv('HOCKET_REPLY_FD') ?: '1'), 'w');
    fwrite($channel, json_encode($reply, $flags) . "\n");
}

main();
)php";

constexpr std::string_view k_action = R"php(/**
<<about>>
 */
function action_<<action>>(array $request): array
{
<<inputs>>
    $outputs = [<<outputs>>];
<<noop>>

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}
)php";

constexpr std::string_view k_noop = R"php(    if ($request['noop'] ?? false) {
        // Find out here what would be changed, and change nothing.
        return ['data' => $outputs, 'changed' => false, 'statusmsg' => 'noop: nothing would be changed'];
    })php";

/// -2^63 cannot be written as a number: without its sign it is too large.
std::string php_number(const Json& value) {
    return value == std::numeric_limits<std::int64_t>::min() ? "PHP_INT_MIN" : dump_json(value);
}

ValueForm php_form() {
    const StringForm string{
        .plain = {"'", "'", "'\\"}, .escaping = {"\"", "\"", "\"\\$"}, .escape = [](std::string_view utf8) {
            return "\\u{" + hex_code_point(utf8, 2) + "}";
        }};
    return {.string = string,
            .null = "null",
            .yes = "true",
            .no = "false",
            .array = {"[", "]"},
            .object = {"(object) [", "]"},
            .arrow = " => ",
            .key = [string](const std::string& key) { return quote(key, string); },
            .number = php_number};
}

std::string inputs(const ddl::Action& action) {
    Names names(k_taken);
    std::string lines;
    for (const ddl::Input& input : action.inputs) {
        const std::string name = names.take(is_word(input.name) ? input.name : "_" + input.name);
        lines += (lines.empty() ? "" : "\n") + ("    $" + name) + " = $request['inputs']['" + input.name +
                 "']" + (is_given(input) ? ";" : " ?? null;");
    }
    return lines;
}

std::string php_action(const ddl::Action& action) {
    return fill(k_action, {{"about", replace_all(comment(lines_about(action), " * "), "*/", "* /")},
                           {"action", action.name},
                           {"inputs", inputs(action)},
                           {"outputs", outputs_inside(action, php_form(), {"        ", "    "})},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string arms(const ddl::Agent& agent) {
    std::string lines;
    for (const ddl::Action& action : agent.actions) {
        lines += (lines.empty() ? "" : "\n") + ("            '" + action.name) + "' => action_" +
                 action.name + "($request),";
    }
    return lines;
}

}  // namespace

std::string php_skeleton(const ddl::Agent& agent) {
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", replace_all(one_line(agent.metadata.description), "*/", "* /")},
                            {"actions", each_action(agent, php_action)},
                            {"arms", arms(agent)}});
}

}  // namespace hocket::ddl_compiler
