<?php
/*
 * A client for FastCGI, as much of it as running one script in PHP-FPM takes: one request, no body, one connection.
 *
 *     record = version(1) type(1) request(2) length(2) padding(1) reserved(1) content[length] padding[padding]
 */
declare(strict_types=1);

use hocket\Failure;

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;
const PARAMS = 4;
const STDIN_ = 5;
const STDOUT_ = 6;
const STDERR_ = 7;
const MAX_ANSWER = 1 << 18;

final class Fpm
{
    private readonly float $end;

    /** @var resource */
    private $socket;

    /** @param string $address the path of a socket, or host:port */
    public function __construct(private readonly string $address, private readonly float $seconds)
    {
        $this->end = microtime(true) + $seconds;
        $url = $address[0] === '/' ? "unix://$address" : "tcp://$address";
        $socket = @stream_socket_client($url, $code, $reason, $this->left());
        if ($socket === false) {
            $this->left();
            throw new Failure('connect', "$address: $reason");
        }
        $this->socket = $socket;
    }

    /** Runs a script. Gives what it has printed. */
    public function run(string $script, array $variables): string
    {
        $params = '';
        foreach (['SCRIPT_FILENAME' => $script, 'SCRIPT_NAME' => '/' . basename($script), 'REQUEST_METHOD' => 'GET',
            'GATEWAY_INTERFACE' => 'CGI/1.1', 'SERVER_PROTOCOL' => 'HTTP/1.1'] + $variables as $name => $value) {
            $params .= pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
        }
        $request = self::record(BEGIN_REQUEST, "\0\1\0\0\0\0\0\0")     // as responder, and then hang up
            . self::record(PARAMS, $params) . self::record(PARAMS, '') . self::record(STDIN_, '');
        if (@fwrite($this->socket, $request) !== strlen($request)) {
            throw new Failure('bad_answer', "$this->address hung up before the request was sent");
        }
        [$printed, $log] = $this->answer();
        [$head, $body] = explode("\r\n\r\n", $printed, 2) + [1 => ''];
        if (preg_match('{^Status: (?!2)([^\r\n]*)}mi', $head, $status)) {
            throw new Failure('not_run', "$this->address does not run $script: $status[1]; " . trim(substr($log, 0, 300)));
        }
        return $body;
    }

    /** @return array{string, string} stdout and stderr */
    private function answer(): array
    {
        $streams = [STDOUT_ => '', STDERR_ => ''];
        while (true) {
            $head = unpack('Cversion/Ctype/nrequest/nlength/Cpadding/Creserved', $this->take(8));
            $content = $this->take($head['length'] + $head['padding']);
            if ($head['version'] !== 1) {
                throw new Failure('bad_answer', "$this->address does not speak FastCGI");
            }
            if ($head['type'] === END_REQUEST) {
                return array_values($streams);
            }
            if (isset($streams[$head['type']])) {
                $streams[$head['type']] .= substr($content, 0, $head['length']);
            }
            if (strlen($streams[STDOUT_]) + strlen($streams[STDERR_]) > MAX_ANSWER) {
                throw new Failure('bad_answer', "$this->address answers with more than " . MAX_ANSWER . ' bytes');
            }
        }
    }

    private function take(int $size): string
    {
        $taken = '';
        while (strlen($taken) < $size) {
            $left = $this->left();
            stream_set_timeout($this->socket, (int) $left, (int) (fmod($left, 1) * 1e6));
            $bytes = (string) @fread($this->socket, $size - strlen($taken));
            if ($bytes === '' && !stream_get_meta_data($this->socket)['timed_out']) {
                throw new Failure('bad_answer', "$this->address hung up before the end of its answer");
            }
            $taken .= $bytes;
        }
        return $taken;
    }

    /** The seconds that are left, some in any case. */
    private function left(): float
    {
        $left = $this->end - microtime(true);
        if ($left <= 0) {
            $message = sprintf('%s has not answered after %.1f s: all its processes may be busy', $this->address, $this->seconds);
            throw new Failure('timeout', $message);
        }
        return $left;
    }

    private static function record(int $type, string $content): string
    {
        return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
    }
}
