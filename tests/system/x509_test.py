#!/usr/bin/python3
"""Signatures by certificate: side by side with pre-shared keys, renewed and revoked while requests run, over TLS.

    tests/system/x509_test.py [-k PATTERN]
"""

import os
import shutil
import subprocess
import threading
import time
import unittest

from fleet import HOCKETD, Fleet, FleetTest, toml, write
from ledger import Ledger
from processes import wait_until

WEB1, WEB2 = NODES = ("web1.example", "web2.example")
WATCH_MS = 50


def check_of(node, section="audit", **changes):
    """What `hocketd check` says of the node, with other values in one section of its configuration."""
    whole = node.configuration()
    whole[section] = {**whole[section], **changes}
    file = os.path.join(node.folder, "checked.toml")
    write(file, toml(whole))
    return subprocess.run([HOCKETD, "check", "--config", file], stdout=subprocess.PIPE, text=True, check=False,
                          env=node.fleet.environment).stdout


class Load:
    """A caller who asks both nodes without a pause, until the block ends."""

    def __init__(self, client):
        self.client, self.answers, self._stop = client, [], threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._stop.is_set():
            self.answers.append(self.client.rpc("rpcutil", "ping", nodes=NODES))

    def await_more(self, count=3):
        """So many requests have begun and ended from now on."""
        wanted = len(self.answers) + count + 1
        wait_until(lambda: len(self.answers) >= wanted, 20, "the load stands still")

    def __enter__(self):
        self._thread.start()
        self.await_more()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


class Certified(FleetTest):
    def assert_ok(self, answer):
        self.assertEqual(answer.outcomes, dict.fromkeys(NODES, "ok"), answer)

    def assert_nothing_lost(self, load):
        self.assertGreater(len(load.answers), 3)
        for answer in load.answers:
            self.assert_ok(answer)

    def await_log(self, node, text, before):
        wait_until(lambda: text in node.log()[before:], 10, f"{node.identity} does not say {text!r}")

    def await_keys_read(self, change):
        """Makes a change of the files with keys, and waits until both nodes have taken it."""
        nodes = [self.fleet.nodes[name] for name in NODES]
        before = [len(node.log()) for node in nodes]
        change()
        for node, length in zip(nodes, before):
            self.await_log(node, "read the keys anew", length)

    def unvalidated(self):
        return {name: stats["unvalidated"] for name, stats in self.fleet.ops.stats(*NODES).items()}


