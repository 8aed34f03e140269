"""A broker, nodes and callers of their own for system tests, in one temporary folder.

    class MyTest(FleetTest):
        @classmethod
        def make_fleet(cls):
            fleet = Fleet()
            fleet.add_node("web1.example", agents=[SOME_FOLDER])
            return fleet

        def test_something(self):
            answer = self.fleet.ops.rpc("disk", "usage", "path=/", nodes=["web1.example"])
            self.assertEqual(answer.outcomes, {"web1.example": "ok"})

The broker has the users of packaging/nats, callers have keys of `hocket keys psk new`, nodes those of `derive`.
HOCKET_BUILD names the folder of the binaries. When the fleet ends nothing may be left: no process, zombie, port or
cgroup. The folder stays when a test failed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from client import Client
from nats_broker import ADMIN, ROOT, Broker
from pki import Pki
from processes import (become_subreaper, children_of, describe, kill, open_descriptors, reap_adopted,
                       wait_until, with_text)

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("HOCKET_BUILD", os.path.join(HERE, "..", "..", "build", "dev")))
HOCKET = os.path.join(BUILD, "client", "cli", "hocket")
HOCKETD = os.path.join(BUILD, "runner", "hocketd")
HELPERS = os.path.join(BUILD, "runner", "helpers")
HOCKET_JSON = os.path.join(BUILD, "runner", "json", "hocket-json")
EXAMPLES = os.path.join(ROOT, "agents-examples")
CGROUP_BASE = "/sys/fs/cgroup/unified" if os.path.isdir("/sys/fs/cgroup/unified") else "/sys/fs/cgroup"

START_S = 20
STOP_S = 15
MAX_SKEW_MS = 1000  # so long a node without a journal refuses requests


def sanitizers():
    """Flags for a program that a library of this build is loaded into; none: it is a plain build."""
    with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
        names = [line.strip().partition("=")[2] for line in cache if line.startswith("HOCKET_SANITIZE:")]
    return [f"-fsanitize={name}" for name in names if name]


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def toml(settings):
    """{"a": 1, "b.c": {"d": [2]}, "e": [{"f": 3}]} as TOML: dictionaries are tables, lists of them arrays of tables."""
    lines = []
    for name, value in settings.items():
        if isinstance(value, dict):
            lines += [f"\n[{name}]", *(f"{key} = {json.dumps(each)}" for key, each in value.items())]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for table in value:
                lines += [f"\n[[{name}]]", *(f"{key} = {json.dumps(each)}" for key, each in table.items())]
        else:
            lines.insert(0, f"{name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def as_user(*agents, user="nobody"):
    """Settings of a node under which these agents run as somebody else."""
    return {f"agents.{agent}": {"run_as_user": user} for agent in agents}


class Node:
    """One hocketd with its own identity, state, facts, classes and agents."""

    def __init__(self, fleet, identity, agents, facts, classes, settings):
        self.fleet, self.identity, self.settings = fleet, identity, settings
        self.folder = os.path.join(fleet.folder, "nodes", identity)
        self.process = None
        self.log_file = os.path.join(self.folder, "hocketd.log")
        self.audit_file = os.path.join(self.folder, "audit.log")
        self.config_file = os.path.join(self.folder, "runner.toml")
        self.agents = agents
        write(os.path.join(self.folder, "facts.d", "test.json"), json.dumps(facts))
        write(os.path.join(self.folder, "classes.txt"), "".join(f"{name}\n" for name in classes))
        os.makedirs(os.path.join(self.folder, "keys"))

    @property
    def pid(self):
        return self.process.pid

    def configuration(self):
        """What stands in its runner.toml."""
        keys = [{"id": f"{name}.1", "derived_file": f"keys/{name}.1.node"} for name in self.fleet.callers]
        whole = {
            "identity": self.identity, "state_dir": "state",
            "nats": {"url": self.fleet.url, "user": self.identity, "password_file": "password"},
            "keys.psk": keys, "freshness": {"max_skew_ms": MAX_SKEW_MS},
            "allow": [{"callers": [*(f"psk={name}" for name in self.fleet.callers),
                                   *(f"cert={name}" for name in self.fleet.certified)], "agents": ["*"]}],
            "facts": {"folder": "facts.d"}, "classes": {"file": "classes.txt"}, "agents": {"folders": self.agents},
            "limits": {"grace_ms": 1000, "drain_ms": 500}, "audit": {"file": self.audit_file},
            "exec": {"helpers": HELPERS, "cgroup": "off"}, "log": {"level": "debug"},
        }
        if self.fleet.pki:
            whole["keys.ssl"] = self.fleet.pki.node_keys(self.identity)
        if self.fleet.tls:
            whole["nats"] = {"url": self.fleet.url, **self.fleet.pki.tls_keys(self.identity)}
        for name, value in self.settings.items():
            whole[name] = {**whole.get(name, {}), **value} if isinstance(value, dict) else value
        return whole

    def write_configuration(self):
        write(os.path.join(self.folder, "password"), self.fleet.passwords[self.identity], 0o600)
        write(self.config_file, toml(self.configuration()))
        if self.fleet.pki:
            self.fleet.pki.issue_node(self.identity)
        for name, caller in self.fleet.callers.items():
            target = os.path.join(self.folder, "keys", f"{name}.1.node")
            if not os.path.exists(target):
                caller.check("keys", "psk", "derive", caller.psk_file, "--id", f"{name}.1", "--identity",
                             self.identity, "--output", target)

    def start(self):
        """Does not wait; see Fleet.await_nodes()."""
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen([HOCKETD, "--config", self.config_file], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.fleet.environment, cwd="/",
                                            start_new_session=True)

    def stop(self, number=signal.SIGTERM):
        """Its exit code; -N when a signal ended it."""
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def assert_running(self):
        if not self.is_running():
            said = self.log()[-2000:]
            raise AssertionError(f"hocketd of {self.identity} has ended with {self.process.returncode}:\n{said}")

    def reload(self):
        """Sends SIGHUP and returns the new log lines, when it has said what became of it."""
        before = len(self.log())
        self.process.send_signal(signal.SIGHUP)

        def verdict():
            return [line for line in self.log()[before:].splitlines() if "reloaded" in line or "kept as it was" in line]
        wait_until(verdict, 10, f"{self.identity} says nothing about its reload")
        return self.log()[before:]

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    def audit(self):
        """Its audit lines, parsed."""
        with open(self.audit_file, encoding="utf-8") as file:
            return [json.loads(line) for line in file.read().splitlines()]

    def status(self):
        with open(os.path.join(self.folder, "state", "status.json"), encoding="utf-8") as file:
            return json.load(file)

    def descriptors(self):
        return open_descriptors(self.pid)

    def children(self):
        return children_of(self.pid)


class Fleet:
    """callers: their agents by name, None for every one. `ops` is always there; its client is the attribute `ops`.

    certified: the callers that have a certificate besides, as `ops` is cert=ops; see pki.py. tls: whether the broker
    asks everybody for a certificate, and knows them by it.
    """

    def __init__(self, callers=None, certified=(), tls=False):
        self.failed = False
        self.folder = tempfile.mkdtemp(prefix="hocket-system-")
        os.chmod(self.folder, 0o711)  # agents may run as somebody else
        self.tag = os.path.basename(self.folder)
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "HOCKET_TEST_FLEET": self.tag,
                            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}
        self.nodes, self.callers, self.broker, self._grants = {}, {}, None, {"ops": None, **(callers or {})}
        self._cgroups = []
        for name in self._grants:
            self.callers[name] = Client(HOCKET, os.path.join(self.folder, "callers", name), name, self.environment)
        self.ops = self.callers["ops"]
        self.tls = tls
        self.pki = Pki(os.path.join(self.folder, "pki"), self.ops) if certified else None
        self.certified = {name: self._certified_client(name) for name in certified}
        self.passwords = {ADMIN: "admin", **{f"psk={name}": f"{name}-word" for name in self.callers},
                          **{f"cert={name}": f"{name}-word" for name in certified}}
        become_subreaper()

    def _certified_client(self, name):
        client = Client(HOCKET, os.path.join(self.folder, "certified", name), name, self.environment)
        self.pki.issue_caller(name)
        return client

    def add_node(self, identity, agents=(), facts=None, classes=(), **settings):
        """settings: tables of runner.toml, merged into the usual ones; see Node.configuration()."""
        node = Node(self, identity, list(agents), facts or {}, classes, settings)
        self.nodes[identity] = node
        self.passwords[identity] = f"{identity}-word"
        return node

    def add_cgroup(self, controllers=()):
        """A cgroup v2 folder for `[exec] cgroup`, in which these controllers can be enabled; None when none can be made."""
        path = os.path.join(CGROUP_BASE, f"test-{self.tag}-{len(self._cgroups)}")
        try:
            os.mkdir(path)
        except OSError:
            return None
        self._cgroups.append(path)
        if not os.path.exists(os.path.join(path, "cgroup.kill")):
            return None
        return path if controllers == () or self._give_controllers(controllers) else None

    @staticmethod
    def _give_controllers(names):
        """To the cgroups of tests, not to what is below these."""
        try:
            with open(os.path.join(CGROUP_BASE, "cgroup.subtree_control"), "w", encoding="ascii") as file:
                file.write(" ".join(f"+{name}" for name in names))
        except OSError:
            return False
        return True

    def agents_folder(self, *sources, name="agents"):
        """Copies agents to where hocketd trusts them and every user may read them."""
        target = os.path.join(self.folder, name)
        for source in sources:
            shutil.copytree(source, os.path.join(target, os.path.basename(source)))
        return target

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.broker.port}"

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.failed = True
            self.close()
            raise
        return self

    def __exit__(self, kind, *rest):
        self.failed = self.failed or kind is not None
        self.close()

    def start(self):
        users = [word for name in self.nodes for word in ("--node", name)]
        for name, agents in self._grants.items():
            users += ["--caller", f"psk={name}" + ("" if agents is None else ":" + ",".join(agents))]
        for name in self.certified:
            users += ["--caller", f"cert={name}"]
        os.makedirs(os.path.join(self.folder, "broker"))
        if self.tls:
            users = [word for word in users if not word.startswith("psk=")]
            users = [word for word, after in zip(users, [*users[1:], ""]) if word != "--caller" or after[:5] == "cert="]
            self.broker = Broker(["--by-certificate", *users], {}, os.path.join(self.folder, "broker"),
                                 self.pki.broker_tls())
        else:
            self.broker = Broker(users, self.passwords, os.path.join(self.folder, "broker"))
            for name, caller in self.callers.items():
                caller.configure(self.url, self.passwords[f"psk={name}"])
        for name, caller in self.certified.items():
            caller.configure_certificate(self.url, self.passwords[f"cert={name}"], self.pki, self.tls)
        if self.tls:
            self.ops = self.certified["ops"]
        for node in self.nodes.values():
            node.write_configuration()
            node.start()
        self.await_nodes()

    def await_nodes(self, *identities):
        """Until these nodes, or all, answer `ok`."""
        waiting = list(identities or self.nodes)

        def all_answer():
            for name in waiting:
                self.nodes[name].assert_running()
            return self.ops.run("ping", *(word for name in waiting for word in ("-I", name))).code == 0
        wait_until(all_answer, START_S, lambda: f"{waiting} do not all answer")

    def admin(self):
        """A connection to the broker that may do everything."""
        return self.broker.connect(ADMIN)

    # ---- the end

    def close(self):
        problems = self._stop_nodes()
        if self.broker:
            self.broker.close()
            problems += self._port_problems()
        problems += self._leftovers()
        for path in self._cgroups:
            problems += self._remove_cgroup(path)
        if self.failed or problems:
            print(f"\n  kept: {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder)
        if problems and not self.failed:
            raise AssertionError("\n".join(problems))

    def _stop_nodes(self):
        running = [node for node in self.nodes.values() if node.is_running()]
        for node in running:
            node.process.terminate()
        problems = []
        for node in running:
            try:
                code = node.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                node.process.kill()
                code = node.process.wait()
            if code != 0:
                problems.append(f"hocketd of {node.identity} ended with {code}; see {node.log_file}")
        return problems

    def _port_problems(self):
        try:
            socket.create_connection(("127.0.0.1", self.broker.port), timeout=1).close()
        except OSError:
            return []
        return [f"port {self.broker.port} is still open"]

    def _leftovers(self):
        """Zombies and orphans are our children by now; the tag finds everything else."""
        reap_adopted()
        left = set(children_of(os.getpid())) | set(with_text(self.tag))
        problems = [f"left behind: {describe(pid)}" for pid in sorted(left)]
        for pid in left:
            kill(pid)
        until = time.monotonic() + 2
        while children_of(os.getpid()) and time.monotonic() < until:
            reap_adopted()
        return problems

    @staticmethod
    def _remove_cgroup(path):
        left = [name for name in os.listdir(path) if os.path.isdir(os.path.join(path, name))]
        for name in left:
            for leaf in os.listdir(os.path.join(path, name)):
                if os.path.isdir(os.path.join(path, name, leaf)):
                    os.rmdir(os.path.join(path, name, leaf))
            os.rmdir(os.path.join(path, name))
        os.rmdir(path)
        return [f"the cgroup {path}/{name} was left behind" for name in left]


class FleetTest(unittest.TestCase):
    """The tests of a class share one fleet: make_fleet() says which."""

    fleet = None

    @classmethod
    def make_fleet(cls):
        raise unittest.SkipTest("no fleet")

    @classmethod
    def setUpClass(cls):
        for program in (HOCKET, HOCKETD, os.path.join(HELPERS, "hocket-exec"), os.path.join(HELPERS, "hocket-linger")):
            wait_until(lambda path=program: os.access(path, os.X_OK), 60, f"no {program}; set HOCKET_BUILD")
        cls.fleet = cls.enterClassContext(cls.make_fleet())

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if self.fleet and len(result.failures) + len(result.errors) > before:
            self.fleet.failed = True
        return result
