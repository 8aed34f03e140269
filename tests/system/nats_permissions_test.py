#!/usr/bin/python3
"""What a NATS server allows and refuses under packaging/nats/least-privilege.conf.

Every test starts its own nats-server on a free loopback port in a temporary folder, with the users that
packaging/nats/hocket-nats-users prints. Prints `N passed, N failed`; exit code 0 when all passed, 1 when not.
The temporary folder is kept when a test fails.

    tests/system/nats_permissions_test.py [PATTERN]    only the tests whose name contains PATTERN
"""

import sys
import time
import traceback

from nats_broker import Broker, Connection

WEB1 = "web1.example"
WEB2 = "web2.example"
WEB3 = "web3.example"  # the broker learns of it only in a test
OPS = "psk=ops"  # may call every agent
DEV = "psk=dev.team"  # may call `disk` and the built-in agents
PASSWORDS = {WEB1: r'w1"\$x', WEB2: "w2=:,", WEB3: "w3", OPS: "o1", DEV: "$d1"}

OPS_REPLY = "hocket.main.reply.psk=ops.01ARZ3NDEKTSV4RRFFQ69G5FAV."
DEV_REPLY = "hocket.main.reply.psk=dev%2Eteam.01ARZ3NDEKTSV4RRFFQ69G5FAW."


def users(nodes, *more):
    """The command line of hocket-nats-users for these nodes and both callers."""
    named = [word for name in nodes for word in ("--node", name)]
    return [*more, *named, "--caller", OPS, "--caller", f"{DEV}:disk"]


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def expect_refused(connection, kind, subject):
    """The server refused exactly this, and said so."""
    connection.flush()
    wanted = f'Permissions Violation for {kind} to "{subject}"'
    expect(connection.errors == [wanted], f"expected only {wanted!r}, got {connection.errors}")
    connection.errors.clear()


def expect_granted(connection):
    connection.flush()
    expect(connection.errors == [], f"refused: {connection.errors}")


def expect_one(connection, subject, payload=None):
    """Exactly one message has come since the last look, to this subject; returns it."""
    connection.flush()
    messages, connection.messages = connection.messages, []
    expect([each.subject for each in messages] == [subject], f"expected one to {subject}, got {messages}")
    if payload is not None:
        expect(messages[0].payload == payload.encode(), f"expected {payload!r}, got {messages[0]}")
    return messages[0]


def expect_silence(connection):
    connection.flush()
    expect(connection.messages == [], f"expected no message, got {connection.messages}")


def node(broker, identity=WEB1):
    connection = broker.connect(identity)
    connection.subscribe("hocket.main.all.disk")
    connection.subscribe(f"hocket.main.node.*.{identity}")
    expect_granted(connection)
    return connection


def caller(broker, name=OPS, reply=OPS_REPLY):
    connection = broker.connect(name)
    connection.subscribe(reply + "*")
    expect_granted(connection)
    return connection


# ---- the way it is meant to work


def test_a_request_to_one_node_is_answered(broker):
    web1, web2, ops = node(broker), node(broker, WEB2), caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    request = expect_one(web1, f"hocket.main.node.disk.{WEB1}", "request")
    expect_silence(web2)
    web1.publish(request.reply, "reply")
    expect_granted(web1)
    expect_one(ops, OPS_REPLY + "0", "reply")


def test_a_broadcast_is_answered_by_every_node(broker):
    web1, web2, ops = node(broker), node(broker, WEB2), caller(broker)
    ops.publish("hocket.main.all.disk", "request", OPS_REPLY + "all")
    for each in (web1, web2):
        each.publish(expect_one(each, "hocket.main.all.disk").reply, "reply")
        expect_granted(each)
        expect_one(ops, OPS_REPLY + "all", "reply")


def test_a_dot_in_a_caller_is_one_token(broker):
    web1, dev = node(broker), caller(broker, DEV, DEV_REPLY)
    dev.publish(f"hocket.main.node.disk.{WEB1}", "request", DEV_REPLY + "0")
    web1.publish(expect_one(web1, f"hocket.main.node.disk.{WEB1}").reply, "reply")
    expect_granted(web1)
    expect_one(dev, DEV_REPLY + "0", "reply")


