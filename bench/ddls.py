"""Descriptions for the measures of the compiler, and these measures: each gives (ours, baseline), lists of microseconds."""

import json
import os
import subprocess

ACTIONS, FILES, FILE_RUNS = 10_000, 1_000, 5
METADATA = {"description": "A description", "author": "Ana Example <ana@example.com>", "license": "Apache-2.0",
            "version": "1.0.0", "url": "https://example.com/", "timeout": 10}
PATTERNS = ["^[a-z]+$", "^/[A-Za-z0-9._/-]*$", "shellsafe", "^[0-9]{1,5}$", "fqdn"]


def action(number):
    text = {"prompt": "Name", "description": "A name", "type": "string", "optional": False, "maxlength": 64,
            "validation": PATTERNS[number % len(PATTERNS)]}
    return {"action": f"action_{number}", "description": f"Does the thing with number {number}", "display": "always",
            "input": {"name": text, "count": {"prompt": "Count", "description": "How many", "type": "integer",
                                              "optional": True, "default": 3},
                      "size": {"prompt": "Size", "description": "How big", "type": "list", "optional": False,
                               "list": ["small", "large"]}},
            "output": {"state": {"description": "The state", "display_as": "State", "type": "string"},
                       "seconds": {"description": "How long", "display_as": "Seconds", "type": "float"}},
            "aggregate": [{"function": "summary", "args": ["state"]}]}


def description(name, actions):
    return {"metadata": {"name": name, **METADATA}, "actions": [action(number) for number in range(actions)]}


class Ddls:
    """Makes the files in a folder when they are needed first."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def file(self, name, actions):
        path = os.path.join(self.folder, f"{name}.json")
        if not os.path.exists(path):
            os.makedirs(self.folder, exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                json.dump(description(name, actions), file, indent=2)
        return path

    def run(self, runs, files):
        done = subprocess.run([self.program, str(runs), *files], check=True, stdout=subprocess.PIPE, text=True,
                              timeout=300)
        return json.loads(done.stdout)

    def growth(self):
        many, few = (self.run(1, [self.file(f"actions_{count}", count)])["ours"] for count in (ACTIONS, ACTIONS // 10))
        return [many], [few]

    def of_parse(self):
        took = self.run(1, [self.file(f"actions_{ACTIONS}", ACTIONS)])
        return [took["ours"]], [took["parse"]]

    def of_many_files(self):
        took = self.run(FILE_RUNS, [self.file(f"small_{number}", 2) for number in range(FILES)])
        return [took["ours"]], [took["bare"]]
