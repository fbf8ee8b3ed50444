# The files of the repository, for the house-rule tests.
# What git tracks or would track, so that build folders and scratch files are never judged.
"""Usage: files("compiler", "runtime", endings=(".cpp", ".h")) -> paths relative to the root."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["DEQ_CACHE_DIR"] = ""  # deqc in tests finds nothing that another one compiled


def _walk():
    skipped = {".git", ".cache"}
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not skipped.intersection(parts) and not parts[0].startswith("build"):
            yield str(path.relative_to(ROOT))


def _listed():
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return list(_walk())  # an unpacked archive
    return [name for name in found.stdout.splitlines() if (ROOT / name).is_file()]


def files(*folders, endings=None):
    """Relative paths below any of `folders` (all if none), with one of `endings`."""
    for name in sorted(set(_listed())):
        below = not folders or any(name.startswith(folder + "/") for folder in folders)
        if below and (endings is None or name.endswith(endings)):
            yield name


def text(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def finish(problems, rule):
    """Prints every problem and ends the test."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} violations: {rule}")
    sys.exit(1 if problems else 0)
