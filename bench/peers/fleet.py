"""What both sides have in common: a broker, and nodes that are added in batches."""

import os
import string
import sys

from processes import Daemon, Failure, free_port, is_listening, output_of, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
BROKER_SECONDS = 60
BATCH = 5  # daemons that start at the same time
ATTEMPTS = 5  # for a call that has to reach all nodes


def tell(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


def template(name, **values):
    """A file of this folder with its $names filled in; a name without a value is an error."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return string.Template(file.read()).substitute(values)


def write(path, text):
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)


class Fleet:
    """A broker and its nodes, all on 127.0.0.1, with all their files in one folder.

    A side derives from it and says how its parts are configured, started and asked.
    """

    name = ""  # of the side

    def __init__(self, folder, build):
        self.folder = folder
        self.build = build
        self.port = free_port()
        self.nodes = []
        self.daemons = []  # everything that runs, the broker first
        # The machine's own settings must not tell in the figures: a fixed search path, no HOCKET_* variables, no
        # configuration of the user.
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LANG": "C.UTF-8"}

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start_daemon(self, name, words):
        daemon = Daemon(words, self.path(f"{name}.log"), self.environment)
        self.daemons.append(daemon)
        return daemon

    def start(self):
        """The broker, and what callers need."""
        self.configure()
        broker = self.start_daemon("broker", self.broker_command())
        wait_until(lambda: is_listening(self.port), f"nobody listens on port {self.port}", [broker], BROKER_SECONDS)

    def grow(self, size):
        """Starts nodes until there are `size`, and waits until all of them answer."""
        while len(self.nodes) < size:
            first = len(self.nodes) + 1
            batch = [f"node{number}" for number in range(first, min(first + BATCH, size + 1))]
            daemons = []
            for node in batch:
                self.configure_node(node)
                daemons.append(self.start_daemon(node, self.node_command(node)))
            self.await_nodes(batch, daemons)
            self.nodes += batch
            tell(f"{self.name}: {len(self.nodes)} of {size} nodes answer")

    def node_pids(self):
        return [daemon.pid for daemon in self.daemons[1:]]

    # ---- what is timed, in microseconds

    def command_times(self, count):
        """Of whole commands that ping the first node, from their start to their end."""
        return self.times([self.program("bench_spawn"), str(count), "/dev/null", *self.ping_command()], 60 + count)

    def call_all_time(self):
        """What a command that pings all nodes tells of its call; it discovers them first, which does not count."""
        for _ in range(ATTEMPTS):
            answered, microseconds = self.call_all()
            if answered == len(self.nodes):
                return microseconds
        raise Failure(f"{self.name}: {answered} of {len(self.nodes)} nodes answered, {ATTEMPTS} times in a row")

    def program(self, name):
        return os.path.join(self.build, "bench", name)

    def run(self, words, seconds):
        return output_of(words, self.environment, seconds)

    def times(self, words, seconds):
        """The numbers that a program prints."""
        return [float(line) for line in self.run(words, seconds).split()]

    # ---- what a side is

    def configure(self):
        """Writes the configuration of the broker and of callers."""
        raise NotImplementedError

    def broker_command(self):
        raise NotImplementedError

    def configure_node(self, node):
        raise NotImplementedError

    def node_command(self, node):
        raise NotImplementedError

    def await_nodes(self, nodes, daemons):
        """Returns when all of them answer."""
        raise NotImplementedError

    # ---- what a side does

    def call_times(self, agent, action, count):
        """Microseconds of each call to the first node, of one client that calls again and again."""
        raise NotImplementedError

    def ping_command(self):
        """A whole command that pings the first node."""
        raise NotImplementedError

    def call_all(self):
        """Runs a command that pings all nodes. How many answered, and what it tells of the time of its call."""
        raise NotImplementedError

    def find(self):
        """The names of the nodes that a whole command finds."""
        raise NotImplementedError
