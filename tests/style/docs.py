# Runs what README.md and docs/*.md show: every deq block, every sh block.
# A page whose examples are executed cannot drift from the program.
"""Fences that are executed:
  ```deq        through `deqc check`, and each of its solves through `deqc run --quiet`
  ```deq error  `deqc check` refuses it
  ```sh         through bash, in a fresh folder with the examples linked and deqc in PATH
  ```output     what the block before it prints, both streams; `...` stands for any text
All other fences are only shown. Usage: DEQC=build/bin/deqc docs.py"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import tree

DEQC = shutil.which(os.environ.get("DEQC", str(tree.ROOT / "build/bin/deqc")))
if not DEQC:
    sys.exit("expected the path of deqc in DEQC")
DEQC = os.path.abspath(DEQC)


@dataclass
class Block:
    page: str
    line: int
    kind: str
    text: str
    expected: str | None = None


def blocks(page):
    """Fenced blocks in order, with the output block that follows directly."""
    found, current, last_end = [], None, -10
    for number, line in enumerate(tree.text(page).splitlines(), 1):
        if current is None and (match := re.match(r"```(\w.*)$", line)):
            current = Block(page, number, match.group(1).strip(), "")
            follows = number - last_end <= 2
        elif current is not None and line.startswith("```"):
            if current.kind == "output" and found and follows:
                found[-1].expected = current.text
            else:
                found.append(current)
            current, last_end = None, number
        elif current is not None:
            current.text += line + "\n"
    return found


def matches(expected, actual):
    """Equality, except that `...` stands for any text; trailing blanks do not count."""
    def clean(text):
        return "\n".join(line.rstrip() for line in text.strip().splitlines())
    pattern = ".*?".join(re.escape(part) for part in clean(expected).split("..."))
    return re.fullmatch(pattern, clean(actual), flags=re.S) is not None


def call(command, folder):
    path = os.path.dirname(DEQC) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
    return done.returncode, done.stdout


def run_source(block, folder):
    """Problems of a deq block."""
    with open(os.path.join(folder, "example.deq"), "w") as file:
        file.write(block.text)
    status, printed = call([DEQC, "check", "example.deq"], folder)
    wanted = 2 if block.kind == "deq error" else 0
    if status != wanted:
        yield f"deqc check: expected exit status {wanted}, got {status}\n{printed}"
    elif block.expected is not None and not matches(block.expected, printed):
        yield f"deqc check: expected\n{block.expected}got\n{printed}"
    elif status == 0:
        if call([DEQC, "format", "--check", "example.deq"], folder)[0] != 0:
            yield "deqc format: is not in canonical layout"
        for solve in re.findall(r"^\s*solve\s+(\w+)", block.text, flags=re.M):
            status, printed = call(
                [DEQC, "run", "example.deq", "--solve", solve, "--quiet", "-o", "out.csv"], folder)
            if status != 0:
                yield f"deqc run --solve {solve}: exit status {status}\n{printed}"


def run_shell(block, folder):
    """Problems of a sh block. A failing command is expected only where its output is."""
    status, printed = call(["bash", "-euo", "pipefail", "-c", block.text], folder)
    if block.expected is None:
        if status != 0:
            yield f"exit status {status}\n{printed}"
    elif not matches(block.expected, printed):
        yield f"expected\n{block.expected}got\n{printed}"


def problems_of(block):
    runners = {"deq": run_source, "deq error": run_source, "sh": run_shell}
    if block.kind not in runners:
        return
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(tree.ROOT / "examples", os.path.join(folder, "examples"))
        for problem in runners[block.kind](block, folder):
            yield f"{block.page}:{block.line}: {problem}"


pages = ["README.md", *tree.files("docs", endings=(".md",))]
found = [block for page in pages for block in blocks(page)]
problems = [problem for block in found for problem in problems_of(block)]
ran = sum(block.kind in ("deq", "deq error", "sh") for block in found)
print(f"{ran} blocks run on {len(pages)} pages")
tree.finish(problems, "examples in the documentation")
