"""The agent `sysctl`, on a tree of our own. Of the real one only what belongs to the agent's own process is written."""

import json
import os
import time
import unittest

from harness import AgentTest


class SysctlTest(AgentTest):
    agent = "python/sysctl/sysctl"

    def setUp(self):
        super().setUp()
        self.root, self.file = self.folder + "/sys", self.folder + "/90-hocket.conf"
        self.config = {"root": self.root, "file": self.file}
        self.key("vm/swappiness", "60\n")
        self.key("vm/dirty_ratio", "20\n")
        self.key("net/ipv4/ip_local_port_range", "32768\t60999\n")
        self.key("net/ipv4/conf/eth0.100/forwarding", "0\n")

    def key(self, path, text="0\n", mode=0o644):
        file = f"{self.root}/{path}"
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(file, mode)

    def value_of(self, path):
        return read(f"{self.root}/{path}")

    def run_program(self, path, action, inputs, noop=False, seconds=30.0, **options):
        request = {"agent": "sysctl", "action": action, "noop": noop, "inputs": inputs, "config": self.config,
                   "deadline": int((time.time() + seconds) * 1000)}
        return super().run_program(path, action, inputs, noop, seconds, stdin=json.dumps(request).encode() + b"\n", **options)

    def get(self, name):
        return self.run_agent("get", {"name": name})

    def list(self, prefix=None, **inputs):
        return self.run_agent("list", {**inputs, **({} if prefix is None else {"prefix": prefix})})

    def set(self, name, value, noop=False, **inputs):
        return self.run_agent("set", {"name": name, "value": value, **inputs}, noop=noop)


class GetTest(SysctlTest):
    def test_a_key(self):
        result = self.get("vm.swappiness")
        self.assertOk(result)
        self.assertEqual(result.data, {"name": "vm.swappiness", "value": "60", "writable": True})
        self.assertEqual(self.get("net.ipv4.ip_local_port_range").data["value"], "32768\t60999")

    def test_both_ways_to_write_a_name(self):
        for name in ("net/ipv4/conf/eth0.100/forwarding", "net.ipv4.conf.eth0/100.forwarding"):
            self.assertEqual(self.get(name).data.get("name"), "net/ipv4/conf/eth0.100/forwarding")
        self.assertEqual(self.get("vm/swappiness").data.get("name"), "vm.swappiness")

    def test_no_name_leads_out_of_the_root(self):
        os.mkdir(self.folder + "/outside")
        with open(self.folder + "/outside/secret_plan", "w", encoding="utf-8") as file:
            file.write("plan")
        for name in ("../outside/secret_plan", "vm/../../outside/secret_plan", "vm.//.//.outside.secret_plan", "..", "/etc/passwd",
                     "vm//swappiness", "vm..swappiness", "vm/./swappiness", "-x", "$(id)", "vm.swappiness\n", "vm.a\0b", "", "é"):
            self.assertFailed(self.get(name), "sysctl/invalid_name")
            self.assertFailed(self.set(name, "1"), "sysctl/invalid_name")

    def test_links_are_not_followed(self):
        os.symlink("/etc/hostname", self.root + "/vm/link")
        os.symlink("/etc", self.root + "/etc")
        os.symlink(self.root + "/vm/swappiness", self.root + "/vm/again")
        for name in ("vm.link", "etc.hostname", "vm.again"):
            self.assertFailed(self.get(name), "sysctl/not_found")
            self.assertFailed(self.set(name, "1"), "sysctl/not_found")

    def test_errors_have_kinds(self):
        self.assertFailed(self.get("vm.no_such"), "sysctl/not_found")
        self.assertFailed(self.get("vm.swappiness.deeper"), "sysctl/not_found")
        self.assertFailed(self.get("net.ipv4"), "sysctl/not_a_key")
        self.key("net/ipv4/route/flush", "", 0o200)
        result = self.get("net.ipv4.route.flush")
        self.assertFailed(result, "sysctl/write_only")
        self.assertIn("cannot be read", result.message)

    def test_secrets_are_refused(self):
        self.key("net/ipv4/tcp_fastopen_key", "0123-4567\n", 0o600)
        self.key("net/ipv6/conf/all/stable_secret", "::1\n", 0o600)
        self.key("net/ipv4/ipfrag_secret_interval", "600\n")
        for name in ("net.ipv4.tcp_fastopen_key", "net.ipv6.conf.all.stable_secret"):
            for result in (self.get(name), self.set(name, "1")):
                self.assertFailed(result, "sysctl/refused")
                self.assertNotIn(b"4567", result.raw)
        self.assertOk(self.get("net.ipv4.ipfrag_secret_interval"))

    def test_bytes_that_are_no_utf8_are_shown_as_well_as_can_be(self):
        self.key("kernel/domainname", b"a\xffb\n")
        self.assertEqual(self.get("kernel.domainname").data["value"], "a\ufffdb")

    def test_the_real_tree_is_the_default(self):
        self.config = {}
        self.assertEqual(self.get("kernel.ostype").data, {"name": "kernel.ostype", "value": "Linux", "writable": False})

    def test_neither_inputs_nor_environment_choose_the_root(self):
        self.config, self.extra = {}, {"HOCKET_CONFIG_ROOT": self.root, "ROOT": self.root}
        result = self.run_agent("get", {"name": "kernel.ostype", "root": self.root, "config": {"root": self.root}})
        self.assertEqual(result.data.get("value"), "Linux", result)

    def test_a_wrong_configuration_is_named(self):
        self.config = {"root": 7}
        self.assertFailed(self.get("vm.swappiness"), "sysctl/invalid_config")


