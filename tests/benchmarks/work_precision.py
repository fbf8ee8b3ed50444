#!/usr/bin/env python3
"""Work and precision of the adaptive methods on six problems: the tables of docs/work-precision.md, and its plots.

Times are of the solve alone (run_ms), the least of several runs, so that a busy machine shows little; errors are
against the same problem solved by vern9 at the tightest tolerance that it resolves.

    tests/benchmarks/work_precision.py build/bin/deqc docs
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBLEMS = ["lotka_volterra", "arenstorf", "pleiades", "lorenz96", "hodgkin_huxley", "brusselator"]
METHODS = ["bosh3", "tsit5", "dopri5", "vern6", "vern7", "dopri8", "dop853", "vern8", "vern9"]
TOLERANCES = [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]
RUNS = 7


def solve(deqc, problem, method, tolerance):
    """The state at the end, the steps and the least time in ms; None if the solve failed."""
    command = [deqc, "run", str(ROOT / "examples" / (problem + ".deq")), "--method", method, "--rtol", repr(tolerance),
               "--atol", repr(tolerance), "--save", "end", "--format", "json", "--quiet"]
    best = None
    for _ in range(RUNS):
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return None
        result = json.loads(run.stdout)
        if best is None or result["run_ms"] < best["run_ms"]:
            best = result
    return flat(best["y"]), best["stats"], best["run_ms"]


def flat(value):
    if isinstance(value, dict):
        return [x for leaf in value.values() for x in flat(leaf)]
    if isinstance(value, list):
        return [x for element in value for x in flat(element)]
    return [float(value)]


def error(state, reference):
    """The largest difference, relative to the largest component."""
    scale = max(abs(x) for x in reference)
    return max(abs(x - y) for x, y in zip(state, reference)) / scale


def measure(deqc, problem):
    reference = solve(deqc, problem, "vern9", 1e-14)[0]
    rows = []
    for method in METHODS:
        for tolerance in TOLERANCES:
            solved = solve(deqc, problem, method, tolerance)
            if solved:
                state, stats, ms = solved
                rows.append((method, tolerance, stats["steps"], stats["evaluations"], ms, error(state, reference)))
    return rows


def digits(x):
    """Three of them, never with an exponent."""
    return "%d" % round(float("%.3g" % x)) if x >= 100 else "%.3g" % x


def table(rows):
    """Time in microseconds and error, one row per method, one column per tolerance."""
    lines = ["| method | " + " | ".join("%.0e" % t for t in TOLERANCES) + " |", "|---" * (len(TOLERANCES) + 1) + "|"]
    for method in METHODS:
        cells = []
        for tolerance in TOLERANCES:
            found = [row for row in rows if row[0] == method and row[1] == tolerance]
            cells.append("%s us, %.1e" % (digits(1000 * found[0][4]), found[0][5]) if found else "-")
        lines.append("| `%s` | %s |" % (method, " | ".join(cells)))
    return "\n".join(lines)


def title(problem):
    return {"lorenz96": "Lorenz-96"}.get(problem, problem.replace("_", "-").title())


def plot(problem, rows, path):
    """Time over error, one line per method, by gnuplot."""
    blocks = "".join("\n".join("%g %g" % (row[5], row[4]) for row in sorted(rows, key=lambda row: row[5])
                               if row[0] == method and row[5] > 0) + "\ne\n" for method in METHODS)
    lines = ", ".join('"-" using 1:2 with linespoints title "%s"' % method for method in METHODS)
    script = ('set terminal svg size 640,420 background rgb "white"\nset output "%s"\nset logscale xy\n'
              'set format x "1e%%T"\nset title "%s"\nset xlabel "error at the end"\nset ylabel "ms"\n'
              'set key outside right\nplot %s\n%s' % (path, title(problem), lines, blocks))
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    deqc, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    parts = []
    for problem in PROBLEMS:
        rows = measure(deqc, problem)
        picture = "work-precision-%s.svg" % problem.replace("_", "-")
        plot(problem, rows, folder / picture)
        parts.append("## %s\n\n![time over error](%s)\n\n%s\n" % (title(problem), picture,
                                                                  table(rows)))
        print(problem, "done", file=sys.stderr)
    sys.stdout.write("\n".join(parts))


if __name__ == "__main__":
    main()
