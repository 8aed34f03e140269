"""The agent contract of Hocket (spec/agent.md) for Python 3.9 and later. No dependencies.

    #!/usr/bin/python3 -ISB
    import sys
    sys.path.insert(0, __file__.rpartition("/")[0] + "/../lib")
    import hocket

    agent = hocket.Agent()

    @agent.action
    def greet(request):
        return {"greeting": "hello " + request.input("name")}

    agent.run()

An action is a function from the request to the outputs: a dict, or a hocket.Reply to set `changed` or a message too.
`raise hocket.Failure("not_found", "/x does not exist")` ends it with an error of that kind; any other exception becomes an
error of the kind AGENT/exception, with its traceback on stderr. What is printed is log, never reply.

With `contract: worker` in its DDL the same program serves many requests, `in_flight` of them at a time: in threads, or with
`fork` each in a process forked from the warm one, so that nothing stays of a request and a crash costs no other.
"""

import json
import os
import re
import sys
import time

_REQUIRED = object()


class Failure(Exception):
    """A failure that the agent foresaw. Its kind is for programs, its message for people."""

    def __init__(self, kind, message, details=None, statuscode=1):
        super().__init__(message)
        self.kind, self.message, self.details, self.statuscode = kind, message, details or {}, statuscode


class Reply:
    """The outputs of an action that also wants to say something else than "OK, nothing changed"."""

    def __init__(self, data, changed=False, message="OK", diff=None):
        """changed: something was changed; in noop: would be. diff: what, as lines for people."""
        self.data, self.changed, self.message, self.diff = data, changed, message, diff


class Request:
    """One request. `envelope` is the whole object from stdin: caller, identity, request_id, config and so on."""

    def __init__(self, envelope):
        self.envelope = envelope
        self.agent = envelope.get("agent") or os.path.basename(sys.argv[0])
        self.action = envelope["action"]
        if not isinstance(self.action, str):
            raise TypeError("an action's name is a string")
        self.noop = envelope.get("noop", False)
        self.inputs = envelope.get("inputs", {})

    def input(self, name, default=_REQUIRED):
        """An input, or the default; without a default the action fails when the input is not there."""
        value = self.inputs.get(name, default)
        if value is _REQUIRED:
            raise Failure("missing_input", f"the input {name} is required", statuscode=3)
        return value

    def seconds_left(self):
        """Until the runner ends this process; infinite when no deadline was given."""
        deadline = self.envelope.get("deadline")
        return float("inf") if deadline is None else deadline / 1000 - time.time()


class Agent:
    """The actions of one agent."""

    def __init__(self):
        self._actions = {}

    def action(self, function):
        """Decorator. The function is the action of its name; one trailing underscore is dropped, as in `list_`."""
        name = function.__name__
        self._actions[name[:-1] if name.endswith("_") else name] = function
        return function

    def run(self):
        """Reads the request, runs its action, writes the reply, ends the process. As a worker: for each line, until the end."""
        channel = _reply_channel()
        if os.environ.get("HOCKET_CONTRACT") != "worker":
            _write(channel, self._answer(_parse(sys.stdin.buffer.read())))
        elif os.environ.get("HOCKET_WORKER_FORK") == "true":
            _serve_forked(self._answer, _take_stdin(), channel, _in_flight())
        else:
            _serve_threaded(self._answer, _take_stdin(), channel, _in_flight())
        sys.exit(0)

    def _answer(self, request):
        own = os.getpid()
        try:
            try:
                reply = self._call(request)
            except Failure as failure:
                reply = _failure(request, failure)
            body = _encode(request, reply)
        except (Exception, SystemExit) as error:  # pylint: disable=broad-except
            if os.getpid() != own:
                raise
            body = _encode(request, _failure(request, _unforeseen(error)))
        if os.getpid() != own:
            sys.exit("a process that an action has forked has nothing to reply")
        return body

    def _call(self, request):
        if request.action not in self._actions:
            raise Failure("unknown_action", f"unknown action {request.action!r}", statuscode=2)
        reply = self._actions[request.action](request)
        if not isinstance(reply, Reply):
            reply = Reply(reply)
        if not isinstance(reply.data, dict):
            raise TypeError(f"the action {request.action} returned {reply.data!r}, which is no dict")
        body = {"statuscode": 0, "statusmsg": reply.message, "data": reply.data, "changed": reply.changed}
        return body if reply.diff is None else {**body, "diff": reply.diff}


