"""The scripts in bash/ported as what they are: programs that know nothing of Hocket. Their DDLs are tried with a real runner
in tests/system/script_test.py."""

import fcntl
import os
import re
import signal
import subprocess
import tarfile

from harness import ROOT, AgentTest, wait_until

PORTED = os.path.join(ROOT, "bash", "ported")
DONE, FAILED, USAGE, UNCHANGED, RUNNING = range(5)
OK, WARNING, CRITICAL, UNKNOWN = range(4)
ARCHIVE = r"backup-\d{8}-\d{6}\.tar\.gz"
ODD_NAMES = (" ", "-rf", "a b", "line\nbreak", "end\n", "*", "$(id)", "'\"", "ä", "host:file", "\\")


class ScriptTest(AgentTest):
    script = None  # below PORTED

    def environment(self):
        return {"PATH": self.search_path, "HOME": self.folder, "TMPDIR": self.tmp}

    def start(self, *arguments, cwd="/", **options):
        return subprocess.Popen([os.path.join(PORTED, self.script), *arguments], cwd=cwd, env=self.environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                **options)

    def script_ends(self, code, *arguments, **options):
        """Its stdout and stderr."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, code, (arguments, out, err))
        return out, err

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


class BackupTest(ScriptTest):
    script = "backup/backup.sh"

    def setUp(self):
        super().setUp()
        self.source, self.target = self.path("source"), self.path("target")
        self.write(self.source + "/file", "one")

    def old_backups(self, *years):
        for year in years:
            self.write(f"{self.target}/backup-{year}0101-000000.tar.gz", f"of {year}")

    def backups(self):
        return sorted(name for name in os.listdir(self.target) if re.fullmatch(ARCHIVE, name))

    def newest(self):
        return os.path.join(self.target, self.backups()[-1])

    def content(self):
        with tarfile.open(self.newest()) as archive:
            return {os.path.normpath(member.name) for member in archive.getmembers()} - {"."}

    def snapshot(self):
        """Everything that is in our folder, and when it was changed."""
        return {os.path.join(folder, name): os.lstat(os.path.join(folder, name)).st_mtime_ns
                for folder, folders, files in os.walk(self.folder) for name in (".", *folders, *files)}

    def test_a_folder_is_packed(self):
        out, err = self.script_ends(DONE, self.source, self.target)
        self.assertRegex(out, rf"\Acreated {re.escape(self.target)}/{ARCHIVE} bytes=\d+ removed=0\n\Z")
        self.assertEqual(err, "")
        self.assertEqual(self.content(), {"file"})
        self.assertEqual(int(re.search(r"bytes=(\d+)", out)[1]), os.stat(self.newest()).st_size)
        self.assertEqual(os.stat(self.newest()).st_mode & 0o077, 0)

    def test_what_has_not_changed_is_not_packed_again(self):
        self.script_ends(DONE, self.source, self.target)
        before = self.backups()
        out, _ = self.script_ends(UNCHANGED, self.source, self.target)
        self.assertEqual(out, f"unchanged since {self.newest()}\n")
        self.assertEqual(self.backups(), before)
        self.assertEqual(sorted(os.listdir(self.target)), [".backup-of", *before])

    def test_every_kind_of_change_is_seen(self):
        self.script_ends(DONE, self.source, self.target)
        for change in (lambda: self.write(self.source + "/new", ""),
                       lambda: self.write(self.source + "/file", "two"),
                       lambda: os.chmod(self.source + "/file", 0o600),
                       lambda: os.unlink(self.source + "/new"),
                       lambda: os.symlink("a", self.source + "/link")):
            change()
            self.script_ends(DONE, "--dry-run", self.source, self.target)
        self.script_ends(DONE, self.source, self.target)  # within the same second, most of the time
        self.assertEqual(len(self.backups()), 2)

    def test_the_oldest_are_removed(self):
        self.old_backups(2001, 2002, 2003)
        out, _ = self.script_ends(DONE, "-k", "2", self.source, self.target)
        self.assertIn(" removed=2\n", out)
        self.assertEqual(self.backups()[0], "backup-20030101-000000.tar.gz")
        self.assertEqual(len(self.backups()), 2)

    def test_seven_are_kept_if_nobody_says_otherwise(self):
        self.old_backups(*range(2001, 2011))
        self.script_ends(DONE, self.source, self.target)
        self.assertEqual(len(self.backups()), 7)

    def test_files_of_others_are_never_removed(self):
        others = ("backup-2001.tar.gz", "backup-20010101-000000.tar.gz.keep", "notes", "backup-x-y.tar.gz")
        for name in others:
            self.write(f"{self.target}/{name}", "")
        self.old_backups(2001)
        self.script_ends(DONE, "--keep=1", self.source, self.target)
        self.assertLessEqual(set(others), set(os.listdir(self.target)))
        self.assertEqual(len(self.backups()), 1)

    def test_a_dry_run_changes_nothing(self):
        before = self.snapshot()
        out, _ = self.script_ends(DONE, "--dry-run", self.source, self.target)
        self.assertRegex(out, rf"\Awould create {re.escape(self.target)}/{ARCHIVE} removed=0\n\Z")
        self.assertEqual(self.snapshot(), before)

        self.old_backups(2001, 2002)
        before = self.snapshot()
        out, _ = self.script_ends(DONE, "-n", "-k", "1", self.source, self.target)
        self.assertIn(" removed=2\n", out)
        self.assertEqual(self.snapshot(), before)

        self.script_ends(DONE, self.source, self.target)
        before = self.snapshot()
        out, _ = self.script_ends(UNCHANGED, "-n", self.source, self.target)
        self.assertEqual(out, f"unchanged since {self.newest()}\n")
        self.assertEqual(self.snapshot(), before)

    def test_files_with_odd_names_are_packed(self):
        for name in ODD_NAMES:
            self.write(f"{self.source}/{name}", "")
        self.script_ends(DONE, self.source, self.target)
        self.assertEqual(self.content(), {"file", *ODD_NAMES})

    def test_folders_with_odd_names(self):
        for name in ODD_NAMES:
            with self.subTest(name):
                self.write(f"{self.folder}/from/{name}/file", name)
                source, self.target = f"{self.folder}/from/{name}", f"{self.folder}/to/{name}"
                out, _ = self.script_ends(DONE, source, self.target)
                self.assertIn(f"created {self.target}/backup-", out)
                self.assertEqual(self.content(), {"file"})
                self.script_ends(UNCHANGED, source, self.target)

    def test_relative_folders_that_look_like_options(self):
        self.write(self.path("-n/file"), "")
        self.target = self.path("--keep")
        self.script_ends(DONE, "--", "-n", "--keep", cwd=self.folder)
        self.assertEqual(self.content(), {"file"})
        out, _ = self.script_ends(DONE, "-l", "--", "--keep", cwd=self.folder)
        self.assertEqual(out.splitlines(), self.backups())

    def test_what_matches_is_left_out(self):
        for name in ("a.log", "b.log", "c d", "kept"):
            self.write(f"{self.source}/{name}", "")
        self.script_ends(DONE, "-x", "*.log", "--exclude=c d", "--exclude", "-x", self.source, self.target)
        self.assertEqual(self.content(), {"file", "kept"})
        self.write(self.source + "/a.log", "more")
        self.script_ends(UNCHANGED, "-x", "*.log", "-x", "c d", "-x", "-x", self.source, self.target)

    def test_the_list(self):
        self.old_backups(2002, 2001)
        self.write(self.target + "/notes", "")
        out, _ = self.script_ends(DONE, "--list", self.target)
        self.assertEqual(out, "backup-20010101-000000.tar.gz\nbackup-20020101-000000.tar.gz\n")

    def test_the_list_of_an_empty_folder_is_empty(self):
        os.mkdir(self.target)
        self.assertEqual(self.script_ends(DONE, "--list", self.target), ("", ""))

    def fails(self, *arguments, because, code=FAILED):
        before = self.snapshot()
        out, err = self.script_ends(code, *arguments)
        self.assertEqual(out, "")
        self.assertIn(because, err.splitlines()[-1])
        self.assertEqual(self.snapshot(), before)

    def test_missing_folders(self):
        missing = self.path("missing")
        self.fails(missing, self.target, because=f"no such folder: {missing}")
        self.fails("-n", missing, self.target, because=f"no such folder: {missing}")
        self.fails(self.source + "/file", self.target, because="no such folder")
        self.fails("--list", missing, because=f"no such folder: {missing}")
        self.fails("", self.target, because="not a path")

    def test_targets_that_cannot_be(self):
        self.fails(self.source, self.source + "/file", because="not a folder")
        self.write(self.path("plain"), "")
        self.fails(self.source, self.path("plain/below"), because="Not a directory")
        self.fails(self.source, self.source, because="is within")
        self.fails(self.source, self.source + "/below", because="is within")
        self.fails("/", self.target, because="is within")
        os.symlink(self.source, self.path("link"))
        self.fails(self.source, self.path("link/below"), because="is within")

    def test_a_neighbour_with_a_longer_name_is_not_within(self):
        self.script_ends(DONE, self.source, self.source + "-backups")

    def test_the_target_of_another_folder_is_refused(self):
        self.script_ends(DONE, self.source, self.target)
        self.write(self.path("other/file"), "")
        self.fails(self.path("other"), self.target, because="is for another folder")
        self.fails("-n", self.path("other"), self.target, because="is for another folder")
        os.symlink(self.source, self.path("link"))
        self.script_ends(UNCHANGED, self.path("link"), self.target)

    def test_usage(self):
        for arguments, because in (
                ([], "SOURCE and TARGET are wanted"), ([self.source], "SOURCE and TARGET"),
                ([self.source, self.target, "more"], "SOURCE and TARGET"), (["--what"], "unknown option: --what"),
                (["-k"], "-k needs a value"), (["-l", self.target, self.target], "TARGET alone"),
                *((["-k", keep, self.source, self.target], f"not '{keep}'")
                  for keep in ("0", "-1", "", "x", "10000", "1 2", "a[$(id)]"))):
            self.fails(*arguments, because=because, code=USAGE)
        out, _ = self.script_ends(DONE, "--help")
        self.assertTrue(out.startswith("usage: backup.sh"))

    def test_a_second_one_does_not_run_beside_it(self):
        self.script_ends(DONE, self.source, self.target)
        self.write(self.source + "/new", "")
        lock = os.open(self.target, os.O_RDONLY)
        self.addCleanup(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.fails(self.source, self.target, because="is running", code=RUNNING)
        self.script_ends(DONE, "-n", self.source, self.target)

    def test_a_clock_that_is_behind_costs_no_backup(self):
        self.old_backups(2999)
        _, err = self.script_ends(FAILED, "-k", "1", self.source, self.target)
        self.assertIn("the clock is behind", err)
        self.assertEqual(self.backups(), ["backup-29990101-000000.tar.gz"])

    def test_a_tar_that_fails_leaves_nothing_and_removes_nothing(self):
        self.old_backups(2001)
        self.program("tar", "#!/bin/bash\necho half of it\necho broken disk >&2\nexit 2\n")
        for options in ([], ["-n"]):
            _, err = self.script_ends(FAILED, "-k", "1", *options, self.source, self.target)
            self.assertIn("broken disk\nbackup.sh: cannot pack", err)
            self.assertEqual(self.backups(), ["backup-20010101-000000.tar.gz"])
            self.assertFalse(os.path.exists(self.target + "/.partial"))

    def test_a_file_that_changes_meanwhile_does_not_matter(self):
        self.program("tar", '#!/bin/bash\n/bin/tar "$@"\nexit 1\n')
        self.script_ends(DONE, self.source, self.target)
        self.assertEqual(self.content(), {"file"})

    def test_one_that_is_ended_leaves_nothing(self):
        self.program("tar", "#!/bin/bash\necho half of it\nexec sleep 60\n")
        process = self.start(self.source, self.target, start_new_session=True)
        self.assertTrue(wait_until(lambda: os.path.exists(self.target + "/.partial")))
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(os.listdir(self.target), [".backup-of"])


class HealthTest(ScriptTest):
    script = "health/check_health"

    def check(self, code, *arguments):
        out, err = self.script_ends(code, *arguments)
        self.assertEqual(err if code != UNKNOWN else "", "")
        self.assertEqual(out.count("\n"), 1)
        return out

    def machine(self, disk="41%", cpus=2):
        self.program("df", f"#!/bin/bash\nprintf 'Use%%%%\\n%4s\\n' '{disk}'\n")
        self.program("nproc", f"#!/bin/bash\necho {cpus}\n")

    def test_one_line_about_this_machine(self):
        out = self.check(OK, "-d", "101,101", "-l", "9999,9999", "-m", "101,101")
        match = re.fullmatch(r"OK disk=(\d+)% load=\d+\.\d\d mem=(\d+)%\n", out)
        self.assertTrue(match, out)
        self.assertLessEqual(int(match[1]), 100)
        self.assertLessEqual(int(match[2]), 100)

    def test_limits_decide(self):
        self.machine("41%")
        quiet = ["-l", "9999,9999", "-m", "101,101"]
        self.assertRegex(self.check(OK, "-d", "42,50", *quiet), r"\AOK disk=41% load=\S+ mem=\d+%\n")
        self.assertRegex(self.check(WARNING, "-d", "41,50", *quiet), r"\AWARNING disk=41% .*% \(disk\)\n")
        self.assertRegex(self.check(CRITICAL, "-d", "30,41", *quiet), r"\ACRITICAL disk=41% .*% \(disk\)\n")
        self.assertRegex(self.check(CRITICAL, "-d", "41,50", "-l", "0,0", "-m", "0,101"),
                         r"\ACRITICAL .* \(disk load mem\)\n")

    def test_limits_are_compared_as_numbers(self):
        self.machine("9%")
        self.check(OK, "-d", "10,100", "-l", "9999,9999", "-m", "101,101")

    def test_the_load_is_that_of_one_cpu(self):
        self.machine(cpus=1_000_000)
        self.assertIn(" load=0.00 ", self.check(OK, "-d", "101,101", "-m", "101,101"))

    def test_paths_with_odd_names(self):
        for name in ODD_NAMES:
            path = self.path(name)
            os.mkdir(path)
            self.check(OK, "-p", path, "-d", "101,101", "-l", "9999,9999", "-m", "101,101")
        out, _ = self.script_ends(OK, "-p", "-rf", "-d", "101,101", "-l", "9999,9999", "-m", "101,101", cwd=self.folder)
        self.assertTrue(out.startswith("OK "))

    def test_what_cannot_be_read_is_unknown(self):
        self.assertIn("/no/such/path", self.check(UNKNOWN, "-p", "/no/such/path"))
        self.assertIn("/proc", self.check(UNKNOWN, "-p", "/proc"))  # a filesystem without blocks has no percentage
        self.program("nproc", "#!/bin/bash\nexit 1\n")
        self.assertIn("load", self.check(UNKNOWN))

    def test_wrong_words_are_unknown(self):
        for arguments in (["-d", "80"], ["-l", "x,y"], ["-m", "-1,2"], ["-m"], ["-z"], ["more"], ["-d", "1,2;id"]):
            self.assertTrue(self.check(UNKNOWN, *arguments).startswith("UNKNOWN "), arguments)


del ScriptTest  # it has no tests of its own
