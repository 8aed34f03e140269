"""The agent `iptables`, on an iptables and an ip6tables of our own that keep their rules in a file each."""

import json
import os
import socket
import time

from harness import AgentTest

FAKE = r"""#!/usr/bin/python3 -ISB
import json, os, sys
FOLDER = %(folder)r
state = f"{FOLDER}/{os.path.basename(sys.argv[0])}"
with open(f"{state}.calls", "a", encoding="utf-8") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\n")
if os.path.exists(f"{state}.broken"):
    exec(open(f"{state}.broken", encoding="utf-8").read())
if sys.argv[1:3] != ["-w", "5"]:
    sys.exit("no -w")
command, *rest = sys.argv[3:]
lines = open(state, encoding="utf-8", errors="surrogateescape").read().splitlines()
rule = " ".join(rest)
if command == "-S" and not rest:
    sys.stdout.buffer.write("\n".join(lines).encode(errors="surrogateescape") + b"\n")
    sys.exit()
known = rest[0] == "INPUT" or f"-N {rest[0]}" in lines
if command == "-N" and not known:
    lines.insert(3, f"-N {rule}")
elif command == "-A" and known:
    lines.append(f"-A {rule}")
elif command == "-I" and known:
    at = [at for at, line in enumerate(lines) if line[:3] in ("-P ", "-N ")][-1] + 1
    lines.insert(at, f"-A {rule}")
elif command == "-D" and f"-A {rule}" in lines:
    lines.remove(f"-A {rule}")
else:
    print("iptables: Bad rule (does a matching rule exist in that chain?).", file=sys.stderr)
    sys.exit(1)
open(state, "w", encoding="utf-8", errors="surrogateescape").write("\n".join(lines) + "\n")
"""

EMPTY = ["-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-P OUTPUT ACCEPT"]


class IptablesTest(AgentTest):
    agent = "python/iptables/iptables"

    def setUp(self):
        super().setUp()
        self.config = {}
        self.search_path = self.bin  # the machine's own is out of reach
        for name in ("iptables", "ip6tables"):
            self.program(name, FAKE % {"folder": self.folder})
            self.rules(name, EMPTY)

    def rules(self, name, lines=None):
        path = os.path.join(self.folder, name)
        if lines is not None:
            with open(path, "wb") as file:
                file.write("\n".join(lines).encode(errors="surrogateescape") + b"\n")
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().splitlines()

    def calls(self, name="iptables"):
        """What changed something, or was to."""
        try:
            with open(f"{self.folder}/{name}.calls", encoding="utf-8") as file:
                return [call[2:] for call in map(json.loads, file) if call[2:] != ["-S"]]
        except FileNotFoundError:
            return []

    def breaks(self, code, name="iptables"):
        with open(f"{self.folder}/{name}.broken", "w", encoding="utf-8") as file:
            file.write(code)

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, **options):
        request = {"agent": "iptables", "action": action, "noop": noop, "inputs": inputs, "config": self.config,
                   "deadline": int((time.time() + seconds) * 1000)}
        return super().run_program(path, action, inputs, noop, seconds, stdin=json.dumps(request).encode() + b"\n", **options)

    def list(self, **options):
        return self.run_agent("list", **options)

    def block(self, address, **options):
        return self.run_agent("block", {"address": address}, **options)

    def unblock(self, address, **options):
        return self.run_agent("unblock", {"address": address}, **options)


