"""The agents in docs/write-an-agent.md work as they stand there."""

import os
import re
import shutil
import unittest

import ddl
from harness import ROOT, AgentTest

GUIDE = os.path.join(os.path.dirname(ROOT), "docs", "write-an-agent.md")


def block(language, contains):
    with open(GUIDE, encoding="utf-8") as file:
        for found in re.findall(rf"^```{language}\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL):
            if contains in found:
                return found
    raise LookupError(f"no block of {language} with {contains}")


class Guide:
    """Shared by the languages; a mixin, so that it is not run for itself."""

    language, library = None, None

    def setUp(self):
        super().setUp()
        agents = os.path.join(self.folder, "agents")
        os.makedirs(agents + "/maintenance")
        os.mkdir(agents + "/lib")
        shutil.copy(f"{ROOT}/{self.library}", agents + "/lib")
        self.agent = agents + "/maintenance/maintenance"
        self.flag = self.folder + "/flag"
        self.write(self.agent + ".yaml", block("yaml", "name: maintenance"))
        self.write(self.agent, block(self.language, "/run/maintenance").replace("/run/maintenance", self.flag))

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def test_it_works(self):
        self.assertEqual(self.run_agent("status").data, {"active": False})
        result = self.run_agent("begin", {"reason": "new disks"}, noop=True)
        self.assertEqual((result.changed, result.message), (True, f"noop: would write {self.flag}"), result)
        self.assertFalse(os.path.exists(self.flag))
        self.assertTrue(self.run_agent("begin", {"reason": 'new "disks" ä'}).changed)
        self.assertEqual(self.run_agent("status").data, {"active": True, "reason": 'new "disks" ä'})
        self.assertFailed(self.run_agent("begin", {"reason": "x"}), "maintenance/already_active")
        self.assertTrue(self.run_agent("end", noop=True).changed)
        self.assertTrue(os.path.exists(self.flag))
        self.assertTrue(self.run_agent("end").changed)
        self.assertFalse(self.run_agent("end").changed)

    def test_a_file_that_cannot_be_written_is_an_error(self):
        os.symlink(self.folder + "/no/such/folder", self.flag)
        result = self.run_agent("begin", {"reason": "x"})
        self.assertEqual(result.outcome, "failed", result)


@unittest.skipUnless(os.path.exists(GUIDE), "the guide is not beside the agents")
class BashGuide(Guide, AgentTest):
    language, library = "bash", "bash/lib/hocket.sh"

    def test_the_agent_without_a_library(self):
        path = self.folder + "/uptime"
        self.write(path, block("bash", "/proc/uptime"))
        result = self.run_program(path, "anything", {})
        self.assertOk(result)
        self.assertGreater(result.data["seconds"], 0)

    def test_the_description_is_complete(self):
        self.assertEqual([action["action"] for action in ddl.read(self.agent + ".yaml")["actions"]], ["status", "begin", "end"])


@unittest.skipUnless(os.path.exists(GUIDE) and os.access("/usr/bin/php", os.X_OK), "no guide, or no /usr/bin/php")
class PhpGuide(Guide, AgentTest):
    language, library = "php", "php/lib/hocket.php"


@unittest.skipUnless(os.path.exists(GUIDE), "the guide is not beside the agents")
class PythonGuide(Guide, AgentTest):
    language, library = "python", "python/lib/hocket.py"
