#!/usr/bin/python3
"""The daemon with processes that wait and processes that stay: its death and its stop, load and reloads.

    tests/system/runtime_test.py [-k PATTERN]
    HOCKET_MANY=10000 tests/system/runtime_test.py -k ManyCalls     more calls than usual
    HOCKET_SEED=7 tests/system/runtime_test.py -k NodeEnds          the moments of an earlier run
"""

import contextlib
import json
import os
import random
import signal
import threading
import time
import unittest
from collections import Counter

from fleet import Fleet, FleetTest, as_user, write
from processes import POLL_S, children_of, describe, reap_adopted, resident_kib, state_and_parent, wait_until, with_text
from signed_requests import Asker
from small_agents import PYTHON, write_agent, write_ddl

NODE, NODE2 = "web1.example", "web2.example"
IS_ROOT = os.geteuid() == 0
SECONDS = {"prompt": "Seconds", "description": "Seconds", "type": "float", "optional": True, "default": 0.0}
SEED = int(os.environ.get("HOCKET_SEED") or random.randrange(10**6))


# ---- its end ---------------------------------------------------------------------------------------------------------

ROUNDS = 40
GONE_S = 2
STANDBY = 2
# Each act is a line in a file: what was read, whole. The end of input can come before the signal when hocketd dies.
WAITS = PYTHON + """import sys
text = sys.stdin.read()
if not text:
    open("FOLDER/empty", "a").write("x")
    sys.exit(1)
with open("FOLDER/acted", "a") as file:
    file.write(text.rstrip("\\n") + "\\n")
import json, time
time.sleep(json.loads(text)["inputs"]["seconds"])
print('{"statuscode":0}')
"""
WORKS = PYTHON + """import json, os, sys, time
for line in sys.stdin:
    if not line.endswith("\\n"):
        break
    with open("FOLDER/acted", "a") as file:
        file.write(line)
    request = json.loads(line)
    time.sleep(request["inputs"]["seconds"])
    os.write(3, b'{"id":"%s","statuscode":0}\\n' % request["id"].encode())
"""