class BlockTest(IptablesTest):
    def test_the_first_block_makes_the_chain_and_hooks_it(self):
        self.rules("iptables", [*EMPTY, "-A INPUT -p tcp -j ACCEPT"])
        result = self.block("192.0.2.7")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data, result.message), (True, {"network": "192.0.2.7"}, "blocked: 192.0.2.7"))
        self.assertEqual(self.rules("iptables"), [
            *EMPTY, "-N HOCKET", "-A INPUT -j HOCKET", "-A INPUT -p tcp -j ACCEPT", "-A HOCKET -s 192.0.2.7/32 -j DROP"])
        self.assertEqual(result.reply["diff"].split("\n"), [
            "+iptables -N HOCKET", "+iptables -A HOCKET -s 192.0.2.7/32 -j DROP", "+iptables -I INPUT -j HOCKET"])
        self.assertEqual(self.rules("ip6tables"), EMPTY)

    def test_a_second_one_only_adds_a_rule(self):
        self.block("192.0.2.7")
        result = self.block("198.51.100.0/24")
        self.assertEqual(result.reply["diff"], "+iptables -A HOCKET -s 198.51.100.0/24 -j DROP")

    def test_twice_is_once(self):
        self.block("192.0.2.7")
        before = self.rules("iptables")
        result = self.block("192.0.2.7/32")
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", False, "192.0.2.7 is blocked already"))
        self.assertEqual(self.rules("iptables"), before)
        self.assertEqual(len(self.calls()), 3)

    def test_ipv6_has_a_program_of_its_own(self):
        result = self.block("2001:DB8:0:0::1")
        self.assertEqual((result.outcome, result.data["network"]), ("ok", "2001:db8::1"))
        self.assertIn("-A HOCKET -s 2001:db8::1/128 -j DROP", self.rules("ip6tables"))
        self.assertEqual(self.rules("iptables"), EMPTY)
        self.assertFalse(self.block("2001:db8::1").changed)

    def test_a_lost_hook_is_put_back(self):
        self.block("192.0.2.7")
        self.rules("iptables", [line for line in self.rules("iptables") if line != "-A INPUT -j HOCKET"])
        result = self.block("192.0.2.7")
        self.assertEqual((result.changed, result.reply["diff"]), (True, "+iptables -I INPUT -j HOCKET"))

    def test_noop_changes_nothing(self):
        result = self.block("192.0.2.7", noop=True)
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", True, "noop: would be blocked: 192.0.2.7"))
        self.assertIn("+iptables -N HOCKET", result.reply["diff"])
        self.assertEqual((self.calls(), self.rules("iptables")), ([], EMPTY))
        self.block("192.0.2.7")
        self.assertFalse(self.block("192.0.2.7", noop=True).changed)

    def test_what_is_no_network_is_an_error(self):
        for address in ("", "-x", "--flush", "$(id)", "192.0.2.7\n", "192.0.2.7 -j ACCEPT", "192.0.2.7/33", "192.0.2.7/24", "192.0.2",
                        "192.0.2.07", "192.0.2.0/255.255.0.0 x", "::ffff:192.0.2.7", "fe80::1%eth0", "a\0b", "host.example", "3221225985x"):
            result = self.block(address)
            self.assertFailed(result, "iptables/invalid_address")
            self.assertEqual(result.reply["statuscode"], 4)
            self.assertFailed(self.unblock(address), "iptables/invalid_address")
        self.assertEqual(self.calls(), [])


