"""Runs an agent as the runner does (spec/agent.md): its environment and no other, pipes on descriptors 0 to 3, a session of
its own, one request on stdin. Says what the runner would make of the reply."""

import fcntl
import json
import os
import selectors
import shutil
import signal
import tempfile
import time
import unittest

import ddl

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DRAIN_S = 1.0
GIVE_UP_S = 20.0
MAX_INPUT_BYTES = 32 << 10
CHECKS = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "hash": lambda value: isinstance(value, dict),
}


class Result:
    """What an agent did. `held` names the pipes that somebody still had open `DRAIN_S` after the agent's own exit."""

    def __init__(self, status, streams, held):
        self.status, self.held = status, held
        self.stdout, self.stderr, channel = streams
        self.raw = channel or self.stdout
        self.log = self.stderr + (self.stdout if channel else b"")
        self.problem = None
        try:
            self.reply = strict_json(self.raw)
        except ValueError as error:
            self.reply, self.problem = {}, str(error)
        self.outcome = self._outcome()
        self.data = self.reply.get("data", {})
        self.error = self.reply.get("error", {})
        self.kind = self.error.get("kind")
        self.changed = self.reply.get("changed", False)
        self.message = self.reply.get("statusmsg")

    def _outcome(self):
        if os.WIFSIGNALED(self.status):
            return "crashed"
        has_error = isinstance(self.reply.get("error"), dict)
        if os.WEXITSTATUS(self.status) and not has_error:
            return "crashed"
        code = self.reply.get("statuscode", 1 if has_error else None)
        if self.problem or code not in range(6) or isinstance(code, bool) or (code == 0 and has_error):
            return "bad_reply"
        return "failed" if has_error or code else "ok"

    def __repr__(self):
        return f"{self.outcome}: {self.raw!r} {self.problem or ''} log {self.log!r} status {self.status} held {self.held}"


def strict_json(raw):
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"duplicate key in {pairs!r}")
        return dict(pairs)

    def refuse(constant):
        raise ValueError(f"{constant} is no JSON")

    value = json.loads(raw.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    value_text = json.dumps(value, ensure_ascii=False)
    value_text.encode("utf-8")  # refuses lone surrogates, which can hide behind \u escapes
    return value


class AgentTest(unittest.TestCase):
    """A test with a folder of its own, which has to be empty of an agent's temporary files after each run."""

    agent = None  # path of the executable below ROOT

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="hocket-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.bin, self.tmp = os.path.join(self.folder, "bin"), os.path.join(self.folder, "tmp")
        os.mkdir(self.bin)
        os.mkdir(self.tmp)
        tool = os.environ.get("HOCKET_JSON") or os.path.join(ROOT, "tests", "bin", "hocket-json")
        os.symlink(tool, os.path.join(self.bin, "hocket-json"))
        self.search_path = f"{self.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.extra = {}  # environment that only tests set

    def program(self, name, text):
        """An executable that an agent finds before the machine's own."""
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def run_agent(self, action, inputs=None, **options):
        """Runs an action with the DDL's defaults filled in, and checks that the outputs are those of the DDL."""
        path = os.path.join(ROOT, self.agent)
        description = action_of(path, action)
        filled = {
            name: rules["default"] for name, rules in description.get("input", {}).items() if "default" in rules
        }
        filled.update(inputs or {})
        result = self.run_program(path, action, filled, **options)
        self.assertNotIn(result.outcome, ("bad_reply", "crashed"), result)
        outputs = description.get("output", {})
        for name, value in result.data.items():
            self.assertIn(name, outputs, result)
            self.assertTrue(CHECKS[outputs[name]["type"]](value), f"{name} = {value!r}")
        return result

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, by_hand=False, sensitive=(), stdin=None):
        envelope = {
            "protocol": "io.hocket.agent.v1", "agent": os.path.basename(path), "action": action,
            "request_id": "01KAGJ5FG0ZJ4V8Q6X3T2N5M9R", "caller": "psk=test", "collective": "main", "identity": "web1",
            "noop": noop, "deadline": int((time.time() + seconds) * 1000), "inputs": inputs, "config": {},
        }
        environment = {"PATH": self.search_path, **self.extra}
        if not by_hand:
            environment.update(environment_of(envelope, sensitive))
        environment.update(LANG="C.UTF-8", HOME=self.folder, TMPDIR=self.tmp)
        if stdin is None:
            stdin = json.dumps(envelope, ensure_ascii=False).encode() + b"\n"
        result = execute(path, environment, stdin, with_channel=not by_hand)
        self.assertEqual(os.listdir(self.tmp), [], "temporary files are left")
        return result

    def assertFailed(self, result, kind):
        self.assertEqual((result.outcome, result.kind), ("failed", kind), result)

    def assertOk(self, result):
        self.assertEqual(result.outcome, "ok", result)


