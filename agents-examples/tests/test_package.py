"""The agent `package`, on an apt and a dnf of our own that behave like recordings of the real ones; and, where there is one,
on the real dpkg, for reading only."""

import os
import shutil
import unittest

from harness import AgentTest

APT = {
    "dpkg-query": """#!/bin/bash
package=${!#}
case $* in
    *'Architecture}'*) line=$(grep "^$package " %(folder)s/installed) || { echo 'no packages found' >&2; exit 1; }
                       set -- $line; printf '%%s |%%s|%%s\\n' "$2" "$3" amd64 ;;
    *) cut -d' ' -f2 %(folder)s/installed ;;
esac
""",
    "apt-cache": """#!/bin/bash
package=${!#}
[[ $package == editor ]] && exit 100        # a virtual one
[[ $package == x. ]] && package=xyz         # a pattern
printf 'Package: %%s\\nVersion: 2\\n\\n' "${package%%:*}"
""",
    "apt-get": """#!/bin/bash
echo "$*" >>%(folder)s/calls
package=${!#}
name=${package%%%%=*}
case $* in
    *nosuch*) echo 'E: Unable to locate package nosuch' >&2; exit 100 ;;
    *=9) echo "E: Version '9' for '$name' was not found" >&2; exit 100 ;;
    --simulate*' dist-upgrade') cat %(folder)s/updates ;;
    --simulate*' remove '*base) printf 'Remv app [1.0]\\nRemv base [1.0]\\n' ;;
    --simulate*' remove '*) echo "Remv $name [1.0]" ;;
    --simulate*' --only-upgrade '*old) printf 'Inst old [1.0] (2.0 Debian:12.1/stable [amd64])\\nConf old (2.0 Debian [amd64])\\n' ;;
    --simulate*' --only-upgrade '*) ;;
    --simulate*conflict) printf 'Remv app [1.0]\\nInst conflict (1 Debian:12/stable [amd64])\\n' ;;
    --simulate*) printf 'Inst libx (1.2 Debian:12.1/stable [amd64])\\nInst %%s (2.0-1 Debian:12/stable [amd64])\\n' "$name" ;;
    *' install '*locked) echo 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1' >&2; exit 100 ;;
    *' install '*liar) ;;
    *' install '*) /bin/sleep 600 & echo $! >%(folder)s/daemon
                   [ $DEBIAN_FRONTEND = noninteractive ] && echo "$name ii 2.0-1" >>%(folder)s/installed ;;
    *' remove '*) sed -i "/^$name /d" %(folder)s/installed ;;
    *' update') : >%(folder)s/lists/deb_Packages ;;
esac
""",
}

UPDATES = """Reading package lists...
Inst bash [5.2-1] (5.2-2 Debian:12.15/oldstable [amd64])
Inst libssl3 [3.0.1] (3.0.2 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
Inst linux-image-6.2 (6.2.1 Debian:12.15/oldstable [amd64])
Conf bash (5.2-2 Debian:12.15/oldstable [amd64])
"""


class PackageTest(AgentTest):
    agent = "bash/package/package"

    def package(self, action, name, **options):
        inputs = {key: options.pop(key) for key in ("version", "dependents") if key in options}
        return self.run_agent(action, {"package": name, **inputs}, **options)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()


