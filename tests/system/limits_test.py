#!/usr/bin/python3
"""Limits of agents: those that hold for all, and those that replace them, under every contract and after a reload.

    tests/system/limits_test.py [-k PATTERN]
"""

import os
import unittest

from fleet import Fleet, FleetTest, as_user
from signed_requests import Asker
from small_agents import PYTHON, RUN, SERVE, write_agent

NODE = "web1.example"
IS_ROOT = os.geteuid() == 0
DEFAULTS = {"open_files": 200, "processes": 3000, "address_space_bytes": 1 << 30, "file_bytes": 1 << 20,
            "core_bytes": 4096, "cpu_s": 1000, "nice": 3, "umask": "027"}
OWN = {"open_files": 100, "cpu_s": 500, "umask": "077", "nice": 7}
LOOK = PYTHON + """import json, os, resource, sys
NAMES = {"open_files": "NOFILE", "processes": "NPROC", "address_space_bytes": "AS", "file_bytes": "FSIZE",
         "core_bytes": "CORE", "cpu_s": "CPU"}

def limit(name):
    soft, hard = resource.getrlimit(getattr(resource, "RLIMIT_" + name))
    grace = 1 if name == "CPU" else 0
    return soft if soft + grace == hard else "%d, at most %d" % (soft, hard)

def run(action):
    mask = os.umask(0)
    os.umask(mask)
    return {"seen": {**{key: limit(name) for key, name in NAMES.items()}, "nice": os.nice(0), "umask": "%03o" % mask}}
""" + SERVE


class Limits(FleetTest):
    """An agent `KIND_CONTRACT` of each: `plain` has no table, `own` one of limits, `user` one without limits."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents = os.path.join(fleet.folder, "agents")
        cls.kinds = ("plain", "own", "user") if IS_ROOT else ("plain", "own")
        settings = {"exec.limits": DEFAULTS}
        for kind in cls.kinds:
            for contract, run in RUN.items():
                write_agent(agents, f"{kind}_{contract}", LOOK, {"look": ({}, {"seen": "hash"})}, **run)
        for contract in RUN:
            settings[f"agents.own_{contract}.limits"] = OWN
            settings |= as_user(f"user_{contract}") if "user" in cls.kinds else {}
        fleet.add_node(NODE, [agents], **settings)
        return fleet

    def setUp(self):
        self.node, self.caller = self.fleet.nodes[NODE], Asker(self.fleet)

    def assert_hold(self, kind, limits):
        for contract in RUN:
            with self.subTest(kind=kind, contract=contract):
                reply = self.caller.get(f"{kind}_{contract}", "look")
                self.assertEqual(reply["outcome"], "ok", reply)
                self.assertEqual(reply["data"]["seen"], limits)

    def test_what_an_agents_table_names_replaces_what_holds_for_all(self):
        for kind in self.kinds:
            self.assert_hold(kind, {**DEFAULTS, **OWN} if kind == "own" else DEFAULTS)

    @unittest.skipUnless(IS_ROOT, "it holds for others")
    def test_the_log_says_that_root_has_no_limit_of_processes(self):
        said = r"level=warn.*\[%s\] processes does not hold for root"
        log = self.node.log()
        for table in ("exec.limits", "agents.own_json.limits"):
            self.assertRegex(log, said % table)
        self.assertNotRegex(log, said % "agents.user_json.limits")

    def configure(self, limits):
        self.node.settings["exec.limits"] = limits
        self.node.write_configuration()
        self.assertIn("msg=reloaded", self.node.reload())

    def test_a_reload_changes_them_for_the_next_process(self):
        self.addCleanup(self.configure, DEFAULTS)
        changed = {**DEFAULTS, "open_files": 150, "processes": 2000}
        self.configure(changed)
        for kind in self.kinds:
            self.assert_hold(kind, {**changed, **OWN} if kind == "own" else changed)


if __name__ == "__main__":
    unittest.main()
