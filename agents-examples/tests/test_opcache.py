"""The agent `opcache`, on FastCGI servers of our own, most of them rude; and on a real PHP-FPM where there is one."""

import glob
import json
import os
import socket
import struct
import subprocess
import threading
import time
import unittest

from harness import ROOT, AgentTest, wait_until

PHP = "/usr/bin/php"
FPM = os.environ.get("HOCKET_PHP_FPM") or next(iter(sorted(glob.glob("/usr/sbin/php-fpm*"), reverse=True)), "")
PROBE = f"{ROOT}/php/opcache/probe.php"

STATUS = {
    "opcache_enabled": True, "cache_full": False, "restart_pending": False,
    "memory_usage": {"used_memory": 600, "free_memory": 300, "wasted_memory": 100, "current_wasted_percentage": 10.0},
    "opcache_statistics": {"num_cached_scripts": 3, "num_cached_keys": 5, "max_cached_keys": 16229, "hits": 99, "misses": 1,
                           "oom_restarts": 2, "hash_restarts": 1, "manual_restarts": 4, "opcache_hit_rate": 99.004},
}


def record(kind, content=b"", padding=0, version=1):
    return struct.pack(">BBHHBB", version, kind, 1, len(content), padding, 0) + content + b"\0" * padding


def answer(body, head="Content-type: application/json"):
    return record(6, f"{head}\r\n\r\n{body}".encode()) + record(6) + record(3, b"\0" * 8)


def probe(**changes):
    return answer(json.dumps({"php": "8.2.1", "enabled": True, "restricted": False, "reset": True, "status": STATUS, **changes}))


class Server:
    """Reads the whole of each request, keeps its variables, and gives the connection to a function."""

    def __init__(self, address, serve):
        self.requests, self._serve = [], serve
        self._socket = socket.socket(socket.AF_UNIX) if isinstance(address, str) else socket.socket()
        self._socket.bind(address)
        self._socket.listen()
        self.name = self._socket.getsockname()
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
            with connection, connection.makefile("rb") as stream:
                self.requests.append(variables(stream))
                self._serve(connection)
        except OSError:
            pass


def variables(stream):
    """Of one request, which has to be as the specification has it."""
    text, kind = b"", None
    while kind != 5:
        version, kind, number, length, padding, _ = struct.unpack(">BBHHBB", stream.read(8))
        content = stream.read(length)
        stream.read(padding)
        assert (version, number) == (1, 1)
        assert kind != 1 or content == b"\0\1\0\0\0\0\0\0"
        text += content if kind == 4 else b""
    found = {}
    while text:
        name, value = (size & 0x7FFFFFFF for size in struct.unpack(">II", text[:8]))
        found[text[8:8 + name].decode()] = text[8 + name:8 + name + value].decode()
        text = text[8 + name + value:]
    return found


@unittest.skipUnless(os.access(PHP, os.X_OK), f"no {PHP}")
class OpcacheTest(AgentTest):
    agent = "php/opcache/opcache"

    def setUp(self):
        super().setUp()
        self.config = {}

    def pool(self, name, reply, address=None):
        """A pool that answers with bytes, or in the way of a function."""
        serve = reply if callable(reply) else lambda connection: connection.sendall(reply)
        server = Server(address or f"{self.folder}/{name}.sock", serve)
        self.addCleanup(server.close)
        self.config.setdefault("pools", {})[name] = server.name if isinstance(server.name, str) else f"127.0.0.1:{server.name[1]}"
        return server

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, **options):
        request = {"agent": "opcache", "action": action, "noop": noop, "inputs": inputs, "config": self.config,
                   "deadline": int((time.time() + seconds) * 1000)}
        return super().run_program(path, action, inputs, noop, seconds, stdin=json.dumps(request).encode() + b"\n", **options)

    def status(self, pool=None, **options):
        return self.run_agent("status", {} if pool is None else {"pool": pool}, **options)

    def reset(self, pool=None, **options):
        return self.run_agent("reset", {} if pool is None else {"pool": pool}, **options)


