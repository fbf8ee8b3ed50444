# The JSON object of `deqc run`: keys, order, shapes, numbers.
# Scripts depend on it, so a change here is a change of contract (docs/cli.md).
import math
import re
import unittest

import deqc

KEYS = ["solve", "status", "message", "failure", "event", "t", "y", "saved", "plans", "stats", "compile",
        "run_ms"]


class Json(deqc.DeqcTest):
    def test_keys_and_their_order(self):
        result = self.json("run", self.source(deqc.LOTKA_VOLTERRA))
        self.assertEqual(list(result), KEYS)
        self.assertEqual(list(result["stats"]), ["steps", "accepted", "rejected", "evaluations"])
        self.assertEqual(list(result["compile"]), ["cache", "reason", "ms", "stages"])

    def test_a_solved_problem(self):
        result = self.json("run", self.source(deqc.LOTKA_VOLTERRA))
        self.assertEqual(result["solve"], "lotka_volterra")
        self.assertEqual((result["status"], result["message"]), ("success", ""))
        self.assertIsNone(result["failure"])
        self.assertIsNone(result["event"])
        self.assertEqual((result["saved"], result["plans"]), ({}, {}))
        self.assertEqual(result["t"], [0.5 * i for i in range(21)])
        self.assertEqual(list(result["y"]), ["x", "y"])
        self.assertEqual((result["y"]["x"][0], result["y"]["y"][0]), (10, 5))
        self.assertTrue(all(len(column) == 21 for column in result["y"].values()))

    def test_statistics_add_up(self):
        stats = self.json("run", self.source(deqc.LOTKA_VOLTERRA))["stats"]
        self.assertEqual(stats["steps"], stats["accepted"] + stats["rejected"])
        self.assertGreater(stats["accepted"], 0)
        self.assertGreater(stats["evaluations"], stats["steps"])

    def test_compile_report(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        for stages in ("unroll", "scan"):
            report = self.json("run", case, "--stages", stages)
            self.assertEqual(report["compile"]["cache"], "miss")
            self.assertEqual(report["compile"]["reason"], "first compile here")
            self.assertEqual(report["compile"]["stages"], stages)
            self.assertGreater(report["compile"]["ms"], 0)
            self.assertGreater(report["run_ms"], 0)

    def test_array_leaves_are_nested_per_row(self):
        result = self.json("run", self.source(deqc.ARRAYS))
        self.assertEqual(list(result["y"]), ["a", "q"])
        self.assertEqual(len(result["y"]["a"]), 3)
        self.assertEqual(result["y"]["q"][0], [[2, 3, 4], [5, 6, 7]])
        self.assertEqual([len(row) for row in result["y"]["q"][2]], [3, 3])
        self.assertAlmostEqual(result["y"]["q"][2][1][2], 7*math.exp(-1), places=4)

    def test_numbers_bring_every_bit_back(self):
        text = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--format", "json").stdout
        for number in re.findall(r"[-0-9.e+]+", text[text.index('"y"'):text.index('"saved"')]):
            self.assertEqual("%.17g" % float(number), number)

    def test_f32_numbers_have_nine_digits(self):
        text = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--dtype", "f32",
                         "--rtol", "1e-4", "--atol", "1e-4", "--format", "json").stdout
        for number in re.findall(r"[-0-9.e+]+", text[text.index('"y"'):text.index('"saved"')]):
            self.assertEqual("%.9g" % float(number), number)

    def test_one_object_on_one_line(self):
        text = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--format", "json").stdout
        self.assertEqual(text.count("\n"), 1)
        self.assertTrue(text.endswith("}\n"))

    def test_a_failure_names_time_step_and_component(self):
        result = self.json("run", self.source(deqc.BLOWUP), status=1)
        self.assertNotIn(result["status"], ("success", "stopped"))
        self.assertNotEqual(result["message"], "")
        self.assertEqual(list(result["failure"]), ["t", "step", "component"])
        self.assertAlmostEqual(result["failure"]["t"], 1, delta=0.1)
        self.assertEqual(result["failure"]["step"], result["stats"]["steps"])
        self.assertEqual(result["failure"]["component"], "x")


if __name__ == "__main__":
    unittest.main()