def test_a_node_may_subscribe_to_all_agents_at_once(broker):
    web1 = broker.connect(WEB1)
    web1.subscribe("hocket.main.all.*")
    expect_granted(web1)


def test_a_node_publishes_events_in_its_own_name(broker):
    web1 = broker.connect(WEB1)
    web1.publish(f"hocket.main.event.startup.{WEB1}")
    expect_granted(web1)


# ---- no responders


def test_an_absent_node_is_reported_at_once(broker):
    ops = caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    expect_granted(ops)
    expect(expect_one(ops, OPS_REPLY + "0").status == 503, "expected the status 503")


def test_a_present_node_without_the_agent_is_not_reported(broker):
    web1, ops = node(broker), caller(broker)
    ops.publish(f"hocket.main.node.service.{WEB1}", "request", OPS_REPLY + "0")
    expect_one(web1, f"hocket.main.node.service.{WEB1}")
    expect_silence(ops)


def test_a_broadcast_nobody_listens_to_is_reported(broker):
    node(broker)
    ops = caller(broker)
    ops.publish("hocket.main.all.service", "request", OPS_REPLY + "all")
    expect(expect_one(ops, OPS_REPLY + "all").status == 503, "expected the status 503")


def test_a_refused_request_is_not_reported_as_no_responders(broker):
    dev = caller(broker, DEV, DEV_REPLY)
    dev.publish(f"hocket.main.node.service.{WEB1}", "request", DEV_REPLY + "0")
    expect_silence(dev)


def test_no_responders_reaches_only_who_subscribed_before(broker):
    ops = broker.connect(OPS)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    ops.subscribe("hocket.main.reply.psk=ops.>")
    expect_silence(ops)


# ---- what a node may not


def test_a_node_cannot_publish_requests(broker):
    web1, web2 = node(broker), node(broker, WEB2)
    for subject in ("hocket.main.all.disk", f"hocket.main.node.disk.{WEB2}", f"hocket.main.node.disk.{WEB1}"):
        web1.publish(subject, "request", OPS_REPLY + "0")
        expect_refused(web1, "Publish", subject)
    expect_silence(web2)


def test_a_node_cannot_read_replies(broker):
    web1 = broker.connect(WEB1)
    for subject in ("hocket.main.reply.>", "hocket.main.reply.psk=ops.>", OPS_REPLY + "all", ">", "hocket.>"):
        web1.subscribe(subject)
        expect_refused(web1, "Subscription", subject)


def test_a_node_cannot_read_requests_to_other_nodes(broker):
    web2, ops = broker.connect(WEB2), caller(broker)
    for subject in (f"hocket.main.node.disk.{WEB1}", f"hocket.main.node.*.{WEB1}", "hocket.main.node.>",
                    "hocket.main.node.*.>", "hocket.main.node.*.*.*", "hocket.main.*.*.>",
                    "hocket.*.node.*.web1.example"):
        web2.subscribe(subject)
        expect_refused(web2, "Subscription", subject)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "secret", OPS_REPLY + "0")
    expect_silence(web2)


def test_a_node_cannot_speak_unasked_to_a_caller(broker):
    web1, ops = node(broker), caller(broker)
    web1.publish(OPS_REPLY + "0", "reply")
    expect_refused(web1, "Publish", OPS_REPLY + "0")
    expect_silence(ops)


def test_a_node_cannot_answer_what_another_was_asked(broker):
    web1, web2, ops = node(broker), node(broker, WEB2), caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    web2.publish(OPS_REPLY + "0", "forged")
    expect_refused(web2, "Publish", OPS_REPLY + "0")
    expect_silence(ops)
    web1.publish(expect_one(web1, f"hocket.main.node.disk.{WEB1}").reply, "reply")
    expect_granted(web1)


def test_a_node_may_not_answer_one_message_without_end(broker):
    web1, ops = node(broker), caller(broker)
    ops.publish("hocket.main.all.disk", "request", OPS_REPLY + "all")
    for _ in range(8):
        web1.publish(OPS_REPLY + "all", "reply")
        expect_granted(web1)
    web1.publish(OPS_REPLY + "all", "reply")
    expect_refused(web1, "Publish", OPS_REPLY + "all")


def test_a_node_cannot_answer_to_another_subject(broker):
    web1, ops = node(broker), caller(broker)
    ops.publish("hocket.main.all.disk", "request", OPS_REPLY + "all")
    web1.publish(OPS_REPLY + "0", "reply")
    expect_refused(web1, "Publish", OPS_REPLY + "0")


