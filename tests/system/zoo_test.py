#!/usr/bin/python3
"""Every row of the zoo's two tables through hocketd, for each language and both ways to end a tree.

    tests/system/zoo_test.py                      all, in about two minutes
    tests/system/zoo_test.py -k without_cgroup    one way
    tests/system/zoo_test.py -k script            one table: scripts.json
    ZOO_ANIMALS=holds_pipe,good tests/system/zoo_test.py

A lane is a hocketd of its own that takes its rows one after the other; the lanes work at the same time.
"""

import json
import os
import re
import threading
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from fleet import ROOT, Fleet, FleetTest
from processes import describe, kill, wait_until, with_name, with_text

ZOO = os.path.join(ROOT, "tests", "zoo")
LANGUAGES = ("bash", "php", "python")
TABLES = {"animals.json": "", "scripts.json": "script_"}  # and what stands before a language in the name of its agents
LANES_OF_A_LANGUAGE = 2
LOOKS = 20  # at the process table: `runs_away` becomes a new process every 20 ms
SETTLE_S = 2.0  # until a node has cleaned up after a row
PING_MS = 500  # how long an idle node may take for a ping, on a busy machine
MAX_MESSAGE = 1000  # characters: it is for people
LEAF = re.compile(r"/run-\d+$")  # the cgroup of an execution


def read_json(name):
    with open(os.path.join(ZOO, name), encoding="utf-8") as file:
        return json.load(file)


CAGE = read_json("cage.json")


def title(row, language):
    return f"{language}/{row['animal']}" + (f"/{row['case']}" if "case" in row else "")


def rows_to_run(table):
    """(language, row), the ones that take long first; `languages` of the unexecutable agents names their folder."""
    wanted = os.environ.get("ZOO_ANIMALS", "")
    rows = [(TABLES[table] + language, row) for row in read_json(table) for language in row["languages"]
            if not wanted or row["animal"] in wanted.split(",")]
    return sorted(rows, key=lambda each: -each[1]["max_wall_ms"])


def files_with(text, folder):
    """The files below the folder that hold it."""
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(parent, name), "rb") as file:
                    found += [file.name] if text.encode() in file.read() else []
            except OSError:
                pass  # no file, or gone
    return found


class Lane:
    """One node with its rows, by table."""

    def __init__(self, fleet, identity, agents, **settings):
        self.fleet, self.identity, self.rows = fleet, identity, {table: [] for table in TABLES}
        self.node = fleet.add_node(identity, agents=[agents], limits=CAGE, **settings)

    def longest_ms(self, table):
        return sum(row["max_wall_ms"] for _, row in self.rows[table])

    def run(self, table):
        """(title, problems) of each row."""
        self.descriptors = self.open_descriptors()
        results = []
        for number, (language, row) in enumerate(self.rows[table]):
            self.marker = f"{self.fleet.tag}-{self.identity}-{number}"
            try:
                self.node.assert_running()
                problems = self.run_row(language, row)
            except Exception as error:  # the other rows are worth a look all the same
                problems = [repr(error)]
            results.append((title(row, language), problems))
        return results

    def open_descriptors(self):
        """Without one cgroup of an execution: hocketd makes the next one ahead of time."""
        found = self.node.descriptors()
        leaf = next((number for number, path in found.items() if LEAF.search(path)), None)
        found.pop(leaf, None)
        return found

    def run_row(self, language, row):
        rows = [row] + ([row["together_with"]] if "together_with" in row else [])
        runs = [Run(self, language, each, f"{self.marker}-{index}") for index, each in enumerate(rows)]
        threads = [threading.Thread(target=run.call) for run in runs]
        for thread in threads:
            thread.start()
        pings = self.ping_while(threads) if row.get("pings") else []
        for thread in threads:
            thread.join()
        problems = [text for run in runs for text in run.differences()]
        problems += [text for run in runs for text in run.orphans_left(row.get("late_orphan", False))]
        problems += [text for run in runs for text in run.secrets_seen()]
        return problems + pings + self.node_problems(len(runs))

    def ping_while(self, threads):
        slow = []
        while any(thread.is_alive() for thread in threads):
            slow += self.ping_problems()
        return slow

    def ping_problems(self):
        answer = self.fleet.ops.run("ping", "-I", self.identity, "--json")
        if answer.code != 0:
            return [f"ping: {answer}"]
        (node,) = answer.document["nodes"]
        return [f"ping took {node['latency_ms']} ms"] if node["latency_ms"] > PING_MS else []

    def node_problems(self, executions):
        """What the row has left in the node."""
        problems = []
        try:
            wait_until(lambda: not self.node.children(), SETTLE_S, "children stay")
        except AssertionError:
            problems.append("hocketd still has " + "; ".join(map(describe, self.node.children())))
        try:
            wait_until(lambda: len(self.open_descriptors()) <= len(self.descriptors), SETTLE_S, "descriptors stay")
        except AssertionError:
            new = set(self.open_descriptors().items()) - set(self.descriptors.items())
            problems.append(f"hocketd has more descriptors than before {executions} execution(s): {sorted(new)}")
        return problems + self.ping_problems()


