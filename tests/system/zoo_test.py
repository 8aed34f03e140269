#!/usr/bin/python3
"""Every row of tests/zoo/animals.json through hocketd, for each language and both ways to end a tree.

    tests/system/zoo_test.py                      all, in under three minutes
    tests/system/zoo_test.py -k without_cgroup    one way
    ZOO_ANIMALS=holds_pipe,good tests/system/zoo_test.py

A lane is a hocketd of its own that takes its rows one after the other; the lanes work at the same time.
"""

import json
import os
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from fleet import ROOT, Fleet, FleetTest
from processes import describe, kill, wait_until, with_name

ZOO = os.path.join(ROOT, "tests", "zoo")
LANGUAGES = ("bash", "php", "python")
LANES_OF_A_LANGUAGE = 2
LOOKS = 20  # at the process table: `runs_away` becomes a new process every 20 ms
SETTLE_S = 2.0  # until a node has cleaned up after a row
PING_MS = 500  # how long an idle node may take for a ping, on a busy machine


def read_json(name):
    with open(os.path.join(ZOO, name), encoding="utf-8") as file:
        return json.load(file)


CAGE = read_json("cage.json")


def title(row, language):
    return f"{language}/{row['animal']}" + (f"/{row['case']}" if "case" in row else "")


def rows_to_run():
    """(language, row), the ones that take long first; `languages` of the unexecutable agents names their folder."""
    wanted = os.environ.get("ZOO_ANIMALS", "")
    rows = [(language, row) for row in read_json("animals.json") for language in row["languages"]
            if not wanted or row["animal"] in wanted.split(",")]
    return sorted(rows, key=lambda each: -each[1]["max_wall_ms"])


class Lane:
    """One node with its rows. run() appends (title, problems) to `results`."""

    def __init__(self, fleet, identity, agents, **settings):
        self.fleet, self.identity, self.rows, self.results = fleet, identity, [], []
        self.node = fleet.add_node(identity, agents=[agents], limits=CAGE, **settings)

    def longest_ms(self):
        return sum(row["max_wall_ms"] for _, row in self.rows)

    def run(self):
        self.descriptors = self.node.descriptors()
        for number, (language, row) in enumerate(self.rows):
            self.marker = f"{self.fleet.tag}-{self.identity}-{number}"
            try:
                self.node.assert_running()
                problems = self.run_row(language, row)
            except Exception as error:  # the other rows are worth a look all the same
                problems = [repr(error)]
            self.results.append((title(row, language), problems))

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
            wait_until(lambda: len(self.node.descriptors()) <= len(self.descriptors), SETTLE_S, "descriptors stay")
        except AssertionError:
            new = set(self.node.descriptors().items()) - set(self.descriptors.items())
            problems.append(f"hocketd has more descriptors than before {executions} execution(s): {sorted(new)}")
        return problems + self.ping_problems()


class Run:
    """One animal, called once."""

    def __init__(self, lane, language, row, marker):
        self.lane, self.language, self.row, self.marker = lane, language, row, marker
        self.answer = None

    def call(self):
        words = [self.input_word(name, value) for name, value in self.row["inputs"].items()]
        options = ["--timeout", str(self.row["timeout_ms"] / 1000)]
        self.answer = self.lane.fleet.ops.rpc(f"zoo_{self.language}", self.row["animal"], *words,
                                              nodes=[self.lane.identity], options=options)

    def input_word(self, name, value):
        if value == {"fresh_marker": True}:
            return f"{name}={self.marker}"
        if isinstance(value, dict) and set(value) == {"blob_bytes"}:
            path = os.path.join(self.lane.fleet.folder, f"blob-{value['blob_bytes']}")
            if not os.path.exists(path):
                with open(f"{path}-{self.marker}", "w", encoding="ascii") as file:
                    file.write("x" * value["blob_bytes"])
                os.rename(file.name, path)
            return f"{name}=@{path}"
        return f"{name}={value}" if isinstance(value, str) else f"{name}:={json.dumps(value)}"

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
        for name, value in row.get("data", {}).items():
            if reply["data"].get(name) != value:
                found.append(f"{name} is {reply['data'].get(name)!r} instead of {value!r}")
        if row.get("stderr_contains", "") not in (reply["stderr"] or ""):
            found.append(f"no {row['stderr_contains']!r} in stderr {reply['stderr']!r}")
        if reply["latency_ms"] > row["max_wall_ms"]:
            found.append(f"took {reply['latency_ms']:.0f} ms, more than {row['max_wall_ms']}")
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
        nobody = [Lane(fleet, f"nobody.{name}", agents, **settings, **{"agents.zoo_python": {"run_as_user": "nobody"}})
                  for _ in range(is_root)]
        for language, row in rows_to_run():
            if not is_root and (row.get("needs_root") or row.get("run_as")):
                print(f"  skipped, needs root: {title(row, language)}")
            elif row.get("run_as"):
                nobody[0].rows.append((language, row))
            else:
                choice = lanes.get(language, lanes["bash"])
                min(choice, key=Lane.longest_ms).rows.append((language, row))
        return [lane for same in lanes.values() for lane in same] + nobody

    def run_lanes(self, lanes):
        with ThreadPoolExecutor(len(lanes)) as pool:
            list(pool.map(Lane.run, lanes))
        results = [result for lane in lanes for result in lane.results]
        print(f"  {len(results)} rows, {sum(not problems for _, problems in results)} as the table says", flush=True)
        for name, problems in results:
            with self.subTest(name):
                if problems:
                    self.fail("\n".join(problems))

    def test_every_row_without_cgroup(self):
        self.run_lanes(self.lanes["off"])

    def test_every_row_with_cgroup(self):
        if not self.cgroup:
            self.skipTest("no writable cgroup v2 folder")
        self.run_lanes(self.lanes["cgroup"])
        left = [name for _, names, _ in os.walk(self.cgroup) for name in names if name.startswith(("run-", "keep-"))]
        self.assertEqual(left, [], "cgroups of executions were left")


if __name__ == "__main__":
    unittest.main()
