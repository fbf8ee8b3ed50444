#!/usr/bin/env python3
"""All benchmarks and their tables: writes docs/benchmarks.md and the section of README.md that it is quoted in.

    tests/benchmarks/tables.py build              # on a quiet machine: some ten minutes
    tests/benchmarks/tables.py build --quick      # a look, to standard output, that writes nothing
    tests/benchmarks/tables.py build --keep DIR   # leaves the raw measurements there, and uses them if they are there

Solve times are processor time, the rest is wall time. Ratios are medians of the ratios within a round, never ratios of
medians; the best of the hand-written programs is the one that counts, whichever compiler made it."""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

import pages
import solve_tables
import start_tables
import compile_tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROCESS_RUNS = 20
FIRST_COMPILES = 5


def output(command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def records(command):
    """The JSON lines that a program prints."""
    print("running", " ".join(map(str, command)), file=sys.stderr)
    return [json.loads(line) for line in output(command).splitlines()]


def kept(folder, name, make):
    """What `make` makes, or what it made when it was last kept in `folder`."""
    path = folder / (name + ".json") if folder else None
    if path and path.exists():
        return json.loads(path.read_text())
    made = make()
    if path:
        path.write_text(json.dumps(made))
    return made


def wall_milliseconds(command, runs):
    """Least and median of whole processes."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True, env=dict(os.environ, DEQ_CACHE_DIR=""))
        times.append(1000 * (time.perf_counter() - start))
    return {"runs": runs, "least": min(times), "median": sorted(times)[runs // 2]}


def processes(build, quick):
    deqc = build / "bin/deqc"
    runs = 3 if quick else PROCESS_RUNS
    example = ["run", "examples/lorenz.deq", "--quiet"]
    return {"`deqc run examples/lorenz.deq`, 4001 rows": wall_milliseconds([deqc, *example], runs),
            "the same with `--save end`": wall_milliseconds([deqc, *example, "--save", "end"], runs),
            "`deqc --version`": wall_milliseconds([deqc, "--version"], runs)}


def first_compile(build, quick):
    """Median of what a process's first compile of Lorenz takes, in ms."""
    command = [build / "bin/deq_compile_benchmarks", "--case", "lorenz", "--repeats", "1"]
    runs = 1 if quick else FIRST_COMPILES
    times = sorted(json.loads(output(command).splitlines()[0])["first"] for _ in range(runs))
    return times[runs // 2]


def cmake_cache(build):
    cache = {}
    for line in (build / "CMakeCache.txt").read_text().splitlines():
        if "=" in line and line[0] not in "#/":
            name, _, value = line.partition("=")
            cache[name.split(":")[0]] = value
    return cache


def version(compiler):
    return output([compiler, "--version"]).splitlines()[0]


def circumstances(build, load_before):
    cache = cmake_cache(build)
    cpu = dict(line.split(":", 1) for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    cpu = {name.strip(): value.strip() for name, value in cpu.items()}
    vectors = "AVX-512" if "avx512f" in cpu.get("flags", "") else "AVX2" if "avx2" in cpu.get("flags", "") else "no AVX2"
    dirty = output(["git", "status", "--porcelain", "--untracked-files=no", "compiler", "runtime", "tests"]).strip()
    return {
        "date": datetime.date.today().isoformat(),
        "machine": "%s, %d cores, %s" % (cpu.get("model name", "unknown"), os.cpu_count(), vectors),
        "system": "%s %s" % (os.uname().sysname, os.uname().machine),
        "load": (load_before, os.getloadavg()[0]),
        "commit": output(["git", "rev-parse", "--short=10", "HEAD"]).strip() + (" with changes" if dirty else ""),
        "build": "%s, %s" % (cache["CMAKE_BUILD_TYPE"], version(cache["CMAKE_CXX_COMPILER"])),
        "hand_written": [version(cache[name]) for name in ("DEQ_GCC", "DEQ_CLANG")
                         if not cache.get(name, "NOTFOUND").endswith("NOTFOUND")],
        "missing": [title for title, name in (("Boost.odeint", "DEQ_ODEINT"), ("GSL", "DEQ_GSL"))
                    if cache.get(name, "NOTFOUND").endswith("NOTFOUND")],
    }


def measure(build, quick, keep):
    load = os.getloadavg()[0]
    solve = [build / "bin/deq_solve_benchmarks"] + (["--rounds", "3"] if quick else [])
    compiles = [build / "bin/deq_compile_benchmarks"] + (["--repeats", "1", "--most", "100"] if quick else [])
    return {
        "solve": solve_tables.Solves(kept(keep, "solve", lambda: records(solve))),
        "compile": compile_tables.Compiles(kept(keep, "compile", lambda: records(compiles))),
        "processes": kept(keep, "processes", lambda: processes(build, quick)),
        "start": kept(keep, "start", lambda: start_tables.measure(ROOT, build, 3 if quick else PROCESS_RUNS)),
        "first": kept(keep, "first", lambda: first_compile(build, quick)),
        "circumstances": kept(keep, "circumstances", lambda: circumstances(build, load)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="the build folder")
    parser.add_argument("--quick", action="store_true", help="few repeats, small fields, nothing written")
    parser.add_argument("--keep", type=pathlib.Path, help="folder of the raw measurements")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    measured = measure(options.build.resolve(), options.quick, options.keep)
    if options.quick:
        print(pages.page(measured))
        return
    (ROOT / "docs/benchmarks.md").write_text(pages.page(measured))
    readme = ROOT / "README.md"
    readme.write_text(pages.with_section(readme.read_text(), "## Measured numbers", pages.summary(measured)))


if __name__ == "__main__":
    main()
