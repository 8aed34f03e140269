"""spec/schemas/ddl.json is what the reader of core/ddl reads.

    ddl_schema.py PROGRAM     the program ddl_verdicts of this build
"""

import copy
import glob
import json
import pathlib
import re
import subprocess
import sys
import unittest

import jsonschema

PROGRAM = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "spec/schemas/ddl.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

GOOD = {
    "metadata": {"name": "sample", "description": "d", "author": "a", "license": "l", "version": "1", "url": "u",
                 "timeout": 5},
    "run": {},
    "actions": [{
        "action": "act", "description": "d",
        "input": {"x": {"prompt": "p", "description": "d", "type": "string", "maxlength": 5},
                  "n": {"prompt": "p", "description": "d", "type": "integer", "default": 5},
                  "l": {"prompt": "p", "description": "d", "type": "list", "list": ["a", 1, True]}},
        "output": {"o": {"description": "d", "display_as": "O", "type": "integer"}},
        "aggregate": [{"function": "summary", "args": ["o"]}],
    }],
}
SCRIPT = {"run": {"contract": "script", "command": ["sample"]}, "actions/0/output": {}, "actions/0/aggregate": []}
X, N, L, O = "actions/0/input/x", "actions/0/input/n", "actions/0/input/l", "actions/0/output/o"
ABSENT = object()