def _reply_channel():
    """Descriptor 3. Run by hand there is none: the reply goes to stdout, and everything else to stderr."""
    if os.environ.get("HOCKET_REPLY_FD") == "3":
        try:
            os.set_inheritable(3, False)
            return 3
        except OSError:
            pass
    channel = os.dup(1)
    os.dup2(2, 1)
    return channel


def _parse(text):
    try:
        return Request(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        sys.exit("stdin is not a request" if text.strip() else "no request on stdin")


def _write(fd, body):
    while body:
        body = body[os.write(fd, body):]


def _failure(request, failure):
    kind = failure.kind if "/" in failure.kind else f"{request.agent}/{failure.kind}"
    error = {"kind": kind, "message": failure.message, "details": failure.details}
    return {"statuscode": failure.statuscode, "statusmsg": failure.message.partition("\n")[0] or kind, "error": error}


def _unforeseen(error):
    import traceback  # not at the top: it would cost every good call 3 ms
    traceback.print_exc()
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Failure("exception", f"{type(error).__name__}: {error}", {"at": f"{place.filename}:{place.lineno}"})


def _encode(request, reply):
    if "id" in request.envelope:
        reply = {"id": request.envelope["id"], **reply}
    text = json.dumps(reply, ensure_ascii=False, allow_nan=False)
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode() + b"\n"  # file names may hold bytes that are no UTF-8


def _in_flight():
    return int(os.environ.get("HOCKET_WORKER_IN_FLIGHT", "1"))


def _take_stdin():
    """The requests; an action and what it starts find /dev/null in their place."""
    requests = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return requests


def _serve_threaded(answer, requests, channel, in_flight):
    """Each thread takes the next line when it is free. The main thread is one of them, and the only one when in_flight is 1."""
    import threading
    lines, reading, writing = os.fdopen(requests, "rb"), threading.Lock(), threading.Lock()

    def next_line():
        with reading:
            return lines.readline()

    def serve():
        try:
            for line in iter(next_line, b""):
                body = answer(_parse(line))
                sys.stdout.flush()
                with writing:
                    _write(channel, body)
        except SystemExit as not_a_request:  # which would end this thread alone
            print(not_a_request, file=sys.stderr)
            os._exit(1)

    threads = [threading.Thread(target=serve) for _ in range(in_flight - 1)]
    for thread in threads:
        thread.start()
    serve()
    for thread in threads:
        thread.join()


def _serve_forked(answer, requests, channel, in_flight):
    """One loop over stdin and the pipes of the children. What comes while all are busy waits in `lines` or in the pipe."""
    import select
    lines, rest, at_end, children = [], b"", False, {}
    while lines or children or not at_end:
        while lines and len(children) < in_flight:
            child = _Child(answer, _parse(lines.pop(0)), [requests, channel, *children])
            children[child.pipe] = child
        listening = not at_end and len(children) < in_flight
        for fd in select.select([*children, requests] if listening else [*children], [], [])[0]:
            if fd == requests:
                chunk = os.read(requests, 1 << 16)
                at_end = not chunk
                *whole, rest = (rest + chunk).split(b"\n")
                lines += whole + [rest] if at_end and rest else whole
            elif children[fd].has_ended():
                _write(channel, children.pop(fd).outcome())


class _Child:
    """A process for one request. It hands the reply over through a pipe: nobody but the worker writes to the reply channel."""

    def __init__(self, answer, request, not_its_own):
        self._request, self._body = request, b""
        self.pipe, writer = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                for fd in (*not_its_own, self.pipe):
                    os.close(fd)
                body = answer(request)
                sys.stdout.flush()
                _write(writer, body)
            finally:
                os._exit(0)  # and not through what the worker has registered for its own end
        os.close(writer)

    def has_ended(self):
        """Reads on. The reply is one line: whatever the child leaves behind may keep the pipe open."""
        chunk = os.read(self.pipe, 1 << 16)
        self._body += chunk
        return not chunk or chunk.endswith(b"\n")

    def outcome(self):
        """The line for the runner."""
        os.close(self.pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if self._body.endswith(b"\n"):
            return self._body
        how = f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"
        return _encode(self._request, {"crashed": f"the process of the request {how}, without a reply"})
