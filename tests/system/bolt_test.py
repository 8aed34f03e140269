#!/usr/bin/python3
"""Tasks of Puppet Bolt as they are: a folder of modules, served by hocketd.

    tests/system/bolt_test.py [-k PATTERN]

The tasks are written anew in the shapes in which others write them: bash by variables, Python by standard input, one that needs a
file of another module, one without metadata, and one that reports all that it finds.
"""

import json
import os
import subprocess
import unittest

from fleet import BUILD, Fleet, FleetTest, as_user, write
from processes import wait_until
from small_agents import PYTHON

NODE = "web1.example"
IS_ROOT = os.geteuid() == 0
HOCKETC = os.path.join(BUILD, "ddl-compiler", "hocketc")

PACKAGE_SH = """#!/bin/bash
# By variables, as in many modules.
if [[ $PT_action == fail ]]; then
    echo "cannot do that" >&2
    exit 4
fi
printf '{ "status": "%s %s", "version": "%s", "noop": "%s" }\\n' "$PT_action" "$PT_name" "${PT_version:-none}" "${PT__noop:-}"
"""
PACKAGE = {
    "description": "Manages and inspects the state of packages", "supports_noop": True, "input_method": "environment",
    "parameters": {
        "action": {"description": "What to do", "type": "Enum[install, status, fail]"},
        "name": {"description": "The package", "type": "String[1]"},
        "version": {"description": "Which", "type": "Optional[Pattern[/^[0-9.]+$/]]"},
    },
}
# By standard input, with errors as Bolt wants them.
FACTS_PY = PYTHON + """import json, sys
parameters = json.load(sys.stdin)
what = parameters["what"]
if what == "error":
    print(json.dumps({"_error": {"kind": "facts/broken", "msg": "it is broken", "details": {"why": 5}}, "part": 1}))
elif what == "exit":
    print(json.dumps({"_output": "half", "part": 1}))
    sys.exit(3)
elif what == "text":
    print("just text")
elif what == "items":
    print(json.dumps({"_items": [1, 2]}))
elif what == "secret":
    print(json.dumps({"_sensitive": {"password": "hunter2"}, "user": "ana"}))
elif what == "bytes":
    sys.stdout.buffer.write(b"\\xff\\xfe")
elif what == "array":
    print("[1, 2]")
else:
    print(json.dumps({"uptime": 41, "given": parameters}))
"""
FACTS = {
    "puppet_task_version": 1, "input_method": "stdin",
    "parameters": {
        "what": {"type": "String"}, "limits": {"type": "Array[Integer[0, 9], 1, 3]", "default": [5]},
        "options": {"type": "Optional[Struct[{mode => Enum[a, b], Optional[depth] => Integer}]]"},
        "anything": {}, "token": {"type": "Optional[String[8]]", "sensitive": True},
    },
    "extensions": {"hocket": {
        "timeout": 20, "safety": "read_only", "aggregate": [{"function": "max", "args": ["uptime"]}],
        "output": {"uptime": {"description": "Seconds", "display_as": "Uptime", "type": "integer"}}}},
}
# The shape of ruby_task_helper and the like: a file of another module, found by _installdir.
HELPED_PY = PYTHON + """import json, os, sys
parameters = json.load(sys.stdin)
sys.path.append(os.path.join(parameters["_installdir"], "helper", "files"))
import helper
print(json.dumps({"said": helper.say(parameters["_task"])}))
"""
WITNESS = PYTHON + """import json, os, sys
print(json.dumps({"argv": sys.argv, "stdin": sys.stdin.read(), "cwd": os.getcwd(), "user": os.getuid(),
                  "variables": {name: value for name, value in os.environ.items() if name.startswith("PT_")},
                  "descriptors": sorted(os.listdir("/proc/self/fd"))[:3]}))
"""


