# How deqc ends: exit statuses, interruption, and that data is delivered whatever the status.
# Scripts branch on these numbers.
import json
import pathlib
import signal
import subprocess
import time
import unittest

import deqc

ENDLESS = ("--dt", "1e-9", "--to", "1e6", "--max-steps", str(10**16))


class Status(deqc.DeqcTest):
    def test_0_solved(self):
        run = self.deqc("run", self.source(deqc.DECAY))
        self.assertEqual(run.stderr, "")

    def test_0_solved_with_steps_limited_by_stability(self):
        case, warning = self.source(deqc.STIFF), "[limited-by-stability]"
        loud, quiet = self.deqc("run", case), self.deqc("run", case, "--quiet")
        self.assertEqual(loud.stderr.count(warning), 1)
        self.assertEqual((quiet.stderr, quiet.stdout), ("", loud.stdout))
        self.assertRegex(self.deqc("run", case, "--stats").stderr,
                         r"\nstability +[0-9]+ % of sampled steps\n")
        self.assertRegex(self.deqc("run", case, "--stats", "--method", "bosh3").stderr,
                         r"\nstability +not sampled\n")

    def test_1_steps_that_run_out_for_want_of_stability(self):
        run = self.deqc("run", self.source(deqc.STIFF), "--max-steps", 300, status=1)
        self.assertIn("max_steps_reached", run.stderr)
        self.assertIn("[limited-by-stability]", run.stderr)

    def test_1_a_limit_that_leaves_steps_no_length(self):
        text = deqc.DECAY.replace("method rk4", "method rk4\n  dt <= 0.25 - t\n  save steps 1")
        run = self.deqc("run", self.source(text), status=1)
        self.assertIn("step_underflow at t = 0.25", run.stderr)
        self.assertIn("or 'dt <=' leaves it no length", run.stderr)

    def test_1_max_steps_with_the_rows_so_far(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        result = self.json("run", case, "--max-steps", 20, status=1)
        self.assertEqual(result["status"], "max_steps_reached")
        self.assertEqual(result["stats"]["steps"], 20)
        self.assertEqual(result["failure"]["step"], 20)
        self.assertEqual(result["y"]["x"][0], 10)
        self.assertEqual(len(result["t"]), len(result["y"]["x"]))

    def test_1_says_why_on_standard_error(self):
        run = self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--max-steps", 20, status=1)
        self.assertIn("max_steps_reached", run.stderr)
        self.assertIn("step 20", run.stderr)
        self.assertTrue(run.stdout.startswith("t,x,y\n"))

    def test_2_source_error_is_located_and_nothing_is_written(self):
        run = self.deqc("run", self.source(deqc.UNKNOWN_NAME), "-o", "out.csv", status=2)
        self.assertIn("case.deq:4:14: error: ", run.stderr)
        self.assertIn("'rh'", run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertEqual(self.left_over(), [])

    def test_2_several_solves_need_a_choice(self):
        case = self.source(deqc.TWO_SOLVES)
        run = self.deqc("run", case, status=2)
        self.assertIn("error: ", run.stderr)
        self.assertEqual(self.json("run", case, "--solve", "decay")["solve"], "decay")

    def test_2_unknown_names_in_overrides(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.assertIn("omega", self.deqc("run", case, "--set", "omega=1", status=2).stderr)
        self.assertIn("rk45x", self.deqc("run", case, "--method", "rk45x", status=2).stderr)
        self.assertIn("error: ", self.deqc("run", case, "--save", "sometimes", status=2).stderr)

    def test_2_span_without_end(self):
        run = self.deqc("run", self.source(deqc.DECAY), "--from", -1e308, "--to", 1e308, status=2)
        self.assertIn("error: ", run.stderr)
        self.assertEqual(run.stdout, "")

    def test_3_missing_source(self):
        for command in ("run", "compile", "check"):
            run = self.deqc(command, "missing.deq", status=3)
            self.assertIn("cannot read 'missing.deq': No such file or directory", run.stderr)
            self.assertEqual(run.stdout, "")

    def test_3_folder_as_source(self):
        self.assertIn("Is a directory", self.deqc("run", ".", status=3).stderr)

    def test_3_output_in_a_missing_folder(self):
        run = self.deqc("run", self.source(deqc.DECAY), "-o", "no/where.csv", status=3)
        self.assertIn("cannot write 'no/where.csv': No such file or directory", run.stderr)

    def test_3_full_disk(self):
        case = self.source(deqc.DECAY)
        run = self.deqc("run", case, "-o", "/dev/full", status=3)
        self.assertIn("cannot write '/dev/full': No space left on device", run.stderr)
        with open("/dev/full", "w") as full:
            for line in (["run", case], ["list", "methods"], ["--help"], ["compile", case]):
                run = self.deqc(*line, status=3, stdout=full)
                self.assertIn("cannot write standard output: No space left", run.stderr)

    def test_3_reader_gone(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        process = self.start("run", case, "--save", "every 0.0001", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        process.stdout.read(10)
        process.stdout.close()
        self.assertIn("Broken pipe", process.stderr.read())
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 3)

    def wait_until_it_catches_sigint(self, process):
        """That is: until it solves. Then lets it solve for a moment."""
        deadline = time.monotonic() + 60
        bit = 1 << (signal.SIGINT - 1)
        while time.monotonic() < deadline and process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            if int(status.split("SigCgt:")[1].split()[0], 16) & bit:
                time.sleep(0.3)
                return
            time.sleep(0.01)
        self.fail("deqc never got to solve: " + process.communicate()[1])

    def interrupt(self, *arguments):
        process = self.start("run", self.source(deqc.DECAY), *ENDLESS, *arguments,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.wait_until_it_catches_sigint(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        return out, err

    def test_130_interrupted_with_the_state_reached(self):
        out, _ = self.interrupt("--format", "json", "--save", "start")
        result = json.loads(out)
        self.assertEqual(result["status"], "interrupted")
        self.assertEqual(result["t"][0], 0)
        self.assertGreater(result["t"][-1], 0)
        self.assertGreater(result["stats"]["steps"], 0)
        self.assertEqual(result["failure"]["component"], "")

    def test_130_writes_the_file_that_was_asked_for(self):
        out, err = self.interrupt("-o", "out.csv")
        self.assertEqual(out, "")
        self.assertIn("interrupted", err)
        self.assertTrue(self.read("out.csv").startswith("t,y\n"))
        self.assertEqual(self.left_over(), ["out.csv"])


if __name__ == "__main__":
    unittest.main()
