"""What all libraries promise, on one probe agent in each language; then what each of them promises alone."""

import os
import unittest

from harness import ROOT, AgentTest, is_running

PROBES = os.path.join(ROOT, "tests", "probes")


class Contract:
    """Shared by the languages; a mixin, so that it is not run for itself."""

    language = None

    def probe(self, action, inputs=None, **options):
        return self.run_program(f"{PROBES}/{self.language}/probe", action, inputs or {}, **options)

    def test_outputs_keep_their_types(self):
        result = self.probe("types")
        self.assertOk(result)
        self.assertEqual(result.data, {
            "text": 'quote " backslash \\ & newline \n tab \t', "whole": -7, "broken": 1.5, "yes": True,
            "nested": {"a": [1, None]}, "list": ["a b", "", "c\x01"],
        })
        self.assertIsInstance(result.data["broken"], float)
        self.assertEqual((result.message, result.reply["changed"]), ("OK", False))

    def test_every_character_survives(self):
        text = "".join(map(chr, range(1, 0x250))) + "\u2028€\ud7ff\ue000\uffff\U0001f600\U0010ffff'$(x)`x`${x}&\\\n"
        result = self.probe("echo", {"text": text})
        self.assertEqual(result.data, {"text": text, "other": "fallback"})

    def test_a_long_text_survives(self):
        text = 'line with "quotes" and ümlauts\n' * 3000
        self.assertEqual(self.probe("echo", {"text": text}).data["text"], text)

    def test_an_input_that_is_only_on_stdin_is_found(self):
        result = self.probe("echo", {"text": "secret\n\n", "other": "x" * 40000}, sensitive=["text"])
        self.assertEqual(result.data, {"text": "secret\n\n", "other": "x" * 40000})

    def test_an_empty_input_is_not_a_missing_one(self):
        self.assertEqual(self.probe("echo", {"text": "", "other": ""}).data, {"text": "", "other": ""})

    def test_a_missing_input_is_an_error(self):
        result = self.probe("echo")
        self.assertFailed(result, "probe/missing_input")
        self.assertEqual(result.reply["statuscode"], 3)

    def test_what_is_printed_is_log(self):
        result = self.probe("noise")
        self.assertOk(result)
        self.assertEqual(result.data, {"answer": 42})
        for text in (b"printed on stdout", b"printed by a child", b"printed on stderr"):
            self.assertIn(text, result.log)

    def test_what_is_printed_is_log_by_hand_too(self):
        result = self.probe("noise", by_hand=True)
        self.assertOk(result)
        self.assertEqual(result.data, {"answer": 42})

    def test_by_hand_everything_comes_from_stdin(self):
        result = self.probe("echo", {"text": "ä\n"}, by_hand=True)
        self.assertEqual(result.data, {"text": "ä\n", "other": "fallback"})

    def test_by_hand_noop_comes_from_stdin(self):
        self.assertEqual(self.probe("change", noop=True, by_hand=True).message, "noop: would change")

    def test_a_foreseen_failure_has_kind_message_and_details(self):
        result = self.probe("refuse")
        self.assertFailed(result, "probe/not_found")
        self.assertEqual(result.error["message"], "it is not here\nand never was")
        self.assertEqual(result.error["details"], {"tried": 3})
        self.assertEqual((result.reply["statuscode"], result.message), (1, "it is not here"))

    def test_an_unforeseen_failure_is_an_error_object(self):
        result = self.probe("boom")
        self.assertEqual(result.outcome, "failed", result)
        self.assertTrue(result.kind.startswith("probe/"), result)
        self.assertTrue(result.error["message"])

    def test_leaving_without_a_reply_is_an_error_object(self):
        self.assertEqual(self.probe("leave").outcome, "failed")

    def test_an_unknown_action_has_code_2(self):
        for action in ("nope", "main", "_", "echo;id", "__construct"):
            result = self.probe(action)
            self.assertFailed(result, "probe/unknown_action")
            self.assertEqual(result.reply["statuscode"], 2)

    def test_bytes_that_are_no_utf8_are_replaced(self):
        result = self.probe("bytes")
        self.assertOk(result)
        self.assertRegex(result.data["text"], "^a\ufffdb \ufffd+ \ufffd$")

    def test_changed_and_message_are_told(self):
        for noop, message in ((False, "changed it"), (True, "noop: would change")):
            result = self.probe("change", noop=noop)
            self.assertEqual((result.changed, result.message, result.data), (True, message, {}))

    def test_empty_stdin_is_no_request(self):
        for text in (b"", b"\n"):
            result = self.probe("types", stdin=text)
            self.assertEqual((result.outcome, result.raw), ("crashed", b""), result)
            self.assertEqual(os.waitstatus_to_exitcode(result.status), 1)
            self.assertIn(b"no request", result.log)

    def test_the_reply_channel_is_released(self):
        self.assertEqual(self.probe("types").held, [])


class ObjectContract(Contract):
    """What those promise that give an action its request as an object; in bash there are variables alone."""

    def test_the_deadline_is_known(self):
        self.assertAlmostEqual(self.probe("left", seconds=30).data["seconds"], 30, delta=5)

    def test_what_is_no_request_is_refused(self):
        for text in (b"{}", b"[]", b"7", b"null", b"{", b'{"action":{}}', b'{"action":"types"} x', b'"types"', b"\xff"):
            result = self.probe("types", stdin=text)
            self.assertEqual((os.waitstatus_to_exitcode(result.status), result.raw), (1, b""), (text, result))
            self.assertIn(b"not a request", result.log)


