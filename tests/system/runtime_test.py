#!/usr/bin/python3
"""The daemon with processes that wait and processes that stay: its death and its stop, bombs, escapes, load and reloads.

    tests/system/runtime_test.py [-k PATTERN]
    HOCKET_MANY=10000 tests/system/runtime_test.py -k ManyCalls     more calls than usual
    HOCKET_SEED=7 tests/system/runtime_test.py -k NodeEnds          the moments of an earlier run
"""

import contextlib
import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import threading
import time
import unittest
from collections import Counter

from fleet import HOCKETD, Fleet, FleetTest, toml, write
from processes import children_of, describe, reap_adopted, state_and_parent, wait_until, with_text
from signed_requests import RawCaller
from small_agents import text_input, write_agent, write_ddl

NODE, NODE2 = "web1.example", "web2.example"
IS_ROOT = os.geteuid() == 0
USER = "nobody"
PYTHON = "#!/usr/bin/python3 -ISB\n"
ANSWER_S = 20
SECONDS = {"prompt": "Seconds", "description": "Seconds", "type": "float", "optional": True, "default": 0.0}
SEED = int(os.environ.get("HOCKET_SEED") or random.randrange(10**6))


def as_user(*agents, **more):
    return {f"agents.{agent}": {"run_as_user": USER, **more} for agent in agents}


class Asker(RawCaller):
    """Many requests at a time over one connection, and after how long each was answered."""

    def __init__(self, fleet, name="ops"):
        super().__init__(fleet.callers[name], fleet.broker)
        self.unanswered, self.replies_by_id, self.seconds_by_id = {}, {}, {}

    def ask(self, agent, action, node=NODE, **members):
        """Returns the request's id."""
        envelope = self.request(agent, action, [node], **members)
        self.unanswered[envelope.reply_subject] = (envelope.request["id"], time.monotonic())
        self.connection.publish_unflushed(envelope.subject, envelope.payload, envelope.reply_subject,
                                          envelope.signature)
        return envelope.request["id"]

    def collect(self):
        """What has come until now; how many are still waited for. A broker that knows no taker counts as `nobody`."""
        self.connection.flush()
        messages, self.connection.messages = self.connection.messages, []
        now = time.monotonic()
        for message in messages:
            if message.subject not in self.unanswered:
                continue
            request, sent = self.unanswered.pop(message.subject)
            self.replies_by_id[request] = json.loads(message.payload) if message.payload else {"outcome": "nobody"}
            self.seconds_by_id[request] = now - sent
        return len(self.unanswered)

    def await_all(self, seconds=ANSWER_S):
        wait_until(lambda: self.collect() == 0, seconds, lambda: f"{len(self.unanswered)} are not answered")

    def await_reply(self, request, seconds=ANSWER_S):
        wait_until(lambda: self.collect() == 0 or request in self.replies_by_id, seconds, "no answer")
        return self.replies_by_id[request]

    def get(self, *words, **members):
        return self.await_reply(self.ask(*words, **members))

    def await_node(self, node=NODE):
        wait_until(lambda: self.get("rpcutil", "ping", node)["outcome"] == "ok", 20, f"{node} does not answer")

    def outcomes(self):
        return Counter(reply["outcome"] for reply in self.replies_by_id.values())


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


# ---- bombs -----------------------------------------------------------------------------------------------------------

