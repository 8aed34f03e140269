"""The other side: ActiveMQ, mcollectived and mco, as Debian packages them."""

import os
import re
import secrets

from fleet import HERE, Fleet, template, write
from processes import Failure, output_of

ACTIVEMQ = "/usr/share/activemq"
RUBY = "/usr/bin/ruby"
# Those of Debian's start script that this broker needs, with less memory.
JAVA_OPTIONS = ["-Xms128M", "-Xmx256M", "-Dorg.apache.activemq.UseDedicatedTaskRunner=true",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED"]
NODE_SECONDS = 60
COMMAND_SECONDS = 60
REPORT = re.compile(r"Finished processing (\d+) / (\d+) hosts in ([0-9.]+) ms")


class McollectiveFleet(Fleet):
    name = "mcollective"

    def __init__(self, folder):
        super().__init__(folder)
        self.secrets = {"psk": secrets.token_hex(16), "password": secrets.token_hex(16)}

    def run(self, *words, seconds=COMMAND_SECONDS):
        return output_of(list(words), self.environment, seconds)

    def configure(self):
        for name in ("activemq.xml", "log4j.properties"):
            write(self.path("broker", "conf", name), template(
                f"activemq/{name}", data=self.path("broker", "data"), port=self.port,
                password=self.secrets["password"]))
        os.makedirs(self.path("broker", "tmp"))
        write(self.path(".mcollective"), template("mcollective/client.cfg", **self.common_values()))

    def common_values(self):
        return {**self.secrets, "port": self.port, "libdir": os.path.join(HERE, "mcollective", "libdir"),
                "facts": os.path.join(HERE, "mcollective", "facts.yaml")}

    def broker_command(self):
        base = self.path("broker")
        conf = os.path.join(base, "conf")
        places = {"activemq.home": ACTIVEMQ, "activemq.base": base, "activemq.conf": conf,
                  "activemq.data": os.path.join(base, "data"), "activemq.classpath": conf,
                  "java.io.tmpdir": os.path.join(base, "tmp"), "java.awt.headless": "true",
                  "log4j.configuration": f"file:{conf}/log4j.properties"}
        return ["/usr/bin/java", *JAVA_OPTIONS, *(f"-D{name}={value}" for name, value in places.items()),
                "-jar", f"{ACTIVEMQ}/bin/activemq.jar", "start", f"xbean:file:{conf}/activemq.xml"]

    def configure_node(self, node):
        script = os.path.join(os.path.dirname(HERE), "agents", "bash_echo", "bash_echo")
        write(self.path(node, "classes.txt"), "")
        write(self.path(node, "server.cfg"), template("mcollective/server.cfg", identity=node, home=self.path(node),
                                                      script=script, **self.common_values()))

    def node_command(self, node):
        return [RUBY, "/usr/sbin/mcollectived", "--no-daemonize", "--config", self.path(node, "server.cfg")]

    def await_nodes(self, nodes, daemons):
        """A request to a node waits at the broker until the node is there, so asking once is enough."""
        try:
            self.call("rpcutil", "ping", 1, nodes, NODE_SECONDS)
        except Failure:
            for daemon in daemons:
                daemon.check()
            raise

    def call(self, agent, action, count, nodes, seconds):
        words = [RUBY, os.path.join(HERE, "mcollective", "call.rb"), agent, action, str(count), *nodes]
        return [float(line) for line in self.run(*words, seconds=seconds).split()]

    def call_times(self, agent, action, count):
        return self.call(agent, action, count, self.nodes[:1], 60 + count)

    def ping_command(self):
        return ["/usr/bin/mco", "rpc", "rpcutil", "ping", "-I", self.nodes[0]]

    def ping_all_time(self):
        write(self.path("nodes"), "".join(f"{node}\n" for node in self.nodes))
        printed = self.run("/usr/bin/mco", "rpc", "rpcutil", "ping", "--nodes", self.path("nodes"))
        report = REPORT.search(printed)
        if not report or int(report[1]) != len(self.nodes):
            raise Failure(f"mco told nothing of {len(self.nodes)} replies: {printed[-200:]}")
        return float(report[3]) * 1000

    def find(self):
        return self.run("/usr/bin/mco", "find").split()
