#!/usr/bin/env python3
"""Measures compile times and fits the model that foretells them; writes compiler/Pipeline/CompileCost.def.

    tests/benchmarks/calibrate.py BUILD [--from FILE.jsonl] [--check]

Compiles the models and growing fields of deq_compile_benchmarks in every emission, on a machine with nothing else to do,
and finds the non-negative coefficients of the counts (compiler/Pipeline/CompileCost.cpp) that make the relative errors
least, in the sense of least squares. --from takes lines that an earlier run of the benchmark printed; --check writes
nothing and compares the predictions of the build with the times.
"""

import argparse
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGET = os.path.join(ROOT, "compiler", "Pipeline", "CompileCost.def")

HEAD = """// Milliseconds per unit of each count that the compile time of a solve is predicted from: COST(count, ms).
// tests/benchmarks/calibrate.py measures and writes this file.
#ifndef COST
#error "define COST(count, ms)"
#endif
"""


def measure(build):
    program = os.path.join(build, "bin", "deq_compile_benchmarks")
    return subprocess.run([program, "--repeats", "7"], check=True, stdout=subprocess.PIPE, text=True).stdout


def samples(text):
    """(label, counts, milliseconds, prediction) of every compile whose emission was asked for."""
    rows = [json.loads(line) for line in text.splitlines()]
    return [
        (f"{r['case']} {r['operations'] or ''} {r['method']} {r['stages']}", r["counts"], r["ms"][1], r["predicted"])
        for r in rows
        if "counts" in r and r["stages"] != "auto"
    ]


def fit(rows, names, sweeps=20000):
    """Non-negative least squares of relative errors, by coordinate descent."""
    columns = [[counts[name] / ms for _, counts, ms, _ in rows] for name in names]
    squares = [sum(x * x for x in column) for column in columns]
    weights = [0.0] * len(names)
    rest = [1.0] * len(rows)
    for _ in range(sweeps):
        for i, column in enumerate(columns):
            if not squares[i]:
                continue
            slope = sum(x * r for x, r in zip(column, rest))
            moved = max(0.0, weights[i] + slope / squares[i]) - weights[i]
            if moved:
                weights[i] += moved
                rest = [r - moved * x for r, x in zip(rest, column)]
    return weights


def report(rows, predict):
    ratios = sorted((predict(row) / row[2], row[0], row[2]) for row in rows)
    inside = sum(0.5 <= ratio <= 2 for ratio, _, _ in ratios)
    print(f"{inside} of {len(ratios)} predictions within a factor of 2 of the measured time")
    for ratio, label, ms in ratios:
        if not 0.5 <= ratio <= 2:
            print(f"  {label}: predicted {ratio:.2f} of {ms:.3g} ms")
    print(f"least {ratios[0][0]:.2f} ({ratios[0][1]}), most {ratios[-1][0]:.2f} ({ratios[-1][1]})")
    return inside == len(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--from", dest="source")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.source:
        with open(arguments.source, encoding="utf-8") as file:
            text = file.read()
    else:
        text = measure(arguments.build)
    rows = samples(text)
    if arguments.check:
        return 0 if report(rows, lambda row: row[3]) else 1
    names = list(rows[0][1])
    weights = fit(rows, names)
    report(rows, lambda row: sum(w * row[1][name] for w, name in zip(weights, names)))
    with open(TARGET, "w", encoding="utf-8") as file:
        file.write(HEAD)
        for name, weight in zip(names, weights):
            file.write(f"COST({name}, {weight:.3g})\n")
        file.write("#undef COST\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
