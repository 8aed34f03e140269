"""The agent `puppet`, on a puppet of our own that behaves like recordings of puppet 7.23."""

import os
import subprocess
import time

from harness import AgentTest

PUPPET = """#!/bin/bash
folder=%(folder)s
echo "$*" >>$folder/calls
summarize() { sed "s/NOW/$(date +%%s)/" $folder/next_summary >$folder/summary.yaml; }
case $1:$2 in
    config:print)
        [[ -e $folder/broken ]] && { echo 'Error: Could not parse puppet.conf' >&2; exit 1; }
        echo 'Warning: Something is deprecated' >&2
        echo "agent_catalog_run_lockfile = $folder/run.lock"
        echo "agent_disabled_lockfile = $folder/disabled.lock"
        echo "lastrunfile = $folder/summary.yaml" ;;
    agent:--enable) [[ -e $folder/stubborn ]] || rm -f $folder/disabled.lock ;;
    agent:--disable)
        [[ -e $folder/denied ]] && { printf 'Error: no \\xff permission\\n' >&2; exit 1; }
        [[ -e $folder/stubborn ]] && exit 0
        printf '{"disabled_message":"%%s"}' "${3//\\"/\\\\\\"}" >$folder/disabled.lock ;;
    agent:--onetime)
        env >$folder/environment
        cat $folder/log 2>/dev/null
        [[ -e $folder/next_summary ]] && summarize
        exit "$(cat $folder/code)" ;;
esac
"""

SUMMARY = """---
version:
  config: %(config)s
  puppet: 7.23.0
application:
  run_mode: agent
  initial_environment: production
resources:
  changed: %(changed)d
  failed: %(failed)d
  out_of_sync: %(out_of_sync)d
  skipped: 0
  total: 9
time:
  catalog_application: 0.0343
  filebucket: 5.8781e-05
  "nginx::site": 0.5
  total: 2.5
  last_run: %(last_run)s
changes:
  total: %(changed)d
events:
  failure: %(failed)d
  success: %(changed)d
  total: 2
"""

FAILED_SUMMARY = """---
version:
  config:
  puppet: 7.23.0
time:
  last_run: 1700000000
"""


def summary(last_run="NOW", changed=0, failed=0, out_of_sync=0, config="1795818104"):
    return SUMMARY % {"last_run": last_run, "changed": changed, "failed": failed, "out_of_sync": out_of_sync, "config": config}


class PuppetTest(AgentTest):
    agent = "bash/puppet/puppet"

    def setUp(self):
        super().setUp()
        self.program("puppet", PUPPET % {"folder": self.folder})

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def disable(self, message="new disks"):
        self.write("disabled.lock", '{"disabled_message":"%s"}' % message)

    def calls(self):
        with open(self.folder + "/calls", encoding="utf-8") as file:
            return file.read().splitlines()

    def changing_calls(self):
        return [call for call in self.calls() if not call.startswith("config print")]

    def lock_by(self, title):
        process = subprocess.Popen([title, "600"], executable="/bin/sleep")
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.write("run.lock", str(process.pid))
        return process


