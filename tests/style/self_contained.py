# The repository needs nothing but itself and the packages of tools/packages.txt.
# Paths of one machine, and links that lead out of the tree or nowhere, break on every other machine.
import os
import re

import tree

# In pieces, so that this file passes its own test.
MACHINE = [r"/ho" r"me/\w", r"/wo" r"rk\b", r"/ro" r"ot/", r"/Us" r"ers/\w", r"/mn" r"t/\w",
           r"/tm" r"p/\w", r"\.\./sha" r"red"]
PATTERN = re.compile(r"(?<![\w.}\])])(" + "|".join(MACHINE) + ")")
OUTWARD = re.compile(r"\$\{(PROJECT|CMAKE)_SOURCE_DIR\}/\.\.")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def paths(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in (PATTERN, OUTWARD):
            if match := pattern.search(line):
                yield f"{name}:{number}: path of one machine: '{match.group()}'"


def links(name, text):
    """Relative links of a page exist, inside the tree."""
    prose = re.sub(r"```.*?```", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    for number, line in enumerate(prose.splitlines(), 1):
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            path = ((tree.ROOT / name).parent / target).resolve()
            if not path.is_relative_to(tree.ROOT) or not path.exists():
                yield f"{name}:{number}: link to '{target}', which is not in the tree"


def symlinks(name):
    path = tree.ROOT / name
    if path.is_symlink() and not path.resolve().is_relative_to(tree.ROOT):
        yield f"{name}: symbolic link out of the tree, to '{os.readlink(path)}'"


problems = []
for name in tree.files():
    text = tree.text(name)
    problems += paths(name, text)
    problems += symlinks(name)
    if name.endswith(".md"):
        problems += links(name, text)
tree.finish(problems, "self-contained repository")
