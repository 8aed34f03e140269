"""Our side: nats-server, hocketd and hocket."""

import json
import os
import shutil

from fleet import HERE, Fleet, template, write
from processes import Failure, output_of, wait_until

KEY = "ops.1"
NODE_SECONDS = 30
COMMAND_SECONDS = 30


class HocketFleet(Fleet):
    name = "hocket"

    def __init__(self, folder, build):
        super().__init__(folder)
        self.build = build
        self.url = f"nats://127.0.0.1:{self.port}"
        self.hocket = os.path.join(build, "client", "cli", "hocket")
        self.environment["HOCKET_CONFIG"] = self.path("client.toml")

    def run(self, *words, seconds=COMMAND_SECONDS):
        return output_of([self.hocket, *words], self.environment, seconds)

    def configure(self):
        write(self.path("client.toml"), template("hocket/client.toml", folder=self.folder, url=self.url))
        self.run("keys", "psk", "new", KEY.split(".", maxsplit=1)[0], "--dir", self.folder)
        shutil.copytree(os.path.join(os.path.dirname(HERE), "agents", "bash_echo"), self.path("agents", "bash_echo"))

    def broker_command(self):
        return ["nats-server", "-a", "127.0.0.1", "-p", str(self.port)]

    def configure_node(self, node):
        home = self.path(node)
        write(os.path.join(home, "classes.txt"), "")
        os.makedirs(os.path.join(home, "facts.d"))
        self.run("keys", "psk", "derive", self.path(f"{KEY}.psk"), "--id", KEY, "--identity", node, "--output",
                 os.path.join(home, "key"))
        write(os.path.join(home, "runner.toml"), template(
            "hocket/runner.toml", identity=node, home=home, url=self.url, agents=self.path("agents"),
            helpers=os.path.join(self.build, "runner", "helpers")))

    def node_command(self, node):
        return [os.path.join(self.build, "runner", "hocketd"), "--config", self.path(node, "runner.toml")]

    def await_nodes(self, nodes, daemons):
        wait_until(lambda: self.answer(nodes), f"not all of {', '.join(nodes)} answer", daemons, NODE_SECONDS)

    def answer(self, nodes):
        try:
            self.run("rpc", "rpcutil", "ping", *by_name(nodes))
        except Failure:
            return False
        return True

    def call_times(self, agent, action, count):
        program = os.path.join(self.build, "bench", "bench_call")
        printed = output_of([program, agent, action, self.nodes[0], str(count)], self.environment, 60 + count)
        return [float(line) for line in printed.split()]

    def ping_command(self):
        return [self.hocket, "rpc", "rpcutil", "ping", "-I", self.nodes[0]]

    def ping_all_time(self):
        summary = json.loads(self.run("rpc", "rpcutil", "ping", "--json", *by_name(self.nodes)))["summary"]
        return summary["elapsed_ms"] * 1000

    def find(self):
        return self.run("find").split()


def by_name(nodes):
    return [word for node in nodes for word in ("-I", node)]