BOMB_TIMEOUT_MS = 2000
BOMB_GRACE_MS = 300
PING_S = 0.1
BOMB_SLACK_S = 2.5  # what has not gone two seconds after KILL is answered all the same
BOUND = {"processes": 200, "files": 30000, "memory": 400 << 20, "written": 100 << 20}
LIMITS = {"processes": 100, "open_files": 100, "address_space_bytes": 350 << 20, "file_bytes": 1 << 20}
SPIN_LIMITS = {"cpu_s": 1}  # of agents of their own: other bombs take time too
BOMBS = PYTHON + """import json, os, signal, sys, time
BOUND = json.loads('BOUNDS')

def until_it_fails(step, bound):
    count = 0
    try:
        while count < bound:
            step(count)
            count += 1
        reason = "itself"
    except (OSError, MemoryError) as error:
        reason = type(error).__name__
    time.sleep(0.5)
    return {"count": count, "stopped_by": reason}

def fork(number):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        number % 2 and os.setsid()
        time.sleep(60)
        os._exit(0)

def processes():
    made = until_it_fails(fork, BOUND["processes"])
    print(json.dumps(made), file=sys.stderr)
    return made

def processes_and_stay():
    processes()
    time.sleep(60)

kept = []
def files():
    return until_it_fails(lambda _: kept.append(os.open("/dev/null", os.O_RDONLY)), BOUND["files"])

def memory():
    return until_it_fails(lambda _: kept.append(b"x" * (1 << 20)), BOUND["memory"] >> 20)

def output():
    while True:
        os.write(1, b"x" * 65536)
        os.write(2, b"y" * 65536)

def errors():
    while True:
        os.write(2, b"y" * 65536)

def line():
    while True:
        os.write(3, b"x" * 65536)

def disk():
    with open("/tmp/TAG-disk", "wb", buffering=0) as file:
        os.unlink(file.name)
        return until_it_fails(lambda _: file.write(b"x" * 65536), BOUND["written"] >> 16)

def cpu():
    while True:
        pass

contract = os.environ["HOCKET_CONTRACT"]
if contract == "script":
    globals()[os.environ["HOCKET_ACTION"]]()
elif contract == "json":
    data = globals()[json.load(sys.stdin)["action"]]()
    print(json.dumps({"statuscode": 0, "data": data}))
else:
    for text in sys.stdin:
        request = json.loads(text)
        data = globals()[request["action"]]()
        os.write(3, json.dumps({"id": request["id"], "statuscode": 0, "data": data}).encode() + b"\\n")
"""
COUNTED = ({}, {"count": "integer", "stopped_by": "string"})
COUNTING = {name: COUNTED for name in ("processes", "files", "memory", "disk")}
ENDLESS = {name: ({}, {}) for name in ("processes_and_stay", "output", "errors", "cpu")}


