#!/usr/bin/python3
"""Every row of the zoo's tables through hocketd, for each language and both ways to end a tree.

    tests/system/zoo_test.py                      all, in some nine minutes
    tests/system/zoo_test.py -k without_cgroup    one way
    tests/system/zoo_test.py -k script            one contract: script, standby, worker, or choria, nagios and bolt
    ZOO_ANIMALS=holds_pipe,good tests/system/zoo_test.py

A lane is a hocketd of its own that takes its rows one after the other; the lanes work at the same time.
"""

import os
import re
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from fleet import Fleet, FleetTest
from processes import describe, wait_until, with_name
from zoo_foreign import ForeignLane, rows_of
from zoo_foreign_agents import ASKED, add_agent, add_asked
from zoo_lanes import (CAGE, GONE_S, MAX_WAITING, SETTLE_S, ZOO, Lane, StandbyLane, WorkerLane, agent_of, read_file,
                       read_json, title)

MAX_SAID = 17 << 10  # bytes of the log's lines from one run of an agent of Choria, and what says that more was left out
SPARE_LEAVES = 4  # cgroups that hocketd keeps for the next executions
AGENTS = os.path.join(ZOO, "agents")
LANGUAGES = ("bash", "php", "python")
# And what stands before a language in the name of its agents.
TABLES = {"animals.json": "", "scripts.json": "script_", "standby.json": "", "workers.json": "worker_",
          "choria": "choria_", "nagios": "nagios_", "bolt": "bolt_"}


def rows_to_run(table, contract):
    """(language, row), the ones that take long first; `languages` of the unexecutable agents names their folder."""
    wanted = os.environ.get("ZOO_ANIMALS", "")
    all_rows = read_json(table) if table.endswith(".json") else rows_of(table)
    rows = [(TABLES[table] + language, row) for row in all_rows for language in row["languages"]
            if (not wanted or row["animal"] in wanted.split(",")) and contract not in row.get("not_under", {})]
    return sorted(rows, key=lambda each: -each[1]["max_wall_ms"])


def changed(text, old, new):
    """The text with another line in the place of one that is there once."""
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new)


def copy_agent(language, name, folder, vary):
    """A copy of zoo_LANGUAGE that is called NAME, with a DDL that `vary` has changed."""
    source, target = f"{AGENTS}/zoo_{language}/zoo_{language}", f"{folder}/{name}/{name}"
    os.makedirs(os.path.dirname(target))
    shutil.copy(source, target)
    with open(f"{source}.yaml", encoding="utf-8") as file:
        text = vary(changed(file.read(), f"  name: zoo_{language}\n", f"  name: {name}\n"))
    with open(f"{target}.yaml", "w", encoding="utf-8") as file:
        file.write(text)


