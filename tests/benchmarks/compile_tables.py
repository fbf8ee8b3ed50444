# Tables of compile times from the lines of deq_compile_benchmarks.
# Apart from the script that runs the programs, so that tables can be made again from kept measurements.
import math

import text

MODELS = {"lorenz": "Lorenz", "pleiades": "Pleiades", "hodgkin_huxley": "Hodgkin-Huxley",
          "brusselator": "Brusselator, n = 32"}


class Compiles:
    def __init__(self, records):
        self.records = records
        self.methods = unique(r["method"] for r in records)
        self.emissions = unique(r["stages"] for r in records)
        self.shapes = unique(r["case"] for r in records if r["operations"])
        self.sizes = sorted({r["operations"] for r in records if r["operations"]})

    def find(self, **wanted):
        for record in self.records:
            if all(record[name] == value for name, value in wanted.items()):
                return record
        return None

    def phases_table(self):
        """One compile of Lorenz by phases."""
        found = [self.find(case="lorenz", method="tsit5", stages=s) for s in self.emissions if s != "auto"]
        head = ["ms"] + list(found[0]["phases"]) + ["all"]
        rows = [[r["stages"]] + [text.digits(spread[1]) for spread in r["phases"].values()] +
                [text.digits(r["ms"][1])] for r in found]
        return text.table(head, rows)

    def models_table(self):
        head = ["ms, least / median"] + ["`%s` %s" % (m, s) for m in self.methods for s in self.emissions]
        rows = []
        for name, title in MODELS.items():
            found = [self.find(case=name, method=m, stages=s) for m in self.methods for s in self.emissions]
            rows.append([title] + [cell(r, "%s / %s") for r in found])
        return text.table(head, rows)

    def shape_table(self, shape):
        head = ["ms, least"] + ["%d" % size for size in self.sizes] + ["exponent"]
        rows = []
        for method in self.methods:
            for stages in self.emissions:
                found = [self.find(case=shape, method=method, stages=stages, operations=size) for size in self.sizes]
                rows.append(["`%s` %s" % (method, stages)] + [cell(r, "%s") for r in found] + [exponent(found)])
        return text.table(head, rows)

    def reasons(self):
        """Why cells are empty."""
        return unique("%s with `%s` %s, %d operations: %s" % (r["case"], r["method"], r["stages"], r["operations"],
                                                              r["skipped"]) for r in self.records if "skipped" in r)


def unique(values):
    return list(dict.fromkeys(values))


def cell(record, form):
    """The time, for `auto` with what it chose."""
    if record is None:
        return "-"
    if "skipped" in record:
        return "skipped"
    shown = form % tuple(text.digits(x) for x in record["ms"][:form.count("%s")])
    return shown + " (%s)" % record["chosen"] if record["stages"] == "auto" else shown


def exponent(found):
    """Of the growth from the last size but one to the last."""
    measured = [r for r in found if r and "ms" in r]
    if len(measured) < 2 or measured[-1] is not found[-1]:
        return "-"
    before, last = measured[-2:]
    growth = math.log(last["ms"][0] / before["ms"][0]) / math.log(last["operations"] / before["operations"])
    return "%.2f" % growth
