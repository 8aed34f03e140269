#!/usr/bin/python3
"""Many requests at once: to an agent that may run four times (who is not let in hears `busy`, and nobody is forgotten),
and to agents that name the same lock.

    tests/system/concurrency_test.py [-k PATTERN]
"""

import os
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fleet import Fleet, FleetTest, write
from processes import wait_until
from signed_requests import Asker, RawCaller
from small_agents import PYTHON, RUN, SERVE, text_input, write_agent

NODE = "web1.example"
REQUESTS = 200
LIMIT = 4
CALLERS = 10  # clients at a time, each takes its share of the requests

ACTIONS = {"count": ({"hold": text_input()}, {"running": "integer"})}
# Each execution is a file in `running` while it works, and a line in `ended` when it has. With `hold` it works until
# that file is there.
COUNTER = """#!/bin/bash
folder=FOLDER
touch "$folder/running/$HOCKET_REQUEST_ID"
running=("$folder/running/"*)
while [[ $HOCKET_INPUT_HOLD && ! -e $HOCKET_INPUT_HOLD ]]; do sleep 0.02; done
[[ $HOCKET_INPUT_HOLD ]] || sleep 0.15
echo "$HOCKET_REQUEST_ID ${#running[@]}" >> "$folder/ended"
rm "$folder/running/$HOCKET_REQUEST_ID"
printf '{"statuscode":0,"data":{"running":%d}}' "${#running[@]}"
"""


class Concurrency(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.folder = os.path.join(fleet.folder, "counter-state")
        os.makedirs(os.path.join(cls.folder, "running"))
        cls.agents = write_agent(os.path.join(fleet.folder, "agents"), "counter",
                                 COUNTER.replace("FOLDER", cls.folder), ACTIONS, max_parallel=LIMIT)
        fleet.add_node(NODE, [cls.agents], limits={"max_waiting": 0})
        return fleet

    def setUp(self):
        write(os.path.join(self.folder, "ended"), "")
        self.node = self.fleet.nodes[NODE]

    def ended(self):
        """(request id, how many ran then) of each execution."""
        with open(os.path.join(self.folder, "ended"), encoding="utf-8") as file:
            return [(line.split()[0], int(line.split()[1])) for line in file]

    def assert_kept_to_the_limit(self):
        requests = [request for request, _ in self.ended()]
        self.assertEqual(len(requests), len(set(requests)), "something ran twice")
        self.assertLessEqual(max(running for _, running in self.ended()), LIMIT)
        wait_until(lambda: not self.node.children(), 5, "children stay")

    def test_two_hundred_at_once(self):
        caller = RawCaller(self.fleet.ops, self.fleet.broker)
        gate = os.path.join(self.folder, "gate")
        envelopes = [caller.request("counter", "count", [NODE], inputs={"hold": gate}) for _ in range(REQUESTS)]
        for each in envelopes:
            caller.connection.publish_unflushed(each.subject, each.payload, each.reply_subject, each.signature)

        def answered():
            caller.connection.flush()
            return len(caller.connection.messages)
        wait_until(lambda: answered() >= REQUESTS - LIMIT, 20, lambda: f"{answered()} answers")
        self.assertEqual(len(os.listdir(os.path.join(self.folder, "running"))), LIMIT)
        write(gate, "")
        wait_until(lambda: answered() >= REQUESTS, 20, lambda: f"{answered()} answers")

        outcomes = Counter()
        for each in envelopes:
            (reply,) = caller.replies(each)
            outcomes[reply["outcome"]] += 1
        self.assertEqual(outcomes, {"ok": LIMIT, "busy": REQUESTS - LIMIT})
        self.assertEqual(len(self.ended()), LIMIT)
        self.assert_kept_to_the_limit()

    def test_retry_busy_gets_all_of_them_done(self):
        before = self.fleet.ops.stats(NODE)[NODE]["outcomes"]

        def call(_):
            return self.fleet.ops.rpc("counter", "count", nodes=[NODE], options=["--retry-busy", "60"],
                                      HOCKET_DDL_FOLDERS=self.agents)
        with ThreadPoolExecutor(CALLERS) as pool:
            answers = list(pool.map(call, range(REQUESTS)))
        after = self.fleet.ops.stats(NODE)[NODE]["outcomes"]
        self.assertEqual(Counter(answer.reply["outcome"] for answer in answers), {"ok": REQUESTS})
        self.assertEqual({answer.code for answer in answers}, {0})
        self.assertEqual(len(self.ended()), REQUESTS)
        self.assertGreater(after.get("busy", 0), before.get("busy", 0), "nobody had to wait: this tests nothing")
        self.assert_kept_to_the_limit()


EACH = 8  # requests to each agent
WORKS_S = 0.05
TIMED = PYTHON + f"""import json, os, sys, time
def run(action):
    begun = time.monotonic()
    time.sleep({WORKS_S})
    return {{"begun": begun, "ended": time.monotonic()}}
""" + SERVE


class Exclusive(FleetTest):
    """An agent of each contract names the lock, and one does not."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        agents, act = os.path.join(fleet.folder, "agents"), {"act": ({}, {"begun": "float", "ended": "float"})}
        for contract, run in RUN.items():
            write_agent(agents, contract, TIMED, act, exclusive="the_lock", **run)
        write_agent(agents, "free", TIMED, act)
        fleet.add_node(NODE, [agents])
        return fleet

    def times_of(self, *agents):
        """(begun, ended) of the executions of these agents, asked all at once, in order."""
        caller = Asker(self.fleet)
        for number in range(EACH * len(agents)):
            caller.ask(agents[number % len(agents)], "act")
        caller.await_all()
        self.assertEqual(caller.outcomes(), {"ok": EACH * len(agents)})
        return sorted((reply["data"]["begun"], reply["data"]["ended"]) for reply in caller.replies_by_id.values())

    @staticmethod
    def overlaps(times):
        return sum(ended > begun for (_, ended), (begun, _) in zip(times, times[1:]))

    def test_never_two_at_once_of_all_that_name_the_lock(self):
        self.assertEqual(self.overlaps(self.times_of(*RUN)), 0)

    def test_never_two_at_once_of_one_agent(self):
        for agent in RUN:
            with self.subTest(agent):
                self.assertEqual(self.overlaps(self.times_of(agent)), 0)

    def test_who_does_not_name_it_runs_beside_them(self):
        self.assertGreater(self.overlaps(self.times_of("json", "free")), 0, "what this class shows shows nothing")


if __name__ == "__main__":
    unittest.main()
