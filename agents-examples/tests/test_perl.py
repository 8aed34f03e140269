"""What the Perl library promises: what all of them do, and what only this one does."""

import json
import os
import subprocess
import unittest

from harness import ROOT, AgentTest
from test_contract import ObjectContract
from test_worker import Isolated, ObjectWorker, Together

PERL = unittest.skipUnless(os.access("/usr/bin/perl", os.X_OK), "no /usr/bin/perl")
LIBRARY = f"{ROOT}/perl/lib/Hocket.pm"


@PERL
class PerlContract(ObjectContract, AgentTest):
    language = "perl"

    def test_an_unforeseen_failure_leaves_a_place(self):
        result = self.probe("boom")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "Illegal division by zero")
        self.assertRegex(result.error["details"]["at"], r"/probe:\d+$")
        self.assertIn(b"Illegal division by zero at ", result.log)

    def test_an_unforeseen_failure_leaves_a_backtrace(self):
        result = self.probe("deep")
        self.assertEqual(result.message, "deep within")
        self.assertRegex(result.log.decode(), r"deep within at \S+/probe line \d+.*\n\tmain::inner called at \S+/probe line \d+\n")

    def test_exceptions_without_a_place_have_one(self):
        for action, message in (("line", "without a place"), ("object", "Some::Error: its message")):
            result = self.probe(action)
            self.assertFailed(result, "probe/exception")
            self.assertEqual(result.error["message"], message)
            self.assertRegex(result.error["details"]["at"], r"/probe:\d+$")

    def test_leaving_is_told(self):
        result = self.probe("leave")
        self.assertFailed(result, "probe/exception")
        self.assertEqual(result.message, "exit() before the reply")
        self.assertEqual(os.waitstatus_to_exitcode(result.status), 0)

    def test_what_is_no_json_is_an_error(self):
        for action in ("nan", "infinite", "loop", "bad_details", "nothing"):
            result = self.probe(action)
            self.assertFailed(result, "probe/exception")
            self.assertNotIn("Hocket.pm", result.error["message"])

    def test_a_process_that_an_action_forks_has_nothing_to_reply(self):
        for action in ("fork_and_exit", "fork_and_die"):
            result = self.probe(action)
            self.assertOk(result)
            self.assertEqual(result.data, {"code": 3 if action == "fork_and_exit" else 1})

    def test_texts_are_bytes_or_characters(self):
        self.assertEqual(self.probe("texts").data, {
            "decoded": "ä€", "bytes": "ä", "digits": "007", "text": "7", "error": "No such file or directory",
            "half": "a\ufffd\ufffd\ufffdb\ufffd\ufffd\ufffd\ufffd", "names": {"€": 1, "\ufffd": 2},
        })

    def test_inputs_are_bytes(self):
        self.assertEqual(self.probe("echo_length", {"text": "ä"}).data, {"length": 2})

    def test_numbers_are_exact(self):
        data = self.probe("numbers").data
        self.assertEqual(data, {
            "sum": 7, "big": 9007199254740993, "unsigned": 18446744073709551615, "third": 1 / 3, "tenth": 0.1, "huge": 1e300,
            "tiny": -2.5e-7, "zero": 0,
        })
        self.assertIsInstance(data["big"], int)

    def test_booleans_are_those_of_json_pp(self):
        self.assertEqual(self.probe("booleans", {"on": True}).data, {
            "yes": True, "no": False, "one": True, "nil": False, "decoded": [True, False], "not": False, "input": "on",
            "encoded": "[true]", "is": "bool",
        })
        self.assertEqual(self.probe("booleans", {"on": False}).data["input"], "off")

    def test_inputs_keep_their_types(self):
        for value in (True, False, None, 7, -1.5, 9007199254740993, "7", "", [], {}, [{"a": [[], {}, "0"]}]):
            data = self.probe("echo", {"text": value, "other": [value]}).data
            self.assertEqual(json.dumps(data), json.dumps({"other": [value], "text": value}))

    def test_a_diff_is_told(self):
        self.assertEqual(self.probe("diff").reply["diff"], "-a\n+b\n")

    def test_the_envelope_is_there(self):
        self.assertEqual(self.probe("envelope").data, {"caller": "psk=test", "agent": "probe"})

    def test_a_small_agent_loads_little(self):
        script = f'require "{LIBRARY}"; print join " ", sort keys %INC'
        loaded = subprocess.check_output(["/usr/bin/perl", "-e", script], text=True).split()
        self.assertFalse({"JSON/PP.pm", "POSIX.pm", "Encode.pm", "B.pm", "Carp.pm"} & set(loaded), loaded)

    def test_it_gets_along_with_json_pp(self):
        for order in (f'require JSON::PP; require "{LIBRARY}";', f'require "{LIBRARY}"; require JSON::PP;'):
            script = order + " print JSON::PP->new->encode([Hocket::bool(1), JSON::PP::false()])"
            done = subprocess.run(["/usr/bin/perl", "-w", "-e", script], capture_output=True, text=True, check=True)
            self.assertEqual((done.stdout, done.stderr), ("[true,false]", ""))


