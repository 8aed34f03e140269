"""Requests made by hand (spec/protocol.md §3 and §4), so that a test can send what `hocket` never would."""

import base64
import hashlib
import hmac
import json
import os
import time
from collections import Counter

from processes import wait_until

ANSWER_S = 20
ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def now_ms():
    return int(time.time() * 1000)


def new_request_id():
    number = (now_ms() << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(ULID_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def hkdf_sha256(key, info):
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, info.encode() + b"\x01", "sha256")


class Envelope:
    """One request as it goes over the broker: subject, reply subject, signature and payload."""

    def __init__(self, request, signature, payload, target=0):
        self.request, self.signature, self.payload = request, signature, payload
        identity = request["targets"][target]
        self.subject = f"hocket.{request['collective']}.node.{request['agent']}.{identity}"
        caller = request["caller"].replace(".", "%2E")
        self.reply_subject = f"hocket.{request['collective']}.reply.{caller}.{request['id']}.{target}"


class RawCaller:
    """A caller who speaks to the broker itself, with the key and the grants of a Client."""

    def __init__(self, client, broker):
        self.name = client.name
        with open(client.psk_file, encoding="ascii") as file:
            text = file.read().strip()
        psk = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        self.key = hkdf_sha256(psk, "hocket/1 request")
        self.connection = broker.connect(f"psk={self.name}")
        self.connection.subscribe(f"hocket.main.reply.psk={self.name}.>")

    def request(self, agent, action, targets, **members):
        """Signed; members replace those that it usually has."""
        request = {"protocol": "io.hocket.request.v1", "id": new_request_id(), "collective": "main", "agent": agent,
                   "action": action, "inputs": {}, "caller": f"psk={self.name}", "sender": "test",
                   "issued_at": now_ms(), "ttl_ms": 10000, "timeout_ms": 10000, "filter": {}, "targets": targets,
                   "delivery": "live", "noop": False, **members}
        payload = json.dumps(request).encode()
        return Envelope(request, self.sign(payload), payload)

    def sign(self, payload):
        header = base64url(json.dumps({"alg": "HS256", "b64": False, "crit": ["b64"], "kid": f"{self.name}.1",
                                       "typ": "hocket-request"}).encode())
        return f"{header}..{base64url(hmac.digest(self.key, header.encode() + b'.' + payload, hashlib.sha256))}"

    def send(self, envelope, **changes):
        """changes: subject, reply, signature or payload instead of the envelope's own."""
        words = {"subject": envelope.subject, "reply": envelope.reply_subject, "signature": envelope.signature,
                 "payload": envelope.payload, **changes}
        self.connection.publish(**words)

    def replies(self, envelope):
        """All that have come for this request until now, parsed."""
        self.connection.flush()
        return [json.loads(message.payload) for message in self.connection.messages
                if message.subject == envelope.reply_subject and message.payload]

    def await_replies(self, envelope, count, seconds=10):
        wait_until(lambda: len(self.replies(envelope)) >= count, seconds,
                   lambda: f"{len(self.replies(envelope))} of {count} replies")
        return self.replies(envelope)

    def call(self, agent, action, target, **members):
        """Sends a new request and returns its one reply."""
        envelope = self.request(agent, action, [target], **members)
        self.send(envelope)
        return self.await_replies(envelope, 1)[0]


class Asker(RawCaller):
    """Many requests at a time over one connection, and after how long each was answered. The node is the fleet's first
    unless another one is named."""

    def __init__(self, fleet, name="ops"):
        super().__init__(fleet.callers[name], fleet.broker)
        self.node = next(iter(fleet.nodes))
        self.unanswered, self.replies_by_id, self.seconds_by_id = {}, {}, {}

    def ask(self, agent, action, node=None, **members):
        """Returns the request's id."""
        envelope = self.request(agent, action, [node or self.node], **members)
        self.unanswered[envelope.reply_subject] = (envelope.request["id"], time.monotonic())
        self.connection.publish_unflushed(envelope.subject, envelope.payload, envelope.reply_subject,
                                          envelope.signature)
        return envelope.request["id"]

    def collect(self):
        """What has come until now; how many are still waited for. A broker that knows no taker counts as `nobody`."""
        self.connection.flush()
        messages, self.connection.messages = self.connection.messages, []
        now = time.monotonic()
        for message in messages:
            if message.subject not in self.unanswered:
                continue
            request, sent = self.unanswered.pop(message.subject)
            self.replies_by_id[request] = json.loads(message.payload) if message.payload else {"outcome": "nobody"}
            self.seconds_by_id[request] = now - sent
        return len(self.unanswered)

    def await_all(self, seconds=ANSWER_S):
        wait_until(lambda: self.collect() == 0, seconds, lambda: f"{len(self.unanswered)} are not answered")

    def await_reply(self, request, seconds=ANSWER_S):
        wait_until(lambda: self.collect() == 0 or request in self.replies_by_id, seconds, "no answer")
        return self.replies_by_id[request]

    def get(self, *words, **members):
        return self.await_reply(self.ask(*words, **members))

    def await_node(self):
        wait_until(lambda: self.get("rpcutil", "ping")["outcome"] == "ok", 20, f"{self.node} does not answer")

    def outcomes(self):
        return Counter(reply["outcome"] for reply in self.replies_by_id.values())
