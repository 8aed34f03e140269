"""The agent `apt`, on an apt of our own that behaves like recordings of the real one; and, where there is one, on the real one,
which plans for an installation of our own."""

import os
import shutil
import subprocess
import unittest

from harness import AgentTest

APT_GET = """#!/bin/bash
folder=%(folder)s
echo "$*" >>$folder/calls
if [[ -e $folder/error ]]; then cat $folder/error >&2; exit 100; fi
case $* in
    --simulate*) cat $folder/plan ;;
    *update*)
        echo 'Hit:1 http://deb.example stable InRelease'
        [[ -e $folder/news ]] && { echo 'Get:2 http://deb.example updates InRelease [52 kB]'; echo new >$folder/lists/a_Packages; }
        echo 'Reading package lists...' ;;
    *upgrade*)
        env >$folder/environment
        [[ -t 0 || -n $(cat) ]] && exit 1
        [[ -e $folder/fails ]] && { printf 'Unpacking \\xff\\nE: Sub-process /usr/bin/dpkg returned an error code (1)\\n' >&2; exit 100; }
        /bin/sleep 600 & echo $! >$folder/daemon
        touch $folder/reboot
        [[ -e $folder/liar ]] || cat $folder/done >$folder/plan ;;
esac
exit 0
"""

APT_MARK = """#!/bin/bash
[[ $* == showhold ]] && printf 'linux-image-amd64\\npostgresql\\n'
"""

PLAN = """Reading package lists...
Building dependency tree...
Calculating upgrade...
The following packages have been kept back:
  linux-image-amd64 postgresql
  postgresql-client
The following upgrades have been deferred due to phasing:
  snapd
The following packages will be upgraded:
  bash libssl3
2 upgraded, 0 newly installed, 0 to remove and 4 not upgraded.
Inst bash [5.2-1] (5.2-2 Debian:12.15/oldstable [amd64])
Inst libssl3:i386 [3.0.1] (3.0.2 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
Conf bash (5.2-2 Debian:12.15/oldstable [amd64])
"""
NEW = "Inst linux-image-6.2 (6.2.1 Debian-Security:12/oldstable-security [amd64])\n"
DONE = "Reading package lists...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
BASH = {"package": "bash", "from": "5.2-1", "to": "5.2-2", "security": False}
SSL = {"package": "libssl3:i386", "from": "3.0.1", "to": "3.0.2", "security": True}
KERNEL = {"package": "linux-image-6.2", "from": "", "to": "6.2.1", "security": True}


