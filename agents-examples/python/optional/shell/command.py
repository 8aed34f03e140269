"""A line for the shell and everything that it starts: run, read and ended as one."""

import codecs
import ctypes
import os
import pwd
import select
import signal
import subprocess
import time

import hocket
import processes

GRACE_S = 2.0  # between TERM and KILL
LINGER_S = 0.2  # for processes that end just after the command, such as the last of a pipe
CHUNK = 1 << 16
MAX_DRAIN = 1 << 20  # bytes that are read after the end; a pipe holds no more unless somebody goes on writing
MAX_SHOWN = 200  # characters of a command in a message
PR_SET_CHILD_SUBREAPER = 36


class Command:
    """`/bin/sh -c LINE` in a session of its own. Its output goes to the sinks, which have a method write(bytes).

    This process becomes the parent of whatever loses its own below it. So all that the command has started is below this
    process, however it tried to get away, until this process ends. It may have no other children.
    """

    def __init__(self, line, cwd, environment, stdin, sinks):
        """Raises hocket.Failure when it cannot be started."""
        self.status, self._ended = None, None  # as of waitstatus_to_exitcode, once the shell has ended
        self.is_hurried = False
        adopt_orphans()
        self._wakeup, wakes = os.pipe()
        for fd in (self._wakeup, wakes):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self.started = time.monotonic()
        self._shell = self._start(line, cwd, environment, stdin)
        self.pid = self._shell.pid
        self._sinks, self._poll = {}, select.poll()
        self._poll.register(self._wakeup, select.POLLIN)
        for pipe, sink in zip((self._shell.stdout, self._shell.stderr), sinks):
            os.set_blocking(pipe.fileno(), False)
            self._sinks[pipe.fileno()] = sink
            self._poll.register(pipe, select.POLLIN)

    @staticmethod
    def _start(line, cwd, environment, stdin):
        try:
            # Behind -- the line may begin with a dash.
            return subprocess.Popen(
                ["/bin/sh", "-c", "--", line], cwd=cwd, env=environment, stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, start_new_session=True)
        except OSError as error:
            if error.filename == cwd:
                raise hocket.Failure("invalid_cwd", f"{cwd}: {error.strerror}", statuscode=4) from error
            raise hocket.Failure("not_started", f"/bin/sh: {error.strerror}") from error

    @property
    def seconds(self):
        return round((self._ended or time.monotonic()) - self.started, 3)

    def hurry(self):
        """Has wait() return. May be called by the handler of a signal."""
        self.is_hurried = True

    def wait(self, seconds):
        """Whether it has ended within that time; None: however long it takes."""
        limit = float("inf") if seconds is None else self.started + seconds
        while self.status is None and not self.is_hurried and time.monotonic() < limit:
            self._turn(limit - time.monotonic())
        return self.status is not None

    def end(self, grace_s=GRACE_S):
        """Ends it and all that it has started. Returns what could not be ended, which is nothing as a rule."""
        _, left = processes.end(self.processes, grace_s, self._turn)
        self._drain()
        return left

    def leave(self, keeps):
        """After its own end: ends what it has left behind, or lets that live. Returns how many there were, and what is left."""
        limit = time.monotonic() + LINGER_S
        while (left := self.processes()) and time.monotonic() < limit:
            self._turn(processes.PAUSE_S)
        number = len(left)
        if not keeps and left:
            left = self.end()
        self._drain()
        return number, left

    def processes(self):
        """What is alive of it."""
        return processes.below([os.getpid()], processes.everything())

    def _turn(self, seconds):
        for fd, _ in self._poll.poll(int(min(3600, max(0, seconds)) * 1000) + 1):
            if fd == self._wakeup:
                os.read(fd, CHUNK)
            else:
                self._read(fd)
        self._reap()

    def _read(self, fd):
        """How many bytes there were; 0 when there are none now, or will never be."""
        try:
            chunk = os.read(fd, CHUNK)
        except BlockingIOError:
            return 0
        if chunk:
            self._sinks[fd].write(chunk)
        else:
            self._poll.unregister(fd)
            del self._sinks[fd]
        return len(chunk)

    def _drain(self):
        self._reap()
        for fd in list(self._sinks):
            number = 0
            while number < MAX_DRAIN and (more := self._read(fd)):
                number += more

    def _reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.pid and self.status is None:
                self.status = self._shell.returncode = os.waitstatus_to_exitcode(status)
                self._ended = time.monotonic()


class Ends:
    """Keeps the beginning and the end of what is written to it, `limit` bytes together."""

    def __init__(self, limit):
        self.total, self._half = 0, limit // 2
        self._head, self._tail = bytearray(), bytearray()

    def write(self, chunk):
        self.total += len(chunk)
        room = self._half - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        if len(self._tail) > 4 * self._half:
            del self._tail[:-self._half]

    @property
    def is_cut(self):
        return self.total > 2 * self._half

    def text(self):
        if not self.is_cut:
            return text_of(bytes(self._head + self._tail))[0]
        head, _ = text_of(bytes(self._head), has_end=False)
        tail, _ = text_of(bytes(self._tail[-self._half:]), has_begin=False)
        return f"{head}\n[… {self.total - 2 * self._half} bytes left out …]\n{tail}"


def text_of(chunk, has_begin=True, has_end=True):
    """The text of bytes, U+FFFD for those that are no UTF-8, and how many bytes it is of.

    Half a character is no error where the bytes were cut: at the begin it is passed over, at the end it is not taken.
    """
    skipped = 0
    while not has_begin and skipped < min(3, len(chunk)) and 0x80 <= chunk[skipped] < 0xC0:
        skipped += 1
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(chunk[skipped:], has_end)
    return text, len(chunk) - len(decoder.getstate()[0])


def adopt_orphans():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise hocket.Failure("not_started", f"prctl: {os.strerror(ctypes.get_errno())}")


def environment_with(more):
    """What a command finds: of the runner's variables only the one by which it knows its processes again."""
    kept = {name: value for name, value in os.environ.items()
            if name == "HOCKET_EXECUTION_ID" or not name.startswith(("HOCKET_", "PYTHONUNBUFFERED"))}
    return {**kept, **more}


def input_of(text):
    """A file in memory: it is all there at once, and nobody has to feed it."""
    fd = os.memfd_create("stdin")
    with open(os.dup(fd), "wb") as file:
        file.write(text.encode("utf-8", "replace"))
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def outcome_of(status):
    """The outputs that tell how a command has ended."""
    return {"exitcode": status} if status >= 0 else {"signal": signal_name(-status)}


def ended(outcome):
    return f"exit code {outcome['exitcode']}" if "exitcode" in outcome else f"ended by {outcome['signal']}"


def signal_name(number):
    try:
        return signal.Signals(number).name[3:]
    except ValueError:
        return str(number)


def shown(line):
    """A command in one line of a message."""
    text = "".join(character if character.isprintable() else repr(character)[1:-1] for character in line[:MAX_SHOWN])
    return f"'{text}'" if len(line) <= MAX_SHOWN else f"'{text}…'"


def user_name():
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
