#!/usr/bin/python3
"""Ruby agents of MCollective, served by the shim: installed as it says, with MCollective's own files and nothing else.

    tests/system/mcollective_test.py [-k PATTERN]

The agents in agents/mcollective are written anew, in the shapes in which others write them. Skipped without /usr/bin/ruby.
"""

import os
import shutil
import subprocess
import unittest

from fleet import BUILD, EXAMPLES, Fleet, FleetTest, as_user, write
from processes import with_text

NODE = "web1.example"
HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("depot", "courier", "idle", "guarded", "broken")


def closed_site_files():
    """Of a MCollective that is installed here: agents of who may not read them are closed."""
    files = ("/etc/mcollective/server.cfg", "/etc/puppetlabs/mcollective/server.cfg", "/etc/choria/server.conf")
    return [file for file in files if os.path.exists(file) and not os.access(file, os.R_OK)]


@unittest.skipUnless(os.access("/usr/bin/ruby", os.X_OK), "no /usr/bin/ruby")
@unittest.skipIf(closed_site_files(), "a configuration of MCollective is here that this user may not read")
class MCollective(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        # Where packages put it: LIBDIR/mcollective/agent.
        cls.libdir = os.path.join(fleet.folder, "plugins")
        shutil.copytree(os.path.join(HERE, "agents", "mcollective"), os.path.join(cls.libdir, "mcollective"))
        ruby = os.path.join(fleet.folder, "ruby")
        shutil.copytree(os.path.join(EXAMPLES, "ruby"), ruby)
        cls.shim = os.path.join(ruby, "mcollective-shim", "mcollective-shim")
        cls.agents = os.path.join(fleet.folder, "agents")
        for name in NAMES:
            ended = cls.install(name)
            assert ended.returncode == 0, ended
        for name in ("strict", "stricter", "switched", "blind"):
            cls.copy_plain(name)
        if os.geteuid() == 0:  # the file can be read, and its folder cannot be entered
            closed = os.path.join(fleet.folder, "closed")
            write(os.path.join(closed, "server.cfg"), "rpcauthorization = 0\n")
            os.chmod(closed, 0o700)
            os.symlink(os.path.join(closed, "server.cfg"), os.path.join(cls.agents, "blind", "server.cfg"))
        write(os.path.join(cls.agents, "depot", "server.cfg"),
              "# of MCollective\nplugin.depot.provider = memory\nplugin.depot.color = grey\nloglevel = info\n")
        fleet.add_node(NODE, [cls.agents], **{
            "agents.depot.config": {"depot.color": "blue", "depot.size": 7},
            "agents.strict.config": {"rpcauthorization": True, "rpcauthprovider": "house_rules"},
            "agents.stricter.config": {"rpcauthorization": True},
            "agents.switched.config": {"switched.activate_agent": False},
            **(as_user("blind") if os.geteuid() == 0 else {})})
        return fleet

    @classmethod
    def copy_plain(cls, name):
        """An agent NAME made of `plain`."""
        agents = os.path.join(cls.libdir, "mcollective", "agent")
        for suffix in (".ddl", ".rb"):
            with open(os.path.join(agents, "plain" + suffix), encoding="utf-8") as file:
                text = file.read()
            write(os.path.join(agents, name + suffix), text.replace("plain", name).replace("Plain", name.capitalize()))
        ended = cls.install(name)
        assert ended.returncode == 0, ended

    @classmethod
    def install(cls, name, root=None, target=None):
        """root: the folder that has agent/NAME.ddl."""
        ddl = os.path.join(root or os.path.join(cls.libdir, "mcollective"), "agent", f"{name}.ddl")
        path = os.path.join(BUILD, "ddl-compiler") + ":" + os.environ["PATH"]
        return subprocess.run([cls.shim, "install", ddl, target or cls.agents], capture_output=True, text=True,
                              env={**os.environ, "PATH": path})

    def call(self, agent, action, *inputs):
        return self.fleet.ops.rpc(agent, action, *inputs, nodes=[NODE])

    def ok(self, agent, action, *inputs):
        answer = self.call(agent, action, *inputs)
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        return answer.data

    def assert_failed(self, answer, code, kind, message):
        reply = answer.reply
        self.assertEqual((reply["outcome"], reply["statuscode"], reply["error"]["kind"]), ("failed", code, kind), answer)
        self.assertRegex(reply["statusmsg"], message)
        return answer

    # ---- requests and replies

    def test_an_agent_with_classes_of_its_own_works(self):
        self.assertEqual(self.ok("depot", "install", "thing=lamp"), {"ensure": "1.0", "notes": ["begun", "install lamp"]})
        self.assertEqual(self.ok("depot", "purge", "thing=lamp"), {"ensure": "1.0", "notes": ["begun", "purge lamp"]})
        self.assert_failed(self.call("depot", "purge", "thing=lamp"), 1, "depot/aborted", "^Thing is not there$")
        self.assert_failed(self.call("depot", "install", "thing=anvil"), 1, "depot/aborted",
                           "^Could not install anvil: it is too heavy$")

    def test_one_process_serves_them_all(self):
        for number in range(3):
            self.ok("depot", "install", f"thing=t{number}")
        program = os.path.join(self.agents, "depot", "depot")
        self.assertEqual(len(with_text(program)), 1)

    def test_its_settings_come_from_both_configurations(self):
        self.assertEqual(self.ok("depot", "provider"), {
            "name": "MCollective::Util::Depot::MemoryDepot",
            "settings": {"provider": "memory", "color": "blue", "size": "7"}})

    def test_what_a_request_has(self):
        self.assertEqual(self.ok("courier", "who"), {
            "caller": "psk=ops", "agent": "courier", "meta": "1.0.0", "hooks": ["startup", "before who"],
            "time": "1970-01-01 00:00:00 UTC"})

    # ---- helpers

    def test_a_command_is_run(self):
        data = self.ok("courier", "shout", "message=it's $(me)")
        self.assertEqual(data, {"out": "from stdin\nit's $(me)", "err": "courier C", "exitcode": 3})

    def test_a_command_has_a_timeout(self):
        self.assertEqual(self.ok("courier", "shout", "patience=1")["exitcode"], -1)

    def test_a_script_is_an_action(self):
        received = self.ok("courier", "deliver", "message=hi")["received"]
        self.assertEqual({name: received[name] for name in ("agent", "action", "data", "callerid")},
                         {"agent": "courier", "action": "deliver", "data": {"message": "hi"}, "callerid": "psk=ops"})

    def test_a_script_fails_with_its_exit_code(self):
        answer = self.call("courier", "lost")
        self.assert_failed(answer, 4, "courier/invalid_data", "^Failed to run deliver.sh: nobody is at home")
        self.assertEqual(answer.data["received"]["action"], "lost")

    def test_a_script_that_is_not_there_is_a_failure(self):
        self.assert_failed(self.call("courier", "gone"), 1, "courier/aborted", "Cannot execute courier#gone command: nowhere.sh")

    def test_validate_asks_types_patterns_lists_and_plugins(self):
        self.ok("courier", "check", "address=10.0.0.1", "color=red")
        for inputs, code, kind, message in (
            (["color=red"], 3, "missing_data", "please supply a address argument"),
            (["address=x", "color=red"], 4, "invalid_data", "Input address did not pass validation: value should be an ipv4"),
            (["address=10.0.0.1", "color=pink"], 4, "invalid_data", "value should be a color"),
            (["address=10.0.0.1", "color=blue"], 4, "invalid_data", "value should be one of red, green"),
        ):
            self.assert_failed(self.call("courier", "check", *inputs), code, f"courier/{kind}", message)

    # ---- failures

    def test_each_code_has_a_kind(self):
        for code, kind in enumerate(("aborted", "unknown_action", "missing_data", "invalid_data", "failed", "failed"), 1):
            answer = self.call("courier", "fails", f"code={code}")
            self.assert_failed(answer, min(code, 5), f"courier/{kind}", "^as told$")
            self.assertEqual(answer.data, {"out": "half"})

    def test_one_that_fails_softly_goes_on(self):
        answer = self.assert_failed(self.call("courier", "fails", "code=1", "softly=true"), 1, "courier/aborted", "^as told$")
        self.assertEqual(answer.data, {"out": "whole"})

    def test_an_exception_is_an_unknown_error_with_a_backtrace(self):
        answer = self.assert_failed(self.call("courier", "breaks"), 5, "courier/failed", "undefined local variable or method `nothing'")
        self.assertRegex(answer.reply["stderr"], r"courier#breaks failed: NameError: .*\n\t.*courier.rb:\d+")

    def test_an_action_that_is_described_and_not_there(self):
        self.assert_failed(self.call("courier", "never"), 2, "courier/unknown_action", "Unknown action 'never' for agent 'courier'")

    # ---- who may and who wants

    def test_one_that_does_not_activate_refuses(self):
        self.assert_failed(self.call("idle", "act"), 1, "idle/not_active", "it does not activate on this node")

    def test_its_own_authorization_holds(self):
        self.assertEqual(self.ok("guarded", "act"), {"done": True})
        self.assert_failed(self.call("guarded", "other"), 1, "guarded/aborted", "You are not authorized")

    def test_the_sites_authorization_is_switched_by_the_nodes_configuration(self):
        self.assertEqual(self.ok("strict", "act"), {"done": True})
        self.assert_failed(self.call("strict", "other"), 1, "strict/aborted", "You are not authorized")
        self.assert_failed(self.call("stricter", "act"), 1, "stricter/exception", "no rpcauthprovider is set: nobody may call stricter")

    def test_the_nodes_configuration_says_whether_it_activates(self):
        self.assert_failed(self.call("switched", "act"), 1, "switched/not_active", "it does not activate on this node")

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_a_configuration_that_may_not_be_read_closes_it(self):
        self.assert_failed(self.call("blind", "act"), 1, "blind/exception", "Permission denied")

    def test_a_code_that_is_none_is_a_failure(self):
        for code in (-1, 7):
            self.assert_failed(self.call("courier", "fails", f"code={code}"), 5, "courier/failed", "^as told$")

    def test_without_the_class_that_authorizes_nobody_may(self):
        self.assert_failed(self.call("broken", "act"), 1, "broken/not_active", "it cannot be loaded: LoadError: .*nobodyknows")

    # ---- installation

    def test_nothing_is_overwritten(self):
        ended = self.install("depot")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("exists already", ended.stderr)

    def test_a_repository_is_linked_as_it_lies(self):
        repository = os.path.join(self.fleet.folder, "repository")
        shutil.copytree(os.path.join(self.libdir, "mcollective"), repository)
        ended = self.install("depot", repository, repository + ".agents")
        self.assertEqual(ended.returncode, 0, ended)
        agent = os.path.join(repository + ".agents", "depot")
        self.assertEqual(os.readlink(os.path.join(agent, "mcollective")), repository)
        program = os.path.join(BUILD, "runner", "workbench", "hocket-agent")
        ended = subprocess.run([program, "run", agent, "install", "thing=x"], capture_output=True, text=True)
        self.assertEqual((ended.returncode, "ensure: 1.0" in ended.stdout), (0, True), ended)

    def test_what_is_wrong_is_said(self):
        for words, code, message in ((["install"], 64, "usage:"), (["install", "/no/x.ddl", "/no"], 1, "/no/x.rb does not exist")):
            ended = subprocess.run([self.shim, *words], capture_output=True, text=True)
            self.assertEqual(ended.returncode, code, ended)
            self.assertIn(message, ended.stderr)


if __name__ == "__main__":
    unittest.main()