class ListTest(SysctlTest):
    def test_all_keys(self):
        result = self.list()
        self.assertOk(result)
        self.assertEqual(result.data, {"values": {
            "net/ipv4/conf/eth0.100/forwarding": "0", "net.ipv4.ip_local_port_range": "32768\t60999",
            "vm.dirty_ratio": "20", "vm.swappiness": "60"}, "matched": 4, "unreadable": 0, "truncated": False})

    def test_a_prefix_is_the_beginning_of_names(self):
        for prefix, names in (("vm", ["vm.dirty_ratio", "vm.swappiness"]), ("vm.", ["vm.dirty_ratio", "vm.swappiness"]),
                              ("vm.dirty", ["vm.dirty_ratio"]), ("vm/dirty_ratio", ["vm.dirty_ratio"]), ("vm.x", []), ("x.y.z", []),
                              ("net.ipv4.conf.", ["net/ipv4/conf/eth0.100/forwarding"])):
            self.assertEqual(list(self.list(prefix).data["values"]), names, prefix)

    def test_what_is_shown_is_limited(self):
        result = self.list(limit=3)
        self.assertEqual((len(result.data["values"]), result.data["matched"], result.data["truncated"]), (3, 4, True))
        self.assertFalse(self.list(limit=4).data["truncated"])
        for limit in (0, 1001, -1):
            self.assertFailed(self.list(limit=limit), "sysctl/invalid_limit")
        self.key("vm/long", "x" * 3000)
        self.assertEqual(self.list("vm.long").data["values"]["vm.long"], "x" * 500 + "…")

    def test_what_cannot_be_read_is_null(self):
        self.key("vm/compact_memory", "", 0o200)
        self.key("vm/some_key", "abc", 0o600)
        result = self.list("vm.")
        self.assertOk(result)
        self.assertEqual(result.data["unreadable"], 2)
        self.assertIsNone(result.data["values"]["vm.compact_memory"])
        self.assertIsNone(result.data["values"]["vm.some_key"])

    def test_it_stays_below_the_root(self):
        os.symlink("/etc", self.root + "/etc")
        for prefix in ("../", "vm/../..", "..", "/etc", "-x", "vm\n"):
            self.assertFailed(self.list(prefix), "sysctl/invalid_name")
        self.assertEqual(self.list("etc.").data["matched"], 0)
        self.assertEqual(self.list().data["matched"], 4)


