#!/usr/bin/python3
"""Programs that know nothing of Hocket as agents: Debian's monitoring plugins, with nothing but a DDL beside them.

    tests/system/plugins_test.py [-k PATTERN]

Skipped without the package monitoring-plugins-basic.
"""

import os
import shutil
import subprocess
import unittest

from fleet import Fleet, FleetTest, write

PLUGINS = "/usr/lib/nagios/plugins"
NODE = "web1.example"
SLEEPER = "hocket-napper"  # a process is called so; no longer than 15 bytes

# A check that warns has worked: its state is an output. Only 3, UNKNOWN, is a failure. Inputs become arguments, and a
# pattern takes the outputs from the line for people.
DDL = r"""
metadata:
  name: plugins
  description: Monitoring plugins
  author: The Hocket authors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io
  timeout: 20
run:
  contract: script
  exit_codes: {0: ok, 1: ok, 2: ok, 3: failed}
actions:
  - action: disk
    description: Free space of a file system
    safety: read_only
    command: [/usr/lib/nagios/plugins/check_disk, -w, '{warning}%', -c, '{critical}%', -p, '{path}']
    result: regex
    pattern: '^DISK (?P<state>\w+) - (free space: \S+ (?P<free_mib>\d+) ?MiB \((?P<free_percent>\d+)%|(?P<problem>[^|\n]+))'
    input:
      path: {prompt: Path, description: a path on it, type: string, maxlength: 256}
      warning: {prompt: Warning, description: percent free, type: integer, default: 20}
      critical: {prompt: Critical, description: percent free, type: integer, default: 10}
    output:
      state: {description: what it is, display_as: State, type: string}
      free_mib: {description: free space, display_as: Free (MiB), type: integer}
      free_percent: {description: free space, display_as: Free (%), type: integer}
      problem: {description: why nothing can be said, display_as: Problem, type: string}

  - action: load
    description: Load average
    safety: read_only
    command: [/usr/lib/nagios/plugins/check_load, '{per_core?-r}', -w, '{warning}', -c, '{critical}']
    result: regex
    pattern: '^LOAD (?P<state>\w+) - .*load average: (?P<load1>[\d.]+), (?P<load5>[\d.]+), (?P<load15>[\d.]+)'
    input:
      per_core: {prompt: Per core, description: divide by the cores, type: boolean, optional: true}
      warning: {prompt: Warning, description: highest that is fine, type: number}
      critical: {prompt: Critical, description: highest that only warns, type: number}
    output:
      state: {description: what it is, display_as: State, type: string}
      load1: {description: of one minute, display_as: 1 min, type: float}
      load5: {description: of five minutes, display_as: 5 min, type: float}
      load15: {description: of fifteen minutes, display_as: 15 min, type: float}

  - action: processes
    description: How many processes there are
    safety: read_only
    command: [/usr/lib/nagios/plugins/check_procs, -w, '{warning}', -c, '{critical}', -C, '{name}']
    result: regex
    pattern: '^PROCS (?P<state>\w+): (?P<count>\d+) process'
    input:
      name: {prompt: Name, description: only those with this name, type: string, maxlength: 15, optional: true}
      warning: {prompt: Warning, description: range that is fine, type: string, maxlength: 20, validation: '^[0-9:]+$'}
      critical: {prompt: Critical, description: range that only warns, type: string, maxlength: 20,
                 validation: '^[0-9:]+$'}
    output:
      state: {description: what it is, display_as: State, type: string}
      count: {description: how many, display_as: Processes, type: integer}

  - action: dummy
    description: Says what it is told to say
    safety: read_only
    command: [/usr/lib/nagios/plugins/check_dummy, '{code}', '{text}']
    input: &told
      code: {prompt: Code, description: its exit code, type: integer}
      text: {prompt: Text, description: what it says, type: string, maxlength: 100, optional: true}
    output: &said
      stdout: {description: what it said, display_as: Said, type: string}
      exitcode: {description: its exit code, display_as: Exit code, type: integer}

  - action: must_be_ok
    description: The same, but whatever is not OK is a failure
    safety: read_only
    command: [/usr/lib/nagios/plugins/check_dummy, '{code}', '{text}']
    exit_codes: {0: unchanged}
    input: *told
    output: *said
"""


