# Solves every example: it succeeds, and unrolled stages, scanned stages, the interpreter and a copy in another layout
# agree to the last bit. Its own layout is the canonical one.
# The examples are what a new user tries first, and they cover more of the language than any single test.
import os
import re
import subprocess
import sys
import tempfile

import tree

DEQC = os.environ.get("DEQC", str(tree.ROOT / "build/bin/deqc"))
PATHS = {"unroll": ["--stages", "unroll"], "scan": ["--stages", "scan"],
         "interp": ["--backend", "interp"]}


def deqc(*words):
    return subprocess.run([DEQC, *words], cwd=tree.ROOT, capture_output=True, text=True, timeout=600)


def run(name, solve, options):
    return deqc("run", name, "--solve", solve, "--format", "json", *options)


def comparable(text):
    """The object without what may differ: how and how fast it was compiled and run."""
    return text[:text.index(',"compile":')]


def problems_of(name):
    solves = re.findall(r"^solve\s+(\w+)", tree.text(name), flags=re.M)
    if not solves:
        yield f"{name}: expected a solve"
    if deqc("format", "--check", name).returncode != 0:
        yield f"{name}: is not in canonical layout, see deqc format"
    with tempfile.NamedTemporaryFile("w", suffix=".deq") as file:
        file.write(tree.text(name).replace(" ", "   ").replace("\n", "\n\n"))
        file.flush()
        if deqc("format", file.name).stdout.split() != tree.text(name).split():
            yield f"{name}: formatting loses or adds a word"
        yield from results_of(name, file.name, solves)


def results_of(name, spaced, solves):
    for solve in solves:
        results = {path: run(name, solve, options) for path, options in PATHS.items()}
        results["another layout"] = run(spaced, solve, [])
        bad = [path for path, result in results.items() if result.returncode != 0]
        for path in bad:
            result = results[path]
            yield f"{name}: {solve}, {path}: exit status {result.returncode}\n{result.stderr}"
        if not bad and len({comparable(result.stdout) for result in results.values()}) != 1:
            yield f"{name}: {solve}: {', '.join(results)} differ"


names = sys.argv[1:] or list(tree.files("examples", endings=(".deq",)))
problems = [problem for name in names for problem in problems_of(name)]
print(f"{len(names)} examples run")
if not names:
    problems.append("examples/: expected at least one .deq file")
tree.finish(problems, "examples")
