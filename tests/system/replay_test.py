#!/usr/bin/python3
"""Requests that come again, late, early, changed or to the wrong place: nothing runs twice, no more is said than due.

    tests/system/replay_test.py [-k PATTERN]

The requests are signed by the test (signed_requests.py), or caught on their way from `hocket` and sent again.
"""

import json
import unittest

from fleet import MAX_SKEW_MS, Fleet, FleetTest
from ledger import Ledger
from processes import wait_until
from signed_requests import RawCaller, hkdf_sha256, now_ms

WEB1, WEB2 = NODES = ("web1.example", "web2.example")
MINUTE_MS = 60_000


class Replay(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet(callers={"dev": None})
        cls.ledger = Ledger(fleet)
        for identity in NODES:
            fleet.add_node(identity, [cls.ledger.agents])
        return fleet

    def setUp(self):
        self.caller = RawCaller(self.fleet.ops, self.fleet.broker)
        self.addCleanup(lambda: self.assertEqual([self.ledger.twice(node) for node in NODES], [[], []]))

    def request(self, **members):
        return self.caller.request("ledger", "append", [WEB1], **members)

    def settle(self, node=WEB1):
        """Returns when the node has dealt with everything sent before."""
        self.assertEqual(self.caller.call("rpcutil", "ping", node)["outcome"], "ok")

    def counter(self, name, node=WEB1):
        return self.caller.call("rpcutil", "daemon_stats", node)["data"][name]

    def runs_of(self, envelope, node=WEB1):
        return self.ledger.ran(node).count(envelope.request["id"])

    def assert_dropped(self, send, node=WEB1, counter="unvalidated"):
        """The node counts it and says nothing to anybody."""
        listener = self.fleet.admin()
        listener.subscribe("hocket.main.reply.>")
        before = self.counter(counter, node)
        listener.flush()
        heard = len(listener.messages)
        send()
        self.settle(node)
        listener.flush()
        self.assertEqual(len(listener.messages) - heard, 1, "only the ping may be answered")
        self.assertEqual(self.counter(counter, node) - before, 1)
        listener.close()

    def test_the_test_can_sign(self):
        """RFC 5869, A.3 (no salt, no info), its first 32 bytes."""
        self.assertEqual(hkdf_sha256(b"\x0b" * 22, "").hex(),
                         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        reply = self.caller.call("ledger", "append", WEB1)
        self.assertEqual((reply["outcome"], reply["identity"]), ("ok", WEB1))

    # ---- the same bytes again

    def test_the_stored_reply_comes_once_again_for_each_repetition(self):
        sent = self.request()
        self.caller.send(sent)
        self.caller.await_replies(sent, 1)
        for count in (2, 3):
            self.caller.send(sent)
            self.settle()
            replies = [message for message in self.caller.connection.messages if message.subject == sent.reply_subject]
            self.assertEqual(len(replies), count)
            self.assertEqual((replies[-1].payload, replies[-1].signature), (replies[0].payload, replies[0].signature))
        self.assertEqual(self.runs_of(sent), 1)

    def test_a_repetition_while_it_runs_is_silent(self):
        gate = self.ledger.gate()
        sent = self.request(inputs={"hold": gate})
        self.caller.send(sent)
        self.ledger.await_run(WEB1, sent.request["id"])
        for _ in range(3):
            self.caller.send(sent)
        self.settle()
        self.assertEqual(self.caller.replies(sent), [])
        self.ledger.open(gate)
        self.caller.await_replies(sent, 1)
        self.settle()
        self.assertEqual((len(self.caller.replies(sent)), self.runs_of(sent)), (1, 1))

    def test_the_bytes_of_hocket_sent_again(self):
        listener = self.fleet.admin()
        listener.subscribe("hocket.main.node.ledger.>")
        answer = self.fleet.ops.rpc("ledger", "append", nodes=NODES)
        self.assertEqual(answer.code, 0, answer)
        listener.flush()
        self.assertEqual(len(listener.messages), 2)
        for message in listener.messages:
            self.caller.connection.publish(message.subject, message.payload, message.reply, message.signature)
            self.settle(message.subject.removeprefix("hocket.main.node.ledger."))
        again = [json.loads(message.payload) for message in self.caller.connection.messages
                 if answer.document["request"] in message.subject]
        self.assertEqual(sorted((reply["identity"], reply["outcome"]) for reply in again),
                         [(WEB1, "ok")] * 2 + [(WEB2, "ok")] * 2)  # the first of each pair was meant for hocket
        listener.close()

    def test_a_repetition_after_the_ttl(self):
        sent = self.request(ttl_ms=1500)
        self.caller.send(sent)
        self.caller.await_replies(sent, 1)
        wait_until(lambda: now_ms() > sent.request["issued_at"] + 1500, 5, "the clock stands")
        self.caller.send(sent)
        replies = self.caller.await_replies(sent, 2)
        self.assertEqual([reply["outcome"] for reply in replies], ["ok", "expired"])
        self.assertEqual(self.runs_of(sent), 1)

    # ---- other bytes, or another place

    def test_the_same_id_with_other_bytes(self):
        sent = self.request()
        self.caller.send(sent)
        self.caller.await_replies(sent, 1)
        other = self.request(id=sent.request["id"], inputs={"text": "other"})
        self.assert_dropped(lambda: self.caller.send(other), counter="duplicates")
        self.assertEqual(len(self.caller.replies(sent)), 1)
        self.assertEqual(self.runs_of(sent), 1)

    def test_the_same_id_of_another_caller(self):
        sent = self.request()
        self.caller.send(sent)
        self.caller.await_replies(sent, 1)
        dev = RawCaller(self.fleet.callers["dev"], self.fleet.broker)
        reply = dev.call("rpcutil", "ping", WEB1, id=sent.request["id"])
        self.assertEqual(reply["outcome"], "ok", "an id belongs to its caller")

    def test_to_another_node(self):
        sent = self.request()
        self.caller.send(sent)
        self.caller.await_replies(sent, 1)
        elsewhere = sent.subject.replace(WEB1, WEB2)
        self.assert_dropped(lambda: self.caller.send(sent, subject=elsewhere), WEB2)
        self.assertEqual(self.runs_of(sent, WEB2), 0)

    def test_broadcast_of_what_was_for_one_node(self):
        sent = self.request()
        everywhere = {"subject": "hocket.main.all.ledger", "reply": sent.reply_subject[:-1] + "all"}
        before = self.counter("filtered", WEB2)
        self.caller.send(sent, **everywhere)
        self.settle(WEB2)
        self.assertEqual(self.counter("filtered", WEB2) - before, 1)
        self.assertEqual(self.runs_of(sent, WEB2), 0)

    def test_to_another_agent(self):
        sent = self.request()
        self.assert_dropped(lambda: self.caller.send(sent, subject=f"hocket.main.node.rpcutil.{WEB1}"))
        self.assertEqual(self.runs_of(sent), 0)

    def test_with_a_reply_subject_of_somebody_else(self):
        sent = self.request()
        for reply in (sent.reply_subject.replace("psk=ops", "psk=dev"), sent.reply_subject[:-1] + "7",
                      sent.reply_subject.replace(sent.request["id"], self.request().request["id"]), ""):
            with self.subTest(reply):
                self.assert_dropped(lambda to=reply: self.caller.send(sent, reply=to))
        self.assertEqual(self.runs_of(sent), 0)

    def test_changed_on_the_way(self):
        sent = self.request(inputs={"text": "abc"})
        header, signature = sent.signature.split("..")
        changes = ({"payload": sent.payload.replace(b"abc", b"abd")}, {"payload": sent.payload + b" "},
                   {"signature": f"{header}..{signature[:-2]}AA"}, {"signature": f"{header}.."}, {"signature": "x..y"})
        for change in changes:
            with self.subTest(str(change)[:60]):
                self.assert_dropped(lambda each=change: self.caller.send(sent, **each))
        self.assertEqual(self.runs_of(sent), 0)

    def test_in_the_name_of_somebody_else(self):
        forged = self.request(caller="psk=dev")
        self.assert_dropped(lambda: self.caller.send(forged))

    def test_what_is_no_strict_request(self):
        good = self.request()
        for payload in (good.payload + b"{}", good.payload.replace(b'"noop": false', b'"noop": false, "extra": 1'),
                        good.payload.replace(b'"noop": false', b'"noop": false, "noop": false'),
                        good.payload.replace(b'"filter": {}, ', b""), b"\xef\xbb\xbf" + good.payload, b"[]", b""):
            with self.subTest(payload[-60:]):
                signature = self.caller.sign(payload)
                changed = {"payload": payload, "signature": signature}
                self.assert_dropped(lambda each=changed: self.caller.send(good, **each))
        self.assertEqual(self.runs_of(good), 0)

    # ---- too late, too early

    def test_expired(self):
        sent = self.request(issued_at=now_ms() - 20_000, ttl_ms=5000)
        self.caller.send(sent)
        (reply,) = self.caller.await_replies(sent, 1)
        self.assertEqual((reply["outcome"], reply["statuscode"]), ("expired", 5))
        self.assertRegex(reply["error"]["message"], r"expired 15\.\d s ago \(ttl 5\.0 s\)")
        self.assertEqual(self.runs_of(sent), 0)

    def test_from_the_future(self):
        sent = self.request(issued_at=now_ms() + MAX_SKEW_MS + 5000)
        self.caller.send(sent)
        (reply,) = self.caller.await_replies(sent, 1)
        self.assertEqual((reply["outcome"], reply["statuscode"]), ("clock_skew", 5))
        self.assertRegex(reply["error"]["message"], r"issued [56]\.\d s in this node's future, 1\.0 s are allowed")
        self.assertEqual(self.runs_of(sent), 0)

    def test_a_little_ahead_is_allowed(self):
        reply = self.caller.call("ledger", "append", WEB1, issued_at=now_ms() + MAX_SKEW_MS // 2)
        self.assertEqual(reply["outcome"], "ok")

    def test_far_expired_is_not_answered(self):
        sent = self.request(issued_at=now_ms() - 20 * MINUTE_MS)
        self.assert_dropped(lambda: self.caller.send(sent), counter="ttlexpired")
        self.assertIn("far_expired", self.fleet.nodes[WEB1].audit()[-5]["reason"])

    def test_an_expired_request_is_not_remembered(self):
        late = self.request(issued_at=now_ms() - 20_000, ttl_ms=5000)
        self.caller.send(late)
        self.caller.await_replies(late, 1)
        fresh = self.request(id=late.request["id"])
        self.caller.send(fresh)
        self.assertEqual([reply["outcome"] for reply in self.caller.await_replies(fresh, 2)], ["expired", "ok"])


if __name__ == "__main__":
    unittest.main()
