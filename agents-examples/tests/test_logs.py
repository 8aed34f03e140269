"""The agent `logs`, on a journalctl of our own that gives what a test puts into a file, the newest first."""

import json
import os
import subprocess
import time
import unittest

from harness import AgentTest, is_running

FAKE = """#!/usr/bin/python3 -ISB
import json, os, shutil, sys, time
FOLDER = %(folder)r
open(FOLDER + "/pid", "w").write(str(os.getpid()))
json.dump(sys.argv[1:], open(FOLDER + "/arguments", "w"))
shutil.copyfileobj(open(FOLDER + "/journal", "rb"), sys.stdout.buffer)
sys.stdout.buffer.flush()
exec(open(FOLDER + "/end").read())
"""
START = 1_790_000_000_000_000


class LogsTest(AgentTest):
    agent = "python/logs/logs"

    def setUp(self):
        super().setUp()
        self.program("journalctl", FAKE % {"folder": self.folder})
        self.journal()
        self.ends("")

    def journal(self, *entries):
        """Entries from the oldest to the newest: objects, or bytes as they are. Each is a second younger than the one before."""
        with open(self.folder + "/journal", "wb") as file:
            for number, entry in reversed(list(enumerate(entries))):
                if isinstance(entry, dict):
                    entry = json.dumps({"__REALTIME_TIMESTAMP": str(START + number * 1_000_000), **entry}).encode()
                file.write(entry + b"\n")

    def ends(self, code):
        with open(self.folder + "/end", "w", encoding="utf-8") as file:
            file.write(code)

    def read(self, name):
        with open(f"{self.folder}/{name}", encoding="utf-8") as file:
            return file.read()

    def arguments(self):
        return json.loads(self.read("arguments"))

    def search(self, seconds=30.0, **inputs):
        return self.run_agent("search", inputs, seconds=seconds)

    def messages(self, **inputs):
        result = self.search(**inputs)
        self.assertOk(result)
        return [line["message"] for line in result.data["lines"]]

    def units(self, seconds=30.0, **inputs):
        return self.run_agent("units", inputs, seconds=seconds)


