<?php
/*
 * One HTTP/1.1 GET over PHP's own streams. Everything ends at one deadline, and each way to fail has its kind.
 */
declare(strict_types=1);

use hocket\Failure;

const MAX_BODY = 1048576;
const MAX_HEAD = 65536;

final class Deadline
{
    private readonly int $end;

    public function __construct(private readonly float $seconds)
    {
        $this->end = hrtime(true) + (int) ($seconds * 1e9);
    }

    /** Seconds; a Failure that names the stage when there are none. */
    public function left(string $stage): float
    {
        $left = ($this->end - hrtime(true)) / 1e9;
        return $left > 0 ? $left : throw $this->missed($stage);
    }

    public function missed(string $stage): Failure
    {
        return new Failure('timeout', sprintf('no complete answer within %.1f s, the stage was: %s', $this->seconds, $stage));
    }
}

final class Url
{
    private function __construct(
        public readonly string $text,
        public readonly bool $secure,
        public readonly string $host,
        public readonly int $port,
        public readonly string $target,
    ) {}

    public static function parse(string $text): Url
    {
        $parts = preg_match('{\Ahttps?://[\x21-\x7e]+\z}i', $text) ? parse_url($text) : false;
        if ($parts === false || !preg_match('{\A([a-z0-9._-]+|\[[0-9a-f:.]+\])\z}i', $parts['host'] ?? '')) {
            throw new Failure('invalid_url', "'$text' is no http or https URL in ASCII", statuscode: 4);
        }
        if (isset($parts['user']) || isset($parts['pass'])) {
            throw new Failure('invalid_url', 'a URL with a user or password would show them in logs', statuscode: 4);
        }
        $secure = strtolower($parts['scheme']) === 'https';
        $target = ($parts['path'] ?? '/') . (isset($parts['query']) ? "?$parts[query]" : '');
        return new Url($text, $secure, $parts['host'], $parts['port'] ?? ($secure ? 443 : 80), $target);
    }

    /** Where a Location header leads from here. */
    public function follow(string $location): Url
    {
        $location = preg_replace_callback('{[^\x21-\x7e]}', fn (array $byte): string => rawurlencode($byte[0]), trim($location));
        $origin = ($this->secure ? 'https' : 'http') . "://$this->host:$this->port";
        return self::parse(match (true) {
            (bool) preg_match('{\A[a-z][a-z0-9+.-]*:}i', $location) => $location,
            str_starts_with($location, '//') => strstr($origin, '//', true) . $location,
            str_starts_with($location, '/') => $origin . $location,
            default => $origin . preg_replace('{[^/]*(\?.*)?\z}', '', $this->target, 1) . $location,
        });
    }
}

final class Answer
{
    /** @param array<string, string> $headers by lower-case name, the last one of a name */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
        public readonly bool $truncated,
        public readonly string $ip,
        public readonly ?int $daysLeft,
    ) {}
}