class StatusTest(OpcacheTest):
    def test_one_pool(self):
        server = self.pool("www", probe())
        result = self.status()
        self.assertOk(result)
        self.assertEqual(result.data, {"count": 1, "enabled": 1, "used_percent": 70.0, "hit_rate": 99.0, "restarts": 3, "failed": [],
                                       "pools": [{
            "pool": "www", "php": "8.2.1", "enabled": True, "full": False, "restart_pending": False, "used_bytes": 600,
            "free_bytes": 300, "wasted_bytes": 100, "used_percent": 70.0, "hit_rate": 99.0, "hits": 99, "misses": 1, "scripts": 3,
            "keys": 5, "max_keys": 16229, "restarts_full": 3, "restarts_manual": 4}]})
        self.assertEqual((result.changed, result.message), (False, "OK"))
        self.assertEqual(os.path.realpath(server.requests[0].pop("SCRIPT_FILENAME")), PROBE)
        self.assertEqual(server.requests, [{"SCRIPT_NAME": "/probe.php", "REQUEST_METHOD": "GET", "GATEWAY_INTERFACE": "CGI/1.1",
                                            "SERVER_PROTOCOL": "HTTP/1.1", "HOCKET_OPCACHE": "status"}])

    def test_the_worst_of_several_is_told(self):
        statistics = {**STATUS["opcache_statistics"], "opcache_hit_rate": 50, "oom_restarts": 0, "hash_restarts": 0}
        self.pool("a", probe(status={**STATUS, "opcache_statistics": statistics}))
        self.pool("b", probe(status={**STATUS, "memory_usage": {"used_memory": 1, "free_memory": 1, "wasted_memory": 0}}))
        self.pool("c", probe(enabled=False, status=[]), address=("127.0.0.1", 0))
        result = self.status()
        self.assertEqual([pool["pool"] for pool in result.data["pools"]], ["a", "b", "c"])
        self.assertEqual((result.data["count"], result.data["enabled"]), (3, 2))
        self.assertEqual((result.data["used_percent"], result.data["hit_rate"], result.data["restarts"]), (70.0, 50.0, 3))
        result = self.status("b")
        self.assertEqual(([pool["pool"] for pool in result.data["pools"]], result.data["used_percent"]), (["b"], 50.0))

    def test_a_cache_that_is_off_is_no_error(self):
        self.pool("www", probe(enabled=False, reset=False, status=[]))
        result = self.status()
        self.assertEqual((result.outcome, result.data["enabled"]), ("ok", 0))
        self.assertNotIn("used_percent", result.data)
        self.assertNotIn("hit_rate", result.data)
        self.assertEqual(result.data["pools"][0]["scripts"], 0)

    def test_sockets_are_found_once(self):
        self.pool("php8.2-fpm", probe())
        self.pool("7", probe())
        os.symlink("php8.2-fpm.sock", self.folder + "/php-fpm.sock")
        with open(self.folder + "/no.sock", "w", encoding="utf-8"):
            pass
        self.config = {"sockets": [self.folder + "/none/*.sock", self.folder + "/*.sock"]}
        result = self.status()
        self.assertEqual([pool["pool"] for pool in result.data["pools"]], ["7", "php8.2-fpm"])
        self.assertEqual(self.reset().data["pools"], ["7", "php8.2-fpm"])

    def test_a_pool_that_fails_does_not_hide_the_others(self):
        self.pool("good", probe())
        self.config["pools"]["gone"] = self.folder + "/gone.sock"
        result = self.status()
        self.assertOk(result)
        self.assertEqual([(pool["pool"], pool["kind"]) for pool in result.data["failed"]], [("gone", "opcache/connect")])
        self.assertEqual(result.data["count"], 1)
        self.assertTrue(result.message.startswith("gone: "), result.message)
        self.assertFailed(self.status("gone"), "opcache/connect")
        del self.config["pools"]["good"]
        self.config["pools"]["too"] = "127.0.0.1:1"
        self.assertFailed(self.status(), "opcache/no_answer")

    def test_what_is_no_number_is_none(self):
        self.pool("www", probe(status={"memory_usage": "much", "opcache_statistics": {"hits": [1], "misses": "x"}}))
        result = self.status()
        self.assertOk(result)
        pool = result.data["pools"][0]
        self.assertEqual((pool["used_bytes"], pool["used_percent"], pool["hits"], pool["misses"]), (0, 0.0, 0, 0))


