"""What /proc says about processes, and waiting without fixed sleeps."""

import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
POLL_S = 0.02


def wait_until(condition, seconds, what):
    """The first true value of `condition`; AssertionError when none came in time. `what` may be a function."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > until:
            text = what() if callable(what) else what
            raise AssertionError(f"{text}: not within {seconds} s")
        time.sleep(POLL_S)
    return value


def become_subreaper():
    """Whatever loses its parent below us becomes our child, so that nothing gets away unseen."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def read_proc(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""  # it has ended, or it is somebody else's


def state_and_parent(pid):
    """('S', 1) for example; None when it has ended."""
    fields = read_proc(pid, "stat").rpartition(b") ")[2].split()
    return (fields[0].decode(), int(fields[1])) if fields else None


def children_of(pid):
    """Its children, zombies too."""
    return [each for each in pids() if (state_and_parent(each) or (None, None))[1] == pid]


def describe(pid):
    state = (state_and_parent(pid) or "?")[0]
    command = read_proc(pid, "cmdline").replace(b"\0", b" ") or read_proc(pid, "comm")
    return f"{pid} ({state}) {command.decode(errors='replace').strip()[:120]}"


def with_text(text):
    """Processes other than this one that have the text in their command line or environment."""
    needle = text.encode()
    return [pid for pid in pids() if pid != os.getpid()
            and (needle in read_proc(pid, "cmdline") or needle in read_proc(pid, "environ"))]


def with_name(name):
    """Processes whose argv[0] is exactly this."""
    return [pid for pid in pids() if read_proc(pid, "cmdline").split(b"\0")[0] == name.encode()]


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        (line,) = [line for line in file if line.startswith("VmRSS:")]
    return int(line.split()[1])


def open_descriptors(pid):
    """What each of its descriptors is, by number."""
    found = {}
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(number)] = os.readlink(f"/proc/{pid}/fd/{number}")
        except OSError:
            pass  # closed meanwhile
    return found


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def reap_adopted():
    """Takes the status of children that came to us as the subreaper. Only when no subprocess of ours runs."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
