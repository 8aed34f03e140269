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
 * or fatal error becomes an error of the kind AGENT/exception. What is printed is log, never reply. PHP has one kind of array, and
 * an empty one is written as []: give an output of type hash that may be empty as (object) $hash.
 *
 * With `contract: worker` in its DDL the same program serves many requests, one after another; with `fork` each in a process
 * forked from the warm one, `in_flight` of them at a time. Without `fork` an exit() or a fatal error ends the worker as well.
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
    /**
     * @param bool $changed something was changed; in noop: would be
     * @param ?string $diff what, as lines for people
     */
    public function __construct(
        public array $data, public bool $changed = false, public string $message = 'OK', public ?string $diff = null,
    ) {}
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

/** The request in work, where its reply goes, and what to do about it when PHP ends before the action has returned. */
final class Exchange
{
    public ?Request $request = null;

    /** @param \Closure(string): void $send  @param ?resource $requests closed before a worker's last reply */
    public function __construct(public \Closure $send, public $requests = null)
    {
        register_shutdown_function(function (): void {
            if ($this->request !== null) {
                $last = error_get_last();
                $reason = ($last['type'] ?? 0) & (E_ERROR | E_COMPILE_ERROR) ? $last['message'] : 'exit() before the reply';
                $this->requests && fclose($this->requests);
                ($this->send)(failure($this->request, new Failure('exception', $reason)));
            }
        });
    }

    public function answer(array $actions, Request $request): void
    {
        $this->request = $request;
        $body = reply($actions, $request);
        $this->request = null;
        ($this->send)($body);
    }
}

/**
 * Reads the request, runs its action, writes the reply and ends the process. As a worker: for each line, until the end.
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
    if (getenv('HOCKET_CONTRACT') !== 'worker') {
        (new Exchange(send(...)))->answer($actions, parse(stream_get_contents(STDIN)));
    } elseif (getenv('HOCKET_WORKER_FORK') === 'true') {
        serve_forked($actions, take_stdin(), max(1, (int) getenv('HOCKET_WORKER_IN_FLIGHT')));
    } else {
        serve($actions, take_stdin());
    }
    exit(0);
}

function reply(array $actions, Request $request): string
{
    $level = ob_get_level();
    try {
        $action = $actions[$request->action]
            ?? throw new Failure('unknown_action', "unknown action '$request->action'", statuscode: 2);
        $result = $action($request);
        $reply = $result instanceof Reply ? $result : new Reply($result);
        $diff = $reply->diff === null ? [] : ['diff' => $reply->diff];
        return encode($request, [
            'statuscode' => 0, 'statusmsg' => $reply->message, 'data' => (object) $reply->data, 'changed' => $reply->changed,
        ] + $diff);
    } catch (Failure $failure) {
        return failure($request, $failure);
    } catch (\Throwable $thrown) {
        fwrite(STDERR, "$thrown\n");
        $where = ['type' => $thrown::class, 'at' => $thrown->getFile() . ':' . $thrown->getLine()];
        return failure($request, new Failure('exception', $thrown->getMessage(), $where));
    } finally {
        while (ob_get_level() > $level && ob_end_flush());
    }
}

function parse(string $text): Request
{
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
    return encode($request, [
        'statuscode' => $failure->statuscode,
        'statusmsg' => strtok($failure->getMessage(), "\n") ?: $kind,
        'error' => ['kind' => $kind, 'message' => $failure->getMessage(), 'details' => (object) $failure->details],
    ]);
}

function encode(Request $request, array $reply): string
{
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
    $id = array_intersect_key($request->envelope, ['id' => true]);
    return json_encode($id + $reply, $flags | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR) . "\n";
}

/** To descriptor 3; to stdout when run by hand. */
function send(string $body): void
{
    static $channel = null;
    $channel ??= getenv('HOCKET_REPLY_FD') === '3' ? @fopen('php://fd/3', 'w') : false;
    if (!$channel || @fwrite($channel, $body) !== strlen($body)) {
        fwrite(STDOUT, $body);
    }
}

/**
 * The requests; an action and what it starts find /dev/null in their place.
 *
 * @return resource
 */
