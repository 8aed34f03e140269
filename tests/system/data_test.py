#!/usr/bin/python3
"""Data plugins: the built-in ones, and programs of each contract that answer one query, asked through rpcutil.

    tests/system/data_test.py [-k PATTERN]
"""

import hashlib
import json
import os
import time
import unittest

from fleet import EXAMPLES, Fleet, FleetTest, write
from processes import wait_until
from small_agents import PYTHON

NODE = "web1.example"
STRICT = "web2.example"  # its rules name agents
IS_ROOT = os.geteuid() == 0

HEAD = """kind: data
metadata: {name: %s, description: D, author: A, license: L, version: "1", url: U, timeout: %d}
"""
QUERY = "query: {prompt: Q, description: D, type: %s, optional: true%s}\n"
OUTPUT = "  %s: {description: D, display_as: O, type: %s}\n"

# Says how often it was asked, so that an answer that was kept is seen.
COUNT = PYTHON + """import json, os, sys
request = json.loads(sys.stdin.readline())
with open(request["config"]["file"], "a+", encoding="utf-8") as file:
    file.write("x")
    file.flush()
    asked = file.tell()
query = request["inputs"].get("query")
if query == 13:
    reply = {"statuscode": 1, "error": {"kind": "count/unlucky", "message": "not that one", "details": {}}}
else:
    reply = {"statuscode": 0, "data": {
        "asked": asked, "query": query, "agent": request["agent"], "action": request["action"], "caller": request["caller"],
        "variable": os.environ["HOCKET_ACTION"]}}
print(json.dumps(reply))
"""
WORKER = PYTHON + """import json, os, sys
replies = os.fdopen(3, "w")
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "statuscode": 0, "data": {"pid": os.getpid()}}), file=replies, flush=True)
"""
CHORIA = PYTHON + """import json, os
with open(os.environ["CHORIA_EXTERNAL_REQUEST"], encoding="utf-8") as file:
    request = json.load(file)
with open(os.environ["CHORIA_EXTERNAL_REPLY"], "w", encoding="utf-8") as file:
    json.dump({"statuscode": 0, "statusmsg": "OK", "data": {"said": request["data"]["query"] + " " + request["action"]}}, file)
"""
SHIPPED = [os.path.join(EXAMPLES, language, "data") for language in ("bash", "python")]
POWERFUL = """metadata: {name: powerful, description: D, author: A, license: L, version: "1", url: U, timeout: 5}
run: {contract: script, command: [/bin/echo]}
allow: by_name
actions:
  - {action: go, description: D, output: {stdout: {description: D, display_as: O, type: string}}}
"""


