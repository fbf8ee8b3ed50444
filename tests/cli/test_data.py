# Values from files: arrays, tables over time, and files of arguments, by what a solve ends with.
# Right-hand sides are chosen so that the end value is an integral or a power that is known exactly.
import math
import struct
import unittest

import deqc

LINEAR = """\
field linear(t; y[d]; w[d,d]; static d) { y' = w @ y }
solve linear {
  span 0 to 1
  init y = file("y.json")
  args w = 0.5*file("w.npy")
  control pid(rtol = 1e-10, atol = 1e-12)
}
"""

# The end value is the integral of u over the span.
INTEGRAL = """\
field integral(t; y; u, c = 0) { y' = u + c }
solve integral {
  span 0 to 4
  init y = 0
  args u = %s
}
"""

GROWTH = """\
field growth(t; x, q[2]; k = 1, m[n] = 1; static n = 2) {
  x' = k*x
  q' = q*sum(m)
}
solve growth {
  span 0 to 1
  init x = 2, q = 3
  args k = 0.5
  save start
}
"""


def npy(shape, values):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    header += " "*(63 - (10 + len(header)) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
            + struct.pack(f"<{len(values)}d", *values))


def csv(rows, header="t,v"):
    return "\n".join([header, *(",".join(repr(x) for x in row) for row in rows)]) + "\n"


class DataTest(deqc.DeqcTest):
    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def end(self, leaf, *arguments):
        """The last value of a leaf."""
        return self.json("run", *arguments)["y"][leaf][-1]


class Arrays(DataTest):
    def test_a_matrix_and_an_initial_value_from_files(self):
        # A rotation by half a radian.
        self.write("w.npy", npy((2, 2), [0, 1, -1, 0]))
        self.write("y.json", "[1, 0]")
        end = self.end("y", self.source(LINEAR))
        self.assertAlmostEqual(end[0], math.cos(0.5), places=9)
        self.assertAlmostEqual(end[1], -math.sin(0.5), places=9)

    def test_paths_begin_at_the_source_but_at_the_working_folder_in_set(self):
        for folder, value in (("lib/", 2), ("", 7)):
            self.write(folder + "w.npy", npy((1, 1), [0]))
            self.write(folder + "y.json", f"[{value}]")
        self.write("lib/case.deq", LINEAR)
        self.assertEqual(self.end("y", "lib/case.deq"), [2])
        self.assertEqual(self.end("y", "lib/case.deq", "--set", 'y=file("y.json")'), [7])

    def test_a_missing_file_is_an_error_of_the_source(self):
        self.write("y.json", "[1, 0]")
        run = self.deqc("run", self.source(LINEAR), status=2)
        self.assertEqual(run.stdout, "")
        self.assertIn("case.deq:5:21: error: cannot read 'w.npy': no such file [unreadable-file]",
                      run.stderr)


class Tables(DataTest):
    def integral(self, value, *options):
        return self.end("y", self.source(INTEGRAL % value), *options)

    def test_linear_data_end_with_the_sum_of_trapezoids(self):
        rows = [(0, 1), (0.75, -2), (1, 5), (2.5, 5), (4, 0.25)]
        self.write("v.csv", csv(rows))
        exact = sum((b[0] - a[0])*(a[1] + b[1])/2 for a, b in zip(rows, rows[1:]))
        self.assertAlmostEqual(self.integral('table("v.csv")'), exact, delta=1e-13)
        # A part of the table: from 0.5, where the value is -1.
        part = self.integral('table("v.csv")', "--from", "0.5", "--to", "1")
        self.assertAlmostEqual(part, 0.25*(-1 - 2)/2 + 0.25*(-2 + 5)/2, delta=1e-13)
        # Without jumps the tolerance decides.
        self.assertAlmostEqual(self.integral('table("v.csv", jumps = false)'), exact, delta=1e-3)

    def test_cubic_data_are_met_exactly(self):
        def cubic(t):
            return t**3 - 5*t**2 + 3*t + 1
        self.write("v.csv", csv([(t, cubic(t)) for t in (0, 0.5, 1.25, 2, 3.5, 4)]))
        exact = 4**4/4 - 5*4**3/3 + 3*4**2/2 + 4
        for jumps in ("true", "false"):
            value = self.integral(f'table("v.csv", interpolation = cubic, jumps = {jumps})')
            self.assertAlmostEqual(value, exact, delta=1e-12)
        # Straight lines between the same knots are something else.
        self.assertNotAlmostEqual(self.integral('table("v.csv")'), exact, delta=0.1)

    def test_jumps_spare_rejected_steps(self):
        self.write("v.csv", csv([(t, (-1)**t*10) for t in range(5)]))
        stats = {jumps: self.json("run", self.source(INTEGRAL % f'table("v.csv", jumps = {jumps})'))
                 ["stats"] for jumps in ("true", "false")}
        self.assertLess(stats["true"]["rejected"], stats["false"]["rejected"])
        self.assertLess(stats["true"]["steps"], stats["false"]["steps"])

    def test_columns_are_chosen_by_name(self):
        self.write("v.csv", csv([(3, 0, 1), (5, 4, 2)], "a,t,b"))
        self.assertAlmostEqual(self.integral('table("v.csv", column = "a")'), 16, delta=1e-12)
        self.assertAlmostEqual(self.integral('table("v.csv", column = "b")'), 6, delta=1e-12)
        self.assertAlmostEqual(self.integral('table("v.csv", column = "b", time = "a")',
                                             "--from", "3", "--to", "5"), 3, delta=1e-12)

    def test_a_table_by_set(self):
        self.write("v.csv", csv([(0, 1), (4, 2)]))
        self.assertAlmostEqual(self.integral("9", "--set", 'u=table("v.csv")'), 6, delta=1e-12)
        self.assertAlmostEqual(self.integral('table("v.csv")', "--set", "u=2"), 8, delta=1e-12)

    def test_the_span_must_be_covered(self):
        self.write("v.csv", csv([(0, 1), (4, 2)]))
        case = self.source(INTEGRAL % 'table("v.csv")')
        run = self.deqc("run", case, "--to", "4.5", status=2)
        self.assertIn("expected a table over the span, 0 to 4.5, got times from 0 to 4", run.stderr)
        self.deqc("compile", case, "--emit", "loop", "-o", "case.mlir")
        run = self.deqc("run", "case.mlir", "--to", "4.5", status=2)
        self.assertIn("table 'u' covers 0 to 4, expected the span 0 to 4.5", run.stderr)

    def test_a_dump_carries_its_table(self):
        self.write("v.csv", csv([(0, 1), (1, 5), (4, 2)]))
        case = self.source(INTEGRAL % 'table("v.csv", interpolation = cubic)')
        native = self.deqc("run", case).stdout
        for stage in ("field", "loop", "unpacked"):
            self.deqc("compile", case, "--emit", stage, "-o", "case.mlir")
            self.assertEqual(self.deqc("run", "case.mlir").stdout, native, stage)
        run = self.deqc("run", "case.mlir", "--set", "u=1", status=2)
        self.assertIn("'u' is a table in the compiled code", run.stderr)

    def test_backends_agree(self):
        self.write("v.csv", csv([(0, 1), (1, 5), (4, 2)]))
        case = self.source(INTEGRAL % 'table("v.csv")')
        self.assertEqual(self.deqc("run", case, "--backend", "interp").stdout,
                         self.deqc("run", case).stdout)


