# What the tests of the package share: where this build's products are, and fresh installations of them.
# Programs run without the environment of whoever runs the tests, so that nothing is found by luck.
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD, DEQC, LIBRARY, COMPILER, FOREIGN = (
    pathlib.Path(os.environ[name]).resolve()
    for name in ("DEQ_BUILD", "DEQC", "DEQ_LIBRARY", "DEQ_COMPILER", "DEQ_FOREIGN"))
CMAKE = os.environ.get("CMAKE", "cmake")
CXX = os.environ.get("CXX", "c++")
BARE = {"PATH": "/usr/bin:/bin"}
SANITIZED = "DEQ_SANITIZE:BOOL=ON" in (BUILD / "CMakeCache.txt").read_text()


def skip(reason):
    """Ends the test as skipped."""
    print(f"skipped: {reason}")
    sys.exit(77)


def finished(*command, at=None, **environment):
    """A command that has succeeded, in a bare environment and a folder."""
    done = subprocess.run([str(word) for word in command], env={**BARE, **environment}, cwd=at,
                          capture_output=True, text=True, timeout=250)
    if done.returncode != 0:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def run(*command, **where):
    return finished(*command, **where).stdout


def standard_error(*command, **where):
    return finished(*command, **where).stderr


class PackageTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def installation(self):
        """A fresh one, not where it was installed to."""
        run(CMAKE, "--install", BUILD, "--prefix", self.folder / "installed")
        shutil.move(self.folder / "installed", self.folder / "moved")
        return self.folder / "moved"

    def files(self, root, pattern):
        return sorted(str(path.relative_to(root)) for path in root.glob(pattern))
