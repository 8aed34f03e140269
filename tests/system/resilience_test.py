#!/usr/bin/python3
"""The broker or a node fails, stops or is changed while requests run: each gets a verdict, and nothing runs twice.

    tests/system/resilience_test.py [-k PATTERN]
"""

import os
import shutil
import signal
import threading
import time
import unittest

from fleet import Fleet, FleetTest, write
from ledger import Ledger
from processes import children_of, kill, wait_until
from signed_requests import RawCaller
from small_agents import text_input, write_agent, write_ddl

WEB1, WEB2 = NODES = ("web1.example", "web2.example")
LOAD_S = 20
LOAD_CALLERS = 5


class TwoNodes(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.ledger = Ledger(fleet)
        cls.cgroup = fleet.add_cgroup()
        nats = {"max_reconnect_wait_ms": 500}
        fleet.add_node(WEB1, [cls.ledger.agents], nats=nats)
        fleet.add_node(WEB2, [cls.ledger.agents], nats=nats, exec={"cgroup": cls.cgroup or "off"},
                       limits={"shutdown_ms": 500, "grace_ms": 300})
        return fleet

    def start_held(self, *nodes, text="quiet"):
        """`hocket` with a request that runs until its gate is opened: (process, gate)."""
        gate, before = self.ledger.gate(), {node: len(self.ledger.ran(node)) for node in nodes}
        words = [word for node in nodes for word in ("-I", node)]
        caller = self.fleet.ops.start("rpc", "ledger", "append", f"hold={gate}", f"text={text}", *words,
                                      "-t", "20", "--json")
        for node in nodes:
            self.ledger.await_next_run(node, before[node])
        return caller, gate

    def assert_nothing_ran_twice(self):
        for node in NODES:
            self.assertEqual(self.ledger.twice(node), [])


class BrokerFails(TwoNodes):
    def tearDown(self):
        self.fleet.await_nodes()
        self.assert_nothing_ran_twice()

    def test_a_reply_that_was_ready_while_the_broker_was_away(self):
        caller, gate = self.start_held(*NODES)
        self.fleet.broker.kill()
        self.ledger.open(gate)
        for node in NODES:
            wait_until(lambda each=node: not self.fleet.nodes[each].children(), 5, "the agent does not end")
        self.fleet.broker.start()
        answer = self.fleet.ops.ended(caller)
        self.assertEqual((answer.code, answer.outcomes), (0, dict.fromkeys(NODES, "ok")), answer)

    def test_a_reply_that_is_ready_after_the_broker_came_back(self):
        caller, gate = self.start_held(*NODES)
        self.fleet.broker.kill()
        self.fleet.broker.start()
        self.fleet.await_nodes()
        self.ledger.open(gate)
        answer = self.fleet.ops.ended(caller)
        self.assertEqual((answer.code, answer.outcomes), (0, dict.fromkeys(NODES, "ok")), answer)

    def test_a_reload_of_the_broker_takes_the_permission_to_reply_and_the_caller_brings_it_back(self):
        for ends_before_the_reminder in (True, False):
            with self.subTest(ends_before_the_reminder=ends_before_the_reminder):
                caller, gate = self.start_held(*NODES)
                self.fleet.broker.reload()
                if not ends_before_the_reminder:
                    before = self.duplicates()
                    wait_until(lambda seen=before: self.duplicates() >= seen + len(NODES), 10, "nobody asks again")
                self.ledger.open(gate)
                answer = self.fleet.ops.ended(caller)
                self.assertEqual((answer.code, answer.outcomes), (0, dict.fromkeys(NODES, "ok")), answer)

    def duplicates(self):
        answer = self.fleet.ops.rpc("rpcutil", "daemon_stats", nodes=NODES)
        return sum(reply["data"]["duplicates"] for reply in answer.document["replies"])

    def test_load(self):
        answers, is_over = [], threading.Event()

        def call_again_and_again():
            while not is_over.is_set():
                answers.append(self.fleet.ops.rpc("ledger", "append", nodes=NODES, options=["-t", "2"],
                                                  HOCKET_DDL_FOLDERS=self.ledger.agents))

        def await_good_answers():
            begin = len(answers)
            wait_until(lambda: sum(answer.code == 0 for answer in answers[begin:]) >= 2 * LOAD_CALLERS, LOAD_S, "no load")
        threads = [threading.Thread(target=call_again_and_again) for _ in range(LOAD_CALLERS)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(2):
                await_good_answers()
                self.fleet.broker.kill()
                wait_until(lambda: answers[-1].code == 69, LOAD_S, "nobody sees that the broker is away")
                self.fleet.broker.start()
            await_good_answers()
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

        self.assertGreater(sum(answer.code == 0 for answer in answers), 4 * LOAD_CALLERS)
        for answer in answers:
            self.assert_verdict(answer)

    def assert_verdict(self, answer):
        """Either it could not reach the broker, or each node has an outcome, and `ok` only where it ran."""
        if answer.code == 69:
            return self.assertEqual(answer.document["error"]["code"], "broker_unreachable", answer)
        self.assertEqual(set(answer.outcomes), set(NODES), answer)
        self.assertIn(answer.code, (0, 4, 5), answer)
        for node, outcome in answer.outcomes.items():
            self.assertIn(outcome, ("ok", "no_response"), answer)
            if outcome == "ok":
                self.assertIn(answer.document["request"], self.ledger.ran(node))
        return None


class NodeFails(TwoNodes):
    def setUp(self):
        self.node = self.fleet.nodes[WEB1]
        self.caller = RawCaller(self.fleet.ops, self.fleet.broker)

    def tearDown(self):
        self.assert_nothing_ran_twice()

    def orphans_of_a_kill(self, node):
        """SIGKILL for hocketd between journal and reply. The bytes sent, and who lost hocketd: they came to us."""
        hold = {"hold": self.ledger.gate()}
        sent = self.caller.request("ledger", "append", [node.identity], inputs=hold, ttl_ms=60000)
        self.caller.send(sent)
        self.ledger.await_run(node.identity, sent.request["id"])
        mine = set(children_of(os.getpid()))
        node.stop(signal.SIGKILL)
        return sent, set(children_of(os.getpid())) - mine

    def kill_while_running(self):
        sent, orphans = self.orphans_of_a_kill(self.node)
        for pid in orphans:
            kill(pid)
            os.waitpid(pid, 0)
        return sent

    def test_killed_with_a_cgroup_its_leftovers_are_ended_at_the_next_start(self):
        if not self.cgroup:
            self.skipTest("no writable cgroup v2 folder")
        node = self.fleet.nodes[WEB2]
        _, orphans = self.orphans_of_a_kill(node)
        self.assertGreaterEqual(len(orphans), 1)
        node.start()
        for pid in orphans:
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), -signal.SIGKILL)
        self.fleet.await_nodes(WEB2)
        node.stop()  # the folder, in which they were still dying, is removed at the start after that
        node.start()
        self.fleet.await_nodes(WEB2)

    def assert_not_run_again(self, sent, replies):
        self.caller.send(sent)
        pong = self.caller.call("rpcutil", "ping", WEB1)  # what came before it has been dealt with
        self.assertEqual(pong["outcome"], "ok")
        self.assertEqual([reply["outcome"] for reply in self.caller.replies(sent)], replies)
        self.assertEqual(self.ledger.ran(WEB1).count(sent.request["id"]), 1)

    def test_killed_between_journal_and_reply(self):
        sent = self.kill_while_running()
        self.node.start()
        self.fleet.await_nodes(WEB1)
        self.assert_not_run_again(sent, [])
        self.assertEqual(self.node.audit()[-3]["reason"], "no reply is stored, or it still runs")
        self.assertEqual(self.caller.call("ledger", "append", WEB1)["outcome"], "ok")

    def test_killed_and_the_journal_is_damaged(self):
        sent = self.kill_while_running()
        journal = os.path.join(self.node.folder, "state", "requests.journal")
        with open(journal, "r+b") as file:
            file.write(b"9")
        self.node.start()
        self.fleet.await_nodes(WEB1)
        self.assertRegex(self.node.log(), r"requests.journal:1 is damaged; it was kept as requests.journal.damaged")
        self.assert_not_run_again(sent, ["expired"])

    def test_killed_and_the_journal_is_gone(self):
        sent = self.kill_while_running()
        os.remove(os.path.join(self.node.folder, "state", "requests.journal"))
        self.node.start()
        self.fleet.await_nodes(WEB1)
        self.assert_not_run_again(sent, ["expired"])

    def test_killed_while_it_wrote_the_journal(self):
        sent = self.kill_while_running()
        with open(os.path.join(self.node.folder, "state", "requests.journal"), "ab") as file:
            file.write(b"1 17956")  # the last line is not whole
        self.node.start()
        self.fleet.await_nodes(WEB1)
        self.assert_not_run_again(sent, [])