function get(Url $url, Deadline $deadline, bool $verify): Answer
{
    $connection = new Connection($url, $deadline, $verify);
    $connection->send(
        "GET $url->target HTTP/1.1\r\nHost: $url->host" . ($url->port === ($url->secure ? 443 : 80) ? '' : ":$url->port")
        . "\r\nUser-Agent: hocket-webcheck/1.0\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    );
    do {
        [$status, $headers] = read_head($connection);
    } while ($status >= 100 && $status < 200);
    $body = $status === 204 || $status === 304 ? '' : read_body($connection, $headers);
    $truncated = strlen($body) > MAX_BODY;
    return new Answer($status, $headers, substr($body, 0, MAX_BODY), $truncated, $connection->ip, $connection->daysLeft);
}

/** @return array{int, array<string, string>} */
function read_head(Connection $connection): array
{
    $line = $connection->line();
    if (!preg_match('{\AHTTP/1\.[01] (\d{3})( |\z)}', $line, $status)) {
        throw new Failure('bad_answer', "the answer is no HTTP: '" . substr($line, 0, 80) . "'");
    }
    $headers = [];
    $size = 0;
    while (($line = $connection->line()) !== '') {
        $size += strlen($line);
        if ($size > MAX_HEAD) {
            throw new Failure('bad_answer', 'the head of the answer is longer than ' . MAX_HEAD . ' bytes');
        }
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        $headers[strtolower($name)] = trim($value);
    }
    return [(int) $status[1], $headers];
}

/** The whole body, or a little more than MAX_BODY of it. */
function read_body(Connection $connection, array $headers): string
{
    if (!isset($headers['transfer-encoding'])) {
        return isset($headers['content-length'])
            ? $connection->take(number($headers['content-length'], 10)) : $connection->rest();
    }
    $body = '';
    while (($size = number(strtok($connection->line(), '; '), 16)) > 0) {
        $body .= $connection->take($size);
        if (strlen($body) > MAX_BODY) {
            break;
        }
        $connection->line();
    }
    return $body;
}

function number(string|false $text, int $base): int
{
    if (!preg_match($base === 16 ? '{\A[0-9a-f]{1,12}\z}i' : '{\A[0-9]{1,15}\z}', (string) $text)) {
        throw new Failure('bad_answer', "'$text' is no length");
    }
    return intval($text, $base);
}

final class Connection
{
    public readonly string $ip;
    /** Whole days until the server's certificate ends; null without TLS. */
    public readonly ?int $daysLeft;

    /** @var resource */
    private $socket;
    private string $buffer = '';

    public function __construct(private readonly Url $url, private readonly Deadline $deadline, bool $verify)
    {
        $tls = ['peer_name' => trim($url->host, '[]'), 'verify_peer' => $verify, 'verify_peer_name' => $verify];
        $context = stream_context_create(['ssl' => $tls + ['allow_self_signed' => !$verify, 'capture_peer_cert' => true]]);
        $address = "tcp://$url->host:$url->port";
        $socket = @stream_socket_client($address, $code, $reason, $deadline->left('connect'), STREAM_CLIENT_CONNECT, $context);
        if ($socket === false) {
            $deadline->left('connect');
            $kind = str_contains($reason, 'getaddrinfo') ? 'dns' : 'connect';
            throw new Failure($kind, "$url->host:$url->port: " . preg_replace('{\Aphp_\w+: }', '', $reason));
        }
        $this->socket = $socket;
        $this->ip = preg_replace('{\A\[?(.*?)\]?:\d+\z}', '$1', stream_socket_get_name($socket, true));
        $this->daysLeft = $url->secure ? $this->encrypt() : null;
    }

    private function encrypt(): int
    {
        $this->deadline->left('TLS');
        if (!@stream_socket_enable_crypto($this->socket, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)) {
            $this->deadline->left('TLS');
            $reason = error_get_last()['message'] ?? 'the server hung up';
            throw new Failure('tls', "{$this->url->host}: " . preg_replace(['{\A\w+\(\): }', '{\s+}'], ['', ' '], $reason));
        }
        $certificate = stream_context_get_options($this->socket)['ssl']['peer_certificate'];
        return (int) floor((openssl_x509_parse($certificate)['validTo_time_t'] - time()) / 86400);
    }

    public function send(string $text): void
    {
        if (@fwrite($this->socket, $text) !== strlen($text)) {
            throw new Failure('bad_answer', "{$this->url->host} hung up before the request was sent");
        }
    }

    public function line(): string
    {
        while (($end = strpos($this->buffer, "\n")) === false) {
            if (strlen($this->buffer) > MAX_HEAD || !$this->fill()) {
                throw new Failure('bad_answer', 'the answer ends, or goes on for ever, where a line of it should end');
            }
        }
        $line = substr($this->buffer, 0, $end);
        $this->buffer = substr($this->buffer, $end + 1);
        return rtrim($line, "\r");
    }

    /** Exactly so many bytes, but no more than MAX_BODY + 1. */
    public function take(int $size): string
    {
        $size = min($size, MAX_BODY + 1);
        while (strlen($this->buffer) < $size) {
            if (!$this->fill()) {
                throw new Failure('incomplete', 'the answer ends before its announced length');
            }
        }
        $taken = substr($this->buffer, 0, $size);
        $this->buffer = substr($this->buffer, $size);
        return $taken;
    }

    /** What comes until the server hangs up, but no more than MAX_BODY + 1. */
    public function rest(): string
    {
        while (strlen($this->buffer) <= MAX_BODY && $this->fill()) {
        }
        return $this->buffer;
    }

    /** More bytes into the buffer; false when the server hung up. */
    private function fill(): bool
    {
        $left = $this->deadline->left('read');
        stream_set_timeout($this->socket, (int) $left, (int) (fmod($left, 1) * 1e6));
        $bytes = @fread($this->socket, 65536);
        if (stream_get_meta_data($this->socket)['timed_out']) {
            throw $this->deadline->missed('read');
        }
        $this->buffer .= (string) $bytes;
        return $bytes !== '' && $bytes !== false;
    }
}
