#!/usr/bin/python3
"""What hocketc begins: skeletons and new agents in every language, unmodified, as agents of one node.

    tests/system/skeleton_test.py [-k PATTERN]

The languages must be there: a test of one that is missing fails.
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from fleet import BUILD, EXAMPLES, HERE, HOCKET_JSON, Fleet, FleetTest, write

NODE = "web.example"
HOCKETC = os.path.join(BUILD, "ddl-compiler", "hocketc")
HOCKET_AGENT = os.path.join(BUILD, "runner", "workbench", "hocket-agent")
SEARCH_PATH = f"/usr/local/bin:/usr/bin:/bin:{os.path.dirname(HOCKET_JSON)}"
SAMPLES = os.path.join(HERE, "..", "golden", "back_ends")
DESCRIPTIONS = {
    "sample": os.path.join(SAMPLES, "skeleton_sample.yaml"),
    "hostile": os.path.join(SAMPLES, "skeleton_hostile.yaml"),
    "package": os.path.join(EXAMPLES, "bash", "package", "package.yaml"),
    "webcheck": os.path.join(EXAMPLES, "php", "webcheck", "webcheck.yaml"),
    "disk": os.path.join(EXAMPLES, "python", "disk", "disk.yaml"),
}
# How each language looks at a program without running it. What it says there is a fault.
LOOK = {
    "bash": ["shellcheck", "-S", "warning"],
    "php": ["/usr/bin/php", "-l"],
    "python": ["/usr/bin/python3", "-I", "-W", "error", "-c", "import ast, pathlib, sys; ast.parse(pathlib.Path(sys.argv[1]).read_bytes())"],
    "perl": ["/usr/bin/perl", "-wc"],
    "ruby": ["/usr/bin/ruby", "-wc"],
    "node": ["/usr/bin/node", "--check"],
    "go": ["gofmt", "-l", "-d"],
}
SAYS_NOTHING_WRONG = re.compile(r"\s*(No syntax errors detected in .*|Syntax OK|.* syntax OK)?\s*")
PLAIN = {"string": "", "integer": 0, "float": 0.0, "number": 0, "boolean": False, "array": [], "hash": {}}
HOSTILE_TEXT = "-a 'b' \"c\" \\ $(exit 1) #{exit} ${x} */ ?> \u00e9\n"
TEXTS = ("web", "/tmp", "http://127.0.0.1:1/", "1.0", HOSTILE_TEXT)
VALUES = {"integer": "3", "float": "0.5", "number": "2.5", "boolean": "true", "array": '["a", 1]', "hash": '{"a": {"b": null}}'}


def run(*words, **how):
    """What a program has said. AssertionError unless it ended with 0."""
    ended = subprocess.run(words, capture_output=True, text=True, check=False, **how)
    if ended.returncode != 0:
        raise AssertionError(f"{words}: exit {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def description(path):
    """A DDL with all that its canonical form has."""
    ddl = json.loads(run(HOCKETC, "compile", path, "--emit", "json"))
    return {**ddl, "run": {"contract": "json", **ddl.get("run", {})}}


def all_descriptions():
    """Besides the files: the sample on standby, where a process is told nothing but its request."""
    ddls = {name: description(path) for name, path in DESCRIPTIONS.items()}
    sample = ddls["sample"]
    return {**ddls, "ahead": {**sample, "run": {**sample["run"], "standby": 1}}}


def text_for(field):
    """Any valid value, as on a command line."""
    if field["type"] == "list":
        value = field["list"][-1]
        return value if isinstance(value, str) else json.dumps(value)
    if field["type"] != "string":
        return VALUES[field["type"]]
    pattern = field.get("validation", "").replace(r"\z", r"\Z")
    return next(text for text in TEXTS if re.search(pattern, text) and len(text) <= field["maxlength"])


def expected(action):
    """The outputs of a skeleton."""
    return {name: field.get("default", PLAIN[field.get("type", "string")]) for name, field in action["output"].items()}


def same(one, other):
    """Equal, and of the same type; 0 is 0.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


