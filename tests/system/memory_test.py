#!/usr/bin/python3
"""What a busy time took of the daemon's memory is given back when it is over, though nobody asks any more.

    tests/system/memory_test.py
"""

import time
import unittest

from fleet import Fleet, FleetTest, sanitizers
from processes import resident_kib, wait_until
from signed_requests import Asker

NODE = "web1.example"
CALLS, IN_FLIGHT = 3000, 50
TTL_MS, REFRESH_MS = 3000, 1000
KEPT_KIB = 4096  # at least, of replies that may be asked for again


@unittest.skipIf(sanitizers(), "they keep what is freed")
class AfterABusyTime(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        fleet.add_node(NODE, status={"refresh_ms": REFRESH_MS})
        return fleet

    def resident_kib(self):
        return resident_kib(self.fleet.nodes[NODE].pid)

    def test_memory_is_given_back(self):
        caller = Asker(self.fleet)
        caller.get("rpcutil", "inventory")
        before = self.resident_kib()
        for _ in range(CALLS):
            caller.ask("rpcutil", "inventory", ttl_ms=TTL_MS)
            while len(caller.unanswered) >= IN_FLIGHT and caller.collect() >= IN_FLIGHT:
                time.sleep(0.001)
        caller.await_all()
        busy = self.resident_kib()
        self.assertGreater(busy, before + KEPT_KIB)
        most = before + (busy - before) // 4
        wait_until(lambda: self.resident_kib() < most, (TTL_MS + 5 * REFRESH_MS) / 1000,
                   lambda: f"{before} KiB, then {busy}, and now {self.resident_kib()}")


if __name__ == "__main__":
    unittest.main()
