"""The other side: ActiveMQ, mcollectived and mco, as Debian packages them."""

import os
import re
import secrets

from fleet import HERE, Fleet, template, write
from processes import Failure

ACTIVEMQ = "/usr/share/activemq"
RUBY = "/usr/bin/ruby"
MCO = "/usr/bin/mco"
# Of those in Debian's start script what this broker needs, with half the memory, and without its dedicated task runner:
# a thread for each connection makes every call slower on a small machine.
JAVA_OPTIONS = ["-Xms128M", "-Xmx256M",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED"]
NODE_SECONDS = 60
COMMAND_SECONDS = 60
REPORT = re.compile(r"Finished processing (\d+) / \d+ hosts in ([0-9.]+) ms")


class McollectiveFleet(Fleet):
    name = "mcollective"

    def __init__(self, folder, build):
        super().__init__(folder, build)
        self.values = {"psk": secrets.token_hex(16), "password": secrets.token_hex(16), "port": self.port,
                       "libdir": os.path.join(HERE, "mcollective", "libdir"),
                       "facts": os.path.join(HERE, "mcollective", "facts.yaml")}

    def configure(self):
        os.makedirs(self.path("broker", "tmp"))
        for name in ("activemq.xml", "log4j.properties"):
            write(self.path("broker", "conf", name),
                  template(f"activemq/{name}", data=self.path("broker", "data"), **self.values))
        write(self.path(".mcollective"), template("mcollective/client.cfg", **self.values))

    def broker_command(self):
        base, conf = self.path("broker"), self.path("broker", "conf")
        properties = {"activemq.home": ACTIVEMQ, "activemq.base": base, "activemq.conf": conf,
                      "activemq.data": os.path.join(base, "data"), "activemq.classpath": conf,
                      "java.io.tmpdir": os.path.join(base, "tmp"), "java.awt.headless": "true",
                      "log4j.configuration": f"file:{conf}/log4j.properties"}
        return ["/usr/bin/java", *JAVA_OPTIONS, *(f"-D{name}={value}" for name, value in properties.items()),
                "-jar", f"{ACTIVEMQ}/bin/activemq.jar", "start", f"xbean:file:{conf}/activemq.xml"]

    def configure_node(self, node):
        home = self.path(node)
        script = os.path.join(os.path.dirname(HERE), "agents", "bash_echo", "bash_echo")
        write(os.path.join(home, "classes.txt"), "")
        write(os.path.join(home, "server.cfg"),
              template("mcollective/server.cfg", identity=node, home=home, script=script, **self.values))

    def node_command(self, node):
        return [RUBY, "/usr/sbin/mcollectived", "--no-daemonize", "--config", self.path(node, "server.cfg")]

    def await_nodes(self, nodes, daemons):
        """A request to a node waits at the broker until the node is there, so asking once is enough."""
        try:
            self.run(call_command("rpcutil", "ping", 1, nodes), NODE_SECONDS)
        except Failure as failure:
            for daemon in daemons:
                daemon.check()
            raise Failure(f"{failure}; {daemons[0].end_of_log()}") from failure

    def call_times(self, agent, action, count):
        return self.times(call_command(agent, action, count, self.nodes[:1]), 60 + count)

    def ping_command(self):
        return [MCO, "rpc", "rpcutil", "ping", "-I", self.nodes[0]]

    def call_all(self):
        printed = self.run([MCO, "rpc", "rpcutil", "ping"], COMMAND_SECONDS)
        report = REPORT.search(printed)
        if not report:
            raise Failure(f"mco rpc told no time: {printed[-200:]}")
        return int(report[1]), float(report[2]) * 1000

    def find(self):
        return self.run([MCO, "find"], COMMAND_SECONDS).split()


def call_command(agent, action, count, nodes):
    return [RUBY, os.path.join(HERE, "mcollective", "call.rb"), agent, action, str(count), *nodes]
