"""A broker and nodes in a temporary folder, for the time of one run of the benchmark."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NATS_SERVER = shutil.which("nats-server", path=os.environ["PATH"] + ":/usr/sbin")
NODE = "bench1"
USER = "nobody"  # runs the agent bash_echo_as

RUNNER = """identity = "{identity}"
state_dir = "state-{identity}"
[nats]
url = "{url}"
[[keys.psk]]
id = "ops.1"
derived_file = "{identity}.psk"
[keys.ssl]
cert = "{identity}.pem"
key = "{identity}.key"
caller_ca = "callers/ca.pem"
caller_crl = "callers/crl.pem"
[[allow]]
callers = ["*"]
agents = ["*"]
[agents]
folders = ["{agents}"]
[freshness]
max_skew_ms = 100
[limits]
max_standby_bytes = 1073741824
[exec]
helpers = "{helpers}"
"""


def write(path, text, mode=0o600):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, what, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"bench: {what}")
        time.sleep(0.02)


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def runs(pid, agent):
    """Whether it is a process of that agent."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return f"/{agent}\0" in file.read()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Fleet:
    """A broker without permissions, and nodes with both kinds of keys."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.hocket = os.path.join(self.build, "client", "cli", "hocket")
        self.folder = tempfile.mkdtemp(prefix="hocket-bench-")
        os.chmod(self.folder, 0o755)  # an agent that runs as another user is below it
        self.url = f"nats://127.0.0.1:{free_port()}"
        self.nodes = {}  # the process of each, by identity
        self._processes = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(self.build, "bench", f"bench_{name}")

    def start(self):
        self.spawn([NATS_SERVER, "-a", "127.0.0.1", "-p", self.url.rsplit(":", 1)[1]], "nats.log")
        for words in (["psk", "new", "ops", "--dir", self.folder], ["ca", "init", self.path("callers")],
                      ["ca", "init", self.path("nodes")],
                      ["cert", "issue", "--ca", self.path("callers"), "--caller", "ops", "--dir", self.folder]):
            self.keys(*words)
        shutil.copytree(os.path.join(ROOT, "bench", "agents"), self.path("agents"))
        for language in ("php", "python"):
            self.derive(f"{language}_echo", f"standby_{language}", "run: {contract: json, standby: 2}")
        self.derive("worker_python", "worker_many", "run: {contract: worker, worker: {in_flight: 16}}")
        client = f'[nats]\nurl = "{self.url}"\n[ddl]\ncache = "{self.path("ddl")}"\n[key]\n'
        write(self.path("psk.toml"), client + 'id = "ops.1"\npsk_file = "ops.1.psk"\n')
        write(self.path("cert.toml"), client + 'cert = "ops.pem"\ncert_key = "ops.key"\nnode_ca = "nodes/ca.pem"\n'
              'node_crl = "nodes/crl.pem"\n')
        self.grow([NODE])

    def derive(self, agent, name, run, folder="agents"):
        """Another agent with the same program."""
        target = self.path(f"{folder}/{name}")
        os.makedirs(target)
        shutil.copy(self.path(f"agents/{agent}/{agent}"), os.path.join(target, name))
        with open(self.path(f"agents/{agent}/{agent}.yaml"), encoding="utf-8") as file:
            lines = [run if line.startswith("run:") else line.rstrip("\n") for line in file]
        write(os.path.join(target, f"{name}.yaml"), "\n".join(lines).replace(agent, name) + "\n", 0o644)

    def keys(self, *words):
        subprocess.run([self.hocket, "keys", *words], check=True, stdout=subprocess.DEVNULL)

    def grow(self, identities, agents="agents"):
        """Nodes are added to those that run."""
        for identity in identities:
            self.keys("cert", "issue", "--ca", self.path("nodes"), "--node", identity, "--dir", self.folder)
            self.keys("psk", "derive", self.path("ops.1.psk"), "--id", "ops.1", "--identity", identity, "--output",
                      self.path(f"{identity}.psk"))
            text = RUNNER.format(identity=identity, url=self.url, helpers=f"{self.build}/runner/helpers", agents=agents)
            if os.getuid() == 0:
                text += f'[agents.bash_echo_as]\nrun_as_user = "{USER}"\n'
            write(self.path(f"{identity}.toml"), text)
            self.nodes[identity] = self.spawn([os.path.join(self.build, "runner", "hocketd"), "--config",
                                               self.path(f"{identity}.toml")], f"{identity}.log")
        for identity in identities:
            wait_until(lambda: self.answers(identity), f"node {identity} does not answer")  # pylint: disable=W0640

    def node_with_standby(self, agents, processes):
        """A node of its own, when all of them wait."""
        for number in range(agents):
            self.derive("python_echo", f"ready_{number}", f"run: {{contract: json, standby: {processes}}}", "ready")
        self.grow(["ready"], "ready")
        node = self.nodes.pop("ready")
        for number in range(agents):
            self.warm_up(node, f"ready_{number}", processes)
        return node

    def warm_up(self, node, agent, processes):
        """Who finds no process ready makes one more be ready: so asks several at a time, until there are enough."""
        def is_warm():
            return sum(runs(pid, agent) for pid in children_of(node.pid)) >= processes

        for _ in range(10):
            calls = [self.spawn([self.program("call"), agent, "go", "ready", "1"], f"{agent}.log",
                                env=self.environment("psk")) for _ in range(processes + 1)]
            for call in calls:
                call.wait(30)
                self._processes.remove(call)
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline:
                if is_warm():
                    return
                time.sleep(0.02)
        raise SystemExit(f"bench: agent {agent} has no {processes} processes on standby")

    def configure_walk(self):
        """walk.toml: the node's configuration for a program that is no daemon, with a journal of its own."""
        with open(self.path(f"{NODE}.toml"), encoding="utf-8") as file:
            write(self.path("walk.toml"), file.read().replace(f"state-{NODE}", "state-walk"))
        os.makedirs(self.path("state-walk"), mode=0o700)
        write(self.path("state-walk/requests.journal"), "")

    def answers(self, identity):
        return subprocess.run([self.hocket, "ping", "-I", identity], env=self.environment("psk"), check=False,
                              capture_output=True).returncode == 0

    def environment(self, kind):
        return {**os.environ, "HOCKET_CONFIG": self.path(f"{kind}.toml")}

    def spawn(self, words, log, **options):
        with open(self.path(log), "wb") as file:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options)
        self._processes.append(process)
        return process

    def end(self, process):
        self._processes.remove(process)
        process.terminate()
        process.wait(10)

    def stop(self):
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            process.wait(20)
        shutil.rmtree(self.folder)
