# Solves every example: it succeeds, and unrolled stages, scanned stages and the interpreter agree to the last bit.
# The examples are what a new user tries first, and they cover more of the language than any single test.
import os
import re
import subprocess
import sys

import tree

DEQC = os.environ.get("DEQC", str(tree.ROOT / "build/bin/deqc"))
PATHS = {"unroll": ["--stages", "unroll"], "scan": ["--stages", "scan"],
         "interp": ["--backend", "interp"]}


def run(name, solve, options):
    return subprocess.run([DEQC, "run", name, "--solve", solve, "--format", "json", *options],
                          cwd=tree.ROOT, capture_output=True, text=True, timeout=600)


def comparable(text):
    """The object without what may differ: how and how fast it was compiled and run."""
    return text[:text.index(',"compile":')]


def problems_of(name):
    solves = re.findall(r"^solve\s+(\w+)", tree.text(name), flags=re.M)
    if not solves:
        yield f"{name}: expected a solve"
    for solve in solves:
        results = {path: run(name, solve, options) for path, options in PATHS.items()}
        bad = [path for path, result in results.items() if result.returncode != 0]
        for path in bad:
            result = results[path]
            yield f"{name}: {solve}, {path}: exit status {result.returncode}\n{result.stderr}"
        if not bad and len({comparable(result.stdout) for result in results.values()}) != 1:
            yield f"{name}: {solve}: {', '.join(PATHS)} differ"


names = sys.argv[1:] or list(tree.files("examples", endings=(".deq",)))
problems = [problem for name in names for problem in problems_of(name)]
print(f"{len(names)} examples run")
if not names:
    problems.append("examples/: expected at least one .deq file")
tree.finish(problems, "examples")
