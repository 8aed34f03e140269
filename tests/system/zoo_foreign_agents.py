"""The agents of zoo_foreign.py as their makers would lay them out: external agents of Choria, monitoring plugins, and a
module of Puppet Bolt. Each runs an unchanged program of the zoo's contract `script`, or an animal of its own in bash."""

import json
import os
import shutil

from fleet import write
from small_agents import PYTHON, ddl, text_input
from zoo_lanes import ZOO

INPUTS = {"text": text_input(), "marker": text_input(), "blob": text_input(maxlength=0),
          "code": {"prompt": "Code", "description": "its exit code", "type": "integer", "optional": True},
          "secret": text_input(sensitive=True)}
OUTPUTS = {"choria": {"stdout": "string"}, "nagios": {"count": "integer"}, "bolt": {}}
TIMEOUTS = {"sleeps_past_ddl_timeout": [1]}

# What an animal prints is its reply: an object as it is, anything else as the output `stdout`.
CHORIA = PYTHON + r'''import json, os, runpy, sys
here = os.path.dirname(os.path.abspath(__file__))
reply_file, write, said = os.environ.get("CHORIA_EXTERNAL_REPLY"), os.write, b""

def reply(text):
    if not reply_file:
        return write(1, text)
    with open(reply_file, "wb") as file:
        file.write(text)

def say(descriptor, text):
    global said
    if descriptor != 1:
        return write(descriptor, text)
    said += text
    words = json.dumps(said.decode("utf-8", "surrogateescape"), ensure_ascii=False)
    is_reply = said[:1] in (b"{", b"[")
    reply(said if is_reply else b'{"data":{"stdout":' + words.encode("utf-8", "surrogateescape") + b"}}")
    return len(text)

if os.environ["CHORIA_EXTERNAL_PROTOCOL"].endswith("activation_request"):
    sys.exit(reply(b'{"activate":true}') and 0)
with open(os.environ.get("CHORIA_EXTERNAL_REQUEST", "/dev/stdin")) as file:
    request = json.load(file)
action, inputs = request["action"], request["data"]
if "secret" in inputs:
    reader, writer = os.pipe()
    write(writer, inputs["secret"].encode())
    os.close(writer)
    os.dup2(reader, 0)
    os.close(reader)
if action in OWN:
    os.execv(f"{here}/own", ["own", action])
if action not in ("hundred_megabytes", "endless_output"):  # which are for the log
    os.write = say
sys.argv = [f"{here}/SCRIPT", action, str(inputs.get("code", ""))]
runpy.run_path(sys.argv[0], run_name="__main__")
'''

# Bolt gives no arguments.
BOLT = r"""#!/bin/bash
script=$PT__installdir/MODULE/files/SCRIPT
animal=${PT__task#*::}
case $animal in
    secret_*) exec "$script" "$animal" < <(sed 's/.*"secret":"\([^"]*\)".*/\1/' | tr -d '\n') ;;
esac
exec "$script" "$animal" ${PT_code+"$PT_code"}
"""

# What a monitoring plugin is given besides the animal's name.
ARGUMENTS = {"exits": ["{code}"], "last_argument": ["--", "{text}"], "argument_length": ["--", "{blob}"]}
STDIN = {"stdin_length": "{blob}", "never_reads_stdin": "{blob}", "closes_stdin": "{blob}"}

# Programs that the system does not start: their text and mode.
UNSTARTABLE = {"missing": None, "without_execute_bit": ("#!/bin/bash\necho done\n", 0o644),
               "without_interpreter": ("#!/nonexistent/zoo\n", 0o755), "without_both": ("echo done\n", 0o644)}


def programs_of(rows):
    """The text by animal, of those that only this contract has."""
    return {row["animal"]: row["program"] for row in rows if "program" in row}


def inputs_of(rows):
    """The descriptions of the inputs by animal."""
    used = {}
    for row in rows:
        used.setdefault(row["animal"], set()).update(row["inputs"])
    return {animal: {name: INPUTS[name] for name in sorted(names)} for animal, names in used.items()}


def own_program(programs):
    cases = "".join(f"{animal}) {program} ;;\n" for animal, program in programs.items())
    return f"#!/bin/bash\nreply=${{CHORIA_EXTERNAL_REPLY-/dev/stdout}}\ncase $1 in\n{cases}esac\n"


def described(name, contract, rows):
    actions = {animal: (inputs, OUTPUTS[contract], *TIMEOUTS.get(animal, []))
               for animal, inputs in inputs_of(rows).items()}
    return ddl(name, actions, contract=contract)


def copy_script(language, folder):
    """Its name."""
    name = f"zoo_script_{language}"
    os.makedirs(folder, exist_ok=True)
    return os.path.basename(shutil.copy(f"{ZOO}/agents/{name}/{name}", folder))


