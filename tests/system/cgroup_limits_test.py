#!/usr/bin/python3
"""Limits that the kernel holds for a whole execution: memory, tasks and processor time, under every contract. They need a cgroup v2
hierarchy with these controllers, as systemd makes it; without it the tests are skipped.

    tests/system/cgroup_limits_test.py [-k PATTERN]
"""

import os
import subprocess
import unittest

from fleet import HOCKETD, Fleet, FleetTest
from processes import wait_until
from signed_requests import Asker
from small_agents import PYTHON, RUN, SERVE, write_agent

NODE = "web1.example"
CONTROLLERS = ("memory", "cpu", "pids")
TASKS = 12
LIMITS = {"memory_bytes": 96 << 20, "tasks": TASKS, "cpu_percent": 20}
SPIN_S = 2
PROGRAM = PYTHON + f"""import json, os, signal, sys, time

def eat(megabytes):
    return {{"eaten": len(bytearray(os.urandom(1 << 20) * megabytes))}}

def swarm():
    children = []
    try:
        while len(children) < 100:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except BlockingIOError:
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return {{"children": len(children)}}

def spin():
    end, before = time.monotonic() + {SPIN_S}, time.process_time()
    while time.monotonic() < end:
        pass
    return {{"share": round(100 * (time.process_time() - before) / {SPIN_S})}}

def run(action):
    return {{"snack": lambda: eat(1), "feast": lambda: eat(400), "swarm": swarm, "spin": spin}}[action]()
""" + SERVE
ACTIONS = {"snack": ({}, {"eaten": "integer"}), "feast": ({}, {"eaten": "integer"}),
           "swarm": ({}, {"children": "integer"}), "spin": ({}, {"share": "integer"})}
# It is over its limit before it asks for its request.
GREEDY = PYTHON + """import json, os, sys
eaten = bytearray(os.urandom(1 << 20) * 400)
json.loads(sys.stdin.read() or sys.exit(1))
print(json.dumps({"statuscode": 0, "data": {"eaten": len(eaten)}}))
"""


class CgroupLimits(FleetTest):
    """An agent `limited_CONTRACT` of each, and `free`, which has no limits."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cgroup = fleet.add_cgroup(CONTROLLERS)
        if not cgroup:
            fleet.close()
            raise unittest.SkipTest(f"no cgroup v2 folder with the controllers {', '.join(CONTROLLERS)}")
        agents = os.path.join(fleet.folder, "agents")
        settings = {"exec": {"cgroup": cgroup}}
        for contract, run in RUN.items():
            write_agent(agents, f"limited_{contract}", PROGRAM, ACTIONS, **run)
            settings[f"agents.limited_{contract}.limits"] = LIMITS
        write_agent(agents, "free", PROGRAM, ACTIONS)
        write_agent(agents, "greedy", GREEDY, {"wait": ({}, {"eaten": "integer"})}, standby=1)
        settings["agents.greedy.limits"] = LIMITS
        fleet.add_node(NODE, [agents], **settings)
        return fleet

    def setUp(self):
        self.node, self.caller = self.fleet.nodes[NODE], Asker(self.fleet)

    def ok(self, agent, action):
        reply = self.caller.get(agent, action)
        self.assertEqual(reply["outcome"], "ok", reply)
        return reply["data"]

    def test_who_takes_too_much_memory_is_ended_and_told_why(self):
        for contract in RUN:
            with self.subTest(contract=contract):
                agent = f"limited_{contract}"
                reply = self.caller.get(agent, "feast")
                self.assertEqual(reply["outcome"], "crashed", reply)
                self.assertIn("because it took more memory than its limit (memory_bytes)", reply["statusmsg"])
                self.assertEqual(self.ok(agent, "snack"), {"eaten": 1 << 20})
        self.assertEqual(self.ok("free", "feast"), {"eaten": 400 << 20})

    def test_a_fork_bomb_ends_at_the_number_of_tasks(self):
        for contract in RUN:
            with self.subTest(contract=contract):
                self.assertEqual(self.ok(f"limited_{contract}", "swarm"), {"children": TASKS - 1})
        self.assertEqual(self.ok("free", "swarm"), {"children": 100})

    def test_processor_time_is_shared_out(self):
        for contract in RUN:
            with self.subTest(contract=contract):
                share = self.ok(f"limited_{contract}", "spin")["share"]
                self.assertLess(share, 2 * LIMITS["cpu_percent"])
                self.assertGreater(share, LIMITS["cpu_percent"] / 4)
        self.assertGreater(self.ok("free", "spin")["share"], 2 * LIMITS["cpu_percent"])

    def test_standby_that_is_over_its_memory_before_a_request_is_switched_off(self):
        said = "raise memory_bytes, or let the agent take less before its request, then reload"
        wait_until(lambda: said in self.node.log(), 30, "nothing in the log of a process on standby that takes too much")
        self.assertEqual(self.caller.get("greedy", "wait")["outcome"], "crashed")

    def test_check_has_nothing_to_say_against_them(self):
        done = subprocess.run([HOCKETD, "check", "--config", self.node.config_file], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("ok       cgroup v2", done.stdout)
        for limit in LIMITS:
            self.assertNotIn(limit, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
