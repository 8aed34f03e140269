"""Starts programs, waits for them with a deadline, and ends what was started."""

import os
import signal
import socket
import subprocess
import time

END_SECONDS = 10  # what a daemon may take to end before it is killed


class Failure(Exception):
    """What did not happen, and where to look: told to the user as it is."""


def end_of(text, lines=12):
    return "".join(f"\n    {line}" for line in text.rstrip().splitlines()[-lines:])


class Daemon:
    """A program that runs until it is ended. What it says goes to its log."""

    def __init__(self, words, log, environment):
        self.log = log
        with open(log, "wb") as file:
            # A session of its own, since Ctrl-C is for the benchmark, which then ends its daemons in order. Should it
            # ever be killed itself, the kernel ends them.
            self._process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *words], stdin=subprocess.DEVNULL,
                                             stdout=file, stderr=file, env=environment, start_new_session=True)
        self.pid = self._process.pid

    def end_of_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return f"the end of {self.log}:{end_of(file.read()) or ' nothing'}"

    def check(self):
        """Failure when it has ended by itself."""
        status = self._process.poll()
        if status is not None:
            raise Failure(f"a daemon ended with status {status}; {self.end_of_log()}")

    def ask_to_end(self):
        self._process.terminate()

    def end(self, deadline):
        try:
            self._process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            kill_session(self._process)


def kill_session(process):
    """Kills a session's first process and what it started, while its number cannot be anybody else's."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_all(daemons):
    for daemon in daemons:
        daemon.ask_to_end()
    deadline = time.monotonic() + END_SECONDS
    for daemon in daemons:
        daemon.end(deadline)


def wait_until(condition, what, daemons, seconds):
    """`what` is told when the condition does not come, or when one of the daemons ends before."""
    deadline = time.monotonic() + seconds
    while not condition():
        for daemon in daemons:
            daemon.check()
        if time.monotonic() > deadline:
            raise Failure(f"{what}, after {seconds} s; {daemons[0].end_of_log()}")
        time.sleep(0.05)


def output_of(words, environment, seconds):
    """What a command prints when it ends with 0; it and what it started is killed when that takes too long."""
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", env=environment, start_new_session=True) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"not over after {seconds} s: {' '.join(words)}") from error
        finally:
            kill_session(process)
    if process.returncode != 0:
        raise Failure(f"status {process.returncode} of: {' '.join(words)}{end_of(errors or output)}")
    return output


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_listening(port):
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def proportional_kib(pid):
    """The memory of a process, where a page that several use counts for each in parts (PSS)."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
