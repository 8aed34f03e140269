#!/usr/bin/python3
"""Agents that run as another user. Only for root; skipped for others.

    tests/system/runas_test.py [-k PATTERN]
"""

import grp
import os
import pwd
import subprocess
import unittest

from fleet import HOCKETD, ROOT, Fleet, FleetTest, toml, write
from processes import state_and_parent, wait_until, with_name
from small_agents import write_agent

NOBODY, GROUPS, LIFTED, PLAIN, BROKEN = ("nobody.example", "groups.example", "lifted.example", "plain.example",
                                         "broken.example")
USER = "nobody"
ZOO_PYTHON = os.path.join(ROOT, "tests", "zoo", "agents", "zoo_python")

MIRROR = """#!/usr/bin/python3 -ISB
import json, os, sys
request = json.load(sys.stdin)
with open("/proc/self/status") as file:
    status = dict(line.rstrip("\\n").split(":\\t", 1) for line in file if ":\\t" in line)
def can(action):
    try:
        return action() or True
    except OSError as error:
        return error.strerror
data = {
    "uids": os.getresuid(), "gids": os.getresgid(), "groups": sorted(os.getgroups()), "environment": dict(os.environ),
    "capabilities": [status[name].lstrip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")],
    "no_new_privs": status["NoNewPrivs"], "umask": status["Umask"], "leads_session": os.getsid(0) == os.getpid(),
    "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1], "argv": sys.argv,
    "becomes_root": can(lambda: os.setresuid(0, 0, 0)), "reads_secret": can(lambda: open(SECRET).close())}
print(json.dumps({"statuscode": 0, "data": {"seen": data}}))
"""
# /dev/stdout opens the pipe anew, which only its owner may do.
REOPEN = """#!/bin/bash
request=$(cat /dev/stdin)
echo "about to reply" >/dev/stderr
case $HOCKET_ACTION in
    stdout) printf '{"statuscode":0,"data":{"length":%d}}' ${#request} >/dev/stdout ;;
    channel) printf '{"statuscode":0,"data":{"length":%d}}' ${#request} >/proc/self/fd/3 ;;
esac
"""
HIDDEN = "#!/bin/bash\necho '{\"statuscode\":0}'\n"


