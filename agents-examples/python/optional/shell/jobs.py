"""Jobs: commands that outlive the request which has started them. Each has a folder of its own.

    FOLDER/HANDLE/job.json             what was started, by whom, and which process keeps it
                  end.json             blanks, and how it has ended once it has: so there is room for it on a full disk
                  kill.json            who wants it to be ended, if anybody
                  stdout.N, stderr.N   see streams.py
"""

import contextlib
import fcntl
import json
import os
import re
import select
import signal
import stat
import time

import hocket
import processes
import streams

OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HANDLE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
MARK = "HOCKET_SHELL_JOB"
MAX_RECORD = 1 << 20
LOCK_S = 5.0
KEEPER_S = 2.0  # for the keeper to write down what it has done
JUNK_S = 60  # the age at which a folder without a record is no job that is just being made


class Folder:
    """The folder of all jobs. Nobody else can read it, or put another one in its place."""

    def __init__(self, path, makes):
        """makes: it is made where there is none; else FileNotFoundError is raised."""
        self.path, self._fd = path, open_private(path, makes)

    @contextlib.contextmanager
    def locked(self):
        """Whoever makes or removes jobs is alone."""
        limit = time.monotonic() + LOCK_S
        while not self._lock():
            if time.monotonic() > limit:
                raise hocket.Failure("busy", f"{self.path} has been locked for {LOCK_S:.0f} s")
            time.sleep(0.02)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)  # to close it is not enough: a keeper that was forked has it for a moment, too

    def _lock(self):
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False

    def jobs(self):
        """All of them, the oldest first."""
        found = []
        for name in self._names():
            with contextlib.suppress(OSError):
                found.append(Job(self._fd, name))
        return sorted(found, key=lambda job: (job.record["started"], job.handle))

    def job(self, handle):
        if not HANDLE.fullmatch(handle):  # a path, for instance
            raise hocket.Failure("invalid_handle", f"{handle!r} is no handle of a job", statuscode=4)
        try:
            return Job(self._fd, handle)
        except OSError:
            raise not_found(handle) from None

    def make(self, handle):
        """The descriptor of a new job's folder."""
        try:
            os.mkdir(handle, 0o700, dir_fd=self._fd)
        except FileExistsError:
            message = f"there is a job {handle} in {self.path} already; nodes on one machine need folders of their own"
            raise hocket.Failure("exists", message) from None
        return os.open(handle, OPEN_FOLDER, dir_fd=self._fd)

    def remove(self, handle):
        fd = os.open(handle, OPEN_FOLDER, dir_fd=self._fd)
        try:
            for name in os.listdir(fd):
                os.unlink(name, dir_fd=fd)
        finally:
            os.close(fd)
        os.rmdir(handle, dir_fd=self._fd)

    def make_room(self, max_jobs, max_age_s):
        """Removes jobs that have ended too long ago, and more of them, the oldest first, until there is room for a new one."""
        jobs = self.jobs()
        self._remove_junk({job.handle for job in jobs})
        number = len(jobs)
        for job in sorted(jobs, key=lambda job: job.last_sign):
            if (number >= max_jobs or time.time() - job.last_sign > max_age_s) and job.can_be_removed():
                self.remove(job.handle)
                number -= 1
        if number >= max_jobs:
            raise hocket.Failure("too_many", f"{number} jobs run here, and max_jobs is {max_jobs}")

    def _remove_junk(self, known):
        for name in self._names():
            with contextlib.suppress(OSError):
                made = os.stat(name, dir_fd=self._fd, follow_symlinks=False).st_mtime
                if name not in known and time.time() - made > JUNK_S:
                    self.remove(name)

    def _names(self):
        return filter(HANDLE.fullmatch, os.listdir(self._fd))


