"""The agent `file`, on a folder that the configuration of the node allows, and on all the ways out of it."""

import hashlib
import json
import os
import time
import unittest

from harness import AgentTest


class FileTest(AgentTest):
    agent = "bash/file/file"

    def setUp(self):
        super().setUp()
        self.logs, self.secret = self.folder + "/logs", self.folder + "/secret"
        os.makedirs(self.logs + "/deep")
        os.mkdir(self.secret)
        self.write("logs/app.log", b"one\ntwo\nthree\n")
        self.write("secret/key", b"the key\n")
        self.config = {"allow": [self.logs]}

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def file(self, action, path, **inputs):
        """With a configuration, which the harness does not have: in the request on stdin, as the runner gives it."""
        inputs["path"] = path
        request = {"agent": "file", "action": action, "noop": False, "inputs": inputs, "config": self.config}
        return self.run_agent(action, inputs, stdin=json.dumps(request, ensure_ascii=False).encode() + b"\n")

    def assertRefused(self, path, kind="file/not_allowed"):
        for action in ("stat", "checksum", "tail"):
            result = self.file(action, path)
            self.assertFailed(result, kind)
            self.assertNotIn(b"the key", result.raw)


class StatTest(FileTest):
    def test_a_file(self):
        path = self.logs + "/app.log"
        os.chmod(path, 0o640)
        os.utime(path, (1, 1_700_000_000))
        result = self.file("stat", path)
        self.assertOk(result)
        data = result.data
        self.assertEqual((data["exists"], data["path"], data["type"], data["size_bytes"], data["mode"], data["mtime"]),
                         (True, path, "file", 14, "0640", 1_700_000_000))
        self.assertAlmostEqual(data["age"], time.time() - 1_700_000_000, delta=60)
        self.assertTrue(data["owner"] and data["group"])

    def test_types(self):
        os.mkfifo(self.logs + "/pipe")
        self.assertEqual(self.file("stat", self.logs).data["type"], "directory")
        self.assertEqual(self.file("stat", self.logs + "/pipe").data["type"], "other")

    def test_special_bits_are_in_the_mode(self):
        os.chmod(self.logs + "/deep", 0o1777)
        self.assertEqual(self.file("stat", self.logs + "/deep").data["mode"], "01777")

    def test_what_is_not_there_is_a_finding(self):
        for name in ("nope", "nope/deeper", "app.log/below"):
            result = self.file("stat", f"{self.logs}/{name}")
            self.assertOk(result)
            self.assertEqual(result.data, {"exists": False})

    def test_a_link_within_the_folder_is_followed(self):
        os.symlink("app.log", self.logs + "/current")
        result = self.file("stat", self.logs + "/current")
        self.assertEqual((result.data["type"], result.data["path"]), ("file", self.logs + "/app.log"))

    def test_a_dangling_link_is_not_there(self):
        os.symlink("gone", self.logs + "/dangling")
        self.assertEqual(self.file("stat", self.logs + "/dangling").data, {"exists": False})

    @unittest.skipIf(os.geteuid() == 0, "root may look everywhere")
    def test_a_closed_folder_is_not_taken_for_an_empty_one(self):
        os.chmod(self.logs + "/deep", 0)
        self.addCleanup(os.chmod, self.logs + "/deep", 0o755)
        self.assertFailed(self.file("stat", self.logs + "/deep/x"), "file/unreadable")


