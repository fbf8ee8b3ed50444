# The command line itself: help, version, what is refused and how.
# A refusal is one clear line and a hint; docs/cli.md knows the same options as --help.
import pathlib
import re
import unittest

import deqc

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "cli.md"
COMMANDS = ("run", "compile", "check", "format", "list")
LATER = ("--sweep", "--threads", "--plot", "--fast-math", "--target")


def options_in(text):
    return set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-o)\b", text))


class Usage(deqc.DeqcTest):
    def refused(self, *arguments):
        """The one line that says why."""
        run = self.deqc(*arguments, status=2)
        self.assertEqual(run.stdout, "")
        first, hint = run.stderr.splitlines()
        self.assertRegex(hint, r"^see 'deqc.* --help'$")
        self.assertTrue(first.startswith("deqc: error: "))
        return first.removeprefix("deqc: error: ")

    def test_version(self):
        self.assertRegex(self.deqc("--version").stdout, r"^deqc \d+\.\d+\.\d+\n$")

    def test_help_goes_to_standard_output(self):
        text = self.deqc("--help").stdout
        for word in (*COMMANDS, "Exit status"):
            self.assertIn(word, text)
        for command in COMMANDS:
            self.assertIn(f"Usage: deqc {command} ", self.deqc(command, "--help").stdout)

    def test_help_speaks_of_no_llvm_options(self):
        text = self.deqc("run", "--help").stdout + self.deqc("--help").stdout
        self.assertNotIn("llvm", text.lower())

    def test_no_command_prints_the_help_on_standard_error(self):
        run = self.deqc(status=2)
        self.assertEqual(run.stdout, "")
        self.assertIn("Usage: deqc ", run.stderr)

    def test_unknown_words(self):
        case = self.source(deqc.DECAY)
        self.assertEqual(self.refused("integrate"), "unknown command 'integrate'")
        self.assertEqual(self.refused("run", "--nonsense", case), "unknown option '--nonsense'")
        self.assertEqual(self.refused("run", case, "more.deq"), "unexpected 'more.deq'")
        self.assertEqual(self.refused("check", case, "--rtol", "1"), "unknown option '--rtol'")

    def test_slips_are_corrected(self):
        case = self.source(deqc.DECAY)
        self.assertEqual(self.refused("chekc", case),
                         "unknown command 'chekc'; did you mean 'check'?")
        for line in (["--rtoll", "1"], ["--rtoll=1"]):
            self.assertEqual(self.refused("run", case, *line),
                             "unknown option '--rtoll'; did you mean '--rtol'?")
        self.assertTrue(self.refused("run", case, "--format", "jsn")
                        .endswith("got 'jsn'; did you mean 'json'?"))

    def test_missing_words(self):
        case = self.source(deqc.DECAY)
        self.assertEqual(self.refused("run"), "FILE is required")
        self.assertEqual(self.refused("list"), "TOPIC is required")
        self.assertEqual(self.refused("run", case, "--rtol"), "--rtol needs a value")
        self.assertEqual(self.refused("run", case, "-o"), "-o needs a value")

    def test_bad_numbers(self):
        case = self.source(deqc.DECAY)
        for option in ("--from", "--to", "--rtol", "--atol", "--dt"):
            for bad in ("abc", "1e", "1,5", "nan", "inf", ""):
                self.assertEqual(self.refused("run", case, option, bad),
                                 f"{option}: expected a number, got '{bad}'")
        for bad in ("0", "-1", "1.5", "1e3"):
            self.assertIn("--max-steps: expected a whole number",
                          self.refused("run", case, "--max-steps", bad))

    def test_bad_choices(self):
        case = self.source(deqc.DECAY)
        for option in ("--format", "--dtype", "--stages", "--backend"):
            self.assertRegex(self.refused("run", case, option, "wrong"),
                             f"^{option}: expected one of .*, got 'wrong'$")
        self.assertRegex(self.refused("compile", case, "--emit=wrong"), "^--emit: expected one of")
        self.assertRegex(self.refused("list", "wrong"), "^list: expected one of methods, ")

    def test_bad_pairs_and_repetitions(self):
        case = self.source(deqc.DECAY)
        for bad in ("k", "=1", "k="):
            self.assertIn("--set: expected NAME=VALUE", self.refused("run", case, "--set", bad))
        self.assertEqual(self.refused("run", case, "--rtol", "1", "--rtol", "1"),
                         "--rtol is given twice")

    def test_what_is_planned_is_recognised(self):
        case = self.source(deqc.DECAY)
        for line in (["run", case, "--sweep", "k=0:1:5"], ["run", case, "--threads", "2"],
                     ["run", case, "--plot", "a.svg"], ["run", case, "--fast-math"],
                     ["run", case, "--format", "npy"],
                     ["compile", case, "--target", "host"], ["compile", case, "--emit=ptx"],
                     ["list", "targets"]):
            self.assertTrue(self.refused(*line).endswith(" is not supported yet"), line)

    def test_every_option_is_documented(self):
        helps = "".join(self.deqc(command, "--help").stdout for command in COMMANDS)
        page = options_in(PAGE.read_text())
        known = options_in(helps) | {"--version"} | set(LATER)
        self.assertEqual(known - page, set(), "missing in docs/cli.md")
        self.assertEqual(page - known, set(), "unknown to deqc")


if __name__ == "__main__":
    unittest.main()
