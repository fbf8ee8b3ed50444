# Numbers and tables in markdown, for the pages that benchmarks write.
# Three digits are what a measurement of this kind is good for.


def digits(x):
    """Three of them, never with an exponent."""
    return "%d" % round(float("%.3g" % x)) if x >= 100 else "%.3g" % x


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in [head] + rows]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines)
