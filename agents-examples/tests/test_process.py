"""The agent `process`, on processes of our own. What is really signalled carries a mark that nothing else here has."""

import os
import pwd
import signal
import subprocess
import unittest
import uuid

from harness import AgentTest, is_running, wait_until

IGNORES_TERM = "trap '' TERM; echo ready; while :; do /bin/sleep 0.05; done"


class ProcessTest(AgentTest):
    agent = "python/process/process"

    def setUp(self):
        super().setUp()
        self.mark = f"mark-{uuid.uuid4().hex}"

    def start(self, script="echo ready; read -r _"):
        """A shell with our mark among its arguments; it waits for its stdin."""
        child = subprocess.Popen(["/bin/bash", "-c", script, self.mark], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.end, child)
        self.assertEqual(child.stdout.readline(), b"ready\n")
        return child

    def end(self, child):
        child.kill()
        child.communicate()


class ListTest(ProcessTest):
    def list(self, **inputs):
        return self.run_agent("list", inputs)

    def test_a_process_is_described(self):
        child = self.start()
        result = self.list(pattern=self.mark)
        self.assertOk(result)
        self.assertEqual((result.data["matched"], len(result.data["processes"])), (1, 1))
        found = result.data["processes"][0]
        self.assertEqual((found["pid"], found["parent"]), (child.pid, os.getpid()))
        self.assertEqual(found["user"], user_name(os.geteuid()))
        self.assertIn(self.mark, found["command"])
        self.assertGreater(found["rss_bytes"], 100_000)
        self.assertTrue(0 <= found["age_seconds"] < 60)

    def test_filters_are_combined(self):
        self.start()
        self.assertEqual(self.list(pattern=self.mark, user=str(os.geteuid())).data["matched"], 1)
        self.assertEqual(self.list(pattern=self.mark, user="54321").data["matched"], 0)
        self.assertEqual(self.list(pattern=self.mark, min_rss=1 << 50).data["matched"], 0)
        self.assertEqual(self.list(pattern="^/bin/bash.*" + self.mark + "$").data["matched"], 1)

    def test_order_and_limit(self):
        first, second = self.start(), self.start()
        shown = self.list(pattern=self.mark, sort="pid").data["processes"]
        self.assertEqual([process["pid"] for process in shown], sorted([first.pid, second.pid]))
        result = self.list(pattern=self.mark, limit=1)
        self.assertEqual((result.data["matched"], len(result.data["processes"])), (2, 1))
        sizes = [process["rss_bytes"] for process in self.list().data["processes"]]
        self.assertEqual(sizes, sorted(sizes, reverse=True))

    def test_names_with_brackets_blanks_and_bad_bytes_are_read(self):
        evil = os.path.join(os.fsencode(self.folder), b"a) R 1 (\xff\n")
        os.symlink(b"/bin/bash", evil)
        child = subprocess.Popen([evil, "-c", "echo ready; read -r _", self.mark], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.end, child)
        child.stdout.readline()
        found = self.list(pattern=self.mark).data["processes"]
        self.assertEqual([process["parent"] for process in found], [os.getpid()])

    def test_wrong_inputs_are_errors(self):
        self.assertFailed(self.list(pattern="("), "process/invalid_pattern")
        self.assertFailed(self.list(user="no-such-user-here"), "process/unknown_user")
        self.assertFailed(self.list(limit=0), "process/invalid_limit")
        self.assertFailed(self.list(min_rss=-1), "process/invalid_min_rss")


