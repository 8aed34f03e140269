"""The nodes of the zoo (tests/zoo/README.md): a lane is a hocketd that takes its rows one after the other."""

import json
import os
import re
import threading
import time
import uuid

from fleet import ROOT
from processes import POLL_S, describe, kill, read_proc, state_and_parent, wait_until, with_name, with_text

ZOO = os.path.join(ROOT, "tests", "zoo")
LOOKS = 20  # at the process table: `runs_away` becomes a new process every 20 ms
SETTLE_S = 2.0  # until a node has cleaned up after a row
PING_MS = 500  # how long an idle node may take for a ping, on a busy machine
MAX_MESSAGE = 1000  # characters: it is for people
MAX_WAITING = 2  # `run.standby` of the copies
NEVER_FORGIVEN = re.compile(r"secret|left behind|left [0-9.]+ s after|descriptors|still has|hocketd of \S+ has ended")
LEAF = re.compile(r"(.*/run-\d+)(/cgroup\.events)?$")  # the cgroup of an execution
GOOD = {"animal": "good", "outcome": "ok", "timeout_ms": 5000, "max_wall_ms": 3000, "inputs": {}}


def read_json(name):
    with open(os.path.join(ZOO, name), encoding="utf-8") as file:
        return json.load(file)


CAGE = read_json("cage.json")
GONE_S = (CAGE["drain_ms"] + CAGE["grace_ms"]) / 1000 + 1  # until what is ended is not there any more


def title(row, language):
    return "/".join([language, *(row[each] for each in ("as", "animal", "case") if each in row)])


def agent_of(row, language):
    return f"zoo_{language}" + (f"_{row['as']}" if "as" in row else "")


def companions(row):
    """The runs that start together with it, of the same agent."""
    together = row.get("together_with", [])
    inherited = {name: row[name] for name in ("as", "late_orphan") if name in row}
    return [{**inherited, **each} for each in (together if isinstance(together, list) else [together])]


def files_with(text, folder):
    """The files below the folder that hold it."""
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(parent, name), "rb") as file:
                    found += [file.name] if text.encode() in file.read() else []
            except OSError:
                pass  # no file, or gone
    return found


def name_of(pid):
    """Its argv[0]."""
    return read_proc(pid, "cmdline").split(b"\0")[0].decode()


