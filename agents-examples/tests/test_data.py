"""The data plugins: programs that answer one query."""

import os
import shutil
import subprocess
import unittest

from harness import ROOT, AgentTest


class DataTest(AgentTest):
    def query(self, path, query):
        return self.run_program(os.path.join(ROOT, path), "query", {"query": query})


class PackageTest(DataTest):
    def fake(self, name, text):
        self.program(name, "#!/bin/bash\n" + text)

    def test_an_installed_package(self):
        self.fake("dpkg-query", "[[ ${*: -1} == openssl ]] && printf 'ii 3.0.2-1\\nii 3.0.2-1\\n'\n")
        result = self.query("bash/data/package/package", "openssl")
        self.assertOk(result)
        self.assertEqual(result.data, {"installed": True, "version": "3.0.2-1"})

    def test_one_that_is_removed_or_unknown_is_not(self):
        for text in ("printf 'rc 1.0\\n'", "echo 'no packages found' >&2; exit 1"):
            self.fake("dpkg-query", text)
            result = self.query("bash/data/package/package", "openssl")
            self.assertOk(result)
            self.assertEqual(result.data, {"installed": False, "version": ""})

    def test_with_rpm(self):
        self.search_path = self.bin
        for tool in ("bash", "head"):
            os.symlink(f"/bin/{tool}" if os.path.exists(f"/bin/{tool}") else f"/usr/bin/{tool}", os.path.join(self.bin, tool))
        self.assertFailed(self.query("bash/data/package/package", "bash"), "package/no_manager")
        self.fake("rpm", "[[ ${*: -1} == bash ]] || { echo 'package x is not installed'; exit 1; }; echo 5.1-2\n")
        self.assertEqual(self.query("bash/data/package/package", "bash").data, {"installed": True, "version": "5.1-2"})
        self.assertEqual(self.query("bash/data/package/package", "x").data, {"installed": False, "version": ""})


class ProcessTest(DataTest):
    def count(self, name):
        return self.query("python/data/process/process", name).data

    def test_processes_are_counted_by_name(self):
        program = os.path.join(self.folder, f"data-{os.getpid()}-with-a-long-name")
        shutil.copy("/bin/sleep", program)
        name = os.path.basename(program)
        self.assertEqual(self.count(name), {"exists": False, "count": 0})
        with subprocess.Popen([program, "60"]) as child:
            for known in (name, name[:15]):
                self.assertEqual(self.count(known), {"exists": True, "count": 1})
            self.assertEqual(self.count("60"), {"exists": False, "count": 0})
            child.kill()


if __name__ == "__main__":
    unittest.main()
