# Runs deqc for the tests of its command line.
# Sources are written to a fresh folder per test, so that no test sees another's files.
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

DEQC = os.path.abspath(os.environ.get("DEQC", "build/bin/deqc"))

LOTKA_VOLTERRA = """\
field lotka_volterra(t; x, y; alpha, beta, gamma, delta) {
  x' = alpha*x - beta*x*y
  y' = delta*x*y - gamma*y
}
solve lotka_volterra {
  span 0 to 10
  init x = 10, y = 5
  args alpha = 1.5, beta = 1, gamma = 3, delta = 1
  save every 0.5
}
"""

DECAY = """\
field decay(t; y; k) { y' = -k*y }
solve decay {
  span 0 to 1
  init y = 1
  args k = 1
  method rk4
  control constant(dt = 0.01)
}
"""

ARRAYS = """\
field arrays(t; a, q[2,3]) {
  a' = -a
  q' = -q
}
solve arrays {
  span 0 to 1
  init a = 1, q = [[2, 3, 4], [5, 6, 7]]
  save every 0.5
}
"""

# After its first steps nothing but stability limits an explicit method.
STIFF = """\
field relaxation(t; y) { y' = -1000*(y - cos(t)) }
solve relaxation {
  span 0 to 2
  init y = 0
}
"""

# The solution 1/(1 - t) leaves every bound at t = 1.
BLOWUP = """\
field blowup(t; x) { x' = x*x }
solve blowup {
  span 0 to 2
  init x = 1
  save start
}
"""

UNKNOWN_NAME = """\
field lorenz(t; x, y, z; sigma, rho, beta) {
  x' = sigma*(y - x)
  y' = x*(rho - z) - y
  z' = x*y - rh *z
}
solve lorenz {
  span 0 to 1
  init x = 1, y = 0, z = 0
  args sigma = 10, rho = 28, beta = 8/3
}
"""

TWO_SOLVES = DECAY + LOTKA_VOLTERRA


class DeqcTest(unittest.TestCase):
    """A test in a folder of its own, with the sources it names."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {"DEQ_CACHE_DIR": ""}  # nothing that another test compiled

    def source(self, text, name="case.deq"):
        (self.folder / name).write_text(text)
        return name

    def start(self, *arguments, **streams):
        """A running deqc that obeys SIGINT even where the tests run in the background."""
        return subprocess.Popen([DEQC, *map(str, arguments)], cwd=self.folder, text=True,
                                env={**os.environ, **self.environment},
                                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                                **streams)

    def deqc(self, *arguments, status=0, stdout=subprocess.PIPE):
        """Runs to the end, checks the exit status."""
        process = self.start(*arguments, stdout=stdout, stderr=subprocess.PIPE)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, status, f"deqc {arguments}\n{out}\n{err}")
        return subprocess.CompletedProcess(arguments, status, out, err)

    def json(self, *arguments, status=0):
        return json.loads(self.deqc(*arguments, "--format", "json", status=status).stdout)

    def read(self, name):
        return (self.folder / name).read_text()

    def left_over(self):
        """Names in the folder besides the source."""
        return sorted(path.name for path in self.folder.iterdir() if path.suffix != ".deq")