@PERL
class PerlBeforeBuiltin(AgentTest):
    """Perl 5.30 to 5.34 cannot tell a number by itself: the library asks B."""

    def setUp(self):
        super().setUp()
        with open(self.folder + "/Older.pm", "w", encoding="utf-8") as file:
            file.write("undef &builtin::is_bool; delete @builtin::{qw(is_bool created_as_number)}; 1;\n")
        self.extra = {"PERL5LIB": self.folder, "PERL5OPT": "-MOlder"}

    def probe(self, action):
        return self.run_program(f"{ROOT}/tests/probes/perl/probe", action, {})

    def test_types_are_kept(self):
        data = self.probe("types").data
        self.assertEqual((data["whole"], data["broken"], data["yes"], data["nested"]), (-7, 1.5, True, {"a": [1, None]}))
        data = self.probe("numbers").data
        self.assertEqual((data["sum"], data["unsigned"], data["zero"]), (7, 18446744073709551615, 0))

    def test_a_text_that_was_used_as_a_number_stays_one(self):
        data = self.probe("texts").data
        self.assertEqual((data["digits"], data["text"]), ("007", "7"))

    def test_comparisons_are_no_booleans(self):
        self.assertNotIn(True, [value is True for value in self.probe("core_booleans").data.values()])


@PERL
class PerlWorker(ObjectWorker, AgentTest):
    language = "perl"

    def test_an_exit_answers_and_ends_it(self):
        replies = self.serve(("types",), ("leave",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 1], self.result)
        self.assertEnded()

    def test_details_that_are_no_json_are_an_error(self):
        replies = self.serve(("bad_details",), ("nan",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [1, 1, 0])

    def test_perls_global_variables_do_not_disturb_it(self):
        replies = self.serve(("separators",), ("echo", {"text": "a\nb"}), ("noise",))
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 0, 0], self.result)


@PERL
class PerlForkWorker(Isolated, Together, AgentTest):
    language, fork = "perl", True

    def test_children_draw_different_numbers(self):
        drawn = {reply["data"]["x"] for reply in self.serve(*[("random",)] * 5)}
        self.assertEqual(len(drawn), 5)

    def test_a_process_that_an_action_forks_has_nothing_to_reply(self):
        replies = self.serve(("fork_and_exit",), ("fork_and_die",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 0, 0], self.result)


@PERL
class PerlJson(unittest.TestCase):
    """The parser and the writer of the library, against those of Python."""

    def through(self, texts):
        """Each text read and written again; None for what was refused."""
        script = f'''require "{LIBRARY}"; $/ = "\\0"; $| = 1;
            while (my $text = <STDIN>) {{
                chomp $text;
                print eval {{ Hocket::JSON::encode(Hocket::JSON::decode($text)) }} // "", "\\0";
            }}'''
        done = subprocess.run(
            ["/usr/bin/perl", "-e", script], input=b"".join(text + b"\0" for text in texts), capture_output=True, check=True,
        )
        self.assertEqual(done.stderr, b"")
        return [json.loads(line) if line else None for line in done.stdout.split(b"\0")[:-1]]

    def test_values_survive(self):
        values = [
            0, -1, 1.5, 1e-7, 123456789012345678, 0.1 + 0.2, 1e22, "", "a", "\\\"/\b\f\n\r\t\x01\x7f", "ä€😀", [], {}, [[]],
            {"": {"a b": [1, "1", 1.0, True, False, None]}}, {"ä": "\ud7ff\ue000\uffff"}, "\\u0041", "x" * 100000, ["\n" * 100000],
        ]
        for value in values:
            wrapped = [value, "end"]
            forms = [(is_ascii, indent) for is_ascii in (True, False) for indent in (None, 1)]
            texts = [json.dumps(wrapped, ensure_ascii=is_ascii, indent=indent).encode() for is_ascii, indent in forms]
            self.assertEqual(self.through(texts), [wrapped] * 4)

    def test_what_is_no_json_is_refused(self):
        bad = [
            b"", b" ", b"[", b"]", b"[1,]", b"[,1]", b"[1 2]", b"{", b'{"a"}', b'{"a":}', b'{"a":1,}', b'{"a":1 "b":2}', b"{a:1}",
            b"01", b"1.", b".5", b"+1", b"1e", b"-", b"tru", b"TRUE", b"nan", b"NaN", b"Infinity", b"'a'", b'"a', b'"\\',
            b'"\\u12"', b'"\\x"', b'"\n"', b'"\x1f"', b"1 1", b"[]]", b"\x0b1", b"1\x0c", b"// x", b"truefalse", b"1true",
        ]
        for text, value in zip(bad, self.through(bad)):
            self.assertIsNone(value, text)

    def test_half_a_pair_of_surrogates_is_replaced(self):
        text = b'"\\ud83dx\\ude00\\ud83d\\u0041\\ud83d\\ud83d\\ude00"'
        self.assertEqual(self.through([text]), ["\ufffdx\ufffd\ufffdA\ufffd\U0001f600"])