class SearchTest(LogsTest):
    def test_a_line_is_described(self):
        self.journal({"MESSAGE": "it broke", "PRIORITY": "3", "_PID": "42", "SYSLOG_IDENTIFIER": "web", "_SYSTEMD_UNIT": "web.service"})
        result = self.search()
        self.assertOk(result)
        self.assertEqual(result.data, {"count": 1, "truncated": False, "seen": 1, "lines": [{
            "time": "2026-09-21T14:13:20.000Z", "unit": "web.service", "identifier": "web", "pid": 42, "priority": "err",
            "message": "it broke"}]})
        self.assertEqual((result.message, result.changed), ("OK", False))

    def test_the_newest_is_last(self):
        self.journal(*({"MESSAGE": text} for text in "abc"))
        self.assertEqual(self.messages(), ["a", "b", "c"])

    def test_only_so_many_and_the_newest_of_them(self):
        self.journal(*({"MESSAGE": text} for text in "abc"))
        result = self.search(lines=2)
        self.assertEqual([line["message"] for line in result.data["lines"]], ["b", "c"])
        self.assertTrue(result.data["truncated"])
        self.assertFalse(self.search(lines=3).data["truncated"])
        self.assertEqual(self.search(lines=2, pattern="a").data["truncated"], False)

    def test_a_pattern_is_a_text(self):
        self.journal({"MESSAGE": "a.c [x"}, {"MESSAGE": "abc"}, {"MESSAGE": "A.C"}, {"MESSAGE": 'quote " é'}, {})
        self.assertEqual(self.messages(pattern="a.c"), ["a.c [x"])
        self.assertEqual(self.messages(pattern="[x"), ["a.c [x"])
        self.assertEqual(self.messages(pattern="a.c", ignore_case=True), ["a.c [x", "A.C"])
        self.assertEqual(self.messages(pattern='" É', ignore_case=True), ['quote " é'])
        self.assertEqual(self.search(pattern="z").data, {"lines": [], "count": 0, "truncated": False, "seen": 5})

    def test_what_journalctl_is_told(self):
        self.search(unit="web", since="15m", priority="warning", pattern="--vacuum-time=1s")
        arguments = self.arguments()
        for argument in ("--reverse", "--no-pager", "--all", "--output=json", "--since=-900s", "--priority=warning", "--unit=web"):
            self.assertIn(argument, arguments)
        self.assertNotIn("vacuum", str(arguments))
        for since, seconds in (("90s", 90), ("2h", 7200), ("1d", 86400), ("1w", 604800), ("366d", 31622400)):
            self.search(since=since)
            self.assertIn(f"--since=-{seconds}s", self.arguments())
        self.assertFalse([argument for argument in self.arguments() if argument.startswith("--unit")])

    def test_no_value_becomes_an_option(self):
        for unit in ("-x", "--rotate", "-.mount"):
            self.assertOk(self.search(unit=unit))
            self.assertIn(f"--unit={unit}", self.arguments())
            self.assertTrue(all(argument.startswith("--") for argument in self.arguments()))

    def test_wrong_inputs_are_errors(self):
        for since in ("", "h", "1", "0h", "-1h", "1y", "1.5h", "1h ago", "yesterday", "367d", "99999999w", "１h", "1h\n", "$(id)", "2²h"):
            self.assertFailed(self.search(since=since), "logs/invalid_since")
        for lines in (0, -1, 1001):
            self.assertFailed(self.search(lines=lines), "logs/invalid_lines")
        for unit in ("", "a\0b", "$(id)", "a b", "web\n--rotate", "*", "é"):
            self.assertFailed(self.search(unit=unit), "logs/invalid_unit")
        self.assertFailed(self.search(priority="urgent"), "logs/invalid_priority")
        self.assertFalse(os.path.exists(self.folder + "/arguments"))

    def test_messages_that_are_no_utf8(self):
        self.journal({"MESSAGE": [97, 255, 98]}, {"MESSAGE": [["first"], "second"][1:]}, {"MESSAGE": [[99, 254], [100]]},
                     {"MESSAGE": None}, {"MESSAGE": []}, {"MESSAGE": "\ud800"})
        self.assertEqual(self.messages(), ["a\ufffdb", "second", "c\ufffd", "", "", "\ufffd"])
        self.assertEqual(self.messages(pattern="\ufffdb"), ["a\ufffdb"])

    def test_entries_that_are_none_are_counted(self):
        self.journal({"MESSAGE": "good"}, b"no json", b"[1]", b"{}", b'{"MESSAGE":[300],"__REALTIME_TIMESTAMP":"1"}',
                     {"MESSAGE": "late", "__REALTIME_TIMESTAMP": "9" * 30}, b"[" * 100_000, {"_PID": {"a": 1}, "PRIORITY": "x"})
        result = self.search()
        self.assertOk(result)
        self.assertEqual([line["message"] for line in result.data["lines"]], ["good", ""])
        self.assertEqual(result.message, "entries that could not be read, or are longer than 1048576 bytes: 6")
        self.assertEqual((result.data["lines"][1]["pid"], result.data["lines"][1]["priority"]), (None, ""))

    def test_very_long_entries_are_passed_over(self):
        self.journal({"MESSAGE": "before"}, {"MESSAGE": "x" * 3_000_000}, {"MESSAGE": "after"})
        result = self.search()
        self.assertEqual([line["message"] for line in result.data["lines"]], ["before", "after"])
        self.assertTrue(result.message.endswith("bytes: 1"), result.message)

    def test_long_messages_are_cut_but_searched_to_their_end(self):
        self.journal({"MESSAGE": "x" * 10_000 + "END"})
        self.assertEqual(self.messages(pattern="END"), ["x" * 2000 + "…"])

    def test_all_together_is_bounded(self):
        self.journal(*({"MESSAGE": str(number) + "x" * 5000} for number in range(400)))
        result = self.search(lines=1000)
        self.assertOk(result)
        self.assertLess(len(result.raw), 600_000)
        self.assertTrue(result.data["truncated"])
        self.assertTrue(result.data["lines"][-1]["message"].startswith("399x"))
        self.journal(*({"MESSAGE": "\x01" * 2000, "UNIT": f"{number}\x02" * 2000} for number in range(400)))
        for result in (self.search(lines=1000), self.units(limit=1000)):
            self.assertOk(result)
            self.assertLess(len(result.raw), 600_000)
            self.assertTrue(result.data["truncated"])

    def test_an_endless_journal_is_left_when_there_is_enough(self):
        self.journal({"MESSAGE": "x"})
        self.ends("while True: sys.stdout.write(open(FOLDER + '/journal').read())")
        result = self.search(lines=3)
        self.assertEqual((result.data["count"], result.data["truncated"]), (3, True))
        self.assertFalse(is_running(int(self.read("pid"))))


    def test_nothing_is_waited_for_when_there_is_enough(self):
        self.journal({"MESSAGE": "x"}, {"MESSAGE": "y"})
        self.ends("time.sleep(12)")
        start = time.monotonic()
        self.assertOk(self.search(lines=1))
        self.assertLess(time.monotonic() - start, 5)


