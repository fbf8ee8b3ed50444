# Emits every stage of a solve, reads it back, runs it, and compares bytes.
# A loop over the list that deqc prints, so that a new stage is tested without touching this file.
"""Usage: stages.py SOURCE FOLDER [options of deqc that shape the code]...
Prints one line per stage that behaves, or what it did instead."""
import pathlib
import re
import subprocess
import sys

source, folder, *options = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)


def deqc(*arguments, status=0):
    done = subprocess.run(["deqc", *map(str, arguments)], capture_output=True, timeout=300)
    if done.returncode != status:
        sys.exit(f"deqc {' '.join(map(str, arguments))}: exit status {done.returncode}, expected "
                 f"{status}\n{done.stderr.decode()}")
    return done.stdout, done.stderr.decode()


def stages():
    """(name, extension), in order. The extension is what deqc infers the format from."""
    rows = [line.split() for line in deqc("list", "stages")[0].decode().splitlines()[1:]]
    return [(row[0], next(word for word in row if word.startswith("."))) for row in rows]


def without_comments(extension, data):
    """LLVM lists a block's predecessors in a comment, in no particular order."""
    return re.sub(rb" *;[^\n]*", b"", data) if extension == ".ll" else data


expected = deqc("run", source, "--quiet", *options)[0]
names = stages()
for position, (name, extension) in enumerate(names):
    dump = folder / (name + extension)
    deqc("compile", source, f"--emit={name}", "-o", dump, "--quiet", *options)
    if deqc("run", dump, "--quiet")[0] != expected:
        sys.exit(f"{name}: running the dump gives other bytes than running the source")
    if extension in (".mlir", ".ll"):
        again = deqc("compile", dump, f"--emit={name}", "--quiet")[0]
        if without_comments(extension, again) != without_comments(extension, dump.read_bytes()):
            sys.exit(f"{name}: printing what was read is no fixed point")
    if extension == ".mlir" and name != "llvm-dialect":
        if deqc("run", dump, "--quiet", "--backend", "interp")[0] != expected:
            sys.exit(f"{name}: the interpreter gives other bytes")
    else:
        errors = deqc("run", dump, "--quiet", "--backend", "interp", status=2)[1]
        if "interpreter" not in errors:
            sys.exit(f"{name}: expected an error of the interpreter, got: {errors}")
    if position > 0:
        errors = deqc("compile", dump, f"--emit={names[position - 1][0]}", "--quiet", status=2)[1]
        if "is past stage" not in errors:
            sys.exit(f"{name}: expected an error about the earlier stage, got: {errors}")
    print(f"{name} good")
