#!/usr/bin/php
<?php
/*
 * The agent coding: coding: latin-1 """ ''' * / ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
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

/**
 * Action 2fa: +build ignore
 */
function action_2fa(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action _: @return never
 */
function action__(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action __proto__: shareable_constant_value: nonsense
 */
function action___proto__(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action a__b: shellcheck disable=nonsense
 */
function action_a__b(array $request): array
{
    $outputs = [];
    if ($request['noop'] ?? false) {
        // Find out here what would be changed, and change nothing.
        return ['data' => $outputs, 'changed' => false, 'statusmsg' => 'noop: nothing would be changed'];
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action a_b: line 1 "x"
 */
function action_a_b(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action ab: go:build ignore
 */
function action_ab(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action constructor: # heading - list code
 */
function action_constructor(array $request): array
{
    $outputs = [];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action default: * / exit(1); /* ?> <?php exit(1); =begin =cut exit 1 """ exit(1) '''\u2028exit 1\u0085exit\rexit \
 *
 * Inputs:
 *   2fa (string, optional): """ exit(1) * / ?> \
 *   7 (string, optional): """ exit(1) * / ?> \
 *   IFS (string, optional): """ exit(1) * / ?> \
 *   None (string, optional): """ exit(1) * / ?> \
 *   PATH (string, optional): """ exit(1) * / ?> \
 *   UID (string, optional): """ exit(1) * / ?> \
 *   _ (string, optional): """ exit(1) * / ?> \
 *   _1 (string, optional): """ exit(1) * / ?> \
 *   __proto__ (string, optional): """ exit(1) * / ?> \
 *   a (string, optional): """ exit(1) * / ?> \
 *   action (string, optional): """ exit(1) * / ?> \
 *   action_ (string, optional): """ exit(1) * / ?> \
 *   class (string, optional): """ exit(1) * / ?> \
 *   fs (string, optional): """ exit(1) * / ?> \
 *   inputs (string, optional): """ exit(1) * / ?> \
 *   noop (string, optional): """ exit(1) * / ?> \
 *   null (string, optional): """ exit(1) * / ?> \
 *   omitted (string, optional): """ exit(1) * / ?> \
 *   others (string, optional): """ exit(1) * / ?> \
 *   outputs (string, optional): """ exit(1) * / ?> \
 *   pick (one of "* /", "?>", "\"\"\"", "\n", "#{exit}", optional): One
 *   request (string, optional): """ exit(1) * / ?> \
 *   secret (string, optional, sensitive): -*- coding: x -*-
 *   self (string, optional): """ exit(1) * / ?> \
 *   this (string, optional): """ exit(1) * / ?> \
 *
 * Outputs:
 *   2 (string, default "a\n'\"\"\" \\ * / ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): * / ?> """ exit
 *   2fa (integer, default 9223372036854775807): shareable_constant_value: nonsense
 *   __proto__ (hash, default {"* /":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\n":{}}): Nested
 *   class (string, default "a\n'\"\"\" \\ * / ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): * / ?> """ exit
 *   free (of any type, default [1,{"x":"$(exit)"}]): Free
 *   minimum (integer, default -9223372036854775808): Least
 *   null (string, default "a\u0000b"): NUL
 *   plain (string, default "it's #{x} $y @z"): line 7 "x"
 */
function action_default(array $request): array
{
    $_2fa = $request['inputs']['2fa'] ?? null;
    $_7 = $request['inputs']['7'] ?? null;
    $IFS = $request['inputs']['IFS'] ?? null;
    $None = $request['inputs']['None'] ?? null;
    $PATH = $request['inputs']['PATH'] ?? null;
    $UID = $request['inputs']['UID'] ?? null;
    $_ = $request['inputs']['_'] ?? null;
    $_1 = $request['inputs']['_1'] ?? null;
    $__proto__ = $request['inputs']['__proto__'] ?? null;
    $a = $request['inputs']['a'] ?? null;
    $action = $request['inputs']['action'] ?? null;
    $action_ = $request['inputs']['action_'] ?? null;
    $class = $request['inputs']['class'] ?? null;
    $fs = $request['inputs']['fs'] ?? null;
    $inputs = $request['inputs']['inputs'] ?? null;
    $noop = $request['inputs']['noop'] ?? null;
    $null = $request['inputs']['null'] ?? null;
    $omitted = $request['inputs']['omitted'] ?? null;
    $others = $request['inputs']['others'] ?? null;
    $outputs_ = $request['inputs']['outputs'] ?? null;
    $pick = $request['inputs']['pick'] ?? null;
    $request_ = $request['inputs']['request'] ?? null;
    $secret = $request['inputs']['secret'] ?? null;
    $self = $request['inputs']['self'] ?? null;
    $this_ = $request['inputs']['this'] ?? null;
    $outputs = [
        '2' => "a\n'\"\"\" \\ */ ?> #{exit} \${x} \$x @x %x \$(exit) `exit` \u{202e}\u{07} é 𝄞\u{09}\u{0d} end\\",
        '2fa' => 9223372036854775807,
        '__proto__' => (object) ['*/' => ['?>', null, false, 1.5e+300], '2' => [], '__proto__' => (object) ['a\'b' => '#{x} \'y\' $z'], "é\n" => (object) []],
        'class' => "a\n'\"\"\" \\ */ ?> #{exit} \${x} \$x @x %x \$(exit) `exit` \u{202e}\u{07} é 𝄞\u{09}\u{0d} end\\",
        'free' => [1, (object) ['x' => '$(exit)']],
        'minimum' => PHP_INT_MIN,
        'null' => "a\u{00}b",
        'plain' => 'it\'s #{x} $y @z',
    ];
    if ($request['noop'] ?? false) {
        // Find out here what would be changed, and change nothing.
        return ['data' => $outputs, 'changed' => false, 'statusmsg' => 'noop: nothing would be changed'];
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

function answer(array $request): array
{
    try {
        $reply = match ($request['action']) {
            '2fa' => action_2fa($request),
            '_' => action__($request),
            '__proto__' => action___proto__($request),
            'a__b' => action_a__b($request),
            'a_b' => action_a_b($request),
            'ab' => action_ab($request),
            'constructor' => action_constructor($request),
            'default' => action_default($request),
            default => throw new Failure('unknown_action', "unknown action '{$request['action']}'", statuscode: 2),
        };
        return ['statuscode' => 0, ...$reply, 'data' => (object) ($reply['data'] ?? [])];
    } catch (Failure $failure) {
        $error = ['kind' => "coding/$failure->kind", 'message' => $failure->getMessage()];
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