class StatusTest(PuppetTest):
    def test_enabled_and_never_run(self):
        result = self.run_agent("status")
        self.assertOk(result)
        self.assertEqual((result.data, result.changed), ({"enabled": True, "running": False}, False))

    def test_puppet_is_called_once(self):
        self.run_agent("status")
        self.assertEqual(len(self.calls()), 1)

    def test_disabled_with_its_message(self):
        self.disable('it\'s \\"me\\" \u00fc')
        result = self.run_agent("status")
        self.assertEqual((result.data["enabled"], result.data["disabled_message"]), (False, 'it\'s "me" \u00fc'))

    def test_a_lock_that_is_no_json_disables_as_well(self):
        self.write("disabled.lock", b"by \xff hand\0")
        self.assertEqual(self.run_agent("status").data["disabled_message"], "by \ufffd hand")
        self.write("disabled.lock", b"")
        result = self.run_agent("status")
        self.assertEqual((result.data["enabled"], result.data["disabled_message"]), (False, "no reason is given"))

    def test_running(self):
        process = self.lock_by("puppet agent: applying configuration")
        self.assertTrue(self.run_agent("status").data["running"])
        process.kill()
        process.wait()
        self.assertFalse(self.run_agent("status").data["running"])

    def test_the_lock_of_another_process_is_an_old_one(self):
        self.lock_by("sleep")
        self.assertFalse(self.run_agent("status").data["running"])

    def test_locks_with_anything_else_in_them(self):
        for text in (b"", b"self", b"1 2", b"../1", b"-1", b"\xff\n", b"99999999999999999999"):
            self.write("run.lock", text)
            self.assertFalse(self.run_agent("status").data["running"])

    def test_the_last_run(self):
        self.write("summary.yaml", summary(last_run=int(time.time()) - 3600))
        data = self.run_agent("status").data
        self.assertTrue(3600 <= data["age"] < 3660)
        self.assertEqual((data["last_run"] + data["age"] - int(time.time())) // 60, 0)
        self.assertTrue(data["applied"])

    def test_a_broken_configuration_is_an_error(self):
        self.write("broken", "")
        result = self.run_agent("status")
        self.assertFailed(result, "puppet/no_settings")
        self.assertIn("Could not parse", result.error["message"])

    def test_without_puppet(self):
        os.unlink(os.path.join(self.bin, "puppet"))
        self.search_path = f"{self.bin}:/usr/bin:/bin"
        if os.path.exists("/usr/bin/puppet") or os.path.exists("/opt/puppetlabs/bin/puppet"):
            self.skipTest("there is a puppet here")
        self.assertFailed(self.run_agent("status"), "puppet/not_installed")


class LastRunSummaryTest(PuppetTest):
    def summary_of(self, text):
        self.write("summary.yaml", text)
        return self.run_agent("last_run_summary")

    def test_numbers_are_numbers(self):
        result = self.summary_of(summary(last_run=1700000000, changed=2, failed=1, out_of_sync=3))
        self.assertOk(result)
        data = result.data
        self.assertEqual((data["total_resources"], data["changed_resources"], data["failed_resources"],
                          data["out_of_sync_resources"], data["total_time"], data["last_run"], data["applied"]),
                         (9, 2, 1, 3, 2.5, 1700000000, True))
        self.assertEqual(data["resources"], {"changed": 2, "failed": 1, "out_of_sync": 3, "skipped": 0, "total": 9})
        self.assertEqual(data["time"], {"catalog_application": 0.0343, "filebucket": 5.8781e-05, "nginx::site": 0.5,
                                        "total": 2.5, "last_run": 1700000000})
        self.assertEqual(data["events"], {"failure": 1, "success": 2, "total": 2})

    def test_versions_are_texts(self):
        data = self.summary_of(summary(last_run=1)).data
        self.assertEqual((data["config_version"], data["puppet_version"]), ("1795818104", "7.23.0"))
        data = self.summary_of(summary(last_run=1, config='"git-1f \\"x\\""')).data
        self.assertIn("git-1f", data["config_version"])

    def test_a_run_without_a_catalog(self):
        result = self.summary_of(FAILED_SUMMARY)
        self.assertOk(result)
        self.assertFalse(result.data["applied"])
        self.assertEqual((result.data["resources"], result.data["puppet_version"]), ({}, "7.23.0"))
        self.assertNotIn("failed_resources", result.data)
        self.assertNotIn("config_version", result.data)

    def test_odd_values_break_nothing(self):
        text = b"---\nresources:\n  total: .nan\n  failed: 0x1f\n  changed: 007\n  odd: a \xff \"b\"\\\ntime:\n  last_run: 5\n"
        result = self.summary_of(text)
        self.assertOk(result)
        self.assertEqual(result.data["resources"], {"total": ".nan", "failed": "0x1f", "changed": "007", "odd": 'a \ufffd "b"\\'})
        self.assertNotIn("failed_resources", result.data)

    def test_values_are_never_expanded(self):
        text = f"---\nresources:\n  a: $(touch {self.folder}/hacked)\n  b[$(touch {self.folder}/hacked)]: 1\n" \
               f"time:\n  total: a[$(touch {self.folder}/hacked)]\n  last_run: 5\n"
        self.assertOk(self.summary_of(text))
        self.assertFalse(os.path.exists(self.folder + "/hacked"))

    def test_no_summary_is_an_error(self):
        self.assertFailed(self.run_agent("last_run_summary"), "puppet/never_ran")
        for text in ("", "---\n", "time:\n  last_run: never\n", "\0"):
            self.assertFailed(self.summary_of(text), "puppet/never_ran")


class RunonceTest(PuppetTest):
    def prepare(self, code=0, log="", **numbers):
        self.write("code", str(code))
        self.write("log", log)
        self.write("next_summary", summary(**numbers))

    def test_a_run_without_changes(self):
        self.prepare()
        result = self.run_agent("runonce")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["changed_resources"], result.data["total_resources"]), (False, 0, 9))
        self.assertNotIn("diff", result.reply)
        call = self.changing_calls()[0].split()
        for option in ("--onetime", "--no-daemonize", "--detailed-exitcodes", "--no-splay", "--no-show_diff"):
            self.assertIn(option, call)
        self.assertNotIn("--noop", call)

    def test_a_run_with_changes(self):
        line = "Notice: /Stage[main]/Main/File[/etc/motd]/content: content changed \xff"
        self.prepare(code=2, log=f"Notice: Compiled catalog\n{line}\n".encode("latin-1"), changed=2)
        result = self.run_agent("runonce")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["changed_resources"]), (True, 2))
        self.assertEqual(result.reply["diff"], line.replace("\xff", "\ufffd"))

    def test_puppet_gets_a_clean_environment(self):
        self.prepare()
        self.run_agent("runonce", {"tags": "web"})
        with open(self.folder + "/environment", encoding="utf-8") as file:
            names = {line.partition("=")[0] for line in file}
        self.assertEqual({name for name in names if name.startswith("HOCKET_")}, {"HOCKET_EXECUTION_ID"})

    def test_noop_is_passed_on_and_says_what_would_be(self):
        self.prepare(out_of_sync=3, log="Notice: /File[/x]/ensure: current_value 'absent', should be 'file' (noop)\n")
        result = self.run_agent("runonce", noop=True)
        self.assertOk(result)
        self.assertIn("--noop", self.changing_calls()[0].split())
        self.assertEqual((result.changed, result.message), (True, "noop: 3 resources would be changed"))
        self.assertIn("should be 'file'", result.reply["diff"])
        self.prepare()
        self.assertFalse(self.run_agent("runonce", noop=True).changed)

    def test_tags_and_environment(self):
        self.prepare()
        self.assertOk(self.run_agent("runonce", {"tags": "web,role::db", "environment": "test"}))
        self.assertTrue(self.changing_calls()[0].endswith(" --tags=web,role::db --environment=test"))

    def test_tags_and_environments_that_are_none_are_refused(self):
        for text in ("-x", "--noop", "a b", "$(id)", "a\n", "a,", ",a", "a,-b", "../x", "A;b"):
            self.assertFailed(self.run_agent("runonce", {"tags": text}), "puppet/invalid_tags")
            self.assertFailed(self.run_agent("runonce", {"environment": text}), "puppet/invalid_environment")
        self.assertFalse(os.path.exists(self.folder + "/calls"))

    def test_refused_while_disabled(self):
        self.disable()
        self.prepare()
        result = self.run_agent("runonce")
        self.assertFailed(result, "puppet/disabled")
        self.assertIn("new disks", result.error["message"])
        self.assertFailed(self.run_agent("runonce", noop=True), "puppet/disabled")
        self.assertEqual(self.changing_calls(), [])

    def test_refused_while_running(self):
        self.lock_by("puppet agent: applying configuration")
        self.prepare()
        self.assertFailed(self.run_agent("runonce"), "puppet/running")
        self.assertEqual(self.changing_calls(), [])

    def test_resources_that_fail_are_an_error(self):
        for code in (4, 6):
            self.prepare(code=code, failed=2, changed=1, log="Error: '/bin/false' returned 1\n")
            result = self.run_agent("runonce")
            self.assertFailed(result, "puppet/resources_failed")
            self.assertEqual(result.error["details"], {"exit_code": code, "failed": 2, "changed": 1})
            self.assertIn("'/bin/false' returned 1", result.error["message"])

    def test_no_run_is_an_error(self):
        self.prepare(code=1, log="Info: x\nError: Connection refused\nError: Connection refused\n")
        result = self.run_agent("runonce")
        self.assertFailed(result, "puppet/run_failed")
        self.assertTrue(result.error["message"].endswith("without a run: Error: Connection refused"), result)

    def test_success_without_a_new_summary_is_no_run(self):
        self.write("code", "0")
        self.write("summary.yaml", summary(last_run=int(time.time()) - 60))
        self.assertFailed(self.run_agent("runonce"), "puppet/run_failed")

    def test_what_others_did_meanwhile_has_its_kind(self):
        for code in (0, 1):
            self.write("code", str(code))
            self.write("log", "Notice: Run of Puppet configuration client already in progress; skipping  (/x exists)\n")
            self.assertFailed(self.run_agent("runonce"), "puppet/running")
            self.write("log", "Notice: Skipping run of Puppet configuration client; administratively disabled (Reason: 'x');\n")
            self.assertFailed(self.run_agent("runonce"), "puppet/disabled")


