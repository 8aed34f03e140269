#!/usr/bin/python3
"""Five nodes as a caller sees them: who is there, filters, agents in three languages, refusals, exit codes.

    tests/system/fleet_test.py [-k PATTERN]
"""

import json
import os
import signal
import subprocess
import unittest

from client import strict_json
from fleet import EXAMPLES, Fleet, FleetTest, write
from processes import kill, wait_until, with_name
from small_agents import ddl, text_input, write_agent, write_ddl

WEB1, WEB2, DB1, DB2, APP1 = ALL = ("web1.example", "web2.example", "db1.example", "db2.example", "app1.example")

GREET = ({"name": text_input("^[a-z]+$", 8, optional=False),
          "times": {"prompt": "Times", "description": "How often", "type": "integer", "optional": True, "default": 1}},
         {"greeting": "string"})
ACTIONS = {"greet": GREET, "wait": ({}, {})}
PROBE = """#!/bin/bash
[[ $HOCKET_ACTION == wait ]] && sleep 10
printf '{"statuscode":0,"data":{"greeting":"hello %s"}}' "$HOCKET_INPUT_NAME"
"""
INIT_SCRIPT = """#!/bin/bash
# A script of the old kind: its daemon stays behind.
case $1 in
    start) setsid bash -c 'exec -a "MARKER" sleep 300' </dev/null >/dev/null 2>&1 & ;;
    status) pgrep -f '^MARKER' >/dev/null || exit 3 ;;
    stop) pkill -f '^MARKER' ;;
esac
"""