class Bolt(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.modules = os.path.join(fleet.folder, "modules")
        cls.add("package", "init.sh", PACKAGE_SH, PACKAGE)
        cls.add("facts", "init.py", FACTS_PY, FACTS)
        cls.add("facts", "plain.sh", "#!/bin/sh\necho plain \"$#\" \"$(cat)\"\n")
        cls.add("facts", "no_bit.sh", "#!/bin/sh\necho by its interpreter\n", mode=0o644)
        cls.add("facts", "hidden.sh", "#!/bin/sh\necho found\n", {"private": True, "parameters": {}})
        cls.add("facts", "chosen_shell.sh", "#!/bin/sh\necho chosen\n", {"private": True, "parameters": {}})
        cls.add("facts", "many.json", "", {"parameters": {}, "implementations": [
            {"name": "many.ps1", "requirements": ["powershell"]}, {"name": "chosen_shell.sh", "requirements": ["shell"]}]})
        cls.add("facts", "proxied.sh", "#!/bin/sh\n", {"remote": True, "parameters": {}})
        cls.add("witness", "init.py", WITNESS, {"parameters": {
            "text": {"type": "String"}, "list": {"type": "Array"}, "secret": {"type": "String", "sensitive": True}}})
        cls.add("lenient", "init.sh", "#!/bin/sh\necho \"$PT_one $PT_two\"\n")
        cls.add("helped", "run.py", HELPED_PY, {"files": ["helper/files/helper.py"], "parameters": {}})
        cls.add("slow", "init.sh", "#!/bin/sh\nsleep 60 & sleep 60\n", {"extensions": {"hocket": {"timeout": 1}}})
        write(os.path.join(cls.modules, "helper", "files", "helper.py"), "def say(text):\n    return f'helped {text}'\n")
        write(os.path.join(cls.modules, "package", "metadata.json"), json.dumps({"version": "1.2.3", "author": "somebody"}))
        fleet.add_node(NODE, [cls.modules], **(as_user("witness") if IS_ROOT else {}),
                       **{"agents.lenient": {"any_parameters": True}})
        return fleet

    @classmethod
    def add(cls, module, name, program, metadata=None, mode=0o755):
        tasks = os.path.join(cls.modules, module, "tasks")
        os.makedirs(tasks, exist_ok=True)
        if program:
            write(os.path.join(tasks, name), program, mode)
        if metadata is not None:
            write(os.path.join(tasks, os.path.splitext(name)[0] + ".json"), json.dumps(metadata))

    def call(self, agent, action, *inputs, options=()):
        return self.fleet.ops.rpc(agent, action, *inputs, nodes=[NODE], options=options)

    def ok(self, agent, action, *inputs, options=()):
        answer = self.call(agent, action, *inputs, options=options)
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        return answer.data

    def secret(self, name, value):
        """A sensitive input is no word of a command line."""
        return f"{name}=@" + write(os.path.join(self.fleet.folder, "secret"), value)

    def assert_failed(self, answer, kind, message):
        reply = answer.reply
        self.assertEqual((reply["outcome"], reply["error"]["kind"]), ("failed", kind), answer)
        self.assertRegex(reply["statusmsg"], message)
        return answer

    # ---- the ways in

    def test_a_task_by_variables(self):
        self.assertEqual(self.ok("package", "init", "action=install", "name=a b; $(id)"),
                         {"result": {"status": "install a b; $(id)", "version": "none", "noop": ""}})
        self.assertEqual(self.ok("package", "init", "action=status", "name=x", "version=1.2", options=["--noop"])["result"],
                         {"status": "status x", "version": "1.2", "noop": "true"})

    def test_a_task_by_standard_input(self):
        data = self.ok("facts", "init", "what=all", 'options={"mode": "a"}', "anything=[1]", self.secret("token", "longenough"))
        self.assertEqual(data["uptime"], 41)
        given = data["result"]["given"]
        self.assertEqual(given.pop("_installdir"), self.modules)
        self.assertEqual(given, {"what": "all", "limits": [5], "options": {"mode": "a"}, "anything": [1],
                                 "token": "longenough", "_task": "facts"})

    def test_what_a_task_finds(self):
        seen = self.ok("witness", "init", "text=hi", "list=[1, \"a\"]", self.secret("secret", "hunter22"))["result"]
        given = json.loads(seen["stdin"])
        self.assertEqual(given, {"text": "hi", "list": [1, "a"], "secret": "hunter22", "_task": "witness",
                                 "_installdir": self.modules})
        self.assertEqual(seen["variables"], {"PT_text": "hi", "PT_list": '[1,"a"]', "PT__task": "witness",
                                             "PT__installdir": self.modules})
        self.assertEqual(seen["argv"], [os.path.join(self.modules, "witness", "tasks", "init.py")])
        self.assertEqual(seen["descriptors"], ["0", "1", "2"])
        self.assertEqual(seen["user"], 65534 if IS_ROOT else os.getuid())
        self.assertNotIn("hunter22", self.fleet.nodes[NODE].log())

    def test_a_file_of_another_module_is_found(self):
        self.assertEqual(self.ok("helped", "run")["result"], {"said": "helped helped::run"})

    def test_without_the_execute_bit_its_interpreter_runs_it(self):
        self.assertEqual(self.ok("facts", "no_bit"), {"_output": "by its interpreter\n"})

    def test_an_implementation_for_this_machine_is_chosen(self):
        self.assertEqual(self.ok("facts", "many"), {"_output": "chosen\n"})

    # ---- parameters

    def test_types_are_checked_by_client_and_node(self):
        for inputs in (["action=destroy", "name=x"], ["action=install", "name="], ["action=install"],
                       ["action=install", "name=x", "version=1.2;"], ["action=install", "name=x", "more=1"]):
            self.assertEqual(self.call("package", "init", *inputs).code, 65, inputs)
        for inputs in (["what=a", "limits=[]"], ["what=a", "limits=[10]"], ["what=a", "options={}"],
                       ["what=a", self.secret("token", "short")]):
            self.assertEqual(self.call("facts", "init", *inputs).code, 65, inputs)

    def test_without_metadata_no_parameters_unless_the_node_says_so(self):
        self.assertEqual(self.call("facts", "plain", "x=1").code, 65)
        self.assertRegex(self.ok("facts", "plain")["_output"], r'^plain 0 \{"_installdir":"[^"]+","_task":"facts::plain"\}\n$')
        self.assertEqual(self.ok("lenient", "init", "one=1", "two=b c"), {"_output": "1 b c\n"})

    # ---- results

    def test_text_and_items_are_outputs(self):
        self.assertEqual(self.ok("facts", "init", "what=text"), {"_output": "just text\n"})
        self.assertEqual(self.ok("facts", "init", "what=array"), {"_output": "[1, 2]\n"})
        self.assertEqual(self.ok("facts", "init", "what=items"), {"_items": [1, 2]})

    def test_an_error_is_a_failure_whatever_the_exit_code_is(self):
        answer = self.assert_failed(self.call("facts", "init", "what=error"), "facts/broken", "^it is broken$")
        self.assertEqual((answer.reply["error"]["details"], answer.data), ({"why": 5}, {"result": {"part": 1}}))

    def test_an_exit_code_is_a_failure_with_bolts_words(self):
        answer = self.assert_failed(self.call("facts", "init", "what=exit"), "puppetlabs.tasks/task-error",
                                    "^The task errored with a code 3$")
        self.assertEqual((answer.reply["error"]["details"], answer.data["_output"]), ({"exitcode": 3}, "half"))
        answer = self.call("package", "init", "action=fail", "name=x")
        self.assertIn("no stdout, but stderr contained:\ncannot do that", answer.reply["error"]["message"])

    def test_what_a_task_calls_sensitive_is_hidden(self):
        said = self.fleet.ops.run("rpc", "facts", "init", "what=secret", "-I", NODE)
        self.assertNotIn("hunter2", said.out + said.err)
        self.assertIn("ana", said.out)

    def test_output_that_is_no_utf8_is_refused(self):
        self.assertEqual(self.call("facts", "init", "what=bytes").reply["outcome"], "bad_reply")

    def test_a_timeout_ends_the_tree(self):
        self.assertEqual(self.call("slow", "init").reply["outcome"], "timeout")
        self.assertEqual(self.fleet.nodes[NODE].children(), [])

    # ---- descriptions

    def test_clients_show_what_is_for_people(self):
        listed = self.fleet.ops.run("agents", "describe", "facts").out
        self.assertIn("no_bit", listed)
        self.assertNotIn("hidden", listed)
        self.assertNotIn("proxied", listed)
        self.assertEqual(self.ok("facts", "hidden"), {"_output": "found\n"})
        self.assertIn("the task 'proxied' is left out", self.fleet.nodes[NODE].log())

    def test_a_task_that_comes_is_an_action(self):
        self.add("facts", "late.sh", "#!/bin/sh\necho late\n")
        wait_until(lambda: self.call("facts", "late").code == 0, 15, "it is not served")

    def test_hocketc_reads_its_metadata(self):
        tasks = os.path.join(self.modules, "package", "tasks")
        ended = subprocess.run([HOCKETC, "compile", os.path.join(tasks, "init.json"), "--emit", "yaml"],
                               capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended)
        self.assertIn("contract: bolt", ended.stdout)
        self.assertIn("version: '1.2.3'", ended.stdout.replace('"', "'"))
        every = subprocess.run([HOCKETC, "check", "--recursive", self.modules], capture_output=True, text=True)
        self.assertIn("it runs on a proxy", every.stderr)
        self.assertEqual(every.stderr.count(" error: "), 1, every.stderr)
        again = write(os.path.join(self.fleet.folder, "compiled", "package", "package.yaml"), ended.stdout)
        self.assertEqual(subprocess.run([HOCKETC, "check", "--strict", again], capture_output=True, text=True).returncode, 0)


if __name__ == "__main__":
    unittest.main()
