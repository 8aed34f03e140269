"""The DDLs beside the agents: complete, consistent, and about agents that are there."""

import glob
import os
import re
import unittest

import ddl
from harness import ROOT

TYPES = {"string", "integer", "float", "number", "boolean", "list", "array", "hash"}
RUN_KEYS = {"command", "contract", "max_parallel", "max_output", "grace", "orphans", "reply", "send_stderr"}
SCRIPT_KEYS = {"command", "stdin", "result", "pattern", "exit_codes"}
NAMED = {"shellsafe", "ipv4address", "ipv6address", "ipaddress", "fqdn"}


def agents():
    return sorted(glob.glob(f"{ROOT}/*/*/*.yaml") + glob.glob(f"{ROOT}/*/ported/*/*.yaml") +
                  glob.glob(f"{ROOT}/*/optional/*/*.yaml"))


def executables(path, description):
    """Of an agent; a script's are named in its DDL."""
    folder = os.path.dirname(path)
    if description["run"]["contract"] != "script":
        return [path[:-len(".yaml")]]
    commands = [each["command"] for each in (description["run"], *description["actions"]) if "command" in each]
    return [os.path.join(folder, command[0]) for command in commands]


def readme(path):
    """Beside the DDL; ported agents share one."""
    folder = os.path.dirname(path)
    return os.path.join(os.path.dirname(folder) if "/ported/" in path else folder, "README.md")


class DdlTest(unittest.TestCase):
    def each(self):
        for path in agents():
            yield path, ddl.read(path)

    def actions(self):
        for path, description in self.each():
            for action in description["actions"]:
                yield path, action

    def test_all_agents_are_there(self):
        names = [os.path.basename(path)[:-len(".yaml")] for path in agents()]
        self.assertEqual(sorted(names), [
            "apt", "backup", "composer", "disk", "file", "health", "iptables", "logs", "nettest", "opcache", "package", "phpinfo",
            "process", "puppet", "service", "shell", "sysctl", "webcheck"])

    def test_folder_file_and_agent_have_one_name(self):
        for path, description in self.each():
            folder = os.path.basename(os.path.dirname(path))
            self.assertEqual([folder, f"{folder}.yaml"], [description["metadata"]["name"], os.path.basename(path)])

    def test_executable_and_readme_are_there_and_nobody_else_may_write(self):
        for path, description in self.each():
            self.assertTrue(os.path.exists(readme(path)))
            for executable in executables(path, description):
                self.assertTrue(os.access(executable, os.X_OK))
                self.assertFalse(os.stat(executable).st_mode & 0o022)
                with open(executable, encoding="utf-8") as file:
                    self.assertRegex(file.readline(), r"^#!/(bin/bash|usr/bin/php|usr/bin/python3)( -\w+)?$")

    def test_metadata_is_complete(self):
        for _, description in self.each():
            keys = {"name", "description", "author", "license", "version", "url", "timeout", "provider"}
            self.assertEqual(set(description["metadata"]), keys)
            is_script = description["run"]["contract"] == "script"
            self.assertLessEqual(set(description["run"]), RUN_KEYS | SCRIPT_KEYS if is_script else RUN_KEYS)

    def test_actions_say_what_they_do(self):
        for _, action in self.actions():
            self.assertIn(action["safety"], ("read_only", "changes", "destructive"))
            self.assertIn(action["display"], ("ok", "failed", "always"))
            self.assertIsInstance(action["noop"], bool)
            self.assertIsInstance(action["idempotent"], bool)

    def test_inputs_are_complete(self):
        for _, action in self.actions():
            for name, rules in action["input"].items():
                self.assertTrue({"prompt", "description", "type", "optional"} <= set(rules), name)
                self.assertIn(rules["type"], TYPES)
                self.assertEqual("maxlength" in rules, rules["type"] == "string", name)
                self.assertEqual("list" in rules, rules["type"] == "list", name)

    def test_strings_are_validated_from_end_to_end(self):
        for _, action in self.actions():
            for name, rules in action["input"].items():
                if rules["type"] == "string" and rules["validation"] not in NAMED:
                    self.assertRegex(rules["validation"], r"^\\A.*\\z$", name)
                    re.compile(rules["validation"].replace(r"\z", r"\Z"))

    def test_defaults_are_valid(self):
        kinds = {"string": str, "integer": int, "boolean": bool}
        for _, action in self.actions():
            for rules in action["input"].values():
                if "default" in rules:
                    self.assertTrue(rules["optional"])
                    if rules["type"] == "list":
                        self.assertIn(rules["default"], rules["list"])
                    else:
                        self.assertIs(type(rules["default"]), kinds[rules["type"]])

    def test_outputs_are_complete_and_aggregates_name_them(self):
        for _, action in self.actions():
            for rules in action["output"].values():
                self.assertEqual(set(rules), {"description", "display_as", "type"})
                self.assertIn(rules["type"], TYPES - {"list"})
            for aggregate in action.get("aggregate", []):
                self.assertIn(aggregate["args"][0], action["output"])

    def test_readmes_name_every_action(self):
        for path, action in self.actions():
            with open(readme(path), encoding="utf-8") as file:
                self.assertIn(f"| `{action['action']}` |", file.read(), path)
