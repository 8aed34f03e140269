#!/usr/bin/python3
"""hocket-json as shell agents use it: what it prints, and its exit codes. HOCKET_JSON names the program."""

import os
import subprocess
import unittest

PROGRAM = os.environ["HOCKET_JSON"]
REQUEST = '{"action":"usage","inputs":{"path":"/a \\"b\\"\\n","n":7,"big":9007199254740993,"deep":{"x":[1,null]},"a/b":"slash"}}'


def call(*words, stdin=""):
    done = subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Output(unittest.TestCase):
    def test_what_cannot_be_written_is_told(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "array", "a"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (70, "hocket-json: cannot write to standard output\n"))


class Get(unittest.TestCase):
    def assert_printed(self, pointer, expected):
        self.assertEqual(call("get", pointer, stdin=REQUEST), (0, expected + "\n", ""))

    def test_a_string_is_printed_as_it_is(self):
        self.assert_printed("/inputs/path", '/a "b"\n')

    def test_everything_else_is_printed_as_json(self):
        self.assert_printed("/inputs/n", "7")
        self.assert_printed("/inputs/big", "9007199254740993")
        self.assert_printed("/inputs/deep", '{"x":[1,null]}')
        self.assert_printed("/inputs/deep/x/1", "null")

    def test_a_slash_in_a_name_is_escaped(self):
        self.assert_printed("/inputs/a~1b", "slash")

    def test_what_is_absent_is_exit_1_and_silent(self):
        self.assertEqual(call("get", "/inputs/none", stdin=REQUEST), (1, "", ""))
        self.assertEqual(call("get", "/inputs/n/deeper", stdin=REQUEST), (1, "", ""))

    def test_bad_json_is_exit_65_and_says_what_is_wrong(self):
        for text in ("", "{", '{"a":1,"a":2}', '{"a":1} x', "\ufeff{}"):
            code, out, err = call("get", "/a", stdin=text)
            self.assertEqual((code, out), (65, ""), text)
            self.assertRegex(err, "^hocket-json: stdin: .")

    def test_a_bad_pointer_is_a_usage_error(self):
        for pointer in ("inputs", "/a~2"):
            code, _, err = call("get", pointer, stdin=REQUEST)
            self.assertEqual(code, 64, pointer)
            self.assertRegex(err, "^hocket-json: pointer '.* (does not begin with /|has a ~)")


class Keys(unittest.TestCase):
    def test_one_a_line(self):
        self.assertEqual(call("keys", "/inputs/deep", stdin=REQUEST), (0, "x\n", ""))
        self.assertEqual(call("keys", stdin=REQUEST), (0, "action\ninputs\n", ""))

    def test_what_is_no_object_has_none(self):
        self.assertEqual(call("keys", "/action", stdin=REQUEST)[0], 1)


class Make(unittest.TestCase):
    def test_text_and_json_members(self):
        self.assertEqual(call("object", "text=a=b", "empty=", "n:=3", 'list:=["x"]', "quoted=\"\n"),
                         (0, '{"empty":"","list":["x"],"n":3,"quoted":"\\"\\n","text":"a=b"}\n', ""))

    def test_a_member_that_is_no_json_is_named(self):
        code, out, err = call("object", "n:=three")
        self.assertEqual((code, out), (65, ""))
        self.assertIn("member 'n'", err)

    def test_a_word_that_is_no_member_is_a_usage_error(self):
        for word in ("name", "=x"):
            self.assertEqual(call("object", word)[0], 64, word)

    def test_a_member_that_is_given_twice_is_a_usage_error(self):
        for words in (("a=b", "a=c"), ("a=b", "a:=1")):
            code, out, err = call("object", *words)
            self.assertEqual((code, out), (64, ""))
            self.assertIn("member 'a' is given twice", err)

    def test_an_array_of_strings(self):
        self.assertEqual(call("array", "1", "", "a b"), (0, '["1","","a b"]\n', ""))


class Usage(unittest.TestCase):
    def test_what_is_not_known_is_exit_64_and_names_the_help(self):
        for words in ((), ("gte",), ("get",), ("keys", "/a", "/b")):
            code, out, err = call(*words)
            self.assertEqual((code, out), (64, ""), words)
            self.assertIn("hocket-json --help", err)

    def test_help_and_version(self):
        self.assertIn("hocket-json get POINTER", call("--help")[1])
        self.assertRegex(call("--version")[1], r"^hocket-json \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    unittest.main()
