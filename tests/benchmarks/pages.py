# The page of the benchmarks, and the section of README.md: prose around the tables.
# The prose says how the numbers came about, so it stands beside the code that makes them.
import start_tables
import text

HEADER = """# Benchmarks

`tests/benchmarks/tables.py build` wrote this page, and writes it anew on any quiet machine in some ten minutes. It takes other
compilers and libraries along where they are installed; nothing but these comparisons needs them (Debian: `clang-19`,
`libboost-dev`, `libgsl-dev`).

{busy}| | |
|---|---|
| date | {date} |
| processor | {machine}; {system} |
| deq | commit {commit}; {build} |
| hand-written programs | {hand_written}; `-O3 -march=native -fno-math-errno` |
| load of the machine | {before:.1f} when it began, {after:.1f} when it ended |
"""

SOLVES = """
## Solve times

Adaptive `tsit5`, rtol = atol = 1e-6, I control, one trajectory, only its end saved, f64. Times are processor time of one
thread, medians of {rounds} rounds; in each round every program runs for some milliseconds, one after the other. A step is an
accepted or a rejected one. The hand-written programs are in `tests/benchmarks/baselines/`:

- *same work* computes what deq computes, operation by operation, and has its bits, which is checked at every run: parameters,
  tolerances and options of the controller are run-time values, fused multiply-adds and sums are in deq's order. It saves
  nothing, cannot be interrupted, and judges no stability. The fastest variant counts: the controller's power by deq's series
  or by libm (whose last bits differ), for Pleiades also one that computes the forces on all stars at once, a star per lane.
- *expert* is as fast as we could make it: constants are literals, formulas are simplified by hand, products of step and
  coefficients are formed ahead, Pleiades computes each pair once in vectors of seven, and the power of the
  controller is good to 3 % only, because it is a step size. It takes steps of its own; a ratio by step compares code, one by
  solve compares what a user waits for.

Each is compiled by every compiler at hand; the fastest is in the table, with its compiler in brackets.

{steps}

Ratios, the median of the ratios within a round:

{ratios}

Whole solves as a program calls them: `deq::solve` allocates, copies rows and gathers statistics around the kernel that is
measured above.{missing} The error is that of the state at the end, relative to its largest component, against `vern9` at
1e-13.

{solves}
"""

COMPILES = """
## Compile times

Text to callable native code in process, wall time. The fields of a model are those of `examples/`, with its own save plan.
A process's first compile of Lorenz with `tsit5` takes {first} ms; the following ones, by phases, median:

{phases}

Models, least and median of up to 15 compiles (for `auto`, what it chose in brackets):

{models}

Fields of growing size: arithmetic operations of the field's text, columns from 10 to {most}, least time. The exponent is
that of the growth between the last two columns.
{shapes}
{reasons}
## Compiled, on disk, in memory

Medians of {start_runs} runs, wall time. The first three columns are `Engine::prepare` of a field's text: in a process that
compiles it, in one that finds it on disk, and again in the same process; then the time until the first solve is done, and
`deqc run` as a whole process:

{start}

## Whole processes

Wall time of {runs} runs, from start to exit, without a cache:

{processes}
"""

SHAPES = {"chain": "One state, one long chain of operations",
          "states": "Many independent states of five operations each",
          "dense": "A full matrix times the state"}

SUMMARY = """
{busy}{date}, {machine}; deq at commit {commit}, release build; load of the machine
{before:.1f} to {after:.1f}. [docs/benchmarks.md](docs/benchmarks.md) has all tables, and says how they came about.

One step of a solve, adaptive `tsit5` at 1e-6, beside hand-written C++ that does the same work (and has the same bits),
and beside what an expert would write for this one problem:

{steps}

{ratios}

One compile of Lorenz, in milliseconds, in a warm process (a process's first takes {first} ms):

{phases}

Code is compiled once. Milliseconds of `Engine::prepare`, until a process has its first solution, and of `deqc run` as a whole
process, with code that is compiled, found on disk, or in memory:

{start}
"""


def busy_warning(circumstances):
    """One process is the benchmark itself."""
    if max(circumstances["load"]) < 1.3:
        return ""
    return "**The machine was busy with other work: these numbers are a rehearsal, not a measurement.**\n\n"


def common(measured):
    facts = measured["circumstances"]
    before, after = facts["load"]
    return {**facts, "before": before, "after": after, "busy": busy_warning(facts),
            "hand_written": "; ".join(facts["hand_written"]), "first": text.digits(measured["first"]),
            "steps": measured["solve"].steps_table(), "ratios": measured["solve"].ratio_table(),
            "phases": measured["compile"].phases_table(), "start": start_tables.start_table(measured["start"]),
            "start_runs": measured["start"]["runs"]}


def page(measured):
    facts = common(measured)
    solve, compiles = measured["solve"], measured["compile"]
    missing = measured["circumstances"]["missing"]
    facts["missing"] = " Not installed: %s." % ", ".join(missing) if missing else ""
    shapes = "".join("\n%s:\n\n%s\n" % (SHAPES[shape], compiles.shape_table(shape)) for shape in compiles.shapes)
    reasons = "".join("- %s\n" % reason for reason in compiles.reasons())
    processes = text.table(["ms", "least", "median"], [[name, text.digits(t["least"]), text.digits(t["median"])]
                                                       for name, t in measured["processes"].items()])
    runs = next(iter(measured["processes"].values()))["runs"]
    body = HEADER + SOLVES + COMPILES
    return body.format(**facts | {"rounds": solve.rounds, "solves": solve.solves_table(), "shapes": shapes,
                                  "reasons": "\nSkipped:\n\n" + reasons if reasons else "",
                                  "models": compiles.models_table(), "most": compiles.sizes[-1], "processes": processes,
                                  "runs": runs})


def summary(measured):
    return SUMMARY.format(**common(measured))


def with_section(page_text, heading, body):
    """The page with the section of that heading replaced."""
    before, found, rest = page_text.partition(heading + "\n")
    if not found:
        raise SystemExit("expected a section '%s'" % heading)
    _, mark, after = rest.partition("\n## ")
    return before + found + body + mark + after
