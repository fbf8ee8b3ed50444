# A host that holds another LLVM keeps working, and so does deq in it.
# Both libraries have hundreds of symbols of the same names; versions and hiding keep them apart.
import subprocess
import unittest

import package

VERSIONS = range(11, 19)


class OtherLlvm(package.PackageTest):
    tried = 0

    def test_two_llvms_live_in_one_process(self):
        host = self.folder / "host"
        libraries = package.LIBRARY.parent
        package.run(package.CXX, "-std=c++20", "-I", package.HERE.parents[1] / "include",
                    package.HERE / "host/other_llvm.cpp", "-o", host, "-L", libraries, "-ldeq", "-ldl",
                    f"-Wl,-rpath,{libraries}")
        for version in VERSIONS:
            library = f"libLLVM-{version}.so.1"
            done = subprocess.run([str(host), library], env=package.BARE, capture_output=True,
                                  text=True, timeout=100)
            if done.returncode == 77:
                continue
            OtherLlvm.tried += 1
            with self.subTest(library):
                self.assertEqual((done.returncode, done.stdout), (0, "both work\n"), done.stderr)


if __name__ == "__main__":
    if package.SANITIZED:
        package.skip("a host would have to be instrumented like the libraries")
    result = unittest.main(exit=False).result
    if result.wasSuccessful() and not OtherLlvm.tried:
        package.skip("no other LLVM is installed (Debian: libllvm14 comes with clang-format-14)")
    raise SystemExit(not result.wasSuccessful())