class ContentTest(FileTest):
    def test_the_checksum(self):
        content = os.urandom(100_000)
        path = self.write("logs/binary", content)
        result = self.file("checksum", path)
        self.assertOk(result)
        self.assertEqual(result.data, {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size_bytes": 100_000})

    def test_the_last_lines(self):
        result = self.file("tail", self.logs + "/app.log", lines=2)
        self.assertOk(result)
        self.assertEqual(result.data, {"path": self.logs + "/app.log", "lines": ["two", "three"], "count": 2, "cut": False,
                                       "size_bytes": 14})

    def test_fewer_lines_than_asked_for(self):
        self.assertEqual(self.file("tail", self.logs + "/app.log").data["lines"], ["one", "two", "three"])
        self.assertEqual(self.file("tail", self.write("logs/empty", b"")).data["lines"], [])
        self.assertEqual(self.file("tail", self.write("logs/end", b"\n\nno end")).data["lines"], ["", "", "no end"])

    def test_it_is_bounded_and_says_so(self):
        path = self.write("logs/long", b"x" * 300_000 + b"\nlast\n")
        result = self.file("tail", path, lines=5)
        self.assertEqual((result.data["cut"], result.data["count"], result.data["lines"][-1]), (True, 2, "last"))
        self.assertEqual(len("\n".join(result.data["lines"])) + 1, 65536)
        self.assertIn("65536 bytes", result.message)
        result = self.file("tail", path, lines=1)
        self.assertEqual((result.data["cut"], result.data["lines"]), (False, ["last"]))

    def test_a_thousand_lines(self):
        path = self.write("logs/many", b"".join(b"%d\n" % number for number in range(3000)))
        result = self.file("tail", path, lines=1000)
        self.assertEqual((result.data["count"], result.data["lines"][0], result.data["cut"]), (1000, "2000", False))

    def test_bytes_that_are_no_text(self):
        path = self.write("logs/bad", b"a\xffb\0c \"\\ \x1b[31m \xc3\xa9\r\n")
        result = self.file("tail", path)
        self.assertEqual(result.data["lines"], ["a\ufffdb\ufffdc \"\\ \x1b[31m \u00e9\r"])

    def test_lines_out_of_bounds_are_refused(self):
        for lines in (0, -1, 1001, 1 << 40):
            self.assertFailed(self.file("tail", self.logs + "/app.log", lines=lines), "file/invalid_lines")

    def test_what_is_no_regular_file_is_refused(self):
        os.mkfifo(self.logs + "/pipe")
        for name in ("", "/deep", "/pipe"):
            for action in ("checksum", "tail"):
                self.assertFailed(self.file(action, self.logs + name), "file/not_regular")

    def test_a_device_is_refused(self):
        self.config = {"allow": ["/dev"]}
        for action in ("checksum", "tail"):
            self.assertFailed(self.file(action, "/dev/zero"), "file/not_regular")

    def test_what_is_not_there_is_an_error(self):
        for action in ("checksum", "tail"):
            self.assertFailed(self.file(action, self.logs + "/nope"), "file/not_found")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_what_may_not_be_read_is_an_error(self):
        os.chmod(self.logs + "/app.log", 0)
        for action in ("checksum", "tail"):
            self.assertFailed(self.file(action, self.logs + "/app.log"), "file/unreadable")


class PolicyTest(FileTest):
    def test_outside_of_the_folders(self):
        self.assertRefused(self.secret + "/key")
        self.assertRefused("/etc/passwd")
        self.assertRefused("/")

    def test_what_is_not_allowed_is_not_told_to_be_missing(self):
        there, missing = (self.file("stat", self.secret + name).error for name in ("/key", "/kex"))
        self.assertEqual(there["message"].replace("/key", "/kex"), missing["message"])

    def test_a_folder_with_a_longer_name(self):
        os.mkdir(self.logs + "-old")
        self.assertRefused(self.write("logs-old/key", b"the key\n"))

    def test_links_out_of_the_folders(self):
        os.symlink(self.secret + "/key", self.logs + "/link")
        os.symlink("../secret", self.logs + "/folder")
        os.symlink("link", self.logs + "/twice")
        for name in ("link", "folder/key", "twice", "folder"):
            self.assertRefused(f"{self.logs}/{name}")

    def test_dots_are_refused(self):
        for path in (f"{self.logs}/../secret/key", f"{self.logs}/deep/..", "/..", f"{self.logs}/../logs/app.log"):
            self.assertRefused(path, "file/invalid_path")
        self.assertTrue(self.file("stat", self.write("logs/..name", b"")).data["exists"])

    def test_a_link_that_takes_the_place_after_the_look_wins_nothing(self):
        """A realpath of our own, which is the look, puts it there: as slow as an agent can be."""
        path = self.logs + "/app.log"
        self.program("realpath", f"#!/bin/bash\n/usr/bin/realpath \"$@\"; status=$?\n"
                                 f"case $* in *app.log) rm {path}; ln -s {self.secret}/key {path} ;; esac; exit $status\n")
        for action in ("checksum", "tail"):
            self.assertFailed(self.file(action, path), "file/not_allowed")
            os.unlink(path)
            self.write("logs/app.log", b"")
        result = self.file("stat", path)
        self.assertEqual((result.data["type"], result.data["path"]), ("link", path))

    def test_a_folder_that_becomes_a_link_after_the_look_wins_nothing(self):
        self.write("logs/deep/key", b"")
        self.program("realpath", f"#!/bin/bash\n/usr/bin/realpath \"$@\"; status=$?\n"
                                 f"case $* in *deep/key) rm -r {self.logs}/deep; ln -s {self.secret} {self.logs}/deep ;; esac\n"
                                 f"exit $status\n")
        for action in ("checksum", "tail", "stat"):
            self.assertFailed(self.file(action, self.logs + "/deep/key"), "file/not_allowed")
            os.unlink(self.logs + "/deep")
            os.mkdir(self.logs + "/deep")
            self.write("logs/deep/key", b"")

    def test_names_with_newlines_at_their_end_are_not_mixed_up(self):
        self.write("logs/odd\n", b"x\n")
        os.symlink("odd\n", self.logs + "/link")
        result = self.file("tail", self.logs + "/link")
        self.assertEqual((result.data["path"], result.data["lines"]), (self.logs + "/odd\n", ["x"]), result)

    def test_paths_that_are_none_are_refused(self):
        for path in ("", "relative", "-x", "--", "$(id)", "a\nb", "/a\nb", f"{self.logs}/app.log\n", "/a\x7fb", "/" + "a" * 1024):
            self.assertRefused(path, "file/invalid_path")

    def test_odd_names_are_names(self):
        for name in ("-x", "a b", "$(id)", "*", "'q\"", "back\\slash", "\u00fcmlaut"):
            self.write(f"logs/{name}", b"here\n")
            self.assertEqual(self.file("tail", f"{self.logs}/{name}").data["lines"], ["here"])
            self.assertEqual(self.file("stat", f"{self.logs}/{name}").data["size_bytes"], 5)


class ConfigurationTest(FileTest):
    def test_several_folders_and_single_files(self):
        self.config = {"allow": [self.folder + "/none", self.secret + "/key", self.logs + "/deep"]}
        self.assertEqual(self.file("tail", self.secret + "/key").data["lines"], ["the key"])
        self.assertTrue(self.file("stat", self.logs + "/deep").data["exists"])
        self.assertRefused(self.logs + "/app.log")
        self.assertRefused(self.secret)

    def test_a_folder_that_is_a_link_itself(self):
        os.symlink("logs", self.folder + "/link")
        self.config = {"allow": [self.folder + "/link/"]}
        self.assertEqual(self.file("tail", self.folder + "/link/app.log", lines=1).data["lines"], ["three"])

    def test_folders_with_blanks_and_without_ascii(self):
        os.mkdir(self.folder + "/a b, \u00fc")
        self.config = {"allow": ["/none", self.folder + "/a b, \u00fc"]}
        self.assertOk(self.file("tail", self.write("a b, \u00fc/x", b"")))

    def test_an_empty_list_allows_nothing(self):
        self.config = {"allow": []}
        self.assertRefused(self.logs + "/app.log")
        self.assertRefused("/etc/hostname")

    def test_the_root_allows_everything(self):
        self.config = {"allow": ["/"]}
        self.assertEqual(self.file("tail", self.secret + "/key").data["lines"], ["the key"])
        self.assertEqual(self.file("stat", "/").data["type"], "directory")

    def test_without_configuration_there_is_a_short_list(self):
        self.config = {}
        self.assertEqual(self.file("stat", "/var/log").data["type"], "directory")
        self.assertTrue(self.file("stat", "/etc/os-release").data["exists"])
        self.assertRefused("/etc")
        self.assertRefused("/etc/shadow")
        self.assertRefused(self.logs + "/app.log")

    def test_a_wrong_configuration_closes_everything(self):
        for allow in ("/", {"/": True}, 1, None, ["relative"], [self.logs, "./x"], [1], [["/"]], ["/a\"b"], ["/a\nb"], ["/a\\b"]):
            self.config = {"allow": allow}
            self.assertRefused("/etc/hostname", "file/bad_configuration")

    def test_without_hocket_json_everything_is_closed(self):
        os.unlink(os.path.join(self.bin, "hocket-json"))
        self.program("hocket-json", "#!/bin/sh\nexit 127\n")
        self.assertRefused(self.logs + "/app.log", "file/bad_configuration")
