# Overrides of `run`, and the commands compile, check and list.
# What an override changes is seen in the result, not in a message.
import math
import unittest

import deqc

STAGES = ("field", "loop", "step", "fused", "unpacked", "llvm-dialect", "llvm", "asm", "obj")


class Overrides(deqc.DeqcTest):
    def end(self, *arguments):
        result = self.json("run", self.source(deqc.DECAY), *arguments)
        return result["t"][-1], result["y"]["y"][-1]

    def test_set_changes_arguments_and_initial_values(self):
        t, y = self.end("--set", "k=2", "--set", "y=3")
        self.assertEqual(t, 1)
        self.assertAlmostEqual(y, 3*math.exp(-2), places=6)

    def test_from_and_to_accept_negative_numbers(self):
        t, y = self.end("--from", "-1", "--to", "-0.5")
        self.assertEqual(t, -0.5)
        self.assertAlmostEqual(y, math.exp(-0.5), places=6)

    def test_dt_is_the_step_of_constant_control(self):
        case = self.source(deqc.DECAY)
        for dt, steps in (("0.1", 10), ("0.05", 20)):
            self.assertEqual(self.json("run", case, "--dt", dt)["stats"]["accepted"], steps)

    def test_save_replaces_the_plan(self):
        result = self.json("run", self.source(deqc.DECAY), "--save", "every 0.25")
        self.assertEqual(result["t"], [0, 0.25, 0.5, 0.75, 1])

    def test_tolerances_cost_steps(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        loose = self.json("run", case, "--rtol", "1e-3", "--atol", "1e-3")["stats"]["steps"]
        tight = self.json("run", case, "--rtol", "1e-9", "--atol", "1e-9")["stats"]["steps"]
        self.assertGreater(tight, 2*loose)

    def test_method_is_used(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        run = self.deqc("run", case, "--method", "dopri5", "--stats")
        self.assertIn("dopri5", run.stderr)

    def test_backends_and_stages_agree(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        native = self.deqc("run", case).stdout
        for option in (["--stages", "scan"], ["--stages", "unroll"], ["--backend", "interp"]):
            self.assertEqual(self.deqc("run", case, *option).stdout, native, option)


class Compile(deqc.DeqcTest):
    def test_every_stage_is_printed(self):
        case = self.source(deqc.DECAY)
        for stage in STAGES[:-1]:
            self.assertNotEqual(self.deqc("compile", case, f"--emit={stage}").stdout, "", stage)

    def test_object_file(self):
        case = self.source(deqc.DECAY)
        self.deqc("compile", case, "--emit=obj", "-o", "a.o")
        self.deqc("compile", case, "-o", "b.o")
        first, second = ((self.folder / name).read_bytes() for name in ("a.o", "b.o"))
        self.assertTrue(first.startswith(b"\x7fELF"))
        self.assertEqual(first, second)

    def test_stage_by_extension(self):
        case = self.source(deqc.DECAY)
        for stage, name in (("llvm", "a.ll"), ("asm", "a.s")):
            self.deqc("compile", case, "-o", name)
            self.assertEqual(self.read(name), self.deqc("compile", case, "--emit", stage).stdout)

    def test_time_report(self):
        run = self.deqc("compile", self.source(deqc.DECAY), "--emit=llvm", "--time-report")
        self.assertIn("total", run.stderr)

    def test_source_errors(self):
        run = self.deqc("compile", self.source(deqc.UNKNOWN_NAME), status=2)
        self.assertIn("case.deq:4:14: error: ", run.stderr)
        self.assertEqual(run.stdout, "")


class CheckAndList(deqc.DeqcTest):
    def test_check_is_silent_about_a_good_source(self):
        for text in (deqc.DECAY, deqc.LOTKA_VOLTERRA, deqc.ARRAYS):
            run = self.deqc("check", self.source(text))
            self.assertEqual((run.stdout, run.stderr), ("", ""))

    def test_check_reports_errors(self):
        run = self.deqc("check", self.source(deqc.UNKNOWN_NAME), status=2)
        self.assertIn("case.deq:4:14: error: ", run.stderr)

    def test_lists(self):
        for topic, words in (("methods", ("tsit5", "rk4", "5(4)")), ("stages", STAGES),
                             ("functions", ("sqrt", "atan2", "concat")), ("controllers", ("pid", "constant", "step_to"))):
            names = self.deqc("list", topic).stdout.split()
            self.assertEqual(names[0], "name")
            for word in words:
                self.assertIn(word, names)


if __name__ == "__main__":
    unittest.main()
