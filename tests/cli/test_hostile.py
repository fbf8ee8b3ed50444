# deqc meets hostile files: it ends soon, in little memory, with a message and the status for bad source.
# The same texts are tried in many more ways inside one process by tests/robustness.
import os
import resource
import subprocess
import unittest

import deqc

SANITIZED = "ASAN_OPTIONS" in os.environ  # the preset sets it; such a process reserves terabytes
SECONDS = 60 if SANITIZED else 5  # of processor time; the work itself takes at most one


def limits():
    """Of processor time, and of memory, libraries included."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


class Hostile(deqc.DeqcTest):
    def refused(self, text, message, name="case.deq"):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.refuses(name, message)

    def refuses(self, name, message):
        process = subprocess.run([deqc.DEQC, "check", name], cwd=self.folder, preexec_fn=limits,
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        self.assertEqual(process.returncode, 2, process.stderr[-2000:])
        self.assertIn(message, process.stderr.decode())
        self.assertEqual(process.stdout, b"")
        self.assertLess(len(process.stderr), 1 << 20)

    def test_open_brackets(self):
        self.refused("field f(t; x) { x' = " + "(" * 100000, "at most 200 levels of nesting")

    def test_doubling_functions(self):
        body = "f0(x) = x\n" + "".join(f"f{i}(x) = f{i-1}(x) + f{i-1}(x)\n" for i in range(1, 60))
        self.refused("field f(t; x) {\n" + body + "x' = f59(x)\n}\n", "operations, functions inlined")

    def test_a_large_file(self):
        self.refused(b" " * (100 << 20), "expected a file of at most")

    def test_a_file_without_end(self):
        (self.folder / "zero.deq").symlink_to("/dev/zero")
        self.refuses("zero.deq", "expected a file of at most")

    def test_bytes_that_are_no_text(self):
        self.refused(bytes(range(256)) * 4000, "unexpected character")

    def test_many_errors(self):
        self.refused("field f(t; x) {\n" + "x' = q\n" * 500000 + "}\n", "too many errors")

    def test_a_line_of_a_million_characters(self):
        self.refused("field f(t; x) { x' = " + "y" * 1000000 + " }", "expected a name of at most")


if __name__ == "__main__":
    unittest.main()