class Toolchain:
    """Where go builds, offline and without a trace."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="hocket-go-")
        self.environment = {**os.environ, "GOCACHE": os.path.join(self.folder, "cache"), "HOME": self.folder,
                            "GOPATH": os.path.join(self.folder, "path"), "GOPROXY": "off", "GOTOOLCHAIN": "local",
                            "GOFLAGS": "", "CGO_ENABLED": "0"}

    def build(self, folder):
        run("go", "build", "-o", os.path.basename(folder), "main.go", cwd=folder, env=self.environment)

    def close(self):
        shutil.rmtree(self.folder)


class Agents:
    """The agents of a language: `NAME_LANGUAGE` for each description, with its DDL as a dictionary."""

    def __init__(self, folder, language, toolchain, ddls):
        self.folder, self.language, self.toolchain = folder, language, toolchain
        self.ddls, self.programs = {}, {}
        for name, ddl in ddls.items():
            self._add_skeleton(f"{name}_{language}", ddl)
        self._add_new(f"new_{language}")

    def _add_skeleton(self, name, ddl):
        ddl = {**ddl, "metadata": {**ddl["metadata"], "name": name}}
        file = write(os.path.join(self.folder, name, f"{name}.json"), json.dumps(ddl))
        program = run(HOCKETC, "compile", file, "--emit", "skeleton", "--lang", self.language)
        is_source = self.language == "go"
        self._add(name, ddl, write(os.path.join(self.folder, name, "main.go" if is_source else name), program, 0o755))

    def _add_new(self, name):
        run(HOCKETC, "new", name, "--lang", self.language, "-o", self.folder)
        folder = os.path.join(self.folder, name)
        program = os.path.join(folder, "main.go" if self.language == "go" else name)
        self._add(name, description(os.path.join(folder, f"{name}.yaml")), program)

    def _add(self, name, ddl, program):
        self.ddls[name], self.programs[name] = ddl, program
        if self.language == "go":
            self.toolchain.build(os.path.join(self.folder, name))

    def calls(self):
        """Every action, with all inputs, with noop as well, and with those inputs alone that it must have."""
        secret = write(os.path.join(self.folder, "..", "secret"), "hunter2")
        for name, ddl in self.ddls.items():
            for action in ddl["actions"]:
                fields = action["input"].items()
                whole = [f"{key}=@{secret}" if field.get("sensitive") else f"{key}={text_for(field)}" for key, field in fields]
                least = [f"{key}={text_for(field)}" for key, field in fields if not field["optional"]]
                yield name, action, whole, ()
                if least != whole:
                    yield name, action, least, ()
                if action.get("noop"):
                    yield name, action, whole, ("--noop",)


class Skeletons(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        folder = os.path.join(fleet.folder, "agents")
        os.mkdir(folder, 0o755)
        toolchain = Toolchain()
        cls.addClassCleanup(toolchain.close)
        ddls = all_descriptions()
        cls.agents = {language: Agents(folder, language, toolchain, ddls) for language in LOOK}
        fleet.add_node(NODE, [folder], exec={"search_path": SEARCH_PATH})
        return fleet

    def check(self, call):
        """What is wrong with an answer; nothing when all is well."""
        name, action, inputs, options = call
        answer = self.fleet.ops.rpc(name, action["action"], *inputs, nodes=[NODE], options=[*options, "--yes"])
        if answer.code != 0 or answer.reply["outcome"] != "ok":
            return f"{answer}"
        reply = answer.reply
        said = "noop: nothing would be changed" if options else "OK"
        if not same(reply["data"], expected(action)) or (reply["changed"], reply["statusmsg"]) != (False, said):
            return f"expected {expected(action)} and {said}, got {answer}"
        return ""

    def check_language(self, language):
        calls = list(self.agents[language].calls())
        self.assertGreater(len(calls), 40)
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            self.assertEqual([wrong for wrong in threads.map(self.check, calls) if wrong], [])


def add_tests_of(language):
    """The tests of a language, each with its name."""

    def answers_everything(self):
        self.check_language(language)

    def has_no_faults(self):
        for program in self.agents[language].programs.values():
            words = [*LOOK[language], program]
            ended = subprocess.run(words, capture_output=True, text=True, check=False)
            self.assertEqual(ended.returncode, 0, ended)
            self.assertRegex(ended.stdout + ended.stderr, rf"\A{SAYS_NOTHING_WRONG.pattern}\Z", words)

    def by_hand(self, request, **environment):
        """Runs the sample without a node."""
        program = os.path.join(self.agents[language].folder, f"sample_{language}", f"sample_{language}")
        return subprocess.run([program], input=request, capture_output=True, text=True, check=False,
                              env={"PATH": SEARCH_PATH, **environment})

    def refuses_what_it_does_not_know(self):
        ended = by_hand(self, '{"action":"shutdown","inputs":{}}\n')
        self.assertEqual((ended.returncode, ended.stderr), (0 if language != "bash" else 1, ""), ended)
        error = {"kind": f"sample_{language}/unknown_action", "message": "unknown action 'shutdown'"}
        self.assertEqual({key: value for key, value in json.loads(ended.stdout).items() if key in ("statuscode", "error")},
                         {"statuscode": 2, "error": error})

    def replies_on_standard_output_by_hand(self):
        ended = by_hand(self, '{"action":"print","inputs":{"class":"a","end":1},"noop":true}\n')
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)
        self.assertEqual(json.loads(ended.stdout)["statusmsg"], "noop: nothing would be changed")

    def takes_nothing_for_no_request(self):
        ended = by_hand(self, "")
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (1, "", "no request on standard input\n"))

    def is_approved(self, name):
        """hocket-agent has only good things to say, and notes."""
        folder = os.path.join(self.agents[language].folder, f"{name}_{language}")
        said = json.loads(run(HOCKET_AGENT, "check", folder, "--search-path", SEARCH_PATH, "--json"))
        self.assertTrue(said["good"], said)
        self.assertLessEqual({each["level"] for each in said["findings"]}, {"ok", "note"}, said)
        return [each["text"] for each in said["findings"]]

    def new_one_is_approved(self):
        texts = is_approved(self, "new")
        self.assertTrue(any(text.startswith("status answered ok") for text in texts), texts)
        self.assertFalse(any("replies on standard output" in text for text in texts), texts)

    def can_be_on_standby(self):
        texts = is_approved(self, "ahead")
        self.assertTrue(any(text.startswith("it reads its request") for text in texts), texts)

    for test in (answers_everything, has_no_faults, refuses_what_it_does_not_know, replies_on_standard_output_by_hand,
                 takes_nothing_for_no_request, new_one_is_approved, can_be_on_standby):
        setattr(Skeletons, f"test_{language}_{test.__name__}", test)


for each in LOOK:
    add_tests_of(each)


class InputsOfBash(unittest.TestCase):
    """A command substitution would drop what an input ends with."""

    DDL = """
