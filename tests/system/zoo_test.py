#!/usr/bin/python3
"""Every row of the zoo's tables through hocketd, for each language and both ways to end a tree.

    tests/system/zoo_test.py                      all, in under four minutes
    tests/system/zoo_test.py -k without_cgroup    one way
    tests/system/zoo_test.py -k script            one contract: script, standby or worker
    ZOO_ANIMALS=holds_pipe,good tests/system/zoo_test.py

A lane is a hocketd of its own that takes its rows one after the other; the lanes work at the same time.
"""

import os
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from fleet import Fleet, FleetTest
from processes import wait_until
from zoo_lanes import (MAX_WAITING, SETTLE_S, ZOO, Lane, StandbyLane, WorkerLane, agent_of, read_file, read_json, title)

AGENTS = os.path.join(ZOO, "agents")
LANGUAGES = ("bash", "php", "python")
# And what stands before a language in the name of its agents.
TABLES = {"animals.json": "", "scripts.json": "script_", "standby.json": "", "workers.json": "worker_"}


def rows_to_run(table, contract):
    """(language, row), the ones that take long first; `languages` of the unexecutable agents names their folder."""
    wanted = os.environ.get("ZOO_ANIMALS", "")
    rows = [(TABLES[table] + language, row) for row in read_json(table) for language in row["languages"]
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
            copy_agent(each, name, folder, lambda ddl, of=variant or "": cls.vary(ddl, of))
        os.makedirs(folder, exist_ok=True)
        return folder

    @staticmethod
    def vary(ddl, variant):
        """The DDL of a copy; the variant is what its rows have as `as`, or ''."""
        return ddl

    @staticmethod
    def lane_of(table, language):
        """The agents that are no language go with bash."""
        name = language.removeprefix(TABLES[table])
        return name if name in LANGUAGES else "bash"

    @classmethod
    def make_lanes(cls, fleet, folders, cgroup):
        name = "cgroup" if cgroup != "off" else "marks"
        settings = {"exec": {"cgroup": cgroup}}

        def make_lane(identity, language, **more):
            return cls.lane_class(fleet, f"{identity}.{name}", folders[language], cls.tables, **settings, **more)
        lanes = {language: [make_lane(f"{language}{number}", language) for number in range(cls.lanes_of_a_language)]
                 for language in LANGUAGES}
        is_root = os.geteuid() == 0
        nobody = {}
        for table, language, row in ((table, *each) for table in cls.tables for each in cls.rows[table]):
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

    def run_table(self, table, way):
        lanes = [lane for lane in self.lanes[way] if lane.rows[table]]
        with ThreadPoolExecutor(len(lanes) or 1) as pool:
            by_lane = list(pool.map(lambda lane: lane.run(table), lanes))
        results = [result for lane, results in zip(lanes, by_lane) for result in lane.run_failed_again(table, results)]
        print(f"  {len(results)} rows, {sum(not problems for _, problems in results)} as the table says", flush=True)
        for name, problems in results:
            with self.subTest(name):
                if problems:
                    self.fail("\n".join(problems))

    def run_in_cgroup(self, table):
        if not self.cgroup:
            self.skipTest("no writable cgroup v2 folder")
        self.run_table(table, "cgroup")
        wait_until(lambda: not self.surplus_leaves(), SETTLE_S, lambda: f"left: {self.surplus_leaves()}")

    def surplus_leaves(self):
        """The cgroups of executions that have ended: one is made ahead of time, and who waits has processes in it."""
        found = []
        for folder, names, _ in os.walk(self.cgroup):
            leaves = [os.path.join(folder, name) for name in names if name.startswith(("run-", "keep-"))]
            empty = [leaf for leaf in leaves if not read_file(os.path.join(leaf, "cgroup.procs"))]
            found += empty if len(empty) > 1 else []
        return found


class OneShots(ZooTest):
    tables = {"animals.json": "json", "scripts.json": "script"}
    lanes_of_a_language = 2

    def test_every_row_without_cgroup(self):
        self.run_table("animals.json", "off")

    def test_every_row_with_cgroup(self):
        self.run_in_cgroup("animals.json")

    def test_every_script_without_cgroup(self):
        self.run_table("scripts.json", "off")

    def test_every_script_with_cgroup(self):
        self.run_in_cgroup("scripts.json")


class Standby(ZooTest):
    tables = {"animals.json": "standby", "standby.json": "standby"}
    lane_class = StandbyLane

    @staticmethod
    def vary(ddl, variant):
        return changed(ddl, "  contract: json\n", f"  contract: json\n  standby: {MAX_WAITING}\n")

    def test_every_row_on_standby_without_cgroup(self):
        self.run_table("animals.json", "off")

    def test_every_row_on_standby_with_cgroup(self):
        self.run_in_cgroup("animals.json")

    def test_who_does_not_wait_for_it_on_standby_without_cgroup(self):
        self.run_table("standby.json", "off")

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
        self.run_table("workers.json", "off")

    def test_every_worker_with_cgroup(self):
        self.run_in_cgroup("workers.json")


if __name__ == "__main__":
    unittest.main()