def test_a_node_cannot_publish_events_of_others(broker):
    web1 = broker.connect(WEB1)
    web1.publish(f"hocket.main.event.startup.{WEB2}")
    expect_refused(web1, "Publish", f"hocket.main.event.startup.{WEB2}")


def test_a_node_is_in_no_other_collective(broker):
    web1 = broker.connect(WEB1)
    for subject in ("hocket.other.all.*", f"hocket.other.node.*.{WEB1}"):
        web1.subscribe(subject)
        expect_refused(web1, "Subscription", subject)


# ---- what a caller may not


def test_a_caller_cannot_read_replies_to_others(broker):
    ops = broker.connect(OPS)
    for subject in (DEV_REPLY + "0", "hocket.main.reply.psk=dev%2Eteam.>", "hocket.main.reply.>",
                    "hocket.main.reply.*.>", "hocket.>", ">"):
        ops.subscribe(subject)
        expect_refused(ops, "Subscription", subject)


def test_a_caller_cannot_pose_as_a_node(broker):
    ops = broker.connect(OPS)
    for subject in ("hocket.main.all.disk", "hocket.main.all.*", f"hocket.main.node.*.{WEB1}",
                    "hocket.main.node.>"):
        ops.subscribe(subject)
        expect_refused(ops, "Subscription", subject)


def test_a_caller_cannot_publish_replies_or_events(broker):
    ops = broker.connect(OPS)
    for subject in (DEV_REPLY + "0", OPS_REPLY + "0", f"hocket.main.event.startup.{WEB1}"):
        ops.publish(subject)
        expect_refused(ops, "Publish", subject)


def test_a_limited_caller_calls_only_its_agents(broker):
    web1, dev = node(broker), caller(broker, DEV, DEV_REPLY)
    for subject in ("hocket.main.all.service", f"hocket.main.node.service.{WEB1}", "hocket.other.all.disk"):
        dev.publish(subject, "request", DEV_REPLY + "0")
        expect_refused(dev, "Publish", subject)
    expect_silence(web1)
    for agent in ("disk", "discovery", "rpcutil"):
        dev.publish(f"hocket.main.node.{agent}.{WEB1}", "request", DEV_REPLY + "0")
        expect_granted(dev)


def test_nobody_comes_in_without_a_password(broker):
    for user, password in ((None, None), (OPS, "wrong"), ("nobody", "x")):
        try:
            Connection(broker.port, user, password).close()
        except ConnectionError:
            continue  # whether its reason still comes through is up to TCP
        raise AssertionError(f"{user} came in")


# ---- what the permission to answer depends on (spec/protocol.md §8.2)


def test_a_repeated_request_may_be_answered_again(broker):
    web1, ops = node(broker), caller(broker)
    for payload in ("reply", "stored reply"):
        ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
        web1.publish(OPS_REPLY + "0", payload)
        expect_granted(web1)
        expect_one(ops, OPS_REPLY + "0", payload)


def test_a_request_repeated_while_it_runs_may_be_answered(broker):
    web1, ops = node(broker), caller(broker)
    for _ in range(5):  # nats-server from 2.10 on counts each of these as an answer
        ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    web1.publish(OPS_REPLY + "0", "reply")
    expect_granted(web1)
    expect_one(ops, OPS_REPLY + "0", "reply")


def test_an_answer_is_refused_after_the_node_reconnected(broker):
    before, ops = node(broker), caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    expect_one(before, f"hocket.main.node.disk.{WEB1}")
    before.close()
    after = node(broker)
    after.publish(OPS_REPLY + "0", "reply")
    expect_refused(after, "Publish", OPS_REPLY + "0")
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    after.publish(OPS_REPLY + "0", "stored reply")
    expect_granted(after)
    expect_one(ops, OPS_REPLY + "0", "stored reply")


def test_an_answer_reaches_a_caller_that_reconnected(broker):
    web1, before = node(broker), caller(broker)
    before.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    before.close()
    after = caller(broker)
    web1.publish(OPS_REPLY + "0", "reply")
    expect_granted(web1)
    expect_one(after, OPS_REPLY + "0", "reply")