class ZooTest(FleetTest):
    """The lanes of both ways live in one fleet; a test runs those of its way."""

    tables = {}  # and the contract under which they run
    lane_class = Lane
    lanes_of_a_language = 3
    settings = {}  # of the nodes

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.rows = {table: rows_to_run(table, contract) for table, contract in cls.tables.items()}
        folders = {language: cls.make_folder(os.path.join(fleet.folder, "agents", language), language)
                   for language in LANGUAGES}
        cls.cgroup = fleet.add_cgroup()
        cls.lanes = {"off": cls.make_lanes(fleet, folders, "off")}
        if cls.cgroup:
            cls.lanes["cgroup"] = cls.make_lanes(fleet, folders, cls.cgroup)
        return fleet

    @classmethod
    def make_folder(cls, folder, language):
        """Copies of the agents that the rows of a language call, where hocketd trusts and everybody may read them."""
        agents = {(each, agent_of(row, each), row.get("as")) for table in cls.tables for each, row in cls.rows[table]
                  if cls.lane_of(table, each) == language}
        for each, name, variant in agents:
            cls.add_agent(folder, each, name, variant or "")
        os.makedirs(folder, exist_ok=True)
        return folder

    @classmethod
    def add_agent(cls, folder, language, name, variant):
        """The variant is what its rows have as `as`, or ''."""
        copy_agent(language, name, folder, lambda ddl: cls.vary(ddl, variant))

    @staticmethod
    def vary(ddl, variant):
        """The DDL of a copy."""
        return ddl

    @staticmethod
    def is_run(row, cgroup):
        return True

    @staticmethod
    def lane_of(table, language):
        """The agents that are no language go with bash."""
        name = language.removeprefix(TABLES[table])
        return name if name in LANGUAGES else "bash"

    @classmethod
    def make_lanes(cls, fleet, folders, cgroup):
        name = "cgroup" if cgroup != "off" else "marks"
        settings = {"exec": {"cgroup": cgroup}, **cls.settings}

        def make_lane(identity, language, **more):
            return cls.lane_class(fleet, f"{identity}.{name}", folders[language], cls.tables, **settings, **more)
        lanes = {language: [make_lane(f"{language}{number}", language) for number in range(cls.lanes_of_a_language)]
                 for language in LANGUAGES}
        is_root = os.geteuid() == 0
        nobody = {}
        for table, language, row in ((table, *each) for table in cls.tables for each in cls.rows[table]):
            if not cls.is_run(row, cgroup):
                continue
            if not is_root and (row.get("needs_root") or row.get("run_as")):
                print(f"  skipped, needs root: {title(row, language)}")
                continue
            place = cls.lane_of(table, language)
            if row.get("run_as") and place not in nobody:
                run_as = {f"agents.zoo_{language}": {"run_as_user": row["run_as"]}}
                nobody[place] = make_lane(f"{place}-nobody", place, **run_as)
            lane = nobody[place] if row.get("run_as") else min(lanes[place], key=lambda each: each.longest_ms(table))
            lane.rows[table].append((language, row))
        return [lane for same in lanes.values() for lane in same] + list(nobody.values())

    def run_table(self, way, *tables):
        """Several of them at the same time."""
        lanes = [(lane, table) for table in tables for lane in self.lanes[way] if lane.rows[table]]
        with ThreadPoolExecutor(len(lanes) or 1) as pool:
            by_lane = list(pool.map(lambda each: each[0].run(each[1]), lanes))
        results = [result for (lane, table), results in zip(lanes, by_lane)
                   for result in lane.run_failed_again(table, results)]
        print(f"  {len(results)} rows, {sum(not problems for _, problems in results)} as the table says", flush=True)
        for name, problems in results:
            with self.subTest(name):
                if problems:
                    self.fail("\n".join(problems))

    def run_in_cgroup(self, *tables):
        if not self.cgroup:
            self.skipTest("no writable cgroup v2 folder")
        self.run_table("cgroup", *tables)
        wait_until(lambda: not self.surplus_leaves(), SETTLE_S, lambda: f"left: {self.surplus_leaves()}")

    def surplus_leaves(self):
        """The cgroups of executions that have ended: a few are there for the next, and who waits has processes in it."""
        found = []
        for folder, names, _ in os.walk(self.cgroup):
            leaves = [os.path.join(folder, name) for name in names if name.startswith(("run-", "keep-"))]
            empty = [leaf for leaf in leaves if not read_file(os.path.join(leaf, "cgroup.procs"))]
            kept = [leaf for leaf in empty if "/keep-" in leaf]
            found += empty if len(empty) > SPARE_LEAVES else kept
        return found


class OneShots(ZooTest):
    tables = {"animals.json": "json", "scripts.json": "script"}
    lanes_of_a_language = 2

    def test_every_row_without_cgroup(self):
        self.run_table("off", "animals.json")

    def test_every_row_with_cgroup(self):
        self.run_in_cgroup("animals.json")

    def test_every_script_without_cgroup(self):
        self.run_table("off", "scripts.json")

    def test_every_script_with_cgroup(self):
        self.run_in_cgroup("scripts.json")