class FiveNodes(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet(callers={"dev": None, "limited": ["disk"]})
        own = cls.ddls = write_agent(os.path.join(fleet.folder, "agents"), "probe", PROBE, ACTIONS)
        bash, php, python = (os.path.join(EXAMPLES, name) for name in ("bash", "php", "python"))
        allow = [{"callers": ["psk=ops", "psk=limited"], "agents": ["*"]},
                 {"callers": ["psk=dev"], "agents": ["discovery", "rpcutil"]}]
        fleet.add_node(WEB1, [own, bash, php, python], {"role": "web", "slots": 4}, ["webserver", "base"], allow=allow)
        fleet.add_node(WEB2, [own, bash, php, python], {"role": "web", "slots": 16}, ["webserver", "base"], allow=allow)
        fleet.add_node(DB1, [own, python], {"role": "db", "rack": {"row": "b"}}, ["database", "base"], allow=allow)
        fleet.add_node(DB2, [own, python], {"role": "db", "rack": {"row": "c"}}, ["database", "base"], allow=allow)
        fleet.add_node(APP1, [own], {"role": "app"}, ["base"], allow=allow)
        return fleet

    @property
    def ops(self):
        return self.fleet.ops

    def found(self, *filters):
        return self.ops.run("find", *filters).out.split()

    def assert_ends(self, answer, code):
        self.assertEqual(answer.code, code, answer)
        return answer

    def heard_while(self, act):
        """The subjects of everything that went over the broker meanwhile."""
        listener = self.fleet.admin()
        listener.subscribe("hocket.>")
        answer = act()
        listener.flush()
        listener.close()  # who listens to everything keeps the broker from saying that nobody is there
        return answer, [message.subject for message in listener.messages]

    # ---- who is there

    def test_ping_names_every_node(self):
        answer = self.assert_ends(self.ops.run("ping", "--json"), 0)
        self.assertEqual(sorted(node["identity"] for node in answer.document["nodes"]), sorted(ALL))

    def test_filters(self):
        for filters, expected in (
                (["-F", "role=web"], [WEB1, WEB2]),
                (["-F", "slots>=8"], [WEB2]),
                (["-F", "role!=web"], [APP1, DB1, DB2]),
                (["-F", "role=~/^d/"], [DB1, DB2]),
                (["-F", "rack.row=c"], [DB2]),
                (["-C", "database"], [DB1, DB2]),
                (["-C", "/^web/"], [WEB1, WEB2]),
                (["-A", "disk"], [DB1, DB2, WEB1, WEB2]),
                (["-A", "/^php/"], [WEB1, WEB2]),
                (["-I", APP1], [APP1]),
                (["-I", "/^db[12]\\./"], [DB1, DB2]),
                (["-I", APP1, "-I", DB2], [APP1, DB2]),
                (["-C", "base", "-F", "role=db", "-A", "process", "-I", "/1/"], [DB1])):
            with self.subTest(filters):
                self.assertEqual(self.found(*filters), expected)

    def test_facts_counts_values(self):
        report = self.assert_ends(self.ops.run("facts", "role", "-v"), 0).out
        self.assertRegex(report, rf"(?m)^        web +found 2 times\n\n            {WEB1}\n            {WEB2}\n$")
        rows = self.assert_ends(self.ops.run("facts", "rack.row", "-C", "database", "--json"), 0).document["values"]
        self.assertEqual([(row["value"], row["nodes"]) for row in rows], [("b", [DB1]), ("c", [DB2])])

    def test_inventory_of_a_node(self):
        report = self.assert_ends(self.ops.run("inventory", DB1), 0).out
        self.assertTrue(report.startswith(f"Inventory for {DB1}:\n"), report)
        for part in (r"^              Main Collective: main$", r"^      role => db$", r"^    base +database$",
                     r"^      discovery       disk            iptables$"):
            self.assertRegex(report, "(?m)" + part)
        self.assertEqual(self.assert_ends(self.ops.run("inventory", "-I", DB1), 0).out.splitlines()[0],
                         f"Inventory for {DB1}:")
        self.assertIn("do not go with it", self.assert_ends(self.ops.run("inventory", DB1, "-F", "role=db"), 64).err)
        self.assertEqual(self.ops.run("inventory", "--lc").out.split()[-5:], ["main", "5", "Total", "nodes:", "5"])

    def test_find_without_a_match(self):
        self.assertIn("case-sensitive", self.assert_ends(self.ops.run("find", "-F", "role=Web"), 1).err)

    def test_a_discovery_listens_as_long_as_it_is_told(self):
        answer = self.assert_ends(self.ops.run("find", "--discovery-timeout", "0.6", "--json"), 0)
        self.assertEqual(answer.document["nodes"], sorted(ALL))
        self.assertGreaterEqual(answer.document["elapsed_ms"], 600)

    def test_a_request_that_a_node_refuses_is_in_the_document(self):
        answer = self.assert_ends(self.ops.run("facts", "x" * 513, "--json"), 2)
        self.assertEqual({reply["identity"]: reply["outcome"] for reply in answer.document["failures"]},
                         dict.fromkeys(ALL, "invalid"))

    # ---- calls

    def test_bash_agent(self):
        answer = self.ops.rpc("service", "status", "service=no_such_service", nodes=[WEB1])
        self.assertEqual((answer.code, answer.reply["outcome"], answer.reply["error"]["kind"]),
                         (2, "failed", "service/not_found"), answer)

    def test_php_agent(self):
        answer = self.assert_ends(self.ops.rpc("phpinfo", "info", options=["-C", "webserver"]), 0)
        self.assertEqual(answer.outcomes, {WEB1: "ok", WEB2: "ok"})
        self.assertEqual(answer.replies[WEB1]["data"]["sapi"], "cli")

    def test_python_agent(self):
        answer = self.assert_ends(self.ops.rpc("disk", "usage", "path=/"), 0)
        self.assertEqual(answer.outcomes, dict.fromkeys([WEB1, WEB2, DB1, DB2], "ok"))
        self.assertEqual({reply["data"]["mount_point"] for reply in answer.replies.values()}, {"/"})
        self.assertEqual(answer.document["unexpected"], [])

    def test_summaries_over_all_nodes(self):
        out = self.assert_ends(self.ops.run("rpc", "rpcutil", "get_fact", "fact=role"), 0).out
        self.assertTrue(out.endswith("\n\nSummary of Value:\n     db = 2\n    web = 2\n    app = 1\n"), out)
        out = self.assert_ends(self.ops.run("rpc", "rpcutil", "get_fact", "fact=slots"), 0).out
        self.assertTrue(out.endswith("Summary of Value:\n    16 = 1\n     4 = 1\n    3 values skipped: absent\n"), out)
        self.assertNotIn("Summary", self.ops.run("rpc", "rpcutil", "get_fact", "fact=role", "-I", APP1).out)

    def test_defaults_come_from_the_node(self):
        _, heard = self.heard_while(lambda: self.ops.rpc("disk", "usage", nodes=[DB1]))
        self.assertIn(f"hocket.main.node.disk.{DB1}", heard)
        admitted = [line for line in self.fleet.nodes[DB1].audit() if line["event"] == "admitted"]
        self.assertEqual((admitted[-1]["agent"], admitted[-1]["inputs"]), ("disk", {"path": "/"}))

    def test_json_is_one_document_whatever_happens(self):
        calls = (("rpc", "probe", "greet", "name=ana"), ("rpc", "probe", "greet", "name=NO"),
                 ("rpc", "probe", "nothing"), ("rpc", "nothing", "x"), ("ping",), ("find", "-F", "role=x"), ("rpc", "probe"), ("agents", "list"),
                 ("rpc", "rpcutil", "inventory"), ("ping", "--frobnicate"), ("find", "-F", "=="))
        for words in calls:
            with self.subTest(words):
                answer = self.ops.run(*words, "--json")
                self.assertEqual(strict_json(answer.out)["exit_code"], answer.code, answer)

    # ---- refusals

    def test_broken_input_is_not_sent(self):
        for words in (["name=ANA"], ["name=toolongname"], ["name=ana", "times=many"], [], ["name=ana", "other=1"]):
            with self.subTest(words):
                answer, heard = self.heard_while(lambda words=words: self.ops.rpc(
                    "probe", "greet", *words, nodes=ALL, HOCKET_DDL_FOLDERS=self.ddls))
                self.assert_ends(answer, 65)
                self.assertEqual(answer.document["schema"], "io.hocket.error.v1")
                self.assertEqual(heard, [])

    def test_broken_input_leaves_the_counters(self):
        def grown_by(act):
            before = self.ops.stats(*ALL)
            act()
            after = self.ops.stats(*ALL)
            return {name: after[name]["total"] - before[name]["total"] for name in ALL}
        usual = grown_by(lambda: None)
        broken = grown_by(lambda: self.assert_ends(self.ops.rpc(
            "probe", "greet", "name=ANA", HOCKET_DDL_FOLDERS=self.ddls), 65))
        self.assertEqual(broken, usual)

    def test_a_node_refuses_broken_input_itself(self):
        lax = write_ddl(os.path.join(self.fleet.folder, "lax"), "probe", {"greet": ({"name": text_input()}, {})})
        answer = self.assert_ends(self.ops.rpc("probe", "greet", "name=ANA", nodes=[APP1], HOCKET_DDL_FOLDERS=lax), 2)
        self.assertEqual((answer.reply["outcome"], answer.reply["statuscode"]), ("invalid", 4), answer)

    def test_unknown_agent_and_action(self):
        more = os.path.join(self.fleet.folder, "more")
        write_ddl(more, "probe", {"sing": ({}, {})})
        write_ddl(more, "ghost", ACTIONS)
        for agent, action, words, outcome in (("ghost", "greet", ["name=ana"], "unknown_agent"),
                                              ("probe", "sing", [], "unknown_action")):
            with self.subTest(outcome):
                answer = self.ops.rpc(agent, action, *words, nodes=[APP1], HOCKET_DDL_FOLDERS=more)
                self.assert_ends(answer, 2)
                self.assertEqual((answer.reply["outcome"], answer.reply["statuscode"]), (outcome, 2))

    def test_noop_that_an_action_does_not_declare(self):
        answer = self.assert_ends(self.ops.rpc("probe", "greet", "name=ana", nodes=[APP1], options=["--noop"]), 2)
        self.assertEqual((answer.reply["outcome"], answer.reply["statuscode"]), ("unsupported", 4))

    def test_denied(self):
        answer = self.assert_ends(self.fleet.callers["dev"].rpc("probe", "greet", "name=ana", nodes=ALL), 7)
        self.assertEqual(answer.outcomes, dict.fromkeys(ALL, "denied"))
        self.assertRegex(answer.replies[APP1]["error"]["message"], r"psk=dev .*'probe'.*line \d+")

    def test_wrong_key_is_counted_and_not_answered(self):
        forged = os.path.join(self.fleet.folder, "forged.psk")
        self.ops.check("keys", "psk", "new", "ops", "--output", forged)
        before = self.ops.stats(*ALL)
        answer = self.ops.run("ping", "--json", HOCKET_KEY_PSK_FILE=forged)
        self.assert_ends(answer, 4)
        self.assertEqual((answer.document["nodes"], answer.document["rejected"]), ([], {}))
        after = self.ops.stats(*ALL)
        grown = {name: after[name]["unvalidated"] - before[name]["unvalidated"] for name in ALL}
        self.assertEqual(grown, dict.fromkeys(ALL, 1))

    def test_a_caller_whom_the_broker_does_not_let_publish(self):
        limited = self.fleet.callers["limited"]
        self.assert_ends(limited.rpc("disk", "usage", nodes=[DB1]), 0)
        folders = {"HOCKET_DDL_FOLDERS": self.ddls}
        named = self.assert_ends(limited.rpc("probe", "greet", "name=ana", nodes=[DB1], **folders), 4)
        self.assertEqual(named.outcomes, {DB1: "not_sent"})
        self.assertIn("the broker refused", named.document["missing"][0]["reason"])
        for _ in range(3):  # five refusals at once: each must be told from the others
            discovered = self.assert_ends(limited.rpc("probe", "greet", "name=ana", **folders), 3)
            self.assertEqual(discovered.outcomes, dict.fromkeys(ALL, "not_sent"))

    # ---- exit codes

    def test_each_code(self):
        broken = write(os.path.join(self.fleet.folder, "broken.toml"), "timeout_ms = [\n")
        unused = "nats://127.0.0.1:1"
        for code, words, environment in (
                (0, ("rpc", "probe", "greet", "name=ana"), {}),
                (1, ("rpc", "probe", "greet", "name=ana", "-F", "role=nothing"), {}),
                (1, ("rpc", "nothing_like_it", "x"), {}),
                (4, ("rpc", "probe", "greet", "name=ana", "-I", "nobody.example"), {}),
                (64, ("ping", "--frobnicate"), {}),
                (64, ("rpc", "Probe", "greet"), {}),
                (64, ("rpc", "probe", "nothing"), {}),
                (64, ("find", "-F", "role"), {}),
                (65, ("rpc", "probe", "greet", "name=ANA"), {}),
                (69, ("ping",), {"HOCKET_NATS_URL": unused}),
                (78, ("ping",), {"HOCKET_CONFIG": broken}),
                (78, ("ping",), {"HOCKET_CONFIG": broken + ".missing"}),
                (78, ("ping",), {"HOCKET_KEY_PSK_FILE": broken})):
            with self.subTest(code=code, words=words, **environment):
                answer = self.assert_ends(self.ops.run(*words, **environment), code)
                if code:
                    self.assertNotEqual(answer.err, "")

    def test_some_fail(self):
        answer = self.assert_ends(self.ops.rpc("disk", "usage", "path=/nowhere", options=["-F", "role=db"]), 2)
        self.assertEqual(answer.outcomes, {DB1: "failed", DB2: "failed"})

    def test_lost_output_is_no_success(self):
        for words in (("find",), ("rpc", "rpcutil", "ping", "--json")):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([self.ops.program, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
                                      env=self.ops.environment)
            self.assertEqual(done.returncode, 70)
            self.assertIn("standard output was cut short: No space left on device", done.stderr)

    def test_closed_output_is_no_success(self):
        for words in (("find",), ("agents", "list"), ("rpc", "rpcutil", "ping", "--json")):
            done = subprocess.run(["/bin/sh", "-c", 'exec "$0" "$@" >&-', self.ops.program, *words], stderr=subprocess.PIPE,
                                  text=True, check=False, env=self.ops.environment)
            self.assertEqual(done.returncode, 70)
            self.assertIn("standard output was cut short: Bad file descriptor", done.stderr)

    def test_interrupted(self):
        caller = self.ops.start("rpc", "probe", "wait", "-I", APP1, "--json")
        wait_until(self.fleet.nodes[APP1].children, 10, "the agent does not start")
        caller.send_signal(signal.SIGINT)
        answer = self.assert_ends(self.ops.ended(caller), 130)
        self.assertEqual(answer.outcomes, {APP1: "cancelled"})

    # ---- a node that is gone

    def test_it_is_missing(self):
        node = self.fleet.nodes[DB2]
        self.assertEqual(node.stop(signal.SIGKILL), -signal.SIGKILL)
        self.addCleanup(self.fleet.await_nodes, DB2)
        self.addCleanup(node.start)
        answer = self.assert_ends(self.ops.rpc("probe", "greet", "name=ana", nodes=ALL), 5)
        self.assertEqual(answer.outcomes, {**dict.fromkeys(ALL, "ok"), DB2: "no_response"})
        self.assertIn("is hocketd running there", answer.document["missing"][0]["reason"])
        self.assertLess(answer.document["summary"]["elapsed_ms"], 3000)

        ping = self.assert_ends(self.ops.run("ping", "--json", "-I", DB1, "-I", DB2), 5)
        self.assertEqual(ping.document["missing"], [DB2])
        alone = self.assert_ends(self.ops.rpc("probe", "greet", "name=ana", nodes=[DB2]), 4)
        self.assertEqual(alone.outcomes, {DB2: "no_response"})
        self.assertEqual(len(self.found()), 4)


class Summaries(FleetTest):
    """Four nodes that answer each in its own way; what is made of all of them."""

    ANSWERS = {"a.example": {"statuscode": 0, "data": {"load": 5, "up": True}},
               "b.example": {"statuscode": 0, "data": {"load": 6, "up": False}},
               "c.example": {"statuscode": 0, "data": {"load": "high", "up": True}},
               "d.example": {"statuscode": 1, "statusmsg": "no", "data": {"load": 700}}}
    AGGREGATES = [{"function": "average", "args": ["load", {"format": "Average: %.1f"}]},
                  {"function": "max", "args": ["load"]},
                  {"function": "process_summary", "args": ["load"]},
                  {"function": "boolean_summary", "args": ["up", {"true": "Up", "false": "Down"}]}]

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        for identity, answer in cls.ANSWERS.items():
            program = f"#!/bin/bash\ncat <<'END'\n{json.dumps(answer)}\nEND\n"
            folder = write_agent(os.path.join(fleet.folder, "agents", identity), "load", program, {"get": ({}, {})})
            description = ddl("load", {"get": ({}, {"load": None, "up": None})})
            description["actions"][0]["aggregate"] = cls.AGGREGATES
            write(os.path.join(folder, "load", "load.json"), json.dumps(description))
            fleet.add_node(identity, [folder])
        return fleet

    def test_bad_values_and_failures_disturb_nothing(self):
        answer = self.fleet.ops.run("rpc", "load", "get")
        self.assertEqual(answer.code, 2, answer)
        self.assertRegex(answer.out, r"""
Summary of load:
    Average: 5\.5
    max = 6 on b\.example
    no process_summary: .*
    1 value skipped: no number

Summary of up:
      Up = 2
    Down = 1
$""")

    def test_json_has_them(self):
        average, largest, unknown, up = self.fleet.ops.rpc("load", "get").document["summaries"]
        self.assertEqual(average["figures"], [{"name": "average", "value": 5.5, "nodes": []}])
        self.assertEqual(average["skipped"], {"failed": ["d.example"], "absent": [], "not_numbers": ["c.example"]})
        self.assertEqual(largest["figures"], [{"name": "max", "value": 6, "nodes": ["b.example"]}])
        self.assertIn("process_summary", unknown["problem"])
        self.assertEqual(up["counts"], [{"label": "Up", "count": 2}, {"label": "Down", "count": 1}])

    def test_the_last_line_of_jsonl_has_them(self):
        lines = self.fleet.ops.run("rpc", "load", "get", "--jsonl").out.splitlines()
        self.assertEqual(len(strict_json(lines[-1])["summaries"]), 4)


class KeptOrphans(FleetTest):
    """The agent `service` on a machine without systemd; its folders are replaced by ones of the test."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = fleet.agents_folder(os.path.join(EXAMPLES, "bash", "service"), os.path.join(EXAMPLES, "bash", "lib"))
        cls.scripts = os.path.join(fleet.folder, "init.d")
        with open(os.path.join(agents, "service", "service"), encoding="utf-8") as file:
            text = file.read().replace("/run/systemd/system", "/nonexistent").replace("/etc/init.d", cls.scripts)
        write(os.path.join(agents, "service", "service"), text, 0o755)
        cls.ways = {"permitted.example": ("off", True), "forbidden.example": ("off", False)}
        cgroup = fleet.add_cgroup()
        if cgroup:
            cls.ways |= {"permitted.cgroup": (cgroup, True), "forbidden.cgroup": (cgroup, False)}
        for identity, (folder, keep) in cls.ways.items():
            fleet.add_node(identity, [agents], **{"agents.service": {"orphans_keep": keep}, "exec": {"cgroup": folder}})
        return fleet

    def test_what_a_script_starts_stays_where_that_is_permitted(self):
        for identity, (_, keep) in self.ways.items():
            with self.subTest(identity):
                name = identity.replace(".", "_")
                marker = f"{self.fleet.tag}-{name}"
                write(os.path.join(self.scripts, name), INIT_SCRIPT.replace("MARKER", marker), 0o755)
                answer = self.fleet.ops.rpc("service", "start", f"service={name}", nodes=[identity])
                self.assertEqual((answer.code, answer.reply["changed"]), (0, True), answer)
                try:
                    self.check(identity, name, marker, keep)
                finally:
                    for pid in with_name(marker):
                        kill(pid)

    def check(self, identity, name, marker, keep):
        status = self.fleet.ops.rpc("service", "status", f"service={name}", nodes=[identity]).data["status"]
        self.assertEqual(status, "running" if keep else "stopped")
        self.assertEqual(len(with_name(marker)), 1 if keep else 0)
        if not keep:
            return
        node = self.fleet.nodes[identity]
        self.assertEqual(node.stop(), 0)
        self.assertEqual(len(with_name(marker)), 1, "it must outlive hocketd")
        node.start()
        self.fleet.await_nodes(identity)
        answer = self.fleet.ops.rpc("service", "stop", f"service={name}", nodes=[identity])
        self.assertEqual((answer.code, answer.data["before"], with_name(marker)), (0, "running", []), answer)
        node.stop()  # the cgroup in which the daemon lived is removed at the next start
        node.start()
        self.fleet.await_nodes(identity)


if __name__ == "__main__":
    unittest.main()