class AptTest(AgentTest):
    agent = "bash/apt/apt"

    def setUp(self):
        super().setUp()
        self.program("apt-get", APT_GET % {"folder": self.folder})
        self.program("apt-mark", APT_MARK)
        os.makedirs(self.folder + "/lists/partial")
        self.write("lists/a_Packages", "old\n")
        self.write("plan", PLAN)
        self.write("done", DONE)
        self.extra = {"HOCKET_APT_LISTS": self.folder + "/lists", "HOCKET_APT_REBOOT": self.folder + "/reboot"}
        self.addCleanup(self.end_daemon)

    def end_daemon(self):
        if self.read("daemon"):
            os.kill(int(self.read("daemon")), 9)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def read(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def real_calls(self):
        return [call for call in self.read("calls").splitlines() if not call.startswith("--simulate")]


class CheckupdatesTest(AptTest):
    def test_what_is_out_of_date(self):
        result = self.run_agent("checkupdates")
        self.assertOk(result)
        self.assertLess(result.data.pop("lists_age"), 60)
        self.assertEqual(result.data, {
            "count": 2, "security": 1, "packages": [BASH, SSL], "holds": ["linux-image-amd64", "postgresql"],
            "kept_back": ["linux-image-amd64", "postgresql", "postgresql-client", "snapd"], "reboot_required": False})
        self.assertFalse(result.changed)
        self.assertEqual(self.real_calls(), [])

    def test_new_packages_are_no_updates(self):
        self.write("plan", PLAN + NEW)
        result = self.run_agent("checkupdates")
        self.assertEqual((result.data["count"], result.data["security"]), (2, 1))

    def test_nothing(self):
        self.write("plan", DONE)
        result = self.run_agent("checkupdates")
        self.assertOk(result)
        self.assertEqual((result.data["count"], result.data["packages"], result.data["kept_back"]), (0, [], []))

    def test_a_reboot_is_asked_for(self):
        self.write("reboot", "")
        self.assertTrue(self.run_agent("checkupdates").data["reboot_required"])

    def test_the_age_of_the_lists(self):
        for name in ("/lists", "/lists/partial"):
            os.utime(self.folder + name, (1_000_000_000, 1_000_000_000))
        self.assertGreater(self.run_agent("checkupdates").data["lists_age"], 700_000_000)

    def test_without_lists_nobody_knows(self):
        os.unlink(self.folder + "/lists/a_Packages")
        for action in ("checkupdates", "upgrade"):
            self.assertFailed(self.run_agent(action), "apt/no_lists")
        self.assertEqual(self.read("calls"), "")

    def test_texts_that_are_no_utf8(self):
        self.write("plan", b"Inst odd [1\xff] (2\"\\ Debian:12/stable [amd64])\n")
        self.assertEqual(self.run_agent("checkupdates").data["packages"],
                         [{"package": "odd", "from": "1\ufffd", "to": '2"\\', "security": False}])

    def test_without_apt(self):
        self.search_path = self.bin
        for tool in ("bash", "apt-get", "apt-mark"):
            if tool == "bash":
                os.symlink(shutil.which(tool), os.path.join(self.bin, tool))
            else:
                os.unlink(os.path.join(self.bin, tool))
        for action in ("update", "checkupdates", "upgrade"):
            self.assertFailed(self.run_agent(action), "apt/no_apt")


class UpdateTest(AptTest):
    def test_new_lists_are_a_change(self):
        self.write("news", "")
        os.utime(self.folder + "/lists/a_Packages", (1, 1))
        result = self.run_agent("update")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data), (True, {"fetched": 1, "current": 1}))
        self.assertTrue(self.real_calls()[0].endswith(" update"))

    def test_lists_that_are_the_newest_are_none(self):
        result = self.run_agent("update")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data), (False, {"fetched": 0, "current": 1}))

    def test_it_works_without_lists(self):
        os.unlink(self.folder + "/lists/a_Packages")
        self.write("news", "")
        self.assertTrue(self.run_agent("update").changed)

    def test_a_list_that_cannot_be_fetched_is_an_error(self):
        self.write("error", "E: Failed to fetch http://deb.example/InRelease  Could not resolve 'deb.example'\n"
                            "E: Some index files failed to download.\n")
        result = self.run_agent("update")
        self.assertFailed(result, "apt/fetch_failed")
        self.assertIn("deb.example", result.error["message"])
        self.assertIn("APT::Update::Error-Mode=any", self.read("calls"))


class UpgradeTest(AptTest):
    def test_upgrade(self):
        result = self.run_agent("upgrade")
        self.assertOk(result)
        self.assertEqual((result.changed, result.message, result.data["count"], result.data["packages"]),
                         (True, "upgraded 2 packages", 2, [BASH, SSL]))
        self.assertEqual((result.data["security"], result.data["kept_back"][-1]), (1, "snapd"))
        self.assertTrue(result.data["reboot_required"])
        self.assertEqual(result.held, [], "a daemon of a package holds our pipes")

    def test_it_asks_nothing_and_keeps_configuration(self):
        self.run_agent("upgrade")
        self.assertEqual(len(self.real_calls()), 1)
        call = self.real_calls()[0]
        for option in ("--yes", "Dpkg::Options::=--force-confold", "Dpkg::Options::=--force-confdef", "DPkg::Lock::Timeout=30"):
            self.assertIn(option, call)
        self.assertTrue(call.endswith(" upgrade"))
        environment = dict(line.partition("=")[::2] for line in self.read("environment").splitlines())
        self.assertEqual(environment["DEBIAN_FRONTEND"], "noninteractive")
        self.assertEqual({name for name in environment if name.startswith("HOCKET_")}, {"HOCKET_EXECUTION_ID"})

    def test_noop_changes_nothing(self):
        result = self.run_agent("upgrade", noop=True)
        self.assertOk(result)
        self.assertEqual((result.changed, result.message, result.data["packages"]),
                         (True, "noop: would upgrade 2 packages", [BASH, SSL]))
        self.assertEqual((self.real_calls(), result.data["reboot_required"]), ([], False))

    def test_nothing_to_do(self):
        self.write("plan", DONE)
        for noop in (False, True):
            result = self.run_agent("upgrade", noop=noop)
            self.assertOk(result)
            self.assertEqual((result.changed, result.message, result.data["count"]), (False, "nothing to upgrade", 0))
        self.assertEqual(self.real_calls(), [])

    def test_new_packages_only_when_asked_for(self):
        self.run_agent("upgrade", noop=True)
        self.assertNotIn("--with-new-pkgs", self.read("calls"))
        self.write("plan", PLAN + NEW)
        result = self.run_agent("upgrade", {"with_new": True})
        self.assertEqual(result.data["packages"], [BASH, SSL, KERNEL])
        self.assertEqual(self.read("calls").count("upgrade --with-new-pkgs"), 3)

    def test_it_never_removes_a_package(self):
        self.write("plan", PLAN + "Remv exim4 [4.96]\n")
        result = self.run_agent("upgrade")
        self.assertFailed(result, "apt/would_remove")
        self.assertIn("exim4", result.error["message"])
        self.assertEqual(self.real_calls(), [])

    def test_success_that_is_none_is_an_error(self):
        self.write("liar", "")
        result = self.run_agent("upgrade")
        self.assertFailed(result, "apt/not_upgraded")
        self.assertEqual(result.error["details"], {"packages": [BASH, SSL]})

    def test_what_is_newer_by_now_is_no_failure(self):
        self.write("done", "Inst bash [5.2-2] (5.2-3 Debian:12.15/oldstable [amd64])\n")
        self.assertOk(self.run_agent("upgrade"))

    def test_a_failure_has_the_words_of_apt(self):
        self.write("fails", "")
        result = self.run_agent("upgrade")
        self.assertFailed(result, "apt/apt_failed")
        self.assertEqual(result.error["message"], "Sub-process /usr/bin/dpkg returned an error code (1)")

    def test_errors_have_kinds(self):
        for text, kind in (
                ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt-get)\n", "locked"),
                ("E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n", "locked"),
                ("E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)\n", "not_permitted"),
                ("E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. \n", "interrupted"),
                ("E: You don't have enough free space in /var/cache/apt/archives/.\n", "no_space"),
                ("E: Unmet dependencies. Try 'apt --fix-broken install' with no packages.\n", "broken"),
                ("something \\ \"else\"\n", "apt_failed"),
                ("", "apt_failed")):
            self.write("error", text)
            for action in ("update", "upgrade"):
                result = self.run_agent(action)
                self.assertFailed(result, f"apt/{kind}")
                self.assertTrue(result.error["message"])