class NodeEnds(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.folder = os.path.join(fleet.folder, "ledger")
        os.makedirs(cls.folder)
        os.chmod(cls.folder, 0o777)
        cls.acted = write(os.path.join(cls.folder, "acted"), "", 0o666)
        cls.empty = write(os.path.join(cls.folder, "empty"), "", 0o666)
        cls.agents = os.path.join(fleet.folder, "agents")
        act = {"act": ({"seconds": SECONDS}, {})}
        cls.kinds = ("", "_nobody") if IS_ROOT else ("",)
        for kind in cls.kinds:
            write_agent(cls.agents, f"waits{kind}", WAITS.replace("FOLDER", cls.folder), act, standby=STANDBY)
            write_agent(cls.agents, f"works{kind}", WORKS.replace("FOLDER", cls.folder), act, contract="worker",
                        worker={"processes": 2})
        users = as_user("waits_nobody", "works_nobody") if IS_ROOT else {}
        fleet.add_node(NODE, [cls.agents], **users)
        return fleet

    def setUp(self):
        self.node = self.fleet.nodes[NODE]
        self.addCleanup(self.start_again)
        self.caller = Asker(self.fleet)
        for file in (self.acted, self.empty):
            write(file, "", 0o666)
        self.asked = []

    def start_again(self):
        if not self.node.is_running():
            self.node.start()
        Asker(self.fleet).await_node()

    def act(self, agent, seconds=0.0):
        self.asked.append(self.caller.ask(agent, "act", inputs={"seconds": seconds}))
        return self.asked[-1]

    def processes(self, agent):
        return with_text(os.path.join(self.agents, agent, agent))

    def all_of_the_node(self):
        """Processes of the fleet but for the broker; those too that hocketd has cloned and that have not become an agent."""
        reap_adopted()
        return [pid for pid in with_text(self.fleet.tag) if b"nats-server" not in describe(pid).encode()]

    def fill(self, kind):
        """Two wait, one worker has nothing to do, another one is at a request, whose id this returns."""
        for _ in range(STANDBY + 1):
            self.act(f"waits{kind}")
        slow = self.act(f"works{kind}", 30)
        self.act(f"works{kind}")
        wait_until(lambda: self.caller.collect() == 1, 10, "the quick ones are not answered")
        wait_until(lambda: len(self.processes(f"waits{kind}")) == STANDBY, 10, "they are not on standby")
        self.assertEqual(len(self.processes(f"works{kind}")), 2)
        return slow

    def what_acted(self):
        with open(self.acted, encoding="utf-8") as file:
            return [json.loads(line)["request_id"] for line in file]

    # ---- it dies

    def while_it_starts(self, kind, moment):
        time.sleep(moment.uniform(0, 0.25))

    def when_it_is_idle(self, kind, moment):
        self.caller.await_node()
        self.fill(kind)

    def after_requests(self, kind, moment):
        self.caller.await_node()
        self.fill(kind)
        for _ in range(3):
            self.act(f"waits{kind}")
            self.act(f"works{kind}")
        time.sleep(moment.uniform(0, 0.015))

    def while_it_fills_up(self, kind, moment):
        self.caller.await_node()
        for _ in range(3):
            self.act(f"waits{kind}")
        time.sleep(moment.uniform(0, 0.15))

    def test_what_waits_dies_with_hocketd_and_nothing_acts_unasked(self):
        moments = (self.while_it_starts, self.when_it_is_idle, self.after_requests, self.while_it_fills_up)
        moment = random.Random(SEED)
        self.node.stop()
        met, slowest = [], 0
        for number in range(ROUNDS):
            come, kind = moments[number % len(moments)], self.kinds[number // len(moments) % len(self.kinds)]
            with self.subTest(number=number, come=come.__name__, kind=kind, seed=SEED):
                self.node.start()
                come(kind, moment)
                self.caller.connection.flush()
                met.append(len(with_text(f"{self.agents}/")))
                self.assertEqual(self.node.stop(signal.SIGKILL), -signal.SIGKILL)
                died = time.monotonic()
                wait_until(lambda: not self.all_of_the_node(), GONE_S,
                           lambda: f"left: {[describe(pid) for pid in self.all_of_the_node()]}")
                slowest = max(slowest, time.monotonic() - died)
                self.assertEqual(set(self.what_acted()) - set(self.asked), set(), "it acted without a request")
                self.caller.collect()
                self.caller.unanswered.clear()
        acted = self.what_acted()
        self.assertEqual(len(acted), len(set(acted)), "something acted twice")
        ok = {request for request, reply in self.caller.replies_by_id.items() if reply["outcome"] == "ok"}
        self.assertLessEqual(ok & set(self.asked), set(acted))
        self.assertGreater(sum(met), 2 * ROUNDS, f"too few were there to be killed, this tests nothing: {met}")
        print(f"\n  {ROUNDS} deaths, {sum(met)} processes died with it, all within {slowest * 1000:.0f} ms; "
              f"{len(acted)} of {len(self.asked)} requests acted; an empty input was seen "
              f"{os.path.getsize(self.empty)} times", flush=True)

    # ---- it is stopped

    def stop(self, number=signal.SIGTERM):
        """Until hocketd has ended, in seconds; nothing may be left then."""
        started = time.monotonic()
        self.assertEqual(self.node.stop(number), 0)
        took = time.monotonic() - started
        self.assertEqual([describe(pid) for pid in self.all_of_the_node()], [])
        return took

    def test_a_stop_does_not_wait_for_those_that_wait(self):
        for kind in self.kinds:
            with self.subTest(kind):
                self.start_again()
                for agent in [f"waits{kind}"] * 3 + [f"works{kind}"] * 2:
                    self.act(agent)
                self.caller.await_all()
                wait_until(lambda each=kind: len(self.processes(f"waits{each}")) == STANDBY, 10, "no standby")
                self.assertGreater(len(self.processes(f"works{kind}")), 0)
                took = self.stop()
                print(f"\n  stopped after {took * 1000:.0f} ms", end="", flush=True)
                self.assertLess(took, 1.5)
                self.assertEqual(sorted(self.what_acted()), sorted(self.asked))

    def begin_to_stop(self):
        self.node.process.send_signal(signal.SIGTERM)
        wait_until(lambda: self.node.status()["state"] == "draining", 5, "it does not drain")

    def test_a_stop_answers_first_what_they_have(self):
        for kind in self.kinds:
            with self.subTest(kind):
                self.start_again()
                self.act(f"works{kind}")
                self.caller.await_all()
                wait_until(lambda each=kind: self.processes(f"waits{each}"), 10, "no standby")
                begun = [self.act(f"{agent}{kind}", 1.0) for agent in ("works", "works", "waits")]
                wait_until(lambda each=begun: set(each) <= set(self.what_acted()), 10, "they do not begin")
                begun.append(self.act(f"works{kind}"))  # it waits for a place
                self.caller.get("rpcutil", "ping")
                self.begin_to_stop()
                late = self.caller.get(f"works{kind}", "act", inputs={"seconds": 0.0})
                self.assertEqual(late["outcome"], "draining", late)
                self.assertEqual(self.node.process.wait(10), 0)
                self.caller.await_all()
                self.assertEqual([self.caller.replies_by_id[each]["outcome"] for each in begun], ["ok"] * 4)
                self.assertEqual([describe(pid) for pid in self.all_of_the_node()], [])

    def test_a_second_signal_ends_them_with_their_requests(self):
        self.start_again()
        wait_until(lambda: self.processes("waits"), 10, "no standby")
        begun = [self.act(agent, 30) for agent in ("works", "waits")]
        wait_until(lambda: set(begun) <= set(self.what_acted()), 10, "they do not begin")
        self.begin_to_stop()
        self.assertLess(self.stop(), 2.5)
        self.caller.await_all()
        self.assertEqual([self.caller.replies_by_id[each]["outcome"] for each in begun], ["internal"] * 2)


# ---- load ------------------------------------------------------------------------------------------------------------

MANY = int(os.environ.get("HOCKET_MANY") or 2000)
IN_FLIGHT = 8
MAX_GROWTH = 1.10
LOOKS = int(0.5 / POLL_S)
ECHO_WORKER = PYTHON + """import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    reply = {"id": request["id"], "statuscode": 0, "data": {"pid": os.getpid(), "ahead": True}}
    os.write(3, json.dumps(reply).encode() + b"\\n")
"""
ECHO_BASH = """#!/bin/bash
IFS= read -r -d '' request
[[ $request ]] || exit 1
[[ ${HOCKET_REQUEST_ID-} ]] && ahead=false || ahead=true
printf '{"statuscode":0,"data":{"pid":%d,"ahead":%s}}' $$ $ahead
"""
ECHO = {"echo": ({}, {"pid": "integer", "ahead": "boolean"})}


def write_echoes(folder):
    write_agent(folder, "plain", ECHO_BASH, ECHO)
    write_agent(folder, "waiting", ECHO_BASH, ECHO, standby=4)
    write_agent(folder, "working", ECHO_WORKER, ECHO, contract="worker", worker={"processes": 2})
    write_agent(folder, "scripted", "#!/bin/bash\necho said\n", {"echo": ({}, {"stdout": "string"})},
                contract="script")
    return folder


class ManyCalls(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        # What is kept for repetition is memory too, and no leak: little of it, and not for long.
        fleet.add_node(NODE, [write_echoes(os.path.join(fleet.folder, "agents"))], log={"level": "info"},
                       limits={"duplicate_reply_bytes": 65536})
        return fleet

    def call(self, caller, count):
        """So many calls, a quarter of them to each agent, some at a time."""
        agents = ("plain", "waiting", "working", "scripted")
        for number in range(count):
            caller.ask(agents[number % len(agents)], "echo", ttl_ms=3000)
            while len(caller.unanswered) >= IN_FLIGHT and caller.collect() >= IN_FLIGHT:
                time.sleep(0.002)
        caller.await_all()

    def seen(self):
        """How many children, zombies and descriptors it has."""
        found = children_of(self.node.pid)
        zombies = sum((state_and_parent(pid) or "Z")[0] == "Z" for pid in found)
        return len(found), zombies, len(self.node.descriptors())

    def state(self):
        """The same, when it has settled: 4 on standby and 2 workers, and no look in half a second was different."""
        looks = []

        def has_settled():
            looks.append(self.seen())
            return looks[-1][:2] == (4 + 2, 0) and len(looks) > LOOKS and len(set(looks[-LOOKS:])) == 1
        wait_until(has_settled, 10, lambda: f"it does not settle: {looks[-LOOKS:]}")
        return looks[-1]

    def test_nothing_grows(self):
        self.node = self.fleet.nodes[NODE]
        caller = Asker(self.fleet)
        self.call(caller, MANY // 10)
        state, resident, started = self.state(), resident_kib(self.node.pid), time.monotonic()
        self.call(caller, MANY)
        took = time.monotonic() - started
        self.assertEqual(caller.outcomes(), {"ok": MANY + MANY // 10})
        self.assertEqual(self.state(), state)
        after = resident_kib(self.node.pid)
        served = [reply for reply in caller.replies_by_id.values() if reply["agent"] == "waiting"]
        ahead = sum(reply["data"]["ahead"] for reply in served)
        print(f"\n  {MANY} calls in {took:.1f} s, VmRSS {resident} KiB, then {after} KiB "
              f"({(after / resident - 1) * 100:+.1f} %), descriptors {state[2]}, "
              f"{ahead} of {len(served)} calls by processes on standby", flush=True)
        self.assertGreater(ahead, 0)
        self.assertLess(after, resident * MAX_GROWTH)


OVER_S = 5
RATE = 40  # a second, to each node: twice what it can do
SLEEP_S = 0.1
AT_A_TIME = 2
QUEUE_TTL_MS, QUEUE_TIMEOUT_MS = 2000, 5000
SLEEPER = f"#!/bin/bash\nsleep {SLEEP_S}\necho '{{\"statuscode\":0}}'\n"
SLEEPING_WORKER = PYTHON + f"""import json, os, sys, time
for line in sys.stdin:
    time.sleep({SLEEP_S})
    os.write(3, b'{{"id":"%s","statuscode":0}}\\n' % json.loads(line)["id"].encode())
"""


class Overload(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        for node, program, run in ((NODE, SLEEPER, {}),
                                   (NODE2, SLEEPING_WORKER, {"contract": "worker", "worker": {"processes": AT_A_TIME}})):
            agents = write_agent(os.path.join(fleet.folder, f"agents-{node}"), "sleeper", program, {"sleep": ({}, {})},
                                 max_parallel=AT_A_TIME, **run)
            fleet.add_node(node, [agents])
        return fleet

    def ask_at_a_rate(self, caller):
        """The ids by node."""
        asked, begun = {NODE: [], NODE2: []}, time.monotonic()
        for number in range(RATE * OVER_S):
            while time.monotonic() < begun + number / RATE:
                caller.collect()
                time.sleep(0.002)
            for node, requests in asked.items():
                requests.append(caller.ask("sleeper", "sleep", node, ttl_ms=QUEUE_TTL_MS, timeout_ms=QUEUE_TIMEOUT_MS))
        return asked

    def test_twice_as_much_as_it_can(self):
        caller = Asker(self.fleet)
        asked = self.ask_at_a_rate(caller)
        caller.await_all()
        for node, requests in asked.items():
            with self.subTest(node):
                seconds = {"ok": [], "busy": []}
                for request in requests:
                    reply = caller.replies_by_id[request]
                    self.assertIn(reply["outcome"], seconds, reply)
                    seconds[reply["outcome"]].append(caller.seconds_by_id[request])
                print(f"\n  {node}: " + ", ".join(f"{len(each)} {outcome} in at most {max(each, default=0):.2f} s"
                                                 for outcome, each in seconds.items()), end="", flush=True)
                self.assertLess(max(map(max, seconds.values())), (QUEUE_TTL_MS + QUEUE_TIMEOUT_MS) / 1000)
                self.assertLess(max(seconds["busy"]), QUEUE_TTL_MS / 1000 + 0.5, "it was kept waiting in vain")
                can = AT_A_TIME / SLEEP_S * (OVER_S + QUEUE_TTL_MS / 1000)
                self.assertGreater(len(seconds["ok"]), 0.6 * can, "it did not work all the time")
                self.assertLessEqual(len(seconds["ok"]), 1.1 * can)


# ---- reloads ---------------------------------------------------------------------------------------------------------

ASKERS = 4
RELOADS = 20


class Reloads(FleetTest):
    @classmethod
    def make_fleet(cls):
        cls.names = [f"asker{number}" for number in range(ASKERS)]
        fleet = Fleet(callers=dict.fromkeys(cls.names))
        cls.agents = os.path.join(fleet.folder, "agents")
        write_agent(cls.agents, "waiting", ECHO_BASH, ECHO, standby=2)
        write_agent(cls.agents, "working", ECHO_WORKER, ECHO, contract="worker")
        write_agent(cls.agents, "dawdling", ECHO_WORKER.replace("import", "import time,").replace(
            "    request", "    time.sleep(0.5)\n    request"), ECHO, contract="worker")
        fleet.add_node(NODE, [cls.agents])
        return fleet

    @contextlib.contextmanager
    def asking(self):
        """Four callers ask a worker and an agent on standby in turn, all the time; the worker's pids as they come."""
        askers, pids, is_over = [Asker(self.fleet, name) for name in self.names], [], threading.Event()

        def ask(asker):
            while not is_over.is_set():
                pids.append(asker.get("working", "echo").get("data", {}).get("pid"))
                asker.get("waiting", "echo")
        threads = [threading.Thread(target=ask, args=(asker,)) for asker in askers]
        for thread in threads:
            thread.start()
        try:
            wait_until(lambda: len(pids) >= ASKERS, 10, "nobody is answered")
            yield pids
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        outcomes = sum((asker.outcomes() for asker in askers), Counter())
        print(f"\n  {self.id().rpartition('.')[2]}: {dict(outcomes)}, {len(set(pids))} workers", end="", flush=True)
        self.assertEqual(set(outcomes), {"ok"})

    @contextlib.contextmanager
    def another_worker_after(self, pids, what):
        """Those of before are taken before the body: the next one may have answered by its end."""
        before = set(pids)
        yield
        wait_until(lambda: set(pids) - before, 10, f"the worker stays after {what}")

    def assert_one_worker(self, agent="working"):
        """`processes` is 1, and those of before are to go when they have answered."""
        left = os.path.join(self.agents, agent, agent)
        wait_until(lambda: len(with_text(left)) <= 1, 5, lambda: f"workers: {[describe(pid) for pid in with_text(left)]}")

    def test_sighup(self):
        with self.asking() as pids:
            for _ in range(RELOADS):
                with self.another_worker_after(pids, "a reload"):
                    said = self.fleet.nodes[NODE].reload()
                self.assertIn("msg=reloaded", said)
        self.assert_one_worker()

    def test_a_touched_description(self):
        with self.asking() as pids:
            for agent in ("working", "waiting"):
                with self.another_worker_after(pids, "a touched DDL"):
                    os.utime(os.path.join(self.agents, agent, f"{agent}.json"))
            with self.another_worker_after(pids, "another DDL"):
                write_ddl(self.agents, "working", ECHO, contract="worker", worker={"requests": 10**6})
        self.assert_one_worker()

    def test_a_touched_program(self):
        with self.asking() as pids:
            for _ in range(RELOADS):
                with self.another_worker_after(pids, "a touched program"):
                    for agent in ("waiting", "working"):
                        os.utime(os.path.join(self.agents, agent, agent))
        self.assert_one_worker()

    def test_requests_that_wait_for_the_worker_during_a_reload(self):
        caller = Asker(self.fleet)
        for _ in range(3):
            caller.ask("dawdling", "echo")
        wait_until(lambda: with_text(os.path.join(self.agents, "dawdling")), 10, "it does not start")
        self.fleet.nodes[NODE].reload()
        caller.ask("dawdling", "echo")
        caller.await_all()
        self.assertEqual(caller.outcomes(), {"ok": 4})
        self.assert_one_worker("dawdling")


if __name__ == "__main__":
    unittest.main()
