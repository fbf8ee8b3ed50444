# Tables of made-up measurements whose ratios, exponents and gaps are known.
# The script that makes the pages runs for minutes on a quiet machine, so nothing else would notice that it is broken.
import unittest

import compile_tables
import pages
import solve_tables


def solver(name, us, compiler="", rejected=0):
    return {"problem": "p", "title": "P", "contestant": name, "compiler": compiler, "accepted": 10 - rejected,
            "rejected": rejected, "error": 1e-6, "us": us}


def compiled(case, stages, operations, ms):
    return {"case": case, "method": "tsit5", "stages": stages, "operations": operations, "chosen": "unroll",
            "repeats": 1, "first": ms, "ms": [ms, 2 * ms], "bytes": 1, "phases": {"parse": [1, 2], "codegen": [3, 4]}}


SOLVES = [solver("deq unroll", [3, 30, 6], rejected=3), solver("deq scan", [6, 60, 12]), solver("deq::solve", [7, 7, 7]),
          solver("same-work", [2, 20, 4], "gcc"), solver("same-work-libm", [90, 90, 90], "gcc"),
          solver("expert", [1, 10, 2], "clang")]
COMPILES = [compiled("lorenz", "unroll", 0, 12), compiled("lorenz", "auto", 0, 13),
            compiled("chain", "unroll", 10, 5), compiled("chain", "unroll", 100, 50),
            compiled("chain", "auto", 10, 5),
            {"case": "chain", "method": "tsit5", "stages": "auto", "operations": 100, "skipped": "predicted 99 s"}]


def measured(load):
    return {"solve": solve_tables.Solves(SOLVES), "compile": compile_tables.Compiles(COMPILES), "first": 20.0,
            "start": {"runs": 3, "models": {"Lorenz": dict(zip(
                ("prepare, compiled", "prepare, on disk", "prepare, in memory", "solve, compiled", "solve, on disk",
                 "process, compiled", "process, on disk"), (20, 0.5, 0.1, 21, 0.6, 25, 3)))}},
            "processes": {"`deqc`": {"runs": 2, "least": 1.0, "median": 2.0}},
            "circumstances": {"date": "2000-01-01", "machine": "m", "system": "s", "load": load, "commit": "c",
                              "build": "b", "hand_written": ["g"], "missing": ["GSL"]}}


def cells(page, first):
    """The cells after the first one of the rows that begin with it."""
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in page.splitlines()
            if line.startswith("| %s |" % first)]


class Tables(unittest.TestCase):
    def setUp(self):
        self.page = pages.page(measured((0.1, 1.0)))

    def test_times_per_step_are_medians_and_say_who_was_best(self):
        self.assertIn(["7 + 3", "600", "1200", "400 (gcc)", "200 (clang)"], cells(self.page, "P"))

    def test_ratios_are_medians_of_ratios_within_a_round(self):
        self.assertIn(["1.50", "3.00", "3.00", "3.00"], cells(self.page, "P"))

    def test_growth_is_an_exponent_and_a_skipped_cell_says_why(self):
        self.assertIn(["5", "50", "1.00"], cells(self.page, "`tsit5` unroll"))
        self.assertIn(["5 (unroll)", "skipped", "-"], cells(self.page, "`tsit5` auto"))
        self.assertIn("- chain with `tsit5` auto, 100 operations: predicted 99 s", self.page)

    def test_levels_of_the_cache_are_columns(self):
        self.assertIn(["20", "0.5", "0.1", "21", "0.6", "25", "3"], cells(self.page, "Lorenz"))

    def test_what_is_not_installed_is_named(self):
        self.assertIn("Not installed: GSL.", self.page)

    def test_a_busy_machine_is_announced(self):
        self.assertNotIn("busy", self.page)
        self.assertIn("busy", pages.page(measured((0.1, 2.5))))

    def test_only_the_section_is_replaced(self):
        page = "# T\n\n## A\n\nold\n\n## B\n\nstays\n"
        self.assertEqual(pages.with_section(page, "## A", "\nnew\n"), "# T\n\n## A\n\nnew\n\n## B\n\nstays\n")


if __name__ == "__main__":
    unittest.main()