@unittest.skipUnless(IS_ROOT, "only root can run bombs as somebody else")
class Bombs(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet(callers={"pinger": None})
        cls.agents = os.path.join(fleet.folder, "agents")
        program = BOMBS.replace("BOUNDS", json.dumps(BOUND)).replace("TAG", fleet.tag)
        cls.has_limits = cls.takes_limits(fleet)
        settings = {"limits": {"grace_ms": BOMB_GRACE_MS, "drain_ms": 300}}
        for kind, limits in (("bombs", LIMITS), ("spins", SPIN_LIMITS)):
            write_agent(cls.agents, kind, program, {**COUNTING, **ENDLESS})
            write_agent(cls.agents, f"{kind}_script", program, ENDLESS, contract="script")
            write_agent(cls.agents, f"{kind}_worker", program, {**COUNTING, **ENDLESS, "line": ({}, {})}, contract="worker")
            for name in (kind, f"{kind}_script", f"{kind}_worker"):
                settings |= as_user(name) | ({f"agents.{name}.limits": limits} if cls.has_limits else {})
        fleet.add_node(NODE, [cls.agents], **settings)
        return fleet

    @staticmethod
    def takes_limits(fleet):
        """Whether this hocketd knows the keys."""
        config = write(os.path.join(fleet.folder, "limits.toml"),
                       toml({"identity": "x.example", "state_dir": "x", "agents.bombs.limits": {**LIMITS, **SPIN_LIMITS}}))
        said = subprocess.run([HOCKETD, "check", "--config", config], capture_output=True, text=True, check=False)
        return "is not a known key" not in said.stdout + said.stderr

    def setUp(self):
        self.caller = Asker(self.fleet)
        self.pid = self.fleet.nodes[NODE].pid

    @contextlib.contextmanager
    def pinging(self):
        """Another caller asks every 100 ms, and is answered every time."""
        pinger, is_over = Asker(self.fleet, "pinger"), threading.Event()

        def ping():
            next_at = time.monotonic()
            while not is_over.wait(0.002):
                pinger.collect()
                if time.monotonic() >= next_at:
                    pinger.ask("rpcutil", "ping")
                    next_at += PING_S
        thread = threading.Thread(target=ping)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
        pinger.await_all()
        self.assertEqual(set(pinger.outcomes()), {"ok"})
        slowest = max(pinger.seconds_by_id.values())
        self.assertLess(slowest, 2, "a ping waited")
        print(f"\n  {self.id().rpartition('.')[2]}: {len(pinger.seconds_by_id)} pings, slowest {slowest * 1000:.0f} ms",
              end="", flush=True)

    def explode(self, agent, action, *outcomes, timeout_ms=BOMB_TIMEOUT_MS):
        with self.subTest(agent=agent, action=action):
            request = self.caller.ask(agent, action, timeout_ms=timeout_ms)
            reply = self.caller.await_reply(request)
            self.assertIn(reply["outcome"], outcomes, reply)
            self.assertLess(self.caller.seconds_by_id[request],
                            (timeout_ms + BOMB_GRACE_MS) / 1000 + BOMB_SLACK_S, reply)
            if "worker" not in agent or reply["outcome"] != "ok":
                wait_until(lambda: not with_text(os.path.join(self.agents, agent, agent)), 3, "something is left")
            self.assertEqual(self.fleet.nodes[NODE].pid, self.pid)
            self.fleet.nodes[NODE].assert_running()
            return reply
        return None

    def assert_stopped(self, data, limit, bound):
        """By the limit where there is one, else by the bomb's own bound or the system's."""
        if not self.has_limits:
            return self.assertLessEqual(data["count"], bound, data)
        self.assertNotEqual(data["stopped_by"], "itself", data)
        return self.assertLessEqual(data["count"], limit, data)

    def test_processes(self):
        with self.pinging():
            reply = self.explode("bombs", "processes", "ok")
            self.assert_stopped(reply["data"], LIMITS["processes"], BOUND["processes"])
            reply = self.explode("bombs", "processes_and_stay", "timeout")
            self.assert_stopped(json.loads(reply["stderr"]), LIMITS["processes"], BOUND["processes"])
            self.explode("bombs_script", "processes_and_stay", "timeout")
            self.explode("bombs_worker", "processes_and_stay", "timeout")

    def test_descriptors(self):
        with self.pinging():
            for agent in ("bombs", "bombs_worker"):
                reply = self.explode(agent, "files", "ok")
                self.assert_stopped(reply["data"], LIMITS["open_files"], BOUND["files"])

    def test_memory(self):
        with self.pinging():
            for agent in ("bombs", "bombs_worker"):
                reply = self.explode(agent, "memory", "ok")
                self.assert_stopped(reply["data"], LIMITS["address_space_bytes"] >> 20, BOUND["memory"] >> 20)
        wait_until(lambda: not with_text(os.path.join(self.agents, "bombs_worker")), 3, "it is over run.worker.memory")

    def test_output(self):
        with self.pinging():
            for agent in ("bombs", "bombs_script"):
                self.explode(agent, "output", "too_large")
                self.explode(agent, "errors", "timeout")
            self.explode("bombs_worker", "output", "timeout")  # it is all log
            self.explode("bombs_worker", "line", "too_large")

    def test_disk_and_time(self):
        if not self.has_limits:
            self.skipTest("this hocketd has no limits of files and CPU time")
        with self.pinging():
            reply = self.explode("bombs", "disk", "ok", "crashed")  # SIGXFSZ, which Python ignores
            if reply["outcome"] == "ok":
                self.assert_stopped(reply["data"], LIMITS["file_bytes"] >> 16, BOUND["written"] >> 16)
            for agent in ("spins", "spins_script", "spins_worker"):
                self.explode(agent, "cpu", "crashed", timeout_ms=10 * BOMB_TIMEOUT_MS)


# ---- escapes ---------------------------------------------------------------------------------------------------------

CONTRACTS = ("script", "worker", "standby")
# What it tries as nobody, and the name of the error or what it got.
ESCAPE = PYTHON + """import ctypes, errno, json, os, signal, subprocess, sys
libc, daemon, own = ctypes.CDLL(None, use_errno=True), os.getppid(), sys.argv[0]
folder = os.path.dirname(own)

def call(function, *arguments):
    if function(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "")

def ptrace(request):
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    call(libc.ptrace, request, daemon, 0, 0)

def output(*words):
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return ended.stdout.decode().strip() or "exit %d" % ended.returncode

ATTEMPTS = {
    "setuid": lambda: os.setuid(0), "setresuid": lambda: os.setresuid(0, 0, 0), "setgid": lambda: os.setgid(0),
    "setgroups": lambda: os.setgroups([0]),
    "shadow": lambda: open("/etc/shadow").read(), "secret": lambda: open("SECRET").read(),
    "configuration of the broker": lambda: open("PASSWORD").read(),
    "attach": lambda: ptrace(16), "seize": lambda: ptrace(0x4206),
    "memory": lambda: open("/proc/%d/mem" % daemon, "rb").close(),
    "environment": lambda: open("/proc/%d/environ" % daemon).read(),
    "descriptors": lambda: os.listdir("/proc/%d/fd" % daemon),
    "term": lambda: os.kill(daemon, signal.SIGTERM), "kill": lambda: os.kill(daemon, signal.SIGKILL),
    "executable": lambda: open(own, "r+").close(), "DDL": lambda: open(own + ".json", "r+").close(),
    "new file": lambda: open(own + ".new", "w").close(), "unlink": lambda: os.unlink(own),
    "rename": lambda: os.rename(own, own + ".old"), "chmod": lambda: os.chmod(own, 0o777),
    "new agent": lambda: os.mkdir(folder + "-new"), "nice": lambda: os.nice(-5), "chroot": lambda: os.chroot("/tmp"),
}

def attempt(function):
    try:
        return "done: %r" % (function(),)
    except OSError as error:
        return errno.errorcode[error.errno]

def look():
    seen = {name: attempt(function) for name, function in ATTEMPTS.items()}
    return {"tries": seen, "set-user-id": output("SETUID", "-u"), "su": output("su", "-c", "id -u", "root"),
            "sudo": attempt(lambda: output("sudo", "-n", "id", "-u")), "ids": sorted({*os.getresuid(), *os.getresgid()}),
            "daemon": daemon, "ahead": "HOCKET_REQUEST_ID" not in os.environ}

contract = os.environ["HOCKET_CONTRACT"]
if contract == "script":
    print(json.dumps({"seen": look()}))
elif contract == "json":
    sys.stdin.read() or sys.exit(1)
    print(json.dumps({"statuscode": 0, "data": {"seen": look()}}))
else:
    for line in sys.stdin:
        reply = {"id": json.loads(line)["id"], "statuscode": 0, "data": {"seen": look()}}
        os.write(3, json.dumps(reply).encode() + b"\\n")
"""
RUN = {"script": {"contract": "script", "result": "json"}, "worker": {"contract": "worker"}, "standby": {"standby": 1}}


@unittest.skipUnless(IS_ROOT, "only root can run agents as somebody else")
class Escapes(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.agents, node = os.path.join(fleet.folder, "agents"), os.path.join(fleet.folder, "nodes", NODE)
        cls.setuid = os.path.join(fleet.folder, "id-of-root")
        shutil.copy(shutil.which("id"), cls.setuid)
        os.chmod(cls.setuid, 0o4755)
        program = ESCAPE.replace("SETUID", cls.setuid).replace("SECRET", os.path.join(node, "keys", "ops.1.node"))
        for name in CONTRACTS:
            write_agent(cls.agents, name, program.replace("PASSWORD", os.path.join(node, "password")),
                        {"look": ({}, {"seen": "hash"})}, **RUN[name])
        fleet.add_node(NODE, [cls.agents], **as_user(*CONTRACTS))
        return fleet

    def test_the_program_of_root_would_work(self):
        ended = subprocess.run([self.setuid, "-u"], capture_output=True, text=True, user=USER, check=True)
        self.assertEqual(ended.stdout, "0\n", "what Escapes shows about set-user-id shows nothing here")

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.agents):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[file.name] = (file.read(), os.fstat(file.fileno()).st_mode)
        return found

    def test_nothing_is_regained(self):
        node, before, caller = self.fleet.nodes[NODE], self.files(), Asker(self.fleet)
        user = pwd.getpwnam(USER)
        for name in CONTRACTS:
            with self.subTest(name):
                if name == "standby":
                    wait_until(lambda: with_text(os.path.join(self.agents, "standby")), 10, "none is on standby")
                reply = caller.get(name, "look")
                self.assertEqual(reply["outcome"], "ok", reply)
                seen = reply["data"]["seen"]
                self.assertEqual({each: error for each, error in seen["tries"].items()
                                  if error not in ("EPERM", "EACCES")}, {})
                self.assertEqual(seen["ids"], sorted({user.pw_uid, user.pw_gid}))
                self.assertEqual((seen["daemon"], seen["ahead"]), (node.pid, name != "script"))
                self.assertEqual(seen["set-user-id"], str(user.pw_uid))
                self.assertRegex(seen["su"], r"\Aexit [1-9]")
                self.assertRegex(seen["sudo"], r"ENOENT|exit [1-9]")
        self.assertEqual(self.files(), before)
        node.assert_running()


# ---- load ------------------------------------------------------------------------------------------------------------

MANY = int(os.environ.get("HOCKET_MANY") or 2000)
IN_FLIGHT = 8
MAX_GROWTH = 1.10
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

    def resident_kib(self):
        with open(f"/proc/{self.node.pid}/status", encoding="ascii") as file:
            (line,) = [line for line in file if line.startswith("VmRSS:")]
        return int(line.split()[1])

    def state(self):
        """Its children and descriptors, when it has settled."""
        def seen():
            found = children_of(self.node.pid)
            return len(found), [pid for pid in found if state_and_parent(pid)[0] == "Z"], len(self.node.descriptors())
        wait_until(lambda: seen()[0] == 4 + 2 and not seen()[1], 10, lambda: f"not 4 on standby and 2 workers: {seen()}")
        return seen()

    def test_nothing_grows(self):
        self.node = self.fleet.nodes[NODE]
        caller = Asker(self.fleet)
        self.call(caller, MANY // 10)
        state, resident, started = self.state(), self.resident_kib(), time.monotonic()
        self.call(caller, MANY)
        took = time.monotonic() - started
        self.assertEqual(caller.outcomes(), {"ok": MANY + MANY // 10})
        self.assertEqual(self.state(), state)
        after = self.resident_kib()
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

    def await_another_worker(self, pids, what):
        before = set(pids)
        wait_until(lambda: set(pids) - before, 10, f"the worker stays after {what}")

    def assert_one_worker(self, agent="working"):
        """`processes` is 1, and those of before are to go when they have answered."""
        left = os.path.join(self.agents, agent, agent)
        wait_until(lambda: len(with_text(left)) <= 1, 5, lambda: f"workers: {[describe(pid) for pid in with_text(left)]}")

    def test_sighup(self):
        with self.asking() as pids:
            for _ in range(RELOADS):
                said = self.fleet.nodes[NODE].reload()
                self.assertIn("msg=reloaded", said)
                self.await_another_worker(pids, "a reload")
        self.assert_one_worker()

    def test_a_touched_description(self):
        with self.asking() as pids:
            for agent in ("working", "waiting"):
                os.utime(os.path.join(self.agents, agent, f"{agent}.json"))
                self.await_another_worker(pids, "a touched DDL")
            write_ddl(self.agents, "working", ECHO, contract="worker", worker={"requests": 10**6})
            self.await_another_worker(pids, "another DDL")
        self.assert_one_worker()

    def test_a_touched_program(self):
        with self.asking() as pids:
            for _ in range(RELOADS):
                for agent in ("waiting", "working"):
                    os.utime(os.path.join(self.agents, agent, agent))
                self.await_another_worker(pids, "a touched program")
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
