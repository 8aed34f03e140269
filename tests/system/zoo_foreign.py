"""The zoo under the contracts of others, `choria`, `nagios` and `bolt` (spec/agent.md §2.8 to 2.10): its rows and nodes.

Most rows are those of tests/zoo/scripts.json, run by the same programs, with what this contract says otherwise; each
contract has animals of its own besides. zoo_foreign_agents.py lays them out as others would.
"""

import os
import shutil
import time

from processes import wait_until
from zoo_lanes import GONE_S, Lane, agent_of, read_json

# In one language each: what differs is the contract, and scripts.json has every animal in every language.
LANGUAGES = {"choria": "python", "nagios": "bash", "bolt": "php"}
STDOUT = {"choria": "stdout", "nagios": "text", "bolt": "_output"}  # the output that has what was printed
PING_PAUSE_S = 2
SECRET = {"secret": {"fresh_secret": True}}
BLOB = {"blob": {"blob_bytes": 200000}}  # more than an argument may have, or a pipe holds
BOLT_ERROR = "puppetlabs.tasks/task-error"

# Rows of scripts.json that are the same under each contract.
COMMON = """
stderr_noise writes_to_descriptor_3
dies_by_sigkill dies_by_sigsegv prints_then_dies
endless_stderr closes_all_and_sleeps sleeps_past_deadline sleeps_past_ddl_timeout prints_then_sleeps
ignores_term ends_well_on_term cleans_up_on_term
forks_and_ends forks_and_dies holds_stderr child_ignores_term pipe_holder_and_timeout
double_fork_setsid double_fork_setsid_timeout double_fork_setsid_empty_env
secret_on_stdin secret_before_death
""".split()


def ok(contract, text, **fields):
    return {"outcome": "ok", "data": {STDOUT[contract]: text}, **fields}


def refused(outcome, **fields):
    return {"outcome": outcome, "data": {}, **fields}


def check(text, state):
    """What a monitoring plugin has found out; without a text any."""
    states = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
    data = {"exitcode": state, "status": states[state], **({} if text is None else {"text": text})}
    return {"outcome": "ok", "kind": None, "statuscode": 0, "error_contains": None, "stderr": None, "stderr_contains": None,
            "data": data}


def task_error(code, **fields):
    return refused("failed", kind=BOLT_ERROR, statuscode=1, error_contains=f"errored with a code {code}", **fields)


def crashed(code):
    return refused("crashed", kind=None, statuscode=None, error_contains=f"exited with code {code}")


