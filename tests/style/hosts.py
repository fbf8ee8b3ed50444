# Runs a C++ example and compares what it prints with the block that docs/api.md shows below it.
# An example whose output nobody compares would go on printing nonsense.
"""Usage: hosts.py PROGRAM NAME. In docs/api.md, a fence ```cpp NAME.cpp has the text of
examples/NAME.cpp, and the fence ```output after it what the program prints; `...` stands for any
text."""
import re
import subprocess
import sys

import tree


def fences(page):
    """(kind, text) of every fenced block."""
    return re.findall(r"^```(\w[^\n]*)\n(.*?)^```$", tree.text(page), flags=re.M | re.S)


def matches(expected, actual):
    pattern = ".*?".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, actual.strip(), flags=re.S) is not None


program, name = sys.argv[1:]
problems = []
done = subprocess.run([program], capture_output=True, text=True, timeout=300, cwd=tree.ROOT)
if done.returncode != 0:
    problems.append(f"{name}: exit status {done.returncode}\n{done.stderr}")
found = fences("docs/api.md")
shown = [i for i, (kind, _) in enumerate(found) if kind == f"cpp {name}.cpp"]
if not shown:
    problems.append(f"docs/api.md: expected a block ```cpp {name}.cpp")
else:
    if found[shown[0]][1] != tree.text(f"examples/{name}.cpp"):
        problems.append(f"docs/api.md: the block of {name}.cpp differs from examples/{name}.cpp")
    kind, expected = found[shown[0] + 1] if shown[0] + 1 < len(found) else ("", "")
    if kind != "output" or not matches(expected, done.stdout):
        problems.append(f"docs/api.md: expected of {name}.cpp\n{expected}got\n{done.stdout}")
tree.finish(problems, "examples in C++")
