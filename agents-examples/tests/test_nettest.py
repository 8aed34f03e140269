"""The agent `nettest`, on ports of our own, and on a ping and a getent that behave like recordings of the real ones."""

import os
import shutil
import socket
import time

from harness import AgentTest

PING = """#!/bin/bash
echo "$*" >>%(folder)s/calls
case ${!#} in
    dead) printf 'PING dead (192.0.2.1) 56(84) bytes of data.\\n\\n--- dead ping statistics ---\\n'
          echo '2 packets transmitted, 0 received, 100%% packet loss, time 1010ms'; exit 1 ;;
    lossy) echo '--- lossy ping statistics ---'; echo '3 packets transmitted, 2 received, +1 errors, 33.3333%% packet loss, time 402ms'
           echo 'rtt min/avg/max/mdev = 1.020/20.029/300.035/0.006 ms' ;;
    busybox) echo '--- busybox ping statistics ---'; echo '3 packets transmitted, 3 packets received, 0%% packet loss'
             echo 'round-trip min/avg/max = 0.052/0.088/0.107 ms' ;;
    nope) echo 'ping: nope: Name or service not known' >&2; exit 2 ;;
    far) echo 'ping: connect: Network is unreachable' >&2; exit 2 ;;
    closed) echo 'ping: socktype: SOCK_RAW' >&2; echo 'ping: socket: Operation not permitted' >&2; exit 2 ;;
    odd) printf 'odd \\xff\\n' ;;
esac
"""

GETENT = """#!/bin/bash
echo "$*" >>%(folder)s/calls
case "$1 ${!#}" in
    'ahosts web') printf '2001:db8::1 STREAM web\\n2001:db8::1 DGRAM\\n192.0.2.7 STREAM\\n192.0.2.7 DGRAM\\n192.0.2.7 RAW\\n' ;;
    'ahostsv4 web') printf '192.0.2.7       STREAM web\\n192.0.2.7       DGRAM\\n' ;;
    'ahostsv6 web') printf '2001:db8::1 STREAM web\\n::ffff:192.0.2.7 STREAM\\n' ;;
    'ahostsv6 old') printf '::ffff:192.0.2.7 STREAM old\\n' ;;
    *' broken') printf 'no \\xff configuration\\n' >&2; exit 3 ;;
    *) exit 2 ;;
esac
"""

HOSTILE = ("-x", "--", "-c1", "", "a b", "a/b", "a;b", "$(id)", "`id`", "web\n", "web\nx", "*", "a" * 254)


class NettestTest(AgentTest):
    agent = "bash/nettest/nettest"

    def setUp(self):
        super().setUp()
        self.program("ping", PING % {"folder": self.folder})
        self.program("getent", GETENT % {"folder": self.folder})

    def calls(self):
        if not os.path.exists(self.folder + "/calls"):
            return []
        with open(self.folder + "/calls", encoding="utf-8") as file:
            return file.read().splitlines()

    def only(self, *tools):
        """A search path with these programs of the machine and our own."""
        for tool in ("bash", "env", "mktemp", "rm", "tail", *tools):
            os.symlink(shutil.which(tool), os.path.join(self.bin, tool))
        self.search_path = self.bin


class PingTest(NettestTest):
    def ping(self, host, **inputs):
        return self.run_agent("ping", {"host": host, **inputs})

    def test_loss_and_times(self):
        result = self.ping("lossy")
        self.assertOk(result)
        self.assertEqual(result.data, {"host": "lossy", "sent": 3, "received": 2, "loss_percent": 33.3333,
                                       "rtt_min_ms": 1.02, "rtt_avg_ms": 20.029, "rtt_max_ms": 300.035})
        self.assertFalse(result.changed)

    def test_what_does_not_answer_is_a_finding(self):
        result = self.ping("dead")
        self.assertOk(result)
        self.assertEqual((result.data, result.message), (
            {"host": "dead", "sent": 2, "received": 0, "loss_percent": 100}, "dead does not answer"))

    def test_other_pings_are_understood(self):
        self.assertEqual(self.ping("busybox").data["rtt_avg_ms"], 0.088)

    def test_the_count_and_the_host_reach_ping(self):
        self.ping("lossy", count=20)
        self.assertEqual(self.calls(), ["-n -q -c 20 -i 0.2 -W 2 -- lossy"])

    def test_errors_have_kinds(self):
        for host, kind in (("nope", "unknown_host"), ("far", "unreachable"), ("closed", "not_permitted"), ("odd", "ping_failed")):
            self.assertFailed(self.ping(host), f"nettest/{kind}")

    def test_counts_out_of_bounds_are_refused(self):
        for count in (0, -1, 21, 1 << 40):
            self.assertFailed(self.ping("lossy", count=count), "nettest/invalid_count")
        self.assertEqual(self.calls(), [])

    def test_hosts_that_are_none_are_refused(self):
        for host in HOSTILE:
            self.assertFailed(self.ping(host), "nettest/invalid_host")
        self.assertEqual(self.calls(), [])

    def test_without_ping_it_says_what_is_missing(self):
        os.unlink(os.path.join(self.bin, "ping"))
        self.only()
        result = self.ping("lossy")
        self.assertFailed(result, "nettest/no_ping")
        self.assertIn("iputils-ping", result.error["message"])

    def test_the_real_ping(self):
        os.unlink(os.path.join(self.bin, "ping"))
        if not shutil.which("ping"):
            self.skipTest("no ping here")
        result = self.ping("127.0.0.1", count=1)
        if result.kind == "nettest/not_permitted":
            self.skipTest("ping may not be used here")
        self.assertOk(result)
        self.assertEqual((result.data["sent"], result.data["loss_percent"]), (1, 0))
        self.assertLessEqual(result.data["rtt_min_ms"], result.data["rtt_max_ms"])


