"""What is measured on each side, and at which size of the fleets."""

import statistics
import time
from dataclasses import dataclass
from typing import Callable

from fleet import Fleet, tell
from processes import Failure, proportional_kib

WARM_UP_CALLS = 2000  # until a Java machine has compiled what a call needs
CALLS, ACTIONS, COMMANDS, ALL_CALLS, FINDS = 400, 40, 20, 6, 3  # in one round
FIND_SECONDS = 60


@dataclass(frozen=True)
class Measure:
    name: str
    unit: str
    sample: Callable[[Fleet], list]  # the values of one round of one side


def measures_at(size, sizes):
    """Those of one node are taken while the fleets are smallest, those of a whole fleet while they are largest."""
    chosen = []
    if size == max(sizes):
        chosen.append(Measure("memory_idle_daemon", "KiB", memory))
    if size == min(sizes):
        chosen += [Measure("rpc_1_node", "us", lambda side: side.call_times("rpcutil", "ping", CALLS)),
                   Measure("bash_action_1_node", "us", lambda side: side.call_times("bash_echo", "go", ACTIONS)),
                   Measure("command_1_node", "us", lambda side: side.command_times(COMMANDS))]
    if size > 1:
        chosen.append(Measure(f"rpc_{size}_nodes", "us", call_all_times))
    if size == max(sizes):
        chosen.append(Measure(f"find_{size}_nodes", "us", find_times))
    return chosen


def memory(side):
    return [proportional_kib(pid) for pid in side.node_pids()]


def call_all_times(side):
    return [side.call_all_time() for _ in range(ALL_CALLS)]


def find_times(side):
    return [find_time(side) for _ in range(FINDS)]


def find_time(side):
    """Microseconds until all nodes are found; a command that misses some is run again."""
    begin = time.monotonic()
    while len(found := side.find()) < len(side.nodes):
        if time.monotonic() - begin > FIND_SECONDS:
            raise Failure(f"{side.name}: {len(found)} of {len(side.nodes)} nodes found, after {FIND_SECONDS} s")
    return (time.monotonic() - begin) * 1e6


def warm_up(sides):
    for side in sides:
        tell(f"{side.name}: {WARM_UP_CALLS} calls to warm up")
        side.call_times("rpcutil", "ping", WARM_UP_CALLS)


def measure(what, sides, rounds):
    """The median of the rounds' medians of each side; the sides take turns in every round."""
    medians = [[] for _ in sides]
    for number in range(rounds + 1):
        for side, values in zip(sides, medians):
            median = statistics.median(what.sample(side))
            if number > 0:  # the first one warms up
                values.append(median)
    tell(f"{what.name}: " + ", ".join(f"{side.name} {' '.join(f'{value:.0f}' for value in values)} {what.unit}"
                                      for side, values in zip(sides, medians)))
    return [statistics.median(values) for values in medians]