# Rows of scripts.json with the fields that are others here; None takes one away.
OTHERWISE = {
    "choria": {
        "good_text": ok("choria", "hello zoo\n"),
        "never_reads_stdin": {"inputs": BLOB},
        "text_not_utf8": {}, "text_with_nul": {}, "grows_in_the_reply": {},
        "text_empty": refused("bad_reply", error_contains="is empty"),
        "json_half": {}, "json_array": {}, "json_two_objects": {}, "json_nan": {},
        "json_duplicate_keys": refused("ok"),
        "json_not_utf8": refused("ok"),
        "exits/1": crashed(1), "exits/137": crashed(137), "uncaught_exception": {"outcome": "crashed"},
        "exits_3_after_noise": {**crashed(3), "stderr_contains": "zoo: the last line"},
        "hundred_megabytes": refused("bad_reply", error_contains="is empty"),
        "endless_output": {"outcome": "timeout", "timeout_ms": 1000},
        "closes_stdout": refused("bad_reply"), "closes_all_descriptors": refused("bad_reply"),
        "holds_stdout": {"max_wall_ms": 1300},
        "child_prints_late": refused("bad_reply"),
        "secret_printed_by_failure": crashed(1),
    },
    "nagios": {
        "good_text": ok("nagios", "hello zoo"),
        "last_argument/quotes": {}, "last_argument/nul": {}, "argument_length/too_long": {},
        "stdin_is_empty": {}, "stdin_length": {"inputs": BLOB, "data": {"text": "200000"}},
        "never_reads_stdin": {"inputs": BLOB}, "closes_stdin": {"inputs": BLOB},
        "text_empty": {}, "text_not_utf8": {}, "text_with_nul": {},
        "exits/0": check("before", 0), "exits/1": check("before", 1), "exits/2": check("before", 2),
        "exits/137": {"data": {"text": None}},
        "uncaught_exception": check(None, 1),
        "exits_3_after_noise": check("zoo: the last line", 3),
        "exits_3_after_one_long_line": check("x" * 500, 3),
        "hundred_megabytes": {}, "endless_output": {}, "grows_in_the_reply": {}, "fails_with_a_large_output": {},
        "closes_stdout": {}, "closes_all_descriptors": {},
        "holds_stdout": {}, "holds_stdout/deadline_in_drain": {}, "child_prints_late": {},
    },
    "bolt": {
        "good_text": ok("bolt", "hello zoo\n"),
        "never_reads_stdin": {"inputs": BLOB}, "closes_stdin": {"inputs": BLOB},
        "text_empty": {}, "text_with_nul": {}, "text_not_utf8": refused("bad_reply"), "json_not_utf8": {},
        "json_half": ok("bolt", '{"echo":"caf'),
        "json_array": ok("bolt", '[{"echo":"hello"}]'),
        "json_two_objects": ok("bolt", '{"echo":"hello"}\n{"echo":"hello"}\n'),
        "json_after_text": ok("bolt", 'Loading, please wait ...\n{"echo":"hello"}\n', error_contains=None),
        "json_duplicate_keys": ok("bolt", '{"echo":"hello","echo":"again"}'),
        "json_nan": ok("bolt", '{"number":NaN}'),
        "json_undeclared": {"data": {"result": {"count": 7, "nobody_declared_me": "hello"}}},
        "exits/0": {}, "exits/1": task_error(1), "exits/137": task_error(137), "exits_1_with_json": task_error(1),
        "uncaught_exception": {"kind": BOLT_ERROR},
        "exits_3_after_noise": {**task_error(3), "error_contains": "zoo: the last line", "max_message": 1 << 15},
        "exits_3_after_one_long_line": {**task_error(3), "max_message": 1 << 15},
        "hundred_megabytes": {}, "endless_output": {}, "grows_in_the_reply": refused("bad_reply"),
        "closes_stdout": {}, "closes_all_descriptors": {},
        "holds_stdout": {}, "holds_stdout/deadline_in_drain": {}, "child_prints_late": {},
    },
}


def own(animal, outcome, program, why, **fields):
    """An animal in bash that only this contract has. Under choria $reply is the file for the reply."""
    return {"animal": animal, "outcome": outcome, "program": program, "why": why, "timeout_ms": 5000, "max_wall_ms": 3000,
            "inputs": {}, **fields}


def again(name, variant, **differences):
    """A row of scripts.json, called in another variant of the agent."""
    return {"of": name, "as": variant, **differences}


DONE = """echo '{"data":{"stdout":"done"}}'"""


def half(statuscode):
    return f"""echo '{{"data":{{"stdout":"half"}},"statuscode":{statuscode}}}' >"$reply\""""


def replies(text):
    return f"""echo '{text}' >"$reply\""""