class ResetTest(OpcacheTest):
    def test_all_pools(self):
        servers = [self.pool("a", probe()), self.pool("b", probe())]
        self.pool("c", probe(enabled=False, reset=False, status=[]))
        result = self.reset()
        self.assertOk(result)
        self.assertEqual((result.changed, result.message), (True, "reset a, b"))
        self.assertEqual(result.data, {"pools": ["a", "b"], "count": 2, "disabled": ["c"]})
        self.assertEqual([server.requests[0]["HOCKET_OPCACHE"] for server in servers], ["reset", "reset"])

    def test_noop_asks_for_no_reset(self):
        server = self.pool("www", probe(reset=False))
        result = self.reset(noop=True)
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", True, "noop: would reset www"))
        self.assertEqual([request["HOCKET_OPCACHE"] for request in server.requests], ["status"])

    def test_only_the_pool_that_was_named(self):
        self.pool("a", probe())
        other = self.pool("b", probe())
        self.assertEqual(self.reset("a").data["pools"], ["a"])
        self.assertEqual(other.requests, [])

    def test_nothing_to_reset_is_no_change(self):
        self.pool("www", probe(enabled=False, reset=False, status=[]))
        for noop in (False, True):
            result = self.reset(noop=noop)
            self.assertEqual((result.outcome, result.changed, result.message), ("ok", False, "no cache is on"))

    def test_what_was_not_reset_is_an_error(self):
        self.pool("a", probe())
        self.pool("b", probe(reset=False))
        self.config["pools"]["gone"] = self.folder + "/gone.sock"
        result = self.reset()
        self.assertFailed(result, "opcache/partly_failed")
        self.assertEqual(result.error["details"]["reset"], ["a"])
        self.assertEqual({pool["pool"]: pool["kind"] for pool in result.error["details"]["failed"]},
                         {"b": "opcache/not_reset", "gone": "opcache/connect"})


class FailureTest(OpcacheTest):
    def test_names_of_pools(self):
        self.config = {"sockets": [self.folder + "/*.sock"]}
        self.assertFailed(self.status(), "opcache/no_pools")
        self.pool("www", probe())
        for name in ("-x", "$(id)", "../www", "", "www\n", "a\0b", self.folder + "/www.sock"):
            result = self.status(name)
            self.assertFailed(result, "opcache/unknown_pool")
            self.assertIn("but: www", result.error["message"])

    def test_a_wrong_configuration_is_named(self):
        for config in ({"pools": "x"}, {"pools": {"www": 9000}}, {"pools": {"www": "relative.sock"}}, {"pools": {"www": "php://stdin"}},
                       {"pools": {"www": "/run/a\0b"}}, {"timeout": "5"}):
            self.config = config
            self.assertFailed(self.status(), "opcache/invalid_config")

    def test_a_script_that_is_not_run(self):
        self.pool("www", record(7, b"Primary script unknown\n") + answer("File not found.\n", "Status: 404 Not Found\r\nX: y"))
        result = self.status()
        self.assertFailed(result, "opcache/not_run")
        self.assertIn("404 Not Found; Primary script unknown", result.message)

    def test_a_restricted_api(self):
        self.pool("www", probe(enabled=False, restricted=True, reset=False, status=[]))
        self.assertFailed(self.status(), "opcache/restricted")
        self.assertFailed(self.reset(), "opcache/restricted")

    def test_answers_that_are_none(self):
        replies = (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\1\6\0\1\xff\xff", record(3, b"\0" * 8),
                   answer("<b>Warning</b>"), answer("[]"),
                   answer('{"enabled":1,"status":{}}'), answer('{"enabled":true}'),
                   answer('{"enabled":true,"php":[],"status":{}}'), record(6, b"x" * 65535) * 6, record(6, b"\xff\xfe"),
                   record(6, version=9), probe()[:-16], answer("\xff" + "9" * 400))
        for number, reply in enumerate(replies):
            self.pool("www", reply, address=f"{self.folder}/{number}.sock")
            self.assertFailed(self.status(), "opcache/bad_answer")

    def test_a_long_answer_is_not_read_to_its_end(self):
        self.pool("www", record(6, b"x" * 65535) * 6 + record(3, b"\0" * 8))
        result = self.status()
        self.assertFailed(result, "opcache/bad_answer")
        self.assertIn("more than 262144 bytes", result.message)

    def test_an_answer_may_come_in_pieces(self):
        def drip(connection):
            body = json.dumps({"php": "8", "enabled": True, "status": STATUS}).encode()
            for piece in (b"A: b\r\n", b"\r\n", body[:7], body[7:]):
                for byte in record(6, piece, padding=3):
                    connection.sendall(bytes([byte]))
            connection.sendall(record(7, b"a warning") + record(6) + record(3, b"\0" * 8))
            time.sleep(2)

        self.pool("www", drip)
        self.assertEqual(self.status().data["count"], 1)

    def test_time_is_limited(self):
        def drip(connection):
            while True:
                connection.sendall(record(6, b"x"))
                time.sleep(0.05)

        self.config["timeout"] = 1
        for name, serve in (("silent", lambda _: time.sleep(8)), ("drip", drip)):
            self.pool(name, serve)
            start = time.monotonic()
            result = self.status(name)
            self.assertFailed(result, "opcache/timeout")
            self.assertLess(time.monotonic() - start, 3)
            self.assertIn("after 1.0 s", result.message)
        self.config["timeout"] = 60
        self.assertFailed(self.status("silent", seconds=1.5), "opcache/timeout")


