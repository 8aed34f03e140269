"""What go/lib/hocket promises: what all libraries do, and what only Go does. The probe is built first, with `go` from the PATH
or from /usr/local/go; its build cache is the user's own, or a temporary one where there is none."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from harness import AgentTest, is_running
from test_contract import PROBES, ObjectContract
from test_worker import AtOnce, Together

GO = shutil.which("go") or shutil.which("/usr/local/go/bin/go")


class Built:
    """Shared by the tests below. `language` is a way from the folder of probes to the one into which this probe was built."""

    language = None


def setUpModule():
    if GO is None:
        raise unittest.SkipTest("no go")
    folder = tempfile.mkdtemp(prefix="hocket-go-")
    unittest.addModuleCleanup(shutil.rmtree, folder)
    build(f"{PROBES}/go", f"{folder}/probe", folder)
    Built.language = os.path.relpath(os.path.realpath(folder), os.path.realpath(PROBES))


def build(source, program, folder):
    environment = {
        **os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0",
        "GOPATH": folder,
    }
    said = subprocess.run([GO, "env", "GOCACHE"], env=environment, stdout=subprocess.PIPE, text=True, check=False)
    cache = said.stdout.strip()
    if not cache or not os.access(cache, os.W_OK):
        environment["GOCACHE"] = f"{folder}/cache"
    subprocess.run([GO, "build", "-buildvcs=false", "-o", program, "."], cwd=source, env=environment, check=True)


class GoContract(Built, ObjectContract, AgentTest):
    def test_a_panic_leaves_its_stack(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "runtime error: integer divide by zero")
        self.assertRegex(result.error["details"]["at"], r"/main\.go:\d+$")
        self.assertIn(b"main.main.func", result.log)

    def test_an_error_is_an_unforeseen_failure(self):
        result = self.probe("fails")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "open /no/such/file: no such file or directory")
        self.assertIn(b"*fs.PathError: open /no/such/file", result.log)

    def test_a_wrapped_failure_keeps_its_kind_and_what_it_was_wrapped_into(self):
        result = self.probe("wraps")
        self.assertFailed(result, "probe/not_found")
        self.assertEqual(result.message, "while looking: /x does not exist")

    def test_a_failure_can_be_thrown_and_have_a_kind_of_another_agent(self):
        result = self.probe("throws")
        self.assertFailed(result, "other/kind")
        self.assertEqual((result.message, result.error["message"]), ("thrown", "thrown\nfrom afar"))
        self.assertNotIn(b"goroutine", result.log)

    def test_what_nobody_can_answer_for_is_a_crash(self):
        for action in ("vanish", "crash", "stray"):
            self.assertEqual(self.probe(action).outcome, "crashed", action)
        self.assertIn(b"in a goroutine of its own", self.probe("stray").log)

    def test_nil_is_an_error(self):
        self.assertFailed(self.probe("nothing"), "probe/exception")

    def test_nan_is_an_error(self):
        for action in ("nan", "nan_too"):
            self.assertFailed(self.probe(action), "probe/exception")

    def test_a_float_keeps_its_fraction(self):
        self.assertEqual(json.dumps(self.probe("floats").data["list"]), "[1.0, -2.5, 1e+21, 1]")

    def test_an_input_is_of_the_type_that_is_asked_for(self):
        big = (1 << 63) - 1
        inputs = {"big": big, "nested": {"a": [1, 0.5]}, "any": [None, {"x": True}]}
        self.assertEqual(self.probe("typed", inputs).data, {"big": big, "sum": 1.5, "any": [None, {"x": True}]})
        result = self.probe("typed", {**inputs, "big": "many"})
        self.assertFailed(result, "probe/wrong_input")
        self.assertEqual((result.reply["statuscode"], result.message), (4, "the input big is no int64"))

    def test_the_rest_of_a_reply(self):
        result = self.probe("reply")
        self.assertEqual((result.data, result.message, result.reply["diff"]), ({"html": "<&>"}, "OK", "+ line\n"))

    def test_a_process_left_behind_holds_nothing(self):
        result = self.probe("leftover")
        self.assertTrue(is_running(result.data["pid"]))
        os.kill(result.data["pid"], 9)
        self.assertEqual(result.held, [])

    def test_names_like_those_of_other_languages_are_no_actions(self):
        for name in ("__proto__", "constructor", "Run"):
            self.assertFailed(self.probe(name), "probe/unknown_action")

    def test_a_missing_descriptor_is_as_by_hand(self):
        self.extra = {"HOCKET_REPLY_FD": "3"}
        self.assertEqual(self.probe("noise", by_hand=True).data, {"answer": 42})


class GoWorker(Built, AtOnce, Together, AgentTest):
    def test_leaving_the_goroutine_is_an_error_object(self):
        self.assertEqual([reply["statuscode"] for reply in self.serve(("leave",), ("types",))], [1, 0])

    def test_what_nobody_can_answer_for_ends_it(self):
        for action in ("vanish", "stray", "crash"):
            self.assertEqual(len(self.serve(("types",), (action,), ("types",))), 1, self.result)
            self.assertEqual(self.result.held, [])

    def test_it_cannot_fork_and_says_so(self):
        self.fork = True
        self.assertEqual(self.serve(("types",)), [])
        self.assertEnded(1)
        self.assertIn(b"cannot fork", self.result.log)