OWN = {
    "choria": [
        own("reply_deleted", "bad_reply", 'rm "$reply"', "no file is no reply"),
        own("reply_is_link", "bad_reply", 'ln -sf /etc/hostname "$reply"', "only a regular file is read, no link to one"),
        own("reply_is_fifo", "bad_reply", 'rm "$reply"; mkfifo "$reply"', "only a regular file: nobody waits for a writer"),
        own("reply_is_folder", "bad_reply", 'rm "$reply"; mkdir -p "$reply/a"', "only a regular file is read"),
        own("reply_of_nobody", "bad_reply", f'{DONE} >"$reply"; chown nobody "$reply"',
            "only a file of the agent's user is read", needs_root=True),
        own("reply_renamed", "ok", f'{DONE} >"$reply.new"; mv "$reply.new" "$reply"',
            "also one that was put in its place", data={"stdout": "done"}),
        own("reply_too_large", "too_large", 'head -c 1100000 /dev/zero | tr "\\0" x >"$reply"', "over a cap"),
        own("reply_is_sparse", "too_large", 'truncate -s 1T "$reply"', "over a cap, and no more of it is read", pings=True),
        own("reply_too_deep", "bad_reply", '{ printf \'{"data":\'; printf "[%.0s" {1..50000}; } >"$reply"',
            "what a parser would answer with a stack overflow", pings=True),
        own("reply_is_wide", "ok", "{ printf '{\"data\":{\"stdout\":\"done\",\"wide\":['; "
            "head -c 50000 /dev/zero | sed 's/\\x0/{},/g'; printf '{}]}}'; } >\"$reply\"",
            "many small objects take no longer than so many bytes", data={"stdout": "done"}, max_wall_ms=4000),
        own("statuscode_negative", "bad_reply", half(-1), "not from 0 to 255"),
        own("statuscode_256", "bad_reply", half(256), "not from 0 to 255"),
        own("statuscode_text", "bad_reply", half('"1"'), "of the wrong type"),
        own("statuscode_null", "ok", half("null"), "null is as if it were missing",
            data={"stdout": "half"}),
        own("statuscode_200", "failed", half(200), "5 for any above, and the data",
            statuscode=5, kind="failed", data={"stdout": "half"}),
        own("data_is_array", "bad_reply", replies('{"data":[]}'), "of the wrong type"),
        own("statusmsg_is_number", "bad_reply", replies('{"statusmsg":5}'), "of the wrong type"),
        own("names_in_capitals", "failed", replies('{"StatusCode":1,"DATA":{"stdout":"half"}}'),
            "names may have capitals", statuscode=1, kind="failed", data={"stdout": "half"}),
        own("same_name_twice", "failed", replies('{"statuscode":0,"statuscode":3}'),
            "of the same name the last one counts", statuscode=3, kind="failed"),
        own("output_of_wrong_type", "invalid_output", replies('{"data":{"stdout":5}}'),
            "an output breaks the DDL", error_contains="'stdout'"),
        own("output_of_wrong_type", "ok", None, "only a warning without a `run` block",
            **{"as": "plain"}, data={"stdout": 5}),
        own("replies_then_dies", "crashed", f'{DONE} >"$reply"; kill -KILL $$', "a signal comes before the reply"),
        own("litters", "ok", f'cd "${{reply%/*}}"; mkdir -p a/b; touch {{1..500}} a/b/c; ln -s / root; {DONE} >"$reply"',
            "the folder is gone after it, whatever is in it", data={"stdout": "done"}),
        own("litters_in_the_dark", "ok", f'cd "${{reply%/*}}"; mkdir -p a/b; touch a/b/c; chmod 0 a/b; {DONE} >"$reply"',
            "whoever may look into it: for root that is no matter", data={"stdout": "done"}, needs_root=True),
        own("secret_in_bad_reply", "bad_reply", 'cat >"$reply"', "of an action with sensitive fields no message quotes it",
            inputs=SECRET),
        own("secret_on_stderr", "crashed", "tee /dev/stderr; exit 4", "neither stdout nor stderr goes to the log then",
            inputs=SECRET),
        own("secret_in_an_abandoned_file", "timeout", 'cat "$CHORIA_EXTERNAL_REQUEST" >"${reply%/*}/copy"; sleep 300',
            "the folder is gone after a timeout as well", inputs=SECRET, timeout_ms=1000),
        again("good_text", "streams", **ok("choria", "hello zoo\n")),
        again("text_empty", "streams", **refused("bad_reply")),
        own("streams_after_text", "ok", f"echo Loading; {DONE}", "lines before the first { are no part of it",
            **{"as": "streams"}, data={"stdout": "done"}),
        again("exits/1", "streams", **crashed(1)),
        again("hundred_megabytes", "streams"),
        again("endless_output", "streams"),
        again("closes_stdout", "streams", **refused("bad_reply")),
        again("holds_stdout", "streams"),
        again("child_prints_late", "streams"),
        again("pipe_holder_and_timeout", "streams"),
        again("secret_on_stdin", "streams"),
        {"of": "forks_and_ends", "case": "as_nobody", "needs_root": True, "run_as": "nobody"},
        {"of": "double_fork_setsid_timeout", "case": "as_nobody", "needs_root": True, "run_as": "nobody"},
    ],
    "nagios": [
        {"of": "exits/0", "case": "3", "inputs": {"code": 3}, **check("before", 3)},
        {"of": "exits/137", "case": "4", "inputs": {"code": 4}, "kind": "exit_4", "error_contains": "exit code 4",
         "data": {"text": None, "status": None}},
        own("measures_nonsense", "ok", "printf \"OK | a b= =1 c=x;y 'd 'e'=1 f=nan g=1e999 h=U;; count=7;;;;;; '\"",
            "what is no measurement is passed over", data={"text": "OK", "count": 7}),
        own("measures_half", "invalid_output", "echo 'OK | count=0.5'", "an output breaks the DDL",
            error_contains="'count'"),
        own("measures_nothing", "ok", "echo 'OK | count=U'", "what could not be determined is null", data={"count": None}),
        own("measures_too_much", "ok", "printf 'OK |'; head -c 225000 /dev/zero | sed 's/\\x0/ a=1/g'",
            "a thousand measurements count, and the node goes on meanwhile", data={"text": "OK"}, pings=True),
        own("measures_in_one_word", "ok", "printf 'OK | '; head -c 900000 /dev/zero | tr '\\0' \"'\"",
            "a label without an end is no measurement", data={"text": "OK"}, pings=True),
        own("many_lines", "ok", "echo first; yes x | head -n 100000", "the others are details", data={"text": "first"}),
        own("secret_on_stderr", "failed", "cat >&2; exit 4", "of an action with sensitive fields no message quotes it",
            inputs=SECRET, kind="exit_4"),
        own("secret_on_stderr_alone", "ok", "cat >&2", "nor is the last line of stderr its text", inputs=SECRET,
            data={"text": ""}),
        own("missing", "crashed", None, "it could not be started", error_contains="missing"),
        own("without_execute_bit", "crashed", None, "it could not be started", error_contains="without_execute_bit"),
        own("without_interpreter", "crashed", None, "it could not be started", error_contains="without_interpreter"),
    ],
    "bolt": [
        own("surroundings", "ok", 'tr "\\0" "\\n" <"/proc/$$/environ" | sed "s/=.*//" | sort | tr "\\n" " "',
            "the environment is complete, without HOCKET_REPLY_FD", data={"_output": (
                "HOCKET_ACTION HOCKET_AGENT HOCKET_CALLER HOCKET_CONTRACT HOCKET_DEADLINE HOCKET_EXECUTION_ID HOCKET_NOOP "
                "HOCKET_PROTOCOL HOCKET_REQUEST_ID HOME LANG PATH PT__installdir PT__task PYTHONUNBUFFERED TMPDIR ")}),
        own("error_object", "failed", 'echo \'{"_error":{"kind":"zoo/broken","msg":"it is broken"},"part":1}\'',
            "the object has `_error`", kind="zoo/broken", statuscode=1, error_contains="it is broken",
            data={"result": {"part": 1}}),
        own("error_object_and_exit_3", "failed", 'echo \'{"_error":{"kind":"zoo/broken","msg":"it is broken"}}\'; exit 3',
            "`_error` comes before the exit code", kind="zoo/broken", error_contains="it is broken"),
        own("error_is_number", "failed", "echo '{\"_error\":5}'", "what of it has the wrong type is not there",
            kind=BOLT_ERROR),
        own("error_then_death", "crashed", "echo '{\"_error\":{}}'; kill -KILL $$",
            "a signal comes before what was printed"),
        own("output_of_wrong_type", "invalid_output", "echo '{\"_output\":5}'", "an output breaks the DDL",
            error_contains="_output"),
        own("too_deep", "ok", "printf '{\"a\":'; printf '[%.0s' {1..50000}", "what is not exactly one object is text",
            pings=True),
        own("grows_in_json", "too_large", "head -c 500000 /dev/zero | tr '\\0' '\\1'",
            "under the cap, but six bytes for each in the reply: it fits into no message"),
        own("large_parameter", "ok", "printf %s ${PT_blob-none}; LC_ALL=C wc -c | tr -d ' \\n'",
            "what is too long for a variable is on stdin alone", inputs=BLOB),
        own("large_variable", "invalid", "echo never", "with `environment` alone nothing is started", inputs=BLOB,
            method="environment", error_contains="input 'blob'"),
        own("secret_on_stderr", "failed", "cat >&2; exit 4", "of a task with sensitive parameters no message quotes it",
            inputs=SECRET, kind=BOLT_ERROR),
        own("secret_in_wrong_output", "invalid_output", 'printf \'{"_output":[%s]}\' "$(cat)"', "nor a wrong output",
            inputs=SECRET),
        own("without_execute_bit", "ok", None, "its interpreter starts it", data={"_output": "done\n"}),
        own("without_interpreter", "crashed", None, "it could not be started", error_contains="without_interpreter"),
        own("without_both", "crashed", None, "it could not be started"),
    ],
}


