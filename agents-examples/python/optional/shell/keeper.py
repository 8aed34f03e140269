"""The process that keeps a job: it takes the output, ends the job when its time is up, and writes down how it has ended."""

import contextlib
import json
import os
import signal
import time

import hocket
import jobs
import processes
import streams
from command import GRACE_S, Command, outcome_of

END_BYTES = 1024


def keep(folder, handle, line, environment, stdin, record):
    """Starts a job in the folder, by its descriptor. Returns the pid of its shell; raises hocket.Failure when there is none."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        code = 1
        try:
            detach({folder, writer, stdin})
            Keeper(folder, record).run(line, environment, stdin, lambda pid: tell(writer, {"pid": pid}))
            code = 0
        except hocket.Failure as failure:
            tell(writer, {"kind": failure.kind, "message": failure.message, "statuscode": failure.statuscode})
        except BaseException as error:  # pylint: disable=broad-except
            tell(writer, {"message": f"{type(error).__name__}: {error}"})
        finally:
            os._exit(code)  # never back into the agent
    os.close(writer)
    with open(reader, "rb") as file:
        said = json.loads(file.readline() or b"{}")
    if "pid" in said:
        return said["pid"]
    message = said.get("message", "the process that was to keep it is gone")
    raise hocket.Failure(said.get("kind", "not_started"), f"{handle}: {message}", statuscode=said.get("statuscode", 1))


class Keeper:
    """Of one job."""

    def __init__(self, folder, record):
        self._folder, self._record = folder, record
        self._end = os.open("end.json", streams.WRITE, 0o600, dir_fd=folder)
        os.write(self._end, b" " * END_BYTES)
        self._streams = [streams.Writer(folder, name, record["part_bytes"]) for name in ("stdout", "stderr")]

    def run(self, line, environment, stdin, tell_pid):
        """Until the job has ended."""
        environment = {**environment, jobs.MARK: self._record["mark"]}
        command = Command(line, self._record["cwd"], environment, stdin, self._streams)
        signal.signal(signal.SIGTERM, lambda *_: command.hurry())
        try:
            own = processes.Process(os.getpid())
            keeper = {"pid": own.pid, "start": own.start, "boot": jobs.boot_id()}
            jobs.write_json(self._folder, "job.json", {**self._record, "pid": command.pid, "keeper": keeper})
            tell_pid(command.pid)
            self._write_end(command, self._see_out(command))
        except BaseException:
            command.end()  # without a keeper its output would go nowhere
            raise

    def _see_out(self, command):
        if command.wait(self._record["timeout"] or None):
            number, left = command.leave(self._record["orphans"] == "keep")
            return {"left": number, **({"not_ended": len(left)} if left and self._record["orphans"] != "keep" else {})}
        wish = jobs.read_json(self._folder, "kill.json")
        left = command.end(GRACE_S if wish is None else wish["grace"])
        why = {"killed_by": wish["caller"][:100]} if wish is not None else {"timed_out": True} if not command.is_hurried else {}
        return {**why, **({"not_ended": len(left)} if left else {})}

    def _write_end(self, command, how):
        end = {"ended": time.time(), "seconds": command.seconds, **how, "lost_bytes": sum(each.lost for each in self._streams)}
        if command.status is not None:
            end.update(outcome_of(command.status))
        os.pwrite(self._end, json.dumps(end).encode(), 0)


def detach(kept):
    """Away from the request: its session, its folder, and its pipes, which nobody may hold open."""
    os.setsid()
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(nothing, fd)
    for fd in map(int, os.listdir("/proc/self/fd")):
        if fd > 2 and fd not in kept:
            with contextlib.suppress(OSError):
                os.close(fd)


def tell(writer, what):
    with contextlib.suppress(OSError):
        os.write(writer, json.dumps(what).encode() + b"\n")