class ArgumentFiles(DataTest):
    def first(self, case, *options):
        """Initial values, and log of the growth of x, which is k."""
        y = self.json("run", case, "--rtol", "1e-9", *options)["y"]
        return y["x"][0], y["q"][0], round(math.log(y["x"][-1]/y["x"][0]), 6)

    def test_priority_is_set_file_block_default(self):
        case = self.source(GROWTH)
        self.write("a.json", '{"k": 0.25, "x": 5}')
        self.write("b.csv", "k\n0.75\n")
        self.assertEqual(self.first(case), (2, [3, 3], 0.5))
        self.assertEqual(self.first(case, "--args", "a.json"), (5, [3, 3], 0.25))
        self.assertEqual(self.first(case, "--args", "a.json", "--args", "b.csv"),
                         (5, [3, 3], 0.75))
        self.assertEqual(self.first(case, "--set", "k=1", "--args", "a.json"), (5, [3, 3], 1))

    def test_arrays_and_statics(self):
        case = self.source(GROWTH)
        self.write("a.json", '{"q": [7, 8], "n": 3, "m": [1, 2, -3]}')
        y = self.json("run", case, "--args", "a.json")["y"]["q"]
        self.assertEqual(y, [[7, 8], [7, 8]])

    def test_the_path_begins_at_the_working_folder(self):
        self.write("lib/case.deq", GROWTH)
        self.write("lib/a.json", '{"k": 9}')
        self.write("a.json", '{"k": 0.25}')
        self.assertEqual(self.first("lib/case.deq", "--args", "a.json")[2], 0.25)

    def test_values_of_a_dump(self):
        case = self.source(GROWTH)
        self.write("a.json", '{"k": 0.25, "q": [7, 8]}')
        self.write("b.json", '{"n": 3}')
        for stage in ("field", "loop"):
            self.deqc("compile", case, "--emit", stage, "-o", "case.mlir")
            self.assertEqual(self.first("case.mlir", "--args", "a.json"), (2, [7, 8], 0.25))
            self.assertEqual(self.first("case.mlir", "--args", "a.json", "--set", "k=1"),
                             (2, [7, 8], 1))
            run = self.deqc("run", "case.mlir", "--args", "b.json", status=2)
            self.assertIn("--args b.json: unknown name 'n'", run.stderr)

    def test_errors_name_the_file(self):
        case = self.source(GROWTH)
        self.write("a.json", '{"kk": 1}')
        run = self.deqc("run", case, "--args", "a.json", status=2)
        self.assertIn("--args a.json: unknown name 'kk'; did you mean 'k'? [unknown-name]",
                      run.stderr)
        self.write("a.json", '{"k": ')
        run = self.deqc("run", case, "--args", "a.json", status=2)
        self.assertIn("--args a.json: in 'a.json': 1:7: ", run.stderr)
        self.assertIn("[damaged-file]", run.stderr)
        run = self.deqc("run", case, "--args", "gone.json", status=2)
        self.assertIn("--args gone.json: cannot read 'gone.json': no such file", run.stderr)


if __name__ == "__main__":
    unittest.main()
