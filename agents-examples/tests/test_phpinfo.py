"""The agent `phpinfo`, on the PHP that is here."""

import os
import subprocess
import unittest

from harness import AgentTest

PHP = "/usr/bin/php"


@unittest.skipUnless(os.access(PHP, os.X_OK), f"no {PHP}")
class PhpinfoTest(AgentTest):
    agent = "php/phpinfo/phpinfo"

    def php(self, code):
        return subprocess.run([PHP, "-r", code], check=True, capture_output=True, text=True).stdout

    def ini(self, name):
        return self.run_agent("ini", {"name": name})

    def test_info(self):
        result = self.run_agent("info")
        self.assertOk(result)
        self.assertEqual(result.data["version"], self.php("echo PHP_VERSION;"))
        self.assertEqual(result.data["memory_limit"], self.php("echo ini_get('memory_limit');"))
        self.assertEqual(result.data["sapi"], "cli")

    def test_extensions(self):
        result = self.run_agent("extensions")
        self.assertOk(result)
        self.assertEqual(result.data["count"], int(self.php("echo count(get_loaded_extensions());")))
        self.assertIn("standard", result.data["extensions"])

    def test_one_extension(self):
        result = self.run_agent("extensions", {"name": "JSON"})
        self.assertEqual((result.data["count"], list(result.data["extensions"])), (1, ["json"]))
        result = self.run_agent("extensions", {"name": "no_such"})
        self.assertEqual((result.data["count"], result.data["extensions"]), (0, {}))

    def test_a_setting(self):
        result = self.ini("precision")
        self.assertOk(result)
        self.assertEqual((result.data["value"], result.data["changeable"]), ("14", "everywhere"))
        self.assertEqual(self.ini("max_input_vars").data["changeable"], "per folder")
        self.assertEqual(self.ini("allow_url_fopen").data["changeable"], "in php.ini only")

    def test_a_setting_that_the_library_changes_is_told_as_configured(self):
        self.assertNotEqual(self.ini("display_errors").data["value"], "stderr")

    def test_errors_have_kinds(self):
        self.assertFailed(self.ini("no.such.setting"), "phpinfo/unknown_setting")

    def test_secrets_are_refused(self):
        for name in ("mysqli.default_pw", "redis.session.password", "some.auth_token"):
            self.assertFailed(self.ini(name), "phpinfo/refused")
