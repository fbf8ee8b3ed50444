# The programs of the examples in C++ do not depend on the C++ compiler: the order in which it evaluates operands, the
# names that it gives to types and the contractions that it makes are no part of a trace.
import json
import os
import shutil
import unittest

import package

ROOT = package.HERE.parent.parent
OTHER = next((found for found in map(shutil.which, ("clang++-19", "clang++-18", "clang++-17")) if found), None)
if not OTHER:
    package.skip("no clang++ of version 17 or later")
if package.SANITIZED:
    package.skip("an instrumented library needs an instrumented host")


class Compilers(package.PackageTest):
    def keys(self, source, compiler):
        """Of all that an example compiles, in its order."""
        program = self.folder / f"{source.stem}-{os.path.basename(compiler)}"
        package.run(compiler, "-std=c++20", "-O2", f"-I{ROOT}/include", source, "-o", program, package.LIBRARY,
                    f"-Wl,-rpath,{package.LIBRARY.parent}")
        log = package.standard_error(program, at=ROOT, DEQ_LOG="json", DEQ_CACHE_DIR="")
        return [json.loads(line)["key"] for line in log.splitlines() if line.startswith("{")]

    def test_examples_have_the_same_programs(self):
        for source in sorted((ROOT / "examples").glob("*.cpp")):
            with self.subTest(source.name):
                keys = self.keys(source, package.CXX)
                self.assertTrue(keys, "it compiles nothing")
                self.assertEqual(keys, self.keys(source, OTHER))


if __name__ == "__main__":
    unittest.main()
