# One file per diagnostic identifier, and no identifier without a file.
# A message that no file provokes is a message that nobody has read.
"""Each file tests/error/ID.EXT is compiled and must give exactly the messages that it ends with.
Lines of a file, after its comment sign (#, or // or ; in a dump):
  $ run --set x=1    the command, instead of `check`; FILE follows its first word
  | text             the expected messages, line by line
Usage: DEQC=build/bin/deqc run.py [--update] [ID..]; --update rewrites the expectations."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
DEQC = shutil.which(os.environ.get("DEQC", str(FOLDER.parents[1] / "build/bin/deqc")))
if not DEQC:
    sys.exit("expected the path of deqc in DEQC")
DEQC = os.path.abspath(DEQC)


def identifiers():
    """Severity by identifier, from deqc itself."""
    text = subprocess.run([DEQC, "list", "diagnostics"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    rows = [line.split(maxsplit=2) for line in text.splitlines()[1:]]
    return {row[0]: row[1] for row in rows}


class Case:
    def __init__(self, path):
        self.path, self.id = path, path.stem
        self.sign = {".mlir": b"//", ".ll": b";"}.get(path.suffix, b"#")
        lines = path.read_bytes().splitlines(keepends=True)
        mark = self.sign + b"|"
        self.source = [line for line in lines if not line.startswith(mark)]
        self.expected = "".join(line[len(mark) + 1:].decode() if len(line) > len(mark) + 1 else "\n"
                                for line in lines if line.startswith(mark))
        command = [line for line in self.source if line.startswith(self.sign + b"$ ")]
        self.command = shlex.split(command[0][len(self.sign) + 2:].decode()) if command else ["check"]

    def run(self):
        arguments = [DEQC, self.command[0], self.path.name, *self.command[1:]]
        done = subprocess.run(arguments, cwd=FOLDER, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stderr.decode(errors="replace")

    def update(self, messages):
        mark = self.sign + b"| "
        lines = [(mark + line.encode()).rstrip() + b"\n" for line in messages.splitlines()]
        self.path.write_bytes(b"".join(self.source + lines))

    def problems(self, severity, status, messages):
        def clean(text):  # predicted seconds are those of the last calibration
            return [re.sub(r"about \d+ s,", "about .. s,", line.rstrip()) for line in text.splitlines()]
        if f"[{self.id}]" not in self.expected:
            yield f"expected a message with [{self.id}] among its own"
        if clean(messages) != clean(self.expected):
            yield f"expected\n{self.expected}got\n{messages}"
        if severity == "error" and status != 2:
            yield f"expected exit status 2, got {status}"
        if severity == "warning" and status not in (0, 1):
            yield f"expected exit status 0 or 1, got {status}"


def main():
    words = [word for word in sys.argv[1:] if word != "--update"]
    known = identifiers()
    cases = [Case(path) for path in sorted(FOLDER.iterdir())
             if path.suffix in (".deq", ".mlir", ".ll", ".s", ".txt")]
    failures = 0

    def fail(text):
        nonlocal failures
        failures += 1
        print(text, file=sys.stderr)
    for missing in sorted(set(known) - {case.id for case in cases}):
        fail(f"{missing}: no file tests/error/{missing}.deq provokes it")
    for case in cases:
        if words and case.id not in words:
            continue
        if case.id not in known:
            fail(f"{case.path.name}: no diagnostic has this identifier")
            continue
        status, messages = case.run()
        if "--update" in sys.argv:
            case.update(messages)
            case = Case(case.path)
        for problem in case.problems(known[case.id], status, messages):
            fail(f"{case.path.name}: {problem}")
    print(f"{len(cases)} files, {len(known)} identifiers, {failures} problems")
    return 1 if failures else 0


sys.exit(main())