# What is changed in the good document, where the schema then finds the fault.
BROKEN = [
    ({"metadata": ABSENT}, ""),
    ({"actions": ABSENT}, ""),
    ({"extra": 1}, ""),
    ({"actions": {}}, "actions"),
    ({"actions/0": "act"}, "actions/0"),
    ({"metadata/name": "Sample"}, "metadata/name"),
    ({"metadata/name": "a" * 65}, "metadata/name"),
    ({"metadata/version": 1.0}, "metadata/version"),
    ({"metadata/author": ABSENT}, "metadata"),
    ({"metadata/licence": "l"}, "metadata"),
    ({"metadata/timeout": 0}, "metadata/timeout"),
    ({"metadata/timeout": 2592001}, "metadata/timeout"),
    ({"metadata/timeout": 1.5}, "metadata/timeout"),
    ({"run": []}, "run"),
    ({"run": {"max_parallell": 2}}, "run"),
    ({"run": {"contract": "blot"}}, "run/contract"),
    ({"run": {"max_parallel": 10001}}, "run/max_parallel"),
    ({"run": {"max_output": 4294967297}}, "run/max_output"),
    ({"run": {"grace": 3601}}, "run/grace"),
    ({"run": {"orphans": "keeep"}}, "run/orphans"),
    ({"run": {"send_stderr": "no"}}, "run/send_stderr"),
    ({"run": {"exclusive": "A lock"}}, "run/exclusive"),
    ({"run": {"command": []}}, "run/command"),
    ({"run": {"command": "sample"}}, "run/command"),
    ({"run": {"command": [""]}}, "run/command/0"),
    ({"run": {"command": ["../elsewhere"]}}, "run/command/0"),
    ({"run": {"command": ["a/../../b"]}}, "run/command/0"),
    ({"run": {"command": ["sample", 5]}}, "run/command/1"),
    ({"run": {"standby": 65}}, "run/standby"),
    ({"run": {"contract": "worker", "standby": 1}}, "run/standby"),
    ({"run": {"contract": "worker", "orphans": "kill"}}, "run/orphans"),
    ({"run": {"contract": "worker", "reply": "on_exit"}}, "run/reply"),
    ({"run": {"worker": {}}}, "run/worker"),
    ({"run": {"contract": "worker", "worker": {"processes": 1001}}}, "run/worker/processes"),
    ({"run": {"contract": "worker", "worker": {"memory": 1}}}, "run/worker/memory"),
    ({"run": {"contract": "worker", "worker": {"threads": 1}}}, "run/worker"),
    ({"run": {"result": "text"}}, "run/result"),
    ({"run": {"contract": "json", "exit_codes": {}}}, "run/exit_codes"),
    ({**SCRIPT, "run/reply": "on_exit"}, "run/reply"),
    ({**SCRIPT, "run/worker": {}}, "run/worker"),
    ({**SCRIPT, "run/result": "xml"}, "run/result"),
    ({**SCRIPT, "run/stdin": "yaml"}, "run/stdin"),
    ({**SCRIPT, "run/exit_codes": {"256": "ok"}}, "run/exit_codes"),
    ({**SCRIPT, "run/exit_codes": {"01": "ok"}}, "run/exit_codes"),
    ({**SCRIPT, "run/exit_codes": {"0": "fine"}}, "run/exit_codes/0"),
    ({**SCRIPT, "actions/0/command": []}, "actions/0/command"),
    ({**SCRIPT, "actions/0/exit_codes": {"other": True}}, "actions/0/exit_codes/other"),
    ({"actions/0/command": ["x"]}, "actions/0/command"),
    ({"actions/0/stdin": "json"}, "actions/0/stdin"),
    ({"actions/0/action": "Act"}, "actions/0/action"),
    ({"actions/0/description": ABSENT}, "actions/0"),
    ({"actions/0/display": "never"}, "actions/0/display"),
    ({"actions/0/safety": "safe"}, "actions/0/safety"),
    ({"actions/0/noop": "yes"}, "actions/0/noop"),
    ({"actions/0/idempotent": 1}, "actions/0/idempotent"),
    ({"actions/0/timeout": -1}, "actions/0/timeout"),
    ({"actions/0/input": []}, "actions/0/input"),
    ({"actions/0/input/a b": {"prompt": "p", "description": "d", "type": "boolean"}}, "actions/0/input"),
    ({X: 5}, X),
    ({X + "/prompt": ABSENT}, X),
    ({X + "/type": ABSENT}, X),
    ({X + "/type": "strng"}, X + "/type"),
    ({X + "/maxlength": -1}, X + "/maxlength"),
    ({X + "/maxlength": 2147483648}, X + "/maxlength"),
    ({X + "/validation": 5}, X + "/validation"),
    ({X + "/default": 5}, X + "/default"),
    ({X + "/sensitive": True, X + "/default": "s"}, X + "/default"),
    ({X + "/optional": "no"}, X + "/optional"),
    ({X + "/min": 5}, X),
    ({N + "/default": 9223372036854775808}, N + "/default"),
    ({N + "/default": 1.5}, N + "/default"),
    ({N + "/default": True}, N + "/default"),
    ({L + "/list": ABSENT}, L),
    ({L + "/list": []}, L + "/list"),
    ({L + "/list": ["a", ["b"]]}, L + "/list/1"),
    ({L + "/list": ["a", None]}, L + "/list/1"),
    ({O + "/type": "list"}, O + "/type"),
    ({O + "/display_as": ABSENT}, O),
    ({O + "/default": "much"}, O + "/default"),
    ({O + "/prompt": "p"}, O),
    ({"actions/0/aggregate/0/args": ABSENT}, "actions/0/aggregate/0"),
    ({"actions/0/aggregate/0/args": []}, "actions/0/aggregate/0/args"),
    ({"actions/0/aggregate/0/args": [5]}, "actions/0/aggregate/0/args/0"),
    ({"actions/0/aggregate/0/format": "%s"}, "actions/0/aggregate/0"),
    ({"kind": "data", "run": ABSENT, "output": {}}, "actions"),
    ({"ttl": 5}, "ttl"),
    ({"allow": "everybody"}, "allow"),
    ({"kind": "data", "actions": ABSENT, "output": {}, "allow": "by_name"}, "allow"),
    ({"kind": "data", "actions": ABSENT, "output": {}, "ttl": 86401}, "ttl"),
    ({"kind": "data", "actions": ABSENT, "output": {}, "run": {"contract": "bolt"}}, "run/contract"),
    ({"kind": "discovery", "actions": ABSENT, "capabilities": ["facts"], "run": {}}, "run"),
    ({"kind": "data", "run": ABSENT, "actions": ABSENT}, ""),
    ({"kind": "data", "run": ABSENT, "actions": ABSENT, "output": None}, "output"),
    ({"kind": "data", "run": ABSENT, "actions": ABSENT, "output": {}, "metadata/timeout": 0}, "metadata/timeout"),
    ({"allow": None}, "allow"),
    ({"alow": "by_name"}, ""),
    ({"kind": "discovery", "run": ABSENT, "actions": ABSENT}, ""),
    ({"run": ABSENT, "actions": ABSENT, "query": {"prompt": "p", "description": "d", "type": "boolean"}}, ""),
    ({"query": {}}, "query"),
    ({"capabilities": ["facts"]}, "capabilities"),
    ({"validators": {"v": {"allowed": "a", "patern": "x"}}}, "validators/v"),
    ({"validators": {"v": {"description": "d"}}}, "validators/v"),
    ({"validators": {"v": {"separator": ","}}}, "validators/v"),
    ({"validators": {"v": {"max_length": 1048577}}}, "validators/v/max_length"),
    ({"validators": {"V": {"allowed": "a"}}}, "validators"),
]

