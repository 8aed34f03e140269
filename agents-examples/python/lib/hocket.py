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

    def __init__(self, data, changed=False, message="OK"):
        """changed: something was changed; in noop: would be."""
        self.data, self.changed, self.message = data, changed, message


class Request:
    """One request. `envelope` is the whole object from stdin: caller, identity, request_id, config and so on."""

    def __init__(self, envelope):
        self.envelope = envelope
        self.agent = envelope.get("agent") or os.path.basename(sys.argv[0])
        self.action = envelope["action"]
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
        """Reads the request, runs its action, writes the reply and ends the process."""
        channel = _reply_channel()
        request = _read_request()
        try:
            body = _encode(self._call(request))
        except Failure as failure:
            body = _encode(_failure(request, failure))
        except (Exception, SystemExit) as error:  # pylint: disable=broad-except
            body = _encode(_failure(request, _unforeseen(error)))
        while body:
            body = body[os.write(channel, body):]
        sys.exit(0)

    def _call(self, request):
        if request.action not in self._actions:
            raise Failure("unknown_action", f"unknown action {request.action!r}", statuscode=2)
        reply = self._actions[request.action](request)
        if not isinstance(reply, Reply):
            reply = Reply(reply)
        if not isinstance(reply.data, dict):
            raise TypeError(f"the action {request.action} returned {reply.data!r}, which is no dict")
        return {"statuscode": 0, "statusmsg": reply.message, "data": reply.data, "changed": reply.changed}


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


def _read_request():
    text = sys.stdin.buffer.read()
    try:
        return Request(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        sys.exit("stdin is not a request" if text.strip() else "no request on stdin")


def _failure(request, failure):
    kind = failure.kind if "/" in failure.kind else f"{request.agent}/{failure.kind}"
    error = {"kind": kind, "message": failure.message, "details": failure.details}
    return {"statuscode": failure.statuscode, "statusmsg": failure.message.partition("\n")[0] or kind, "error": error}


def _unforeseen(error):
    import traceback  # not at the top: it would cost every good call 3 ms
    traceback.print_exc()
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Failure("exception", f"{type(error).__name__}: {error}", {"at": f"{place.filename}:{place.lineno}"})


def _encode(reply):
    text = json.dumps(reply, ensure_ascii=False, allow_nan=False)
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode() + b"\n"  # file names may hold bytes that are no UTF-8
