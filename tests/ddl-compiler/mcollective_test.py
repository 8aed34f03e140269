#!/usr/bin/python3
"""The descriptions that Debian's mcollective-common brings go through hocketc: mcollective_test.py HOCKETC"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

PACKAGE, FILES = "mcollective-common", 20
HOCKETC = os.path.abspath(sys.argv.pop(1))


def packaged():
    done = subprocess.run(["dpkg", "-L", PACKAGE], stdout=subprocess.PIPE, text=True, check=True)
    return sorted(line for line in done.stdout.splitlines() if line.endswith(".ddl"))


def hocketc(*words):
    return subprocess.run([HOCKETC, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          timeout=60)


def canonical(file):
    done = hocketc("compile", file, "--emit", "json")
    assert done.returncode == 0, done.stderr
    return done.stdout


def without_patterns(text):
    """Ruby writes the same patterns in other words."""
    return json.loads(text, object_hook=lambda found: {key: "…" if key == "validation" else value
                                                       for key, value in found.items()})


def is_elsewhere():
    """Whether this is a release that does not have the package."""
    with open("/etc/os-release", encoding="utf-8") as file:
        return 'VERSION_CODENAME=bookworm' not in file.read()


@unittest.skipIf(is_elsewhere(), "this release does not have mcollective-common")
class Mcollective(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_every_file_is_read_without_an_error(self):
        files = packaged()
        self.assertEqual(len(files), FILES)
        done = hocketc("check", *files)
        self.assertEqual((done.returncode, ": error:" in done.stderr), (0, False), done.stderr)

    def test_the_canonical_form_is_the_same_from_yaml_and_json(self):
        for file in packaged():
            stem = os.path.splitext(os.path.basename(file))[0]
            with self.subTest(stem):
                first = canonical(file)
                for kind in ("json", "yaml"):
                    self.assertEqual(hocketc("compile", file, "--emit", kind, "-o", self.folder).returncode, 0)
                    self.assertEqual(canonical(os.path.join(self.folder, f"{stem}.{kind}")), first)

    def test_mcollectives_form_of_it_is_read_as_the_same(self):
        for file in packaged():
            kind, stem = os.path.basename(os.path.dirname(file)), os.path.splitext(os.path.basename(file))[0]
            with self.subTest(stem):
                folder = os.path.join(self.folder, kind)
                done = hocketc("compile", file, "--emit", "ruby", "-o", folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                again = canonical(os.path.join(folder, f"{stem}.ddl"))
                self.assertEqual(without_patterns(again), without_patterns(canonical(file)))

    def test_an_agent_has_every_form(self):
        agent = next(file for file in packaged() if file.endswith("agent/rpcutil.ddl"))
        done = hocketc("compile", agent, "-o", self.folder, "--emit",
                       "json,yaml,schema,markdown,man,ruby,skeleton,cpp", "--lang", "python")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["rpcutil.7", "rpcutil.ddl", "rpcutil.h", "rpcutil.json", "rpcutil.md", "rpcutil.py",
                          "rpcutil.schema.json", "rpcutil.yaml"])


if __name__ == "__main__":
    unittest.main()