class Job:
    """A job as its folder tells. `state` is running, ended, or lost: its keeper was killed, and nobody knows how it has ended."""

    def __init__(self, folder, handle):
        """Raises OSError when there is none, or none yet."""
        self.handle, self._fd = handle, os.open(handle, OPEN_FOLDER, dir_fd=folder)
        self.record = read_json(self._fd, "job.json")
        if self.record is None:
            os.close(self._fd)
            raise FileNotFoundError(handle)
        self.look()

    def look(self):
        """Sets state, and end: how it has ended, once it has."""
        # The keeper goes when it has written the end, so the end is looked for once more when there is no keeper.
        self.end = read_json(self._fd, "end.json")
        if self.end is None and self.keeper() is None:
            self.end = read_json(self._fd, "end.json")
            self.state = "lost" if self.end is None else "ended"
        else:
            self.state = "running" if self.end is None else "ended"

    def keeper(self):
        """The process that looks after it, or None. Its pid alone could be another one's by now."""
        keeper = self.record["keeper"]
        return processes.find(keeper["pid"], keeper["start"]) if keeper["boot"] == boot_id() else None

    @property
    def last_sign(self):
        """When it ended; if nobody knows, when it began."""
        return self.record["started"] if self.end is None else self.end["ended"]

    @property
    def seconds(self):
        if self.end is not None:
            return self.end["seconds"]
        return max(0.0, round(time.time() - self.record["started"], 3)) if self.state == "running" else None

    @property
    def outcome(self):
        return {name: self.end[name] for name in ("exitcode", "signal") if self.end is not None and name in self.end}

    def can_be_removed(self):
        return self.state == "ended" or (self.state == "lost" and not self.processes())

    def processes(self):
        """What is alive of it, but for its keeper: what descends from that, or has the job's mark. Nothing when it has ended:
        what it was to leave behind is no part of it any more."""
        if self.state == "ended":
            return []
        everything, keeper = processes.everything(), self.keeper()
        mark = f"{MARK}={self.record['mark']}"
        roots = {process.pid for process in everything.values() if process.is_alive and process.has_mark(mark)}
        found = {everything[pid] for pid in roots}
        found.update(processes.below([*roots, *([keeper.pid] if keeper else [])], everything))
        return sorted((process for process in found if keeper is None or process.pid != keeper.pid), key=lambda each: each.pid)

    def wait(self, seconds):
        """Until it has ended, or that long."""
        keeper = self.keeper()
        with contextlib.suppress(OSError):
            if keeper is not None:
                poll, pidfd = select.poll(), os.pidfd_open(keeper.pid)
                poll.register(pidfd, select.POLLIN)
                if self.keeper() is not None:
                    poll.poll(int(max(0, seconds) * 1000))
                os.close(pidfd)
        self.look()

    def kill(self, grace_s, caller):
        """Ends all of it. Returns what could not be ended, which is nothing as a rule."""
        keeper = self.keeper()
        if keeper is not None:
            self._write_wish({"grace": grace_s, "caller": caller})
            keeper.send(signal.SIGTERM)
            keeper.send(signal.SIGCONT)
            self.wait(grace_s + processes.KILL_S + KEEPER_S)
        _, left = processes.end(self.processes, 0 if keeper else grace_s, time.sleep)
        self.wait(KEEPER_S)
        return left

    def _write_wish(self, wish):
        with contextlib.suppress(FileNotFoundError):
            os.unlink("kill.json", dir_fd=self._fd)
        with contextlib.suppress(OSError):  # on a full disk the keeper has its own grace
            write_json(self._fd, "kill.json", wish)

    def read(self, stream, offset=0, limit=0):
        """An excerpt of that stream, and the length of all of it."""
        return streams.read(self._fd, stream, self.record["part_bytes"], offset, limit, self.state != "running")


def not_found(handle):
    return hocket.Failure("not_found", f"there is no job {handle} here")


def new_handle(given):
    """The id of the request, if it has one: then a job that was started on many nodes at once has one handle on all of them."""
    if isinstance(given, str) and HANDLE.fullmatch(given):
        return given
    number = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def boot_id():
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()


def open_private(path, makes):
    """A descriptor of a folder that is nobody else's. No part of the path is a link, or can be replaced by others."""
    names = path.strip("/").split("/")
    fd = os.open("/", OPEN_FOLDER)
    for number, name in enumerate(names, 1):
        part = "/" + "/".join(names[:number])
        above, fd = fd, open_below(fd, name, part, makes, 0o700 if number == len(names) else 0o755)
        os.close(above)
        status = os.fstat(fd)
        if status.st_uid not in (0, os.geteuid()):
            raise hocket.Failure("unsafe_folder", f"{part} belongs to somebody else, uid {status.st_uid}")
        if status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX:
            raise hocket.Failure("unsafe_folder", f"{part} can be written by others")
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise hocket.Failure("unsafe_folder", f"{path} is not this user's alone: it needs chmod 700, and its owner has to be me")
    return fd


def open_below(folder, name, path, makes, mode):
    try:
        try:
            return os.open(name, OPEN_FOLDER, dir_fd=folder)
        except FileNotFoundError:
            if not makes:
                raise
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, mode, dir_fd=folder)
            return os.open(name, OPEN_FOLDER, dir_fd=folder)
    except FileNotFoundError:
        raise
    except NotADirectoryError as error:
        raise hocket.Failure("unsafe_folder", f"{path} is a link, or no folder") from error
    except OSError as error:
        raise hocket.Failure("no_folder", f"{path}: {error.strerror}; the agent's config can name another folder") from error


def write_json(folder, name, value):
    fd = os.open(name, streams.WRITE, 0o600, dir_fd=folder)
    with open(fd, "w", encoding="utf-8") as file:
        json.dump(value, file)


def read_json(folder, name):
    """The object of a file, or None as long as there is none."""
    try:
        with open(os.open(name, streams.READ, dir_fd=folder), "rb") as file:
            return json.loads(file.read(MAX_RECORD))
    except (FileNotFoundError, ValueError):
        return None