class DataTest(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.folder = os.path.join(fleet.folder, "data")
        cls.counted = os.path.join(fleet.folder, "counted")
        outputs = "".join(OUTPUT % (name, kind) for name, kind in (
            ("asked", "integer"), ("query", "integer"), ("agent", "string"), ("action", "string"), ("caller", "string"),
            ("variable", "string")))
        cls.add("count", "run: {contract: json}\n" + QUERY % ("integer", "") + "output:\n" + outputs, COUNT)
        cls.add("kept", "run: {contract: json}\nttl: 60\n" + QUERY % ("integer", "") +
                "output:\n" + outputs, COUNT)
        cls.add("brief", "run: {contract: json}\nttl: 1\noutput:\n" + outputs, COUNT)
        cls.add("warm", "run: {contract: worker}\noutput:\n" + OUTPUT % ("pid", "integer"), WORKER)
        cls.add("external", "run: {contract: choria}\n" + QUERY % ("string", ", maxlength: 9") + "output:\n" +
                OUTPUT % ("said", "string"), CHORIA)
        cls.add("check", "run: {contract: nagios, command: [/usr/lib/nagios/plugins/check_dummy, '{query}']}\n" +
                QUERY % ("string", ", maxlength: 1, validation: '^[0-3]$'"))
        cls.add("slow", "run: {contract: script, command: [/bin/sleep, '60']}\noutput: {}\n", timeout=1)
        cls.add("broken", "run: {contract: bolt}\noutput: {}\n")
        cls.agents = os.path.join(fleet.folder, "agents")
        write(os.path.join(cls.agents, "powerful", "powerful.yaml"), POWERFUL)
        # An agent of the same name is another thing.
        write(os.path.join(cls.agents, "count", "count.yaml"), POWERFUL.replace("powerful", "count").replace("by_name", "any"))
        config = {"file": cls.counted}
        fleet.add_node(NODE, [cls.agents], facts={"rack": "r1", "os": {"family": "Debian"}},
                       data={"folders": [cls.folder, *SHIPPED]},
                       **{f"data.{name}.config": config for name in ("count", "kept", "brief")})
        strict = {"allow": [{"callers": ["*"], "agents": ["*"]}, {"callers": ["psk=ops"], "agents": ["powerful"]}]}
        fleet.add_node(STRICT, [cls.agents], **strict, **({"data.fstat": {"run_as_user": "root"}} if IS_ROOT else {}))
        return fleet

    @classmethod
    def add(cls, name, text, program=None, timeout=5):
        if program:
            write(os.path.join(cls.folder, name, name), program, 0o755)
        write(os.path.join(cls.folder, name, f"{name}.yaml"), HEAD % (name, timeout) + text)

    def ask(self, source, *query, node=NODE):
        inputs = [f"source={source}", *(f"query={each}" for each in query)]
        return self.fleet.ops.rpc("rpcutil", "get_data", *inputs, nodes=[node])

    def ok(self, source, *query, node=NODE):
        answer = self.ask(source, *query, node=node)
        self.assertEqual(answer.outcomes, {node: "ok"}, answer)
        return answer.data

    def sleeping(self):
        lines = []
        for pid in self.fleet.nodes[NODE].children():
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                lines.append(file.read())
        return [line for line in lines if "sleep" in line]

    # ---- those that are part of hocketd

    def test_fact(self):
        self.assertEqual(self.ok("fact", "rack"), {"exists": True, "value": "r1", "value_encoding": None})
        self.assertEqual(self.ok("fact", "os.family")["value"], "Debian")
        structure = self.ok("fact", "os")
        self.assertEqual((json.loads(structure["value"]), structure["value_encoding"]), ({"family": "Debian"}, "application/json"))
        self.assertEqual(self.ok("fact", "none"), {"exists": False, "value": None, "value_encoding": None})

    def test_agent(self):
        found = self.ok("agent", "powerful")
        self.assertEqual((found["present"], found["version"], found["timeout"]), (True, "1", 5))
        self.assertEqual(self.ok("agent", "none")["present"], False)

    def test_collective(self):
        self.assertEqual([self.ok("collective", name)["member"] for name in ("main", "other")], [True, False])

    def test_fstat(self):
        path = write(os.path.join(self.fleet.folder, "some file"), "content", 0o644)
        os.utime(path, (1_000_000_000, 1_000_000_000))
        found = self.ok("fstat", path)
        self.assertEqual({key: found[key] for key in ("name", "output", "present", "type", "mode", "size", "mtime_seconds")},
                         {"name": path, "output": "present", "present": 1, "type": "file", "mode": "100644", "size": 7,
                          "mtime_seconds": 1_000_000_000})
        self.assertEqual((found["md5"], found["sha256"]),
                         (hashlib.md5(b"content").hexdigest(), hashlib.sha256(b"content").hexdigest()))
        self.assertGreater(found["mtime_age"], 700_000_000)
        self.assertEqual((found["uid"], found["gid"]), (os.getuid(), os.getgid()))
        self.assertEqual(self.ok("fstat", self.fleet.folder)["type"], "directory")
        self.assertEqual(self.ok("fstat", "/dev/null")["type"], "chardev")
        absent = self.ok("fstat", path + "s")
        self.assertEqual((absent["present"], absent["type"], absent["md5"]), (0, "unknown", ""))

    def test_fstat_neither_follows_links_nor_waits(self):
        link, pipe = os.path.join(self.fleet.folder, "link"), os.path.join(self.fleet.folder, "pipe")
        os.symlink("/etc/passwd", link)
        os.mkfifo(pipe)
        self.assertEqual([(self.ok("fstat", path)["type"], self.ok("fstat", path)["md5"]) for path in (link, pipe)],
                         [("symlink", ""), ("fifo", "")])

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_fstat_sees_what_everybody_may_see_unless_told_otherwise(self):
        path = write(os.path.join(self.fleet.folder, "secret"), "secret", 0o600)
        found = self.ok("fstat", path)
        self.assertEqual((found["present"], found["size"], found["md5"], found["sha256"]), (1, 6, "", ""))
        self.assertNotEqual(self.ok("fstat", path, node=STRICT)["md5"], "")
        closed = write(os.path.join(self.fleet.folder, "closed", "file"), "x")
        os.chmod(os.path.dirname(closed), 0o700)
        reply = self.ask("fstat", closed).reply
        self.assertEqual((reply["outcome"], reply["error"]["kind"]), ("failed", "fstat/unreachable"))
        self.assertEqual(self.ok("fstat", closed, node=STRICT)["present"], 1)

    def test_what_the_kernel_makes_up_is_not_read(self):
        self.assertEqual(self.ok("fstat", "/proc/version")["md5"], "")

    # ---- programs

    def test_a_program_is_asked_as_an_agent_is(self):
        found = self.ok("count", "7")
        self.assertEqual({key: found[key] for key in ("query", "agent", "action", "caller", "variable")},
                         {"query": 7, "agent": "count", "action": "query", "caller": "psk=ops", "variable": "query"})
        self.assertIsNone(self.ok("count")["query"])

    def test_an_answer_is_kept_for_its_time(self):
        first, second = self.ok("count")["asked"], self.ok("count")["asked"]
        self.assertEqual(second, first + 1)
        self.assertEqual(self.ok("kept")["asked"], self.ok("kept")["asked"])
        self.assertNotEqual(self.ok("kept", "1")["asked"], self.ok("kept", "2")["asked"])
        brief = self.ok("brief")["asked"]
        time.sleep(1.1)
        self.assertNotEqual(self.ok("brief")["asked"], brief)

    def test_a_failure_is_not_kept(self):
        self.ok("count")
        before = os.path.getsize(self.counted)
        for _ in range(2):
            reply = self.ask("kept", "13").reply
            self.assertEqual((reply["outcome"], reply["error"]["kind"]), ("failed", "count/unlucky"))
        self.assertEqual(os.path.getsize(self.counted), before + 2)

    def test_any_contract(self):
        self.assertEqual(self.ok("kernel", "ostype"), {"value": "Linux"})
        self.assertEqual(self.ok("warm")["pid"], self.ok("warm")["pid"])
        self.assertEqual(self.ok("external", "hi"), {"said": "hi query"})

    def test_those_that_are_shipped(self):
        self.assertTrue(self.ok("process", "hocketd")["exists"])
        self.assertEqual(self.ok("package", "no-such-package"), {"installed": False, "version": ""})

    @unittest.skipUnless(os.path.exists("/usr/lib/nagios/plugins/check_dummy"), "no monitoring plugins")
    def test_a_monitoring_plugin(self):
        found = self.ok("check", "2")
        self.assertEqual((found["status"], found["exitcode"]), ("CRITICAL", 2))

    def test_its_deadline_ends_it(self):
        self.assertEqual(self.ask("slow").reply["outcome"], "timeout")
        self.assertEqual(self.sleeping(), [])

    def test_queries_are_checked(self):
        for source, query, message in (
                ("kernel", "../x", "breaks validation"), ("count", "seven", "integer"),
                ("warm", "x", "takes no query"), ("kernal", "x", "did you mean 'kernel'"), ("broken", "x", "no data plugin")):
            reply = self.ask(source, query).reply
            self.assertEqual(reply["outcome"], "invalid", reply)
            self.assertRegex(json.dumps(reply), message)
        self.assertIn("a data plugin is no task", self.fleet.nodes[NODE].log())

    def test_the_inventory_names_them(self):
        found = self.fleet.ops.rpc("rpcutil", "inventory", nodes=[STRICT]).data
        self.assertEqual(found["data_plugins"], ["agent", "collective", "fact", "fstat"])

    def test_one_that_comes_is_asked(self):
        self.add("late", "run: {contract: script, command: [/bin/echo, late]}\noutput:\n" + OUTPUT % ("stdout", "string"))
        wait_until(lambda: self.ask("late").code == 0, 15, "it is not asked")

    # ---- agents that hand out the machine

    def test_a_star_does_not_cover_what_must_be_named(self):
        refused = self.fleet.ops.rpc("powerful", "go", nodes=[NODE]).reply
        self.assertEqual(refused["outcome"], "denied")
        self.assertIn('which \\"*\\" does not cover', json.dumps(refused))
        self.assertEqual(self.fleet.ops.rpc("powerful", "go", nodes=[STRICT]).outcomes, {STRICT: "ok"})
        self.assertEqual(self.fleet.ops.rpc("count", "go", nodes=[NODE]).outcomes, {NODE: "ok"})


if __name__ == "__main__":
    unittest.main()
