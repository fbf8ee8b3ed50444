# Imports, presets, warnings and `check --format json` as a user of the command line meets them.
# The rules themselves are tested with the front end (tests/unit/frontend).
import json
import unittest

import deqc

FIELD = "field decay(t; x; k = 1) { x' = -k*x }\n"
SOLVE = "solve decay {\n  span 0 to 1\n  init x = 1\n%s}\n"
UNUSED = "field f(t; x; a = 1) { x' = -x }\nsolve f {\n  span 0 to 1\n  init x = 1\n}\n"


class Imports(deqc.DeqcTest):
    def test_a_field_and_a_preset_of_another_folder(self):
        (self.folder / "lib").mkdir()
        self.source("import \"more.deq\"\n" + FIELD + SOLVE % "", "lib/fields.deq")
        self.source("preset fixed {\n  control constant(dt = 0.125)\n}\n", "lib/more.deq")
        case = self.source('import "lib/fields.deq"\n' + SOLVE % "  preset fixed\n")
        self.assertEqual(self.json("run", case)["stats"]["accepted"], 8)
        whole = self.folder / case
        self.assertEqual(self.json("run", whole)["stats"]["accepted"], 8)

    def test_errors_name_the_imported_file(self):
        (self.folder / "lib").mkdir()
        self.source("# one\nfield decay(t; x) { x' = rh }\n", "lib/f.deq")
        run = self.deqc("run", self.source('import "lib/f.deq"\n' + SOLVE % ""), status=2)
        self.assertEqual(run.stderr, "lib/f.deq:2:26: error: unknown name 'rh' [unknown-name]\n"
                                     "field decay(t; x) { x' = rh }\n" + " "*25 + "^\n")

    def test_what_cannot_be_read(self):
        case = self.source('import "gone.deq"\n' + FIELD + SOLVE % "")
        for command in ("run", "check", "compile"):
            run = self.deqc(command, case, status=2)
            self.assertIn("case.deq:1:8: error: cannot read 'gone.deq': no such file", run.stderr)
        case = self.source('import "."\n' + FIELD + SOLVE % "")
        self.assertIn("expected a regular file", self.deqc("check", case, status=2).stderr)

    def test_a_cycle(self):
        self.source('import "case.deq"\n', "b.deq")
        case = self.source('import "b.deq"\n' + FIELD + SOLVE % "")
        for name in (case, "./" + case, self.folder / case):
            run = self.deqc("check", name, status=2)
            self.assertIn("b.deq:1:8: error: 'case.deq' imports itself, by way of others",
                          run.stderr)
            self.assertNotIn("twice", run.stderr)


