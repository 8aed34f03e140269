"""The agent `disk`, on folders of our own and on the filesystems that are here."""

import os
import shutil
import unittest

from harness import AgentTest


class UsageTest(AgentTest):
    agent = "python/disk/disk"

    def test_numbers_are_those_of_the_filesystem(self):
        result = self.run_agent("usage", {"path": self.folder})
        self.assertOk(result)
        numbers = os.statvfs(self.folder)
        self.assertEqual(result.data["size_bytes"], numbers.f_blocks * numbers.f_frsize)
        self.assertTrue(0 <= result.data["used_percent"] <= 100)
        self.assertLessEqual(result.data["used_bytes"], result.data["size_bytes"])

    def test_root_is_the_default(self):
        result = self.run_agent("usage")
        self.assertEqual((result.data["path"], result.data["mount_point"]), ("/", "/"))

    def test_the_mount_point_is_found_through_links(self):
        os.symlink("/proc/self", self.folder + "/link")
        result = self.run_agent("usage", {"path": self.folder + "/link"})
        self.assertEqual((result.data["mount_point"], result.data["type"]), ("/proc", "proc"), result)

    def test_a_filesystem_without_blocks_is_not_divided_by(self):
        result = self.run_agent("usage", {"path": "/proc"})
        self.assertEqual((result.data["used_percent"], result.data["inodes_used_percent"]), (0.0, 0.0))

    def test_errors_have_kinds(self):
        self.assertFailed(self.run_agent("usage", {"path": "/no/such/path"}), "disk/not_found")
        for path in ("relative", "", "/a\0b"):
            self.assertFailed(self.run_agent("usage", {"path": path}), "disk/invalid_path")


class LargestTest(AgentTest):
    agent = "python/disk/disk"

    def setUp(self):
        super().setUp()
        self.tree = self.folder + "/tree"
        os.makedirs(self.tree + "/deep/er")
        for name, size in (("small", 1000), ("deep/middle", 50_000), ("deep/er/large", 300_000)):
            with open(f"{self.tree}/{name}", "wb") as file:
                file.write(b"x" * size)

    def largest(self, **inputs):
        options = {key: inputs.pop(key) for key in ("seconds",) if key in inputs}
        return self.run_agent("largest", {"path": self.tree, **inputs}, **options)

    def names(self, result):
        return [os.path.relpath(file["path"], self.tree) for file in result.data["files"]]

    def test_the_largest_come_first(self):
        result = self.largest()
        self.assertOk(result)
        self.assertEqual(self.names(result), ["deep/er/large", "deep/middle", "small"])
        self.assertEqual(result.data["files"][0]["length"], 300_000)
        self.assertEqual((result.data["seen"], result.data["complete"], result.data["unreadable"]), (3, True, 0))
        self.assertEqual(result.data["bytes"], sum(file["bytes"] for file in result.data["files"]))

    def test_count_and_least_size_limit_what_is_shown(self):
        self.assertEqual(self.names(self.largest(count=1)), ["deep/er/large"])
        self.assertEqual(self.names(self.largest(min_bytes=40_000)), ["deep/er/large", "deep/middle"])

    def test_a_file_with_two_names_counts_once(self):
        os.link(self.tree + "/deep/er/large", self.tree + "/again")
        self.assertEqual(self.largest().data["seen"], 3)

    def test_links_are_not_followed(self):
        os.symlink("/", self.tree + "/root")
        os.symlink(self.tree, self.tree + "/deep/loop")
        self.assertEqual(self.largest().data["seen"], 3)

    def test_a_hole_takes_no_space(self):
        with open(self.tree + "/sparse", "wb") as file:
            file.truncate(1 << 30)
        result = self.largest()
        self.assertNotEqual(self.names(result)[0], "sparse")
        self.assertIn(1 << 30, [file["length"] for file in result.data["files"]])

    def test_names_that_are_no_utf8_are_shown_as_well_as_can_be(self):
        with open(os.fsencode(self.tree) + b"/bad\xff\n\x1b[31m", "wb") as file:
            file.write(b"x" * 1_000_000)
        result = self.largest(count=1)
        self.assertOk(result)
        self.assertTrue(result.data["files"][0]["path"].endswith("/bad\ufffd\n\x1b[31m"))

    def test_time_that_is_up_gives_what_was_seen(self):
        result = self.largest(path="/", seconds=0.05)
        self.assertOk(result)
        self.assertFalse(result.data["complete"])
        self.assertIn("time was up", result.message)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_what_cannot_be_read_is_counted(self):
        os.chmod(self.tree + "/deep", 0)
        self.addCleanup(os.chmod, self.tree + "/deep", 0o755)
        result = self.largest()
        self.assertEqual((result.data["seen"], result.data["unreadable"]), (1, 1))

    def test_other_filesystems_are_left_out_unless_asked_for(self):
        if os.stat("/dev/shm").st_dev == os.stat("/dev").st_dev:
            self.skipTest("/dev/shm is no filesystem of its own")
        mark = f"/dev/shm/{os.path.basename(self.folder)}"
        shutil.copy(self.tree + "/deep/er/large", mark)
        self.addCleanup(os.unlink, mark)
        for flag in (True, False):
            found = self.largest(path="/dev", one_filesystem=flag, count=1000).data["files"]
            self.assertEqual(mark in [file["path"] for file in found], not flag)

    def test_errors_have_kinds(self):
        self.assertFailed(self.largest(path="/no/such/path"), "disk/not_found")
        self.assertFailed(self.largest(path=self.tree + "/small"), "disk/not_a_directory")
        self.assertFailed(self.largest(count=0), "disk/invalid_count")
