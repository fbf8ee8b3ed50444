# Reports of a run and of its compile, as text and as JSON.
# They are for finding out why something is slow, so their numbers have to fit together.
import json

import deqc

LABELS = ("per step", "work", "speed", "latency")


class Reports(deqc.DeqcTest):
    def report(self, *arguments):
        """The report of a run in JSON, from its data."""
        return self.json("run", *arguments)["report"]

    def test_stats_say_what_a_step_takes_and_does(self):
        text = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--stats").stderr
        lines = {line[:12].strip(): line[13:] for line in text.splitlines()}
        self.assertRegex(lines["per step"], r"^[\d.e+]+ ns, 6(\.\d+)? evaluations$")
        self.assertRegex(lines["work"], r"^\d+ FLOP per step: \d+ additions, ")
        self.assertRegex(lines["speed"], r"^[\d.e+]+ GFLOP/s, ")

    def test_json_of_stats_is_part_of_the_object(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        run = self.deqc("run", case, "--format", "json", "--stats=json")
        self.assertEqual(run.stderr, "")
        result = json.loads(run.stdout)
        self.assertEqual(list(result)[-1], "report")
        self.assertEqual(list(result["report"]), ["run"])
        report = result["report"]["run"]
        self.assertEqual(list(report),
                         ["solve", "ms", "ns_per_step", "evaluations_per_step", "work", "machine",
                          "gflops", "peak_share", "floor_ns", "floor_share", "settings"])
        self.assertEqual(report["settings"]["stages"], "unroll")
        self.assertIn("tsit5", report["settings"]["method"])

    def test_numbers_of_stats_fit_together(self):
        result = self.json("run", self.source(deqc.LOTKA_VOLTERRA), "--stats=json")
        stats, report = result["stats"], result["report"]["run"]
        work, machine = report["work"], report["machine"]
        self.assertAlmostEqual(report["ns_per_step"] / (1e6*result["run_ms"]/stats["steps"]), 1, 4)
        self.assertAlmostEqual(report["evaluations_per_step"],
                               stats["evaluations"] / stats["steps"], 4)
        self.assertEqual(work["flop"], work["additions"] + work["multiplications"] +
                         2*work["fused_multiply_adds"] + work["divisions"] + work["square_roots"])
        self.assertAlmostEqual(report["gflops"] / (work["flop"] / report["ns_per_step"]), 1, 4)
        if machine is None:
            self.assertIsNone(report["peak_share"])
            return
        self.assertTrue(0.3 < machine["ghz"] < 10, machine)
        # One lane and one unit at the least, 16 lanes and two units at the most.
        self.assertTrue(machine["ghz"] < machine["peak_gflops"] < 64*machine["ghz"], machine)
        self.assertAlmostEqual(report["floor_ns"] / (work["chain_cycles"] / machine["ghz"]), 1, 4)
        self.assertAlmostEqual(report["floor_share"] / (report["floor_ns"] / report["ns_per_step"]),
                               1, 4)
        self.assertTrue(0 < report["peak_share"] < 1, report)

    def test_json_of_the_compile(self):
        report = self.report(self.source(deqc.DECAY), "--time-report=json")
        self.assertEqual(list(report), ["compile"])
        report = report["compile"]
        self.assertEqual(list(report), ["cache", "reason", "ms", "code_bytes", "emission", "phases",
                                        "functions"])
        names = [phase["name"] for phase in report["phases"]]
        self.assertEqual(names[0], "parse")
        self.assertEqual(names[-2:], ["codegen", "link"])
        self.assertLessEqual(sum(phase["ms"] for phase in report["phases"]), 1.001*report["ms"])
        for before, after in zip(report["phases"], report["phases"][1:]):
            self.assertEqual(after["operations_before"], before["operations"])
        kernel, = (f for f in report["functions"] if f["name"] == "deq_solve")
        self.assertEqual(list(kernel), ["name", "instructions", "vector_registers",
                                        "general_registers", "spills", "reloads", "stack_bytes"])
        self.assertGreater(kernel["instructions"], 10)

    def test_json_goes_to_standard_error_beside_other_data(self):
        case = self.source(deqc.DECAY)
        run = self.deqc("run", case, "--stats=json", "--time-report=json")
        self.assertTrue(run.stdout.startswith("t,y\n"))
        self.assertEqual(list(json.loads(run.stderr)["report"]), ["run", "compile"])
        run = self.deqc("compile", case, "--emit=unpacked", "--time-report=json")
        report = json.loads(run.stderr)["report"]["compile"]
        self.assertEqual((report["code_bytes"], report["functions"]), (0, []))
        self.assertEqual(report["phases"][-1]["name"], "unpacked")
        run = self.deqc("compile", case, "--emit=asm", "--time-report=json")
        report = json.loads(run.stderr)["report"]["compile"]
        self.assertEqual(report["code_bytes"], 0)
        self.assertIn("deq_solve", [function["name"] for function in report["functions"]])

    def test_text_stays_on_standard_error(self):
        run = self.deqc("run", self.source(deqc.DECAY), "--format", "json", "--stats=text",
                        "--time-report")
        self.assertNotIn("report", json.loads(run.stdout))
        for word in ("FLOP", "phase", "function", "spills", "deq_solve"):
            self.assertIn(word, run.stderr)

    def test_steps_of_a_resumed_run_are_its_own(self):
        case = self.source(deqc.DECAY)
        self.deqc("run", case, "--to", "0.9", "--save-state", "state.json")
        result = self.json("run", case, "--resume", "state.json", "--stats=json")
        self.assertEqual(result["stats"]["steps"], 100)
        report = result["report"]["run"]
        self.assertAlmostEqual(1e6*report["ms"] / report["ns_per_step"], 10, 2)

    def test_the_interpreter_counts_nothing(self):
        case = self.source(deqc.DECAY)
        report = self.report(case, "--backend", "interp", "--stats=json", "--time-report=json")
        self.assertIsNone(report["run"]["work"])
        self.assertIsNone(report["run"]["gflops"])
        self.assertEqual(report["compile"]["functions"], [])
        self.assertIn("not counted", self.deqc("run", case, "--backend", "interp",
                                               "--stats").stderr)

    def test_other_forms_are_refused(self):
        case = self.source(deqc.DECAY)
        for option in ("--stats", "--time-report"):
            error = self.deqc("run", case, f"{option}=xml", status=2).stderr
            self.assertIn(f"{option}: expected one of text, json, got 'xml'", error)
        # A file behind the bare option is the source.
        self.assertIn("FLOP", self.deqc("run", "--stats", case).stderr)


if __name__ == "__main__":
    deqc.unittest.main()