class NodeStops(TwoNodes):
    def setUp(self):
        self.node = self.fleet.nodes[WEB1]
        self.addCleanup(self.start_again)

    def start_again(self):
        for node in self.fleet.nodes.values():
            if not node.is_running():
                node.start()
        self.fleet.await_nodes()

    def begin_to_stop(self):
        self.node.process.send_signal(signal.SIGTERM)
        wait_until(lambda: self.node.status()["state"] == "draining", 5, "it does not drain")

    def test_sigterm_lets_the_running_request_finish(self):
        caller, gate = self.start_held(WEB1)
        self.begin_to_stop()
        refused = self.fleet.ops.rpc("ledger", "append", nodes=[WEB1], HOCKET_DDL_FOLDERS=self.ledger.agents)
        self.assertEqual((refused.code, refused.outcomes), (2, {WEB1: "draining"}), refused)
        self.assertNotIn(refused.document["request"], self.ledger.ran(WEB1))
        self.ledger.open(gate)
        answer = self.fleet.ops.ended(caller)
        self.assertEqual((answer.code, answer.outcomes), (0, {WEB1: "ok"}), answer)
        self.assertEqual(self.node.process.wait(10), 0)
        status = self.node.status()
        self.assertEqual((status["state"], status["running"]), ("stopped", 0))

    def stop_and_await_those_left(self, node):
        """Stops hocketd while an agent runs. The agent and hocket-linger, which came to us, and the gate to the end."""
        caller, gate = self.start_held(node.identity, text="chatty")
        self.addCleanup(self.ledger.open, gate)
        mine = set(children_of(os.getpid()))
        started = time.monotonic()
        if node.identity == WEB1:
            self.begin_to_stop()  # the second signal stops it
        self.assertEqual(node.stop(), 0)
        self.assertLess(time.monotonic() - started, 10, "the agent has 20 s")
        answer = self.fleet.ops.ended(caller)
        self.assertEqual((answer.code, answer.outcomes), (2, {node.identity: "internal"}), answer)
        self.assertIn("left it running", answer.reply["error"]["message"])
        left = set(children_of(os.getpid())) - mine
        self.assertEqual(len(left), 2, "the agent and hocket-linger")
        return left, gate

    def assert_end_well(self, left):
        for pid in left:
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def test_a_second_sigterm_stops_at_once_and_the_agent_goes_on(self):
        left, gate = self.stop_and_await_those_left(self.node)
        self.ledger.open(gate)
        self.assert_end_well(left)

    def test_a_stop_waits_no_longer_than_shutdown_ms_and_the_next_hocketd_spares_the_agent(self):
        node = self.fleet.nodes[WEB2]
        left, gate = self.stop_and_await_those_left(node)
        node.start()
        self.fleet.await_nodes(WEB2)
        self.ledger.open(gate)
        self.assert_end_well(left)


