"""The agent `composer`, with a composer of our own that prints what a test tells it to."""

import json
import os
import time
import unittest

from harness import AgentTest, is_running, wait_until

PHP = "/usr/bin/php"

FAKE = """#!/usr/bin/python3 -ISB
import json, os, sys, time
FOLDER = %(folder)r
json.dump({"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ), "stdin": sys.stdin.read(),
           "pid": os.getpid()}, open(FOLDER + "/call", "w"))
def say(text): sys.stdout.buffer.write(text if isinstance(text, bytes) else text.encode()); sys.stdout.flush()
def warn(text): sys.stderr.buffer.write(text if isinstance(text, bytes) else text.encode()); sys.stderr.flush()
exec(open(FOLDER + "/does").read())
"""

# As Composer 2.5 prints it.
PACKAGES = [
    {"name": "acme/a", "direct-dependency": True, "homepage": None, "source": "https://example.com", "version": "1.0.0", "latest": "1.2.0",
     "latest-status": "semver-safe-update", "description": "A", "warning": "Package acme/a is abandoned.", "abandoned": "acme/new"},
    {"name": "acme/b", "direct-dependency": True, "homepage": None, "version": "1.0.0", "latest": "3.0.0",
     "latest-status": "update-possible", "description": None, "abandoned": False},
    {"name": "acme/c", "version": "2.0.0", "latest": "2.0.0", "latest-status": "up-to-date", "abandoned": True},
]


@unittest.skipUnless(os.access(PHP, os.X_OK), f"no {PHP}")
class ComposerTest(AgentTest):
    agent = "php/composer/composer"

    def setUp(self):
        super().setUp()
        self.program("composer", FAKE % {"folder": self.folder})
        self.does(f"say({json.dumps({'installed': PACKAGES})!r})")
        self.sites = os.path.realpath(self.folder) + "/sites"
        self.project = self.sites + "/shop"
        self.config = {"folders": [self.sites]}
        os.makedirs(self.project)
        with open(self.project + "/composer.json", "w", encoding="utf-8") as file:
            file.write("{}")

    def does(self, code):
        with open(self.folder + "/does", "w", encoding="utf-8") as file:
            file.write(code)

    def call(self):
        with open(self.folder + "/call", encoding="utf-8") as file:
            return json.load(file)

    def was_called(self):
        return os.path.exists(self.folder + "/call")

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, **options):
        request = {"agent": "composer", "action": action, "noop": noop, "inputs": inputs, "config": self.config,
                   "deadline": int((time.time() + seconds) * 1000)}
        return super().run_program(path, action, inputs, noop, seconds, stdin=json.dumps(request).encode() + b"\n", **options)

    def outdated(self, path=None, seconds=30.0, **inputs):
        return self.run_agent("outdated", {"path": self.project if path is None else path, **inputs}, seconds=seconds)