class SetTest(SysctlTest):
    def test_a_value_is_set_once(self):
        result = self.set("vm.swappiness", "10")
        self.assertOk(result)
        self.assertEqual((result.changed, result.data), (True, {"name": "vm.swappiness", "value": "10", "previous": "60"}))
        self.assertEqual(result.reply["diff"], f"{self.root}/vm/swappiness\n-vm.swappiness = 60\n+vm.swappiness = 10")
        self.assertEqual(self.value_of("vm/swappiness"), "10\n")
        result = self.set("vm.swappiness", "10")
        self.assertEqual((result.outcome, result.changed, "diff" in result.reply), ("ok", False, False))
        self.assertFalse(os.path.exists(self.file))

    def test_tabs_and_blanks_are_the_same(self):
        self.assertFalse(self.set("net.ipv4.ip_local_port_range", "32768 60999").changed)
        self.assertEqual(self.value_of("net/ipv4/ip_local_port_range"), "32768\t60999\n")
        self.assertTrue(self.set("net.ipv4.ip_local_port_range", "1024 60999").changed)

    def test_noop_changes_nothing(self):
        result = self.set("vm.swappiness", "10", noop=True, persist=True)
        self.assertEqual((result.outcome, result.changed, result.data["value"]), ("ok", True, "10"))
        self.assertIn(f"{self.file}\n+vm.swappiness = 10", result.reply["diff"])
        self.assertEqual(self.value_of("vm/swappiness"), "60\n")
        self.assertFalse(os.path.exists(self.file))
        self.assertFalse(self.set("vm.swappiness", "60", noop=True).changed)

    def test_a_negative_value_is_a_value(self):
        self.assertOk(self.set("vm.swappiness", "-1"))
        self.assertEqual(self.value_of("vm/swappiness"), "-1\n")

    def test_values_are_one_line_of_ascii(self):
        for value in ("", "1\n2", "1\n", "\t1", "a\0b", "é", " 1", "x" * 1025, "1\r"):
            result = self.set("vm.swappiness", value, persist=True)
            self.assertFailed(result, "sysctl/invalid_value")
            self.assertEqual(result.reply["statuscode"], 4)
        self.assertEqual((self.value_of("vm/swappiness"), os.path.exists(self.file)), ("60\n", False))

    def test_keys_that_cannot_be_set(self):
        self.key("kernel/ostype", "Linux\n", 0o444)
        self.key("vm/compact_memory", "", 0o200)
        for noop in (False, True):
            self.assertFailed(self.set("kernel.ostype", "BSD", noop=noop), "sysctl/read_only")
            self.assertFailed(self.set("vm.compact_memory", "1", noop=noop), "sysctl/write_only")
            self.assertFailed(self.set("vm", "1", noop=noop), "sysctl/not_a_key")
        self.assertEqual(self.value_of("kernel/ostype"), "Linux\n")

    def test_what_runs_programs_is_refused_unless_it_is_listed_itself(self):
        names = ["kernel.core_pattern", "kernel.modprobe", "fs.binfmt_misc.register", "kernel.usermodehelper.bset"]
        for name in names:
            self.key(name.replace(".", "/"), "core\n")
            for settable in ([], ["kernel", "fs"], ["kernel.", "fs.binfmt_misc"]):
                self.config["settable"] = settable
                self.assertFailed(self.set(name, "|/tmp/x"), "sysctl/refused")
            self.assertEqual(self.value_of(name.replace(".", "/")), "core\n")
        self.config["settable"] = names
        self.assertOk(self.set(names[0], "|/bin/x %p"))

    def test_a_list_lets_nothing_else_be_set(self):
        self.config["settable"] = ["net.ipv4", "vm.dirty_ratio"]
        self.assertOk(self.set("vm.dirty_ratio", "5"))
        self.assertEqual(self.value_of("vm/dirty_ratio"), "5\n")
        self.assertOk(self.set("net.ipv4.ip_local_port_range", "1 2"))
        self.assertFailed(self.set("vm.swappiness", "10"), "sysctl/refused")
        self.assertFailed(self.set("vm.swappiness", "10", noop=True), "sysctl/refused")
        self.assertEqual(self.value_of("vm/swappiness"), "60\n")