class Presets(deqc.DeqcTest):
    def builtin(self):
        lines = self.deqc("list", "presets").stdout.splitlines()[1:]
        return [line.split()[0] for line in lines]

    def test_every_built_in_preset_runs(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        names = self.builtin()
        self.assertGreaterEqual(len(names), 6)
        reference = self.json("run", case, "--rtol", "1e-10", "--atol", "1e-10")["y"]
        for name in names:
            result = self.json("run", case, "--preset", name)
            self.assertEqual(result["status"], "success", name)
            for leaf in "xy":
                self.assertAlmostEqual(result["y"][leaf][-1], reference[leaf][-1], delta=0.2,
                                       msg=name)
            text = deqc.LOTKA_VOLTERRA.replace("  save", f"  preset {name}\n  save")
            self.assertEqual(self.json("run", self.source(text, "named.deq"))["y"], result["y"])

    def test_presets_choose_different_steps(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        steps = {name: self.json("run", case, "--preset", name)["stats"]["steps"]
                 for name in self.builtin()}
        self.assertGreaterEqual(len(set(steps.values())), 4, steps)

    def test_the_option_replaces_the_one_of_the_file(self):
        text = ("preset slow {\n  control constant(dt = 0.125)\n}\n"
                "preset fast {\n  control constant(dt = 0.5)\n}\n" + FIELD)
        case = self.source(text + SOLVE % "  preset slow\n")
        self.assertEqual(self.json("run", case)["stats"]["accepted"], 8)
        self.assertEqual(self.json("run", case, "--preset", "fast")["stats"]["accepted"], 2)
        self.assertEqual(self.json("run", case, "--preset", "fast", "--dt", "0.25")["stats"]
                         ["accepted"], 4)
        case = self.source(text + SOLVE % "  preset slow\n  control constant(dt = 0.25)\n")
        self.assertEqual(self.json("run", case, "--preset", "fast")["stats"]["accepted"], 4)
        run = self.deqc("run", case, "--preset", "fats", status=2)
        self.assertIn("--preset: unknown preset 'fats'; did you mean 'fast'?", run.stderr)

    def test_a_dump_takes_none(self):
        self.deqc("compile", self.source(FIELD + SOLVE % ""), "--emit=loop", "-o", "a.mlir")
        run = self.deqc("run", "a.mlir", "--preset", "julia", status=2)
        self.assertIn("[compiled-in]", run.stderr)


class ListedSteps(deqc.DeqcTest):
    def test_of_a_dump_are_held_against_its_span(self):
        text = deqc.DECAY.replace("constant(dt = 0.01)", "step_to([0, 0.25, 1])\n  save steps 1")
        rows = self.deqc("run", self.source(text)).stdout
        self.assertEqual([row.split(",")[0] for row in rows.split()], ["t", "0.25", "1"])
        self.deqc("compile", self.source(text), "--emit=step", "-o", "a.mlir")
        self.assertEqual(self.deqc("run", "a.mlir").stdout, rows)
        self.assertIn("expected 0.5 of the span as the last time, got 1",
                      self.deqc("run", "a.mlir", "--to", "0.5", status=2).stderr)
        self.assertIn("--dt: has no meaning beside step_to",
                      self.deqc("run", "a.mlir", "--dt", "0.1", status=2).stderr)


class Tolerances(deqc.DeqcTest):
    def steps(self, option, *arguments):
        text = deqc.LOTKA_VOLTERRA.replace("  save", f"  control pid({option})\n  save")
        return self.json("run", self.source(text), *arguments)["stats"]["steps"]

    def test_each_leaf_has_its_own(self):
        tight, loose = self.steps("rtol = 0, atol = 1e-8"), self.steps("rtol = 0, atol = 1e-2")
        same = self.steps("rtol = 0, atol = {x: 1e-8, y: 1e-8}")
        one = self.steps("rtol = 0, atol = {x: 1e-8, y: 1e-2}")
        self.assertEqual(same, tight)
        self.assertLess(loose, one)
        self.assertLess(one, tight)

    def test_the_option_replaces_all_of_them(self):
        expected = self.steps("rtol = 0, atol = 1e-2")
        self.assertEqual(self.steps("rtol = 0, atol = {x: 1e-8}", "--atol", "1e-2"), expected)

    def test_stats_show_them(self):
        text = deqc.LOTKA_VOLTERRA.replace("  save", "  control pid(atol = {y: 0.5})\n  save")
        self.assertIn("atol {x: 1e-09, y: 0.5}",
                      self.deqc("run", self.source(text), "--stats").stderr)


class Warnings(deqc.DeqcTest):
    LINE = "case.deq:1:15: warning: argument 'a' is not used [unused-name]"

    def test_are_shown_by_every_command_and_are_no_failure(self):
        case = self.source(UNUSED)
        for command in ("run", "check", "compile"):
            run = self.deqc(command, case)
            self.assertEqual(run.stderr.splitlines()[0], self.LINE)
            self.assertNotIn("warning", run.stdout)

    def test_quiet_hides_them(self):
        case = self.source(UNUSED)
        for command in ("run", "compile", "check"):
            self.assertEqual(self.deqc(command, case, "--quiet").stderr, "")

    def test_are_not_said_of_a_source_with_errors(self):
        run = self.deqc("run", self.source(UNUSED + "field g(t; y) { y' = q }\n"), status=2)
        self.assertNotIn("warning", run.stderr)
        self.assertIn("unknown name 'q'", run.stderr)

    def test_are_not_said_of_dumps_and_imported_files(self):
        self.deqc("compile", self.source(UNUSED), "--emit=field", "-o", "a.mlir")
        self.assertEqual(self.deqc("run", "a.mlir").stderr, "")
        main = self.source('import "case.deq"\nsolve f {\n  span 0 to 1\n  init x = 1\n}\n', "m.deq")
        self.assertEqual(self.deqc("run", main).stderr, "")

    def test_a_tolerance_below_the_precision(self):
        case = self.source(FIELD + SOLVE % "")
        run = self.deqc("run", case, "--dtype", "f32", "--rtol", "1e-8")
        self.assertIn("warning: --rtol: rtol = 1e-08 is below what f32 resolves", run.stderr)
        self.assertEqual(self.deqc("run", case, "--rtol", "1e-8").stderr, "")


class CheckJson(deqc.DeqcTest):
    def found(self, text, status=0):
        run = self.deqc("check", self.source(text), "--format", "json", status=status)
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.stdout.count("\n"), 1)
        return json.loads(run.stdout)

    def test_a_good_source(self):
        self.assertEqual(self.found(FIELD), {"file": "case.deq", "diagnostics": []})

    def test_keys_and_their_order(self):
        result = self.found("field f(t; x; a) {\n  a = 1\n  x' = a\n}\n", status=2)
        self.assertEqual(list(result), ["file", "diagnostics"])
        note = {"file": "case.deq", "line": 1, "column": 15, "severity": "note", "id": "",
                "message": "declared here", "notes": []}
        entry = {"file": "case.deq", "line": 2, "column": 3, "severity": "error",
                 "id": "name-clash", "message": "'a' is already the name of an argument",
                 "notes": [note]}
        self.assertEqual(result["diagnostics"], [entry])
        self.assertEqual(list(result["diagnostics"][0]), list(entry))

    def test_warnings_are_entries_and_no_failure(self):
        entry, = self.found(UNUSED)["diagnostics"]
        self.assertEqual((entry["severity"], entry["id"]), ("warning", "unused-name"))

    def test_all_errors_of_all_files(self):
        self.source("\nfield g(t; y) { y' = b }\n", "g.deq")
        entries = self.found('import "g.deq"\nfield f(t; x) { x\' = a + c }\n', 2)["diagnostics"]
        self.assertEqual([(e["file"], e["line"], e["column"]) for e in entries],
                         [("case.deq", 2, 22), ("case.deq", 2, 26), ("g.deq", 2, 22)])

    def test_messages_about_any_bytes_are_valid(self):
        (self.folder / "case.deq").write_bytes(b"field f(t; x) { x' = \xff\xfe \"\x01 }\n")
        run = self.deqc("check", "case.deq", "--format", "json", status=2)
        self.assertTrue(json.loads(run.stdout)["diagnostics"])

    def test_text_is_the_default(self):
        case = self.source(deqc.UNKNOWN_NAME)
        plain = self.deqc("check", case, status=2)
        self.assertEqual(self.deqc("check", case, "--format", "text", status=2).stderr,
                         plain.stderr)
        self.assertEqual(plain.stdout, "")
        self.assertIn("expected one of text, json, got 'csv'",
                      self.deqc("check", case, "--format", "csv", status=2).stderr)

    def test_a_source_that_cannot_be_read(self):
        run = self.deqc("check", "gone.deq", "--format", "json", status=3)
        self.assertIn("cannot read 'gone.deq'", run.stderr)


if __name__ == "__main__":
    unittest.main()
