# Tables of solve times from the lines of deq_solve_benchmarks.
# Apart from the script that runs the programs, so that tables can be made again from kept measurements.
import statistics

import text


class Contestant:
    """One line: the times of a solver of one problem, by round."""

    def __init__(self, record):
        self.name, self.compiler = record["contestant"], record["compiler"]
        self.accepted, self.rejected = record["accepted"], record["rejected"]
        self.steps = self.accepted + self.rejected
        self.error, self.us = record["error"], record["us"]

    def median(self):
        """Microseconds of one solve."""
        return statistics.median(self.us)

    def per_step(self):
        """Nanoseconds of one step, accepted or rejected."""
        return 1000 * self.median() / self.steps


def ratio(contestant, yardstick, by_step=False):
    """Median over the rounds of time by time."""
    factor = yardstick.steps / contestant.steps if by_step else 1
    return factor * statistics.median(x / y for x, y in zip(contestant.us, yardstick.us))


class Problem:
    def __init__(self, title, contestants):
        self.title, self.all = title, contestants
        self.emissions = [c for c in contestants if c.name.startswith("deq ")]

    def best(self, *names):
        found = [c for c in self.all if c.name in names]
        return min(found, key=Contestant.median) if found else None

    def same_work(self):
        """The best of the hand-written programs that do what deq does."""
        return self.best("same-work", "same-work-libm", "same-work-lanes")

    def fastest_emission(self):
        return min(self.emissions, key=Contestant.median)


class Solves:
    def __init__(self, records):
        grouped = {}
        for record in records:
            grouped.setdefault(record["title"], []).append(Contestant(record))
        self.problems = [Problem(title, contestants) for title, contestants in grouped.items()]
        self.rounds = len(records[0]["us"])

    def steps_table(self):
        """Nanoseconds per step."""
        head = ["ns per step", "steps"] + [c.name for c in self.problems[0].emissions] + ["same work", "expert"]
        rows = []
        for p in self.problems:
            same, expert = p.same_work(), p.best("expert")
            rows.append([p.title, "%d + %d" % (p.emissions[0].accepted, p.emissions[0].rejected)] +
                        [text.digits(c.per_step()) for c in p.emissions] + [made_by(same), made_by(expert)])
        return text.table(head, rows)

    def ratio_table(self):
        """What the budgets are about."""
        head = ["time of deq by time of"] + ["same work: " + c.name.removeprefix("deq ")
                                             for c in self.problems[0].emissions] + ["expert, best, by step", "by solve"]
        rows = []
        for p in self.problems:
            same, expert, best = p.same_work(), p.best("expert"), p.fastest_emission()
            rows.append([p.title] + ["%.2f" % ratio(c, same) for c in p.emissions] +
                        ["%.2f" % ratio(best, expert, by_step=True), "%.2f" % ratio(best, expert)])
        return text.table(head, rows)

    def solves_table(self):
        """Whole solves, as a program calls them."""
        names = [name for name in ("deq::solve", "expert", "boost", "gsl") if self.problems[0].best(name)]
        titles = {"boost": "Boost.odeint dopri5", "gsl": "GSL rkf45", "expert": "expert"}
        head = ["us per solve (steps, error)"] + [titles.get(name, "`%s`" % name) for name in names]
        rows = []
        for p in self.problems:
            found = [p.best(name) for name in names]
            rows.append([p.title] + ["%s (%d, %.0e)" % (text.digits(c.median()), c.steps, c.error) for c in found])
        return text.table(head, rows)

    def bounds(self):
        """The ratio to the same work of the fastest emission: least and largest over the problems."""
        ratios = [ratio(p.fastest_emission(), p.same_work()) for p in self.problems]
        return min(ratios), max(ratios)


def made_by(contestant):
    """The time, and which program it was."""
    variant = contestant.name.removeprefix("same-work").removeprefix("expert").replace("-", ", ")
    return "%s (%s%s)" % (text.digits(contestant.per_step()), contestant.compiler, variant)