def add_choria(folder, name, language, variant, rows):
    """plain: a description as Choria has it, in the flat layout; else one with a `run` block, in a folder of its own."""
    is_plain, programs = variant == "plain", programs_of(rows)
    description = described(name, "choria", rows)
    if is_plain:
        del description["run"]
        description["metadata"]["provider"] = "external"
    base = folder if is_plain else os.path.join(folder, name)
    script = copy_script(language, base)
    write(f"{base}/own", own_program(programs), 0o755)
    write(f"{base}/{name}", CHORIA.replace("OWN", repr(set(programs))).replace("SCRIPT", script), 0o755)
    write(f"{base}/{name}.json", json.dumps(description))


def write_unstartable(animal, path):
    if UNSTARTABLE[animal]:
        write(path, *UNSTARTABLE[animal])


def add_nagios(folder, name, language, _, rows):
    base, programs = os.path.join(folder, name), programs_of(rows)
    script = copy_script(language, base)
    write(f"{base}/own", own_program(programs), 0o755)
    description = described(name, "nagios", rows)
    for action in description["actions"]:
        animal = action["action"]
        program = animal if animal in UNSTARTABLE else "own" if animal in programs else script
        action["command"] = [program, "{action}", *ARGUMENTS.get(animal, [])]
        if animal in UNSTARTABLE:
            write_unstartable(animal, f"{base}/{animal}")
        if "secret" in action["input"] or animal in STDIN:
            action["stdin"] = STDIN.get(animal, "{secret}")
    write(f"{base}/{name}.json", json.dumps(description))


def parameters_of(inputs):
    """As a task's metadata describe them."""
    types = {"code": "Optional[Integer]"}
    return {name: {"type": types.get(name, "Optional[String]"), "sensitive": name == "secret"} for name in inputs}


def add_bolt(folder, name, language, _, rows):
    base, programs = os.path.join(folder, name), programs_of(rows)
    task = BOLT.replace("MODULE", name).replace("SCRIPT", copy_script(language, f"{base}/files"))
    methods = {row["animal"]: row["method"] for row in rows if "method" in row}
    for animal, inputs in inputs_of(rows).items():
        path = f"{base}/tasks/{animal}.sh"
        if animal in UNSTARTABLE:
            write_unstartable(animal, path)
        else:
            write(path, f"#!/bin/bash\n{programs[animal]}\n" if animal in programs else task, 0o755)
        (timeout_s,) = TIMEOUTS.get(animal, [20])
        write(f"{base}/tasks/{animal}.json", json.dumps({
            "parameters": parameters_of(inputs), "input_method": methods.get(animal, "both"),
            "extensions": {"hocket": {"timeout": timeout_s}}}))


ADD = {"choria": add_choria, "nagios": add_nagios, "bolt": add_bolt}


def add_agent(folder, language, name, variant, rows):
    """An agent of zoo_foreign.py; language: as its rows have it after the contract, `choria_python`."""
    contract, _, script = language.partition("_")
    ADD[contract](folder, name, script, variant, rows)


# ---- activation ------------------------------------------------------------------------------------------------------

# By name: what it does when it is asked whether it wants to serve, and why hocketd says that it does not. Processes that
# stay are called $tag.
ASKED = {
    "hangs": ("trap '' TERM; exec -a $tag sleep 300", "in time"),
    "holds_pipes": ("(exec -a $tag sleep 300) & (exec -a $tag sleep 300) & wait", "in time"),
    "escapes": ("setsid bash -c 'exec -a $0 sleep 300' $tag </dev/null >/dev/null 2>&1 & sleep 0.5; kill -KILL $$",
                "signal 9"),
    "floods": ("yes", "in time"),
    "floods_stderr": ("yes >&2", "in time"),
    "exits": ("echo '{\"activate\":true}' >$2; exit 3", "code 3"),
    "says_nothing": ("", "JSON|parse"),
    "says_text": ("echo yes >$2", "JSON|parse"),
    "says_too_much": ("head -c 2000000 /dev/zero | tr '\\0' ' ' >$2", "."),
    "makes_a_fifo": ("rm $2; mkfifo $2", "JSON|parse"),
    "leaves_one_behind": ("(exec -a $tag sleep 300) </dev/null >/dev/null 2>&1 & echo '{\"activate\":true}' >$2", None),
}


def add_asked(folder, tag):
    """The agents of ASKED in Choria's flat layout; of all of them only those without a reason serve."""
    for name, (program, _) in ASKED.items():
        description = ddl(name, {"run": ({}, {})})
        del description["run"]
        description["metadata"]["provider"] = "external"
        write(f"{folder}/{name}", f"#!/bin/bash\ntag={tag}\n{program}\n", 0o755)
        write(f"{folder}/{name}.json", json.dumps(description))
    return folder
