"""Our side: nats-server, hocketd and hocket."""

import json
import os
import shutil

from fleet import HERE, Fleet, template, write
from processes import Failure, wait_until

KEY, KEY_ID = "ops", "ops.1"
NODE_SECONDS = 30
COMMAND_SECONDS = 30


class HocketFleet(Fleet):
    name = "hocket"

    def __init__(self, folder, build):
        super().__init__(folder, build)
        self.url = f"nats://127.0.0.1:{self.port}"
        self.environment["HOCKET_CONFIG"] = self.path("client.toml")

    def command(self, *words):
        return [os.path.join(self.build, "client", "cli", "hocket"), *words]

    def hocket(self, *words):
        return self.run(self.command(*words), COMMAND_SECONDS)

    def configure(self):
        write(self.path("client.toml"), template("hocket/client.toml", folder=self.folder, url=self.url))
        self.hocket("keys", "psk", "new", KEY, "--dir", self.folder)
        shutil.copytree(os.path.join(os.path.dirname(HERE), "agents", "bash_echo"), self.path("agents", "bash_echo"))

    def broker_command(self):
        return ["nats-server", "-a", "127.0.0.1", "-p", str(self.port)]

    def configure_node(self, node):
        home = self.path(node)
        write(os.path.join(home, "classes.txt"), "")
        os.makedirs(os.path.join(home, "facts.d"))
        self.hocket("keys", "psk", "derive", self.path(f"{KEY_ID}.psk"), "--id", KEY_ID, "--identity", node,
                    "--output", os.path.join(home, "key"))
        write(os.path.join(home, "runner.toml"), template(
            "hocket/runner.toml", identity=node, home=home, url=self.url, agents=self.path("agents"),
            helpers=os.path.join(self.build, "runner", "helpers")))

    def node_command(self, node):
        return [os.path.join(self.build, "runner", "hocketd"), "--config", self.path(node, "runner.toml")]

    def await_nodes(self, nodes, daemons):
        wait_until(lambda: self.answer(nodes), f"not all of {', '.join(nodes)} answer", daemons, NODE_SECONDS)

    def answer(self, nodes):
        try:
            self.hocket("rpc", "rpcutil", "ping", *(f"--with-identity={node}" for node in nodes))
        except Failure:
            return False
        return True

    def call_times(self, agent, action, count):
        return self.times([self.program("bench_call"), agent, action, self.nodes[0], str(count)], 60 + count)

    def ping_command(self):
        return self.command("rpc", "rpcutil", "ping", "-I", self.nodes[0])

    def call_all(self):
        summary = json.loads(self.hocket("rpc", "rpcutil", "ping", "--json"))["summary"]
        return summary["answered"], summary["elapsed_ms"] * 1000

    def find(self):
        return self.hocket("find").split()