class ConnectTest(NettestTest):
    def connect(self, port, host="127.0.0.1", **inputs):
        return self.run_agent("connect", {"host": host, "port": port, **inputs})

    def free_port(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    def test_a_port_that_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            port = server.getsockname()[1]
            result = self.connect(port)
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                self.assertEqual(connection.recv(10), b"", "something was sent")
        self.assertOk(result)
        self.assertTrue(0 <= result.data.pop("time_ms") < 5000)
        self.assertEqual(result.data, {"host": "127.0.0.1", "port": port, "connected": True})

    def test_a_closed_port_is_a_finding(self):
        port = self.free_port()
        result = self.connect(port)
        self.assertOk(result)
        self.assertEqual(result.data, {"host": "127.0.0.1", "port": port, "connected": False, "error": "Connection refused"})

    def test_what_never_answers_is_given_up(self):
        with socket.socket() as server:             # whose queue is full
            server.bind(("127.0.0.1", 0))
            server.listen(0)
            fillers = [socket.socket() for _ in range(4)]
            try:
                for filler in fillers:
                    filler.setblocking(False)
                    filler.connect_ex(server.getsockname())
                start = time.monotonic()
                result = self.connect(server.getsockname()[1], timeout=1)
            finally:
                for filler in fillers:
                    filler.close()
        if result.data["connected"]:
            self.skipTest("this kernel takes more connections than asked for")
        self.assertEqual(result.data["error"], "no answer within 1 s")
        self.assertLess(time.monotonic() - start, 10)

    def test_the_limit_of_time_is_what_was_asked_for(self):
        self.program("timeout", f"#!/bin/bash\necho \"$1\" >{self.folder}/limit\nexit 124\n")
        result = self.connect(1, timeout=7)
        self.assertEqual((result.data["connected"], result.data["error"]), (False, "no answer within 7 s"), result)
        with open(self.folder + "/limit", encoding="ascii") as file:
            self.assertEqual(file.read(), "7\n")

    def test_a_name_that_is_unknown_is_an_error(self):
        self.assertFailed(self.connect(80, host="no-such-host.invalid"), "nettest/unknown_host")

    def test_ports_and_timeouts_out_of_bounds_are_refused(self):
        for port in (0, -1, 65536, 1 << 40):
            self.assertFailed(self.connect(port), "nettest/invalid_port")
        for timeout in (0, -1, 31):
            self.assertFailed(self.connect(80, timeout=timeout), "nettest/invalid_timeout")

    def test_hosts_that_are_none_are_refused(self):
        for host in HOSTILE:
            self.assertFailed(self.connect(80, host=host), "nettest/invalid_host")

    def test_a_missing_port_is_told(self):
        result = self.run_agent("connect", {"host": "web"})
        self.assertEqual((result.kind, result.reply["statuscode"]), ("nettest/missing_input", 3))


class DnsTest(NettestTest):
    def dns(self, name, **inputs):
        return self.run_agent("dns", {"name": name, **inputs})

    def test_addresses_come_once_and_in_order(self):
        result = self.dns("web")
        self.assertOk(result)
        self.assertGreaterEqual(result.data.pop("time_ms"), 0)
        self.assertEqual(result.data, {"name": "web", "resolved": True, "addresses": ["2001:db8::1", "192.0.2.7"]})

    def test_types(self):
        self.assertEqual(self.dns("web", type="A").data["addresses"], ["192.0.2.7"])
        self.assertEqual(self.dns("web", type="AAAA").data["addresses"], ["2001:db8::1"])
        self.assertEqual(self.calls(), ["ahostsv4 -- web", "ahostsv6 -- web"])

    def test_a_mapped_address_is_no_aaaa(self):
        result = self.dns("old", type="AAAA")
        self.assertEqual((result.data["resolved"], result.data["addresses"]), (False, []), result)

    def test_no_address_is_a_finding(self):
        result = self.dns("nope")
        self.assertOk(result)
        self.assertEqual((result.data["resolved"], result.data["addresses"], result.message),
                         (False, [], "nope has no address here"))

    def test_a_resolver_that_fails_is_an_error(self):
        result = self.dns("broken")
        self.assertFailed(result, "nettest/resolver_failed")
        self.assertIn("no \ufffd configuration", result.error["message"])

    def test_names_and_types_that_are_none_are_refused(self):
        for name in HOSTILE:
            self.assertFailed(self.dns(name), "nettest/invalid_host")
        for kind in ("MX", "-s", "", "a"):
            self.assertFailed(self.dns("web", type=kind), "nettest/invalid_type")
        self.assertEqual(self.calls(), [])

    def test_the_real_resolver(self):
        os.unlink(os.path.join(self.bin, "getent"))
        self.assertEqual(self.dns("127.0.0.1").data["addresses"], ["127.0.0.1"])
