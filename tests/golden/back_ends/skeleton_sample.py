#!/usr/bin/python3 -I
"""The agent sample: Looks after things, one at a time.

Begun by hocketc: each action answers with empty values until you write its work. It gets its inputs, valid already, as
keyword arguments, and returns members of the reply (spec/agent.md). What is printed is log.
"""

import json
import os
import sys


class Failure(Exception):
    """Ends an action with an error. The kind is a word for programs, the message a sentence for people."""

    def __init__(self, kind, message, statuscode=1):
        super().__init__(message)
        self.kind, self.statuscode = kind, statuscode


def action_print(request, *, default=None, end, **others):
    """Action print: Prints it

    Inputs:
      class (string): A word of most languages
      default (string, optional): Another one
      end (integer, optional, default 10): And one of Ruby

    Outputs:
      function (string): A word as well
    """
    # Names that Python has taken: others["class"]
    outputs = {
        "function": "",
    }
    if request.get("noop"):
        # Find out here what would be changed, and change nothing.
        return {"data": outputs, "changed": False, "statusmsg": "noop: nothing would be changed"}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_reset(request):
    """Action reset: Forgets everything"""
    outputs = {}
    if request.get("noop"):
        # Find out here what would be changed, and change nothing.
        return {"data": outputs, "changed": False, "statusmsg": "noop: nothing would be changed"}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_status(
    request,
    *,
    deep,
    depth=None,
    labels=None,
    limit,
    name,
    ratio=None,
    tags=None,
    token=None,
    unit=None,
):
    """Action status: How a thing is

    Inputs:
      deep (boolean, optional, default false): Whether to look into it
      depth (integer, optional): How far to look
      labels (hash, optional): What must be so
      limit (float, optional, default 0.9): Above which it is full
      name (string): Which thing
      ratio (number, optional): How much of it
      tags (array, optional): Which ones
      token (string, optional, sensitive): Proves who asks
      unit (one of "bytes", 1024, true, optional): How sizes are shown

    Outputs:
      anything (of any type): Of no certain type
      bytes (integer): How large it is
      labels (hash): What it is called
      limits (hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}): What it may do
      load (float): How busy it is
      note (string): What else is known
      parts (array): What it is made of
      present (boolean): Whether it is there
      score (number): How good it is
      state (string, default "it's idle"): What it does
    """
    outputs = {
        "anything": "",
        "bytes": 0,
        "labels": {},
        "limits": {"cpu": 2, "empty": {}, "ratio": 0.5, "tags": ["a", None, True]},
        "load": 0.0,
        "note": "",
        "parts": [],
        "present": False,
        "score": 0,
        "state": "it's idle",
    }

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


ACTIONS = {
    "print": action_print,
    "reset": action_reset,
    "status": action_status,
}


def answer(request):
    try:
        if request["action"] not in ACTIONS:
            raise Failure("unknown_action", f"unknown action '{request['action']}'", statuscode=2)
        action = ACTIONS[request["action"]]
        return {"statuscode": 0, **action(request, **request["inputs"])}
    except Failure as failure:
        error = {"kind": f"sample/{failure.kind}", "message": str(failure)}
        return {"statuscode": failure.statuscode, "error": error}


def main():
    text = sys.stdin.buffer.read()
    if not text.strip():
        sys.exit("no request on standard input")
    reply = json.dumps(answer(json.loads(text)), ensure_ascii=False, allow_nan=False)
    with open(int(os.environ.get("HOCKET_REPLY_FD", "1")), "wb") as channel:
        channel.write(reply.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main()
