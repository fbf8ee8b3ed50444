# What code costs by where it is found: compiled, in memory, on disk; within a process and as a whole one.
# Processes are run in turns, so that a slow minute of the machine is slow for all of them.
import json
import os
import pathlib
import subprocess
import tempfile
import time

import text

MODELS = [("Lorenz", "lorenz"), ("Pleiades", "pleiades"), ("Hodgkin-Huxley", "hodgkin_huxley")]
LEVELS = [("compiled", "compiler"), ("on disk", "disk")]


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def measure(root, build, runs):
    """Per model: medians in milliseconds of one run without and one with its code on disk, in turns."""
    rows = {}
    for title, name in MODELS:
        model = str(root / "examples" / (name + ".deq"))
        rounds = [one_round(build, model) for _ in range(runs)]
        rows[title] = {key: median([each[key] for each in rounds]) for key in rounds[0]}
    return {"runs": runs, "models": rows}


def one_round(build, model):
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for level, source in LEVELS:
            found = json.loads(run([build / "bin/deq_start_benchmark", model], folder + "/engine").stdout)
            if found["from"] != source:
                raise SystemExit("expected code from %s, got it from %s" % (source, found["from"]))
            results["prepare, " + level] = found["prepared_us"] / 1000
            results["solve, " + level] = found["solved_us"] / 1000
            results["prepare, in memory"] = found["again_us"] / 1000
            start = time.perf_counter()
            run([build / "bin/deqc", "run", model, "--quiet"], folder + "/deqc")
            results["process, " + level] = 1000 * (time.perf_counter() - start)
    return results


def run(command, cache):
    return subprocess.run(command, env=dict(os.environ, DEQ_CACHE_DIR=str(pathlib.Path(cache))), check=True,
                          capture_output=True, text=True)


def start_table(measured):
    head = ["ms", "compiled", "on disk", "in memory", "first solve, compiled", "from disk", "`deqc run`, compiled",
            "from disk"]
    keys = ["prepare, compiled", "prepare, on disk", "prepare, in memory", "solve, compiled", "solve, on disk",
            "process, compiled", "process, on disk"]
    return text.table(head, [[title] + [text.digits(row[key]) for key in keys]
                             for title, row in measured["models"].items()])
