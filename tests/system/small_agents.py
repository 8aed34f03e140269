"""Agents that tests write themselves: a DDL and a short program."""

import json
import os

PYTHON = "#!/usr/bin/python3 -ISB\n"
# Members of the run block under which SERVE answers.
RUN = {"json": {}, "script": {"contract": "script", "result": "json"}, "worker": {"contract": "worker"},
       "standby": {"standby": 1}}
# The end of a Python program whose run(ACTION) returns the data of the reply, under each contract.
SERVE = """
contract = os.environ["HOCKET_CONTRACT"]
if contract == "script":
    print(json.dumps(run(os.environ["HOCKET_ACTION"])))
elif contract == "json":
    request = json.loads(sys.stdin.read() or sys.exit(1))
    print(json.dumps({"statuscode": 0, "data": run(request["action"])}))
else:
    for text in sys.stdin:
        request = json.loads(text)
        reply = {"id": request["id"], "statuscode": 0, "data": run(request["action"])}
        os.write(3, json.dumps(reply).encode() + b"\\n")
"""
METADATA = {"description": "For tests", "author": "The Hocket authors", "license": "Apache-2.0", "version": "1.0.0",
            "url": "https://hocket.io", "timeout": 20}


def text_input(validation=".*", maxlength=200, **rules):
    return {"prompt": "Text", "description": "Text", "type": "string", "validation": validation,
            "maxlength": maxlength, "optional": True, **rules}


def ddl(name, actions, **run):
    """actions: {NAME: (inputs, {OUTPUT: TYPE})}, with a timeout as a third member or without; run: members of its block."""
    described = [{"action": action, "description": action, "display": "always", "input": inputs,
                  "output": {each: {"description": each, "display_as": each, "type": kind}
                             for each, kind in outputs.items()},
                  **({"timeout": timeout[0]} if timeout else {})}
                 for action, (inputs, outputs, *timeout) in actions.items()]
    return {"metadata": {"name": name, **METADATA}, "run": {"contract": "json", **run}, "actions": described}


def write_ddl(folder, name, actions, **run):
    """FOLDER/NAME/NAME.json, put there whole: hocketd may look at any moment."""
    target = os.path.join(folder, name, f"{name}.json")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(f"{target}.new", "w", encoding="utf-8") as file:
        json.dump(ddl(name, actions, **run), file)
    os.rename(file.name, target)
    return folder


def write_agent(folder, name, program, actions, **run):
    """Returns the folder that holds it, for [agents] folders."""
    target = os.path.join(folder, name, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        file.write(program)
    os.chmod(target, 0o755)
    return write_ddl(folder, name, actions, **run)
