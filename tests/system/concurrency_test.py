#!/usr/bin/python3
"""Many requests at once to an agent that may run four times: who is not let in hears `busy`, and nobody is forgotten.

    tests/system/concurrency_test.py [-k PATTERN]
"""

import os
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fleet import Fleet, FleetTest, write
from processes import wait_until
from signed_requests import RawCaller
from small_agents import text_input, write_agent

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
        fleet.add_node(NODE, [cls.agents])
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


if __name__ == "__main__":
    unittest.main()
