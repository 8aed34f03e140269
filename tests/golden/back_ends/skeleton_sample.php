#!/usr/bin/php
<?php
/*
 * The agent sample: Looks after things, one at a time.
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
 * Action print: Prints it
 *
 * Inputs:
 *   class (string): A word of most languages
 *   default (string, optional): Another one
 *   end (integer, optional, default 10): And one of Ruby
 *
 * Outputs:
 *   function (string): A word as well
 */
function action_print(array $request): array
{
    $class = $request['inputs']['class'];
    $default = $request['inputs']['default'] ?? null;
    $end = $request['inputs']['end'];
    $outputs = [
        'function' => '',
    ];
    if ($request['noop'] ?? false) {
        // Find out here what would be changed, and change nothing.
        return ['data' => $outputs, 'changed' => false, 'statusmsg' => 'noop: nothing would be changed'];
    }

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

/**
 * Action reset: Forgets everything
 */
function action_reset(array $request): array
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
 * Action status: How a thing is
 *
 * Inputs:
 *   deep (boolean, optional, default false): Whether to look into it
 *   depth (integer, optional): How far to look
 *   labels (hash, optional): What must be so
 *   limit (float, optional, default 0.9): Above which it is full
 *   name (string): Which thing
 *   ratio (number, optional): How much of it
 *   tags (array, optional): Which ones
 *   token (string, optional, sensitive): Proves who asks
 *   unit (one of "bytes", 1024, true, optional): How sizes are shown
 *
 * Outputs:
 *   anything (of any type): Of no certain type
 *   bytes (integer): How large it is
 *   labels (hash): What it is called
 *   limits (hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}): What it may do
 *   load (float): How busy it is
 *   note (string): What else is known
 *   parts (array): What it is made of
 *   present (boolean): Whether it is there
 *   score (number): How good it is
 *   state (string, default "it's idle"): What it does
 */
function action_status(array $request): array
{
    $deep = $request['inputs']['deep'];
    $depth = $request['inputs']['depth'] ?? null;
    $labels = $request['inputs']['labels'] ?? null;
    $limit = $request['inputs']['limit'];
    $name = $request['inputs']['name'];
    $ratio = $request['inputs']['ratio'] ?? null;
    $tags = $request['inputs']['tags'] ?? null;
    $token = $request['inputs']['token'] ?? null;
    $unit = $request['inputs']['unit'] ?? null;
    $outputs = [
        'anything' => '',
        'bytes' => 0,
        'labels' => (object) [],
        'limits' => (object) ['cpu' => 2, 'empty' => (object) [], 'ratio' => 0.5, 'tags' => ['a', null, true]],
        'load' => 0.0,
        'note' => '',
        'parts' => [],
        'present' => false,
        'score' => 0,
        'state' => 'it\'s idle',
    ];

    // The work goes here. To report an error: throw new Failure('not_found', 'what is missing');
    return ['data' => $outputs, 'changed' => false];
}

function answer(array $request): array
{
    try {
        $reply = match ($request['action']) {
            'print' => action_print($request),
            'reset' => action_reset($request),
            'status' => action_status($request),
            default => throw new Failure('unknown_action', "unknown action '{$request['action']}'", statuscode: 2),
        };
        return ['statuscode' => 0, ...$reply, 'data' => (object) ($reply['data'] ?? [])];
    } catch (Failure $failure) {
        $error = ['kind' => "sample/$failure->kind", 'message' => $failure->getMessage()];
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