@unittest.skipUnless(os.geteuid() == 0, "only root can run agents as somebody else")
class RunAs(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        secret = os.path.join(fleet.folder, "nodes", NOBODY, "keys", "ops.1.node")
        agents = fleet.agents_folder(ZOO_PYTHON)
        write_agent(agents, "mirror", MIRROR.replace("SECRET", repr(secret)), {"look": ({}, {"seen": "hash"})})
        write_agent(agents, "reopen", REOPEN, {name: ({}, {"length": "integer"}) for name in ("stdout", "channel")})
        write_agent(agents, "hidden", HIDDEN, {"go": ({}, {})})
        os.chmod(os.path.join(agents, "hidden", "hidden"), 0o700)
        cgroup = {"exec": {"cgroup": fleet.add_cgroup() or "off"}}
        limits = {"limits": {"grace_ms": 300, "drain_ms": 500}}
        every = ("mirror", "reopen", "hidden", "zoo_python")
        as_nobody = {f"agents.{agent}": {"run_as_user": USER} for agent in every}
        fleet.add_node(NOBODY, [agents], **limits, **as_nobody)
        fleet.add_node(GROUPS, [agents], **limits, **cgroup, **as_nobody
                       | {"agents.mirror": {"run_as_user": USER, "run_as_groups": ["daemon", "mail"]}})
        fleet.add_node(LIFTED, [agents], **{"agents.mirror": {"run_as_user": USER, "no_new_privs": False}})
        fleet.add_node(PLAIN, [agents])
        fleet.add_node(BROKEN, [agents], **as_nobody, exec={"helpers": "/nonexistent"})
        return fleet

    def look(self, identity):
        answer = self.fleet.ops.rpc("mirror", "look", nodes=[identity])
        self.assertEqual(answer.code, 0, answer)
        return answer.data["seen"]

    # ---- who it is

    def test_ids_and_groups(self):
        user = pwd.getpwnam(USER)
        usual = sorted({user.pw_gid} | {group.gr_gid for group in grp.getgrall() if USER in group.gr_mem})
        chosen = sorted(grp.getgrnam(name).gr_gid for name in ("daemon", "mail"))
        for identity, groups in ((NOBODY, usual), (GROUPS, chosen), (LIFTED, usual)):
            with self.subTest(identity):
                seen = self.look(identity)
                self.assertEqual(seen["uids"], [user.pw_uid] * 3)
                self.assertEqual(seen["gids"], [user.pw_gid] * 3)
                self.assertEqual(seen["groups"], groups)

    def test_no_right_is_left(self):
        for identity in (NOBODY, GROUPS, LIFTED):
            with self.subTest(identity):
                seen = self.look(identity)
                self.assertEqual(seen["capabilities"], [""] * 4)
                self.assertEqual(seen["no_new_privs"], "0" if identity == LIFTED else "1")
                self.assertEqual(seen["becomes_root"], "Operation not permitted")
                self.assertEqual(seen["reads_secret"], "Permission denied")

    def test_without_run_as_it_is_the_user_of_hocketd(self):
        seen = self.look(PLAIN)
        self.assertEqual((seen["uids"], seen["no_new_privs"], seen["reads_secret"]), ([0, 0, 0], "1", True))

    def test_surroundings(self):
        for identity, home in ((NOBODY, pwd.getpwnam(USER).pw_dir), (PLAIN, pwd.getpwuid(0).pw_dir)):
            with self.subTest(identity):
                seen = self.look(identity)
                environment = seen["environment"]
                self.assertEqual(sorted(environment), [
                    "HOCKET_ACTION", "HOCKET_AGENT", "HOCKET_CALLER", "HOCKET_CONTRACT", "HOCKET_DEADLINE", "HOCKET_EXECUTION_ID",
                    "HOCKET_NOOP", "HOCKET_PROTOCOL", "HOCKET_REPLY_FD", "HOCKET_REQUEST_ID", "HOME", "LANG", "PATH",
                    "PYTHONUNBUFFERED", "TMPDIR"])
                self.assertEqual((environment["HOME"], environment["TMPDIR"], environment["LANG"]),
                                 (home, "/tmp", "C.UTF-8"))
                self.assertEqual((seen["descriptors"], seen["umask"], seen["leads_session"], len(seen["argv"])),
                                 ([0, 1, 2, 3], "0022", True, 1))

    # ---- its pipes, its end

    def test_its_pipes_can_be_opened_anew(self):
        for identity in (NOBODY, GROUPS, PLAIN):
            for action in ("stdout", "channel"):
                with self.subTest(identity=identity, action=action):
                    answer = self.fleet.ops.rpc("reopen", action, nodes=[identity])
                    self.assertEqual(answer.code, 0, answer)
                    self.assertGreater(answer.data["length"], 100)

    def test_its_tree_is_ended_like_every_other(self):
        for identity in (NOBODY, GROUPS):
            for animal, outcome in (("ignores_term", "timeout"), ("double_fork_setsid", "ok"), ("holds_pipe", "ok"),
                                    ("grandchild_ignores_term", "timeout"), ("forks_and_dies", "crashed")):
                with self.subTest(identity=identity, animal=animal):
                    marker = f"{self.fleet.tag}-{identity}-{animal}"
                    answer = self.fleet.ops.rpc("zoo_python", animal, f"marker={marker}", nodes=[identity],
                                                options=["-t", "1"])
                    self.assertEqual(answer.outcomes, {identity: outcome}, answer)
                    wait_until(lambda each=marker: not with_name(each), 2, f"{marker} is left")
            wait_until(lambda each=identity: not self.fleet.nodes[each].children(), 2, "children stay")

    def test_a_storm_of_sigstop_does_not_stop_the_node(self):
        for identity in (NOBODY, GROUPS):
            with self.subTest(identity):
                node = self.fleet.nodes[identity]
                storm = self.fleet.ops.start("rpc", "zoo_python", "sigstop_storm", "-I", identity, "--json")
                slowest, states = 0, set()
                while storm.poll() is None:
                    (answer,) = self.fleet.ops.run("ping", "-I", identity, "--json").document["nodes"]
                    slowest = max(slowest, answer["latency_ms"])
                    states.add(state_and_parent(node.pid)[0])
                answer = self.fleet.ops.ended(storm)
                self.assertEqual(answer.outcomes, {identity: "ok"}, answer)
                self.assertGreater(answer.reply["duration_ms"], 900, "there was no storm")
                self.assertLess(slowest, 500)
                self.assertNotIn("T", states)
                self.assertEqual(self.look(identity)["uids"][0], pwd.getpwnam(USER).pw_uid)

    # ---- when it cannot be

    def test_an_executable_that_the_user_may_not_run(self):
        answer = self.fleet.ops.rpc("hidden", "go", nodes=[NOBODY, GROUPS, PLAIN])
        self.assertEqual(answer.outcomes, {NOBODY: "crashed", GROUPS: "crashed", PLAIN: "ok"}, answer)
        self.assertRegex(answer.replies[NOBODY]["error"]["message"], r"(?s)65534.*hidden.*[Pp]ermission|hidden.*65534")

    def test_without_the_helper_nothing_runs(self):
        answer = self.fleet.ops.rpc("mirror", "look", nodes=[BROKEN])
        self.assertEqual(answer.outcomes, {BROKEN: "crashed"}, answer)
        self.assertIn("/nonexistent/hocket-exec", answer.reply["error"]["message"])

    def test_what_the_configuration_may_not_say(self):
        base = {"identity": "x.example", "state_dir": self.fleet.folder}
        for table, said in (({"run_as_user": "no_such_user"}, "no user of this system"),
                            ({"run_as_user": USER, "run_as_groups": ["no_such_group"]}, "no group of this system"),
                            ({"run_as_groups": ["daemon"]}, "needs run_as_user")):
            with self.subTest(said):
                file = write(os.path.join(self.fleet.folder, "wrong.toml"), toml({**base, "agents.mirror": table}))
                ended = subprocess.run([HOCKETD, "--config", file], capture_output=True, text=True, timeout=20)
                self.assertEqual(ended.returncode, 78)
                self.assertRegex(ended.stderr, rf"wrong.toml:\d+: .*{said}")

    def test_only_root_may_change_the_user(self):
        file = write(os.path.join(self.fleet.folder, "wrong.toml"),
                     toml({"identity": "x.example", "agents.mirror": {"run_as_user": "root"}}))
        ended = subprocess.run([HOCKETD, "--config", file], capture_output=True, text=True, timeout=20, user=USER,
                               extra_groups=[])
        self.assertEqual(ended.returncode, 78)
        self.assertIn("needs hocketd to run as root", ended.stderr)


if __name__ == "__main__":
    unittest.main()
