"""The agent `shell`, on harmless commands. What they leave running has a number of ours among its arguments, and is ended by us."""

import ctypes
import fcntl
import json
import os
import random
import signal
import stat
import subprocess
import time
import unittest

from harness import ROOT, AgentTest, is_running, wait_until

PR_SET_CHILD_SUBREAPER = 36
NOBODY = 65534
ID = "01KAGJ5FG0ZJ4V8Q6X3T2N5M"  # the beginning of a request's id
UNKNOWN = ID + "ZZ"
SETPRIV = f"exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
IS_ROOT = os.geteuid() == 0
CAN_BE_NOBODY = IS_ROOT and os.access("/usr/bin/setpriv", os.X_OK)


def setUpModule():
    """What loses its parent comes to us, so that nothing of it stays, not even a zombie."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def tearDownModule():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


class ShellTest(AgentTest):
    agent = "python/optional/shell/shell"

    def setUp(self):
        super().setUp()
        self.requests, self.launcher = 0, None
        self.jobs = self.folder + "/jobs"
        self.config = {"folder": self.jobs}
        self.mark = f"300.{random.randrange(10**12)}"
        self.sleep = f"/bin/sleep {self.mark}"  # whatever has this among its arguments is ours
        self.addCleanup(self.end_everything)

    def end_everything(self):
        left = self.alive() + self.keepers()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        self.assertTrue(wait_until(lambda: not self.alive() + self.keepers()))
        reap()
        self.assertEqual(left, [], "processes were left")

    @staticmethod
    def end(pid):
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_running(pid))

    def alive(self):
        return with_text("cmdline", self.mark)

    def keepers(self):
        """The processes that keep the jobs of this test: they have our folder as their home, and are no commands."""
        agents = set(with_text("environ", f"HOME={self.folder}\0")) & set(with_text("cmdline", "python/optional/shell/shell\0"))
        return sorted(agents)

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, request_id="", **options):
        self.requests += 1
        request = {"agent": "shell", "action": action, "noop": noop, "inputs": inputs, "config": self.config,
                   "caller": "psk=ana", "deadline": int((time.time() + seconds) * 1000),
                   "request_id": request_id or f"{ID}{self.requests:02}"}
        return super().run_program(self.launcher or path, action, inputs, noop, seconds,
                                   stdin=json.dumps(request).encode() + b"\n", **options)

    def launched_by(self, line):
        """From now on the agent is started by this line of a shell, which ends with its path."""
        self.program("launcher", f"#!/bin/sh\n{line} {os.path.join(ROOT, self.agent)}\n")
        self.launcher = self.bin + "/launcher"

    def shell(self, command, noop=False, seconds=30.0, **inputs):
        return self.run_agent("run", {"command": command, **inputs}, noop=noop, seconds=seconds)

    def output(self, command, **inputs):
        result = self.shell(command, **inputs)
        self.assertOk(result)
        return result.data["stdout"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text=""):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)


class RunTest(ShellTest):
    def test_a_command(self):
        result = self.shell("echo out; echo err >&2; exit 3")
        self.assertOk(result)
        self.assertEqual(result.data, {"exitcode": 3, "stdout": "out\n", "stderr": "err\n", "stdout_bytes": 4, "stderr_bytes": 4,
                                       "truncated": False, "left": 0})
        self.assertTrue(result.changed)
        self.assertRegex(result.message, r"^exit code 3, as \S+ in /: 'echo out; echo err >&2; exit 3'$")

    def test_it_is_a_line_for_the_shell(self):
        self.assertEqual(self.output("printf '%s,' a \"b c\" $((1 + 1)) | tr , ';'"), "a;b c;2;")
        self.assertEqual(self.output("x=1\nif [ $x = 1 ]\nthen echo yes\nfi\n"), "yes\n")
        self.assertEqual(self.output("echo 'é \"$HOME\" \\'"), "é \"$HOME\" \\\n")

    def test_a_line_that_begins_with_a_dash_is_no_option(self):
        for line in ("-x", "--", "-c 'exit 0'", "+x"):
            result = self.shell(line)
            self.assertEqual((result.outcome, result.data["exitcode"], result.data["stdout"]), ("ok", 127, ""), line)

    def test_a_signal_is_no_exit_code(self):
        result = self.shell("kill -SEGV $$")
        self.assertOk(result)
        self.assertNotIn("exitcode", result.data)
        self.assertEqual(result.data["signal"], "SEGV")
        self.assertIn("ended by SEGV", result.message)

    def test_messages_have_one_short_line(self):
        message = self.shell("true\n\x1b[31m # é" + "x" * 1000).message
        self.assertIn(r"'true\n\x1b[31m # éxxx", message)
        self.assertLess(len(message), 300)

    def test_where_it_runs(self):
        self.assertEqual(self.output("pwd"), "/\n")
        self.assertEqual(self.output("pwd -P", cwd=self.folder), os.path.realpath(self.folder) + "\n")
        for cwd in (self.folder + "/none", self.write("file"), "tmp", "", "../x", "/a\0b"):
            self.assertFailed(self.shell(f"touch {self.folder}/ran", cwd=cwd), "shell/invalid_cwd")
        self.assertFalse(os.path.exists(self.folder + "/ran"))

    def test_its_environment(self):
        lines = self.output("env", env={"A": "b c", "HOME": "/x"}).splitlines()
        self.assertIn("A=b c", lines)
        self.assertIn("HOME=/x", lines)
        self.assertIn("LANG=C.UTF-8", lines)
        self.assertEqual([line for line in lines if line.startswith(("HOCKET_", "PYTHON"))], ["HOCKET_EXECUTION_ID=test-1"])

    def test_variables_that_cannot_be(self):
        for env in ({"HOCKET_EXECUTION_ID": "x"}, {"": "x"}, {"A=B": "x"}, {"é": "x"}, {"1": "x"}, {"A": 1}, {"A": None},
                    {"A": "TOP\0SECRET"}, {f"A{number}": "x" for number in range(101)}):
            result = self.shell("true", env=env)
            self.assertFailed(result, "shell/invalid_env")
            self.assertNotIn(b"SECRET", result.raw + result.log)

    def test_more_than_the_system_takes(self):
        for inputs in ({"env": {"A": "x" * 200_000}}, {"command": "true " + "x" * 16_380}):
            result = self.shell(**{"command": "true", **inputs})
            self.assertIn(result.kind, ("shell/not_started", "shell/invalid_command"))

    def test_commands_that_are_none(self):
        for line in ("", " \n", "a\0b"):
            self.assertFailed(self.shell(line), "shell/invalid_command")
        self.assertFailed(self.shell("true", orphans="eat"), "shell/invalid_orphans")
        for timeout in (-1, 2592001):
            self.assertFailed(self.shell("true", timeout=timeout), "shell/invalid_timeout")

    def test_its_input(self):
        self.assertEqual(self.output("cat"), "", "the request is none of its business")
        self.assertEqual(self.output("cat", stdin="é\0\n"), "é\0\n")
        self.assertEqual(self.output("wc -c", stdin="x" * 262144).strip(), "262144")
        self.assertEqual(self.output("true", stdin="nobody reads it"), "")

    def test_it_has_no_descriptor_of_the_agent(self):
        self.assertEqual(self.output("ls /proc/self/fd").split(), ["0", "1", "2", "3"])  # the last one is the folder's own

    def test_bytes_that_are_no_utf8(self):
        result = self.shell(r"printf 'a\377b\303'; printf '\200' >&2")
        self.assertEqual((result.data["stdout"], result.data["stderr"]), ("a\ufffdb\ufffd", "\ufffd"))
        self.assertEqual((result.data["stdout_bytes"], result.data["stderr_bytes"]), (4, 1))

    def test_noop_runs_nothing(self):
        result = self.shell(f"touch {self.folder}/ran", noop=True)
        self.assertEqual((result.outcome, result.changed, result.data), ("ok", True, {}))
        self.assertIn(f"noop: would run 'touch {self.folder}/ran'", result.message)
        self.assertFalse(os.path.exists(self.folder + "/ran"))
        self.assertFailed(self.shell("true", noop=True, cwd="/no/such"), "shell/invalid_cwd")

    def test_it_can_be_told_to_fail(self):
        result = self.shell("echo out; echo why >&2; exit 2", must_succeed=True)
        self.assertFailed(result, "shell/exit_code")
        details = result.error["details"]
        self.assertEqual((details["exitcode"], details["stdout"], details["stderr"]), (2, "out\n", "why\n"))
        self.assertFailed(self.shell("kill $$", must_succeed=True), "shell/exit_code")
        self.assertOk(self.shell("true", must_succeed=True))


class OutputTest(ShellTest):
    def test_the_middle_of_much_is_left_out(self):
        result = self.shell("head -c 40000 /dev/zero | tr '\\0' a; head -c 60000 /dev/zero | tr '\\0' b")
        self.assertEqual(result.data["stdout"], f"{'a' * 32768}\n[… {100_000 - 65_536} bytes left out …]\n{'b' * 32768}")
        self.assertEqual((result.data["stdout_bytes"], result.data["truncated"]), (100_000, True))

    def test_the_limit_itself_is_whole(self):
        for number, is_cut in ((65536, False), (65537, True)):
            result = self.shell(f"head -c {number} /dev/zero | tr '\\0' a >&2")
            self.assertEqual((result.data["truncated"], result.data["stderr"] == "a" * number), (is_cut, not is_cut))

    def test_no_character_is_cut_in_half(self):
        for shift in range(4):
            text = self.output(f"printf '%{shift}s' ''; yes 😀 | head -n 50000 | tr -d '\\n'")
            self.assertNotIn("\ufffd", text)
            self.assertIn("bytes left out", text)

    def test_the_worst_fits_into_a_reply(self):
        result = self.shell("head -c 200000 /dev/zero | tr '\\0' '\\001'; head -c 200000 /dev/zero >&2")
        self.assertOk(result)
        self.assertLess(len(result.raw), (1 << 20) - (16 << 10))

    def test_endless_output_is_ended(self):
        result = self.shell("yes", timeout=1)
        self.assertFailed(result, "shell/timeout")
        self.assertTrue(result.error["details"]["stdout"].startswith("y\ny\n"))
        self.assertTrue(result.error["details"]["truncated"])
        self.assertLess(len(result.raw), 300_000)

    def test_the_end_of_output_is_not_waited_for_when_nobody_stops(self):
        start = time.monotonic()
        result = self.shell(f"yes {self.mark} & exit 0", orphans="keep")
        self.assertEqual((result.outcome, result.data["exitcode"], result.data["left"]), ("ok", 0, 1))
        self.assertLess(time.monotonic() - start, 5)
        self.assertTrue(wait_until(lambda: not self.alive()), "nobody reads its pipe any more")


class TreeTest(ShellTest):
    def assert_ended(self, result, held=()):
        self.assertEqual((self.alive(), result.held), ([], list(held)), result)

    def test_a_timeout_ends_the_whole_tree(self):
        start = time.monotonic()
        line = f"echo begun; setsid {self.sleep} & env -i setsid -f {self.sleep}; {self.sleep} | {self.sleep}"
        result = self.shell(line, timeout=1)
        self.assertFailed(result, "shell/timeout")
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual((result.error["details"]["stdout"], result.error["details"]["truncated"]), ("begun\n", False))
        self.assertIn("it had not ended after 1 s, and was ended: 'echo begun;", result.message)
        self.assert_ended(result)

    def test_it_may_say_something_at_its_end(self):
        result = self.shell(f"trap 'echo bye; exit 0' TERM; {self.sleep} & wait", timeout=1)
        self.assertEqual((result.kind, result.error["details"]["stdout"]), ("shell/timeout", "bye\n"))
        self.assert_ended(result)

    def test_what_ignores_term_or_is_stopped_gets_kill(self):
        for line in (f"trap '' TERM; {self.sleep}; {self.sleep}", f"{self.sleep} & kill -STOP $$"):
            start = time.monotonic()
            result = self.shell(line, timeout=1)
            self.assertFailed(result, "shell/timeout")
            self.assertLess(time.monotonic() - start, 8)
            self.assert_ended(result)

    def test_what_goes_on_forking_is_caught(self):
        line = f"trap '' TERM; while :; do (trap '' TERM; setsid sh -c '{self.sleep}; :' &) ; /bin/sleep 0.02; done"
        result = self.shell(line, timeout=1)
        self.assertFailed(result, "shell/timeout")
        self.assert_ended(result)

    def test_the_deadline_of_the_request_counts(self):
        start = time.monotonic()
        result = self.shell(f"echo begun; {self.sleep}", seconds=4.0)
        self.assertFailed(result, "shell/timeout")
        self.assertLess(time.monotonic() - start, 4)
        self.assertEqual(result.error["details"]["stdout"], "begun\n")
        self.assertFailed(self.shell(f"{self.sleep}", seconds=1.5, timeout=60), "shell/timeout")
        self.assertFailed(self.shell(f"{self.sleep}", seconds=0.0), "shell/timeout")
        self.assert_ended(result)

    def test_a_daemon_that_holds_the_pipes_is_ended(self):
        start = time.monotonic()
        result = self.shell(f"echo out; (setsid {self.sleep} &); exit 4")
        self.assertOk(result)
        self.assertEqual((result.data["exitcode"], result.data["stdout"], result.data["left"]), (4, "out\n", 1))
        self.assertLess(time.monotonic() - start, 5)
        self.assert_ended(result)

    def test_a_daemon_may_be_kept(self):
        result = self.shell(f"setsid -f {self.sleep} </dev/null >/dev/null 2>&1", orphans="keep")
        self.assertEqual((result.outcome, result.data["left"], result.held), ("ok", 1, []))
        [pid] = self.alive()
        self.assertTrue(is_running(pid))
        self.end(pid)

    def test_a_timeout_ends_what_may_be_kept_too(self):
        result = self.shell(f"setsid -f {self.sleep}; {self.sleep}", orphans="keep", timeout=1)
        self.assertFailed(result, "shell/timeout")
        self.assert_ended(result)

    def test_what_ends_just_after_it_counts_for_nothing(self):
        result = self.shell("(/bin/sleep 0.02; echo late) & exit 0")
        self.assertEqual((result.data["stdout"], result.data["left"]), ("late\n", 0))

    @unittest.skipUnless(CAN_BE_NOBODY, "needs root and setpriv")
    def test_as_nobody(self):
        os.chmod(self.folder, 0o755)
        self.launched_by(SETPRIV)
        result = self.shell(f"id -u; setsid -f {self.sleep}")
        self.assertEqual((result.data["stdout"], result.data["left"]), (f"{NOBODY}\n", 1))
        self.assert_ended(result)
        self.assertFailed(self.shell("true", cwd="/root/.ssh"), "shell/invalid_cwd")


class JobsTest(ShellTest):
    """With jobs that go on until a test opens their gate."""

    def start(self, command, noop=False, request_id="", **inputs):
        return self.run_agent("start", {"command": command, **inputs}, noop=noop, request_id=request_id)

    def started(self, command, **inputs):
        result = self.start(command, **inputs)
        self.assertOk(result)
        self.assertEqual(result.held, [], "a job holds pipes of the runner")
        return result.data["handle"]

    def status(self, handle, **inputs):
        return self.run_agent("status", {"handle": handle, **inputs})

    def ended(self, handle, **inputs):
        result = self.status(handle, wait=15, **inputs)
        self.assertEqual((result.outcome, result.data["state"]), ("ok", "ended"), result)
        return result

    def kill(self, handle, noop=False, **inputs):
        return self.run_agent("kill", {"handle": handle, **inputs}, noop=noop)

    def list(self):
        result = self.run_agent("list")
        self.assertOk(result)
        return result.data

    def purge(self, noop=False, **inputs):
        return self.run_agent("purge", inputs, noop=noop)

    def gate(self, name="gate"):
        """A line that waits until there is such a file."""
        return f"until [ -e {self.path(name)} ]; do /bin/sleep 0.02; done"

    def record(self, handle, **changes):
        """Of a job, changed by somebody with the rights to do so."""
        path = f"{self.jobs}/{handle}/job.json"
        record = json.loads(read(path))
        if changes:
            with open(path, "w", encoding="utf-8") as file:
                json.dump({**record, **changes}, file)
        return record


class StartTest(JobsTest):
    def test_it_outlives_the_request(self):
        start = time.monotonic()
        handle = self.started(f"echo begun; {self.gate()}; echo done; exit 7")
        self.assertLess(time.monotonic() - start, 5)
        status = self.status(handle)
        self.assertEqual((status.data["state"], status.changed), ("running", False))
        self.assertGreaterEqual(status.data["processes"], 1)
        self.assertNotIn("exitcode", status.data)
        self.write("gate")
        status = self.ended(handle)
        self.assertEqual((status.data["exitcode"], status.data["stdout"], status.data["stderr"]), (7, "begun\ndone\n", ""))
        self.assertEqual((status.message, status.data["processes"]), ("exit code 7", 0))

    def test_what_is_said_of_it(self):
        result = self.start("pwd; kill -9 $$", cwd="/usr")
        handle = result.data["handle"]
        self.assertTrue(result.changed)
        self.assertRegex(result.message, r"^started as \S+ in /usr: 'pwd; kill -9 \$\$'$")
        self.assertEqual(result.data, {"handle": handle})
        data = self.ended(handle).data
        self.assertEqual((data["handle"], data["command"], data["signal"], data["stdout"]),
                         (handle, "pwd; kill -9 $$", "KILL", "/usr\n"))

    def test_the_handle_is_the_id_of_the_request(self):
        self.assertEqual(self.started("true", request_id=ID + "77"), ID + "77")
        result = self.start(f"touch {self.folder}/ran", request_id=ID + "77")
        self.assertFailed(result, "shell/exists")
        self.assertIn(self.jobs, result.message)
        self.assertFalse(os.path.exists(self.folder + "/ran"))
        for hostile in ("../../etc/x", "by hand", "8" + ID[1:] + "00"):
            handle = self.started("true", request_id=hostile)
            self.assertRegex(handle, r"\A[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")
            self.assertOk(self.ended(handle))

    def test_noop_starts_nothing(self):
        result = self.start(f"touch {self.folder}/ran", noop=True)
        self.assertEqual((result.outcome, result.changed, result.data), ("ok", True, {}))
        self.assertIn("noop: would start 'touch", result.message)
        self.assertFalse(os.path.exists(self.jobs) or os.path.exists(self.folder + "/ran"))

    def test_secrets_are_on_no_disk(self):
        handle = self.started(f"cat; echo $A >&2; {self.gate()}", stdin="PASS" + "WORD", env={"A": "SEC" + "RET"})
        self.assertTrue(wait_until(lambda: self.status(handle).data["stderr"]))
        for folder, _, names in os.walk(self.jobs):
            for name in names:
                if not name.startswith("std"):
                    self.assertNotRegex(read(f"{folder}/{name}"), "PASSWORD|SECRET")
        self.assertEqual(self.record(handle)["environment"], ["A"])
        self.write("gate")
        self.assertEqual(self.ended(handle).data["stdout"], "PASSWORD")

    def test_its_surroundings(self):
        handle = self.started("env; ls /proc/self/fd >&2; cat; pwd")
        data = self.ended(handle).data
        names = [line.partition("=")[0] for line in data["stdout"].splitlines()]
        self.assertEqual(sorted(name for name in names if name.startswith(("HOCKET", "PYTHON"))),
                         ["HOCKET_EXECUTION_ID", "HOCKET_SHELL_JOB"])
        self.assertEqual(data["stderr"].split(), ["0", "1", "2", "3"])
        self.assertTrue(data["stdout"].endswith("\n/\n"), "nothing to read, and the folder is /")

    def test_files_are_for_nobody_else(self):
        self.launched_by("umask 0; exec")
        self.started("echo out")
        for path in (self.jobs, *(entry.path for entry in os.scandir(self.jobs))):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o700)
            for entry in os.scandir(path):
                if entry.is_file():
                    self.assertEqual(stat.S_IMODE(entry.stat().st_mode), 0o600, entry.path)

    def test_a_job_that_cannot_be_started_leaves_nothing(self):
        self.assertFailed(self.start("true", env={"A": "x" * 200_000}), "shell/not_started")
        self.assertFailed(self.start("true", cwd="/no/such"), "shell/invalid_cwd")
        self.assertFailed(self.start("true", timeout=-1), "shell/invalid_timeout")
        self.assertEqual((os.listdir(self.jobs), self.keepers()), ([], []))

    def test_a_timeout(self):
        handle = self.started(f"trap '' TERM; setsid -f {self.sleep}; {self.sleep}; {self.sleep}", timeout=1)
        status = self.ended(handle)
        self.assertEqual((status.data["signal"], self.alive()), ("KILL", []))
        self.assertIn("its time was up", status.message)

    def test_what_it_leaves_behind_is_ended(self):
        handle = self.started(f"setsid -f {self.sleep}; env -i setsid -f {self.sleep}; exit 1")
        status = self.ended(handle)
        self.assertEqual((status.data["exitcode"], self.alive()), (1, []))
        self.assertTrue(status.message.endswith("processes left behind: 2"), status.message)

    def test_what_it_leaves_behind_may_be_kept(self):
        handle = self.started(f"setsid -f {self.sleep} >/dev/null 2>&1; exit 1", orphans="keep")
        self.ended(handle)
        [pid] = self.alive()
        result = self.kill(handle)
        self.assertEqual((result.outcome, result.changed, self.alive()), ("ok", False, [pid]), "it is no part of the job any more")
        self.assertEqual(self.purge().data["count"], 1)
        self.assertTrue(is_running(pid))
        self.end(pid)


class StatusTest(JobsTest):
    def test_output_comes_piece_by_piece(self):
        handle = self.started(f"echo one; echo uno >&2; {self.gate('a')}; echo two; {self.gate('b')}; printf three")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stderr_bytes"] == 4))
        data = self.status(handle).data
        self.assertEqual((data["stdout"], data["stderr"], data["stdout_offset"], data["stderr_offset"]), ("one\n", "uno\n", 4, 4))
        data = self.status(handle, stdout_offset=4, stderr_offset=4).data
        self.assertEqual((data["stdout"], data["stderr"], data["stdout_offset"], data["more"]), ("", "", 4, False))
        self.write("a")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout_bytes"] == 8))
        self.assertEqual(self.status(handle, stdout_offset=4).data["stdout"], "two\n")
        self.write("b")
        data = self.ended(handle, stdout_offset=8, stderr_offset=4).data
        self.assertEqual((data["stdout"], data["stdout_offset"], data["stdout_bytes"], data["skipped"]), ("three", 13, 13, 0))

    def test_offsets(self):
        handle = self.started("printf 0123456789")
        self.ended(handle)
        for offset, text in ((0, "0123456789"), (7, "789"), (10, ""), (99, ""), (2**62, ""), (-3, "789"), (-10, "0123456789"),
                             (-99, "0123456789"), (-(2**62), "0123456789")):
            data = self.status(handle, stdout_offset=offset).data
            self.assertEqual((data["stdout"], data["stdout_offset"], data["more"]), (text, 10, False), offset)

    def test_a_limit(self):
        handle = self.started("head -c 40 /dev/zero | tr '\\0' a")
        self.ended(handle)
        offset, pieces, more = 0, [], True
        while more:
            data = self.status(handle, stdout_offset=offset, limit=16).data
            offset, more = data["stdout_offset"], data["more"]
            pieces.append(data["stdout"])
        self.assertEqual(pieces, ["a" * 16, "a" * 16, "a" * 8])
        for limit in (15, 65537):
            self.assertFailed(self.status(handle, limit=limit), "shell/invalid_limit")

    def test_no_character_is_cut_in_half(self):
        handle = self.started(f"printf 'é%.0s' 1 2 3 4 5 6 7 8 9; printf 'a\\303'; {self.gate()}; printf '\\251\\303'")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout_bytes"] == 20))
        data = self.status(handle, limit=17).data
        self.assertEqual((data["stdout"], data["stdout_offset"], data["more"]), ("é" * 8, 16, True))
        data = self.status(handle, stdout_offset=16).data
        self.assertEqual((data["stdout"], data["stdout_offset"], data["more"]), ("éa", 19, False))
        self.assertEqual(self.status(handle, stdout_offset=-3).data["stdout"], "a")
        self.write("gate")
        self.ended(handle)
        data = self.status(handle, stdout_offset=19).data
        self.assertEqual((data["stdout"], data["stdout_offset"]), ("é\ufffd", 22))

    def test_of_very_much_the_middle_is_thrown_away(self):
        self.config["max_output_bytes"] = 12288
        handle = self.started(f"seq -w 0 9999; {self.gate()}; seq -w 10000 19999")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout_bytes"] == 50_000))
        self.check_numbers(handle, "".join(f"{number:04}\n" for number in range(10_000)))
        self.write("gate")
        self.ended(handle)
        whole = "".join(f"{number:04}\n" for number in range(10_000)) + "".join(f"{number}\n" for number in range(10_000, 20_000))
        self.check_numbers(handle, whole)

    def check_numbers(self, handle, whole):
        """What is kept stands at its offset, and what is not is counted."""
        files = [entry for entry in os.scandir(f"{self.jobs}/{handle}") if entry.name.startswith("stdout")]
        self.assertEqual(len(files), 3)
        self.assertLessEqual(sum(entry.stat().st_size for entry in files), 12288)
        last = (len(whole) - 1) // 4096
        kept = [(0, 4096), ((last - 1) * 4096, len(whole))]
        data = self.status(handle).data
        self.assertEqual((data["stdout"], data["stdout_offset"], data["more"]), (whole[:4096], 4096, True))
        data = self.status(handle, stdout_offset=4096).data
        self.assertEqual((data["stdout"], data["skipped"], data["more"]), (whole[slice(*kept[1])], kept[1][0] - 4096, False))
        self.assertEqual(self.status(handle, stdout_offset=-10).data["stdout"], whole[-10:])
        self.assertEqual(self.status(handle, stdout_offset=5000, limit=16).data["stdout"], whole[kept[1][0]:][:16])

    def test_a_reader_of_a_fast_writer(self):
        self.config["max_output_bytes"] = 12288
        handle, offset = self.started("yes", timeout=60), 0
        for _ in range(10):
            status = self.status(handle, stdout_offset=offset)
            self.assertGreaterEqual(status.data["stdout_offset"], offset, status)
            self.assertRegex(status.data["stdout"], r"\A\n?(y\n)*y?\Z")
            offset = status.data["stdout_offset"]
        self.assertEqual(self.kill(handle).data["state"], "ended")

    def test_the_worst_fits_into_a_reply(self):
        handle = self.started("head -c 200000 /dev/zero | tr '\\0' '\\001'; head -c 200000 /dev/zero >&2; : " + "\x01" * 9000)
        result = self.ended(handle)
        self.assertLess(len(result.raw), (1 << 20) - (16 << 10))

    def test_waiting_ends_with_the_job_or_the_time(self):
        handle = self.started("/bin/sleep 1")
        start = time.monotonic()
        self.assertEqual(self.status(handle, wait=30).data["state"], "ended")
        self.assertLess(time.monotonic() - start, 10)
        handle = self.started(self.sleep)
        start = time.monotonic()
        self.assertEqual(self.status(handle, wait=1).data["state"], "running")
        self.assertLess(time.monotonic() - start, 5)
        self.assertFailed(self.status(handle, wait=61), "shell/invalid_wait")
        self.kill(handle)

    def test_hostile_handles(self):
        os.makedirs(self.folder + "/x")
        self.started("true")
        for handle in ("../x", "..", ".", "", "/", self.folder + "/x", "x", ID, ID + "é0", ID.lower() + "00", UNKNOWN + "\n",
                       UNKNOWN + "/", "../../../../../../../../ab", "8" + UNKNOWN[1:], ID + "/.", ID + "\0\0", UNKNOWN + "0"):
            for action in ("status", "kill", "purge"):
                self.assertFailed(self.run_agent(action, {"handle": handle}), "shell/invalid_handle")
        self.assertTrue(os.path.isdir(self.folder + "/x"))

    def test_handles_of_no_job(self):
        for _ in range(2):  # without the folder, and with it
            for action in ("status", "kill", "purge"):
                self.assertFailed(self.run_agent(action, {"handle": UNKNOWN}), "shell/not_found")
            self.ended(self.started("true"))

    def test_a_link_is_no_job(self):
        handle = self.started("true")
        self.ended(handle)
        os.rename(f"{self.jobs}/{handle}", self.folder + "/elsewhere")
        os.symlink(self.folder + "/elsewhere", f"{self.jobs}/{handle}")
        for action in ("status", "kill", "purge"):
            self.assertFailed(self.run_agent(action, {"handle": handle}), "shell/not_found")
        self.assertEqual((self.list()["count"], self.purge().data["count"]), (0, 0))
        self.assertIn("job.json", os.listdir(self.folder + "/elsewhere"))

    def test_a_disk_that_is_full(self):
        self.launched_by("ulimit -f 16; exec")  # 8 KiB: of all files that it and its jobs write
        handle = self.started("yes | head -c 100000; exit 5")
        status = self.ended(handle)
        self.assertEqual((status.data["exitcode"], status.data["stdout_bytes"]), (5, 8192))
        self.assertIn("bytes of output that could not be written: 91808", status.message)


class KillTest(JobsTest):
    def test_everything_is_ended(self):
        handle = self.started(f"setsid -f {self.sleep}; env -i setsid -f {self.sleep}; {self.sleep} | {self.sleep}")
        self.assertTrue(wait_until(lambda: len(self.alive()) >= 5))  # the shell has it among its arguments, too
        result = self.kill(handle)
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["state"], result.data["signal"], self.alive()), (True, "ended", "TERM", []))
        self.assertGreaterEqual(result.data["processes"], 4)
        self.assertIn("killed by psk=ana", result.message)
        self.assertEqual(self.keepers(), [])

    def test_a_second_time_changes_nothing(self):
        handle = self.started(self.sleep)
        self.kill(handle)
        result = self.kill(handle)
        self.assertEqual((result.outcome, result.changed, result.data["state"], result.data["processes"]),
                         ("ok", False, "ended", 0))

    def test_what_ignores_term_gets_kill(self):
        handle = self.started(f"trap '' TERM; echo ready; while :; do {self.sleep}; done")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout"]))
        start = time.monotonic()
        result = self.kill(handle, grace=1)
        self.assertEqual((result.data.get("signal"), self.alive()), ("KILL", []), result)
        self.assertTrue(1 <= time.monotonic() - start < 5)

    def test_without_grace_it_is_kill_at_once(self):
        handle = self.started(f"trap 'echo term' TERM; echo ready; while :; do {self.sleep}; done")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout"]))
        self.assertEqual(self.kill(handle, grace=0).data["signal"], "KILL")
        self.assertEqual(self.status(handle).data["stdout"], "ready\n")

    def test_it_may_clean_up(self):
        handle = self.started(f"trap 'echo bye; exit 9' TERM; echo ready; {self.sleep} & wait")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout"]))
        self.assertEqual(self.kill(handle).data["exitcode"], 9)
        self.assertEqual(self.status(handle).data["stdout"], "ready\nbye\n")

    def test_noop_ends_nothing(self):
        handle = self.started(self.sleep)
        self.assertTrue(wait_until(self.alive))
        result = self.kill(handle, noop=True)
        self.assertEqual((result.outcome, result.changed, result.data["state"]), ("ok", True, "running"))
        self.assertRegex(result.message, r"^noop: would end processes: [12]$")
        self.assertTrue(self.alive())
        self.kill(handle)
        self.assertFalse(self.kill(handle, noop=True).changed)

    def test_other_jobs_live_on(self):
        one, other = self.started(self.sleep), self.started(self.sleep)
        self.kill(one)
        self.assertEqual((self.status(one).data["state"], self.status(other).data["state"]), ("ended", "running"))
        self.assertTrue(self.alive())
        self.kill(other)

    def test_wrong_graces(self):
        handle = self.started("true")
        for grace in (-1, 61):
            self.assertFailed(self.kill(handle, grace=grace), "shell/invalid_grace")

    def test_a_job_whose_keeper_was_killed(self):
        handle = self.started(f"setsid -f {self.sleep} >/dev/null 2>&1; {self.sleep} >/dev/null 2>&1; :")
        self.assertTrue(wait_until(lambda: len(self.alive()) >= 3))
        os.kill(self.record(handle)["keeper"]["pid"], signal.SIGKILL)
        self.assertTrue(wait_until(lambda: not self.keepers()))
        status = self.status(handle)
        self.assertEqual((status.data["state"], status.data["processes"]), ("lost", 3), status)
        self.assertIn("orphans_keep = true", status.message)
        self.assertFailed(self.purge(handle=handle), "shell/running")
        result = self.kill(handle)
        self.assertEqual((result.outcome, result.changed, result.data["state"], self.alive()), ("ok", True, "lost", []))
        self.assertEqual(self.purge(handle=handle).data["count"], 1)

    def test_a_keeper_that_hangs(self):
        handle = self.started(self.sleep)
        os.kill(self.record(handle)["keeper"]["pid"], signal.SIGSTOP)
        result = self.kill(handle, grace=1)
        self.assertEqual((result.data["state"], self.alive()), ("ended", []), result)

    def test_a_pid_that_is_another_ones_by_now(self):
        handle = self.started("true")
        self.ended(handle)
        os.truncate(f"{self.jobs}/{handle}/end.json", 0)
        innocent = subprocess.Popen(["/bin/sh", "-c", f"{self.sleep} & wait"])
        keeper = self.record(handle)["keeper"]
        start = int(read(f"/proc/{innocent.pid}/stat").rpartition(")")[2].split()[19])
        for changed in ({"pid": innocent.pid}, {"pid": innocent.pid, "start": start, "boot": "another one"}):
            self.record(handle, keeper={**keeper, **changed})
            result = self.kill(handle, grace=0)
            self.assertEqual((result.outcome, result.changed, result.data["state"]), ("ok", False, "lost"), result)
            self.assertTrue(is_running(innocent.pid))
        self.assertEqual(len(self.alive()), 2)
        for pid in self.alive():
            self.end(pid)
        innocent.wait()


class ListTest(JobsTest):
    def test_nothing_is_made_to_say_that_there_is_nothing(self):
        self.assertEqual(self.list(), {"jobs": [], "count": 0, "running": 0})
        self.assertEqual(self.purge().data, {"removed": [], "count": 0})
        self.assertFalse(os.path.exists(self.jobs))

    def test_all_are_listed(self):
        first, second = self.started("echo out; echo errors >&2"), self.started(f"{self.sleep} # " + "x" * 500)
        self.ended(first)
        data = self.list()
        self.assertEqual(([job["handle"] for job in data["jobs"]], data["count"], data["running"]), ([first, second], 2, 1))
        done, running = data["jobs"]
        self.assertEqual((done["state"], done["exitcode"], done["stdout_bytes"], done["stderr_bytes"]), ("ended", 0, 4, 7))
        self.assertRegex(done["started"] + done["ended"], r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ){2}$")
        self.assertEqual((done["caller"], done["cwd"], done["pid"]), ("psk=ana", "/", self.record(first)["pid"]))
        self.assertEqual((running["state"], "ended" in running, "exitcode" in running), ("running", False, False))
        self.assertLess(len(running["command"]), 210)
        self.kill(second)


class PurgeTest(JobsTest):
    def test_what_runs_stays(self):
        done, running = self.started("true"), self.started(self.sleep)
        self.ended(done)
        self.assertFailed(self.purge(handle=running), "shell/running")
        result = self.purge(noop=True)
        self.assertEqual((result.changed, result.data["removed"], self.list()["count"]), (True, [done], 2))
        result = self.purge()
        self.assertEqual((result.changed, result.data, result.message), (True, {"removed": [done], "count": 1}, "removed jobs: 1"))
        self.assertEqual(os.listdir(self.jobs), [running])
        self.assertFalse(self.purge().changed)
        self.kill(running)
        self.assertEqual(self.purge(handle=running).data["removed"], [running])
        self.assertEqual(os.listdir(self.jobs), [])

    def test_only_old_ones(self):
        handle = self.started("true")
        self.ended(handle)
        self.assertEqual(self.purge(older_than=60).data["count"], 0)
        self.age(handle, 61)
        self.assertEqual(self.purge(older_than=60).data["count"], 1)

    def age(self, handle, seconds):
        path = f"{self.jobs}/{handle}/end.json"
        end = json.loads(read(path))
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**end, "ended": end["ended"] - seconds}, file)

    def test_a_new_job_takes_the_place_of_the_oldest(self):
        self.config["max_jobs"] = 2
        running, second = self.started(self.sleep), self.started("true")
        self.ended(second)
        third = self.started("true")
        self.assertEqual([job["handle"] for job in self.list()["jobs"]], [running, third])
        self.ended(third)
        fourth = self.started(self.sleep)
        result = self.start(f"touch {self.folder}/ran")
        self.assertFailed(result, "shell/too_many")
        self.assertEqual([job["handle"] for job in self.list()["jobs"]], [running, fourth])
        self.assertFalse(os.path.exists(self.folder + "/ran"))
        self.kill(running)
        self.kill(fourth)

    def test_a_new_job_removes_what_is_too_old(self):
        self.config["max_age_s"] = 3600
        old, new = self.started("true"), self.started("true")
        for handle, seconds in ((old, 3700), (new, 3500)):
            self.ended(handle)
            self.age(handle, seconds)
        third = self.started("true")
        self.assertEqual({job["handle"] for job in self.list()["jobs"]}, {new, third})

    def test_half_a_job_is_removed_in_time(self):
        self.ended(self.started("true"))
        for name, seconds in (("XX", 0), ("YY", 3600)):
            os.mkdir(f"{self.jobs}/{UNKNOWN[:-2]}{name}", 0o700)
            os.utime(f"{self.jobs}/{UNKNOWN[:-2]}{name}", (time.time() - seconds,) * 2)
        os.mkdir(self.jobs + "/something else")
        os.utime(self.jobs + "/something else", (1, 1))
        self.assertEqual(self.list()["count"], 1)
        self.ended(self.started("true"))
        self.assertEqual(len(os.listdir(self.jobs)), 4)
        self.assertIn("something else", os.listdir(self.jobs))

    def test_one_at_a_time(self):
        self.ended(self.started("true"))
        fd = os.open(self.jobs, os.O_RDONLY)
        fcntl.flock(fd, fcntl.LOCK_EX)
        self.assertFailed(self.start(f"touch {self.folder}/ran"), "shell/busy")
        os.close(fd)
        self.assertFalse(os.path.exists(self.folder + "/ran"))
        running = self.started(self.sleep)
        self.assertOk(self.purge())  # what runs has no lock
        self.kill(running)

    def test_wrong_settings_are_named(self):
        for name, values in (("max_jobs", (0, 501, "5", True)), ("max_age_s", (0, None)), ("max_output_bytes", (100, 1.5)),
                             ("folder", ("jobs", "", "/", "/a/../b", "/a/", 7, self.jobs + "\0"))):
            for value in values:
                self.config = {"folder": self.jobs, name: value}
                result = self.start(f"touch {self.folder}/ran")
                if name == "folder" and value is None:
                    continue
                self.assertFailed(result, "shell/invalid_config")
                self.assertIn(name, result.message)
        self.assertFalse(os.path.exists(self.folder + "/ran"))


class FolderTest(JobsTest):
    """The folder of the jobs: whoever can write there, or put another one in its place, could choose what others read."""

    def assert_refused(self, kind="shell/unsafe_folder"):
        for result in (self.start(f"touch {self.folder}/ran"), self.run_agent("list"), self.status(UNKNOWN), self.kill(UNKNOWN),
                       self.purge()):
            self.assertFailed(result, kind)
        self.assertFalse(os.path.exists(self.folder + "/ran"))

    def test_rights(self):
        os.mkdir(self.jobs)
        for mode in (0o777, 0o1777, 0o720, 0o702, 0o755, 0o710, 0o701):
            os.chmod(self.jobs, mode)
            self.assert_refused()
        os.chmod(self.jobs, 0o700)
        self.assertOk(self.start("true"))

    def test_rights_of_what_is_above(self):
        self.config["folder"] = self.jobs + "/deep/jobs"
        os.makedirs(self.jobs + "/deep")
        for mode in (0o777, 0o770, 0o702):
            os.chmod(self.jobs, mode)
            self.assert_refused()
        os.chmod(self.jobs, 0o1777)  # as /tmp is
        self.assertOk(self.start("true"))
        self.assertEqual(stat.S_IMODE(os.stat(self.jobs + "/deep/jobs").st_mode), 0o700)

    def test_links(self):
        os.mkdir(self.folder + "/real", 0o700)
        os.mkdir(self.folder + "/real/jobs", 0o700)
        os.symlink(self.folder + "/real", self.jobs)
        self.assert_refused()
        self.config["folder"] = self.jobs + "/jobs"
        self.assert_refused()
        self.assertEqual(os.listdir(self.folder + "/real/jobs"), [])

    def test_no_folder_at_all(self):
        self.write("jobs")
        self.assert_refused()

    @unittest.skipUnless(IS_ROOT, "only root can give away a folder")
    def test_somebody_elses(self):
        os.mkdir(self.jobs, 0o700)
        os.chown(self.jobs, NOBODY, NOBODY)
        self.assert_refused()
        self.config["folder"] = self.jobs + "/jobs"
        os.mkdir(self.jobs + "/jobs", 0o700)
        self.assert_refused()

    def test_missing_folders_are_made(self):
        self.launched_by("umask 0; exec")
        self.config["folder"] = self.folder + "/a/b/jobs"
        self.ended(self.started("true"))
        self.assertEqual([stat.S_IMODE(os.stat(self.path(name)).st_mode) for name in ("a", "a/b", "a/b/jobs")],
                         [0o755, 0o755, 0o700])


@unittest.skipUnless(CAN_BE_NOBODY, "needs root and setpriv")
class NobodyTest(JobsTest):
    def setUp(self):
        super().setUp()
        self.config = {}
        os.chmod(self.folder, 0o755)
        self.launched_by(SETPRIV)
        self.home = self.path("home")
        os.mkdir(self.home, 0o755)
        os.chown(self.home, NOBODY, NOBODY)

    def test_jobs_are_in_the_home(self):
        self.launched_by(f"export HOME={self.home}; {SETPRIV}")
        handle = self.started(f"id -u; {self.sleep}")
        self.assertTrue(wait_until(lambda: self.status(handle).data["stdout"]))
        self.assertEqual(self.status(handle).data["stdout"], f"{NOBODY}\n")
        self.jobs = self.home + "/.local/state/hocket/shell"
        status = os.stat(f"{self.jobs}/{handle}/job.json")
        self.assertEqual((status.st_uid, stat.S_IMODE(status.st_mode)), (NOBODY, 0o600))
        self.assertEqual(self.kill(handle).data["state"], "ended")
        self.assertEqual(self.purge().data["removed"], [handle])
        self.assertEqual((self.alive(), with_text("environ", f"HOME={self.home}\0")), ([], []))

    def test_a_home_that_is_none(self):
        self.launched_by(f"export HOME=/nonexistent; {SETPRIV}")
        result = self.start("true")
        self.assertFailed(result, "shell/no_folder")
        self.assertIn("config", result.message)
        self.launched_by(f"export HOME={self.folder}; {SETPRIV}")  # which is of root, and may be read
        self.assertFailed(self.start("true"), "shell/no_folder")

    def test_jobs_of_root_are_out_of_reach(self):
        self.launcher, self.config = None, {"folder": self.jobs}
        handle = self.started(f"echo secret; {self.sleep}")
        self.launched_by(SETPRIV)
        for action in ("status", "kill", "purge"):
            result = self.run_agent(action, {"handle": handle})
            self.assertEqual(result.outcome, "failed")
            self.assertNotIn(b"secret", result.raw)
        self.assertTrue(self.alive())
        self.launcher = None
        self.kill(handle)


def with_text(file, text):
    """The pids of living processes that have this text in a file of /proc."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                with open(f"/proc/{entry}/{file}", "rb") as content:
                    is_there = text.encode() in content.read()
            except OSError:
                continue
            if is_there and is_running(int(entry)):
                found.append(int(entry))
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
