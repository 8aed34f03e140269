"""What is measured. A measure that alternates gives (ours, baseline) for each round, lists of microseconds; one that
counts gives a number."""

import contextlib
import json
import os
import statistics
import subprocess
import threading
import time

from fleet import NODE, children_of, wait_until, write

WORK = {"BENCH_WORK_US": "20"}
CALLS, RUNS, COMMANDS, BROADCASTS = 400, 40, 40, 20  # in one round
MANY = [f"bench{number}" for number in range(1, 51)]
CLIENTS, CALLS_OF_CLIENT = 4, 5000
FINDS = 100
IN_FLIGHT = 16
EASY_PAUSE = 0.1  # seconds; a python is ready after 20 ms
ON_STANDBY, OF_EACH = 20, 2
IDLE_SECONDS = 30
FORGOTTEN_SECONDS = 45  # a ttl, and a look at what has expired


def times(words, **options):
    """The numbers that a program prints."""
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, timeout=120, **options)
    return [float(line) for line in done.stdout.split()]


def at_once(*works):
    """The results of functions that run at the same time."""
    results = [None] * len(works)

    def run(index, work):
        results[index] = work()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def interval(lists):
    """The mean time from one event to the next, of several that go on side by side."""
    return 1 / sum(1 / statistics.mean(each) for each in lists)


def proportional_memory_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def wake_ups(pid):
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
    return total