function take_stdin()
{
    static $nothing;
    $requests = fopen('php://stdin', 'r');
    fclose(STDIN);
    $nothing = fopen('/dev/null', 'r');     // the lowest free descriptor: 0
    close_on_exec();
    return $requests;
}

/** Keeps our descriptors out of what actions start. That needs FFI, for PHP has no function for it; without, they are inherited. */
function close_on_exec(): void
{
    static $libc;
    try {
        $libc ??= \FFI::cdef('int fcntl(int, int, int);');
    } catch (\Error) {
        return;
    }
    foreach (preg_grep('/^([3-9]|\d\d+)$/', scandir('/proc/self/fd')) as $fd) {
        $libc->fcntl((int) $fd, 2 /* F_SETFD */, 1 /* FD_CLOEXEC */);
    }
}

/** @param resource $requests */
function serve(array $actions, $requests): void
{
    $exchange = new Exchange(send(...), $requests);
    while (($line = fgets($requests)) !== false) {
        $exchange->answer($actions, parse($line));
    }
}

/**
 * One loop over stdin and the pipes of the children. What comes while all are busy waits in $text or in the pipe.
 *
 * @param resource $requests
 */
function serve_forked(array $actions, $requests, int $in_flight): void
{
    if (!function_exists('pcntl_fork') || !function_exists('posix_kill')) {
        fwrite(STDERR, "fork needs the extensions pcntl and posix\n");
        exit(1);
    }
    $text = '';
    $children = [];
    $at_end = false;
    while ($children || !$at_end || $text !== '') {
        while (count($children) < $in_flight && ($line = cut_line($text, $at_end)) !== null) {
            $child = new Child($actions, parse($line));
            $children[(int) $child->pipe] = $child;
        }
        $ready = array_column($children, 'pipe');
        if (!$at_end && count($children) < $in_flight) {
            $ready[] = $requests;
        }
        $none = null;
        if ($ready && @stream_select($ready, $none, $none, null) === false) {
            continue;       // a signal
        }
        foreach ($ready as $stream) {
            if ($stream === $requests) {
                $chunk = fread($requests, 1 << 16);
                $text .= $chunk;
                $at_end = $chunk === '' || $chunk === false;
            } elseif ($children[(int) $stream]->has_ended()) {
                send($children[(int) $stream]->outcome());
                unset($children[(int) $stream]);
            }
        }
    }
}

function cut_line(string &$text, bool $at_end): ?string
{
    $length = strpos($text, "\n");
    if ($length === false && (!$at_end || $text === '')) {
        return null;
    }
    $line = $length === false ? $text : substr($text, 0, $length);
    $text = substr($text, strlen($line) + 1);
    return $line;
}

/** A process for one request. It hands the reply over through a pipe: nobody but the worker writes to the reply channel. */
final class Child
{
    /** @var resource */
    public readonly mixed $pipe;
    private readonly int $pid;
    private string $body = '';

    public function __construct(array $actions, private readonly Request $request)
    {
        [$this->pipe, $writer] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $this->pid = pcntl_fork();
        if ($this->pid === 0) {
            close_on_exec();
            mt_srand();     // or each child would draw the same numbers
            (new Exchange(function (string $body) use ($writer): void {
                fwrite($writer, $body);
                posix_kill(posix_getpid(), SIGKILL);    // exit() would close what the worker has open, such as its database
            }))->answer($actions, $request);
        }
        fclose($writer);
    }

    /** Reads on. The reply is one line: whatever the child leaves behind may keep the pipe open. */
    public function has_ended(): bool
    {
        $chunk = (string) fread($this->pipe, 1 << 16);
        $this->body .= $chunk;
        return $chunk === '' || str_ends_with($chunk, "\n");
    }

    /** The line for the runner. */
    public function outcome(): string
    {
        fclose($this->pipe);
        pcntl_waitpid($this->pid, $status);
        if (str_ends_with($this->body, "\n")) {
            return $this->body;
        }
        $how = pcntl_wifsignaled($status) ? 'was ended by signal ' . pcntl_wtermsig($status)
            : 'ended with exit code ' . pcntl_wexitstatus($status);
        return encode($this->request, ['crashed' => "the process of the request $how, without a reply"]);
    }
}