class Run:
    """One animal, called once."""

    def __init__(self, lane, language, row, marker):
        self.lane, self.language, self.row, self.marker = lane, language, row, marker
        self.secret, self.processes_with_secret = None, set()
        self.answer = None

    def call(self):
        words = [self.input_word(name, value) for name, value in self.row["inputs"].items()]
        options = ["--timeout", str(self.row["timeout_ms"] / 1000)]
        done = threading.Event()
        watch = threading.Thread(target=self.look_for_secret, args=[done])
        watch.start()
        try:
            self.answer = self.lane.fleet.ops.rpc(f"zoo_{self.language}", self.row["animal"], *words,
                                                  nodes=[self.lane.identity], options=options)
        finally:
            done.set()
            watch.join()

    def secret_file(self):
        return os.path.join(self.lane.fleet.folder, f"secret-{self.marker}")

    def look_for_secret(self, done):
        while self.secret and not done.wait(0.05):
            self.processes_with_secret |= {describe(pid) for pid in with_text(self.secret)}

    def secrets_seen(self):
        """Where the secret is: no process may show it, no file of node, caller or broker hold it, no message quote it."""
        if not self.secret:
            return []
        os.remove(self.secret_file())
        found = [f"the secret was in the command line or environment of {each}" for each in self.processes_with_secret]
        found += [f"the secret is in {path}" for path in files_with(self.secret, self.lane.fleet.folder)]
        reply = self.answer.reply
        found += [f"the secret is in {name}" for name in ("error", "statusmsg", "data")
                  if self.secret in json.dumps(reply.get(name))]
        return found

    def input_word(self, name, value):
        if value == {"fresh_marker": True}:
            return f"{name}={self.marker}"
        if value == {"fresh_secret": True}:
            self.secret = f"zoo-secret-{uuid.uuid4().hex}"
            with open(self.secret_file(), "w", encoding="ascii") as file:
                file.write(self.secret)
            return f"{name}=@{file.name}"
        if isinstance(value, dict) and set(value) == {"blob_bytes"}:
            path = os.path.join(self.lane.fleet.folder, f"blob-{value['blob_bytes']}")
            if not os.path.exists(path):
                with open(f"{path}-{self.marker}", "w", encoding="ascii") as file:
                    file.write("x" * value["blob_bytes"])
                os.rename(file.name, path)
            return f"{name}=@{path}"
        is_word = isinstance(value, str) and not value.startswith("@") and "\0" not in value
        return f"{name}={value}" if is_word else f"{name}:={json.dumps(value)}"

    def differences(self):
        """What is not as the row says."""
        document = self.answer.document
        if len(document.get("replies", [])) != 1:
            return [f"no reply: {self.answer}"]
        reply, row, found = self.answer.reply, self.row, []
        if reply["outcome"] != row["outcome"]:
            found.append(f"{reply['outcome']} instead of {row['outcome']} ({reply['error']})")
        if "statuscode" in row and reply["statuscode"] != row["statuscode"]:
            found.append(f"statuscode {reply['statuscode']} instead of {row['statuscode']}")
        if "changed" in row and reply.get("changed") is not row["changed"]:
            found.append(f"changed is {reply.get('changed')} instead of {row['changed']}")
        found += self.error_differences(reply["error"] or {})
        for name, value in row.get("data", {}).items():
            if reply["data"].get(name) != value:
                found.append(f"{name} is {reply['data'].get(name)!r} instead of {value!r}")
        if row.get("stderr_contains", "") not in (reply["stderr"] or ""):
            found.append(f"no {row['stderr_contains']!r} in stderr {reply['stderr']!r}")
        if reply["latency_ms"] > row["max_wall_ms"]:
            found.append(f"took {reply['latency_ms']:.0f} ms, more than {row['max_wall_ms']}")
        return found

    def error_differences(self, error):
        row, message, found = self.row, error.get("message", ""), []
        if "kind" in row and error.get("kind") != f"zoo_{self.language}/{row['kind']}":
            found.append(f"the error's kind is {error.get('kind')}")
        if row.get("error_contains", "") not in message:
            found.append(f"no {row['error_contains']!r} in the message {message!r}")
        if len(message) > MAX_MESSAGE:
            found.append(f"the message has {len(message)} characters: {message[:60]!r}...")
        return found

    def orphans_left(self, late):
        """Without a cgroup a late orphan may live until orphan_max_ms after its execution."""
        if "marker" not in self.row["inputs"]:
            return []
        patience_s = CAGE["grace_ms"] / 1000 + 1 + (CAGE["orphan_max_ms"] / 1000 + 1 if late else 0)
        until = time.monotonic() + patience_s
        while with_name(self.marker) and time.monotonic() < until:
            time.sleep(0.05)
        left = {pid for _ in range(LOOKS) for pid in with_name(self.marker)}
        found = [f"left behind {patience_s} s after the reply: {describe(pid)}" for pid in left]
        for pid in left:
            kill(pid)
        return found