class Measures:
    def __init__(self, fleet):
        self.fleet = fleet

    # ---- what the measures are made of

    def call(self, kind, agent, action, count, *more, nodes=NODE):
        return times([self.fleet.program("call"), agent, action, nodes, str(count), *more],
                     env=self.fleet.environment(kind))

    def ask(self, kind, count, agent="rpcutil", action="ping"):
        return times(self.asker(kind, agent, action) + [str(count)])

    def asker(self, kind, agent="rpcutil", action="ping"):
        """The command of a baseline that puts on the wire what one call does, and is answered with as much."""
        folder = self.record(kind, agent, action)
        subject = f"bench.{kind}.{agent}"
        if not os.path.exists(os.path.join(folder, "ready")):
            self.echo(subject, folder, os.path.join(folder, "ready"))
        return self.ask_words(subject, folder)

    def ask_words(self, subject, folder):
        return [self.fleet.program("ask"), self.fleet.url, subject, os.path.join(folder, "request"),
                os.path.join(folder, "request-header")]

    def echo(self, subject, folder, log, *more, program="echo", **options):
        self.fleet.spawn([self.fleet.program(program), self.fleet.url, subject, os.path.join(folder, "reply"),
                          os.path.join(folder, "reply-header"), *more], log, **options)
        wait_until(lambda: os.path.getsize(log) > 0, "no echo")

    def record(self, kind, agent, action):
        """A folder with the bytes and the headers of one call."""
        folder = self.fleet.path(f"wire-{kind}-{agent}")
        if os.path.exists(folder):
            return folder
        os.makedirs(folder)
        self.call(kind, agent, action, 1, folder)
        answer = subprocess.run([self.fleet.hocket, "rpc", agent, action, "-I", NODE, "--json"], check=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                env=self.fleet.environment(kind)).stdout
        reply = json.loads(answer)["replies"][0]
        # The members that go over the wire, and a header as long as a node's.
        size = len(json.dumps({"request": "x" * 26, "request_sha256": "x" * 64, **reply}, separators=(",", ":")))
        write(os.path.join(folder, "reply"), "{" + " " * (size - 2) + "}")
        with open(os.path.join(folder, "request-header"), encoding="ascii") as file:
            write(os.path.join(folder, "reply-header"), file.read())
        return folder

    def spawn(self, count, stdin, *words, **options):
        return times([self.fleet.program("spawn"), str(count), stdin, *words], **options)

    def command(self, *words):
        return self.spawn(COMMANDS, "/dev/null", self.fleet.hocket, *words, env=self.fleet.environment("psk"),
                          stderr=subprocess.DEVNULL)

    def have_many(self):
        missing = [identity for identity in MANY if identity not in self.fleet.nodes]
        if missing:
            self.fleet.grow(missing)

    def given(self, agent, end="", **more):
        """An agent's program, and before it a file with what hocketd gives it to read: a bare run that reads less would
        not be the same."""
        request = {"action": "go", "agent": agent, "caller": "psk=ops", "collective": "main", "config": {},
                   "deadline": 1790000000000, "identity": NODE, "inputs": {}, "noop": False,
                   "protocol": "io.hocket.agent.v1", "request_id": "x" * 26, **more}
        text = json.dumps(request, separators=(",", ":"), sort_keys=True) + end
        return write(self.fleet.path(f"stdin-{agent}"), text, 0o644), self.fleet.path(f"agents/{agent}/{agent}")

    def script(self, agent):
        return self.given(agent)

    def line(self, agent):
        return self.given(agent, "\n", id="x" * 26)

    def pipe(self, agent):
        return times([self.fleet.program("pipe"), str(CALLS), *self.line(agent)])

    def bare_asker(self, program, agent, work, number=0):
        """The command that asks a program which does the work of an agent with nothing around it: a file, and what is to
        read it."""
        folder = self.record("psk", agent, "go")
        subject = f"bench.{program}.{agent}.{number}"
        log = os.path.join(folder, subject)
        if not os.path.exists(log):
            self.echo(subject, folder, log, *work, program=program)
        return self.ask_words(subject, folder)

    # ---- measures that alternate

    def ping(self, kind):
        return self.call(kind, "rpcutil", "ping", CALLS), self.ask(kind, CALLS)

    def wire_with_work(self):
        """What this machine adds when both ends of a wire do something with each message."""
        folder = self.record("psk", "rpcutil", "ping")
        log = os.path.join(folder, "working")
        if not os.path.exists(log):
            self.echo("bench.working", folder, log, env={**os.environ, **WORK})
        working = times(self.ask_words("bench.working", folder) + [str(CALLS)], env={**os.environ, **WORK})
        return working, self.ask("psk", CALLS)

    def ping_many(self):
        self.have_many()
        folder = self.record("psk", "rpcutil", "ping")
        for identity in MANY:
            log = os.path.join(folder, f"many-{identity}")
            if not os.path.exists(log):
                self.echo("bench.many", folder, log, "check")
        return (self.call("psk", "rpcutil", "ping", BROADCASTS, nodes=",".join(MANY)),
                times(self.ask_words("bench.many", folder) + [str(BROADCASTS), str(len(MANY))]))

    def oneshot(self, agent):
        ours = self.call("psk", agent, "go", RUNS)
        wire = statistics.median(self.ask("psk", RUNS, agent, "go"))
        return ours, [each + wire for each in self.spawn(RUNS, *self.script(agent))]

    def worker(self, agent):
        """The baseline is our own ping, and the worker on bare pipes."""
        ours = self.call("psk", agent, "go", CALLS)
        ping = statistics.median(self.call("psk", "rpcutil", "ping", CALLS))
        return ours, [each + ping for each in self.pipe(agent)]

    def bare_oneshot(self, agent):
        """What oneshot() adds up, in one program: no daemon can be nearer to the sum."""
        bare = times(self.bare_asker("echo_spawn", agent, self.script(agent)) + [str(RUNS)])
        wire = statistics.median(self.ask("psk", RUNS, agent, "go"))
        return bare, [each + wire for each in self.spawn(RUNS, *self.script(agent))]

    def bare_worker(self, agent):
        """The same for worker()."""
        bare = times(self.bare_asker("echo_pipe", agent, self.line(agent)) + [str(CALLS)])
        wire = statistics.median(self.ask("psk", CALLS, agent, "go"))
        return bare, [each + wire for each in self.pipe(agent)]

    def worker_in_flight(self):
        """The mean time from one answer to the next, with as many in flight on either side."""
        ours = at_once(*[lambda: self.call("psk", "worker_many", "go", CALLS)] * IN_FLIGHT)
        asker = self.asker("psk", "worker_many", "go")
        wire = at_once(*[lambda: times(asker + [str(CALLS)])] * IN_FLIGHT)
        return [interval(ours)], [interval(wire)]

    def standby(self, language):
        """At an easy pace: each call finds a process that is ready."""
        ours, cold = [], []
        for _ in range(RUNS):
            time.sleep(EASY_PAUSE)
            ours += self.call("psk", f"standby_{language}", "go", 1)
            cold += self.call("psk", f"{language}_echo", "go", 1)
        return ours, cold

    def oneshot_throughput(self):
        ours = at_once(*[lambda: self.call("psk", "bash_echo", "go", RUNS)] * 2)
        return [interval(ours)], [self.bare_throughput()]

    def bare_throughput(self):
        script = self.script("bash_echo")
        return interval(at_once(*[lambda: self.spawn(RUNS, *script)] * 2))

    def wire_throughput(self):
        """The same, asked over the wire: each of two callers has a program of his own that does nothing else."""
        askers = [self.bare_asker("echo_spawn", "bash_echo", self.script("bash_echo"), number) for number in (1, 2)]
        bare = at_once(*[lambda words=words: times(words + [str(RUNS)]) for words in askers])
        return [interval(bare)], [self.bare_throughput()]

    def launch(self):
        program = self.fleet.program("launch")
        return times([program, str(CALLS), "500", "1000"]), times([program, str(CALLS), "1", "1"])

    def ping_command(self):
        ours = self.command("rpc", "rpcutil", "ping", "-I", NODE)
        return ours, self.spawn(COMMANDS, "/dev/null", *self.asker("psk"), "1")

    def find_command(self):
        self.have_many()
        return self.command("find"), self.command("rpc", "rpcutil", "ping", "-I", NODE)

    # ---- measures that count

    def memory(self):
        return proportional_memory_kb(self.fleet.nodes[NODE].pid)

    def memory_on_standby(self):
        """Of a node with twenty agents that each have two processes ready: its own, and what those take."""
        node = self.fleet.node_with_standby(ON_STANDBY, OF_EACH)
        waiting = children_of(node.pid)
        own, theirs = proportional_memory_kb(node.pid), sum(proportional_memory_kb(pid) for pid in waiting)
        self.fleet.end(node)
        print(f"  {len(waiting)} processes on standby: {theirs} kB, {theirs // max(len(waiting), 1)} kB each", flush=True)
        return own

    def memory_among_many(self):
        """When they have been idle long enough to have forgotten what they were asked before."""
        self.have_many()
        time.sleep(FORGOTTEN_SECONDS)
        return statistics.median(proportional_memory_kb(node.pid) for node in self.fleet.nodes.values())

    def idle_wake_ups(self):
        pid = self.fleet.nodes[NODE].pid
        time.sleep(1)
        before = wake_ups(pid)
        time.sleep(IDLE_SECONDS)
        return (wake_ups(pid) - before) / IDLE_SECONDS

    def requests_per_second(self):
        """bench_call fails when an answer is missing."""
        lists = at_once(*[lambda: self.call("psk", "rpcutil", "ping", CALLS_OF_CLIENT)] * CLIENTS)
        return 1e6 / interval(lists)

    def finds(self):
        """How often all were found, while two programs ask without a pause."""
        self.have_many()
        with contextlib.ExitStack() as stack:
            for number in range(2):
                load = self.fleet.spawn([self.fleet.program("call"), "rpcutil", "ping", MANY[number], "1000000"],
                                        f"load-{number}.log", env=self.fleet.environment("psk"))
                stack.callback(self.fleet.end, load)
            found = [subprocess.run([self.fleet.hocket, "find"], env=self.fleet.environment("psk"), check=False,
                                    capture_output=True, text=True).stdout.split() for _ in range(FINDS)]
        return sum(sorted(names) == sorted(MANY) for names in found)