def action_of(path, action):
    name = os.path.basename(path)
    for description in ddl.read(f"{path}.yaml")["actions"]:
        if description["action"] == action:
            return description
    raise LookupError(f"{name}.yaml has no action {action}")


def environment_of(envelope, sensitive):
    """As in the runner's own code; spec/agent.md §3."""
    environment = {
        "PYTHONUNBUFFERED": "1", "HOCKET_PROTOCOL": "1", "HOCKET_AGENT": envelope["agent"],
        "HOCKET_ACTION": envelope["action"], "HOCKET_REQUEST_ID": envelope["request_id"],
        "HOCKET_CALLER": envelope["caller"], "HOCKET_DEADLINE": str(envelope["deadline"]),
        "HOCKET_NOOP": "true" if envelope["noop"] else "false", "HOCKET_REPLY_FD": "3", "HOCKET_EXECUTION_ID": "test-1",
    }
    used, omitted = 0, []
    for name, value in sorted(envelope["inputs"].items()):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode())
        if name in sensitive or name.upper() == "OMITTED" or "\0" in text or used + size > MAX_INPUT_BYTES:
            omitted.append(name)
        else:
            used += size
            environment["HOCKET_INPUT_" + name.upper()] = text
    if omitted:
        environment["HOCKET_INPUT_OMITTED"] = " ".join(omitted)
    return environment


def execute(path, environment, stdin, with_channel=True):
    ends = [tuple(fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in _pipe()) for _ in range(4 if with_channel else 3)]
    actions = [(os.POSIX_SPAWN_DUP2, ends[0][0], 0)]
    actions += [(os.POSIX_SPAWN_DUP2, writer, number) for number, (_, writer) in enumerate(ends[1:], 1)]
    defaults = set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}
    child = os.posix_spawn(path, [path], environment, file_actions=actions, setsid=True, setsigdef=defaults)
    for fd in (ends[0][0], *(writer for _, writer in ends[1:])):
        os.close(fd)
    try:
        streams, held = _converse(child, ends[0][1], stdin, [reader for reader, _ in ends[1:]])
    finally:
        _, status = os.waitpid(child, 0)
    return Result(status, [*streams, b""][:3], held)


def _pipe():
    low = os.pipe()
    yield from low
    for fd in low:
        os.close(fd)


def _converse(child, stdin_fd, text, outputs):
    """Feeds and reads all pipes together until they end, or until DRAIN_S after the child's end."""
    pidfd = os.pidfd_open(child)
    streams = {fd: b"" for fd in outputs}
    names = dict(zip(outputs, ("stdout", "stderr", "reply")))
    os.set_blocking(stdin_fd, False)
    with selectors.DefaultSelector() as selector:
        selector.register(stdin_fd, selectors.EVENT_WRITE)
        for fd in (pidfd, *outputs):
            selector.register(fd, selectors.EVENT_READ)
        end, running = time.monotonic() + GIVE_UP_S, True
        while (running or streams.keys() & names.keys()) and time.monotonic() < end:
            for key, _ in selector.select(max(0, end - time.monotonic())):
                if key.fd == pidfd:
                    selector.unregister(pidfd)
                    running, end = False, min(end, time.monotonic() + DRAIN_S)
                elif key.fd == stdin_fd:
                    text = _feed(stdin_fd, text)
                    if not text:
                        selector.unregister(stdin_fd)
                        os.close(stdin_fd)
                        stdin_fd = -1
                else:
                    chunk = os.read(key.fd, 65536)
                    streams[key.fd] += chunk
                    if not chunk:
                        selector.unregister(key.fd)
                        del names[key.fd]
    if running:
        os.killpg(child, signal.SIGKILL)
    for fd in (pidfd, *outputs, *([stdin_fd] if stdin_fd >= 0 else [])):
        os.close(fd)
    return list(streams.values()), sorted(names.values())


def _feed(fd, text):
    try:
        return text[os.write(fd, text):] if text else b""
    except BrokenPipeError:
        return b""


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