class AptTest(PackageTest):
    def setUp(self):
        super().setUp()
        for name, text in APT.items():
            self.program(name, text % {"folder": self.folder})
        self.write("installed", "app ii 1.0\nbase ii 1.0\nold ii 1.0\ngone rc 0.9\ng++ ii 12\n")
        self.write("updates", UPDATES)
        os.mkdir(self.folder + "/lists")
        self.extra = {"HOCKET_PACKAGE_LISTS": self.folder + "/lists"}
        self.addCleanup(self.end_daemon)

    def end_daemon(self):
        if self.read("daemon"):
            os.kill(int(self.read("daemon")), 9)

    def real_calls(self):
        return [call for call in self.read("calls").splitlines() if not call.startswith("--simulate")]

    def test_status(self):
        result = self.package("status", "app")
        self.assertOk(result)
        self.assertEqual(result.data, {
            "package": "app", "installed": True, "version": "1.0", "architecture": "amd64", "manager": "apt"})

    def test_status_of_what_is_not_there_or_was_removed(self):
        for name in ("nothing", "gone"):
            result = self.package("status", name)
            self.assertEqual((result.data["installed"], result.data["version"]), (False, ""), result)

    def test_count(self):
        self.assertEqual(self.run_agent("count").data["count"], 4)

    def test_checkupdates(self):
        self.write("lists/deb_Packages", "")
        result = self.run_agent("checkupdates")
        self.assertOk(result)
        self.assertEqual(result.data["packages"], [
            {"package": "bash", "action": "upgrade", "from": "5.2-1", "to": "5.2-2", "security": False},
            {"package": "libssl3", "action": "upgrade", "from": "3.0.1", "to": "3.0.2", "security": True}])
        self.assertEqual(result.data["count"], 2)
        self.assertLess(result.data["lists_age"], 60)

    def test_no_updates(self):
        self.write("lists/deb_Packages", "")
        self.write("updates", "Reading package lists...\n")
        result = self.run_agent("checkupdates")
        self.assertEqual((result.data["count"], result.data["packages"]), (0, []))

    def test_without_lists_nobody_knows_of_updates(self):
        self.assertFailed(self.run_agent("checkupdates"), "package/no_lists")

    def test_lists_are_fetched_when_asked_for(self):
        self.assertOk(self.run_agent("checkupdates", {"refresh": True}))
        self.assertEqual(len(self.real_calls()), 1)

    def test_install(self):
        result = self.package("install", "new")
        self.assertOk(result)
        self.assertEqual((result.data["before"], result.data["version"], result.changed), ("", "2.0-1", True))
        self.assertEqual([(change["package"], change["action"]) for change in result.data["changes"]],
                         [("libx", "install"), ("new", "install")])
        self.assertEqual(result.held, [], "a daemon of the package holds our pipes")

    def test_install_of_what_is_there_does_nothing(self):
        result = self.package("install", "app")
        self.assertOk(result)
        self.assertEqual((result.changed, result.message, self.read("calls")), (False, "app 1.0 is installed already", ""))

    def test_install_of_an_exact_version(self):
        result = self.package("install", "new", version="2.0-1")
        self.assertEqual((result.outcome, result.data["version"]), ("ok", "2.0-1"), result)
        self.assertTrue(self.real_calls()[0].endswith("install -- new=2.0-1"))
        self.assertFailed(self.package("install", "app", version="9"), "package/not_found")

    def test_install_in_noop(self):
        result = self.package("install", "new", noop=True)
        self.assertOk(result)
        self.assertEqual((result.changed, result.message, result.data["version"]), (True, "noop: would install new", ""))
        self.assertEqual(len(result.data["changes"]), 2)
        self.assertEqual(self.real_calls(), [])

    def test_install_never_removes_another_package(self):
        result = self.package("install", "conflict")
        self.assertFailed(result, "package/would_remove_others")
        self.assertEqual(result.error["details"], {"packages": ["app"]})
        self.assertEqual(self.real_calls(), [])

    def test_names_that_apt_would_take_for_something_else(self):
        for name in ("x.", "editor"):
            self.assertFailed(self.package("install", name), "package/not_found")
        self.assertEqual(self.package("install", "g++").message, "g++ 12 is installed already")

    def test_errors_of_apt_have_kinds(self):
        self.assertFailed(self.package("install", "nosuch"), "package/not_found")
        self.assertFailed(self.package("install", "locked"), "package/locked")

    def test_success_that_is_none_is_an_error(self):
        self.assertFailed(self.package("install", "liar"), "package/wrong_version")

    def test_update(self):
        result = self.package("update", "old", noop=True)
        self.assertEqual(result.data["changes"], [
            {"package": "old", "action": "upgrade", "from": "1.0", "to": "2.0", "security": False}], result)
        result = self.package("update", "app")
        self.assertEqual((result.changed, result.message), (False, "nothing to update"), result)
        self.assertFailed(self.package("update", "nothing"), "package/not_installed")

    def test_remove(self):
        result = self.package("remove", "app")
        self.assertOk(result)
        self.assertEqual((result.data["before"], result.data["version"], result.changed), ("1.0", "", True))
        result = self.package("remove", "app")
        self.assertEqual((result.changed, result.message), (False, "app is not installed"), result)

    def test_remove_spares_dependents_unless_asked(self):
        result = self.package("remove", "base")
        self.assertFailed(result, "package/would_remove_others")
        self.assertEqual(result.error["details"], {"packages": ["app"]})
        self.assertTrue(self.package("remove", "base", dependents=True).changed)

    def test_names_that_are_no_names_are_refused(self):
        for name in ("-y", "a b", "a*", "", "a=1", "./a.deb"):
            self.assertFailed(self.package("status", name), "package/invalid_name")


