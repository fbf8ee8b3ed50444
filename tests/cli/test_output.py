# The data of `deqc run` besides JSON: CSV, the table, and where each of them goes.
# Data and messages never share a stream.
import os
import pty
import re
import unittest

import deqc


class Output(deqc.DeqcTest):
    def test_csv_to_a_pipe(self):
        lines = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA)).stdout.splitlines()
        self.assertEqual(lines[0], "t,x,y")
        self.assertEqual(lines[1], "0,10,5")
        self.assertEqual(len(lines), 22)

    def test_csv_columns_of_arrays(self):
        lines = self.deqc("run", self.source(deqc.ARRAYS)).stdout.splitlines()
        self.assertEqual(lines[0], "t,a,q[0][0],q[0][1],q[0][2],q[1][0],q[1][1],q[1][2]")
        self.assertEqual(lines[1], "0,1,2,3,4,5,6,7")

    def test_csv_and_json_hold_the_same_numbers(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        result = self.json("run", case)
        rows = [line.split(",") for line in self.deqc("run", case).stdout.splitlines()[1:]]
        self.assertEqual([float(row[0]) for row in rows], result["t"])
        self.assertEqual([float(row[2]) for row in rows], result["y"]["y"])

    def test_o_chooses_the_format_by_extension(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        for name, start in (("a.json", '{"solve":'), ("a.csv", "t,x,y\n"), ("a.txt", "t,x,y\n")):
            run = self.deqc("run", case, "-o", name)
            self.assertEqual((run.stdout, run.stderr), ("", ""))
            self.assertTrue(self.read(name).startswith(start))
        self.deqc("run", case, "-o", "b.csv", "--format", "json")
        self.assertTrue(self.read("b.csv").startswith('{"solve":'))
        self.assertEqual(self.left_over(), ["a.csv", "a.json", "a.txt", "b.csv"])

    def test_o_replaces_a_file_and_keeps_its_mode_and_links(self):
        case = self.source(deqc.DECAY)
        old = self.folder / "old.csv"
        old.write_text("precious")
        old.chmod(0o640)
        (self.folder / "link.csv").symlink_to("old.csv")
        self.deqc("run", case, "-o", "link.csv")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertTrue(self.read("old.csv").startswith("t,y\n"))
        self.assertEqual(old.stat().st_mode & 0o777, 0o640)

    def test_a_failed_run_leaves_the_old_file_alone(self):
        (self.folder / "old.csv").write_text("precious")
        self.deqc("run", self.source(deqc.UNKNOWN_NAME), "-o", "old.csv", status=2)
        self.assertEqual(self.read("old.csv"), "precious")

    def test_the_table_is_short(self):
        run = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--format", "table")
        self.assertEqual(len(run.stdout.splitlines()), 9)
        self.assertEqual(run.stdout.split()[:3], ["t", "x", "y"])
        self.assertIn("14 rows more", run.stdout)
        self.assertIn("success, 21 rows", run.stderr)

    def test_quiet_keeps_the_data_only(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        run = self.deqc("run", case, "--format", "table", "--quiet")
        self.assertEqual(run.stderr, "")
        self.assertEqual(len(run.stdout.splitlines()), 9)

    def test_a_terminal_gets_the_table(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        try:
            master, terminal = pty.openpty()
        except OSError as reason:
            self.skipTest(f"no pseudo-terminals here: {reason}")
        self.deqc("run", case, stdout=terminal)
        shown = os.read(master, 65536).decode()
        os.close(terminal)
        os.close(master)
        self.assertIn("rows more", shown)

    def test_stats_name_what_decides_the_steps(self):
        def control(old, new, *options):
            text = deqc.DECAY.replace(old, new)
            stats = self.deqc("run", self.source(text), "--stats", *options).stderr
            return re.search("^control +(.*)$", stats, re.MULTILINE).group(1)

        constant = "constant(dt = 0.01)"
        self.assertEqual(control("", ""), "constant: dt 0.01")
        self.assertEqual(control(constant, constant + "\n  dt <= y"),
                         "constant: dt 0.01, dt <= limit of the solve")
        self.assertEqual(control(constant, "step_to([0, 0.1, 1])"),
                         "step_to: steps end at listed times only")
        pid = control(constant, "pid(weights = {y: 0.5})", "--method", "tsit5")
        self.assertIn("weights {y: 0.5}", pid)

    def test_stats_show_every_setting(self):
        run = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--stats", "--rtol", "1e-5")
        self.assertTrue(run.stdout.startswith("t,x,y\n"))
        for word in ("success", "accepted", "evaluations", "tsit5", "pid", "rtol 1e-05",
                     "atol 1e-09", "max_steps", "1000000", "every 0.5", "0 to 10", "alpha = 1.5",
                     "dt auto", "unroll"):
            self.assertIn(word, run.stderr)

    def test_time_report_lists_phases(self):
        run = self.deqc("run", self.source(deqc.DECAY), "--time-report")
        for word in ("phase", "ms", "operations", "parse", "total"):
            self.assertIn(word, run.stderr)


if __name__ == "__main__":
    unittest.main()