class ProtectedTest(IptablesTest):
    def refused(self, address, kind, reason):
        for noop in (False, True):
            result = self.block(address, noop=noop)
            self.assertFailed(result, f"iptables/{kind}")
            self.assertIn(reason, result.message)
        self.assertEqual((self.calls(), self.calls("ip6tables")), ([], []))

    def test_wide_networks(self):
        for address in ("0.0.0.0/0", "192.0.0.0/15", "::/0", "2001:db8::/47"):
            self.refused(address, "too_wide", "wider than")
        for address in ("192.0.0.0/16", "2001:db8::/48"):
            self.assertOk(self.block(address, noop=True))

    def test_the_width_is_configured(self):
        self.config = {"widest_ipv4": 24, "widest_ipv6": 32}
        self.refused("192.0.2.0/23", "too_wide", "/24")
        self.assertOk(self.block("2001:db8::/32", noop=True))

    def test_the_loopback_and_what_sends_nothing(self):
        for address in ("127.0.0.1", "127.5.0.0/16", "::1"):
            self.refused(address, "protected", "the loopback")
        for address in ("0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1"):
            self.refused(address, "protected", "no source of packets")
        self.config = {"widest_ipv4": 0, "widest_ipv6": 0}
        for address in ("0.0.0.0/0", "::/0"):
            self.assertFailed(self.block(address), "iptables/protected")

    def test_connections_of_the_processes_above(self):
        for family, address in ((socket.AF_INET, "127.0.0.9"), (socket.AF_INET6, "::1")):
            try:
                server = socket.create_server((address, 0), family=family)
            except OSError:
                continue  # no IPv6 here
            with server, socket.create_connection(server.getsockname()[:2]):
                self.refused(address, "protected", f"has a connection with {address}")
        self.refused("127.0.0.9", "protected", "the loopback")

    def test_what_the_configuration_names(self):
        self.config = {"protected": ["198.51.100.0/24", "2001:db8:ff::/64"]}
        for address in ("198.51.100.7", "198.51.0.0/16", "2001:db8:ff::1"):
            self.refused(address, "protected", "configuration protects")
        self.assertOk(self.block("203.0.113.1", noop=True))

    def test_a_wrong_configuration_is_named(self):
        for config in ({"protected": ["10.0.0.1/8"]}, {"protected": "10.0.0.0/8"}, {"widest_ipv4": "16"}):
            self.config = config
            self.assertFailed(self.block("192.0.2.7"), "iptables/invalid_config")
        self.assertEqual(self.calls(), [])

    def test_only_so_many(self):
        self.config = {"at_most": 2}
        self.assertOk(self.block("192.0.2.1"))
        self.assertOk(self.block("192.0.2.2"))
        self.assertFailed(self.block("192.0.2.3"), "iptables/full")
        self.assertOk(self.block("192.0.2.2"))
        self.assertOk(self.block("2001:db8::1"))


class UnblockTest(IptablesTest):
    def test_it_takes_back_one_block(self):
        self.block("192.0.2.7")
        self.block("192.0.2.8")
        result = self.unblock("192.0.2.7")
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", True, "unblocked: 192.0.2.7"))
        self.assertEqual(result.reply["diff"], "-iptables -D HOCKET -s 192.0.2.7/32 -j DROP")
        self.assertEqual(self.list().data["blocked"], ["192.0.2.8"])
        result = self.unblock("192.0.2.7")
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", False, "192.0.2.7 is not blocked itself"))

    def test_nothing_is_made_for_it(self):
        self.assertFalse(self.unblock("2001:db8::1").changed)
        self.assertEqual((self.calls("ip6tables"), self.rules("ip6tables")), ([], EMPTY))

    def test_noop_changes_nothing(self):
        self.block("192.0.2.7")
        before = self.rules("iptables")
        result = self.unblock("192.0.2.7", noop=True)
        self.assertEqual((result.changed, result.message), (True, "noop: would be unblocked: 192.0.2.7"))
        self.assertEqual(self.rules("iptables"), before)

    def test_a_rule_that_is_there_twice_goes_twice(self):
        rule = "-A HOCKET -s 192.0.2.7/32 -j DROP"
        self.rules("iptables", [*EMPTY, "-N HOCKET", "-A INPUT -j HOCKET", rule, rule])
        self.assertOk(self.unblock("192.0.2.7"))
        self.assertEqual(self.rules("iptables"), [*EMPTY, "-N HOCKET", "-A INPUT -j HOCKET"])

    def test_a_wider_block_is_told(self):
        self.block("192.0.2.0/24")
        result = self.unblock("192.0.2.7")
        self.assertEqual((result.changed, result.message),
                         (False, "192.0.2.7 is not blocked itself; 192.0.2.7 stays blocked by 192.0.2.0/24"))


