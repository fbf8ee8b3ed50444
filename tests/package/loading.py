# When deqc loads the compiler, and what it says if it cannot.
# The dynamic linker itself tells what it loaded.
import os
import shutil
import subprocess
import unittest

import package

GOOD = "field decay(t; y) { y' = -y }\nsolve decay { span 0 to 1\n init y = 1 }\n"
BAD = GOOD.replace("-y", "-z")


class Loading(package.PackageTest):
    def deqc(self, *arguments, program=package.DEQC, **environment):
        """Status, standard error, and the names of all libraries that were loaded."""
        trace = self.folder / "trace"
        done = subprocess.run(
            [str(program), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
            timeout=100, env={**package.BARE, "LD_DEBUG": "libs", "LD_DEBUG_OUTPUT": str(trace),
                              **environment})
        loaded = set()
        for path in self.folder.glob("trace.*"):
            loaded |= {os.path.basename(line.split("calling init: ")[1])
                       for line in path.read_text().splitlines() if "calling init: " in line}
            path.unlink()
        return done.returncode, done.stderr, sorted(loaded)

    def source(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def test_what_needs_no_code_loads_no_llvm(self):
        good, bad = self.source("good.deq", GOOD), self.source("bad.deq", BAD)
        lines = [(0, "--help"), (0, "--version"), (0, "run", "--help"), (0, "format", good),
                 (0, "check", good), (2, "check", bad), (2, "run", bad), (2, "compile", bad),
                 (2, "run", self.source("model.txt", GOOD)), (2, "run", good, "--rtol", "a"),
                 *((0, "list", topic) for topic in ("methods", "functions", "stages", "controllers",
                                                    "presets", "diagnostics"))]
        for status, *line in lines:
            got, text, loaded = self.deqc(*line)
            self.assertEqual(got, status, text)
            self.assertTrue(any(name.startswith("libstdc++") for name in loaded), "no trace")
            self.assertEqual([name for name in loaded if "LLVM" in name or "deq-compiler" in name],
                             [], line)

    def test_what_needs_code_loads_the_compiler(self):
        good = self.source("good.deq", GOOD)
        for line in (["run", good], ["run", good, "--backend", "interp"], ["compile", good]):
            status, text, loaded = self.deqc(*line)
            self.assertEqual(status, 0, text)
            self.assertTrue(any(name.startswith("libdeq-compiler") for name in loaded), (line, loaded))

    def refusal(self, **environment):
        status, text, _ = self.deqc("run", self.source("good.deq", GOOD), **environment)
        self.assertEqual(status, 3, text)
        return text

    def test_another_builds_compiler_is_refused(self):
        text = self.refusal(DEQ_COMPILER_LIBRARY=str(package.FOREIGN))
        self.assertRegex(text, r"error: expected the compiler of build \d\S+, got that of build "
                               r"another-build: '.*' \[compiler-library\]")

    def test_another_library_is_refused(self):
        text = self.refusal(DEQ_COMPILER_LIBRARY=str(package.LIBRARY))
        self.assertIn("error: expected the compiler of deq, got another library: '", text)

    def test_a_missing_library_is_an_error_that_says_where_it_was_looked_for(self):
        nowhere = self.folder / "nowhere.so"
        self.assertIn(str(nowhere), self.refusal(DEQ_COMPILER_LIBRARY=str(nowhere)))
        copy = self.folder / "bin" / "deqc"
        copy.parent.mkdir()
        shutil.copy(package.DEQC, copy)
        status, text, _ = self.deqc("run", self.source("good.deq", GOOD), program=copy)
        self.assertEqual(status, 3)
        self.assertIn(f"error: expected to find the compiler, '{self.folder}/lib", text)

    def test_a_program_that_was_called_by_a_link_finds_it(self):
        link = self.folder / "other"
        link.symlink_to(package.DEQC)
        status, text, _ = self.deqc("run", self.source("good.deq", GOOD), program=link)
        self.assertEqual(status, 0, text)


if __name__ == "__main__":
    unittest.main()
