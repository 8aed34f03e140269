#!/usr/bin/python3
"""hocketd as an operator meets it: `hocketd check` before the start, and what it tells systemd.

    tests/system/service_test.py [-k PATTERN]
"""

import os
import signal
import socket
import subprocess
import threading
import unittest

from fleet import HOCKETD, Fleet, FleetTest, write
from ledger import Ledger
from processes import wait_until

WEB1 = "web1.example"
WATCHDOG_USEC = 200_000


class Check(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.ledger = Ledger(fleet)
        fleet.add_node(WEB1, [cls.ledger.agents])
        return fleet

    def setUp(self):
        self.node = self.fleet.nodes[WEB1]

    def check(self, change=lambda text: text):
        """`hocketd check` of the node's configuration, changed: exit code and output."""
        with open(self.node.config_file, encoding="utf-8") as file:
            text = file.read()
        file = write(os.path.join(self.node.folder, "changed.toml"), change(text))
        done = subprocess.run([HOCKETD, "check", "--config", file], stdout=subprocess.PIPE, text=True, check=False,
                              env=self.fleet.environment)
        return done.returncode, done.stdout

    def assert_problem(self, expected, code, out):
        self.assertEqual(code, 78, out)
        self.assertRegex(out, f"(?m)^error    .*{expected}")

    def test_a_node_in_order(self):
        code, out = self.check()
        self.assertEqual(code, 0, out)
        for part in (f"identity {WEB1}", r"1 pre-shared key\(s\)", r"1 agent\(s\)", f"broker {self.fleet.url}"):
            self.assertRegex(out, f"(?m)^ok       .*{part}")
        self.assertNotIn("error", out)

    def test_a_report_that_cannot_be_written_is_no_good_one(self):
        for words in (["check", "--config", self.node.config_file], ["--version"], ["--help"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([HOCKETD, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (70, "hocketd: cannot write to standard output\n"), words)

    def test_a_word_that_is_unknown(self):
        done = subprocess.run([HOCKETD, "nonsense"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertRegex(done.stderr, "^hocketd: .*nonsense; see: hocketd --help\n$")

    def test_a_key_that_is_unknown(self):
        self.assert_problem("'limits.grace_sm' is not a known key; did you mean 'grace_ms'",
                            *self.check(lambda text: text.replace("grace_ms", "grace_sm")))

    def test_a_key_file_that_others_may_read(self):
        key = os.path.join(self.node.folder, "keys", "ops.1.node")
        self.addCleanup(os.chmod, key, 0o600)
        os.chmod(key, 0o644)
        self.assert_problem(f"{key}.*chmod", *self.check())

    def test_an_agent_that_others_may_change(self):
        program = os.path.join(self.ledger.agents, "ledger", "ledger")
        self.addCleanup(os.chmod, program, 0o755)
        os.chmod(program, 0o777)
        self.assert_problem("agent 'ledger'.*chmod", *self.check())

    def test_an_audit_that_cannot_be_written(self):
        self.assert_problem("nowhere: .*audit", *self.check(lambda text: text.replace("audit.log", "nowhere/audit.log")))

    def test_a_folder_of_agents_that_is_missing(self):
        code, out = self.check(lambda text: text.replace(self.ledger.agents, "/nonexistent"))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, "(?m)^warning  /nonexistent: .*make it")

    def test_helpers_that_are_not_there(self):
        code, out = self.check(lambda text: text.replace("runner/helpers", "runner/nowhere"))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, "(?m)^warning  .*hocket-linger")

    def test_a_broker_that_is_not_there(self):
        code, out = self.check(lambda text: text.replace(self.fleet.url, "nats://127.0.0.1:1"))
        self.assertEqual(code, 69, out)
        self.assertRegex(out, r"(?m)^error    .*127.0.0.1:1: Connection refused; is nats-server running")
        self.assert_problem("is not one of NATS", *self.check(lambda text: text.replace("nats://", "http://")))

    def test_a_caller_without_a_key_or_without_a_rule(self):
        code, out = self.check(lambda text: text.replace("psk=ops", "psk=opps"))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"(?m)^warning  psk=ops has a key and no \[\[allow\]\] rule")
        self.assertRegex(out, r"(?m)^warning  an \[\[allow\]\] rule is for psk=opps, which has no key")

    def test_a_derived_key_that_passes_for_another(self):
        self.assert_problem(r"ops.1.node: .*derived for a node \(in runner.toml: derived_file\)",
                            *self.check(lambda text: text.replace("derived_file", "file")))

    def test_files_of_the_node_that_are_missing(self):
        code, out = self.check(lambda text: text.replace("facts.d", "nope.d").replace("classes.txt", "nope.txt"))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"(?m)^warning  \[facts\] folder: .*nope.d is not there")
        self.assertRegex(out, r"(?m)^warning  \[classes\] file: .*nope.txt: cannot be read")

    def test_a_configuration_that_is_missing(self):
        done = subprocess.run([HOCKETD, "-c", "/nonexistent.toml"], stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn("/nonexistent.toml: cannot open", done.stderr)

    def test_a_second_one_does_not_start(self):
        done = subprocess.run([HOCKETD, "-c", self.node.config_file], stderr=subprocess.PIPE, text=True, check=False,
                              env=self.fleet.environment, timeout=10)
        self.assertEqual(done.returncode, 78)
        self.assertIn(f"another hocketd (process {self.node.pid}) has this state_dir", done.stderr)

    def test_an_agent_that_cannot_be_loaded_is_not_called_absent(self):
        program = os.path.join(self.ledger.agents, "ledger", "ledger")
        self.addCleanup(self.node.reload)
        self.addCleanup(os.chmod, program, 0o755)
        os.chmod(program, 0o777)
        self.node.reload()
        answer = self.fleet.ops.rpc("ledger", "note", nodes=[WEB1])
        self.assertEqual(answer.outcomes, {WEB1: "unknown_agent"})
        self.assertIn("has an agent 'ledger' and cannot load it", answer.reply["statusmsg"])


class Systemd(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.ledger = Ledger(fleet)
        fleet.add_node(WEB1, [cls.ledger.agents])
        address = os.path.join(fleet.folder, "notify")
        cls.told = []
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listening.bind(address)
        reader = threading.Thread(target=cls.read, args=(listening,))
        reader.start()  # as systemd does: who does not read holds the sender up for a second
        cls.addClassCleanup(listening.close)
        cls.addClassCleanup(reader.join)
        fleet.environment.update(NOTIFY_SOCKET=address, WATCHDOG_USEC=str(WATCHDOG_USEC))
        return fleet

    @classmethod
    def read(cls, listening):
        """Until hocketd has stopped for good, and so says nothing for a while."""
        listening.settimeout(5)
        try:
            while True:
                cls.told.append(listening.recv(4096).decode())
        except TimeoutError:
            pass

    def setUp(self):
        self.node = self.fleet.nodes[WEB1]

    def await_told(self, state):
        wait_until(lambda: any(line.startswith(state) for line in list(self.told)), 10,
                   lambda: f"no {state} in {self.told}")

    def test_it_says_when_it_is_ready_reloads_and_lives(self):
        self.await_told("READY=1")
        self.await_told("WATCHDOG=1")
        self.told.clear()
        self.node.reload()
        self.await_told("RELOADING=1\nMONOTONIC_USEC=")
        self.await_told("READY=1")
        self.told.clear()
        self.await_told("WATCHDOG=1")

    def test_it_says_that_it_stops(self):
        self.node.stop(signal.SIGTERM)
        self.addCleanup(self.fleet.await_nodes)
        self.addCleanup(self.node.start)
        self.await_told("STOPPING=1")


if __name__ == "__main__":
    unittest.main()