metadata: {name: mirror, description: d, author: a, license: l, version: "1.0.0", url: u, timeout: 5}
run: {contract: json}
actions:
  - action: show
    description: d
    input: {text: {prompt: p, description: d, type: string, maxlength: 100}}
    output: {text: {description: d, display_as: T, type: string}}
"""

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="hocket-mirror-")
        self.addCleanup(shutil.rmtree, folder)
        ddl = write(os.path.join(folder, "mirror.yaml"), self.DDL, 0o644)
        program = run(HOCKETC, "compile", ddl, "--emit", "skeleton", "--lang", "bash")
        with_work = program.replace("    # The work goes here.", '    outputs=(text="$text") #')
        self.assertNotEqual(with_work, program)
        self.program = write(os.path.join(folder, "mirror"), with_work, 0o755)

    def shown(self, text, **environment):
        request = json.dumps({"action": "show", "inputs": {"text": text}})
        return json.loads(subprocess.run([self.program], input=request, capture_output=True, text=True, check=False,
                                         env={"PATH": SEARCH_PATH, **environment}).stdout)

    def test_keep_each_character(self):
        for text in ("", "a\n\n", " a ", "-n", "x", r"[^\u0000-\u001f] \\u0000", HOSTILE_TEXT):
            self.assertEqual(self.shown(text)["data"]["text"], text)
            self.assertEqual(self.shown("", HOCKET_INPUT_TEXT=text)["data"]["text"], text)

    def test_with_a_nul_are_refused(self):
        self.assertEqual(self.shown("a\0b")["error"]["kind"], "mirror/unreadable_input")

if __name__ == "__main__":
    unittest.main()