def title_of(row):
    return "/".join(row[each] for each in ("animal", "case") if each in row)


def rows_of(contract):
    """The rows of one contract; those of scripts.json with this contract's fields over theirs."""
    scripts = {title_of(row): row for row in read_json("scripts.json")}
    taken = [{"of": name, **OTHERWISE[contract].get(name, {})} for name in [*COMMON, *OTHERWISE[contract]]]
    rows = []
    for row in [*taken, *OWN[contract]]:
        base = scripts[row["of"]] if "of" in row else {}
        printed = base.get("data", {}).get("stdout")
        data = {} if printed is None else {"data": {STDOUT[contract]: printed}}
        whole = {**base, **({"data": {}} if base else {}), **data, **row, "languages": [LANGUAGES[contract]]}
        rows.append({name: value for name, value in whole.items() if value is not None or name == "stderr"})
    return rows


class ForeignLane(Lane):
    """Its temporary files are in a folder of its own, in which nothing may stay."""

    pinged_at = 0

    def __init__(self, fleet, identity, folder, tables, **settings):
        self.tmp_folder = os.path.join(fleet.folder, "tmp", identity)
        os.makedirs(self.tmp_folder)
        os.chmod(self.tmp_folder, 0o1777)
        settings["exec"] = {**settings["exec"], "tmp_folder": self.tmp_folder}
        super().__init__(fleet, identity, folder, tables, **settings)

    def begin(self, table):
        """Agents of Choria serve when they have been asked whether they want to."""
        wanted = {agent_of(row, language) for language, row in self.rows[table]}
        wait_until(lambda: wanted <= self.served(), 20, lambda: f"{wanted - self.served()} of {self.identity} do not serve")
        super().begin(table)

    def served(self):
        return set(self.fleet.ops.rpc("rpcutil", "inventory", nodes=[self.identity]).data["agents"])

    def call_all(self, language, row):
        runs, problems = super().call_all(language, row)
        try:
            wait_until(lambda: not os.listdir(self.tmp_folder), GONE_S, "files stay")
        except AssertionError:
            problems.append(f"left behind in tmp_folder: {os.listdir(self.tmp_folder)}")
            for name in os.listdir(self.tmp_folder):
                shutil.rmtree(os.path.join(self.tmp_folder, name), ignore_errors=True)
        return runs, problems

    def idle_problems(self):
        """A ping costs as much as a short row, whose successor shows as well that the node answers."""
        if time.monotonic() - self.pinged_at < PING_PAUSE_S:
            return []
        self.pinged_at = time.monotonic()
        return super().idle_problems()

    def end(self):
        found = self.ping_problems()
        return [found] if found else []
