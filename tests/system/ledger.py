"""An agent that writes down each of its executions, so that a test can see what ran, and how often."""

import os
from collections import Counter

from fleet import write
from processes import wait_until
from small_agents import text_input, write_agent

# A line `REQUEST_ID` in the file of the node, then it waits until the file `hold` is there, if one is given; with the
# `text` chatty it prints meanwhile.
PROGRAM = """#!/bin/bash
read -r request
[[ $request =~ '"identity":"'([^'"']*) ]]
echo "$HOCKET_REQUEST_ID" >> "FOLDER/${BASH_REMATCH[1]}"
while [[ $HOCKET_INPUT_HOLD && ! -e $HOCKET_INPUT_HOLD ]]; do
    sleep 0.02
    [[ $HOCKET_INPUT_TEXT != chatty ]] || echo waiting >&2
done
printf '{"statuscode":0,"data":{"wrote":"%s"}}' "$HOCKET_REQUEST_ID"
"""
ACTIONS = {"append": ({"hold": text_input(), "text": text_input()}, {"wrote": "string"})}


class Ledger:
    """One for all nodes of a fleet. `agents` is its folder for [agents] folders."""

    def __init__(self, fleet, name="ledger"):
        self.folder = os.path.join(fleet.folder, name)
        os.makedirs(self.folder)
        program = PROGRAM.replace("FOLDER", self.folder)
        self.agents = write_agent(os.path.join(fleet.folder, "agents"), name, program, ACTIONS)
        self._gates = 0

    def ran(self, identity):
        """The request ids of all executions on this node."""
        try:
            with open(os.path.join(self.folder, identity), encoding="utf-8") as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    def await_run(self, identity, request_id):
        wait_until(lambda: request_id in self.ran(identity), 10, f"{request_id} does not start on {identity}")

    def await_next_run(self, identity, before):
        return wait_until(lambda: self.ran(identity)[before:], 10, f"nothing starts on {identity}")[0]

    def twice(self, identity):
        """What ran more than once; must be empty."""
        return [request for request, count in Counter(self.ran(identity)).items() if count > 1]

    def gate(self):
        """A path for the input `hold`; open() lets those go on that wait for it."""
        self._gates += 1
        return os.path.join(self.folder, f"gate-{self._gates}")

    @staticmethod
    def open(gate):
        write(gate, "")
