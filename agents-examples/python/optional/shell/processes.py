"""Processes as /proc shows them, and how all of a tree are ended."""

import os
import signal
import time

KILL_S = 2.0  # for the kernel to do away with what got KILL
PAUSE_S = 0.02  # at first; a look at everything costs some milliseconds
MAX_PAUSE_S = 0.2


class Process:
    """A process as it was when /proc was read. Its pid and the time of its start name it and no later one."""

    def __init__(self, pid):
        """Raises OSError when there is none."""
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        self.pid, self.parent, self.start = pid, int(fields[1]), int(fields[19])
        # A process whose first thread has ended looks like a zombie while the others go on.
        self.is_alive = fields[0] not in "ZX" or int(fields[17]) > 1

    @property
    def identity(self):
        return self.pid, self.start

    def has_mark(self, mark):
        """Whether this text was in the environment when its program began."""
        try:
            with open(f"/proc/{self.pid}/environ", "rb") as file:
                return mark.encode() in file.read().split(b"\0")
        except OSError:
            return False

    def send(self, number):
        """Never to another process that has got the pid meanwhile. One that is gone, or may not be signalled, is passed over."""
        try:
            pidfd = os.pidfd_open(self.pid)
        except OSError:
            return
        try:
            if Process(self.pid).start == self.start:
                signal.pidfd_send_signal(pidfd, number)
        except OSError:
            pass
        finally:
            os.close(pidfd)


def everything():
    """All processes by their pids."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                found[int(entry)] = Process(int(entry))
            except (OSError, IndexError, ValueError):
                pass  # it ended meanwhile, or /proc hides it from this user
    return found


def find(pid, start):
    """The process of that identity, or None when it is gone."""
    try:
        process = Process(pid)
    except OSError:
        return None
    return process if process.start == start and process.is_alive else None


def below(pids, all_of_them):
    """Those that descend from one of the pids, without these."""
    children = {}
    for process in all_of_them.values():
        children.setdefault(process.parent, []).append(process)
    found, waiting, seen = [], list(pids), set(pids)
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child.pid not in seen:
                seen.add(child.pid)
                waiting.append(child.pid)
                found.append(child)
    return [process for process in found if process.is_alive]


def end(look, grace_s, pause):
    """Ends what look() finds, until it finds nothing: TERM, and KILL after the grace. pause(seconds) is called while it waits.

    Returns whether it took KILL, and what is left even then.
    """
    if grace_s > 0:
        for process in look():
            process.send(signal.SIGTERM)
            process.send(signal.SIGCONT)  # a stopped one could not obey
        limit, pause_s = time.monotonic() + grace_s, PAUSE_S
        while look() and time.monotonic() < limit:
            pause(min(pause_s, max(0, limit - time.monotonic())))
            pause_s = min(1.5 * pause_s, MAX_PAUSE_S)
    limit, forced = time.monotonic() + KILL_S, False
    while (left := _frozen(look)) and time.monotonic() < limit:
        forced = True
        for process in left:
            process.send(signal.SIGKILL)
        pause(PAUSE_S)
    return forced, left


def _frozen(look):
    """What look() finds, stopped first: what goes on forking would always be one step ahead of KILL."""
    stopped = set()
    for _ in range(10):
        found = look()
        new = [process for process in found if process.identity not in stopped]
        if not new:
            break
        for process in new:
            process.send(signal.SIGSTOP)
            stopped.add(process.identity)
    return found