class NodeChanges(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.ledger = Ledger(fleet)
        fleet.add_node(WEB1, [cls.ledger.agents])
        return fleet

    def setUp(self):
        self.node = self.fleet.nodes[WEB1]
        self.pid = self.node.pid

    def tearDown(self):
        self.assertTrue(self.node.is_running())
        self.assertEqual(self.fleet.ops.stats(WEB1)[WEB1]["pid"], self.pid)

    def call(self, agent="ledger", action="append", *inputs):
        return self.fleet.ops.rpc(agent, action, *inputs, nodes=[WEB1])

    def await_outcome(self, outcome, *words):
        def seen():
            answer = self.call(*words)
            return answer.document.get("replies") and answer.reply["outcome"] == outcome
        wait_until(seen, 10, lambda: f"no {outcome}: {self.call(*words)}")

    def rewrite(self, change):
        with open(self.node.config_file, encoding="utf-8") as file:
            text = file.read()
        self.addCleanup(self.node.reload)
        self.addCleanup(write, self.node.config_file, text)
        write(self.node.config_file, change(text))

    def test_a_broken_configuration_changes_nothing(self):
        self.rewrite(lambda text: text.replace("[limits]", "[limits]\nmax_paralell = 3"))
        said = self.node.reload()
        self.assertRegex(said, r"kept as it was, the new one is broken.*runner.toml:\d+: .*max_paralell")
        self.assertEqual(self.call().code, 0)

    def test_the_audit_is_rotated_even_if_the_configuration_is_broken(self):
        self.rewrite(lambda text: text.replace("[limits]", "[limits]\nmax_paralell = 3"))
        before = f"{self.node.audit_file}.1"
        os.rename(self.node.audit_file, before)
        self.addCleanup(os.remove, before)
        self.assertRegex(self.node.reload(), "kept as it was")
        self.assertEqual(self.call().code, 0)
        self.assertIn("finished", [line["event"] for line in self.node.audit()])

    def test_a_key_that_is_missing_changes_nothing(self):
        self.rewrite(lambda text: text.replace("ops.1.node", "nothing.node"))
        self.assertRegex(self.node.reload(), r"kept as it was.*nothing.node")
        self.assertEqual(self.call().code, 0)

    def test_keys_that_need_a_restart_are_named_and_stay_in_force(self):
        self.rewrite(lambda text: text.replace("[limits]", "[limits]\norphan_max_ms = 5000")
                     .replace("[exec]", '[exec]\nsearch_path = "/bin"'))
        self.assertRegex(self.node.reload(), r'after a restart.*keys="limits.orphan_max_ms, exec"')

    def test_a_good_configuration_is_taken_over(self):
        self.rewrite(lambda text: text.replace('agents = ["*"]', 'agents = ["discovery", "rpcutil"]'))
        self.assertIn("msg=reloaded", self.node.reload())
        self.assertEqual(self.call().code, 7)

    def test_agents_come_change_and_go_without_a_restart(self):
        folder, one = self.ledger.agents, {"first": ({}, {})}
        write_agent(folder, "fresh", "#!/bin/bash\necho '{\"statuscode\":0}'\n", one)
        self.await_outcome("ok", "fresh", "first")
        found = self.fleet.ops.run("find", "-A", "fresh")
        self.assertEqual(found.out.split(), [WEB1], "a broadcast must reach it too")
        write_ddl(folder, "fresh", {**one, "second": ({"text": text_input("^[a-z]+$")}, {})})
        self.await_outcome("ok", "fresh", "second", "text=abc")
        shutil.rmtree(os.path.join(folder, "fresh"))
        wait_until(lambda: self.fleet.ops.run("find", "-A", "fresh").code == 1, 10, "it does not go")

    def test_an_agent_that_breaks_is_not_there_until_it_is_mended(self):
        write_agent(self.ledger.agents, "shaky", "#!/bin/bash\necho '{\"statuscode\":0}'\n", {"go": ({}, {})})
        self.await_outcome("ok", "shaky", "go")
        file = os.path.join(self.ledger.agents, "shaky", "shaky.json")
        write(file, '{"metadata": 7}')
        wait_until(lambda: "agent=shaky reason" in self.node.log(), 10, "the log does not say it")
        self.assertEqual(self.fleet.ops.run("find", "-A", "shaky").code, 1)
        self.assertEqual(self.call().code, 0, "the other agents must work")
        write_ddl(self.ledger.agents, "shaky", {"go": ({}, {})})
        self.await_outcome("ok", "shaky", "go")

    def test_a_running_request_finishes_when_its_agent_goes(self):
        runs = os.path.join(self.fleet.folder, "leaving-runs")
        agents = write_agent(self.ledger.agents, "leaving", f"#!/bin/bash\n: > {runs}\nwhile [[ -e $0 ]]; do sleep 0.02; done\n"
                             "sleep 1\necho '{\"statuscode\":0}'\n", {"go": ({}, {})})
        self.await_outcome_of_find("leaving")
        caller = self.fleet.ops.start("rpc", "leaving", "go", "-I", WEB1, "--json")
        wait_until(lambda: os.path.exists(runs), 10, "it does not start")
        shutil.rmtree(os.path.join(agents, "leaving"))
        answer = self.fleet.ops.ended(caller)
        self.assertEqual((answer.code, answer.outcomes), (0, {WEB1: "ok"}), answer)

    def await_outcome_of_find(self, agent):
        wait_until(lambda: self.fleet.ops.run("find", "-A", agent).code == 0, 10, f"{agent} does not come")


if __name__ == "__main__":
    unittest.main()
