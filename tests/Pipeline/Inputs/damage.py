# Damages dumps in every way that happens (cut files, foreign files, edited records) and runs them.
# A damaged file is an error with a message and exit status 2: never a crash, never a result.
"""Usage: damage.py SOURCE FOLDER"""
import pathlib
import re
import subprocess
import sys

source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
# Words of LLVM's own tools: they say nothing to a user of deq.
RAW = ("LLVM ERROR", "JIT session", "PLEASE submit", "Stack dump", "Assertion", "UNREACHABLE", "std::bad_alloc")
problems, tried = [], 0


def deqc(*arguments):
    done = subprocess.run(["deqc", *map(str, arguments)], capture_output=True, timeout=300)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def expect_error(name, data, what, also=None):
    """Runs a damaged file. `also` is a status that is right too: a cut may leave a whole file."""
    global tried
    tried += 1
    path = folder / name
    path.write_bytes(data)
    status, out, errors = deqc("run", path, "--quiet")
    if also is not None and (status, out) == also:
        return
    if status != 2 or "error: " not in errors or any(word in errors for word in RAW):
        problems.append(f"{name}, {what}: exit status {status}\n{errors[:600]}")


def cuts(data):
    """Lengths at which to cut: near both ends and spread over the middle."""
    n = len(data)
    return sorted({0, 1, 3, 16, 64, n // 7, n // 3, n // 2, 2 * n // 3, 9 * n // 10, n - 200, n - 64, n - 20, n - 2})


whole = deqc("run", source, "--quiet")[:2]
dumps = {}
for stage, name in (("field", "field.mlir"), ("unpacked", "unpacked.mlir"), ("llvm-dialect", "dialect.mlir"),
                    ("llvm", "llvm.ll"), ("asm", "asm.s"), ("obj", "object.o")):
    deqc("compile", source, f"--emit={stage}", "-o", folder / name, "--quiet")
    dumps[name] = (folder / name).read_bytes()

for name, data in dumps.items():
    for length in cuts(data):
        expect_error(f"cut-{name}", data[:length], f"cut at {length} of {len(data)}", also=whole)
    expect_error(f"other-{name}", b"\0" * 4096, "only zeros")
    expect_error(f"text-{name}", b"no stage of anything\n", "some text")

# Records that are absent, unknown, out of range, or do not fit the code.
for name in ("field.mlir", "unpacked.mlir"):
    data = dumps[name]
    for old, new in ((b"deq.signature", b"test.signature"), (b"deq.values", b"test.values"),
                     (b'"state x"', b'"state x 2"'), (b'"state x"', b'"state y"'), (b'"dtype f64"', b'"dtype f32"'),
                     (b'"y0 1 0 0"', b'"y0 1 0"'), (b'"rtol 1e-08"', b'"rtol none"'), (b'"t1 ', b'"t1 x'),
                     (b'"argument beta uniform"', b'"argument beta memory"'), (b'"solve lorenz"', b'"\\00\\FF"'),
                     (b'"state x", ', b""), (b'"argument beta uniform"', b'"argument beta uniform 0"')):
        if old not in data:
            problems.append(f"{name}: expected {old} in it")
        expect_error(f"records-{name}", data.replace(old, new, 1), f"{old} -> {new}")
for name in ("llvm.ll", "asm.s", "object.o"):
    data = dumps[name]
    for old, new in ((b"deq_signature", b"deq_signaturX"), (b"deq_values", b"deq_valueX"), (b"state x", b"stXte x"),
                     (b"dtype f64", b"dtype f99")):
        if old not in data:
            problems.append(f"{name}: expected {old} in it")
        expect_error(f"records-{name}", data.replace(old, new), f"{old} -> {new}")
    expect_error(f"entry-{name}", data.replace(b"deq_solve", b"deq_solvX"), "no kernel")

# Files of the right kind that deq did not write, and names that say another kind.
expect_error("foreign.mlir", b"func.func @f(%x: f64) -> f64 {\n  return %x : f64\n}\n", "no solve")
expect_error("foreign.ll", b"define double @f(double %x) {\n  ret double %x\n}\n", "no kernel")
expect_error("typed.ll", b"define double @deq_solve(double %x) {\n  ret double %x\n}\n", "a kernel of another type")
# Valid to read, invalid to compile: a value that depends on itself.
expect_error("phi.ll", re.sub(rb"(%\d+) = phi (i64|double) \[ [^,]+,", rb"\1 = phi \2 [ \1,", dumps["llvm.ll"]), "a cycle")
expect_error("foreign.s", b".text\nf:\n  ret\n", "no records")
expect_error("object.ll", dumps["object.o"], "an object")
expect_error("llvm.o", dumps["llvm.ll"], "a text")
expect_error("asm.mlir", dumps["asm.s"], "assembly")
expect_error("field.s", dumps["field.mlir"], "MLIR")
expect_error("field.txt", dumps["field.mlir"], "no extension of a stage")

print("\n".join(problems) or f"{tried} damaged files refused")
