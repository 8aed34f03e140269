#!/usr/bin/python3
"""Each document that --json prints, against spec/schemas/documents.json, and what a node writes, against node-files.json. Needs
python3-jsonschema.

    tests/system/documents_test.py [-k PATTERN]
"""

import glob
import json
import os
import re
import unittest

import jsonschema

from client import strict_json
from fleet import BUILD, Fleet, FleetTest
from nats_broker import ROOT
from processes import wait_until
from signed_requests import RawCaller
from small_agents import text_input, write_agent

AGENT = os.path.join(BUILD, "runner", "workbench", "hocket-agent")
A, B, SILENT = "a.example", "b.example", "silent.example"
GREET = """#!/bin/bash
if [[ $(cat) == *'"identity":"b.example"'* ]]; then
    printf '{"statuscode":1,"error":{"kind":"x/y","message":"no"}}'
else
    printf '{"statuscode":0,"data":{"greeting":"hello"},"changed":true}'
fi
"""


def closed(schema):
    """The schema with every object limited to the members that it tells of: what we print must be told of."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(each) for name, each in schema.items()}
    if "properties" in made and isinstance(made["properties"], dict):
        made.setdefault("unevaluatedProperties", False)
    return made


def schema_of(name):
    with open(os.path.join(ROOT, "spec", "schemas", f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def closed_but(schema, *bases):
    """bases: definitions that others add members to."""
    made = closed(schema)
    for base in bases:
        del made["$defs"][base]["unevaluatedProperties"]
    return made


SCHEMA, NODE_FILES = schema_of("documents"), schema_of("node-files")
CLOSED = closed_but(SCHEMA, "report", "own_report")
CLOSED_NODE_FILES = closed_but(NODE_FILES, "request", "signed")


def definition(name, schema=CLOSED):
    return jsonschema.Draft202012Validator({"$schema": schema["$schema"], "$defs": schema["$defs"],
                                            "$ref": f"#/$defs/{name}"})


def name_of(document):
    return re.fullmatch(r"io\.hocket\.(.+)\.v1", document["schema"])[1]


class Documents(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet(callers={"stranger": None})
        cls.agents = write_agent(os.path.join(fleet.folder, "agents"), "probe", GREET,
                                 {"greet": ({"name": text_input("^[a-z]+$", 8)}, {"greeting": "string"})})
        allow = [{"callers": ["psk=ops"], "agents": ["*"]}]
        for node in (A, B):
            fleet.add_node(node, [cls.agents], {"role": "web"}, ["base"], allow=allow)
        return fleet

    def test_the_schemas_are_some(self):
        for schema in (SCHEMA, NODE_FILES):
            jsonschema.Draft202012Validator.check_schema(schema)

    def assert_fits(self, name, document, schema=CLOSED):
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                  for error in definition(name, schema).iter_errors(document)]
        self.assertEqual(errors, [], json.dumps(document, indent=1))

    def assert_document(self, name, *words, client=None):
        answer = (client or self.fleet.ops).run(*words, "--json")
        self.assertEqual(name_of(answer.document), name, answer)
        self.assert_fits(name, answer.document)
        if "exit_code" in answer.document:
            self.assertEqual(answer.document["exit_code"], answer.code, answer)
        return answer.document

    def test_of_replies(self):
        rows = (("rpc", "probe", "greet"), ("rpc", "probe", "greet", "-I", A, "-I", SILENT, "-t", "1"),
                ("rpc", "rpcutil", "get_fact", "fact=role"), ("rpc", "nothing", "x"), ("rpc", "probe", "greet", "-F", "x=y"))
        for words in rows:
            self.assert_document("result", *words)
        self.assert_document("result", "rpc", "probe", "greet", "-I", A, client=self.fleet.callers["stranger"])

    def test_of_nodes(self):
        stranger = self.fleet.callers["stranger"]
        for client in (None, stranger):
            self.assert_document("ping", "ping", client=client)
            self.assert_document("find", "find", client=client)
            self.assert_document("facts", "facts", "role", client=client)
        self.assert_document("ping", "ping", "-I", A, "-I", SILENT)
        self.assert_document("agents", "agents", "list")
        self.assert_document("agent_ddl", "agents", "describe", "probe")
        self.assert_document("inventory", "inventory", A)
        self.assert_document("inventory", "inventory", SILENT, "-t", "1")
        self.assert_document("collectives", "inventory", "--list-collectives")

    def test_of_lines(self):
        refused = self.fleet.ops.run("rpc", "probe", "greet", "nonsense", "--jsonl").out.splitlines()
        self.assertEqual([json.loads(line)["type"] for line in refused], ["error"])
        answer = self.fleet.ops.run("rpc", "probe", "greet", "--jsonl")
        *replies, result = map(strict_json, answer.out.splitlines())
        self.assertEqual(len(replies), 2, answer)
        for reply in replies:
            self.assertTrue(definition("reply_line", SCHEMA).is_valid(reply), reply)
            del reply["type"]
            self.assert_fits("reply", reply)
        self.assert_fits("result", result)

    def test_of_errors(self):
        for words in (("ping", "--frobnicate"), ("find", "-F", "=="), ("rpc", "probe", "greet", "name=ANA"),
                      ("keys", "cert", "show", "/none.pem")):
            self.assert_document("error", *words)

    def test_of_keys(self):
        folder = os.path.join(self.fleet.folder, "keys")
        ca, ana = os.path.join(folder, "ca"), os.path.join(folder, "ana.pem")
        os.makedirs(folder)
        self.assert_document("key", "keys", "psk", "new", "ana", "--dir", folder)
        self.assert_document("key", "keys", "psk", "derive", os.path.join(folder, "ana.1.psk"), "--id", "ana.1",
                             "--identity", A, "--output", os.path.join(folder, "node"))
        self.assert_document("ca", "keys", "ca", "init", ca)
        self.assert_document("certified", "keys", "cert", "issue", "--ca", ca, "--caller", "ana", "--dir", folder)
        self.assert_document("certified", "keys", "cert", "renew", ana, "--ca", ca)
        for file in (ana, os.path.join(ca, "ca.pem")):
            self.assert_document("certificate", "keys", "cert", "show", file)
        revoked = self.assert_document("crl", "keys", "cert", "revoke", ana, "--ca", ca)
        self.assertEqual(len(revoked["newly_revoked"]), 2)
        self.assertEqual(self.assert_document("crl", "keys", "crl", "--ca", ca)["revoked"], revoked["revoked"])

    def test_of_the_workbench(self):
        probe = os.path.join(self.agents, "probe")
        environment = {"PATH": os.path.dirname(AGENT) + ":" + os.environ["PATH"]}
        for name, words in (("agent-run", ("run", probe, "greet", "name=ana")),
                            ("agent-run", ("run", probe, "greet", "name=ANA")),
                            ("agent-run", ("run", probe, "greet", "--trace")),
                            ("agent-bench", ("bench", probe, "greet", "--runs", "3")),
                            ("agent-check", ("check", probe))):
            answer = self.fleet.ops.run("agent", *words, "--json", **environment)
            self.assertEqual(name_of(answer.document), name, answer)
            self.assert_fits(name, answer.document)

    def test_of_a_node(self):
        node, raw = self.fleet.nodes[A], RawCaller(self.fleet.ops, self.fleet.broker)
        raw.call("probe", "greet", A, inputs={"name": "ana"})
        raw.call("probe", "nothing", A)
        envelope = raw.request("probe", "greet", [A])
        raw.send(envelope, subject=f"hocket.main.node.rpcutil.{A}")
        for count in (1, 2):
            raw.send(envelope)
            raw.await_replies(envelope, count)
        self.fleet.ops.run("find", "-F", "role=none")
        wait_until(lambda: {line["event"] for line in node.audit()} ==
                   {"admitted", "refused", "dropped", "repeated", "finished"}, 10, "an event is missing")
        for line in node.audit():
            self.assert_fits("audit", line, CLOSED_NODE_FILES)
        self.assertEqual({"key" in line for line in node.audit() if line["event"] == "dropped"}, {True, False})
        keys = {line["caller"]: line["key"] for line in node.audit() if line["event"] == "admitted"}
        self.assertEqual(keys["psk=ops"], "ops.1")
        self.assert_fits("status", node.status(), CLOSED_NODE_FILES)

    def test_every_schema_that_a_program_names_is_told_of(self):
        named = set()
        for path in (each for folder in ("core/base", "client/cli", "runner/workbench")
                     for each in glob.glob(os.path.join(ROOT, folder, "*"))):
            with open(path, encoding="utf-8") as file:
                named |= set(re.findall(r'"(io\.hocket\.[a-z_-]+\.v1)"', file.read()))
        told = {each["properties"]["schema"]["const"] for each in SCHEMA["$defs"].values()
                if "schema" in each.get("properties", {})}
        with open(os.path.join(ROOT, "spec", "documents.md"), encoding="utf-8") as file:
            page = set(re.findall(r"`(io\.hocket\.[a-z_-]+\.v1)`", file.read()))
        self.assertEqual(told, named)
        self.assertEqual(page, named)


if __name__ == "__main__":
    unittest.main()
