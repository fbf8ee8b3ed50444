# The scripts of tools/ that stand between a checkout and a solution.
# What needs a network or a build of its own is not run here: installing packages, tools/run's build.
import os
import pathlib
import shutil
import subprocess
import unittest

import deqc

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"


class ScriptTest(deqc.DeqcTest):
    def call(self, *command, status=0, path=None):
        environment = {**os.environ, "PATH": path} if path else None
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done


class Scripts(ScriptTest):
    def test_run_explains_itself(self):
        self.assertIn("usage: tools/run FILE", self.call(TOOLS / "run", "--help").stdout)
        self.call(TOOLS / "run", status=2)

    def fake_system(self, *commands, installed=""):
        """A PATH with nothing but `commands` and a dpkg-query that knows the packages `installed`."""
        folder = self.folder / "bin"
        folder.mkdir()
        for command in ("bash", "env", "sed", "grep", "dirname", "id", *commands):
            (folder / command).symlink_to(shutil.which(command))
        query = folder / "dpkg-query"
        query.write_text(f"#!/bin/sh\nprintf '{installed}'\n")
        query.chmod(0o755)
        return str(folder)

    def test_setup_is_silent_when_nothing_is_missing(self):
        lines = (TOOLS / "packages.txt").read_text().splitlines()
        names = [words[0] for line in lines if (words := line.split("#")[0].split())]
        self.assertGreater(len(names), 10)
        listed = "".join(f"installed {name}\\n" for name in names)
        done = self.call("bash", TOOLS / "setup", path=self.fake_system(installed=listed))
        self.assertEqual(done.stdout + done.stderr, "")

    def test_setup_names_what_is_missing_where_it_cannot_install(self):
        path = self.fake_system(installed="installed cmake\\n")  # no apt-get, no sudo
        done = self.call("bash", TOOLS / "setup", path=path, status=1)
        self.assertIn("apt-get install ", done.stderr)
        self.assertIn(" ninja-build ", done.stderr)
        self.assertNotIn(" cmake ", done.stderr)

    def test_the_readme_names_every_package(self):
        page = (TOOLS.parent / "README.md").read_text()
        for line in (TOOLS / "packages.txt").read_text().splitlines():
            if words := line.split("#")[0].split():
                self.assertIn(f"`{words[0]}`", page)

    def test_every_package_says_what_it_is_for(self):
        for line in (TOOLS / "packages.txt").read_text().splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r"^[a-z0-9+.-]+ +# \S")


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Plot(ScriptTest):
    def plot(self, text, *options):
        self.deqc("run", self.source(text), *options, "-o", "a.csv")
        done = self.call(TOOLS / "plot", "a.csv", "a.svg")
        self.assertEqual(done.stderr, "")
        svg = self.read("a.svg")
        self.assertTrue(svg.rstrip().endswith("</svg>"))
        return svg

    def test_two_columns_get_a_phase_portrait(self):
        self.assertIn("phase portrait", self.plot(deqc.LOTKA_VOLTERRA))

    def test_seven_columns_share_one_plot(self):
        svg = self.plot(deqc.ARRAYS)
        self.assertNotIn("phase portrait", svg)
        self.assertIn("q[1][2]", svg)

    def test_one_row(self):
        self.plot(deqc.DECAY)

    def test_columns_by_the_number(self):
        for width, word in ((12, "u[11]"), (40, "position in u")):
            rows = [",".join(["t"] + [f"u[{i}]" for i in range(width)])]
            rows += [",".join(str(t + i) for i in range(width + 1)) for t in range(30)]
            (self.folder / "wide.csv").write_text("\n".join(rows) + "\n")
            self.call(TOOLS / "plot", "wide.csv", "wide.svg")
            self.assertIn(word, self.read("wide.svg"))

    def test_missing_file(self):
        done = self.call(TOOLS / "plot", "no.csv", "no.svg", status=1)
        self.assertIn("cannot read 'no.csv'", done.stderr)


if __name__ == "__main__":
    unittest.main()
