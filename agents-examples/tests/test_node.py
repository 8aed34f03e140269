"""What node/lib/hocket.js promises: what all libraries do, and what only node does."""

import os
import unittest

from harness import ROOT, AgentTest, execute, is_running
from test_contract import ObjectContract
from test_worker import AtOnce, Together

NODE = unittest.skipUnless(os.access("/usr/bin/node", os.X_OK), "no /usr/bin/node")


@NODE
class NodeContract(ObjectContract, AgentTest):
    language = "node"

    def test_an_unforeseen_failure_leaves_its_stack(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/exception")
        self.assertIn("ENOENT", result.message)
        self.assertRegex(result.error["details"]["at"], r"^/.*/probe:\d+$")
        self.assertIn(b"    at boom ", result.log.replace(b"Object.", b""))

    def test_a_rejected_promise_is_an_unforeseen_failure(self):
        result = self.probe("rejects")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "RangeError: later")

    def test_what_is_thrown_outside_of_the_action_is_an_error_object(self):
        result = self.probe("stray")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "Error: in a timer")
        self.assertIn(b"Error: in a timer\n    at ", result.log)

    def test_anything_can_be_thrown(self):
        self.assertEqual(self.probe("throws_text").message, "only a text")

    def test_a_promise_that_is_never_settled_is_an_error_object(self):
        result = self.probe("never")
        self.assertFailed(result, "probe/exception")
        self.assertIn("before the reply", result.message)

    def test_what_goes_on_after_the_reply_holds_up_nothing(self):
        self.assertOk(self.probe("lingers"))

    def test_a_process_left_behind_holds_nothing(self):
        result = self.probe("leftover")
        self.assertTrue(is_running(result.data["pid"]))
        os.kill(result.data["pid"], 9)
        self.assertEqual(result.held, [])

    def test_names_that_every_object_has_are_no_actions_and_no_inputs(self):
        for name in ("__proto__", "constructor", "toString", "hasOwnProperty"):
            result = self.probe(name)
            self.assertFailed(result, "probe/unknown_action")
            self.assertEqual(result.reply["statuscode"], 2)
        self.assertFailed(self.probe("echo", {"__proto__": {"text": "x"}}), "probe/missing_input")

    def test_no_object_of_outputs_is_an_error(self):
        for what in ("nothing", "list", "bytes"):
            self.assertFailed(self.probe("no_object", {"what": what}), "probe/exception")

    def test_nan_is_an_error(self):
        self.assertFailed(self.probe("nan"), "probe/exception")
        self.assertEqual(self.probe("echo", {"text": "Infinity"}).data["text"], "Infinity")

    def test_what_json_would_lose_is_an_error(self):
        for what in ("promise", "map", "error", "big", "f"):
            self.assertFailed(self.probe("lost", {"what": what}), "probe/exception")

    def test_an_undefined_output_is_absent(self):
        result = self.probe("absent")
        self.assertEqual((result.data, result.reply["diff"]), ({"here": None}, "+ line\n"), result)

    def test_half_a_pair_of_surrogates_is_replaced(self):
        self.assertEqual(self.probe("surrogates").data, {"k\ufffd": 'a\ufffdx\ufffd \U0001f600 \\ud800 \\\ufffd "'})

    def test_by_hand_what_is_no_request_is_refused_too(self):
        result = self.probe("types", by_hand=True, stdin=b"[]")
        self.assertEqual((os.waitstatus_to_exitcode(result.status), result.stdout), (1, b""), result)
        self.assertIn(b"not a request", result.stderr)

    def test_a_descriptor_of_node_itself_is_not_taken_for_the_channel(self):
        self.extra = {"HOCKET_REPLY_FD": "3"}
        self.assertEqual(self.probe("noise", by_hand=True).data, {"answer": 42})

    def test_a_big_reply_by_hand_fits_through_a_pipe_that_does_not_block(self):
        path = self.folder + "/probe"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{ROOT}/tests/probes/node/probe 2>&1 | (sleep 0.2; cat)\n")
        os.chmod(path, 0o755)
        self.assertEqual(len(self.run_program(path, "big", {}, by_hand=True).data["text"]), 200000)


@NODE
class NodeWorker(AtOnce, Together, AgentTest):
    language = "node"

    def test_an_exit_answers_and_ends_it(self):
        replies = self.serve(("types",), ("leave",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 1], self.result)

    def test_what_is_thrown_outside_of_an_action_answers_and_ends_it(self):
        replies = self.serve(("nap",), ("stray",), ("types",), in_flight=2)
        self.assertEqual([reply["id"] for reply in replies], ["r1", "r2"], self.result)
        self.assertEqual([reply["statusmsg"] for reply in replies], ["Error: in a timer"] * 2)
        self.assertEnded(1)

    def test_a_promise_that_is_never_settled_is_answered_at_the_end(self):
        replies = self.serve(("never",), ("types",), in_flight=2)
        self.assertEqual([(reply["id"], reply["statuscode"]) for reply in replies], [("r2", 0), ("r1", 1)])

    def test_what_an_action_leaves_to_run_does_not_keep_it(self):
        self.assertEqual(len(self.serve(("lingers",), ("types",))), 2)
        self.assertEnded()

    def test_it_cannot_fork_and_says_so(self):
        self.fork = True
        self.assertEqual(self.serve(("types",)), [])
        self.assertEnded(1)
        self.assertIn(b"cannot fork", self.result.log)

    def wrapped(self, command, *requests):
        """Serves them with a probe that `command` starts, in which $probe is its path."""
        path = self.folder + "/probe"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nprobe={ROOT}/tests/probes/node/probe\n{command}\n")
        os.chmod(path, 0o755)
        lines = b"".join(self.line(f"r{number}", action) for number, action in enumerate(requests, 1))
        self.result = execute(path, self.environment(1), lines)
        self.assertEnded()
        return self.result.raw.count(b'"statuscode":0'), self.result.held

    def test_requests_may_stand_in_a_file(self):
        self.assertEqual(self.wrapped('cat >"$HOME/in"; exec $probe <"$HOME/in"', "types", "stdin", "types"), (3, []))

    @unittest.skipUnless(os.geteuid() == 0 and os.access("/usr/bin/setpriv", os.X_OK), "needs root and setpriv")
    def test_a_pipe_of_another_user_is_read(self):
        command = "exec setpriv --reuid=65534 --regid=65534 --clear-groups $probe"
        count, held = self.wrapped(command, "types", "stdin", "descriptors")
        self.assertEqual((count, held), (3, []), self.result)
        self.assertIn(b"0 -> /dev/null", self.result.raw)
        self.assertIn(b'"read":""', self.result.raw)
