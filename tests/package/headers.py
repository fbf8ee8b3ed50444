# Every public header compiles by itself, without warnings, with each C++ compiler at hand.
# A host's warnings are errors more often than ours, and its compiler need not be the one that built deq.
import os
import re
import shutil
import subprocess
import unittest

import package

FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
#: The first version of clang with std::source_location on GCC's library.
OLDEST_CLANG = 16


def compilers():
    """g++, and the newest clang++ that knows C++20 as the headers use it."""
    found = [shutil.which("g++")]
    for name in ["clang++", *(f"clang++-{version}" for version in range(30, OLDEST_CLANG - 1, -1))]:
        path = shutil.which(name)
        version = path and subprocess.run([path, "-dumpversion"], capture_output=True, text=True)
        if version and int(version.stdout.split(".")[0]) >= OLDEST_CLANG:
            found.append(path)
            break
    return [path for path in found if path]


class Headers(package.PackageTest):
    def test_every_header_compiles_by_itself(self):
        headers = sorted((package.HERE.parents[1] / "include" / "deq").glob("*.h"))
        self.assertIn("deq.h", [header.name for header in headers])
        sources = []
        for header in headers:
            source = self.folder / (header.stem + ".cpp")
            source.write_text(f"#include <deq/{header.name}>\n#include <deq/{header.name}>\n")
            sources.append(source)
        for compiler in compilers():
            with self.subTest(compiler):
                package.run(compiler, *FLAGS, "-I", headers[0].parents[1], *sources)

    def test_every_header_gives_its_symbols_to_hosts(self):
        """Without the pragmas, what it declares is left out of the library."""
        for header in (package.HERE.parents[1] / "include" / "deq").glob("*.h"):
            for opening in re.findall(r"^(.*)\nnamespace deq \{$", header.read_text(), flags=re.M):
                self.assertEqual(opening, "#pragma GCC visibility push(default)", header)


if __name__ == "__main__":
    unittest.main()