def read_file(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""  # gone meanwhile


class Lane:
    """One node with its rows, by table."""

    def __init__(self, fleet, identity, folder, tables, **settings):
        self.fleet, self.identity, self.rows = fleet, identity, {table: [] for table in tables}
        self.row_count = 0  # run so far
        limits = {**CAGE, "max_standby_bytes": 1 << 30}
        self.node = fleet.add_node(identity, agents=[folder], limits=limits, **settings)

    def longest_ms(self, table):
        return sum(row["max_wall_ms"] for _, row in self.rows[table])

    def run(self, table, wanted=None):
        """(title, problems) of each row, or of each with a title that is wanted; says at once what is wrong."""
        self.begin(table)
        results = []
        for language, row in self.rows[table]:
            name = title(row, language)
            if wanted and name not in wanted:
                continue
            self.row_count += 1
            self.marker = f"{self.fleet.tag}-{self.identity}-{self.row_count}"
            try:
                self.node.assert_running()
                problems = self.run_row(language, row)
            except Exception as error:  # the other rows are worth a look all the same
                problems = [repr(error)]
            results.append((name, problems))
            self.say(*results[-1])
        results += [(f"{self.identity} at the end of {table}", problems) for problems in self.end()]
        return results

    def say(self, name, problems):
        for problem in problems:
            print(f"  {self.identity}: {name}: {problem}", flush=True)

    def run_failed_again(self, table, results):
        """A row that failed is tried once more while no other lane works: the machine may have been busy. Nothing is forgiven
        that does not depend on time: a secret that was seen, a process or a descriptor that stays."""
        failed = {name for name, problems in results if problems}
        rows = failed & {title(row, language) for language, row in self.rows[table]}
        if not rows or any(NEVER_FORGIVEN.search(text) for _, problems in results for text in problems):
            return results
        print(f"  {self.identity}: once more: {', '.join(sorted(rows))}", flush=True)
        return [each for each in results if each[0] not in failed] + self.run(table, rows)

    def begin(self, table):
        self.descriptors = self.settled_descriptors()

    def end(self):
        """Lists of problems."""
        return []

    def open_descriptors(self):
        """Without cgroups that wait for an execution; see surplus_leaves()."""
        def is_of_a_spare(path):
            leaf = LEAF.match(path)
            return leaf and not read_file(os.path.join(leaf.group(1), "cgroup.procs"))
        return {number: path for number, path in self.node.descriptors().items() if not is_of_a_spare(path)}

    def settled_descriptors(self):
        """How many there are while nobody starts or ends, as one that ignores TERM may for a grace."""
        counts, looks = [], int((CAGE["grace_ms"] / 1000 + 0.3) / POLL_S)

        def is_settled():
            counts.append(len(self.open_descriptors()))
            return len(counts) > looks and len(set(counts[-looks:])) == 1 and not self.surplus_children()
        wait_until(is_settled, 20, lambda: f"hocketd has {list(map(describe, self.surplus_children()))}")
        return counts[-1]

    def run_row(self, language, row):
        runs, problems = self.call_all(language, row)
        problems += [text for run in runs for text in run.orphans_left()]
        problems += [text for run in runs for text in run.secrets_seen()]
        return problems + self.node_problems(len(runs))

    def call_all(self, language, row):
        """The runs of a row, ended, and what is not as it says."""
        rows = enumerate([row, *companions(row)])
        runs = [Run(self, language, each, f"{self.marker}-{index}") for index, each in rows]
        problems = self.call(runs, row.get("pings", False))
        return runs, problems + [text for run in runs for text in run.differences()]

    def call(self, runs, pings):
        threads = [threading.Thread(target=run.call) for run in runs]
        for thread in threads:
            thread.start()
        problems = self.ping_while(threads) if pings else []
        for thread in threads:
            thread.join()
        return problems

    def ping_while(self, threads):
        slow = []
        while any(thread.is_alive() for thread in threads):
            slow += self.ping_problems()
        return slow

    def ping_problems(self):
        answer = self.fleet.ops.run("ping", "-I", self.identity, "--json")
        if answer.code != 0:
            return [f"ping: {answer}"]
        (node,) = answer.document["nodes"]
        return [f"ping took {node['latency_ms']} ms"] if node["latency_ms"] > PING_MS else []

    def surplus_children(self):
        """Those of hocketd that should not be there between two rows."""
        return self.node.children()

    def node_problems(self, executions):
        """What the row has left in the node."""
        problems = []
        try:
            wait_until(lambda: not self.surplus_children(), SETTLE_S, "children stay")
        except AssertionError:
            problems.append("hocketd still has " + "; ".join(map(describe, self.surplus_children())))
        return problems + self.descriptor_problems(executions) + self.idle_problems()

    def idle_problems(self):
        return self.ping_problems()

    def descriptor_problems(self, executions):
        try:
            wait_until(lambda: len(self.open_descriptors()) <= self.descriptors, SETTLE_S, "descriptors stay")
        except AssertionError:
            now = sorted(self.open_descriptors().items())
            return [f"hocketd has {len(now)} descriptors, {self.descriptors} before {executions} execution(s): {now}"]
        return []


class StandbyLane(Lane):
    """Every row meets a process that waited for it, but those that have switched standby off."""

    deaf = {agent_of(row, language) for row in read_json("standby.json") if row.get("deaf")
            for language in row["languages"]}

    def end(self):
        """As at the beginning one process waits for each agent."""
        self.node.reload()
        now = self.settled_descriptors()
        return [[f"{now} descriptors, {self.descriptors} before"]] if now > self.descriptors else []

    def descriptor_problems(self, executions):
        return []  # who waits has some; see end()

    def run_row(self, language, row):
        agent, is_off = agent_of(row, language), "standby_off" in row
        if is_off:
            wait_until(lambda: self.switched_off(agent), 10, "standby is not switched off")
        before = {} if is_off else self.await_waiting(agent, row)
        if "first" in row:
            self.node.reload()
            problems = self.left_of(before)
            before = self.await_waiting(agent, row)
        else:
            problems = []
        problems += super().run_row(language, row)
        served = {pid: cookie for pid, cookie in before.items() if pid not in self.waiting(agent)}
        if before and not served:
            problems.append(f"none of the processes that waited has served it: {before}")
        return problems + self.left_of(served) + self.standby_problems(agent, row)

    def await_waiting(self, agent, row):
        """The cookie by process; with the child that it has started ahead, if the row says so."""
        def ready():
            found = self.waiting(agent)
            return all(with_name(cookie) for cookie in found.values()) and found if "child" in row else found
        return wait_until(ready, 10, f"no process of {agent} waits, only {list(map(describe, self.node.children()))}")

    def waiting(self, agent):
        """The cookie by process."""
        return self.all_waiting()[0].get(agent, {})

    def all_waiting(self):
        """By agent those that were started ahead and block, in a read of a pipe unless the agent is deaf; and the others."""
        waiting, others = {}, []
        for pid in self.node.children():
            environment = dict(each.partition(b"=")[::2] for each in read_proc(pid, "environ").split(b"\0"))
            agent = environment.get(b"HOCKET_AGENT", b"").decode()
            cookie = environment.get(b"HOCKET_EXECUTION_ID", b"").decode()
            is_ahead = agent and b"HOCKET_ACTION" not in environment and name_of(pid) != cookie
            blocks = (state_and_parent(pid) or "?")[0] == "S" and (
                agent in self.deaf or b"pipe" in read_proc(pid, "wchan"))
            if is_ahead and blocks:
                waiting.setdefault(agent, {})[pid] = cookie
            else:
                others.append(pid)
        return waiting, others

    def surplus_children(self):
        """A daemon that one has left while it waits is a child of hocketd too, the subreaper."""
        waiting, others = self.all_waiting()
        surplus = [pid for found in waiting.values() if len(found) > MAX_WAITING for pid in found]
        cookies = {cookie for found in waiting.values() for cookie in found.values()}
        return surplus + [pid for pid in others if name_of(pid) not in cookies]

    @staticmethod
    def left_of(processes):
        """What is still there of processes that are ended, and of what they had started."""
        left = []

        def is_gone():
            left[:] = [pid for pid, cookie in processes.items() if state_and_parent(pid)]
            left.extend(pid for cookie in processes.values() for pid in with_text(cookie))
            return not left
        try:
            wait_until(is_gone, GONE_S, "left")
        except AssertionError:
            return [f"left {GONE_S} s after its end: {describe(pid)}" for pid in set(left)]
        return []

    def switched_off(self, agent):
        """Why, as the log says."""
        early = re.findall(rf'level=error.*not kept on standby.* agent={agent} it="?([^"\n]*)', self.node.log())
        unstarted = re.findall(rf'level=warn.*standby could not be started.* agent={agent} reason="?([^"\n]*)', self.node.log())
        return early + [f"ended: {reason}" for reason in unstarted]

    def standby_problems(self, agent, row):
        said, wanted = self.switched_off(agent), row.get("standby_off")
        if wanted is None:
            return [f"standby was switched off: {said}"] if said else []
        found = [] if all(re.search(wanted, each) for each in said) else [f"the log says {said} instead of {wanted!r}"]
        return found + ([f"{self.waiting(agent)} wait all the same"] if self.waiting(agent) else [])


class WorkerLane(Lane):
    """After every row the same process serves the next request, or a new one if the row says that it was ended."""

    def begin(self, table):
        self.pids, self.marker = {}, f"{self.fleet.tag}-{self.identity}-begin"
        for language, row in self.rows[table]:
            if not row.get("no_good") and agent_of(row, language) not in self.pids:
                self.pids[agent_of(row, language)] = self.good(language, row)[0]
        self.descriptors = self.settled_descriptors()

    def surplus_children(self):
        return [pid for pid in self.node.children() if pid not in self.pids.values()]

    def good(self, language, row):
        """The process that has answered, and what is wrong."""
        good = {**GOOD, "as": row["as"]} if "as" in row else GOOD
        run = Run(self, language, good, self.marker)
        run.call()
        problems = run.differences()
        return (None, problems) if problems else (run.answer.reply["data"]["pid"], [])

    def run_row(self, language, row):
        if agent_of(row, language) not in self.pids and not row.get("no_good"):  # since agents were loaded anew
            self.pids[agent_of(row, language)] = self.good(language, row)[0]
        runs, problems = self.call_all(language, row)
        if "next" in row:
            run = Run(self, language, row["next"], self.marker)
            problems += self.call([run], row["next"].get("pings", False))
            problems += [f"the next call: {text}" for text in run.differences() + run.shown(runs[0].secret)]
        problems += self.end_problems(language, row, runs)
        problems += [text for run in runs for text in run.orphans_left()]
        problems += [text for run in runs for text in run.secrets_seen()]
        problems += [text for run in runs[1:] for text in run.shown(runs[0].secret)]
        return problems + self.node_problems(len(runs))

    def end_problems(self, language, row, runs):
        """Whether the worker was ended, and what it left behind with it; the next call is good again."""
        if row.get("no_good"):
            return []
        agent, problems = agent_of(row, language), []
        before, is_ended = self.pids.pop(agent), row.get("ended", False)
        if row.get("lives") and not with_name(runs[0].marker):
            problems.append("what it left behind was ended before it")
        if "then" in row:
            self.node.reload()
            self.pids.clear()
        if is_ended and row.get("next", row)["outcome"] == "ok":  # a reply that is not ok comes when all is over
            wait_until(lambda: not state_and_parent(before), GONE_S, f"the worker is not ended: {describe(before)}")
        self.pids[agent], found = self.good(language, row)
        problems += [f"the next good: {text}" for text in found]
        if not found and is_ended == (self.pids[agent] == before):
            problems.append("the same process serves on" if is_ended else "the worker was ended")
        return problems


class Run:
    """One animal, called once."""

    def __init__(self, lane, language, row, marker):
        self.lane, self.language, self.row, self.marker = lane, language, row, marker
        self.secret, self.processes_with_secret = None, set()
        self.answer = None

    def call(self):
        words = [self.input_word(name, value) for name, value in self.row["inputs"].items()]
        options = ["--timeout", str(self.row["timeout_ms"] / 1000)]
        done = threading.Event()
        watch = threading.Thread(target=self.look_for_secret, args=[done])
        watch.start()
        try:
            self.answer = self.lane.fleet.ops.rpc(agent_of(self.row, self.language), self.row["animal"], *words,
                                                  nodes=[self.lane.identity], options=options)
        finally:
            done.set()
            watch.join()

    def secret_file(self):
        return os.path.join(self.lane.fleet.folder, f"secret-{self.marker}")

    def look_for_secret(self, done):
        while self.secret:
            is_over = done.is_set()
            self.processes_with_secret |= {describe(pid) for pid in with_text(self.secret)}
            if is_over:
                return
            done.wait(0.05)

    def secrets_seen(self):
        """Where the secret is: no process may show it, no file of node, caller or broker hold it, no message quote it."""
        if not self.secret:
            return []
        os.remove(self.secret_file())
        found = [f"the secret was in the command line or environment of {each}" for each in self.processes_with_secret]
        found += [f"the secret is in {path}" for path in files_with(self.secret, self.lane.fleet.folder)]
        return found + self.shown(self.secret)

    def shown(self, secret):
        """Where the reply shows it."""
        reply = self.answer.reply
        return [f"the secret is in {name}" for name in ("error", "statusmsg", "data")
                if secret and secret in json.dumps(reply.get(name))]

    def input_word(self, name, value):
        if value == {"fresh_marker": True}:
            return f"{name}={self.marker}"
        if value == {"fresh_secret": True}:
            self.secret = f"zoo-secret-{uuid.uuid4().hex}"
            with open(self.secret_file(), "w", encoding="ascii") as file:
                file.write(self.secret)
            return f"{name}=@{file.name}"
        if isinstance(value, dict) and set(value) == {"blob_bytes"}:
            path = os.path.join(self.lane.fleet.folder, f"blob-{value['blob_bytes']}")
            if not os.path.exists(path):
                with open(f"{path}-{self.marker}", "w", encoding="ascii") as file:
                    file.write("x" * value["blob_bytes"])
                os.rename(file.name, path)
            return f"{name}=@{path}"
        is_word = isinstance(value, str) and not value.startswith("@") and "\0" not in value
        return f"{name}={value}" if is_word else f"{name}:={json.dumps(value)}"

    def differences(self):
        """What is not as the row says."""
        document = self.answer.document
        if len(document.get("replies", [])) != 1:
            return [f"no reply: {self.answer}"]
        reply, row, found = self.answer.reply, self.row, []
        if reply["outcome"] != row["outcome"]:
            found.append(f"{reply['outcome']} instead of {row['outcome']} ({reply['error']})")
        if "statuscode" in row and reply["statuscode"] != row["statuscode"]:
            found.append(f"statuscode {reply['statuscode']} instead of {row['statuscode']}")
        if "changed" in row and reply.get("changed") is not row["changed"]:
            found.append(f"changed is {reply.get('changed')} instead of {row['changed']}")
        found += self.error_differences(reply["error"] or {})
        for name, value in row.get("data", {}).items():
            value = self.marker if value == {"fresh_marker": True} else value
            if reply["data"].get(name) != value:
                found.append(f"{name} is {reply['data'].get(name)!r} instead of {value!r}")
        if row.get("stderr_contains", "") not in (reply["stderr"] or ""):
            found.append(f"no {row['stderr_contains']!r} in stderr {reply['stderr']!r}")
        if "stderr" in row and reply["stderr"] is not row["stderr"]:
            found.append(f"stderr is {reply['stderr']!r} instead of {row['stderr']!r}")
        if reply["latency_ms"] > row["max_wall_ms"]:
            found.append(f"took {reply['latency_ms']:.0f} ms, more than {row['max_wall_ms']}")
        return found

    def error_differences(self, error):
        row, message, found = self.row, error.get("message", ""), []
        kind = row.get("kind", "")
        if kind and error.get("kind") != (kind if "/" in kind else f"zoo_{self.language}/{kind}"):
            found.append(f"the error's kind is {error.get('kind')}")
        if row.get("error_contains", "") not in message:
            found.append(f"no {row['error_contains']!r} in the message {message!r}")
        if "error_lacks" in row and row["error_lacks"] in message:
            found.append(f"{row['error_lacks']!r} is in the message {message!r}")
        if len(message) > row.get("max_message", MAX_MESSAGE):
            found.append(f"the message has {len(message)} characters: {message[:60]!r}...")
        return found

    def orphans_left(self):
        """Without a cgroup a late orphan may live until orphan_max_ms after its execution."""
        if "marker" not in self.row["inputs"]:
            return []
        late = self.row.get("late_orphan", False)
        patience_s = CAGE["grace_ms"] / 1000 + 1 + (CAGE["orphan_max_ms"] / 1000 + 1 if late else 0)
        until = time.monotonic() + patience_s
        while with_name(self.marker) and time.monotonic() < until:
            time.sleep(0.05)
        left = {pid for _ in range(LOOKS) for pid in with_name(self.marker)}
        found = [f"left behind {patience_s} s after the reply: {describe(pid)}" for pid in left]
        for pid in left:
            kill(pid)
        return found
