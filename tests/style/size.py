# Files that fit a reader: at most 400 lines, and a comment at the top that says what and why.
# Length is the one symptom of a file doing two things that a test can see.
import re

import tree

LIMIT = 400
FOLDERS = ("compiler", "runtime", "include", "tools", "tests", "examples")
UNJUDGED = (".md", ".json", ".csv", ".npy", ".mlir", ".ll", ".s", ".svg")
CASES = (".deq", ".txt")  # what they are is in their names
OPENING = re.compile(r"(#!.*\n)?\s*(//|#(?!include|pragma|ifndef|define)|/\*|;)")


def problems():
    for name in tree.files(*FOLDERS):
        if name.endswith(UNJUDGED) or (name.startswith("tests/error/") and name.endswith(CASES)):
            continue
        text = tree.text(name)
        lines = text.count("\n")
        if lines > LIMIT:
            yield f"{name}: {lines} lines, expected at most {LIMIT}"
        if not OPENING.match(text):
            yield f"{name}:1: expected a comment that says what the file is and why"


tree.finish(list(problems()), "size and opening comment of files")
