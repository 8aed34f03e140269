#!/usr/bin/python3
"""External agents of Choria as they are: files in Choria's layout, served by hocketd.

    tests/system/choria_test.py [-k PATTERN]

The programs are written anew in the shapes in which others write them: bash by the documented variables, Python as
py-choria-external has it (its reading of the configuration, and its mode without files), and one that reports all that it finds.
"""

import json
import os
import subprocess
import unittest

from fleet import BUILD, Fleet, FleetTest, as_user, write
from processes import wait_until
from small_agents import PYTHON

NODE = "web1.example"
IS_ROOT = os.geteuid() == 0
PREFIX = "io.choria.mcorpc.external.v1."


def choria_ddl(name, timeout=10, **actions):
    """actions: {NAME: (inputs, outputs)}."""
    return json.dumps({
        "$schema": "https://choria.io/schemas/mcorpc/ddl/v1/agent.json",
        "metadata": {"name": name, "description": name, "author": "Somebody <s@example.net>", "license": "Apache-2.0",
                     "version": "1.0.0", "url": "https://example.net", "timeout": timeout, "provider": "external"},
        "actions": [{"action": action, "input": inputs, "output": outputs, "display": "always", "description": action}
                    for action, (inputs, outputs) in actions.items()]})


def text_of(name, optional=False):
    return {"prompt": name, "description": name, "type": "string", "validation": ".", "maxlength": 256,
            "optional": optional}


MESSAGE = {"description": "Message", "display_as": "Message", "type": "string"}

# As the documentation shows it: a dispatch by protocol, the request from a file, the reply into one.
PARROT = r"""#!/bin/bash
case "$CHORIA_EXTERNAL_PROTOCOL" in
    io.choria.mcorpc.external.v1.activation_request)
        echo '{"activate": true}' >"$CHORIA_EXTERNAL_REPLY" ;;
    io.choria.mcorpc.external.v1.rpc_request)
        echo "called with $(wc -c <"$CHORIA_EXTERNAL_REQUEST") bytes"
        action=$(sed 's/.*"action": *"\([a-z_]*\)".*/\1/' "$1")
        case "$action" in
            echo) sed 's/.*"data": *\({[^}]*}\).*/{"data": \1}/' "$1" >"$2" ;;
            fail) echo '{"statuscode": 3, "statusmsg": "no message", "data": {"message": "half"}}' >"$2" ;;
            slow) sleep 60 & sleep 60 ;;
            crash) echo '{}' >"$2"; echo "it broke" >&2; exit 7 ;;
        esac ;;
esac
"""

# In the shape of the Python library: it takes the protocol from the environment, files or standard streams, wants all
# eleven members, treats the configuration as a folder, and prints where its schemas are before anything else.
LIBRARY = PYTHON + r"""import json, os, sys
print("/usr/share/schemas")
protocol = os.environ["CHORIA_EXTERNAL_PROTOCOL"]
request_file, reply_file = os.environ.get("CHORIA_EXTERNAL_REQUEST"), os.environ.get("CHORIA_EXTERNAL_REPLY")
request = json.load(open(request_file) if request_file else sys.stdin)
config = os.path.join(os.environ["CHORIA_EXTERNAL_CONFIG"], "snake.cfg")
settings = dict(line.strip().split(" = ") for line in open(config)) if os.path.exists(config) else {}
if protocol.endswith("activation_request"):
    reply = {"activate": settings.get("activate") != "no"}
else:
    wanted = {"$schema", "protocol", "agent", "action", "requestid", "senderid", "callerid", "collective", "ttl", "msgtime",
              "data"}
    missing = wanted - set(request)
    reply = {"statuscode": 5 if missing else 0, "statusmsg": f"missing: {missing}" if missing else "OK",
             "data": {"message": request["data"]["message"] + settings.get("suffix", "")}}
if reply_file:
    with open(reply_file, "w") as file:
        json.dump(reply, file)
else:
    print(json.dumps(reply))
"""