@unittest.skipUnless(os.access(FPM, os.X_OK), "no PHP-FPM")
class RealTest(OpcacheTest):
    def fpm(self, *settings):
        socket_path = self.folder + "/real.sock"
        with open(self.folder + "/fpm.conf", "w", encoding="utf-8") as file:
            file.write(f"[global]\nerror_log = {self.folder}/fpm.log\ndaemonize = no\n[www]\nlisten = {socket_path}\n"
                       f"user = {'root' if os.geteuid() == 0 else 'nobody'}\npm = static\npm.max_children = 1\n")
        command = [FPM, "-n", "-d", "zend_extension=opcache.so", *settings, "-y", self.folder + "/fpm.conf", "-F"]
        child = subprocess.Popen(command + ["-R"] * (os.geteuid() == 0), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.terminate)
        self.assertTrue(wait_until(lambda: os.path.exists(socket_path)))
        self.config = {"pools": {"www": socket_path}}

    def test_status_and_reset(self):
        self.fpm("-d", "opcache.enable=1")
        pool = self.status().data["pools"][0]
        self.assertTrue(pool["enabled"])
        self.assertGreater(pool["free_bytes"], 1_000_000)
        self.assertEqual(self.status().data["pools"][0]["scripts"], 1)
        self.assertTrue(self.reset(noop=True).changed)
        self.assertEqual(self.status().data["pools"][0]["restarts_manual"], 0)
        self.assertEqual(self.reset().message, "reset www")
        self.assertTrue(wait_until(lambda: self.status().data["pools"][0]["restarts_manual"] == 1))

    def test_a_cache_that_is_off(self):
        self.fpm("-d", "opcache.enable=0")
        self.assertEqual(self.status().data["enabled"], 0)
        self.assertEqual(self.reset().data["disabled"], ["www"])

    def test_a_restricted_api(self):
        self.fpm("-d", "opcache.enable=1", "-d", "opcache.restrict_api=/nowhere")
        self.assertFailed(self.status(), "opcache/restricted")

    def test_a_script_that_cannot_be_read(self):
        self.fpm("-d", "opcache.enable=1", "-d", "open_basedir=/nowhere")
        self.assertFailed(self.status(), "opcache/not_run")


@unittest.skipUnless(os.access(PHP, os.X_OK), f"no {PHP}")
class ProbeTest(unittest.TestCase):
    def run_probe(self, environment):
        return subprocess.run([PHP, "-d", "opcache.enable_cli=1", PROBE], env=environment, capture_output=True, check=True).stdout

    def test_a_visitor_of_a_web_server_gets_nothing(self):
        self.assertEqual(self.run_probe({"REMOTE_ADDR": "192.0.2.1", "HOCKET_OPCACHE": "reset"}), b"")

    def test_it_resets_only_when_told_to(self):
        self.assertFalse(json.loads(self.run_probe({}))["reset"])
        self.assertFalse(json.loads(self.run_probe({"HOCKET_OPCACHE": "status"}))["reset"])
