"""What the emitted schemas accept, our validator accepts, and the reverse.

    schema_cases.py PROGRAM     the program schema_cases of this build

The cases and our verdicts come from the program; here stands the other side: Python's `re`, and python3-jsonschema.
"""

import json
import re
import subprocess
import sys
import unittest
import warnings

import jsonschema

PROGRAM = sys.argv.pop(1)


def cases(what):
    output = subprocess.run([PROGRAM, what], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    return [json.loads(line) for line in output.split("\n") if line]


class CasesTest(unittest.TestCase):
    def setUp(self):
        self.count = {True: 0, False: 0}
        self.wrong = []
        warnings.simplefilter("error")  # of `re`: what another dialect or version reads otherwise

    def compare(self, ours, theirs, about):
        self.count[ours] += 1
        if ours != theirs:
            self.wrong.append(f"ours {ours}, theirs {theirs}: {about}")

    def finish(self, least):
        self.assertEqual(self.wrong[:20], [], f"{len(self.wrong)} of {sum(self.count.values())} differ")
        self.assertGreater(min(self.count.values()), least, self.count)

    def compare_patterns(self, all_cases):
        for case in all_cases:
            pattern = re.compile(case["portable"])
            for text, accepted in case["verdicts"]:
                self.compare(accepted, bool(pattern.search(text)), (case["text"], case["portable"], text))

    def test_patterns_mean_what_they_mean_to_re2(self):
        all_cases = cases("patterns")
        portable = [case for case in all_cases if case["portable"] is not None]
        self.assertGreater(len(portable), len(all_cases) * 0.7)
        self.assertLess(len(portable), len(all_cases))
        self.compare_patterns(portable)
        self.finish(least=10000)

    def test_named_validators_are_patterns(self):
        all_cases = cases("validators")
        for case in all_cases:
            self.assertIsNotNone(case["portable"], case["text"])
            self.assertGreater(sum(accepted for _, accepted in case["verdicts"]), 1, case["text"])
        self.compare_patterns(all_cases)
        self.finish(least=100)

    def test_lists_are_patterns(self):
        all_cases = cases("lists")
        portable = [case for case in all_cases if case["portable"] is not None]
        self.assertGreater(len(portable), len(all_cases) * 0.7)
        for case in portable:
            patterns = [re.compile(pattern) for pattern in case["portable"]]
            for text, accepted in case["verdicts"]:
                self.compare(accepted, all(pattern.search(text) for pattern in patterns), (case, text))
        self.finish(least=2000)

    def test_schemas_mean_what_the_validator_means(self):
        all_cases = cases("ddls")
        self.assertGreaterEqual(len(all_cases), 300)
        for case in all_cases[::10]:
            jsonschema.Draft202012Validator.check_schema(case["schema"])
        for case in all_cases:
            schema = case["schema"]
            request = jsonschema.Draft202012Validator(schema)
            inputs = jsonschema.Draft202012Validator(schema["$defs"]["act.input"])
            for number, (value, accepted) in enumerate(case["inputs"]):
                about = (value, schema["$defs"]["act.input"])
                self.compare(accepted, inputs.is_valid(value), about)
                if number % 5 == 0:
                    self.compare(accepted, request.is_valid({"action": "act", "inputs": value}), about)
            outputs = jsonschema.Draft202012Validator(schema["$defs"]["act.output"])
            for value, accepted in case["outputs"]:
                self.compare(accepted, outputs.is_valid(value), (value, schema["$defs"]["act.output"]))
        self.finish(least=2500)


if __name__ == "__main__":
    unittest.main()