# Everything that a program is given, for a golden list.
WITNESS = PYTHON + r"""import json, os, stat, sys
protocol = os.environ["CHORIA_EXTERNAL_PROTOCOL"]
if protocol.endswith("activation_request"):
    reply = {"activate": True}
else:
    def mode(path):
        return oct(stat.S_IMODE(os.stat(path).st_mode))
    names = ("REQUEST", "REPLY", "FACTS")
    files = {name: os.environ["CHORIA_EXTERNAL_" + name] for name in names}
    inside = sorted(os.listdir(os.path.dirname(files["REQUEST"])))
    reply = {"data": {
        "argv": sys.argv, "variables": sorted(os.environ), "home": os.environ["HOME"], "lang": os.environ["LANG"],
        "config": os.environ["CHORIA_EXTERNAL_CONFIG"], "protocol": protocol, "cwd": os.getcwd(), "files": files,
        "modes": {name: mode(path) for name, path in files.items()}, "inside": inside, "user": os.getuid(),
        "folder": mode(os.path.dirname(files["REQUEST"])), "empty": os.stat(files["REPLY"]).st_size == 0,
        "owners": [os.stat(path).st_uid for path in files.values()],
        "facts": json.load(open(files["FACTS"])), "request": json.load(open(files["REQUEST"])),
        "stdin": sys.stdin.read(), "descriptors": sorted(os.listdir("/proc/self/fd"))}}
with open(sys.argv[2], "w") as file:
    json.dump(reply, file)
"""