class OutdatedTest(ComposerTest):
    def test_packages_are_listed_and_counted(self):
        result = self.outdated()
        self.assertOk(result)
        self.assertEqual(result.data, {
            "path": self.project, "outdated": 2, "minor": 1, "major": 1, "abandoned": 2, "truncated": False, "packages": [
                {"package": "acme/a", "version": "1.0.0", "latest": "1.2.0", "status": "semver-safe-update", "abandoned": True,
                 "replacement": "acme/new"},
                {"package": "acme/b", "version": "1.0.0", "latest": "3.0.0", "status": "update-possible", "abandoned": False,
                 "replacement": ""},
                {"package": "acme/c", "version": "2.0.0", "latest": "2.0.0", "status": "up-to-date", "abandoned": True,
                 "replacement": ""}]})
        self.assertEqual((result.changed, result.message), (False, "OK"))

    def test_how_composer_is_run(self):
        self.outdated()
        call = self.call()
        self.assertEqual(call["arguments"], ["outdated", "--format=json", "--no-interaction", "--no-ansi", "--no-plugins", "--no-scripts",
                                             "--no-cache", "--direct"])
        self.assertEqual((call["folder"], call["stdin"]), (self.project, ""))
        for name, value in (("COMPOSER_ALLOW_SUPERUSER", "1"), ("COMPOSER_NO_INTERACTION", "1"), ("COMPOSER_ROOT_VERSION", "1.0.0"),
                            ("COMPOSER_HTACCESS_PROTECT", "0"), ("HOCKET_EXECUTION_ID", "test-1"), ("HOME", self.folder)):
            self.assertEqual(call["environment"].get(name), value, name)

    def test_inputs_become_options(self):
        self.outdated(direct=False)
        self.assertNotIn("--direct", self.call()["arguments"])
        self.assertNotIn("--no-dev", self.call()["arguments"])
        self.outdated(dev=False)
        self.assertEqual(self.call()["arguments"][-2:], ["--direct", "--no-dev"])

    def test_everything_up_to_date(self):
        for printed in ("[]", "{}", '{"installed": []}'):
            self.does(f"say({printed!r})")
            result = self.outdated()
            self.assertEqual((result.outcome, result.data["packages"], result.data["outdated"]), ("ok", [], 0), result)

    def test_long_lists_are_cut_and_counted(self):
        self.does(f"say(json.dumps({{'installed': [{PACKAGES[0]!r}] * 501}}))")
        result = self.outdated()
        self.assertEqual((len(result.data["packages"]), result.data["outdated"], result.data["truncated"]), (500, 501, True))

    def test_what_composer_says_beside_does_not_disturb(self):
        self.does("warn('Deprecated: x\\n' * 100_000)\n"
                  "say(b'{\"installed\": [{\"name\": \"a\", \"latest\": 7}, 3, null]}'); warn(b'\\xff')")
        result = self.outdated()
        self.assertOk(result)
        self.assertEqual(result.data["packages"], [
            {"package": "a", "version": "", "latest": "", "status": "", "abandoned": False, "replacement": ""}])

    def test_the_configuration_names_composer(self):
        os.rename(self.bin + "/composer", self.folder + "/my composer.phar")
        self.assertFailed(self.outdated(), "composer/no_composer")
        self.config["composer"] = self.folder + "/my composer.phar"
        self.assertOk(self.outdated())
        for name in ("/no/such", "my composer.phar", self.sites):
            self.config["composer"] = name
            self.assertFailed(self.outdated(), "composer/no_composer")


class PathTest(ComposerTest):
    def refused(self, path, kind):
        self.assertFailed(self.outdated(path), f"composer/{kind}")
        self.assertFalse(self.was_called())

    def test_what_is_no_path(self):
        for path in ("", "-x", "--help", "$(id)", "sites/shop", self.project + "\n", "/a\0b", "/a\x1b"):
            self.refused(path, "invalid_path")

    def test_only_below_the_folders(self):
        os.mkdir(self.sites + "-private")
        os.rename(self.project, self.sites + "-private/shop")
        for path in ("/", "/etc", "/no/such", self.sites + "-private/shop", self.sites + "/../sites-private/shop", self.folder,
                     self.sites + "/../no-such", self.sites + "/x/../../no-such", "/proc/self/cwd"):
            self.refused(path, "not_allowed")

    def test_links_are_judged_by_where_they_lead(self):
        os.symlink("/etc", self.sites + "/etc")
        self.refused(self.sites + "/etc", "not_allowed")
        os.symlink(self.project, self.folder + "/short")
        result = self.outdated(self.folder + "/short")
        self.assertEqual((result.outcome, result.data["path"]), ("ok", self.project))
        os.symlink(self.sites, self.folder + "/www")
        self.config["folders"] = ["/no/such", self.folder + "/www/"]
        self.assertOk(self.outdated())

    def test_what_is_no_project(self):
        self.refused(self.sites + "/none", "not_found")
        self.refused(self.project + "/composer.json", "not_found")
        self.refused(self.sites, "no_project")

    def test_the_default_folders(self):
        self.config = {}
        for path in (self.project, "/var/www2/x", "/srvx"):
            self.refused(path, "not_allowed")
        for folder in ("/var/www", "/srv"):
            if os.path.isdir(folder):
                self.refused(folder + "/no-such-project-here", "not_found")

    def test_a_wrong_configuration_is_named(self):
        for config in ({"folders": self.sites}, {"folders": [self.sites], "composer": ["x"]}, {"folders": [7]},
                       {"folders": ["", self.sites]}, {"folders": ["."]}):
            self.config = config
            self.refused(self.project, "invalid_config")
        self.config = {"folders": []}
        self.refused(self.project, "not_allowed")

    def test_hostile_names_of_folders_are_names(self):
        for name in ("-x", "$(id)", "a b;c", "é"):
            project = f"{self.sites}/{name}"
            os.mkdir(project)
            os.symlink(self.project + "/composer.json", project + "/composer.json")
            self.assertOk(self.outdated(project))
            self.assertEqual(self.call()["folder"], project)
            self.assertEqual(len(self.call()["arguments"]), 8)


