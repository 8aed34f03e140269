#!/usr/bin/python3
"""Unchanged scripts as agents: those of agents-examples/bash/ported on two nodes.

    tests/system/script_test.py [-k PATTERN]
"""

import glob
import os
import re
import subprocess
import unittest

from fleet import BUILD, EXAMPLES, HOCKETD, Fleet, FleetTest, toml, write

WEB, DB = ALL = ("web.example", "db.example")
PORTED = os.path.join(EXAMPLES, "bash", "ported")
HOCKETC = os.path.join(BUILD, "ddl-compiler", "hocketc")
ARCHIVE = r"backup-\d{8}-\d{6}\.tar\.gz"
WIDE = ("disk_limits=101,101", "load_limits=999,999", "memory_limits=101,101")


class Ported(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        for name in ALL:
            fleet.add_node(name, [PORTED])
        return fleet

    def setUp(self):
        """A folder to back up whose name is as odd as a DDL lets pass."""
        folder = os.path.join(self.fleet.folder, self.id().rpartition(".")[2])
        self.source = os.path.join(folder, "-a b $(id) '\"*")
        self.target = os.path.join(folder, "--list")
        write(os.path.join(self.source, "file"), "one")

    def rpc(self, agent, action, *inputs, options=(), nodes=(WEB,)):
        return self.fleet.ops.rpc(agent, action, *inputs, nodes=nodes, options=options)

    def backup(self, *inputs, **how):
        return self.rpc("backup", "run", f"source={self.source}", f"target={self.target}", *inputs, **how)

    def list(self):
        return self.rpc("backup", "list", f"target={self.target}")

    def assert_ok(self, answer, **data):
        self.assertEqual((answer.code, answer.reply["outcome"]), (0, "ok"), answer)
        self.assertEqual({name: answer.data[name] for name in data}, data, answer)
        return answer

    def assert_failed(self, answer, kind, message):
        self.assertEqual((answer.reply["outcome"], answer.reply["error"]["kind"]), ("failed", kind), answer)
        self.assertIn(message, answer.reply["statusmsg"])
        return answer

    # ---- both

    def test_their_descriptions_have_no_faults(self):
        for path in glob.glob(f"{PORTED}/*/*.yaml"):
            ended = subprocess.run([HOCKETC, "check", path], capture_output=True, text=True)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended)

    def check_of_node(self, folder):
        """What `hocketd check` says of a node that has its agents in this folder."""
        node = self.fleet.nodes[WEB]
        settings = {**node.configuration(), "agents": {"folders": [folder]}}
        config = write(os.path.join(node.folder, "checked.toml"), toml(settings))
        return subprocess.run([HOCKETD, "check", "--config", config], capture_output=True, text=True).stdout

    def test_nothing_is_wrong_with_them(self):
        said = self.check_of_node(PORTED)
        self.assertIn("2 agent(s) from 1 folder(s)", said)
        self.assertNotRegex(said, "(?m)^(warning|error|refused)|backup|health", said)

    def test_the_folder_above_has_agents_of_its_own_and_not_these(self):
        said = self.check_of_node(os.path.dirname(PORTED))
        self.assertIn("6 agent(s) from 1 folder(s)", said)
        self.assertNotIn("ported", said)

    def test_every_node_has_them(self):
        answer = self.fleet.ops.run("find", "-A", "backup", "-A", "health")
        self.assertEqual(answer.out.split(), sorted(ALL), answer)

    # ---- backup

    def test_a_backup_is_made_once(self):
        made = self.assert_ok(self.backup(), result="created", removed=0)
        self.assertIs(made.reply["changed"], True)
        self.assertEqual(made.data["bytes"], os.stat(made.data["archive"]).st_size)
        again = self.assert_ok(self.backup(), result="unchanged since", archive=made.data["archive"])
        self.assertIs(again.reply["changed"], False)
        self.assertNotIn("bytes", again.data)
        self.assert_ok(self.list(), lines=[os.path.basename(made.data["archive"])])

    def test_noop_says_what_would_be_and_changes_nothing(self):
        would = self.assert_ok(self.backup(options=["--noop"]), result="would create", removed=0)
        self.assertIs(would.reply["changed"], True)
        self.assertRegex(os.path.basename(would.data["archive"]), rf"\A{ARCHIVE}\Z")
        self.assertFalse(os.path.exists(self.target))
        self.assert_ok(self.backup())
        self.assertIs(self.assert_ok(self.backup(options=["--noop"])).reply["changed"], False)

    def test_inputs_reach_the_script_as_arguments(self):
        for year in (2001, 2002, 2003):
            write(os.path.join(self.target, f"backup-{year}0101-000000.tar.gz"), "old")
        write(os.path.join(self.source, "-x"), "")
        made = self.assert_ok(self.backup("keep=2", "exclude=-x"), removed=2)
        names = subprocess.run(["tar", "--force-local", "-tf", made.data["archive"]], capture_output=True, text=True)
        self.assertEqual(names.stdout.split(), ["./", "./file"], names)
        self.assertEqual(self.list().data["lines"][0], "backup-20030101-000000.tar.gz")

    def test_the_list_of_an_empty_folder_is_an_empty_array(self):
        os.mkdir(self.target)
        self.assert_ok(self.list(), lines=[])

    def test_failures_say_what_the_script_said(self):
        missing = self.rpc("backup", "run", "source=/no/such/folder", f"target={self.target}")
        self.assert_failed(missing, "backup/exit_1", "no such folder: /no/such/folder")
        self.assert_failed(self.list(), "backup/exit_1", f"no such folder: {self.target}")
        self.assert_failed(self.backup("keep=-1"), "backup/exit_2", "--keep wants 1 to 9999, not '-1'")
        self.assertIn("usage: backup.sh", self.backup("keep=0").reply["stderr"])

    def test_what_breaks_the_description_never_reaches_the_script(self):
        for target in ("relative", "-n", "/line\nbreak", ""):
            answer = self.rpc("backup", "list", f"target={target}")
            self.assertEqual(answer.code, 65, answer)
        self.assertEqual(self.rpc("backup", "list", f"target={self.target}", options=["--noop"]).outcomes[WEB], "failed")

    def test_two_at_once_into_one_folder(self):
        answer = self.backup(nodes=ALL)
        self.assertEqual(len(answer.replies), 2, answer)
        results = sorted((reply["outcome"], (reply["error"] or {}).get("kind")) for reply in answer.replies.values())
        self.assertIn(results, ([("failed", "backup/exit_4"), ("ok", None)], [("ok", None), ("ok", None)]))
        self.assertEqual(len(self.list().data["lines"]), 1)

    # ---- health

    def test_health_has_typed_outputs_from_every_node(self):
        answer = self.rpc("health", "check", *WIDE, nodes=ALL)
        self.assertEqual(answer.outcomes, dict.fromkeys(ALL, "ok"), answer)
        for reply in answer.replies.values():
            data = reply["data"]
            self.assertEqual((data["status"], type(data["disk"]), type(data["load"]), type(data["memory"])),
                             ("OK", int, float, int))
            self.assertNotIn("reasons", data)

    def test_critical_is_a_result_and_no_failure(self):
        self.assert_ok(self.rpc("health", "check", *WIDE[1:], "disk_limits=0,0"), status="CRITICAL", reasons="disk")
        self.assert_ok(self.rpc("health", "check", *WIDE[:2], "memory_limits=0,101"), status="WARNING", reasons="mem")

    def test_unknown_is_a_failure(self):
        answer = self.rpc("health", "check", "path=/no/such/path")
        self.assert_failed(answer, "health/exit_3", "exit code 3")
        self.assertIn("/no/such/path", answer.reply["stderr"])

    def test_health_changes_nothing_and_says_nothing_about_it(self):
        self.assertIsNone(self.assert_ok(self.rpc("health", "check", *WIDE)).reply["changed"])


if __name__ == "__main__":
    unittest.main()