class Standby(ZooTest):
    tables = {"animals.json": "standby", "standby.json": "standby"}
    lane_class = StandbyLane

    @staticmethod
    def vary(ddl, variant):
        return changed(ddl, "  contract: json\n", f"  contract: json\n  standby: {MAX_WAITING}\n")

    def test_every_row_on_standby_without_cgroup(self):
        self.run_table("off", "animals.json")

    def test_every_row_on_standby_with_cgroup(self):
        self.run_in_cgroup("animals.json")

    def test_who_does_not_wait_for_it_on_standby_without_cgroup(self):
        self.run_table("off", "standby.json")

    def test_who_does_not_wait_for_it_on_standby_with_cgroup(self):
        self.run_in_cgroup("standby.json")


class Workers(ZooTest):
    tables = {"workers.json": "worker"}
    lane_class = WorkerLane

    @staticmethod
    def vary(ddl, variant):
        words = variant.split("_")
        if "three" in words:
            ddl = changed(ddl, "    in_flight: 1\n", "    in_flight: 3\n")
        return ddl.partition("  # ---- secrets ")[0] if "open" in words else ddl

    def test_every_worker_without_cgroup(self):
        self.run_table("off", "workers.json")

    def test_every_worker_with_cgroup(self):
        self.run_in_cgroup("workers.json")


class Foreign(ZooTest):
    tables = {"choria": "choria", "nagios": "nagios", "bolt": "bolt"}
    lane_class = ForeignLane
    settings = {"agents.zoo_choria_python_streams.choria": {"exchange": "stdio"}}

    @classmethod
    def add_agent(cls, folder, language, name, variant):
        table = language.partition("_")[0]
        add_agent(folder, language, name, variant, [row for _, row in cls.rows[table]])

    @staticmethod
    def is_run(row, cgroup):
        """What a program has said is read in the same way, however its tree is ended."""
        return cgroup == "off" or "leaves_orphans" in row or row["outcome"] in ("timeout", "too_large")

    def test_every_row_of_choria_nagios_and_bolt_without_cgroup(self):
        self.run_table("off", *self.tables)

    def test_every_row_of_choria_nagios_and_bolt_with_cgroup(self):
        self.run_in_cgroup(*self.tables)


class Activation(FleetTest):
    """Agents of Choria that misbehave when they are asked whether they want to serve."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.tag = f"{fleet.tag}-asked"
        folder = add_asked(os.path.join(fleet.folder, "agents"), cls.tag)
        cls.node = fleet.add_node("asked", [folder], limits=CAGE)
        return fleet

    def verdict(self, name):
        found = re.search(rf'an agent (activates)" agent={name}\n|is asked again" agent={name} reason=(.*)', self.node.log())
        return found and (found[2] or found[1])

    def asked(self, name):
        """How often."""
        return self.node.log().count(f"is asked again\" agent={name} ")

    def test_who_does_not_answer_does_not_serve_and_nothing_stays(self):
        wait_until(lambda: all(map(self.verdict, ASKED)), 20, lambda: f"no verdict: {self.node.log()[-2000:]}")
        for name, (_, reason) in ASKED.items():
            self.assertRegex(self.verdict(name), reason or "activates", name)
        served = set(self.fleet.ops.rpc("rpcutil", "inventory", nodes=["asked"]).data["agents"])
        self.assertEqual(served & set(ASKED), {name for name, (_, reason) in ASKED.items() if not reason})
        wait_until(lambda: not self.node.children() and not with_name(self.tag), GONE_S,
                   lambda: f"left: {list(map(describe, self.node.children() + with_name(self.tag)))}")
        for name in ("floods", "floods_stderr"):
            said = "".join(re.findall(rf'an agent says" agent={name} line=(.*)', self.node.log()))
            self.assertTrue(0 < len(said) <= MAX_SAID * self.asked(name), (name, len(said)))


if __name__ == "__main__":
    unittest.main()
