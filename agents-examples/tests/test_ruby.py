"""What the Ruby library promises: what all of them do, and what only this one does."""

import json
import os
import subprocess
import unittest

from harness import ROOT, AgentTest
from test_contract import ObjectContract
from test_worker import AtOnce, Isolated, Together

RUBY = unittest.skipUnless(os.access("/usr/bin/ruby", os.X_OK), "no /usr/bin/ruby")


@RUBY
class RubyContract(ObjectContract, AgentTest):
    language = "ruby"

    def test_an_unforeseen_failure_leaves_a_backtrace(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "ZeroDivisionError: divided by 0")
        self.assertRegex(result.error["details"]["at"], r"/probe:\d+$")
        self.assertRegex(result.log.decode(), r"/probe:\d+:in .*divided by 0 \(ZeroDivisionError\)\n\s+from ")

    def test_exceptions_that_are_no_standard_errors_are_error_objects(self):
        for action, message in (
            ("quit", "SystemExit: exit"), ("abandon", "SystemExit: no more"), ("missing", "NameError: "),
            ("unloadable", "LoadError: "), ("recurse", "SystemStackError: "), ("rubbish", "RuntimeError: a\ufffdb"),
        ):
            result = self.probe(action)
            self.assertFailed(result, "probe/exception")
            self.assertIn(message, result.message)

    def test_what_is_no_json_is_an_error(self):
        for action in ("nan", "infinite", "loop", "bad_details", "nothing"):
            self.assertFailed(self.probe(action), "probe/exception")

    def test_a_process_that_an_action_forks_has_nothing_to_reply(self):
        for action, code in (("fork_and_exit", 3), ("fork_and_raise", 1), ("fork_and_fail", 1)):
            result = self.probe(action)
            self.assertOk(result)
            self.assertEqual(result.data, {"code": code})

    def test_a_signal_ends_it(self):
        result = self.probe("term")
        self.assertEqual((result.outcome, result.raw), ("crashed", b""))
        self.assertEqual(os.waitstatus_to_exitcode(result.status), -15)

    def test_texts_of_every_encoding_become_utf8(self):
        self.assertEqual(self.probe("texts").data, {
            "latin": "ä", "utf16": "ä", "binary": "ä\ufffd", "symbol": "sym", "names": {"€": 1, "\ufffd": 3, "4": 5},
        })

    def test_numbers_are_exact(self):
        data = self.probe("numbers").data
        self.assertEqual(data, {"big": 9007199254740993, "huge": 1e300, "whole": 2.0, "third": 1 / 3})
        self.assertIsInstance(data["whole"], float)

    def test_inputs_keep_their_types(self):
        for value in (True, False, None, 7, -1.5, 2.0, 9007199254740993, "7", "", [], {}, [{"a": [[], {}, "0"]}]):
            data = self.probe("echo", {"text": value, "other": [value]}).data
            self.assertEqual(json.dumps(data), json.dumps({"text": value, "other": [value]}))

    def test_a_diff_is_told(self):
        self.assertEqual(self.probe("diff").reply["diff"], "-a\n+b\n")

    def test_the_envelope_is_there(self):
        self.assertEqual(self.probe("envelope").data, {"caller": "psk=test", "agent": "probe"})

    def test_nothing_is_warned_about(self):
        self.extra = {"RUBYOPT": "-w"}
        self.assertEqual(self.probe("types").stderr, b"")

    def test_a_small_agent_loads_little(self):
        script = 'before = $LOADED_FEATURES.dup; require ARGV[0]; puts $LOADED_FEATURES - before'
        command = ["/usr/bin/ruby", "--disable=gems", "-e", script, f"{ROOT}/ruby/lib/hocket.rb"]
        for path in subprocess.check_output(command, text=True).splitlines():
            self.assertRegex(path, r"/(json|hocket|ostruct)\b")


@RUBY
class RubyWorker(AtOnce, Together, AgentTest):
    language = "ruby"

    def test_leaving_is_an_error_object(self):
        replies = self.serve(("leave",), ("abandon",), ("recurse",), ("unloadable",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [1, 1, 1, 1, 0])
        self.assertEnded()

    def test_leaving_ends_no_other_thread(self):
        replies = self.serve(*[("leave",), ("types",)] * 5, in_flight=4)
        self.assertEqual(sorted(reply["statuscode"] for reply in replies), [0] * 5 + [1] * 5)


@RUBY
class RubyForkWorker(Isolated, Together, AgentTest):
    language, fork = "ruby", True

    def test_children_draw_different_numbers(self):
        drawn = {reply["data"]["x"] for reply in self.serve(*[("random",)] * 5)}
        self.assertEqual(len(drawn), 5)

    def test_a_signal_costs_one_request(self):
        replies = self.serve(("term",), ("types",))
        self.assertIn("signal 15", replies[0]["crashed"])
        self.assertEqual(replies[1]["statuscode"], 0)

    def test_what_the_worker_has_registered_for_its_end_is_not_run_by_others(self):
        self.serve(("types",), ("leave",), ("vanish",), ("term",))
        self.assertNotIn(b"at_exit", self.result.log)

    def test_a_process_that_an_action_forks_has_nothing_to_reply(self):
        replies = self.serve(("fork_and_exit",), ("fork_and_raise",), ("fork_and_fail",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 0, 0, 0], self.result)
