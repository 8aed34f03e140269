#!/usr/bin/python3
"""Programs that know nothing of Hocket as agents: Debian's monitoring plugins, with nothing but a DDL beside them: by the
contract `script`, and by `nagios`, under which each of them is a line.

    tests/system/plugins_test.py [-k PATTERN]

And by `nagios` one that reports all that it finds. The others are skipped without the package monitoring-plugins-basic.
"""

import json
import os
import pwd
import shutil
import subprocess
import unittest

from fleet import BUILD, Fleet, FleetTest, as_user, write
from small_agents import PYTHON

PLUGINS = "/usr/lib/nagios/plugins"
NODE = "web1.example"
HOCKETC = os.path.join(BUILD, "ddl-compiler", "hocketc")
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

# A line each, in a folder that has the plugins; only what is to be aggregated, or has an input of another type, is more.
CHECKS = r"""
metadata: {name: checks, description: Checks of this node, author: The Hocket authors, license: Apache-2.0, version: "1.0.0",
           url: "https://hocket.io", timeout: 20}
run: {contract: nagios}
actions:
  - {action: disk, command: [plugins/check_disk, -w, '{warning}', -c, '{critical}', -p, '{path}']}
  - {action: procs, command: [plugins/check_procs, -w, '{warning}', -c, '{critical}']}
  - {action: users, command: [plugins/check_users, -w, '{warning}', -c, '{critical}']}
  - {action: swap, command: [plugins/check_swap, -w, '{warning}', -c, '{critical}']}
  - {action: dummy, command: [plugins/check_dummy, '{code}', '{text}']}
  - {action: file_age, command: [plugins/check_file_age, -w, '{warning}', -c, '{critical}', '{path}']}
  - {action: tcp, command: [plugins/check_tcp, -H, 127.0.0.1, -p, '{port}']}
  - {action: ssh, command: [plugins/check_ssh, -p, '{port}', 127.0.0.1]}
  - {action: http, command: [plugins/check_http, -H, 127.0.0.1, -p, '{port}']}
  - {action: cluster, command: [plugins/check_cluster, -s, -d, '{states}', -l, '{label}', -c, '{critical}']}
  - {action: sensors, command: [plugins/check_sensors]}
  - action: load
    command: [plugins/check_load, '{per_core?-r}', -w, '{warning}', -c, '{critical}']
    input: {per_core: {prompt: Per core, description: divide by the cores, type: boolean, optional: true}}
    output: {load1: {description: of one minute, display_as: 1 min, type: float}}
    aggregate: [{function: max, args: [load1]}, {function: summary, args: [status]}]
"""

# Everything that a plugin is given, for a golden list. What a `|` begins would be no text.
WITNESS = PYTHON + r"""import json, os, sys
def lines_of(name):
    return dict(line.partition(":\t")[::2] for line in open(f"/proc/self/{name}").read().splitlines())
descriptors = {}
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        descriptors[number] = os.readlink(f"/proc/self/fd/{number}").partition(":")[0]
    except OSError:
        pass  # the one by which it was listed
status = lines_of("status")
variables = dict(each.partition("=")[::2] for each in open("/proc/self/environ").read().split("\0")[:-1])
print("WITNESS OK\n" + json.dumps({
    "argv": sys.argv, "variables": variables, "stdin": sys.stdin.read(), "descriptors": descriptors, "cwd": os.getcwd(),
    "user": os.getuid(), "groups": sorted({os.getgid(), *os.getgroups()}), "leads_its_session": os.getsid(0) == os.getpid(),
    **{name: status[name] for name in ("Umask", "SigBlk", "NoNewPrivs")}}))
"""
IS_ROOT = os.geteuid() == 0
WITNESS_DDL = r"""
metadata: {name: witness, description: Tells what it finds, author: The Hocket authors, license: Apache-2.0, version: "1.0.0",
           url: "https://hocket.io", timeout: 20}
run: {contract: nagios}
actions:
  - action: report
    command: [bin/witness, --mode, '{action}', --loud, '{loud?-v}', --text, '{text}', --number, '{number}', --, '{list...}']
    stdin: '{secret}'
    input:
      loud: {prompt: Loud, description: says more, type: boolean}
      number: {prompt: Number, description: left out, type: integer, optional: true}
      list: {prompt: List, description: an argument each, type: array}
      secret: {prompt: Secret, description: on standard input alone, type: string, maxlength: 100, sensitive: true}
"""


class PluginsTest(FleetTest):
    agent = None

    def call(self, action, *inputs, options=()):
        return self.fleet.ops.rpc(self.agent, action, *inputs, nodes=[NODE], options=options)

    def ok(self, action, *inputs):
        """The outputs."""
        answer = self.call(action, *inputs)
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        return answer.data