class FailureTest(ComposerTest):
    def test_no_composer(self):
        os.unlink(self.bin + "/composer")
        self.search_path = f"{self.bin}:/usr/bin/no:"
        self.assertFailed(self.outdated(), "composer/no_composer")

    def test_nothing_installed(self):
        self.does("warn('No dependencies installed. Try running composer install or update.\\n'); say('[]')")
        self.assertFailed(self.outdated(), "composer/not_installed")

    def test_reasons_are_told(self):
        usage = "\\n\\noutdated [-o|--outdated] [-a|--all]\\n"
        for code, said, kind in ((1, "The repository could not be downloaded: Failed to open stream", "network"),
                                 (100, "curl error 6 while downloading https://repo.packagist.org/packages.json", "network"),
                                 (1, "./composer.json does not contain valid JSON", "failed"), (3, "", "failed")):
            self.does(f"warn('\\nIn X.php line 1:\\n\\n  {said}  {usage}'); sys.exit({code})")
            result = self.outdated()
            self.assertFailed(result, f"composer/{kind}")
            self.assertEqual(result.message.rstrip(), f"composer ended with {code}: In X.php line 1: {said}".rstrip())
            self.assertEqual(result.error["details"], {"exit_code": code})
        self.does("warn(b'\\xff broke'); sys.exit(1)")
        self.assertIn("\ufffd broke", self.outdated().message)
        self.does("sys.exit(1)")
        self.assertIn("no reason given", self.outdated().message)
        self.does("os.kill(os.getpid(), 11)")
        self.assertIn("ended with -11", self.outdated().message)

    def test_answers_that_are_none(self):
        for printed in (b"", b"no json", b"7", b'{"installed": 7}', b'{"installed": [{"name": "\xff"}]}', b'Warning: x\n{"installed": []}'):
            self.does(f"say({printed!r})")
            self.assertFailed(self.outdated(), "composer/bad_answer")

    def test_an_endless_answer_is_left(self):
        self.does("while True: say('x' * 65536)")
        self.assertFailed(self.outdated(), "composer/bad_answer")
        self.assertTrue(wait_until(lambda: not is_running(self.call()["pid"])))

    def test_time_is_limited(self):
        for code in ("say('{'); time.sleep(15)", "os.close(1); os.close(2); time.sleep(15)", "while True: warn('x')",
                     "import signal; signal.signal(15, signal.SIG_IGN); time.sleep(15)"):
            self.does(code)
            start = time.monotonic()
            self.assertFailed(self.outdated(seconds=2.5), "composer/timeout")
            self.assertLess(time.monotonic() - start, 5)
            self.assertTrue(wait_until(lambda: not is_running(self.call()["pid"])))

    def test_what_composer_leaves_behind_is_not_waited_for_for_ever(self):
        self.does("os.fork() or time.sleep(4)")
        start = time.monotonic()
        self.assertFailed(self.outdated(seconds=2.5), "composer/timeout")
        self.assertLess(time.monotonic() - start, 5)