class ListTest(IptablesTest):
    def test_nothing(self):
        self.assertEqual(self.list().data, {"blocked": [], "count": 0, "truncated": False, "others": 0, "active": True,
                                            "programs": ["iptables", "ip6tables"]})
        self.assertEqual(self.calls(), [])

    def test_both_families_in_order(self):
        for address in ("192.0.2.9", "2001:db8::1", "192.0.2.0/28", "10.1.0.0/16"):
            self.assertOk(self.block(address))
        result = self.list()
        self.assertEqual(result.data["blocked"], ["10.1.0.0/16", "192.0.2.0/28", "192.0.2.9", "2001:db8::1"])
        self.assertEqual((result.data["count"], result.data["active"]), (4, True))

    def test_a_chain_that_is_not_hooked_is_not_active(self):
        self.rules("iptables", [*EMPTY, "-N HOCKET", "-A HOCKET -s 192.0.2.7/32 -j DROP"])
        self.assertFalse(self.list().data["active"])

    def test_rules_of_others_are_counted_and_kept(self):
        foreign = ["-A HOCKET -p tcp -m comment --comment \udcff -j ACCEPT", "-A HOCKET -s 192.0.2.0/255.0.255.0 -j DROP"]
        self.rules("iptables", [*EMPTY, "-N HOCKET", "-A INPUT -j HOCKET", *foreign, "-A OTHER -s 192.0.2.1/32 -j DROP"])
        self.assertEqual((self.list().data["others"], self.list().data["count"]), (2, 0))
        self.assertOk(self.block("192.0.2.7"))
        self.assertTrue(set(foreign) <= set(self.rules("iptables")))

    def test_long_lists_are_cut(self):
        rules = [f"-A HOCKET -s 10.0.{number // 256}.{number % 256}/32 -j DROP" for number in range(2001)]
        self.rules("iptables", [*EMPTY, "-N HOCKET", "-A INPUT -j HOCKET", *rules])
        result = self.list()
        self.assertEqual((len(result.data["blocked"]), result.data["count"], result.data["truncated"]), (2000, 2001, True))


class FailureTest(IptablesTest):
    def test_a_program_is_missing(self):
        os.unlink(self.bin + "/ip6tables")
        self.assertEqual(self.list().data["programs"], ["iptables"])
        self.assertFailed(self.block("2001:db8::1"), "iptables/not_installed")
        self.assertOk(self.block("192.0.2.7"))
        os.unlink(self.bin + "/iptables")
        self.assertFailed(self.list(), "iptables/not_installed")

    def test_reasons_are_told(self):
        for reason, kind in (("Fatal: can't open lock file /run/xtables.lock: Permission denied", "not_permitted"),
                             ("Could not fetch rule set generation id: Operation not permitted", "not_permitted"),
                             ("Another app is currently holding the xtables lock; still 1s 0us time ahead", "locked"),
                             ("something else \\udcff", "failed"), ("", "failed")):
            self.breaks(f"sys.stderr.buffer.write({reason!r}.encode(errors='surrogateescape'))\nsys.exit(4)".replace("\\\\u", "\\u"))
            for result in (self.list(), self.block("192.0.2.7"), self.unblock("192.0.2.7")):
                self.assertFailed(result, f"iptables/{kind}")
                self.assertEqual(result.error["details"], {"exit_code": 4})
        self.assertIn("no reason given", result.message)

    def test_a_step_that_fails_is_an_error_and_the_next_call_goes_on(self):
        self.breaks("if '-I' in sys.argv: sys.exit(2)")
        self.assertFailed(self.block("192.0.2.7"), "iptables/failed")
        self.breaks("")
        result = self.block("192.0.2.7")
        self.assertEqual(result.reply["diff"], "+iptables -I INPUT -j HOCKET")
        self.assertTrue(self.list().data["active"])

    def test_the_deadline_ends_the_wait(self):
        self.breaks("import time; time.sleep(10)")
        start = time.monotonic()
        self.assertFailed(self.list(seconds=1.5), "iptables/timeout")
        self.assertLess(time.monotonic() - start, 5)
