#!/usr/bin/python3
"""That `make bench` measures: each of its programs once, and what it writes down. How much it measures says nothing here.

    tests/system/bench_test.py [-k PATTERN]
"""

import json
import os
import signal
import subprocess
import tempfile
import unittest

from fleet import BUILD

RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench", "run")
MEASURES = ["ping_psk_p50", "wire_that_spawns_bash", "script_p50", "worker_bash_p50", "wire_to_worker_python",
            "memory_20_on_standby", "spawn_big_p50", "ddl_1000_files"]


def bench(*options):
    with subprocess.Popen([RUN, BUILD, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            return process.communicate(timeout=110) + (process.returncode,)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)  # it ends its daemons
            raise


class Bench(unittest.TestCase):
    def test_writes_down_what_it_measured(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "new", "results.json")
            output, errors, _ = bench("--rounds", "1", "--output", file, "--only", *MEASURES)
            self.assertTrue(os.path.exists(file), errors)
            with open(file, encoding="utf-8") as text:
                results = json.load(text)
        self.assertEqual([result["name"] for result in results], MEASURES)
        for result in results:
            ratio = result["value"] / result["baseline_value"]
            self.assertIn(result["name"], output)
            self.assertGreater(result["value"], 0, result)
            self.assertAlmostEqual(result["ratio"], ratio, delta=0.02 * ratio)  # both are rounded
            is_over = result["limit"] is not None and result["ratio"] > result["limit"]
            self.assertEqual(is_over, result["name"] in errors, errors)

    def test_a_measure_that_there_is_not_is_no_empty_success(self):
        _, errors, code = bench("--only", "ping_psk_p50", "ping_p50")
        self.assertEqual(code, 1)
        self.assertIn("there is no measure ping_p50; there are: memory_idle, ", errors)

    def test_tells_where_the_time_goes(self):
        output, errors, code = bench("--stages")
        self.assertEqual(code, 0, errors)
        for kind in ("psk", "cert"):
            self.assertIn(f"{kind}: p50 and p99", output)
        self.assertEqual(output.count("node: sign the reply"), 2, output)


if __name__ == "__main__":
    unittest.main()