STATUS = """Package: demo
Status: install ok installed
Maintainer: nobody
Architecture: all
Version: 1.0
Description: x
"""
ONLY_PLANS = """#!/bin/bash
case $* in
    --simulate*) exec %s "$@" ;;
    *) echo 'E: a test installs nothing on the machine that runs it' >&2; exit 100 ;;
esac
"""
AVAILABLE = """Package: demo
Maintainer: nobody
Architecture: all
Version: 1.1
Filename: ./demo.deb
Size: 1
SHA256: %s
Description: x
""" % ("0" * 64)


@unittest.skipUnless(shutil.which("apt-get"), "no apt here")
class RealAptTest(AptTest):
    """The real apt, on an installation and an archive of our own, so that it is quick and needs no network."""

    def setUp(self):
        super().setUp()
        self.program("apt-get", ONLY_PLANS % shutil.which("apt-get"))
        for name in ("archive", "state/lists/partial", "cache/archives/partial", "etc"):
            os.makedirs(os.path.join(self.folder, name))
        self.write("state/status", STATUS)
        self.write("archive/Packages", AVAILABLE)
        self.write("etc/sources.list", f"deb [trusted=yes] file:{self.folder}/archive ./\n")
        self.write("apt.conf", f'Dir::State "{self.folder}/state"; Dir::State::status "{self.folder}/state/status";\n'
                               f'Dir::Cache "{self.folder}/cache"; Dir::Etc "{self.folder}/etc"; APT::Sandbox::User "root";\n'
                               'Dir::Bin::dpkg "/bin/false";\n')
        self.extra.update(HOCKET_APT_LISTS=self.folder + "/state/lists", APT_CONFIG=self.folder + "/apt.conf")
        subprocess.run(["apt-get", "-qq", "update"], env={"PATH": os.environ["PATH"], **self.extra}, check=True, capture_output=True)

    def test_its_plan_is_understood(self):
        for action in ("checkupdates", "upgrade"):
            result = self.run_agent(action, noop=True)
            self.assertOk(result)
            self.assertEqual(result.data["packages"], [{"package": "demo", "from": "1.0", "to": "1.1", "security": False}])

    def test_it_could_not_install(self):
        self.assertFailed(self.run_agent("upgrade"), "apt/apt_failed")

    def test_a_hold_is_understood(self):
        self.write("state/status", STATUS.replace("install ok", "hold ok"))
        result = self.run_agent("upgrade", noop=True)
        self.assertOk(result)
        self.assertEqual((result.data["count"], result.data["kept_back"]), (0, ["demo"]))