# What the reader only warns of.
TOLERATED = [
    ({N + "/maxlength": 5}, N + "/maxlength"),
    ({N + "/validation": "x"}, N + "/validation"),
    ({X + "/list": ["a"]}, X + "/list"),
    ({"metadata/timeout": "5"}, "metadata/timeout"),
    ({N + "/default": "5"}, N + "/default"),
]

GOOD_EDITS = [
    {},
    SCRIPT,
    {"run": None},
    {"actions/0/input": None, "actions/0/output": None, "actions/0/aggregate": None},
    {"run": {"contract": "worker", "worker": {"processes": 4, "fork": True}}},
    {**SCRIPT, "run/exit_codes": {"0": "ok", "255": "changed", "other": "unchanged"}, "run/stdin": "{x}"},
    {**SCRIPT, "actions/0/command": ["other", "{x}"], "actions/0/result": "lines"},
    {X + "/validation": "fqdn", X + "/default": "a", X + "/optional": True},
    {X + "/type": "Hash", X + "/maxlength": ABSENT},
    {N + "/default": 3.0},
    {O + "/default": 0, O + "/sensitive": False},
    {"$schema": "https://hocket.io/schemas/ddl.v1.json"},
]

OTHER_KINDS = [
    {"kind": "data", "metadata": GOOD["metadata"], "query": {"prompt": "p", "description": "d", "type": "boolean"},
     "output": {"o": {"description": "d", "display_as": "O"}}},
    {"metadata": GOOD["metadata"], "output": {}},
    {"metadata": GOOD["metadata"], "output": {}, "run": {"contract": "script", "command": ["cat", "{query}"]}, "ttl": 86400,
     "query": {"prompt": "p", "description": "d", "type": "integer"}},
    {"kind": "data", "metadata": GOOD["metadata"], "run": {"contract": "nagios", "command": ["check_load"]}},
    {**GOOD, "allow": "by_name"},
    {"kind": "discovery", "metadata": {**GOOD["metadata"], "timeout": 0}, "capabilities": ["facts", "identity"]},
    {"kind": "validator", "metadata": GOOD["metadata"]},
    {**GOOD, "kind": "agent", "$allow": ["no_maxlength"],
     "validators": {"port": {"description": "a port", "allowed": "0-9", "min_length": 1, "max_length": 5},
                    "ports": {"separator": ",", "item": "port", "max_items": 9}}},
]


def edited(edits):
    document = copy.deepcopy(GOOD)
    for path, value in edits.items():
        *parents, last = path.split("/")
        place = document
        for step in parents:
            place = place[int(step) if isinstance(place, list) else step]
        last = int(last) if isinstance(place, list) else last
        if value is ABSENT:
            del place[last]
        else:
            place[last] = copy.deepcopy(value)
    return document


def leaves(errors):
    """The errors without those that only gather others."""
    for error in errors:
        if error.validator in ("allOf", "anyOf") and error.context:
            yield from leaves(error.context)
        else:
            yield error


def faults(document):
    return sorted({"/".join(str(step) for step in error.absolute_path)
                   for error in leaves(VALIDATOR.iter_errors(document))})


