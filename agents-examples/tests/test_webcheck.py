"""The agent `webcheck`, on servers of our own, most of them rude."""

import os
import socket
import ssl
import subprocess
import threading
import time
import unittest

from harness import AgentTest

PHP = "/usr/bin/php"

# PHP alone is enough to make a certificate; openssl's command line may be missing.
MAKE_CERTIFICATE = r"""
[, $folder, $days] = $argv;
file_put_contents("$folder/openssl.cnf", "[req]\ndistinguished_name=n\n[n]\n[v3]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=CA:TRUE\n");
$options = ['config' => "$folder/openssl.cnf", 'x509_extensions' => 'v3', 'digest_alg' => 'sha256',
            'private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'];
$key = openssl_pkey_new($options);
$certificate = openssl_csr_sign(openssl_csr_new(['commonName' => '127.0.0.1'], $key, $options), null, $key, (int) $days, $options, 1);
openssl_x509_export_to_file($certificate, "$folder/certificate.pem");
openssl_pkey_export_to_file($key, "$folder/key.pem", null, $options);
"""


class Server:
    """Gives each connection to a function, in a thread of its own, with the path of the request that was read from it."""

    def __init__(self, serve, tls=None, reads=True):
        self._serve, self._tls, self._reads = serve, tls, reads
        self.requests = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                head = connection.recv(65536).decode("latin-1") if self._reads else "GET -"
                self.requests.append(head)
                if head.startswith("GET "):
                    self._serve(connection, head.split()[1])
        except OSError:
            pass


def page(body, head="HTTP/1.1 200 OK"):
    text = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    return lambda connection, _: connection.sendall(text)


@unittest.skipUnless(os.access(PHP, os.X_OK), f"no {PHP}")
class WebcheckTest(AgentTest):
    agent = "php/webcheck/webcheck"

    def serve(self, function, **options):
        server = Server(function, **options)
        self.addCleanup(server.close)
        return server

    def check(self, server, path="/", scheme="http", seconds=30.0, **inputs):
        url = f"{scheme}://127.0.0.1:{server.port}{path}"
        return self.run_agent("check", {"url": url, **inputs}, seconds=seconds)


