"""`hocket` as a caller would use it, with a configuration of its own."""

import json
import os
import subprocess

RUN_S = 60  # how long a command may take before the test gives up


def strict_json(text):
    """One JSON document and nothing else, without duplicate keys; ValueError if it is not."""
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"duplicate key in {pairs!r}")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=unique)


class Ended:
    """How a command ended: `code`, `out` and `err`; the rest is of the document that --json prints."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    @property
    def document(self):
        return strict_json(self.out)

    @property
    def replies(self):
        return {reply["identity"]: reply for reply in self.document["replies"]}

    @property
    def outcomes(self):
        """The word by identity, of those that did not answer as well."""
        each = self.document["replies"] + self.document["missing"]
        return {reply["identity"]: reply["outcome"] for reply in each}

    @property
    def reply(self):
        """The one reply."""
        (reply,) = self.document["replies"]
        return reply

    @property
    def data(self):
        return self.reply["data"]

    def __repr__(self):
        return f"hocket {' '.join(self.words)}: exit {self.code}\n{self.out}{self.err}"


class Client:
    """One caller. configure() first, except for `keys`."""

    def __init__(self, program, folder, name, environment):
        self.program, self.folder, self.name = program, folder, name
        self.environment = {**environment, "HOCKET_CONFIG": os.path.join(folder, "client.toml"),
                            "HOCKET_DDL_CACHE": os.path.join(folder, "ddl")}
        self.psk_file = os.path.join(folder, f"{name}.1.psk")
        os.makedirs(folder)
        self.check("keys", "psk", "new", name, "--dir", folder)

    def configure(self, url, password):
        with open(os.open(os.path.join(self.folder, "password"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(password)
        with open(os.path.join(self.folder, "client.toml"), "w", encoding="utf-8") as file:
            file.write(f'timeout_ms = 10000\n[nats]\nurl = "{url}"\nuser = "psk={self.name}"\n'
                       'password_file = "password"\n'
                       f'[key]\nid = "{self.name}.1"\npsk_file = "{self.name}.1.psk"\n')

    def configure_certificate(self, url, password, pki, tls):
        """As cert=NAME instead. tls: the broker knows it by its certificate, and needs no password."""
        keys = pki.caller_keys(self.name)
        nats = pki.tls_keys(self.name) if tls else {"user": f"cert={self.name}", "password_file": "password"}
        self.configure(url, password)
        with open(os.path.join(self.folder, "client.toml"), "w", encoding="utf-8") as file:
            file.write("timeout_ms = 10000\n")
            for table, values in (("nats", {"url": url, **nats}), ("key", keys)):
                file.write(f"[{table}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))

    def start(self, *words, **environment):
        """Does not wait; end it with ended()."""
        return subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env={**self.environment, **environment})

    @staticmethod
    def ended(process):
        try:
            out, err = process.communicate(timeout=RUN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Ended(process.args[1:], process.returncode, out, err)

    def run(self, *words, **environment):
        """environment: HOCKET_* variables over the configuration."""
        return self.ended(self.start(*words, **environment))

    def check(self, *words):
        """As run(), for what must succeed."""
        ended = self.run(*words)
        if ended.code != 0:
            raise AssertionError(repr(ended))
        return ended

    def rpc(self, agent, action, *inputs, nodes=(), options=(), **environment):
        """With --json. nodes: identities for -I; without any the nodes are discovered."""
        named = [word for node in nodes for word in ("-I", node)]
        return self.run("rpc", agent, action, *inputs, *named, *options, "--json", **environment)

    def stats(self, *nodes):
        """daemon_stats by identity."""
        answer = self.rpc("rpcutil", "daemon_stats", nodes=nodes)
        return {identity: reply["data"] for identity, reply in answer.replies.items()}