class KillTest(ProcessTest):
    def kill(self, noop=False, **inputs):
        return self.run_agent("kill", inputs, noop=noop)

    def test_by_pid(self):
        child = self.start()
        result = self.kill(pid=child.pid, wait=5)
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["count"], result.data["running"]), (True, 1, []))
        self.assertEqual(result.data["targets"][0]["pid"], child.pid)
        self.assertEqual(child.wait(5), -signal.SIGTERM)

    def test_by_pattern(self):
        children = [self.start(), self.start()]
        result = self.kill(pattern=self.mark, signal="INT", wait=5)
        self.assertEqual((result.data["count"], result.message), (2, "sent INT to 2"), result)
        for child in children:
            self.assertEqual(child.wait(5), -signal.SIGINT)

    def test_every_signal_that_is_offered(self):
        for name in ("TERM", "HUP", "INT", "KILL", "USR1", "USR2"):
            child = self.start()
            self.assertOk(self.kill(pid=child.pid, signal=name))
            self.assertEqual(child.wait(5), -signal.Signals["SIG" + name])
        self.assertFailed(self.kill(pid=os.getpid(), signal="STOP"), "process/invalid_signal")

    def test_what_ignores_the_signal_is_reported_as_running(self):
        child = self.start(IGNORES_TERM)
        result = self.kill(pid=child.pid, wait=1)
        self.assertEqual(result.data["running"], [child.pid], result)
        self.assertTrue(is_running(child.pid))

    def test_noop_sends_nothing(self):
        child = self.start()
        result = self.kill(noop=True, pattern=self.mark)
        self.assertOk(result)
        self.assertEqual((result.changed, result.message, result.data["running"]),
                         (True, "noop: would send TERM to 1", [child.pid]))
        self.assertFalse(wait_until(lambda: not is_running(child.pid), 0.2))

    def test_more_than_expected_are_left_alone(self):
        children = [self.start(), self.start()]
        result = self.kill(pattern=self.mark, at_most=1)
        self.assertFailed(result, "process/too_many")
        self.assertEqual(sorted(result.error["details"]["matched"]), sorted(child.pid for child in children))
        self.assertTrue(all(is_running(child.pid) for child in children))

    def test_init_and_ancestors_are_never_touched(self):
        for pid in (1, os.getpid(), os.getppid()):
            self.assertFailed(self.kill(noop=True, pid=pid), "process/protected")
        result = self.kill(noop=True, pattern=".", at_most=1000)
        targets = [target["pid"] for target in result.data["targets"]]
        self.assertTrue({1, os.getpid()} <= set(result.data["spared"]))
        self.assertFalse(set(targets) & set(result.data["spared"]))

    def test_it_does_not_touch_itself(self):
        result = self.kill(noop=True, pattern="python3 -ISB .*/process$", at_most=1000)
        self.assertEqual(result.data["spared"][-1:], result.data["spared"])
        self.assertTrue(result.data["spared"], result)

    def test_kernel_threads_are_spared(self):
        result = self.kill(noop=True, pattern=r"^\[k", at_most=1000)
        self.assertEqual(result.data["targets"], [], result)

    def test_numbers_with_a_meaning_for_kill_are_no_processes(self):
        for pid in (0, -1, -os.getpid(), 2**31, 2**62):
            self.assertFailed(self.kill(pid=pid), "process/not_found")

    def test_nothing_that_matches_is_no_error(self):
        result = self.kill(pattern=self.mark)
        self.assertEqual((result.outcome, result.changed, result.message), ("ok", False, "nothing to signal"))

    def test_the_choice_has_to_be_clear(self):
        self.assertFailed(self.kill(), "process/invalid_choice")
        self.assertFailed(self.kill(pid=os.getpid(), pattern="x"), "process/invalid_choice")
        self.assertFailed(self.kill(pid=self.start().pid, user="54321"), "process/not_found")

    @unittest.skipIf(os.geteuid() == 0, "root may signal everything")
    def test_a_process_of_somebody_else_is_an_error(self):
        for pid in filter(is_out_of_reach, range(2, 10_000)):
            result = self.kill(pid=pid)
            if result.kind not in ("process/protected", "process/not_found"):
                self.assertFailed(result, "process/not_permitted")
                return
        self.skipTest("every process is ours, or above us")


def is_out_of_reach(pid):
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        pass
    return False


def user_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