class UnitsTest(LogsTest):
    def test_errors_are_counted(self):
        self.journal({"_SYSTEMD_UNIT": "a.service", "MESSAGE": "old"}, {"_SYSTEMD_UNIT": "b.service", "MESSAGE": "m" * 300},
                     {"_SYSTEMD_UNIT": "init.scope", "UNIT": "a.service", "MESSAGE": "new"},
                     {"SYSLOG_IDENTIFIER": "kernel", "_TRANSPORT": "kernel"}, {"_TRANSPORT": "stdout"}, {})
        result = self.units()
        self.assertOk(result)
        self.assertEqual(result.data["units"][0], {
            "unit": "a.service", "count": 2, "last": "2026-09-21T14:13:22.000Z", "message": "new"})
        self.assertEqual([unit["unit"] for unit in result.data["units"]], ["a.service", "b.service", "kernel", "stdout", "unknown"])
        self.assertEqual(len(result.data["units"][1]["message"]), 200)
        self.assertEqual((result.data["count"], result.data["errors"], result.data["truncated"]), (5, 6, False))

    def test_what_journalctl_is_told(self):
        self.units(since="1d")
        self.assertIn("--since=-86400s", self.arguments())
        self.assertIn("--priority=err", self.arguments())
        self.units(priority="crit")
        self.assertIn("--priority=crit", self.arguments())

    def test_what_is_shown_is_limited(self):
        self.journal({"UNIT": "a"}, {"UNIT": "b"}, {"UNIT": "b"})
        result = self.units(limit=1)
        self.assertEqual(([unit["unit"] for unit in result.data["units"]], result.data["count"], result.data["truncated"]),
                         (["b"], 2, True))
        self.assertFailed(self.units(limit=0), "logs/invalid_limit")

    def test_very_many_units_are_not_all_told_apart(self):
        self.journal(*({"UNIT": f"run-{number}.scope"} for number in range(5010)))
        result = self.units()
        self.assertEqual((result.data["count"], result.data["errors"], result.data["truncated"]), (5000, 5010, True))


class FailureTest(LogsTest):
    def test_no_journalctl(self):
        os.unlink(self.bin + "/journalctl")
        self.search_path = self.bin
        self.assertFailed(self.search(), "logs/no_journal")
        self.assertFailed(self.units(), "logs/no_journal")

    def test_reasons_are_told(self):
        for reason, kind in (("No journal files were opened due to insufficient permissions.", "permission_denied"),
                             ("Failed to determine timestamp", "failed"), ("", "failed")):
            self.ends(f"sys.stderr.buffer.write(b'\\xff' + {reason!r}.encode()); sys.exit(1)")
            result = self.search()
            self.assertFailed(result, f"logs/{kind}")
            self.assertIn(f"journalctl: \ufffd{reason}", result.message)
        self.ends("os.kill(os.getpid(), 11)")
        self.assertIn("ended with -11", self.search().message)

    def test_a_remark_is_passed_on(self):
        self.journal({"MESSAGE": "mine"})
        self.ends("sys.stderr.write('Hint: You are currently not seeing messages from other users.\\n' * 100_000)")
        result = self.search()
        self.assertEqual((result.outcome, result.data["count"]), ("ok", 1))
        self.assertTrue(result.message.startswith("Hint: You are"), result.message)
        self.assertLess(len(result.message), 600)

    def test_time_that_is_up_gives_what_was_seen(self):
        self.journal({"MESSAGE": "x", "UNIT": "u"})
        self.ends("sys.stdout.write('half a li'); sys.stdout.flush(); time.sleep(15)")
        for action in (self.search, self.units):
            start = time.monotonic()
            result = action(seconds=2.0)
            self.assertOk(result)
            self.assertLess(time.monotonic() - start, 4)
            self.assertEqual((result.data["count"], result.data["truncated"]), (1, True))
            self.assertEqual(result.message, "time was up after 1 entries: there may be older ones")
            self.assertFalse(is_running(int(self.read("pid"))))


@unittest.skipUnless(os.access("/usr/bin/journalctl", os.X_OK), "no journalctl")
class RealTest(LogsTest):
    def test_the_real_one_takes_our_options(self):
        os.unlink(self.bin + "/journalctl")
        if subprocess.run(["/usr/bin/journalctl", "-n", "1"], capture_output=True, check=False).returncode:
            self.skipTest("this user may not read the journal")
        for result in (self.search(unit="-x", lines=1, since="1w"), self.units(since="1w", priority="debug")):
            self.assertOk(result)