class SideBySide(Certified):
    """Nodes with both kinds of keys; `ops` is psk=ops and cert=ops."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet(certified=["ops"])
        cls.ledger = Ledger(fleet)
        for name in NODES:
            fleet.add_node(name, [cls.ledger.agents], keys={"watch_ms": WATCH_MS}, status={"refresh_ms": 1000})
        return fleet

    def setUp(self):
        self.pki = self.fleet.pki
        self.by_psk, self.by_certificate = self.fleet.ops, self.fleet.certified["ops"]

    def test_both_are_answered_and_audited_by_name(self):
        self.assert_ok(self.by_psk.rpc("ledger", "append", nodes=NODES))
        self.assert_ok(self.by_certificate.rpc("ledger", "append", nodes=NODES))
        callers = [line["caller"] for line in self.fleet.nodes[WEB1].audit()
                   if line["event"] == "admitted" and line["agent"] == "ledger"]
        self.assertEqual(callers[-2:], ["psk=ops", "cert=ops"])

    def test_discovery_too(self):
        found = self.by_certificate.run("find")
        self.assertEqual(found.out.split(), list(NODES))

    def test_a_migration_loses_no_request(self):
        nodes = [self.fleet.nodes[name] for name in NODES]
        both = [node.configuration() for node in nodes]

        def configure(*without):
            for node, whole in zip(nodes, both):
                write(node.config_file, toml({key: each for key, each in whole.items() if key not in without}))
                self.assertIn("reloaded", node.reload())
        self.addCleanup(configure)
        configure("keys.ssl")
        with Load(self.by_psk) as psk:
            configure()
            psk.await_more()
            with Load(self.by_certificate) as certificate:
                psk.await_more()
            self.assert_nothing_lost(certificate)
        self.assert_nothing_lost(psk)
        with Load(self.by_certificate) as certificate:
            configure("keys.psk")
            certificate.await_more()
        self.assert_nothing_lost(certificate)
        before = len(nodes[0].log())
        self.assertEqual(self.by_psk.rpc("rpcutil", "ping", nodes=NODES, options=["-t", "0.2"]).code, 4)
        self.await_log(nodes[0], "signed with a pre-shared key, and there is no [[keys.psk]]", before)

    def test_a_renewed_certificate_is_taken_without_a_signal_and_without_a_loss(self):
        def expiry():
            return self.fleet.nodes[WEB1].status()["certificate_expires_ms"]
        before = expiry()
        with Load(self.by_certificate) as load:
            self.await_keys_read(lambda: [
                self.by_psk.check("keys", "cert", "renew", self.pki.path(f"{name}.pem"), "--ca", self.pki.path("nodes"),
                                  "--days", "100") for name in NODES])
            load.await_more()
        self.assert_nothing_lost(load)
        wait_until(lambda: expiry() > before, 10, "the status keeps the old end")

    def test_a_new_ca_of_callers_takes_over_without_a_loss(self):
        pki = self.pki
        self.by_psk.check("keys", "ca", "init", pki.path("new-callers"))
        self.addCleanup(lambda: self.await_keys_read(lambda: pki.publish("callers")))
        with Load(self.by_certificate) as load:
            def trust_both():
                for file in ("ca", "crl"):
                    with open(pki.path(f"callers-{file}.pem"), "a", encoding="ascii") as both, \
                            open(pki.path(f"new-callers/{file}.pem"), encoding="ascii") as new:
                        both.write(new.read())
            self.await_keys_read(trust_both)
            load.await_more()
        self.assert_nothing_lost(load)
        os.makedirs(pki.path("new"))
        pki.issue_caller("ops", "new-callers", pki.path("new"))
        self.assert_ok(self.by_certificate.rpc("rpcutil", "ping", nodes=NODES,
                                               HOCKET_KEY_CERT=pki.path("new/ops.pem"),
                                               HOCKET_KEY_CERT_KEY=pki.path("new/ops.key")))

    def test_a_broken_file_changes_nothing_and_is_told(self):
        node, file = self.fleet.nodes[WEB1], self.pki.path(f"{WEB1}.pem")
        with open(file, encoding="ascii") as certificate:
            good = certificate.read()
        self.addCleanup(lambda: write(file, good))
        before = len(node.log())
        write(file, "rubbish")
        self.await_log(node, "the keys are kept as they were", before)
        self.assertIn(f"{file}: no certificate in PEM form", node.log()[before:])
        self.assert_ok(self.by_certificate.rpc("rpcutil", "ping", nodes=NODES))

    def test_a_revoked_caller_is_refused_and_the_log_says_why(self):
        pki = self.pki
        os.makedirs(pki.path("stolen"))
        pki.issue_caller("ops", folder=pki.path("stolen"))
        stolen = {"HOCKET_KEY_CERT": pki.path("stolen/ops.pem"), "HOCKET_KEY_CERT_KEY": pki.path("stolen/ops.key")}
        self.assert_ok(self.by_certificate.rpc("rpcutil", "ping", nodes=NODES, **stolen))
        pki.revoke("stolen/ops", "callers")
        self.await_keys_read(lambda: pki.publish("callers"))
        counted = self.unvalidated()
        refused = self.by_certificate.rpc("rpcutil", "ping", nodes=NODES, options=["-t", "0.2"], **stolen)
        self.assertEqual(refused.code, 4, refused)
        self.assertTrue(all(count > counted[name] for name, count in self.unvalidated().items()))
        self.assert_ok(self.by_certificate.rpc("rpcutil", "ping", nodes=NODES))

    def test_a_revoked_node_is_not_believed(self):
        revoking = self.pki.path("revoking")
        shutil.copytree(self.pki.path("nodes"), revoking)
        self.by_psk.check("keys", "cert", "revoke", self.pki.path(f"{WEB2}.pem"), "--ca", revoking)
        answer = self.by_certificate.rpc("rpcutil", "ping", nodes=NODES, options=["-t", "0.2"],
                                         HOCKET_KEY_NODE_CRL=os.path.join(revoking, "crl.pem"))
        self.assertEqual(answer.outcomes, {WEB1: "ok", WEB2: "no_response"}, answer)
        self.assertIn("untrusted_certificate", answer.document["rejected"], answer)
        self.assertIn("revoked by 'CN=Hocket nodes'", answer.err)
        self.assertIn("nothing came that can be trusted", answer.err)
        # The same when it is found, and not named.
        answer = self.by_certificate.rpc("rpcutil", "ping", HOCKET_KEY_NODE_CRL=os.path.join(revoking, "crl.pem"))
        self.assertEqual(answer.outcomes, {WEB1: "ok"}, answer)
        self.assertEqual(answer.document["rejected"]["untrusted_certificate"]["count"], 1, answer)
        self.assertIn("dropped 1 message that nobody can trust", answer.err)

    def test_when_no_answer_can_be_trusted_the_reason_is_told(self):
        wrong = {"HOCKET_KEY_NODE_CA": self.pki.path("callers-ca.pem"), "HOCKET_KEY_NODE_CRL": self.pki.path("callers-crl.pem")}
        for words in (["ping"], ["find"], ["facts", "os.family"], ["rpc", "rpcutil", "ping"], ["agents", "list"]):
            refused = self.by_certificate.run(*words, **wrong)
            self.assertEqual(refused.code, 4 if words == ["ping"] else 1, refused)
            self.assertRegex(refused.err, "dropped 2 messages that nobody can trust as a reply:\n  2 untrusted_certificate, "
                                          "the first: .*, who is not in .*callers-ca.pem\nnobody else answered within")
            self.assertNotIn("stays silent", refused.err)

    def test_check_tells_the_certificate_and_the_crl(self):
        out = check_of(self.fleet.nodes[WEB1])
        self.assertRegex(out, rf"(?m)^ok       certificate 'CN={WEB1}' \(serial [0-9A-F]+\): valid until ")
        self.assertRegex(out, r"(?m)^ok       .*callers-crl.pem: good until ")

    def test_check_tells_of_rules_for_callers_who_cannot_sign(self):
        node = self.fleet.nodes[WEB1]
        rule = '\n[[allow]]\ncallers = ["cert=ops", "cert=zoe", "psk=zoe"]\nagents = ["*"]\n'
        certified, other = {"callers": {"allow": ["ops"]}}, {"keys.ssl": None}
        for change, said in ((certified, "is not in [callers] allow"), (other, "cannot sign for this node: it has no [keys.ssl]")):
            whole = {key: each for key, each in {**node.configuration(), **change}.items() if each is not None}
            file = write(os.path.join(node.folder, "checked.toml"), toml(whole) + rule)
            out = subprocess.run([HOCKETD, "check", "--config", file], stdout=subprocess.PIPE, text=True, check=False,
                                 env=self.fleet.environment).stdout
            self.assertIn(f"an [[allow]] rule is for cert=zoe, which {said}\n", out)
            self.assertIn("an [[allow]] rule is for psk=zoe, which has no key here\n", out)
            self.assertEqual("rule is for cert=ops" in out, change is other, out)

    def test_check_tells_that_no_caller_can_be_accepted(self):
        out = check_of(self.fleet.nodes[WEB1], "keys.ssl", caller_crl=self.pki.path("nodes-crl.pem"))
        self.assertRegex(out, r"(?m)^error    no CRL of 'CN=Hocket callers' in \S+nodes-crl.pem: every certificate")


class OverTls(Certified):
    """A broker that asks for certificates, and knows everybody by them."""

    @classmethod
    def make_fleet(cls):
        fleet = Fleet(certified=["ops"], tls=True)
        cls.ledger = Ledger(fleet)
        for name in NODES:
            fleet.add_node(name, [cls.ledger.agents])
        return fleet

    def test_everything_goes_through(self):
        self.assert_ok(self.fleet.ops.rpc("ledger", "append", nodes=NODES))
        self.assertEqual(self.fleet.ops.run("find").out.split(), list(NODES))

    def test_check_tells_that_the_broker_does_not_let_the_node_take_requests(self):
        self.assertNotIn("take its requests", check_of(self.fleet.nodes[WEB1], "nats"))
        out = check_of(self.fleet.nodes[WEB1], "nats", **self.fleet.pki.tls_keys("ops"))
        self.assertRegex(out, r"(?m)^error    the broker does not let this node take its requests: .*Permissions Violation")

    def test_check_tells_that_the_brokers_client_needs_another_certificate(self):
        certificate, key = self.fleet.pki.path("server.pem"), self.fleet.pki.path("server.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=web1.example", "-addext",
                        "extendedKeyUsage=serverAuth", "-addext", "basicConstraints=critical,CA:FALSE", "-out", certificate,
                        "-keyout", key], check=True, stderr=subprocess.DEVNULL)
        os.chmod(key, 0o600)
        out = check_of(self.fleet.nodes[WEB1], "nats", tls_cert=certificate, tls_key=key)
        self.assertRegex(out, r"(?m)^error    \[nats\] tls_cert: .*server.pem: .*: its extended key usage lacks clientAuth")

    def test_only_the_ca_of_the_configuration_is_trusted_and_not_the_systems(self):
        pki = self.fleet.pki
        system = {"SSL_CERT_FILE": pki.path("broker-ca.pem"), "HOCKET_NATS_TLS_CA": pki.path("callers-ca.pem")}
        refused = self.fleet.ops.run("find", **system)
        self.assertEqual(refused.code, 69, refused)

    def test_a_certificate_of_nobody_gets_no_connection(self):
        pki = self.fleet.pki
        self.fleet.ops.check("keys", "ca", "init", pki.path("nobody"))
        os.makedirs(pki.path("forged"))
        pki.issue_caller("ops", "nobody", pki.path("forged"))
        refused = self.fleet.ops.run("find", HOCKET_NATS_TLS_CERT=pki.path("forged/ops.pem"),
                                     HOCKET_NATS_TLS_KEY=pki.path("forged/ops.key"))
        self.assertEqual(refused.code, 69, refused)

    def test_a_broker_under_another_name_is_refused(self):
        refused = self.fleet.ops.run("find", HOCKET_NATS_URL=self.fleet.url.replace("127.0.0.1", "localhost"))
        self.assertEqual(refused.code, 69, refused)

    def test_a_broker_that_comes_back_under_load_is_found_again(self):
        with Load(self.fleet.ops) as load:
            for _ in range(3):
                self.fleet.broker.kill()
                time.sleep(0.2)
                self.fleet.broker.start()
                self.fleet.await_nodes()
                load.await_more()
        self.assert_ok(self.fleet.ops.rpc("ledger", "append", nodes=NODES))


if __name__ == "__main__":
    unittest.main()
