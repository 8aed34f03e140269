#!/usr/bin/python3
"""libhocket-client as another project uses it: installed, found by CMake and by pkg-config, and run against nodes.

    tests/system/library_test.py [-k PATTERN]
"""

import glob
import os
import re
import subprocess
import unittest

from fleet import BUILD, EXAMPLES, Fleet, FleetTest, sanitizers, write

WEB1, WEB2 = NODES = ("web1.example", "web2.example")
DISK = os.path.join(EXAMPLES, "python", "disk", "disk.yaml")
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(own LANGUAGES CXX)
find_package(hocket REQUIRED)
add_library(own OBJECT main.cpp)
target_link_libraries(own PRIVATE hocket::client)
hocket_add_ddl(own own.yaml EMIT cpp json)
"""
PROGRAM = """
#include "own.h"
static_assert(hocket::agents::own::k_version == "VERSION");
"""
DESCRIPTION = """
metadata: {name: own, description: d, author: a, license: l, version: "VERSION", url: u, timeout: 5}
run: {}
actions:
  - {action: act, description: d, input: {}, output: {}}
"""


def run(*words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


class Installed(FleetTest):
    @classmethod
    def make_fleet(cls):
        fleet = Fleet()
        cls.prefix = os.path.join(fleet.folder, "prefix")
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.documentation = os.path.join(cls.prefix, "share", "doc", "hocket")
        cls.example = os.path.join(cls.documentation, "client", "example")
        fleet.add_node(WEB1, [os.path.join(EXAMPLES, "python")])
        fleet.add_node(WEB2, [os.path.join(EXAMPLES, "python")])
        return fleet

    def assert_shows_both(self, program):
        shown = run(program, "/", env={**self.fleet.ops.environment, "LD_LIBRARY_PATH": os.path.join(self.prefix, "lib")})
        self.assertEqual(sorted(line.split()[0] for line in shown.splitlines()), list(NODES), shown)
        for line in shown.splitlines():
            self.assertRegex(line, r"^\S+ [0-9.]+ %$")

    def test_found_by_cmake(self):
        build = os.path.join(self.fleet.folder, "by-cmake")
        run("cmake", "-S", self.example, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_INSTALL_LIBDIR=lib",
            f"-DCMAKE_CXX_FLAGS={' '.join(sanitizers())}")
        run("cmake", "--build", build)
        self.assert_shows_both(os.path.join(build, "usage"))

    def test_found_by_pkg_config(self):
        folder = os.path.join(self.prefix, "lib", "pkgconfig")
        flags = run("pkg-config", "--cflags", "--libs", f"--define-variable=prefix={self.prefix}", "hocket-client",
                    env={**os.environ, "PKG_CONFIG_PATH": folder}).split()
        program = os.path.join(self.fleet.folder, "by-pkg-config")
        generated = os.path.join(self.fleet.folder, "generated")
        os.mkdir(generated)
        run(os.path.join(self.prefix, "bin", "hocketc"), "compile", DISK, "--emit", "cpp", "-o", generated)
        run("g++", "-O0", *sanitizers(), os.path.join(self.example, "main.cpp"), "-o", program, "-iquote", generated, *flags)
        self.assert_shows_both(program)

    def test_what_is_made_of_a_description_follows_it(self):
        source, build = os.path.join(self.fleet.folder, "own"), os.path.join(self.fleet.folder, "own-build")
        write(os.path.join(source, "CMakeLists.txt"), PROJECT)
        for version in ("1.0.0", "2.0.0"):
            write(os.path.join(source, "main.cpp"), PROGRAM.replace("VERSION", version))
            write(os.path.join(source, "own.yaml"), DESCRIPTION.replace("VERSION", version))
            run("cmake", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}")
            run("cmake", "--build", build)
            with open(os.path.join(build, "hocket-ddl", "own", "own.json"), encoding="utf-8") as file:
                self.assertIn(f'"version":"{version}"', file.read())
        write(os.path.join(source, "own.yaml"), DESCRIPTION.replace("timeout: 5", "timeout: 0"))
        with self.assertRaisesRegex(AssertionError, r"own\.yaml:2:\d+: error: .*timeout"):
            run("cmake", "--build", build)

    def test_the_pages_refer_to_what_is_installed(self):
        data = os.path.join(self.prefix, "share", "hocket")
        pages = [page for folder in (self.documentation, data)
                 for page in glob.glob(os.path.join(folder, "**", "*.md"), recursive=True)]
        for name in ("docs/library.md", "spec/ddl.md"):
            self.assertIn(os.path.join(self.documentation, name), pages)
        for page in pages:
            with open(page, encoding="utf-8") as file:
                targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read())
            for target in targets:
                if target.startswith("python/optional/"):
                    continue  # in the sources alone
                self.assertTrue(os.path.exists(os.path.join(os.path.dirname(page), target)), f"{page}: {target}")

    def test_what_is_installed_names_where_it_is(self):
        for name, text in (("lib/systemd/system/hocketd.service", "ExecStart=PREFIX/sbin/hocketd "),
                           ("share/hocket/etc/runner.toml", 'folders = ["/etc/hocket/agents", "PREFIX/share/hocket/agents/bash"'),
                           ("share/hocket/etc/runner.toml", '# helpers = "PREFIX/libexec/hocket"'),
                           ("share/man/man8/hocketd.8", "PREFIX/share/doc/hocket/docs/operate.md"),
                           ("share/doc/hocket/docs/write-an-agent.md", '"PREFIX/share/hocket/agents/bash"')):
            with open(os.path.join(self.prefix, name), encoding="utf-8") as file:
                self.assertIn(text.replace("PREFIX", self.prefix), file.read(), name)

    def test_the_vectors_can_be_checked_with_what_is_installed(self):
        self.assertRegex(run(os.path.join(self.prefix, "share", "hocket", "spec", "vectors", "check.py"), "verify"), "0 wrong")

    def test_nothing_of_ours_is_public_by_accident(self):
        headers = run("find", os.path.join(self.prefix, "include"), "-name", "*.h").split()
        for header in headers:
            with open(header, encoding="utf-8") as file:
                self.assertNotIn('#include "', file.read(), header)
        self.assertFalse([name for name in headers if "/nats/" in name or "process" in name or "x509" in name])


if __name__ == "__main__":
    unittest.main()
