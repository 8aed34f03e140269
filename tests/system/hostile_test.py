#!/usr/bin/python3
"""Agents against their node: bombs, what they leave in their private folder, and escapes. Only for root.

    tests/system/hostile_test.py [-k PATTERN]
"""

import contextlib
import json
import os
import pwd
import resource
import shutil
import subprocess
import threading
import time
import unittest

from fleet import HOCKETD, Fleet, FleetTest, as_user, toml, write
from processes import wait_until, with_text
from signed_requests import Asker
from small_agents import PYTHON, RUN, SERVE, write_agent

NODE = "web1.example"
USER = "nobody"
needs_root = unittest.skipUnless(os.geteuid() == 0, "only root can run agents as somebody else")


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

def run(action):
    return globals()[action]()
""" + SERVE
COUNTED = ({}, {"count": "integer", "stopped_by": "string"})
COUNTING = {name: COUNTED for name in ("processes", "files", "memory", "disk")}
ENDLESS = {name: ({}, {}) for name in ("processes_and_stay", "output", "errors", "cpu")}


@needs_root
class Bombs(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet(callers={"pinger": None})
        cls.agents = os.path.join(fleet.folder, "agents")
        program = BOMBS.replace("BOUNDS", json.dumps(BOUND)).replace("TAG", fleet.tag)
        settings = {"limits": {"grace_ms": BOMB_GRACE_MS, "drain_ms": 300}}
        for kind, limits in (("bombs", LIMITS), ("spins", SPIN_LIMITS)):
            write_agent(cls.agents, kind, program, {**COUNTING, **ENDLESS})
            write_agent(cls.agents, f"{kind}_script", program, ENDLESS, contract="script")
            # What is endless is a worker's deadline only when the action's own time is over.
            endless = {name: (*fields, BOMB_TIMEOUT_MS // 1000) for name, fields in ENDLESS.items() if name != "cpu"}
            write_agent(cls.agents, f"{kind}_worker", program,
                        {**COUNTING, **ENDLESS, **endless, "line": ({}, {})}, contract="worker")
            for name in (kind, f"{kind}_script", f"{kind}_worker"):
                settings |= as_user(name) | {f"agents.{name}.limits": limits}
        fleet.add_node(NODE, [cls.agents], **settings)
        return fleet

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

    def assert_stopped(self, data, limit):
        self.assertNotEqual(data["stopped_by"], "itself", data)
        self.assertLessEqual(data["count"], limit, data)

    def test_processes(self):
        with self.pinging():
            reply = self.explode("bombs", "processes", "ok")
            self.assert_stopped(reply["data"], LIMITS["processes"])
            reply = self.explode("bombs", "processes_and_stay", "timeout")
            self.assert_stopped(json.loads(reply["stderr"]), LIMITS["processes"])
            self.explode("bombs_script", "processes_and_stay", "timeout")
            self.explode("bombs_worker", "processes_and_stay", "timeout")

    def test_descriptors(self):
        with self.pinging():
            for agent in ("bombs", "bombs_worker"):
                reply = self.explode(agent, "files", "ok")
                self.assert_stopped(reply["data"], LIMITS["open_files"])

    def test_memory(self):
        with self.pinging():
            for agent in ("bombs", "bombs_worker"):
                reply = self.explode(agent, "memory", "ok")
                self.assert_stopped(reply["data"], LIMITS["address_space_bytes"] >> 20)
        wait_until(lambda: not with_text(os.path.join(self.agents, "bombs_worker")), 3, "it is over run.worker.memory")

    def test_output(self):
        with self.pinging():
            for agent in ("bombs", "bombs_script"):
                self.explode(agent, "output", "too_large")
                self.explode(agent, "errors", "timeout")
            self.explode("bombs_worker", "output", "timeout")  # it is all log
            self.explode("bombs_worker", "line", "too_large")

    def test_disk_and_time(self):
        with self.pinging():
            reply = self.explode("bombs", "disk", "ok")  # Python ignores SIGXFSZ
            self.assert_stopped(reply["data"], LIMITS["file_bytes"] >> 16)
            for agent in ("spins", "spins_script", "spins_worker"):
                self.explode(agent, "cpu", "crashed", timeout_ms=10 * BOMB_TIMEOUT_MS)

    def check(self, **settings):
        """The warnings of `hocketd check` about the node's configuration with other settings."""
        node = self.fleet.nodes[NODE]
        whole = {name: table for name, table in node.configuration().items() if not name.startswith("agents.")}
        config = write(os.path.join(node.folder, "changed.toml"), toml({**whole, **settings}))
        done = subprocess.run([HOCKETD, "check", "--config", config], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return [line for line in done.stdout.splitlines() if line.startswith("warning")]

    def test_check_says_that_root_has_no_limit_of_processes(self):
        said = r"\[%s\] processes does not hold for root.*run_as_user"
        limits = {"processes": 10}
        for tables, warned in (({"exec.limits": limits}, ["exec.limits"]),
                               ({"agents.bombs.limits": limits}, ["agents.bombs.limits"]),
                               ({"agents.bombs.limits": limits, **as_user("bombs")}, []),
                               ({"exec.limits": {"open_files": 10}}, [])):
            with self.subTest(tables):
                warnings = self.check(**tables)
                self.assertEqual(len(warnings), len(warned), warnings)
                for line, table in zip(warnings, warned):
                    self.assertRegex(line, said % table)


# ---- private folders -------------------------------------------------------------------------------------------------

OPEN_FILES = 1024  # what systemd gives to a service
DEPTH = 1500  # more than its path may have, and more than there may be open descriptors
FILL_S = 10
FILLS = PYTHON + """import json, os, signal, sys, time
folder = os.environ["TMPDIR"]

def fill():
    status = os.stat(folder)
    seen = {"folder": folder, "mode": "%04o" % (status.st_mode & 0o7777), "owner": [status.st_uid, status.st_gid],
            "entries": os.listdir(folder)}
    os.chdir(folder)
    for number in range(DEPTH):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
    open("bottom", "w").close()
    os.chdir(folder)
    for target in ("/", "..", "loop", "OUTSIDE", "OUTSIDE/file"):
        os.symlink(target, "link to " + (os.path.basename(target) or "root"))
    os.mkfifo("pipe")
    os.mkdir("closed")
    for name, mode in (("closed/file", 0o000), ("closed", 0o000), ("read only", 0o444)):
        os.path.isdir(name) or open(name, "w").close()
        os.chmod(name, mode)
    os.chmod(folder, 0o500)
    return {"seen": seen}

def run(action):
    data = fill()
    if action == "fill_and_stay":
        time.sleep(60)
    if action == "fill_and_die":
        os.kill(os.getpid(), signal.SIGKILL)
    return data
""".replace("DEPTH", str(DEPTH)) + SERVE


@needs_root
class PrivateFolders(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.agents, cls.tmp = os.path.join(fleet.folder, "agents"), os.path.join(fleet.folder, "tmp")
        cls.outside = os.path.join(fleet.folder, "outside")
        cls.user = pwd.getpwnam(USER)
        write(os.path.join(cls.outside, "file"), "", 0o666)
        for folder in (cls.tmp, cls.outside):
            os.makedirs(folder, exist_ok=True)
            os.chmod(folder, 0o777)
        settings = {"exec": {"tmp_folder": cls.tmp}, "exec.limits": {"private_tmp": True}}
        for contract, run in RUN.items():
            write_agent(cls.agents, contract, FILLS.replace("OUTSIDE", cls.outside),
                        {"fill": ({}, {"seen": "hash"}), "fill_and_stay": ({}, {"seen": "hash"}, 2),
                         "fill_and_die": ({}, {"seen": "hash"})}, **run)
        fleet.add_node(NODE, [cls.agents], **settings, **as_user(*RUN))
        return fleet

    def setUp(self):
        self.node, self.caller = self.fleet.nodes[NODE], Asker(self.fleet)

    def folders(self):
        return set(os.listdir(self.tmp))

    def of_those_that_wait(self):
        """The folders of running agents: TMPDIR of each."""
        return {name for name in self.folders() for _ in with_text(os.path.join(self.tmp, name))}

    def assert_only_those_that_wait_have_one(self):
        wait_until(lambda: self.folders() <= self.of_those_that_wait(), FILL_S,
                   lambda: f"left: {self.folders() - self.of_those_that_wait()}")
        self.assertTrue(os.path.exists(os.path.join(self.outside, "file")))

    def call(self, contract, action, outcome, **members):
        reply = self.caller.get(contract, action, **members)
        self.assertEqual(reply["outcome"], outcome, reply)
        return reply

    def test_it_is_the_users_alone_and_gone_afterwards(self):
        for contract in RUN:
            with self.subTest(contract):
                if contract == "standby":
                    wait_until(lambda: with_text(os.path.join(self.agents, "standby")), 10, "none is on standby")
                seen = self.call(contract, "fill", "ok")["data"]["seen"]
                self.assertEqual(os.path.dirname(seen["folder"]), self.tmp)
                self.assertEqual((seen["mode"], seen["owner"], seen["entries"]),
                                 ("0700", [self.user.pw_uid, self.user.pw_gid], []))
                if contract == "worker":  # one execution, however many requests it serves
                    self.assertTrue(os.path.exists(seen["folder"]))
                    self.node.reload()
                wait_until(lambda: not os.path.exists(seen["folder"]), FILL_S, f"{seen['folder']} is left")
                self.assert_only_those_that_wait_have_one()

    def test_it_goes_with_who_is_killed(self):
        for contract in RUN:
            with self.subTest(contract):
                self.call(contract, "fill_and_stay", "timeout", timeout_ms=2000)
                self.call(contract, "fill_and_die", "crashed")
                self.assert_only_those_that_wait_have_one()

    def stop_and_look(self):
        self.addCleanup(self.caller.await_node)
        self.addCleanup(self.node.start)
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", *self.folders()], cwd=self.tmp, check=True))
        self.assertEqual(self.node.stop(), 0)
        wait_until(lambda: not self.folders(), FILL_S, lambda: f"left: {self.folders()}")

    def test_a_stop_takes_those_away_that_somebody_has(self):
        self.call("worker", "fill", "ok")
        wait_until(lambda: with_text(os.path.join(self.agents, "standby")), 10, "none is on standby")
        self.assert_only_those_that_wait_have_one()
        self.assertGreater(len(self.folders()), 1)
        resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        self.stop_and_look()

    def test_a_stop_takes_those_away_that_are_being_emptied(self):
        for _ in range(5):
            self.call("json", "fill", "ok")
        self.stop_and_look()


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

def run(action):
    seen = {name: attempt(function) for name, function in ATTEMPTS.items()}
    return {"seen": {
        "tries": seen, "set-user-id": output("SETUID", "-u"), "su": output("su", "-c", "id -u", "root"),
        "sudo": attempt(lambda: output("sudo", "-n", "id", "-u")), "ids": sorted({*os.getresuid(), *os.getresgid()}),
        "daemon": daemon, "ahead": "HOCKET_REQUEST_ID" not in os.environ}}

""" + SERVE


@needs_root
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


if __name__ == "__main__":
    unittest.main()
