# Going on from a file of --save-state: same rows as one run, and what is said of files that do not
# fit. Which bits a state has to keep is tested in tests/accuracy/CheckpointTest.cpp.
import json
import subprocess
import unittest

import deqc

KICKED = """\
field pendulum(t; angle, speed; drag = 0.1) {
  angle' = speed
  speed' = -9.81*sin(angle) - drag*speed + (if t < 1.3 then 0 else 0.5)
}
solve pendulum {
  span 0 to 4
  init angle = 1, speed = 0
  jump_at [1.3]
  save every 0.25
}
"""


class Resume(deqc.DeqcTest):
    def setUp(self):
        super().setUp()
        self.source(KICKED, "p.deq")

    def rows(self, *options, status=0):
        result = self.json("run", "p.deq", *options, status=status)
        return list(zip(result["t"], result["y"]["angle"], result["y"]["speed"])), result

    def test_parts_are_the_whole(self):
        for method in ("tsit5", "vern9", "velocity_verlet"):
            options = ["--method", method]
            source = KICKED
            if method == "velocity_verlet":
                source = KICKED.replace("- drag*speed", "- drag").replace(
                    "  jump_at", "  control constant(dt = 0.01)\n  jump_at")
            self.source(source, "p.deq")
            self.source(source.replace("jump_at [1.3]", "jump_at [1.3]\n  step_at [1, 2.5]"), "whole.deq")
            first, _ = self.rows("--to", "1", "--save-state", "a.json", *options)
            second, _ = self.rows("--to", "2.5", "--resume", "a.json", "--save-state", "b.json", *options)
            third, parts = self.rows("--resume", "b.json", *options)
            whole = self.json("run", "whole.deq", *options)
            expected = list(zip(whole["t"], whole["y"]["angle"], whole["y"]["speed"]))
            self.assertEqual(first + second + third, expected, method)
            self.assertEqual(parts["stats"], whole["stats"], method)

    def test_listed_steps_go_on_with_further_times(self):
        def listed(times):
            self.source(KICKED.replace("save every 0.25", f"method rk4\n  control step_to({times})\n"
                                                          "  save steps 1"), "p.deq")
        listed("[0, 0.1, 0.4, 1]")
        first, _ = self.rows("--to", "1", "--save-state", "a.json")
        listed("[0, 0.1, 0.4, 1, 1.9, 3.5, 4]")
        second, parts = self.rows("--resume", "a.json")
        whole, expected = self.rows()
        self.assertEqual(first + second, whole)
        self.assertEqual(parts["stats"], expected["stats"])
        # Anew, the list begins where the state is.
        done = self.deqc("run", "p.deq", "--resume", "a.json", "--set", "drag=0.2")
        self.assertIn("steps start anew at t = 1", done.stderr)
        self.assertEqual([line.split(",")[0] for line in done.stdout.split()[1:]],
                         ["1.3", "1.8999999999999999", "3.5", "4"])

    def test_after_max_steps(self):
        whole, expected = self.rows()
        first, short = self.rows("--max-steps", "20", "--save-state", "a.json", status=1)
        self.assertEqual(short["status"], "max_steps_reached")
        second, rest = self.rows("--resume", "a.json")
        self.assertEqual(rest["stats"], expected["stats"])
        self.assertEqual(second, whole[-len(second):])

    def test_state_is_readable(self):
        self.rows("--to", "1", "--save-state", "a.json")
        state = json.loads(self.read("a.json"))
        self.assertEqual((state["deq_state"], state["t"], state["status"]), (1, 1, "success"))
        self.assertEqual([leaf["name"] for leaf in state["leaves"]], ["angle", "speed"])
        self.assertEqual(len(state["y"]), 2)

    def test_another_solve_starts_anew_and_says_so(self):
        self.rows("--to", "1", "--save-state", "a.json")
        for options in (["--method", "dopri5"], ["--set", "drag=0.2"], ["--dtype", "f32"]):
            done = self.deqc("run", "p.deq", "--resume", "a.json", *options)
            self.assertIn("steps start anew at t = 1", done.stderr)
            self.assertTrue(done.stdout.splitlines()[1].startswith("1,"), options)
            done = self.deqc("run", "p.deq", "--quiet", "--resume", "a.json", *options)
            self.assertEqual(done.stderr, "")

    def misuse(self, *options, status=2):
        done = self.deqc("run", "p.deq", *options, status=status)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_misuse(self):
        self.rows("--to", "2", "--save-state", "a.json")
        self.assertIn("expected no --from", self.misuse("--resume", "a.json", "--from", "1"))
        self.assertIn("expected no --set angle", self.misuse("--resume", "a.json", "--set", "angle=1"))
        self.assertIn("beyond the end of the span at 1", self.misuse("--resume", "a.json", "--to", "1"))
        self.misuse("--resume", "missing.json", status=3)
        self.misuse("--save-state", "no/such/folder/a.json", status=3)
        self.source(KICKED.replace("angle", "phi"), "p.deq")
        self.assertIn("its state has other leaves", self.misuse("--resume", "a.json"))

    def test_dumps_keep_no_states(self):
        dump = self.deqc("compile", "p.deq", "--emit", "unpacked")
        self.source(dump.stdout, "p.mlir")
        done = self.deqc("run", "p.mlir", "--save-state", "a.json", status=2)
        self.assertIn("expected a source; this code keeps no state to go on from", done.stderr)

    def test_damaged_files(self):
        self.rows("--to", "1", "--save-state", "a.json")
        good = self.read("a.json")
        state = json.loads(good)
        damaged = [good[:n] for n in range(0, len(good) - 2, 997)]
        for key in state:
            for value in (None, "x", -1, [], {}, [1], ["zz"], 1e300):
                damaged.append(json.dumps({**state, key: value}))
            damaged.append(json.dumps({k: v for k, v in state.items() if k != key}))
        damaged.append("[" * 100000)
        for text in damaged:
            self.source(text, "bad.json")
            process = self.start("run", "p.deq", "--resume", "bad.json", stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
            _, said = process.communicate(timeout=60)
            # What is only for reading, or says that it is another solve's, may be anything.
            self.assertIn(process.returncode, (0, 2), text[:200] + said)
            if process.returncode == 2:
                self.assertIn("bad.json", said)


if __name__ == "__main__":
    unittest.main()