class ZooTest(FleetTest):
    """The lanes of both ways live in one fleet; a test runs those of its way."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = fleet.agents_folder(*(os.path.join(ZOO, "agents", name)
                                       for name in os.listdir(os.path.join(ZOO, "agents"))))
        cls.cgroup = fleet.add_cgroup()
        cls.lanes = {"off": cls.make_lanes(fleet, agents, "off")}
        if cls.cgroup:
            cls.lanes["cgroup"] = cls.make_lanes(fleet, agents, cls.cgroup)
        return fleet

    @classmethod
    def make_lanes(cls, fleet, agents, cgroup):
        name = "cgroup" if cgroup != "off" else "marks"
        settings = {"exec": {"cgroup": cgroup}}
        lanes = {language: [Lane(fleet, f"{language}{number}.{name}", agents, **settings)
                            for number in range(LANES_OF_A_LANGUAGE)] for language in LANGUAGES}
        is_root = os.geteuid() == 0
        as_nobody = {f"agents.zoo_{each}": {"run_as_user": "nobody"} for each in ("python", "script_bash")}
        nobody = [Lane(fleet, f"nobody.{name}", agents, **settings, **as_nobody) for _ in range(is_root)]
        for table, language, row in ((table, *each) for table in TABLES for each in rows_to_run(table)):
            if not is_root and (row.get("needs_root") or row.get("run_as")):
                print(f"  skipped, needs root: {title(row, language)}")
                continue
            choice = lanes.get(language.removeprefix(TABLES[table]), lanes["bash"])
            lane = nobody[0] if row.get("run_as") else min(choice, key=lambda each: each.longest_ms(table))
            lane.rows[table].append((language, row))
        return [lane for same in lanes.values() for lane in same] + nobody

    def run_table(self, table, way):
        lanes = self.lanes[way]
        with ThreadPoolExecutor(len(lanes)) as pool:
            results = [result for each in pool.map(lambda lane: lane.run(table), lanes) for result in each]
        print(f"  {len(results)} rows, {sum(not problems for _, problems in results)} as the table says", flush=True)
        for name, problems in results:
            with self.subTest(name):
                if problems:
                    self.fail("\n".join(problems))

    def run_in_cgroup(self, table):
        if not self.cgroup:
            self.skipTest("no writable cgroup v2 folder")
        self.run_table(table, "cgroup")
        for folder, names, _ in os.walk(self.cgroup):
            leaves = [name for name in names if name.startswith(("run-", "keep-"))]
            self.assertLess(len(leaves), 2, f"cgroups of executions were left in {folder}")  # one is made ahead of time

    def test_every_row_without_cgroup(self):
        self.run_table("animals.json", "off")

    def test_every_row_with_cgroup(self):
        self.run_in_cgroup("animals.json")

    def test_every_script_without_cgroup(self):
        self.run_table("scripts.json", "off")

    def test_every_script_with_cgroup(self):
        self.run_in_cgroup("scripts.json")


if __name__ == "__main__":
    unittest.main()
