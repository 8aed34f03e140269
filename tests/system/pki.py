"""The CAs of a fleet, made by `hocket keys ca` and `hocket keys cert`: one for callers, one for nodes, one for the broker."""

import os
import shutil


class Pki:
    """client: whoever runs `hocket keys`; it needs no configuration for that."""

    def __init__(self, folder, client):
        self.folder, self.client = folder, client
        os.makedirs(folder)
        for ca in ("callers", "nodes", "broker"):
            client.check("keys", "ca", "init", self.path(ca))
            self.publish(ca)
        client.check("keys", "cert", "issue", "--ca", self.path("broker"), "--broker", "127.0.0.1", "--dir", folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def publish(self, ca):
        """What of a CA the others get: its certificate and its CRL, as they are now."""
        for file in ("ca", "crl"):
            target = self.path(f"{ca}-{file}.pem")
            shutil.copy(self.path(f"{ca}/{file}.pem"), target + ".new")
            os.rename(target + ".new", target)

    def issue_caller(self, name, ca="callers", folder=None, days="30"):
        self.client.check("keys", "cert", "issue", "--ca", self.path(ca), "--caller", name, "--days", days,
                          "--dir", folder or self.folder)

    def issue_node(self, identity):
        if not os.path.exists(self.path(f"{identity}.pem")):
            self.client.check("keys", "cert", "issue", "--ca", self.path("nodes"), "--node", identity, "--days", "60",
                              "--dir", self.folder)

    def revoke(self, name, ca):
        self.client.check("keys", "cert", "revoke", self.path(f"{name}.pem"), "--ca", self.path(ca))

    def node_keys(self, identity):
        """[keys.ssl] of runner.toml."""
        return {"cert": self.path(f"{identity}.pem"), "key": self.path(f"{identity}.key"),
                "caller_ca": self.path("callers-ca.pem"), "caller_crl": self.path("callers-crl.pem")}

    def caller_keys(self, name):
        """[key] of client.toml."""
        return {"cert": self.path(f"{name}.pem"), "cert_key": self.path(f"{name}.key"),
                "node_ca": self.path("nodes-ca.pem"), "node_crl": self.path("nodes-crl.pem")}

    def tls_keys(self, name):
        """[nats] of both."""
        return {"tls_ca": self.path("broker-ca.pem"), "tls_cert": self.path(f"{name}.pem"),
                "tls_key": self.path(f"{name}.key")}

    def broker_tls(self):
        """For the broker's configuration: mutual TLS, and users by certificate."""
        with open(self.path("both-ca.pem"), "w", encoding="ascii") as both:
            for ca in ("callers", "nodes"):
                with open(self.path(f"{ca}-ca.pem"), encoding="ascii") as file:
                    both.write(file.read())
        return (f'tls {{ cert_file: "{self.path("127.0.0.1.pem")}", key_file: "{self.path("127.0.0.1.key")}", '
                f'ca_file: "{self.path("both-ca.pem")}", verify_and_map: true }}\n')
