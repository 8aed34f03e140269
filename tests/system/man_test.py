#!/usr/bin/python3
"""That the manual pages tell of each command and option that the programs have, and of no other.

    tests/system/man_test.py [-k PATTERN]
"""

import os
import re
import subprocess
import unittest

from fleet import BUILD

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "man")
PROGRAMS = {
    "hocket.1": "client/cli/hocket",
    "hocketd.8": "runner/hocketd",
    "hocketc.1": "ddl-compiler/hocketc",
    "hocket-agent.1": "runner/workbench/hocket-agent",
    "hocket-json.1": "runner/json/hocket-json",
}
MACROS = {"Ar", "Cm", "Fl", "Li", "Nm", "Ns", "Op", "Pa"}


def told(page, macro):
    """What stands behind a macro of mdoc(7), each time that it is used, as a list of words."""
    with open(os.path.join(PAGES, page), encoding="utf-8") as file:
        lines = [line[1:].split() for line in file if line.startswith(".")]
    for words in lines:
        for place, word in enumerate(words):
            if word != macro:
                continue
            end = next((at for at in range(place + 1, len(words)) if words[at] in MACROS), len(words))
            yield [each for each in words[place + 1:end] if each not in (",", "|", ".", "...")]


def commands_and_options(program, path=()):
    """Of a program and all of its commands, as their --help has them: ("keys psk", …), ("--json", …)."""
    text = subprocess.run([program, *path, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    options = {option for line in text.splitlines() if re.match("  -", line)
               for option in re.match(r"\s+(\S+)", line)[1].split(",")}
    commands = {" ".join(path)} - {""}
    below = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.MULTILINE)
    for name in re.findall(r"^  (\w+)  ", below[1], re.MULTILINE) if below else []:
        more_commands, more_options = commands_and_options(program, (*path, name))
        commands |= more_commands
        options |= more_options
    return commands, options


class ManualPages(unittest.TestCase):
    def test_each_command_and_option_is_told_and_no_other(self):
        for page, program in PROGRAMS.items():
            if page == "hocket-json.1":
                continue  # its help is of another form
            with self.subTest(page):
                commands, options = commands_and_options(os.path.join(BUILD, program))
                written = {" ".join(words) for words in told(page, "Cm")}
                missing = {each for each in commands if not any((text + " ").startswith(each + " ") for text in written)}
                self.assertEqual(missing, set())
                self.assertEqual({"-" + name for words in told(page, "Fl") for name in words}, options)

    def test_the_commands_of_hocket_json(self):
        text = subprocess.run([os.path.join(BUILD, PROGRAMS["hocket-json.1"]), "--help"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        commands = set(re.findall(r"^hocket-json (\w+)", text, re.MULTILINE))
        self.assertEqual({words[0] for words in told("hocket-json.1", "Cm")}, commands)

    def test_they_can_be_shown(self):
        for page in PROGRAMS:
            with self.subTest(page):
                done = subprocess.run(["groff", "-mandoc", "-ww", "-z", os.path.join(PAGES, page)], check=True,
                                      stderr=subprocess.PIPE, text=True)
                self.assertEqual(done.stderr, "")

    def test_each_page_is_of_a_program(self):
        self.assertEqual(set(os.listdir(PAGES)), set(PROGRAMS))


if __name__ == "__main__":
    unittest.main()