class Choria(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.plugins = os.path.join(fleet.folder, "plugin.d")
        cls.agents = os.path.join(fleet.folder, "mcollective", "agent")
        flat = {"echo": ({"message": text_of("message")}, {"message": MESSAGE}), "fail": ({}, {"message": MESSAGE}),
                "slow": ({}, {}), "crash": ({}, {})}
        cls.add("parrot", PARROT, choria_ddl("parrot", 2, **flat))
        echo = {"echo": ({"message": text_of("message")}, {"message": MESSAGE})}
        cls.add("snake", LIBRARY, choria_ddl("snake", **echo))
        cls.add("streams", LIBRARY.replace("snake.cfg", "streams.cfg"), choria_ddl("streams", **echo))
        # One folder for each, and a program named for its platform, as for compiled agents.
        cls.add("witness", WITNESS, choria_ddl("witness", report=({"message": text_of("message", True)}, {})),
                folder="witness", program="witness/witness-linux_amd64")
        write(os.path.join(cls.agents, "rubyist.json"), choria_ddl("rubyist").replace("external", "ruby"))
        write(os.path.join(cls.plugins, "snake.cfg"), "suffix = !\n")
        settings = {"exec.choria": {"plugin_folder": cls.plugins}, "agents.snake.choria": {"config": "folder"},
                    "agents.streams.choria": {"config": "folder", "exchange": "stdio"},
                    **(as_user("witness") if IS_ROOT else {})}
        fleet.add_node(NODE, [cls.agents], facts={"site": "ams"}, **settings)
        return fleet

    @classmethod
    def add(cls, name, text, description, folder="", program=None):
        base = os.path.join(cls.agents, folder)
        write(os.path.join(base, program or name), text, 0o755)
        write(os.path.join(base, f"{name}.json"), description)

    def setUp(self):
        self.node = self.fleet.nodes[NODE]
        wait_until(lambda: self.names() >= {"parrot", "snake", "streams", "witness"}, 10, "they do not activate")

    def names(self):
        return set(self.fleet.ops.rpc("rpcutil", "inventory", nodes=[NODE]).data["agents"])

    def call(self, agent, action, *inputs):
        return self.fleet.ops.rpc(agent, action, *inputs, nodes=[NODE])

    # ---- requests

    def test_an_agent_by_the_book_answers(self):
        answer = self.call("parrot", "echo", "message=hello there")
        self.assertEqual((answer.outcomes, answer.data), ({NODE: "ok"}, {"message": "hello there"}), answer)
        self.assertRegex(self.node.log(), r'an agent says" agent=parrot line="called with \d+ bytes"')

    def test_its_failure_has_code_message_and_data(self):
        answer = self.call("parrot", "fail")
        self.assertEqual(answer.reply["outcome"], "failed", answer)
        self.assertEqual((answer.reply["statuscode"], answer.reply["statusmsg"], answer.data),
                         (3, "no message", {"message": "half"}))
        self.assertEqual(answer.reply["error"]["kind"], "parrot/failed")

    def test_with_another_exit_code_its_reply_does_not_count(self):
        answer = self.call("parrot", "crash")
        self.assertEqual(answer.reply["outcome"], "crashed", answer)
        self.assertIn("exited with code 7", answer.reply["statusmsg"])
        self.assertEqual(answer.reply["stderr"], "it broke\n")

    def test_a_timeout_is_answered(self):
        answer = self.call("parrot", "slow")
        self.assertEqual(answer.reply["outcome"], "timeout", answer)
        self.assertEqual(self.node.children(), [])

    def test_the_python_library_is_served_by_its_reading_of_the_configuration(self):
        self.assertEqual(self.call("snake", "echo", "message=hi").data, {"message": "hi!"})

    def test_and_through_standard_streams(self):
        self.assertEqual(self.call("streams", "echo", "message=hi").data, {"message": "hi"})

    def test_what_choria_runs_otherwise_is_not_there(self):
        self.assertNotIn("rubyist", self.names())

    # ---- the golden list

    def test_a_program_finds_what_choria_gives(self):
        answer = self.call("witness", "report", "message=hi")
        self.assertEqual(answer.outcomes, {NODE: "ok"}, answer)
        seen = answer.data
        folder = os.path.dirname(seen["files"]["REQUEST"])
        program = os.path.join(self.agents, "witness", "witness", "witness-linux_amd64")
        user = 65534 if IS_ROOT else os.getuid()
        self.assertRegex(folder, r"^/tmp/hocket-[0-9A-Z]{26}$")
        self.assertEqual(seen["files"], {"REQUEST": f"{folder}/request", "REPLY": f"{folder}/reply",
                                         "FACTS": f"{folder}/facts"})
        self.assertEqual(seen["argv"], [program, f"{folder}/request", f"{folder}/reply", PREFIX + "rpc_request"])
        self.assertEqual(
            [name for name in seen["variables"] if not name.startswith("HOCKET_")],
            ["CHORIA_EXTERNAL_CONFIG", "CHORIA_EXTERNAL_FACTS", "CHORIA_EXTERNAL_PROTOCOL", "CHORIA_EXTERNAL_REPLY",
             "CHORIA_EXTERNAL_REQUEST", "HOME", "LANG", "PATH", "PYTHONUNBUFFERED", "TMPDIR"])
        self.assertEqual(seen["protocol"], PREFIX + "rpc_request")
        self.assertEqual(seen["config"], os.path.join(self.plugins, "witness"))
        self.assertEqual((seen["cwd"], seen["lang"], seen["stdin"], seen["user"]), ("/tmp", "C.UTF-8", "", user))
        self.assertEqual((seen["modes"], seen["folder"], seen["empty"], seen["owners"]),
                         ({"REQUEST": "0o600", "REPLY": "0o600", "FACTS": "0o600"}, "0o700", True, 3 * [user]))
        self.assertEqual(seen["inside"], ["facts", "reply", "request"])
        self.assertEqual(seen["descriptors"][:3], ["0", "1", "2"])
        self.assertEqual(seen["facts"]["site"], "ams")
        request = seen["request"]
        self.assertEqual(sorted(request), ["$schema", "action", "agent", "callerid", "collective", "data", "msgtime",
                                           "protocol", "requestid", "senderid", "ttl"])
        self.assertRegex(request["requestid"], "^[0-9a-f]{32}$")
        self.assertEqual(
            {name: request[name] for name in ("$schema", "protocol", "agent", "action", "callerid", "collective", "data")},
            {"$schema": "https://choria.io/schemas/mcorpc/external/v1/rpc_request.json",
             "protocol": PREFIX + "rpc_request", "agent": "witness", "action": "report", "callerid": "psk=ops",
             "collective": "main", "data": {"message": "hi"}})
        self.assertTrue(request["senderid"])
        self.assertFalse(os.path.exists(folder))

    # ---- activation

    def test_an_agent_may_decide_not_to_serve_and_decides_anew_after_a_reload(self):
        config = os.path.join(self.plugins, "snake.cfg")
        write(config, "activate = no\n")
        self.node.reload()
        wait_until(lambda: "snake" not in self.names(), 10, "it still serves")
        self.assertIn("an agent does not want to activate", self.node.log())
        write(config, "suffix = ?\n")
        self.node.reload()
        wait_until(lambda: "snake" in self.names(), 10, "it does not serve again")
        self.assertEqual(self.call("snake", "echo", "message=hi").data, {"message": "hi?"})
        write(config, "suffix = !\n")

    def test_one_that_comes_is_served_and_one_that_goes_is_not(self):
        self.add("late", PARROT, choria_ddl("late", echo=({"message": text_of("message")}, {"message": MESSAGE})))
        wait_until(lambda: "late" in self.names(), 15, "it is not served")
        self.assertEqual(self.call("late", "echo", "message=hi").data, {"message": "hi"})
        os.remove(os.path.join(self.agents, "late.json"))
        wait_until(lambda: "late" not in self.names(), 15, "it is still served")

    # ---- the workbench

    def test_the_workbench_runs_it(self):
        agent = os.path.join(self.agents, "witness")
        program = os.path.join(BUILD, "runner", "workbench", "hocket-agent")
        ended = subprocess.run([program, "run", agent, "report", "--json"], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended)
        self.assertEqual(json.loads(ended.stdout)["outcome"], "ok")


if __name__ == "__main__":
    unittest.main()