def verdicts(documents=(), files=()):
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    run = subprocess.run([PROGRAM, *files], input=lines, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return [json.loads(line) for line in run.stdout.split("\n") if line]


def property_names(schema):
    if isinstance(schema, list):
        return set().union(*map(property_names, schema))
    if not isinstance(schema, dict):
        return set()
    names = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return names.union(*map(property_names, schema.values()))


def sources(pattern):
    return "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "core/ddl").glob(pattern)))


class DdlSchemaTest(unittest.TestCase):
    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_every_clean_sample_fits(self):
        patterns = ("agents-examples/**/*.yaml", "tests/zoo/agents/*/*.yaml", "bench/agents/*/*.yaml",
                    "tests/golden/**/*.yaml")
        files = [name for pattern in patterns for name in sorted(glob.glob(f"{ROOT}/{pattern}", recursive=True))]
        clean = [(name, verdict) for name, verdict in zip(files, verdicts(files=files)) if verdict["clean"]]
        for name, verdict in clean:
            self.assertEqual(faults(verdict["document"]), [], name)
        self.assertLessEqual({name for name in files if "/agents" in name}, {name for name, _ in clean})
        self.assertGreater(len(clean), 25)

    def test_good_documents_fit(self):
        documents = [edited(edits) for edits in GOOD_EDITS]
        for document, verdict in zip(documents, verdicts(documents)):
            self.assertEqual(faults(document), [], document)
            self.assertTrue(verdict["accepted"], document)

    def test_other_kinds_fit(self):
        for document in OTHER_KINDS:
            self.assertEqual(faults(document), [], document)

    def test_broken_documents_fail_where_they_are_broken(self):
        documents = [edited(edits) for edits, _ in BROKEN]
        for (edits, place), document, verdict in zip(BROKEN, documents, verdicts(documents)):
            self.assertEqual(faults(document), [place], edits)
            self.assertFalse(verdict["accepted"], edits)

    def test_what_is_allowed_are_warnings(self):
        self.assertEqual(faults(edited({"$allow": ["nothing"]})), ["$allow/0"])  # hocketc warns of it

    def test_what_the_reader_warns_of_fails(self):
        documents = [edited(edits) for edits, _ in TOLERATED]
        for (edits, place), document, verdict in zip(TOLERATED, documents, verdicts(documents)):
            self.assertEqual(faults(document), [place], edits)
            self.assertEqual((verdict["accepted"], verdict["clean"]), (True, False), edits)

    def test_every_key_of_the_reader_is_in_the_schema(self):
        calls = r'\b(?:find(?:_object|_array)?|text|flag|integer|choice|require(?:d_text|d_name)?)\(\s*"([^"]+)"'
        keys = set(re.findall(calls, sources("*reader*.cpp")))
        self.assertGreater(len(keys), 40)
        self.assertEqual(keys - property_names(SCHEMA), set())

    def test_every_key_of_the_schema_is_read(self):
        read = set(re.findall(r'"([^"\\\n]+)"', sources("*.cpp")))
        self.assertEqual(property_names(SCHEMA) - read, set())

    def test_words_are_those_of_the_headers(self):
        definitions = SCHEMA["$defs"]
        run, action = definitions["run"]["properties"], definitions["action"]["properties"]
        places = {
            "kind": SCHEMA["properties"]["kind"], "capability": SCHEMA["properties"]["capabilities"]["items"],
            "type": definitions["input"]["properties"]["type"]["anyOf"][0], "display": action["display"],
            "safety": action["safety"], "allow": SCHEMA["properties"]["allow"], "contract": run["contract"], "orphans": run["orphans"], "reply": run["reply"],
            "result": definitions["result"], "exit": definitions["exit_codes"]["additionalProperties"],
            "warning": definitions["warning"], "input_method": action["input_method"],
        }
        arrays = re.findall(r"k_(\w+)_words = \{([^}]*)\}", sources("words.h") + sources("warning.h"))
        self.assertEqual({name for name, _ in arrays}, set(places))
        for name, words in arrays:
            self.assertEqual(re.findall(r'"(\w+)"', words), places[name]["enum"], name)

    def test_validators_have_names(self):
        known = re.findall(r'\{Validator::\w+, (?:std::string_view\()?"(\w+)"', sources("*valid*.h"))
        self.assertGreater(len(known), 4)
        names = SCHEMA["$defs"]["input"]["properties"]["validation"]["anyOf"][0]["enum"]
        self.assertEqual(set(known) - set(names), set())


if __name__ == "__main__":
    unittest.main()
