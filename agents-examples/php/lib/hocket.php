<?php
/*
 * The agent contract of Hocket (spec/agent.md) for PHP 8.1 and later. No dependencies.
 *
 *     require __DIR__ . '/../lib/hocket.php';
 *     hocket\run([
 *         'greet' => fn (hocket\Request $request): array => ['greeting' => 'hello ' . $request->input('name')],
 *     ]);
 *
 * An action is a function from the request to the outputs: an array, or a hocket\Reply to set `changed` or a message too.
 * `throw new hocket\Failure('not_found', '/x does not exist')` ends it with an error of that kind; any other exception, warning
 * or fatal error becomes an error of the kind AGENT/exception. What is printed is log, never reply.
 */
declare(strict_types=1);

namespace hocket;

/** A failure that the agent foresaw. Its kind is for programs, its message for people. */
final class Failure extends \Exception
{
    public function __construct(
        public readonly string $kind,
        string $message,
        public readonly array $details = [],
        public readonly int $statuscode = 1,
    ) {
        parent::__construct($message);
    }
}

/** The outputs of an action that also wants to say something else than "OK, nothing changed". */
final class Reply
{
    /** @param bool $changed something was changed; in noop: would be */
    public function __construct(public array $data, public bool $changed = false, public string $message = 'OK') {}
}

final class Request
{
    public readonly string $agent;
    public readonly string $action;
    public readonly bool $noop;
    public readonly array $inputs;

    /** @param array $envelope the whole object from stdin: caller, identity, request_id, config and so on */
    public function __construct(public readonly array $envelope)
    {
        $this->agent = $envelope['agent'] ?? basename($_SERVER['SCRIPT_FILENAME']);
        $this->action = $envelope['action'];
        $this->noop = $envelope['noop'] ?? false;
        $this->inputs = $envelope['inputs'] ?? [];
    }

    /** An input, or the default; without a default the action fails when the input is not there. */
    public function input(string $name, mixed $default = null): mixed
    {
        if (!isset($this->inputs[$name]) && func_num_args() < 2) {
            throw new Failure('missing_input', "the input $name is required", statuscode: 3);
        }
        return $this->inputs[$name] ?? $default;
    }

    /** Until the runner ends this process; infinite when no deadline was given. */
    public function secondsLeft(): float
    {
        return isset($this->envelope['deadline']) ? $this->envelope['deadline'] / 1000 - microtime(true) : INF;
    }
}

/**
 * Reads the request, runs its action, writes the reply and ends the process.
 *
 * @param array<string, callable(Request): (array|Reply)> $actions
 */
function run(array $actions): never
{
    ini_set('display_errors', 'stderr');
    set_error_handler(function (int $severity, string $message, string $file, int $line): bool {
        if (error_reporting() & $severity & ~(E_DEPRECATED | E_USER_DEPRECATED)) {
            throw new \ErrorException($message, 0, $severity, $file, $line);
        }
        return false;
    });
    ob_start(function (string $printed): string {
        @fwrite(STDERR, $printed);
        return '';
    }, 1);
    $request = read_request();
    $body = null;
    register_shutdown_function(function () use ($request, &$body): void {
        $last = error_get_last();
        $reason = ($last['type'] ?? 0) & (E_ERROR | E_COMPILE_ERROR) ? $last['message'] : 'exit() before the reply';
        send($body ?? failure($request, new Failure('exception', $reason)));
    });
    try {
        $action = $actions[$request->action]
            ?? throw new Failure('unknown_action', "unknown action '$request->action'", statuscode: 2);
        $result = $action($request);
        $reply = $result instanceof Reply ? $result : new Reply($result);
        $body = encode([
            'statuscode' => 0, 'statusmsg' => $reply->message, 'data' => (object) $reply->data, 'changed' => $reply->changed,
        ]);
    } catch (Failure $failure) {
        $body = failure($request, $failure);
    } catch (\Throwable $thrown) {
        fwrite(STDERR, "$thrown\n");
        $where = ['type' => $thrown::class, 'at' => $thrown->getFile() . ':' . $thrown->getLine()];
        $body = failure($request, new Failure('exception', $thrown->getMessage(), $where));
    }
    exit(0);
}

function read_request(): Request
{
    $text = stream_get_contents(STDIN);
    $envelope = json_decode($text, true);
    if (!is_array($envelope) || !is_string($envelope['action'] ?? null)) {
        fwrite(STDERR, trim($text) === '' ? "no request on stdin\n" : "stdin is not a request\n");
        exit(1);
    }
    return new Request($envelope);
}

function failure(Request $request, Failure $failure): string
{
    $kind = str_contains($failure->kind, '/') ? $failure->kind : "$request->agent/$failure->kind";
    return encode([
        'statuscode' => $failure->statuscode,
        'statusmsg' => strtok($failure->getMessage(), "\n") ?: $kind,
        'error' => ['kind' => $kind, 'message' => $failure->getMessage(), 'details' => (object) $failure->details],
    ]);
}

function encode(array $reply): string
{
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
    return json_encode($reply, $flags | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR) . "\n";
}

/** To descriptor 3; to stdout when run by hand. */
function send(string $body): void
{
    $channel = getenv('HOCKET_REPLY_FD') === '3' ? @fopen('php://fd/3', 'w') : false;
    if (!$channel || @fwrite($channel, $body) !== strlen($body)) {
        fwrite(STDOUT, $body);
    }
}