class KernelTest(SysctlTest):
    """What a real file of /proc says: that of the agent's own process, which ends with it."""

    def setUp(self):
        super().setUp()
        self.config["root"] = "/proc/self"

    def test_a_value_that_the_kernel_does_not_take(self):
        result = self.set("oom_score_adj", "lots", persist=True)
        self.assertFailed(result, "sysctl/invalid_value")
        self.assertIn("does not take 'lots'", result.message)
        self.assertEqual(sorted(os.listdir(self.folder)), ["bin", "sys", "tmp"])

    def test_a_value_that_the_kernel_rewrites(self):
        result = self.set("oom_score_adj", "0x3e7")
        self.assertOk(result)
        self.assertEqual((result.data["value"], result.changed), ("999", True))
        self.assertEqual(result.message, "the kernel made '999' of '0x3e7'")


class PersistTest(SysctlTest):
    def persist(self, name="vm.swappiness", value="10", **options):
        return self.set(name, value, persist=True, **options)

    def test_the_file_is_made(self):
        result = self.persist()
        self.assertOk(result)
        self.assertEqual((result.changed, result.data["file"]), (True, self.file))
        self.assertEqual(read(self.file), "# Written by Hocket's agent sysctl.\nvm.swappiness = 10\n")
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o644)
        self.assertFalse(self.persist().changed)

    def test_only_the_file_differs(self):
        result = self.persist(value="60")
        self.assertTrue(result.changed)
        self.assertEqual(result.reply["diff"], f"{self.file}\n+vm.swappiness = 60")

    def test_other_lines_stay(self):
        before = b"; mine \xff\nvm/swappiness=1\n\nkernel.panic = 9\n -vm.swappiness = 2\n#vm.swappiness = 3"
        with open(self.file, "wb") as file:
            file.write(before)
        result = self.persist()
        self.assertEqual(result.reply["diff"].split("\n")[3:],
                         [self.file, "-vm/swappiness=1", "- -vm.swappiness = 2", "+vm.swappiness = 10"])
        with open(self.file, "rb") as file:
            self.assertEqual(file.read(), b"; mine \xff\nvm.swappiness = 10\n\nkernel.panic = 9\n#vm.swappiness = 3\n")

    def test_a_name_with_a_dot_in_it_is_written_with_slashes(self):
        self.assertOk(self.persist("net.ipv4.conf.eth0/100.forwarding", "1"))
        self.assertIn("\nnet/ipv4/conf/eth0.100/forwarding = 1\n", read(self.file))
        self.assertFalse(self.persist("net/ipv4/conf/eth0.100/forwarding", "1").changed)

    def test_what_cannot_be_kept_is_not_set_either(self):
        self.config["file"] = self.folder + "/no/such/folder/90-hocket.conf"
        result = self.persist()
        self.assertFailed(result, "sysctl/not_persisted")
        self.assertIn("nothing was changed", result.message)
        self.assertEqual(self.value_of("vm/swappiness"), "60\n")

    def test_what_an_earlier_run_left_is_no_obstacle(self):
        os.symlink("/etc/passwd", self.file + ".new")
        self.assertOk(self.persist())
        self.assertFalse(os.path.lexists(self.file + ".new"))
        self.assertFalse(os.path.islink(self.file))

    def test_no_file_is_left_when_its_place_is_taken(self):
        os.mkdir(self.file)
        self.assertFailed(self.persist(), "sysctl/not_persisted")
        self.assertEqual(self.value_of("vm/swappiness"), "60\n")
        self.assertFalse(os.path.lexists(self.file + ".new"))


@unittest.skipIf(os.geteuid() == 0, "root may read and write everything")
class RightsTest(SysctlTest):
    def test_keys_of_root(self):
        self.config = {}
        self.assertFailed(self.set("vm.swappiness", "61"), "sysctl/permission_denied")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
