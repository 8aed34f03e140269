#!/usr/bin/python3
"""Calls through a header that hocketc made: typed_client.cpp against nodes with agents/parcel.

    tests/system/typed_client_test.py [-k PATTERN]
"""

import os
import subprocess
import unittest

from fleet import BUILD, HERE, Fleet, FleetTest
from processes import wait_until

WEB1, WEB2 = NODES = ("web1.example", "web2.example")
PROGRAM = os.path.join(BUILD, "tests", "system", "typed_client")


class TypedClient(FleetTest):
    @classmethod
    def make_fleet(cls):
        wait_until(lambda: os.access(PROGRAM, os.X_OK), 60, f"no {PROGRAM}; set HOCKET_BUILD")
        fleet = Fleet()
        agents = fleet.agents_folder(os.path.join(HERE, "agents", "parcel"))
        for name in NODES:
            fleet.add_node(name, [agents])
        return fleet

    def weigh(self, name, unit="-", nodes=()):
        """The exit code, and what is said of each node."""
        done = subprocess.run([PROGRAM, name, unit, *nodes], stdout=subprocess.PIPE, text=True, check=False, timeout=60,
                              env=self.fleet.ops.environment)
        return done.returncode, dict(line.split(" ", 1) for line in done.stdout.splitlines())

    def test_outputs_are_typed(self):
        said = "ok 2.5 lb, 4 with the bill, 2 labels, no note"
        self.assertEqual(self.weigh("box", "lb"), (0, {WEB1: said, WEB2: said}))

    def test_an_input_left_out_has_the_default_of_the_node(self):
        said = "ok 2.5 kg, 4 with the bill, 2 labels, no note"
        self.assertEqual(self.weigh("box", nodes=[WEB2]), (0, {WEB2: said}))

    def test_who_failed_says_why(self):
        said = "failed nobody knows where it is"
        self.assertEqual(self.weigh("lost"), (2, {WEB1: said, WEB2: said}))

    def test_outputs_of_another_type_are_invalid(self):
        code, said = self.weigh("broken", nodes=[WEB1])
        self.assertEqual(code, 2)
        self.assertRegex(said[WEB1], "^invalid_output .*'pieces' must be of type integer")

    def test_an_invalid_input_is_refused_before_it_is_sent(self):
        before = [len(node.audit()) for node in self.fleet.nodes.values()]
        code, said = self.weigh("BOX")
        self.assertEqual(code, 65)
        self.assertRegex(said["invalid_input"], r"^input 'name' breaks validation .*\^\[a-z\]\+\$")
        agents = [line.get("agent") for node, seen in zip(self.fleet.nodes.values(), before)
                  for line in node.audit()[seen:]]
        self.assertNotIn("parcel", agents)

    def test_a_node_that_is_not_there_is_missing(self):
        code, said = self.weigh("box", nodes=[WEB1, "gone.example"])
        self.assertEqual((code, said["gone.example"]), (5, "no_response"))
        self.assertRegex(said[WEB1], "^ok ")


if __name__ == "__main__":
    unittest.main()