DNF = {
    "rpm": """#!/bin/bash
package=${!#}
case $* in
    *--all) printf 'bash-5-1.x86_64\\ngpg-pubkey-1-2\\nkernel-6-1.x86_64\\n' ;;
    *) grep "^$package|" %(folder)s/installed >%(folder)s/found || { echo "package $package is not installed"; exit 1; }
       cut -d'|' -f2- %(folder)s/found ;;
esac
""",
    "dnf": """#!/bin/bash
echo "$*" >>%(folder)s/calls
package=${!#}
case $* in
    *check-update) cat %(folder)s/updates; exit 100 ;;
    *nosuch) echo 'Error: Unable to find a match: nosuch' >&2; exit 1 ;;
    *'upgrade bash') echo 'Dependencies resolved.'; echo 'Nothing to do.' ;;
    --assumeno*' remove base') cat %(folder)s/removal; exit 1 ;;
    --assumeno*) cat %(folder)s/transaction; echo 'Operation aborted.'; exit 1 ;;
    --assumeyes*' install '*) echo "$package|1.0.6-1.fc41|x86_64" >>%(folder)s/installed ;;
esac
""",
}

DNF4_TRANSACTION = """Last metadata expiration check: 0:12:34 ago on Fri 20 Nov 2026 10:00:00.
Dependencies resolved.
================================================================================
 Package                       Arch   Version                Repository    Size
================================================================================
Installing:
 pipewire-jack-audio-connection-kit
                               x86_64 1.0.6-1.fc41           rawhide    16 k
Upgrading:
 pipewire-libs                 x86_64 1:1.0.6-1.fc41         rawhide   1.8 M
Installing weak dependencies:
 tpm2-tss                      x86_64 4.1.1-1.fc41           rawhide   412 k

Transaction Summary
================================================================================
Install  2 Packages
Upgrade  1 Package
"""

DNF5_TRANSACTION = """Updating and loading repositories:
Repositories loaded.
Package              Arch   Version        Repository      Size
Upgrading:
 curl                x86_64 8.11.1-5.fc42  updates    450.7 KiB
   replacing curl    x86_64 8.11.1-4.fc42  fedora     440.6 KiB
Installing:
 openh264            x86_64 2.6.0-2.fc43   fedora-cisco-openh264 1.1 MiB
   replacing noopenh264 x86_64 2.6.0-1.fc43 @commandline 39.2 KiB

Transaction Summary:
 Upgrading:          1 packages
"""

DNF_REMOVAL = """Dependencies resolved.
Removing:
 base                x86_64 1-1.fc42       @fedora    450 k
Removing dependent packages:
 app                 noarch 1-2.fc42       @fedora    450 k

Transaction Summary
"""

DNF_UPDATES = """
bash.x86_64                      5.2.26-3.fc40        updates
python3.12-libs.x86_64           3.12.3-2.fc40        updates
Obsoleting Packages
new.noarch                       1-1                  updates
    old.noarch                   0-1                  @fedora
"""