@unittest.skipUnless(os.access(os.path.join(PLUGINS, "check_disk"), os.X_OK), "no monitoring-plugins-basic")
class Plugins(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = os.path.join(fleet.folder, "agents")
        write(os.path.join(agents, "plugins", "plugins.yaml"), DDL)
        fleet.add_node(NODE, [agents])
        return fleet

    def call(self, action, *inputs):
        return self.fleet.ops.rpc("plugins", action, *inputs, nodes=[NODE])

    def ok(self, action, *inputs):
        """The outputs."""
        answer = self.call(action, *inputs)
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        return answer.data

    def test_the_node_takes_the_agent_without_a_word(self):
        lines = [line for line in self.fleet.nodes[NODE].log().splitlines() if "plugins" in line]
        self.assertFalse([line for line in lines if "warn" in line or "error" in line], lines)

    def test_disk(self):
        size = shutil.disk_usage("/")
        data = self.ok("disk", "path=/", "warning=0", "critical=0")
        self.assertEqual(set(data), {"state", "free_mib", "free_percent"})
        self.assertEqual(data["state"], "OK")
        self.assertLess(abs(data["free_mib"] - size.free / 2**20), size.total / 2**20 / 20)

    def test_a_warning_has_worked(self):
        self.assertEqual(self.ok("disk", "path=/", "warning=100", "critical=0")["state"], "WARNING")
        self.assertEqual(self.ok("disk", "path=/", "warning=100", "critical=100")["state"], "CRITICAL")

    def test_a_group_that_took_no_part_is_no_output(self):
        data = self.ok("disk", "path=/nonexistent")
        self.assertEqual(set(data), {"state", "problem"})
        self.assertIn("/nonexistent", data["problem"])

    def test_load(self):
        data = self.ok("load", "warning=1000", "critical=2000.5")
        self.assertEqual(data["state"], "OK")
        self.assertTrue(all(isinstance(data[each], float) for each in ("load1", "load5", "load15")), data)
        self.assertEqual(self.ok("load", "warning=0", "critical=1000", "per_core=true")["state"], "WARNING")

    def test_processes(self):
        one = ["processes", "warning=1:1", "critical=1:", f"name={SLEEPER}"]
        self.assertEqual(self.ok(*one), {"state": "CRITICAL", "count": 0})
        program = shutil.copy(shutil.which("sleep"), os.path.join(self.fleet.folder, SLEEPER))
        sleepers = []
        try:
            for state in ("OK", "WARNING"):
                sleepers.append(subprocess.Popen([program, "60"]))
                self.assertEqual(self.ok(*one), {"state": state, "count": len(sleepers)})
        finally:
            for sleeper in sleepers:
                sleeper.kill()
                sleeper.wait()
        self.assertGreater(self.ok("processes", "warning=1:", "critical=1:")["count"], 3)

    def test_exit_codes(self):
        for code, word in enumerate(("OK", "WARNING", "CRITICAL")):
            with self.subTest(word):
                self.assertEqual(self.ok("dummy", f"code={code}", "text=it's $(id)"),
                                 {"stdout": f"{word}: it's $(id)\n", "exitcode": code})
        self.assert_failed(self.call("dummy", "code=3"), 3, "UNKNOWN\n")

    def test_an_action_may_have_exit_codes_of_its_own(self):
        answer = self.call("must_be_ok", "code=0")
        self.assertEqual((answer.code, answer.reply["changed"]), (0, False), answer)
        for code, word in ((1, "WARNING"), (2, "CRITICAL"), (3, "UNKNOWN")):
            with self.subTest(word):
                self.assert_failed(self.call("must_be_ok", f"code={code}", "text=why"), code, f"{word}: why\n")

    def assert_failed(self, answer, code, said):
        self.assertEqual(answer.outcomes, {NODE: "failed"}, answer)
        self.assertEqual(answer.reply["error"]["kind"], f"plugins/exit_{code}")
        self.assertEqual(answer.data, {"stdout": said, "exitcode": code})

    def test_no_input_becomes_an_option(self):
        for action, *inputs in (("disk", "path=--help"), ("dummy", "code=0", "text=-V"), ("dummy", "code=-1")):
            with self.subTest(inputs):
                answer = self.call(action, *inputs)
                self.assertEqual(answer.outcomes, {NODE: "invalid"}, answer)

    def test_unknown_is_a_failure(self):
        answer = self.call("load", "warning=2", "critical=1")  # it says that this makes no sense, and ends with 3
        self.assertEqual(answer.outcomes, {NODE: "failed"}, answer)
        self.assertEqual(answer.reply["error"]["kind"], "plugins/exit_3")


if __name__ == "__main__":
    unittest.main()
