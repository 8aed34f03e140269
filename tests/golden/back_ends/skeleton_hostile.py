#!/usr/bin/python3 -I
"""The agent coding: coding: latin-1 \"\"\" ''' */ ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \\ \\u2028exit

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


def action_2fa(request):
    """Action 2fa: +build ignore"""
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action__(request):
    """Action _: @return never"""
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action___proto__(request):
    """Action __proto__: shareable_constant_value: nonsense"""
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_a__b(request):
    """Action a__b: shellcheck disable=nonsense"""
    outputs = {}
    if request.get("noop"):
        # Find out here what would be changed, and change nothing.
        return {"data": outputs, "changed": False, "statusmsg": "noop: nothing would be changed"}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_a_b(request):
    """Action a_b: line 1 "x"
    """
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_ab(request):
    """Action ab: go:build ignore"""
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_constructor(request):
    """Action constructor: # heading - list code"""
    outputs = {}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


def action_default(
    request,
    /,
    *,
    IFS=None,
    PATH=None,
    UID=None,
    _=None,
    _1=None,
    __proto__=None,
    a=None,
    action=None,
    action_=None,
    fs=None,
    inputs=None,
    noop=None,
    null=None,
    omitted=None,
    pick=None,
    secret=None,
    self=None,
    this=None,
    **others,
):
    """Action default: */ exit(1); /* ?> <?php exit(1); =begin =cut exit 1 \"\"\" exit(1) '''\\u2028exit 1\\u0085exit\\rexit \\

    Inputs:
      2fa (string, optional): \"\"\" exit(1) */ ?> \\
      7 (string, optional): \"\"\" exit(1) */ ?> \\
      IFS (string, optional): \"\"\" exit(1) */ ?> \\
      None (string, optional): \"\"\" exit(1) */ ?> \\
      PATH (string, optional): \"\"\" exit(1) */ ?> \\
      UID (string, optional): \"\"\" exit(1) */ ?> \\
      _ (string, optional): \"\"\" exit(1) */ ?> \\
      _1 (string, optional): \"\"\" exit(1) */ ?> \\
      __proto__ (string, optional): \"\"\" exit(1) */ ?> \\
      a (string, optional): \"\"\" exit(1) */ ?> \\
      action (string, optional): \"\"\" exit(1) */ ?> \\
      action_ (string, optional): \"\"\" exit(1) */ ?> \\
      class (string, optional): \"\"\" exit(1) */ ?> \\
      fs (string, optional): \"\"\" exit(1) */ ?> \\
      inputs (string, optional): \"\"\" exit(1) */ ?> \\
      noop (string, optional): \"\"\" exit(1) */ ?> \\
      null (string, optional): \"\"\" exit(1) */ ?> \\
      omitted (string, optional): \"\"\" exit(1) */ ?> \\
      others (string, optional): \"\"\" exit(1) */ ?> \\
      outputs (string, optional): \"\"\" exit(1) */ ?> \\
      pick (one of "*/", "?>", "\\"\\"\\"", "\\n", "#{exit}", optional): One
      request (string, optional): \"\"\" exit(1) */ ?> \\
      secret (string, optional, sensitive): -*- coding: x -*-
      self (string, optional): \"\"\" exit(1) */ ?> \\
      this (string, optional): \"\"\" exit(1) */ ?> \\

    Outputs:
      2 (string, default "a\\n'\\"\\"\\" \\\\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \\u202e\\u0007 é 𝄞\\t\\r end\\\\"): */ ?> \"\"\" exit
      2fa (integer, default 9223372036854775807): shareable_constant_value: nonsense
      __proto__ (hash, default {"*/":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\\n":{}}): Nested
      class (string, default "a\\n'\\"\\"\\" \\\\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \\u202e\\u0007 é 𝄞\\t\\r end\\\\"): */ ?> \"\"\" exit
      free (of any type, default [1,{"x":"$(exit)"}]): Free
      minimum (integer, default -9223372036854775808): Least
      null (string, default "a\\u0000b"): NUL
      plain (string, default "it's #{x} $y @z"): line 7 "x"
    """
    # Names that Python has taken: others.get("2fa"), others.get("7"), others.get("None"), others.get("class"), others.get("others"), others.get("outputs"), others.get("request")
    outputs = {
        "2": "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\",
        "2fa": 9223372036854775807,
        "__proto__": {"*/": ["?>", None, False, 1.5e+300], "2": [], "__proto__": {"a'b": "#{x} 'y' $z"}, "é\n": {}},
        "class": "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\",
        "free": [1, {"x": "$(exit)"}],
        "minimum": -9223372036854775808,
        "null": "a\u0000b",
        "plain": "it's #{x} $y @z",
    }
    if request.get("noop"):
        # Find out here what would be changed, and change nothing.
        return {"data": outputs, "changed": False, "statusmsg": "noop: nothing would be changed"}

    # The work goes here. To report an error: raise Failure("not_found", "what is missing")
    return {"data": outputs, "changed": False}


ACTIONS = {
    "2fa": action_2fa,
    "_": action__,
    "__proto__": action___proto__,
    "a__b": action_a__b,
    "a_b": action_a_b,
    "ab": action_ab,
    "constructor": action_constructor,
    "default": action_default,
}


def answer(request):
    try:
        if request["action"] not in ACTIONS:
            raise Failure("unknown_action", f"unknown action '{request['action']}'", statuscode=2)
        action = ACTIONS[request["action"]]
        return {"statuscode": 0, **action(request, **request["inputs"])}
    except Failure as failure:
        error = {"kind": f"coding/{failure.kind}", "message": str(failure)}
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