class DnfTest(PackageTest):
    def setUp(self):
        super().setUp()
        for name, text in DNF.items():
            self.program(name, text % {"folder": self.folder})
        for tool in ("bash", "cat", "cut", "env", "grep", "mktemp", "rm", "sort", "stat", "tail"):
            os.symlink(shutil.which(tool), os.path.join(self.bin, tool))
        self.search_path = self.bin  # so that a real apt is not found first
        self.write("installed", "bash|5.2.26-1|x86_64\nkernel|6.1-1|x86_64\nkernel|6.2-1|x86_64\nbase|1-1|x86_64\n")
        self.write("updates", DNF_UPDATES)
        self.write("removal", DNF_REMOVAL)
        self.write("transaction", DNF4_TRANSACTION)
        os.makedirs(self.folder + "/cache/libdnf5/updates-1/repodata")
        self.extra = {"HOCKET_PACKAGE_LISTS": self.folder + "/cache"}

    def changes(self, result):
        return [(change["package"], change["action"], change["to"]) for change in result.data["changes"]]

    def test_status(self):
        self.assertEqual(self.package("status", "kernel").data, {
            "package": "kernel", "installed": True, "version": "6.2-1", "architecture": "x86_64", "manager": "dnf"})
        self.assertFalse(self.package("status", "nothing").data["installed"])

    def test_count(self):
        self.assertEqual(self.run_agent("count").data["count"], 2)

    def test_checkupdates(self):
        self.assertFailed(self.run_agent("checkupdates"), "package/no_lists")
        self.write("cache/libdnf5/updates-1/repodata/repomd.xml", "")
        result = self.run_agent("checkupdates")
        self.assertOk(result)
        self.assertEqual([(update["package"], update["to"]) for update in result.data["packages"]],
                         [("bash", "5.2.26-3.fc40"), ("python3.12-libs", "3.12.3-2.fc40")])

    def test_install_with_dnf_4(self):
        result = self.package("install", "pipewire-jack-audio-connection-kit")
        self.assertOk(result)
        self.assertEqual(self.changes(result), [
            ("pipewire-jack-audio-connection-kit", "install", "1.0.6-1.fc41"),
            ("pipewire-libs", "upgrade", "1:1.0.6-1.fc41"), ("tpm2-tss", "install", "4.1.1-1.fc41")])
        self.assertEqual((result.changed, result.data["version"]), (True, "1.0.6-1.fc41"))

    def test_a_replaced_package_is_a_removed_one_with_dnf_5(self):
        self.write("transaction", DNF5_TRANSACTION)
        result = self.package("install", "openh264", noop=True)
        self.assertFailed(result, "package/would_remove_others")
        self.assertEqual(result.error["details"], {"packages": ["noopenh264"]})

    def test_nothing_to_update(self):
        result = self.package("update", "bash")
        self.assertEqual((result.outcome, result.message, result.changed), ("ok", "nothing to update", False), result)

    def test_remove_spares_dependents(self):
        result = self.package("remove", "base")
        self.assertFailed(result, "package/would_remove_others")
        self.assertEqual(result.error["details"], {"packages": ["app"]})

    def test_an_unknown_package_is_an_error(self):
        self.assertFailed(self.package("install", "nosuch"), "package/not_found")


class NoManagerTest(PackageTest):
    def test_neither_is_an_error(self):
        self.search_path = self.bin
        self.assertFailed(self.run_agent("count"), "package/no_manager")


@unittest.skipUnless(shutil.which("dpkg-query") and shutil.which("apt-get"), "no apt here")
class RealAptTest(PackageTest):
    def test_reading(self):
        self.assertGreater(self.run_agent("count").data["count"], 10)
        result = self.package("status", "dpkg")
        self.assertTrue(result.data["installed"])
        self.assertRegex(result.data["version"], r"^\d")
        self.assertFalse(self.package("status", "no-such-package").data["installed"])