def test_an_answer_is_refused_after_a_reload_of_the_broker(broker):
    web1, ops = node(broker), caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    broker.reload()  # even one that changes nothing
    web1.publish(OPS_REPLY + "0", "reply")
    expect_refused(web1, "Publish", OPS_REPLY + "0")
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    web1.publish(OPS_REPLY + "0", "stored reply")
    expect_granted(web1)
    expect_one(ops, OPS_REPLY + "0", "stored reply")


def test_a_reload_adds_a_node_and_keeps_the_others_connected(broker):
    web1 = node(broker)
    broker.write_users(users([WEB1, WEB2, WEB3]))
    broker.reload()
    node(broker, WEB3)
    expect_granted(web1)


def test_a_reload_that_removes_a_node_ends_its_connection(broker):
    web1, web2 = node(broker), node(broker, WEB2)
    broker.write_users(users([WEB1]))
    broker.reload()
    expect_granted(web1)
    try:
        web2.flush()
    except ConnectionError:
        return
    raise AssertionError("web2 is still connected")


def test_a_member_of_other_collectives_is_in_no_more_than_these(broker):
    broker.write_users(users([WEB1, WEB2], "--member", f"{WEB2}:eu", "--member", f"{OPS}:main,eu"))
    broker.reload()
    node(broker)
    web2, ops = broker.connect(WEB2), broker.connect(OPS)
    web2.subscribe("hocket.eu.all.*")
    web2.subscribe(f"hocket.eu.node.*.{WEB2}")
    expect_granted(web2)
    web2.subscribe("hocket.main.all.*")
    expect_refused(web2, "Subscription", "hocket.main.all.*")
    ops.publish("hocket.eu.all.disk", "request")
    ops.publish("hocket.main.all.disk", "request")
    expect_granted(ops)


def test_many_open_requests_may_all_be_answered(broker):
    web1, ops = node(broker), caller(broker)
    count = 10000  # above 4096 the server tidies its list of open answers
    for index in range(count):
        ops.publish_unflushed(f"hocket.main.node.disk.{WEB1}", "request", f"{OPS_REPLY}{index}")
    ops.flush()
    web1.flush()
    expect(len(web1.messages) == count, f"{len(web1.messages)} of {count} requests came")
    for index in range(count):
        web1.publish_unflushed(f"{OPS_REPLY}{index}", "reply")
    expect_granted(web1)
    ops.flush()
    expect(len(ops.messages) == count, f"{len(ops.messages)} of {count} replies came")


def test_an_answer_is_refused_after_the_window(broker):
    web1, ops = node(broker), caller(broker)
    ops.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    time.sleep(1.2)  # the broker's clock: nothing to wait for but time
    web1.publish(OPS_REPLY + "0", "late")
    expect_refused(web1, "Publish", OPS_REPLY + "0")


test_an_answer_is_refused_after_the_window.response_window = "1s"


# ---- what the broker does not check


def test_the_reply_subject_a_caller_names_is_not_checked(broker):
    web1, dev = node(broker), caller(broker, DEV, DEV_REPLY)
    dev.publish(f"hocket.main.node.disk.{WEB1}", "request", OPS_REPLY + "0")
    expect_granted(dev)
    expect(expect_one(web1, f"hocket.main.node.disk.{WEB1}").reply == OPS_REPLY + "0",
           "the broker changed the reply subject: the page about subject binding can be shortened")


def run(name, test):
    """Runs one test with a broker of its own; True if it passed."""
    broker = None
    passed = False
    try:
        window = getattr(test, "response_window", "15m")
        broker = Broker(users([WEB1, WEB2], "--response-window", window), PASSWORDS)
        test(broker)
        passed = True
    except Exception:  # a broken test must not keep the others from running
        print(f"FAILED {name}")
        traceback.print_exc(file=sys.stdout)
    finally:
        if broker is not None:
            broker.stop(keep=not passed)
    return passed


def main():
    pattern = sys.argv[1] if len(sys.argv) > 1 else ""
    tests = [(name, value) for name, value in globals().items()
             if name.startswith("test_") and pattern in name]
    passed = sum(run(name, test) for name, test in tests)
    print(f"{passed} passed, {len(tests) - passed} failed")
    return 0 if tests and passed == len(tests) else 1


if __name__ == "__main__":
    sys.exit(main())
