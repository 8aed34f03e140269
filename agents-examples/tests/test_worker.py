"""What all libraries promise under contract worker (spec/agent.md §2.6), on the probes of test_contract.py."""

import json
import os
import time
import unittest

from harness import ROOT, AgentTest, execute, is_running, strict_json


class Worker:
    """Shared by the languages and their ways to serve; a mixin, so that it is not run for itself."""

    language, fork, isolated = None, False, False

    def serve(self, *requests, in_flight=1, stdin=None):
        """Sends (action, inputs) as r1, r2, ...; returns the replies in the order in which they came."""
        lines = [self.line(f"r{number}", *request) for number, request in enumerate(requests, 1)]
        path = f"{ROOT}/tests/probes/{self.language}/probe"
        self.result = execute(path, self.environment(in_flight), b"".join(lines) if stdin is None else stdin)
        self.assertEqual(os.listdir(self.tmp), [], "temporary files are left")
        self.assertTrue(not self.result.raw or self.result.raw.endswith(b"\n"), self.result)
        return [strict_json(line) for line in self.result.raw.split(b"\n")[:-1]]

    def line(self, number, action, inputs=None, **members):
        request = {
            "protocol": "io.hocket.agent.v1", "id": number, "agent": "probe", "action": action, "request_id": "01KAGJ",
            "caller": "psk=test", "collective": "main", "identity": "web1", "noop": False, "inputs": inputs or {},
            "deadline": int((time.time() + 30) * 1000), "config": {"a": [1, {"b": "}"}]}, **members,
        }
        return json.dumps(request, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"

    def environment(self, in_flight):
        return {
            "PATH": self.search_path, "LANG": "C.UTF-8", "HOME": self.folder, "TMPDIR": self.tmp, "PYTHONUNBUFFERED": "1",
            "HOCKET_PROTOCOL": "1", "HOCKET_AGENT": "probe", "HOCKET_REPLY_FD": "3", "HOCKET_EXECUTION_ID": "test-1",
            "HOCKET_CONTRACT": "worker", "HOCKET_WORKER_IN_FLIGHT": str(in_flight),
            "HOCKET_WORKER_FORK": "true" if self.fork else "false",
        }

    def assertEnded(self, code=0):
        self.assertEqual(os.waitstatus_to_exitcode(self.result.status), code, self.result)

    def one(self, action, inputs=None, **members):
        replies = self.serve((action, inputs), **members)
        self.assertEqual(len(replies), 1, self.result)
        return replies[0]

    def test_one_process_answers_in_order(self):
        replies = self.serve(("echo", {"text": "a"}), ("types",), ("echo", {"text": "c", "other": "d"}))
        self.assertEqual([reply["id"] for reply in replies], ["r1", "r2", "r3"], self.result)
        self.assertEqual([reply["statuscode"] for reply in replies], [0, 0, 0])
        self.assertEqual(replies[1]["data"]["nested"], {"a": [1, None]})
        self.assertEqual(replies[2]["data"], {"text": "c", "other": "d"})
        self.assertEnded()
        self.assertEqual(self.result.held, [])

    def test_what_is_warm_stays_only_without_a_process_of_its_own(self):
        replies = self.serve(("count",), ("count",), ("count",))
        self.assertEqual([reply["data"]["counted"] for reply in replies], [1, 1, 1] if self.isolated else [1, 2, 3])

    def test_an_end_without_a_request_is_no_error(self):
        self.assertEqual(self.serve(), [])
        self.assertEnded()
        self.assertEqual(self.result.log, b"")

    def test_a_line_that_is_no_request_ends_it(self):
        for line in (b"\n", b"{}\n", b'{"id":"r1","action":\n', b"[]\n", b'{"id":"r1","action":"types"}}\n'):
            self.assertEqual(self.serve(stdin=line), [], line)
            self.assertEnded(1)
            self.assertRegex(self.result.log, b"request")

    def test_blanks_and_a_last_line_without_newline_are_fine(self):
        replies = self.serve(stdin=b' { "id" : "x y" , "inputs": { "text" : "a , b" } ,\t"action": "echo" } ')
        self.assertEqual([(reply["id"], reply["data"]["text"]) for reply in replies], [("x y", "a , b")], self.result)

    def test_the_id_comes_back_as_it_was(self):
        text = 'a"b\\c/ä\U0001f600\n'
        self.assertEqual(self.serve(stdin=self.line(text, "types"))[0]["id"], text)

    def test_errors_do_not_end_it(self):
        replies = self.serve(("nope",), ("refuse",), ("boom",), ("echo",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [2, 1, 1, 3, 0], self.result)
        self.assertEqual([reply["id"] for reply in replies], ["r1", "r2", "r3", "r4", "r5"])
        kinds = [reply["error"]["kind"] for reply in replies[:4]]
        self.assertEqual(kinds[:2] + kinds[3:], ["probe/unknown_action", "probe/not_found", "probe/missing_input"])
        self.assertEqual(replies[1]["error"]["details"], {"tried": 3})
        self.assertEnded()

    def test_nothing_of_a_request_is_left_to_the_next(self):
        replies = self.serve(
            ("change", {}), ("boom",), ("echo", {"text": "a", "other": "b"}), ("echo", {"text": "c"}), ("leave",),
        )
        self.assertTrue(replies[0]["changed"])
        self.assertEqual((replies[2]["changed"], replies[2]["statusmsg"]), (False, "OK"))
        self.assertEqual(replies[3]["data"], {"text": "c", "other": "fallback"})
        self.assertNotIn("boom", replies[4]["statusmsg"])
        self.assertNotIn("/bin/false", replies[4]["statusmsg"])

    def test_noop_is_of_the_request(self):
        replies = self.serve(stdin=self.line("a", "change", noop=True) + self.line("b", "change"))
        self.assertEqual([reply["statusmsg"] for reply in replies], ["noop: would change", "changed it"])

    def test_every_character_survives(self):
        text = "".join(map(chr, range(1, 0x250))) + "\u2028€\ud7ff\ue000\uffff\U0001f600\U0010ffff'$(x)`x`${x}&\\\n*"
        self.assertEqual(self.one("echo", {"text": text})["data"]["text"], text)

    def test_every_escape_is_understood(self):
        text = "\"\\/\b\f\n\r\t\u0001\u0002\u0003\u0004\\u0041\\\\\"äß€\ud7ff\U0001f600\U0001f600x\U0010ffff\\"
        escaped = json.dumps(text).replace("/", "\\/").encode()
        upper = escaped.replace(b"\\ud83d", b"\\uD83D")
        for form in (escaped, upper):
            line = b'{"action":"echo","id":"r1","inputs":{"text":' + form + b'}}\n'
            self.assertEqual(self.serve(stdin=line)[0]["data"]["text"], text)

    def test_a_long_input_survives(self):
        text = 'line with "quotes", \x1b and ümlauts\n' * 1000
        self.assertEqual(self.one("echo", {"text": text})["data"]["text"], text)

    def test_a_big_reply_arrives_whole(self):
        replies = self.serve(("big",), ("types",), ("big",))
        self.assertEqual([len(reply["data"].get("text")) for reply in replies], [200000, 37, 200000])

    def test_what_is_printed_is_log(self):
        replies = self.serve(("noise",), ("noise",))
        self.assertEqual([reply["data"] for reply in replies], [{"answer": 42}] * 2)
        for text in (b"printed on stdout", b"printed by a child", b"printed on stderr"):
            self.assertEqual(self.result.log.count(text), 2)

    def test_an_action_has_nothing_to_read(self):
        replies = self.serve(("stdin",), ("stdin",))
        self.assertEqual([reply["data"] for reply in replies], [{"read": ""}] * 2, self.result)

    def test_what_an_action_starts_has_none_of_the_workers_pipes(self):
        lines = self.one("descriptors")["data"]["list"].splitlines()
        targets = dict(line.split()[-3::2] for line in lines if "->" in line)
        self.assertEqual(targets.pop("0"), "/dev/null")
        for number in set(targets) - {"1", "2"}:
            self.assertNotRegex(targets[number], "^(pipe|socket)", targets)

    def test_what_an_action_leaves_behind_holds_up_nothing(self):
        begin = time.monotonic()
        replies = self.serve(("leftover",), ("types",))
        for reply in replies[:1]:
            self.assertTrue(is_running(reply["data"]["pid"]))
            os.kill(reply["data"]["pid"], 9)
        self.assertEqual([reply["id"] for reply in replies], ["r1", "r2"])
        self.assertLess(time.monotonic() - begin, 3)


class Isolated(Worker):
    """Those that give each request a process of its own."""

    isolated = True

    def test_a_crash_costs_one_request(self):
        replies = self.serve(("types",), ("crash",), ("types",), ("vanish",), ("types",))
        self.assertEqual([reply["id"] for reply in replies], ["r1", "r2", "r3", "r4", "r5"], self.result)
        self.assertEqual([reply.get("statuscode") for reply in replies], [0, None, 0, None, 0])
        self.assertEqual(set(replies[1]), {"id", "crashed"})
        self.assertIn("signal 11", replies[1]["crashed"])
        self.assertIn("exit code 3", replies[3]["crashed"])
        self.assertEnded()

    def test_leaving_is_an_error_object(self):
        replies = self.serve(("leave",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [1, 0])


class Together:
    """Those that serve several at once."""

    def test_several_at_once(self):
        begin = time.monotonic()
        self.one("types")
        started = time.monotonic()
        replies = self.serve(*[("nap",)] * 6, in_flight=3)
        took = time.monotonic() - started
        self.assertEqual(sorted(reply["id"] for reply in replies), [f"r{number}" for number in range(1, 7)])
        self.assertLess(0.75, took)
        self.assertLess(took - (started - begin), 1.4)  # a busy machine takes long to start a process
        self.assertEnded()

    def test_big_replies_at_once_do_not_mix(self):
        replies = self.serve(*[("big",)] * 20, in_flight=4)
        self.assertEqual([len(reply["data"]["text"]) for reply in replies], [200000] * 20)


class ObjectWorker(Worker):
    """What those promise that give an action its request as an object."""

    def test_the_deadline_is_of_the_request(self):
        self.assertAlmostEqual(self.one("left")["data"]["seconds"], 30, delta=5)


class AtOnce(ObjectWorker):
    """Several requests at a time in one process."""

    def test_details_that_are_no_json_are_an_error(self):
        replies = self.serve(("bad_details",), ("nan",), ("types",))
        self.assertEqual([reply["statuscode"] for reply in replies], [1, 1, 0])

    def test_a_line_that_is_no_request_ends_all(self):
        self.serve(stdin=self.line("r1", "types") + b"x\n", in_flight=4)
        self.assertEnded(1)
        self.assertIn(b"not a request", self.result.log)


class BashWorker(Isolated, AgentTest):
    language = "bash"

    def test_fork_and_in_flight_change_nothing(self):
        self.fork = True
        self.assertEqual([reply["id"] for reply in self.serve(("types",), ("nap",), ("types",), in_flight=3)], ["r1", "r2", "r3"])

    def test_one_that_is_ended_says_nothing_of_its_insides(self):
        self.serve(("terminate",))
        self.assertNotIn(b"_hocket", self.result.log)
        self.assertNotIn(b"command_failed", self.result.log)

    def test_inputs_are_texts_as_in_the_variables(self):
        for value in ([], {}, [1, {"a\"": "b\\\n\x02\u20ac"}, [[]], "]}"], True, None, -1.5e+20, 7, ["a\0"], "", {"x": {}}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            self.assertEqual(self.one("echo", {"other": value, "text": "t", "z": [1]})["data"], {"text": "t", "other": text})

    def test_an_input_with_nul_is_refused_and_not_shortened(self):
        replies = self.serve(("echo", {"text": "a\0b"}), ("echo", {"text": "a\\u0000b"}), ("echo", {"text": "a", "other": "\0"}))
        kinds = [reply.get("error", {}).get("kind") for reply in replies]
        self.assertEqual(kinds, ["probe/unreadable_input", None, "probe/unreadable_input"])
        self.assertEqual(replies[1]["data"]["text"], "a\\u0000b")

    def test_an_input_called_omitted_is_found(self):
        self.assertEqual(self.one("omitted", {"omitted": "me"})["data"], {"value": "me"})

    def test_what_the_environment_of_commands_holds(self):
        data = self.one("deadline", {"secret": "hush"})["data"]
        for line in ("HOCKET_CALLER=psk=test", "HOCKET_REQUEST_ID=01KAGJ", "HOCKET_ACTION=deadline", "HOCKET_NOOP=false"):
            self.assertIn(line, data["environment"].splitlines())
        self.assertNotIn("hush", data["environment"])
        self.assertGreater(data["deadline"], time.time() * 1000)

    def test_half_a_pair_of_surrogates_is_replaced(self):
        line = b'{"action":"echo","id":"r1","inputs":{"text":"\\ud83dx\\ude00\\ud83d\\u0041"}}\n'
        self.assertEqual(self.serve(stdin=line)[0]["data"]["text"], "\ufffdx\ufffd\ufffdA")

    def test_an_older_reply_is_not_sent_again(self):
        replies = self.serve(("types",), ("vanish_well",))
        self.assertIn("exit code 0", replies[1]["crashed"])

    def test_an_action_sees_its_own_global_variables(self):
        replies = self.serve(("globals",), ("globals",))
        self.assertEqual([reply["data"]["globals"] for reply in replies], ["abcdefg"] * 2)

    def test_nothing_in_a_line_is_run(self):
        evil = "$(touch x)`touch y`;a[$(touch z)]"
        self.serve(stdin=self.line("r1", "echo", {"text": evil, evil: evil}, deadline=evil, noop=evil))
        self.serve(stdin=b'{"action":"echo","id":"r1","inputs":{"text":"\\u0[$(touch %s/x)]"}}\n' % self.folder.encode())
        self.assertFalse({"x", "y", "z"} & {*os.listdir("."), *os.listdir(self.folder)})


PHP = unittest.skipUnless(os.access("/usr/bin/php", os.X_OK), "no /usr/bin/php")


@PHP
class PhpWorker(ObjectWorker, AgentTest):
    language = "php"

    def test_an_exit_answers_and_ends_it(self):
        for action in ("leave", "memory"):
            replies = self.serve(("types",), (action,))
            self.assertEqual([reply["statuscode"] for reply in replies], [0, 1], self.result)

    def test_what_an_action_holds_back_is_log(self):
        replies = self.serve(("buffer",), ("buffer",))
        self.assertEqual([reply["data"]["level"] for reply in replies], [2, 2])
        self.assertEqual(self.result.log.count(b"kept back"), 2)


@PHP
class PhpForkWorker(Isolated, Together, AgentTest):
    language, fork = "php", True

    def test_a_fatal_error_costs_one_request(self):
        self.assertEqual([reply["statuscode"] for reply in self.serve(("memory",), ("types",))], [1, 0])

    def test_children_draw_different_numbers(self):
        drawn = {reply["data"]["x"] for reply in self.serve(*[("random",)] * 5)}
        self.assertEqual(len(drawn), 5)

    def test_without_pcntl_it_says_so(self):
        self.program("php", '#!/bin/sh\nexec /usr/bin/php -d disable_functions=pcntl_fork "$@"\n')
        path = self.folder + "/probe"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec {self.bin}/php {ROOT}/tests/probes/php/probe\n")
        os.chmod(path, 0o755)
        self.result = execute(path, self.environment(1), self.line("r1", "types"))
        self.assertEnded(1)
        self.assertIn(b"pcntl", self.result.log)


class PythonWorker(AtOnce, Together, AgentTest):
    language = "python"

    def test_leaving_is_an_error_object(self):
        self.assertEqual([reply["statuscode"] for reply in self.serve(("leave",), ("types",))], [1, 0])


class PythonForkWorker(Isolated, Together, AgentTest):
    language, fork = "python", True