class BashContract(Contract, AgentTest):
    language = "bash"

    def test_an_unforeseen_failure_names_the_command(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/command_failed")
        self.assertRegex(result.error["message"], r"^line \d+: /bin/false \(status 1\)$")

    def test_an_unset_variable_is_an_error(self):
        self.assertFailed(self.probe("unset"), "probe/command_failed")

    def test_values_of_the_wrong_type_are_errors(self):
        self.assertFailed(self.probe("bad_int"), "probe/bad_output")
        self.assertFailed(self.probe("bad_name"), "probe/bad_output")

    def test_a_subshell_does_not_reply(self):
        result = self.probe("subshell")
        self.assertFailed(result, "probe/command_failed")
        self.assertIn(b"hidden: only logged", result.log)

    def test_the_last_value_of_an_output_holds(self):
        self.assertEqual(self.probe("twice").data, {"n": 2})

    def test_an_input_called_omitted_is_not_the_list_of_those_without_a_variable(self):
        for secret in (["omitted"], []):
            self.assertEqual(self.probe("omitted", {"omitted": "me"}, sensitive=secret).data, {"value": "me"})

    def test_an_input_with_nul_is_refused_and_not_shortened(self):
        self.assertFailed(self.probe("echo", {"text": "a\0b"}), "probe/unreadable_input")

    def test_without_the_tool_an_omitted_input_is_an_error_and_not_its_default(self):
        os.unlink(os.path.join(self.bin, "hocket-json"))
        self.program("hocket-json", "#!/bin/sh\nexit 65\n")
        result = self.probe("echo", {"text": "a", "other": "secret"}, sensitive=["other"])
        self.assertFailed(result, "probe/unreadable_input")

    def test_by_hand_without_the_tool_the_message_helps(self):
        os.unlink(os.path.join(self.bin, "hocket-json"))
        self.program("hocket-json", "#!/bin/sh\nexit 127\n")
        result = self.probe("echo", by_hand=True)
        self.assertFailed(result, "probe/no_action")
        self.assertIn("HOCKET_ACTION", result.message)

    def test_long_rubbish_is_replaced_in_reasonable_time(self):
        result = self.probe("run", {"command": "head -c 16384 /dev/urandom"})
        self.assertOk(result)
        self.assertIn("\ufffd", result.data["output"])

    def test_run_gives_status_and_output(self):
        result = self.probe("run", {"command": "echo out; echo err >&2; exit 3"})
        self.assertEqual(result.data, {"status": 3, "output": "out\nerr"})

    def test_run_hands_over_little(self):
        result = self.probe("run", {"command": "env; ls /proc/self/fd; cat"})
        self.assertNotIn("HOCKET_INPUT", result.data["output"])
        self.assertIn("MARK=yes", result.data["output"])
        self.assertIn("HOCKET_EXECUTION_ID=test-1", result.data["output"])
        self.assertEqual(result.data["output"].splitlines()[-4:], ["0", "1", "2", "3"])  # 3 is the folder that ls reads

    def test_a_daemon_left_behind_holds_nothing(self):
        result = self.probe("run", {"command": "sleep 600 & echo $!"})
        daemon = int(result.data["output"])
        self.addCleanup(os.kill, daemon, 9)
        self.assertTrue(is_running(daemon))
        self.assertEqual(result.held, [])


@unittest.skipUnless(os.access("/usr/bin/php", os.X_OK), "no /usr/bin/php")
class PhpContract(ObjectContract, AgentTest):
    language = "php"

    def test_a_warning_is_an_error(self):
        result = self.probe("warning")
        self.assertFailed(result, "probe/exception")
        self.assertIn("Undefined array key", result.message)

    def test_a_hushed_warning_is_none(self):
        self.assertEqual(self.probe("hushed").data, {"x": False})

    def test_running_out_of_memory_is_an_error_object(self):
        result = self.probe("memory")
        self.assertFailed(result, "probe/exception")
        self.assertIn("memory size", result.message)

    def test_nan_is_an_error(self):
        self.assertFailed(self.probe("nan"), "probe/exception")


class PythonContract(ObjectContract, AgentTest):
    language = "python"

    def test_an_unforeseen_failure_leaves_a_traceback(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/exception")
        self.assertRegex(result.error["details"]["at"], r"/probe:\d+$")
        self.assertIn(b"Traceback", result.log)

    def test_a_process_that_an_action_forks_has_nothing_to_reply(self):
        for action, code in (("fork_and_exit", 3), ("fork_and_raise", 1)):
            result = self.probe(action)
            self.assertOk(result)
            self.assertEqual(result.data, {"code": code})

    def test_no_dict_is_an_error(self):
        self.assertFailed(self.probe("nothing"), "probe/exception")

    def test_nan_is_an_error(self):
        self.assertFailed(self.probe("nan"), "probe/exception")

    def test_no_bytecode_is_left(self):
        self.assertFalse(os.path.exists(os.path.join(ROOT, "python", "lib", "__pycache__")))