class AnswerTest(WebcheckTest):
    def test_a_good_page(self):
        server = self.serve(page(b"hello world"))
        result = self.check(server, "/a?b=c#d")
        self.assertOk(result)
        self.assertGreater(result.data.pop("time_ms"), 0)
        self.assertEqual(result.data, {
            "url": f"http://127.0.0.1:{server.port}/a?b=c#d", "status": 200, "size": 11, "truncated": False,
            "redirects": 0, "remote_ip": "127.0.0.1", "matched": True})
        self.assertTrue(server.requests[0].startswith(f"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"))

    def test_status(self):
        missing = self.serve(page(b"", "HTTP/1.1 404 Not Found"))
        result = self.check(missing)
        self.assertFailed(result, "webcheck/status")
        self.assertEqual(result.error["details"]["status"], 404)
        self.assertOk(self.check(missing, expect_status=404))
        self.assertFailed(self.check(self.serve(page(b"")), expect_status=204), "webcheck/status")

    def test_match(self):
        server = self.serve(page(b"state: a.b"))
        self.assertTrue(self.check(server, match="a.b").data["matched"])
        self.assertFailed(self.check(server, match="a.*b$x"), "webcheck/no_match")
        self.assertTrue(self.check(server, match="^state: (a|c).b{1}$", match_type="regex").data["matched"])
        self.assertFailed(self.check(server, match="^a", match_type="regex"), "webcheck/no_match")
        self.assertFailed(self.check(server, match="(", match_type="regex"), "webcheck/invalid_match")

    def test_a_regular_expression_that_explodes_gives_up(self):
        server = self.serve(page(b"a" * 5000 + b"!"))
        result = self.check(server, match="^(a|a)*$", match_type="regex")
        self.assertIn(result.kind, ("webcheck/match_gave_up", "webcheck/no_match"))

    def test_bodies_end_in_different_ways(self):
        def chunked(connection, _):
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.sendall(b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n")
            time.sleep(2)

        def until_close(connection, _):
            connection.sendall(b"HTTP/1.0 200 OK\n\nhello")
            time.sleep(0.05)
            connection.sendall(b" world")

        for function in (chunked, until_close, page(b"hello world")):
            result = self.check(self.serve(function), match="hello world")
            self.assertEqual((result.outcome, result.data.get("size")), ("ok", 11), result)

    def test_a_long_body_is_cut_and_says_so(self):
        for head in ("HTTP/1.1 200 OK\r\nContent-Length: 3000000", "HTTP/1.1 200 OK",
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0"):
            server = self.serve(lambda connection, _, head=head: connection.sendall(
                head.encode() + (b"\r\n" if head.endswith("c6c0") else b"\r\n\r\n") + b"x" * 3_000_000))
            result = self.check(server)
            self.assertEqual((result.data.get("size"), result.data.get("truncated")), (1 << 20, True), result)

    def test_answers_that_are_none(self):
        for answer, kind in ((b"SSH-2.0-OpenSSH_9.2\r\n", "bad_answer"), (b"", "bad_answer"),
                             (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "incomplete"),
                             (b"HTTP/1.1 200 OK\r\nContent-Length: -9\r\n\r\nabc", "bad_answer"),
                             (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad_answer"),
                             (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000, "bad_answer"),
                             (b"x" * 200_000, "bad_answer")):
            result = self.check(self.serve(lambda connection, _, answer=answer: connection.sendall(answer)))
            self.assertFailed(result, f"webcheck/{kind}")


class RedirectTest(WebcheckTest):
    def test_redirects_are_followed(self):
        goals = {"/a/b?c": "d?e=\xe4 f", "/a/d?e=%C3%A4%20f": "/g", "/g": "//127.0.0.1:PORT/h"}

        def hop(connection, path):
            goal = goals.get(path, "").replace("PORT", str(server.port))
            head = f"HTTP/1.1 302 Found\r\nLocation: {goal}" if goal else "HTTP/1.1 200 OK"
            connection.sendall(f"{head}\r\nContent-Length: 0\r\n\r\n".encode())

        server = self.serve(hop)
        result = self.check(server, "/a/b?c")
        self.assertOk(result)
        self.assertEqual((result.data["redirects"], result.data["url"]), (3, f"http://127.0.0.1:{server.port}/h"))

    def test_redirects_are_an_answer_when_not_followed(self):
        server = self.serve(page(b"", "HTTP/1.1 301 Moved\r\nLocation: /x"))
        self.assertEqual(self.check(server, follow=False).data["status"], 301)

    def test_a_loop_ends(self):
        server = self.serve(page(b"", "HTTP/1.1 302 Found\r\nLocation: /"))
        self.assertFailed(self.check(server), "webcheck/too_many_redirects")
        self.assertEqual(len(server.requests), 6)

    def test_only_the_web_is_followed_to(self):
        for location in ("file:///etc/passwd", "ftp://127.0.0.1/", "http://user:word@127.0.0.1/", "http://[::1"):
            server = self.serve(page(b"", f"HTTP/1.1 302 Found\r\nLocation: {location}"))
            self.assertFailed(self.check(server), "webcheck/invalid_url")


class FailureTest(WebcheckTest):
    def test_nobody_listens(self):
        server = Server(page(b""))
        server.close()
        self.assertFailed(self.check(server), "webcheck/connect")

    def test_no_such_name(self):
        self.extra = {"RES_OPTIONS": "timeout:1 attempts:1"}  # where no name server answers either
        result = self.run_agent("check", {"url": "http://no-such-host.invalid/"})
        self.assertFailed(result, "webcheck/dns")

    def test_time_is_limited_in_every_stage(self):
        def drip(connection, _):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

        def silent(*_):
            time.sleep(5)

        for scheme, server in (("http", self.serve(silent)), ("http", self.serve(drip)),
                               ("https", self.serve(silent, reads=False))):
            start = time.monotonic()
            result = self.check(server, scheme=scheme, timeout=1)
            self.assertFailed(result, "webcheck/timeout")
            self.assertLess(time.monotonic() - start, 3)
            self.assertIn("1.0 s", result.message)

    def test_the_deadline_of_the_request_shortens_the_timeout(self):
        server = self.serve(lambda *_: time.sleep(5))
        self.assertFailed(self.check(server, seconds=1.0, timeout=60), "webcheck/timeout")

    def test_wrong_inputs_are_errors(self):
        for url in ("ftp://127.0.0.1/", "http:///x", "http://a b/", "http://h/\r\nX: y", "http://u:p@127.0.0.1/", "//x", ""):
            self.assertFailed(self.run_agent("check", {"url": url}), "webcheck/invalid_url")
        self.assertFailed(self.run_agent("check", {"url": "http://127.0.0.1/", "timeout": 0}), "webcheck/invalid_timeout")


class TlsTest(WebcheckTest):
    def setUp(self):
        super().setUp()
        subprocess.run([PHP, "-r", MAKE_CERTIFICATE, "--", self.folder, "30"], check=True, stdout=subprocess.DEVNULL)
        self.certificate = self.folder + "/certificate.pem"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.folder + "/key.pem")
        self.server = self.serve(page(b"secure"), tls=context)

    def test_a_certificate_of_a_known_authority(self):
        self.extra = {"SSL_CERT_FILE": self.certificate}
        result = self.check(self.server, scheme="https", match="secure")
        self.assertOk(result)
        self.assertIn(result.data["certificate_days_left"], (29, 30))

    def test_a_certificate_of_an_unknown_authority(self):
        result = self.check(self.server, scheme="https")
        self.assertFailed(result, "webcheck/tls")
        self.assertIn("certificate verify failed", result.message)
        self.assertOk(self.check(self.server, scheme="https", verify=False))

    def test_a_certificate_of_another_name(self):
        self.extra = {"SSL_CERT_FILE": self.certificate}
        url = f"https://localhost:{self.server.port}/"
        self.assertFailed(self.run_agent("check", {"url": url}), "webcheck/tls")

    def test_no_tls_on_the_other_side(self):
        self.assertFailed(self.check(self.serve(page(b"")), scheme="https"), "webcheck/tls")
