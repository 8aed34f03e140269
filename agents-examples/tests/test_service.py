"""The agent `service`, on init scripts and on a systemctl of our own."""

import os

from harness import AgentTest, is_running, wait_until

SCRIPT = """#!/bin/bash
folder=%(folder)s
case $1 in
    start) /bin/sleep 600 & echo $! >$folder/pid; env >$folder/environment; echo started ;;
    stop) kill "$(cat $folder/pid)" && rm $folder/pid ;;
    restart) $0 stop; $0 start ;;
    status) [ -e $folder/pid ] || exit 3 ;;
esac
"""

SYSTEMCTL = """#!/bin/bash
echo "$*" >>%(folder)s/calls
unit=${!#}
case "$*" in
    show*) load=loaded; [ "$unit" = nope ] && load=not-found
           printf 'LoadState=%%s\\nActiveState=%%s\\n' $load "$(cat %(folder)s/state)" ;;
    *' start '* | *' restart '*) [ "$unit" = broken ] && { echo "Job for $unit failed." >&2; exit 1; }; echo active >%(folder)s/state ;;
    *' stop '*) echo inactive >%(folder)s/state ;;
esac
"""


class ServiceTest(AgentTest):
    agent = "bash/service/service"

    def service(self, action, name, **options):
        return self.run_agent(action, {"service": name}, **options)

    def assertStatus(self, result, before, status, changed):
        self.assertOk(result)
        self.assertEqual((result.data["before"], result.data["status"], result.changed), (before, status, changed), result)


class SysvTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.scripts = os.path.join(self.folder, "init.d")
        os.mkdir(self.scripts)
        self.extra = {"HOCKET_SERVICE_SCRIPTS": self.scripts, "HOCKET_SERVICE_SYSTEMD": self.folder + "/none"}
        self.script("web", SCRIPT % {"folder": self.folder})
        self.addCleanup(self.stop)

    def script(self, name, text):
        path = os.path.join(self.scripts, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def daemon(self):
        try:
            with open(self.folder + "/pid", encoding="ascii") as file:
                return int(file.read())
        except FileNotFoundError:
            return None

    def stop(self):
        if self.daemon():
            os.kill(self.daemon(), 9)

    def test_status(self):
        result = self.service("status", "web")
        self.assertOk(result)
        self.assertEqual(result.data, {"service": "web", "status": "stopped", "manager": "sysv"})
        self.assertFalse(result.changed)

    def test_start_leaves_a_daemon_that_holds_nothing_of_ours(self):
        result = self.service("start", "web")
        self.assertStatus(result, "stopped", "running", True)
        self.assertEqual(result.held, [])
        self.assertTrue(is_running(self.daemon()))

    def test_the_daemon_gets_a_clean_environment_with_the_mark_of_its_execution(self):
        self.service("start", "web")
        with open(self.folder + "/environment", encoding="utf-8") as file:
            names = {line.partition("=")[0] for line in file}
        self.assertEqual({name for name in names if name.startswith("HOCKET_")}, {"HOCKET_EXECUTION_ID"})

    def test_start_of_what_runs_changes_nothing(self):
        self.service("start", "web")
        daemon = self.daemon()
        result = self.service("start", "web")
        self.assertStatus(result, "running", "running", False)
        self.assertEqual((result.message, self.daemon()), ("web is running already", daemon))

    def test_stop(self):
        self.service("start", "web")
        daemon = self.daemon()
        self.assertStatus(self.service("stop", "web"), "running", "stopped", True)
        self.assertTrue(wait_until(lambda: not is_running(daemon)))
        self.assertStatus(self.service("stop", "web"), "stopped", "stopped", False)

    def test_restart(self):
        self.service("start", "web")
        daemon = self.daemon()
        self.assertStatus(self.service("restart", "web"), "running", "running", True)
        self.assertNotEqual(self.daemon(), daemon)

    def test_noop_changes_nothing_and_says_what_would_be(self):
        result = self.service("start", "web", noop=True)
        self.assertStatus(result, "stopped", "stopped", True)
        self.assertEqual((result.message, self.daemon()), ("noop: would start web", None))
        self.assertStatus(self.service("stop", "web", noop=True), "stopped", "stopped", False)

    def test_a_script_that_fails_is_an_error_with_its_words(self):
        self.script("broken", "#!/bin/sh\n[ $1 = status ] && exit 3\necho 'no configuration' >&2; exit 1\n")
        result = self.service("start", "broken")
        self.assertFailed(result, "service/start_failed")
        self.assertIn("no configuration", result.error["message"])

    def test_a_script_that_only_pretends_is_not_believed(self):
        self.script("liar", "#!/bin/sh\n[ $1 = status ] && exit 3\nexit 0\n")
        result = self.service("start", "liar")
        self.assertStatus(result, "stopped", "stopped", True)
        self.assertEqual(result.message, "sysv did start liar, and it is stopped now")

    def test_a_script_without_status_is_unknown(self):
        self.script("old", "#!/bin/sh\necho 'Usage: old {start|stop}'; exit 1\n")
        self.assertEqual(self.service("status", "old").data["status"], "unknown")
        self.script("older", "#!/bin/sh\nexit 150\n")
        self.assertEqual(self.service("status", "older").data["status"], "unknown")

    def test_an_unknown_service_is_an_error(self):
        self.assertFailed(self.service("status", "nope"), "service/not_found")

    def test_names_that_are_no_names_are_refused(self):
        for name in ("-web", "../web", ".", "..", "", "web\n", "a b"):
            self.assertFailed(self.service("status", name), "service/invalid_name")


class SystemdTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.extra = {"HOCKET_SERVICE_SYSTEMD": self.folder, "HOCKET_SERVICE_SCRIPTS": self.folder + "/none"}
        self.program("systemctl", SYSTEMCTL % {"folder": self.folder})
        self.state("inactive")

    def state(self, state):
        with open(self.folder + "/state", "w", encoding="ascii") as file:
            file.write(state)

    def calls(self):
        with open(self.folder + "/calls", encoding="ascii") as file:
            return [line.split()[0] if line.startswith("show") else line.strip() for line in file]

    def test_states(self):
        expected = {"active": "running", "reloading": "running", "inactive": "stopped", "failed": "stopped",
                    "activating": "unknown", "deactivating": "unknown"}
        for state, status in expected.items():
            self.state(state)
            self.assertEqual(self.service("status", "web").data, {"service": "web", "status": status, "manager": "systemd"})

    def test_start(self):
        self.assertStatus(self.service("start", "web"), "stopped", "running", True)
        self.assertEqual(self.calls(), ["show", "--no-ask-password --no-pager start -- web", "show"])

    def test_start_of_what_runs_asks_only(self):
        self.state("active")
        self.assertStatus(self.service("start", "web"), "running", "running", False)
        self.assertEqual(self.calls(), ["show"])

    def test_noop_asks_only(self):
        result = self.service("restart", "web", noop=True)
        self.assertStatus(result, "stopped", "stopped", True)
        self.assertEqual((self.calls(), result.message), (["show"], "noop: would restart web"))

    def test_a_failed_job_is_an_error_with_its_words(self):
        result = self.service("start", "broken")
        self.assertFailed(result, "service/start_failed")
        self.assertIn("Job for broken failed.", result.error["message"])

    def test_an_unknown_unit_is_an_error(self):
        self.assertFailed(self.service("stop", "nope"), "service/not_found")

    def test_a_silent_systemd_is_an_error(self):
        self.program("systemctl", "#!/bin/sh\nexit 1\n")
        self.assertFailed(self.service("status", "web"), "service/no_answer")


class NoManagerTest(ServiceTest):
    def test_neither_is_an_error(self):
        self.extra = {"HOCKET_SERVICE_SYSTEMD": "/none", "HOCKET_SERVICE_SCRIPTS": "/none"}
        self.assertFailed(self.service("status", "web"), "service/no_manager")