class Witness(PluginsTest):
    """The golden list of contract `nagios`."""

    agent = "witness"

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = os.path.join(fleet.folder, "agents")
        write(os.path.join(agents, "witness", "witness.yaml"), WITNESS_DDL)
        cls.program = write(os.path.join(agents, "witness", "bin", "witness"), WITNESS, 0o755)
        fleet.add_node(NODE, [agents], **(as_user("witness") if IS_ROOT else {}))
        return fleet

    def test_a_plugin_finds_what_the_contract_says(self):
        secret = write(os.path.join(self.fleet.folder, "secret"), "hunter22")
        data = self.ok("report", "loud=true", "text=a b", 'list=["x", "-y"]', f"secret=@{secret}")
        self.assertEqual((data["text"], data["status"], data["exitcode"], data["perfdata"]), ("WITNESS OK", "OK", 0, []))
        seen = json.loads(data["details"])
        user = pwd.getpwnam("nobody") if IS_ROOT else pwd.getpwuid(os.getuid())
        self.assert_variables(seen.pop("variables"), user.pw_dir)
        self.assertEqual(seen, {
            "argv": [self.program, "--mode", "report", "--loud", "-v", "--text", "a b", "--", "x", "-y"],
            "stdin": "hunter22", "descriptors": {"0": "/memfd", "1": "pipe", "2": "pipe"}, "cwd": "/",
            "user": user.pw_uid, "groups": sorted(os.getgrouplist(user.pw_name, user.pw_gid)), "leads_its_session": True,
            "Umask": "0022", "SigBlk": 16 * "0", "NoNewPrivs": "1"})

    def assert_variables(self, variables, home):
        for name, pattern in (("HOCKET_DEADLINE", "[0-9]{13}"), ("HOCKET_EXECUTION_ID", "[0-9A-Z]{26}"),
                              ("HOCKET_REQUEST_ID", "[0-9A-Z]{26}")):
            self.assertRegex(variables.pop(name), f"^{pattern}$", name)
        self.assertEqual(variables, {
            "HOCKET_PROTOCOL": "1", "HOCKET_CONTRACT": "nagios", "HOCKET_AGENT": "witness", "HOCKET_ACTION": "report",
            "HOCKET_CALLER": "psk=ops", "HOCKET_NOOP": "false", "HOCKET_INPUT_LOUD": "true", "HOCKET_INPUT_TEXT": "a b",
            "HOCKET_INPUT_LIST": '["x","-y"]', "HOCKET_INPUT_OMITTED": "secret", "HOME": home, "LANG": "C.UTF-8",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONUNBUFFERED": "1", "TMPDIR": "/tmp"})


@unittest.skipUnless(os.access(os.path.join(PLUGINS, "check_disk"), os.X_OK), "no monitoring-plugins-basic")
class Checks(PluginsTest):
    agent = "checks"

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = os.path.join(fleet.folder, "agents")
        write(os.path.join(agents, "checks", "checks.yaml"), CHECKS)
        os.symlink(PLUGINS, os.path.join(agents, "checks", "plugins"))
        fleet.add_node(NODE, [agents])
        return fleet

    def assert_state(self, action, *inputs, status, text):
        data = self.ok(action, *inputs)
        states = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
        self.assertEqual((data["status"], states[data["exitcode"]]), (status, status), data)
        self.assertRegex(data["text"], text)
        return data

    def test_what_a_plugin_finds_out_is_its_output(self):
        self.assert_state("procs", "warning=0:9999999", status="OK", text="^PROCS OK: [0-9]+ processes$")
        self.assert_state("users", "warning=9999", "critical=9999", status="OK", text="^USERS OK")
        self.assert_state("file_age", "warning=1", "critical=1", "path=/etc/hostname", status="CRITICAL", text="seconds old")
        self.assert_state("tcp", "port=1", status="CRITICAL", text="refused")
        self.assert_state("ssh", "port=1", status="CRITICAL", text="refused")
        self.assert_state("http", "port=1", status="CRITICAL", text="refused")
        self.assert_state("cluster", "states=0,0", "label=web", "critical=1", status="OK", text="^CLUSTER OK: web: 2 ok")
        self.assert_state("sensors", status="UNKNOWN", text="^SENSORS UNKNOWN")
        for code, status in enumerate(("OK", "WARNING", "CRITICAL", "UNKNOWN")):
            self.assert_state("dummy", f"code={code}", "text=said", status=status, text=f"^{status}: said$")

    def test_its_usage_is_detail_and_its_state_unknown(self):
        data = self.assert_state("swap", "warning=nonsense", status="UNKNOWN", text="Could not parse arguments")
        self.assertIn("Usage:", data["details"])

    def test_what_it_measured_is_numbers(self):
        data = self.assert_state("disk", "warning=0%", "critical=0%", "path=/", status="OK", text="^DISK OK")
        root, = data["perfdata"]
        self.assertEqual((root["label"], root["unit"], root["minimum"]), ("/", "B", 0))
        self.assertTrue(0 < root["value"] < root["maximum"], root)

    def test_a_measurement_becomes_the_output_of_its_name_and_is_aggregated(self):
        answer = self.call("load", "per_core=true", "warning=1000", "critical=1001")
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        self.assertEqual(answer.data["load1"], answer.data["perfdata"][0]["value"])
        self.assertEqual({entry["function"] for entry in answer.document["summaries"]}, {"max", "summary"})

    def test_states_are_summed_up_unless_it_says_otherwise(self):
        summary, = self.call("dummy", "code=1", "text=x").document["summaries"]
        self.assertEqual((summary["function"], summary["output"]), ("summary", "status"), summary)

    def test_no_shell_sees_what_is_given(self):
        self.assertEqual(self.call("dummy", "code=0", "text=$(id)").code, 65)  # the client refuses it: shellsafe

    def test_a_description_of_lines_has_no_faults(self):
        ended = subprocess.run([HOCKETC, "check", os.path.join(self.fleet.folder, "agents", "checks", "checks.yaml")],
                               capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)


@unittest.skipUnless(os.access(os.path.join(PLUGINS, "check_disk"), os.X_OK), "no monitoring-plugins-basic")
class Plugins(PluginsTest):
    agent = "plugins"

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = os.path.join(fleet.folder, "agents")
        write(os.path.join(agents, "plugins", "plugins.yaml"), DDL)
        fleet.add_node(NODE, [agents])
        return fleet


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