class SwitchTest(PuppetTest):
    def is_disabled(self):
        return os.path.exists(self.folder + "/disabled.lock")

    def test_disable_and_enable(self):
        result = self.run_agent("disable", {"message": 'it\'s "me" $(id) \u00fc'})
        self.assertOk(result)
        self.assertEqual((result.changed, result.data), (True, {"enabled": False, "disabled_message": 'it\'s "me" $(id) \u00fc'}))
        result = self.run_agent("enable")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data, self.is_disabled()), (True, {"enabled": True}, False))

    def test_twice_changes_nothing_and_the_first_reason_stays(self):
        self.disable()
        result = self.run_agent("disable", {"message": "other"})
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["disabled_message"], result.message),
                         (False, "new disks", "puppet is disabled already: new disks"))
        os.unlink(self.folder + "/disabled.lock")
        result = self.run_agent("enable")
        self.assertEqual((result.changed, result.message), (False, "puppet is enabled already"))
        self.assertEqual(self.changing_calls(), [])

    def test_noop_changes_nothing(self):
        result = self.run_agent("disable", {"message": "x"}, noop=True)
        self.assertEqual((result.changed, result.message, result.data, self.is_disabled()),
                         (True, "noop: would disable puppet", {"enabled": True}, False))
        self.assertFalse(self.run_agent("enable", noop=True).changed)
        self.disable()
        result = self.run_agent("enable", noop=True)
        self.assertEqual((result.changed, result.message, self.is_disabled()), (True, "noop: would enable puppet", True))
        self.assertFalse(self.run_agent("disable", {"message": "x"}, noop=True).changed)
        self.assertEqual(self.changing_calls(), [])

    def test_messages_that_are_none_are_refused(self):
        for message in ("", "-x", "--enable", "a\nb", "a\n", "\x1b[31m", "a" * 201):
            self.assertFailed(self.run_agent("disable", {"message": message}), "puppet/invalid_message")
        self.assertFalse(os.path.exists(self.folder + "/calls"))

    def test_a_failure_is_an_error_with_its_words(self):
        self.write("denied", "")
        result = self.run_agent("disable", {"message": "x"})
        self.assertFailed(result, "puppet/disable_failed")
        self.assertIn("no \ufffd permission", result.error["message"])

    def test_success_that_is_none_is_an_error(self):
        self.write("stubborn", "")
        self.assertFailed(self.run_agent("disable", {"message": "x"}), "puppet/disable_failed")
        self.disable()
        self.assertFailed(self.run_agent("enable"), "puppet/enable_failed")
