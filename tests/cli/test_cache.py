# The cache on disk as its users meet it: `deqc run` twice, `deqc cache`, folders that cannot be used,
# and processes that die while they write.
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import threading
import time
import unittest

import deqc

CONTENTS_AT = 40  # of a file: magic, hits, size, checksum


class CacheTest(deqc.DeqcTest):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"
        self.environment = {"DEQ_CACHE_DIR": str(self.cache)}

    def files(self):
        return sorted(self.cache.iterdir()) if self.cache.exists() else []

    def compiled(self, *arguments):
        return self.json("run", *arguments)["compile"]


class Run(CacheTest):
    def test_a_second_process_finds_what_the_first_compiled(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        first = self.json("run", case)
        second = self.json("run", case)
        self.assertEqual(first["compile"]["cache"], "miss")
        self.assertEqual(first["compile"]["reason"], "first compile here")
        self.assertEqual(second["compile"]["cache"], "disk")
        self.assertEqual(second["compile"]["reason"], "")
        self.assertEqual(second["compile"]["stages"], first["compile"]["stages"])
        for key in ("t", "y", "stats", "status"):
            self.assertEqual(first[key], second[key], key)
        self.assertEqual(os.stat(self.cache).st_mode & 0o7777, 0o700)
        self.assertEqual([os.stat(file).st_mode & 0o7777 for file in self.files()], [0o600])

    def test_a_hit_loads_no_compiler(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        data = self.deqc("run", case).stdout
        self.environment |= {"DEQ_COMPILER_LIBRARY": "/nonexistent", "LD_DEBUG": "libs",
                             "LD_DEBUG_OUTPUT": str(self.folder / "trace")}
        self.assertEqual(self.deqc("run", case).stdout, data)
        traces = "".join(path.read_text() for path in self.folder.glob("trace.*"))
        loaded = re.findall(r"calling init: (\S+)", traces)
        self.assertTrue(any("libstdc++" in name for name in loaded), "no trace")
        self.assertEqual([name for name in loaded if "LLVM" in name or "deq-compiler" in name], [])
        self.deqc("run", case, "--method", "dopri5", status=3)  # which is no hit

    def test_values_names_and_layout_are_found(self):
        case = self.source(deqc.DECAY)
        self.compiled(case)
        for change in (["--set", "k=3"], ["--from", "-1"], ["--dt", "0.05"], ["--max-steps", "1000"]):
            self.assertEqual(self.compiled(case, *change)["cache"], "disk", change)
        other = deqc.DECAY.replace("decay", "other").replace("k", "lambda").replace(
            "{ y'", "{  # the same\n y'").replace("rlambda4", "rk4")
        self.assertEqual(self.compiled(self.source(other, "other.deq"))["cache"], "disk")

    def test_a_miss_says_what_differs(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.compiled(case)
        for change, reason in ((["--method", "dopri5"], "method tsit5 -> dopri5"),
                               (["--dtype", "f32"], "element type f64 -> f32"),
                               (["--save", "end"], "save plan times -> ends"),
                               (["--stages", "scan"], "stages auto -> scan")):
            report = self.compiled(case, *change)
            self.assertEqual(report["cache"], "miss", change)
            self.assertRegex(report["reason"], reason)
        self.source(deqc.LOTKA_VOLTERRA.replace("alpha*x -", "alpha*x + 1 -"))
        self.assertRegex(self.compiled(case)["reason"],
                         r"^structure of the field of \d+ operations -> of \d+ operations$")

    def test_another_files_entry_is_named_with_its_place(self):
        self.compiled(self.source(deqc.LOTKA_VOLTERRA, "first.deq"))
        second = self.source(deqc.LOTKA_VOLTERRA, "second.deq")
        self.assertEqual(self.compiled(second, "--method", "bosh3")["reason"],
                         f"first compile here; 'lotka_volterra' of {self.folder}/first.deq differs: "
                         "method tsit5 -> bosh3")

    def test_no_cache_neither_reads_nor_writes(self):
        case = self.source(deqc.DECAY)
        for _ in range(2):
            report = self.compiled(case, "--no-cache")
            self.assertEqual((report["cache"], report["reason"]), ("miss", "--no-cache"))
        self.assertEqual(self.files(), [])
        self.compiled(case)
        self.assertEqual(self.compiled(case, "--no-cache")["cache"], "miss")

    def test_stats_say_where_the_code_is_from(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.deqc("run", case, "--stats")
        self.assertIn("found on disk in ", self.deqc("run", case, "--stats").stderr)

    def test_the_time_report_of_a_hit_has_no_compile(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        names = []
        for _ in range(2):
            self.deqc("run", case, "--time-report=json", "--format", "json", "-o", "a.json")
            phases = json.loads(self.read("a.json"))["report"]["compile"]["phases"]
            names.append([phase["name"] for phase in phases])
        self.assertIn("codegen", names[0])
        self.assertEqual(names[1], ["parse", "disk"])

    def test_an_entry_that_does_not_tell_the_work_of_a_step_is_replaced(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.compiled(case)
        report = self.compiled(case, "--stats")
        self.assertEqual(report["reason"],
                         "what the cache has is refused: it does not say what a step's work is")
        works = []
        for options in (["--stats=json"], ["--stats=json", "--no-cache"]):
            result = self.json("run", case, *options)
            works.append(result["report"]["run"]["work"])
        self.assertEqual(self.compiled(case)["cache"], "disk")
        self.assertEqual(works[0], works[1])

    def test_a_damaged_file_is_replaced_and_the_reason_told(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        expected = self.json("run", case)["y"]
        file = self.files()[0]
        good = file.read_bytes()
        for at in (0, 20, 30, CONTENTS_AT, len(good)//2, len(good) - 1):
            file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            result = self.json("run", case)
            self.assertEqual(result["compile"]["cache"], "miss", at)
            self.assertIn("what the cache has is refused: it is ", result["compile"]["reason"])
            self.assertEqual(result["y"], expected)
            self.assertEqual(self.compiled(case)["cache"], "disk")


class Command(CacheTest):
    def test_stats(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        empty = self.json("cache", "stats")
        self.assertEqual(empty, {"folder": str(self.cache), "entries": 0, "refused": 0, "bytes": 0,
                                 "bound": 256 << 20, "hits": 0, "saved_ms": 0})
        self.assertFalse(self.cache.exists())
        for _ in range(3):
            self.deqc("run", case)
        stats = self.json("cache", "stats")
        self.assertEqual((stats["entries"], stats["hits"]), (1, 2))
        self.assertEqual(stats["bytes"], self.files()[0].stat().st_size)
        self.assertGreater(stats["saved_ms"], 0)
        text = self.deqc("cache", "stats").stdout
        self.assertRegex(text, rf"folder +{re.escape(str(self.cache))}\nentries +1\n"
                               r"bytes +\d+ of at most 268435456\nhits +2\n"
                               r"saved +[\d.e+]+ ms of compiling\n")

    def test_list(self):
        self.deqc("run", self.source(deqc.LOTKA_VOLTERRA, "a.deq"))
        self.deqc("run", self.source(deqc.ARRAYS, "b.deq"), "--method", "dopri5")
        self.deqc("run", "a.deq")
        (self.cache / ("0"*32 + ".deq-code")).write_text("nonsense")
        listed = self.json("cache", "list")
        self.assertEqual([entry["field"] for entry in listed["entries"]],
                         ["lotka_volterra", "arrays"])
        first, second = listed["entries"]
        self.assertEqual(list(first), ["key", "field", "place", "bytes", "age_s", "hits",
                                       "compile_ms", "saved_ms", "fields"])
        self.assertEqual((first["hits"], second["hits"]), (1, 0))
        self.assertEqual(first["place"], f"{self.folder}/a.deq")
        self.assertAlmostEqual(first["saved_ms"], first["compile_ms"])
        self.assertLess(first["age_s"], 600)
        for text in ("element type f64", "shape of 'q' f64[2,3]", "method dopri5",
                     "controller pid, norm rms", "save plan times"):
            self.assertIn(text, second["fields"])
        self.assertEqual(listed["refused"], [{"file": "0"*32 + ".deq-code",
                                              "reason": "it is no file of deq's cache"}])
        text = self.deqc("cache", "list").stdout
        self.assertIn(first["key"], text)
        self.assertIn("shape of 'q' f64[2,3]; ", text)
        self.assertIn("0.deq-code: refused, it is no file of deq's cache\n", text)

    def test_why(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        why = lambda *options: self.json("cache", "why", case, *options)
        self.assertEqual(why()["reason"], "first compile here")
        self.assertFalse(self.cache.exists())
        self.deqc("run", case)
        hit = why()
        self.assertEqual((hit["cache"], hit["field"], hit["reason"]), ("disk", "lotka_volterra", ""))
        self.assertEqual(self.files()[0].name, hit["key"] + ".deq-code")
        self.assertEqual(self.deqc("cache", "why", case).stdout,
                         f"{case}: would be found, as {hit['key']}.deq-code\n")
        self.assertEqual(self.json("cache", "stats")["hits"], 0)  # asking is no hit
        self.source(deqc.LOTKA_VOLTERRA.replace("save every 0.5", "method bosh3\n  save dense"))
        miss = why()
        self.assertEqual((miss["cache"], miss["reason"]),
                         ("miss", "method tsit5 -> bosh3, save plan times -> dense"))
        self.assertEqual(self.deqc("cache", "why", case).stdout,
                         f"{case}: would be compiled: {miss['reason']}\n")

    def test_why_takes_the_options_that_shape_the_code(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.deqc("run", case, "--method", "dopri5")
        self.assertEqual(self.json("cache", "why", case, "--method", "dopri5")["cache"], "disk")
        self.assertEqual(self.json("cache", "why", case)["reason"], "method dopri5 -> tsit5")

    def test_clear(self):
        for method in ("tsit5", "dopri5"):
            self.deqc("run", self.source(deqc.LOTKA_VOLTERRA), "--method", method)
        (self.cache / "damaged.deq-code").write_text("")
        self.assertEqual(self.deqc("cache", "clear").stdout, "removed 3 files\n")
        self.assertEqual(self.json("cache", "clear"), {"removed": 0})
        self.assertEqual(self.files(), [])
        self.assertEqual(self.compiled("case.deq")["cache"], "miss")

    def test_misuse(self):
        case = self.source(deqc.DECAY)
        for line, text in ((["why"], "cache why: expected a file"),
                           (["stats", case], f"cache stats: unexpected '{case}'"),
                           (["bogus"], "bogus")):
            self.assertIn(text, self.deqc("cache", *line, status=2).stderr)
        self.deqc("cache", status=2)
        self.assertIn("4:14: error: ", self.deqc(
            "cache", "why", self.source(deqc.UNKNOWN_NAME, "bad.deq"), status=2).stderr)
        self.deqc("cache", "why", "missing.deq", status=3)

    def test_bound_of_the_environment(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        self.deqc("run", case)
        size = self.files()[0].stat().st_size
        self.environment["DEQ_CACHE_BYTES"] = str(2*size)
        for method in ("dopri5", "bosh3", "heun"):
            self.deqc("run", case, "--method", method)
        stats = self.json("cache", "stats")
        self.assertEqual(stats["bound"], 2*size)
        self.assertLessEqual(stats["bytes"], 2*size)
        self.assertGreater(stats["entries"], 0)
        self.environment["DEQ_CACHE_BYTES"] = "many"
        self.assertEqual(self.deqc("run", case).stderr.splitlines()[0], "deqc: warning: expected a "
                         "number of bytes in DEQ_CACHE_BYTES, got 'many'")


class Unusable(CacheTest):
    """What cannot be written or read costs the caching, a line of warning, and nothing else."""

    def expect(self, pattern, **start):
        case = self.source(deqc.LOTKA_VOLTERRA)
        for options, warnings in (([], 1), (["--quiet"], 0)):
            process = self.start("run", case, *options, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, **start)
            out, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err)
            self.assertEqual(len(out.splitlines()), 22)
            found = [line for line in err.splitlines() if "warning" in line]
            self.assertEqual(len(found), warnings, err)
            for line in found:
                self.assertRegex(line, "^deqc: warning: " + pattern)

    @contextlib.contextmanager
    def mounted(self, options):
        """A small disk at self.cache, if this process may make one."""
        self.cache.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "deq", str(self.cache)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"no mounting here: {done.stderr.strip()}")
        try:
            yield
        finally:
            subprocess.run(["umount", str(self.cache)], check=True)

    def test_no_home(self):
        self.environment = {}
        for name in ("DEQ_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
            before = os.environ.pop(name, None)
            if before is not None:
                self.addCleanup(os.environ.__setitem__, name, before)
        self.expect("nothing is kept on disk: expected a home folder in HOME, or DEQ_CACHE_DIR$")

    def test_home_folder_is_used(self):
        self.environment = {"HOME": str(self.folder), "XDG_CACHE_HOME": ""}
        before = os.environ.pop("DEQ_CACHE_DIR", None)
        if before is not None:
            self.addCleanup(os.environ.__setitem__, "DEQ_CACHE_DIR", before)
        self.deqc("run", self.source(deqc.DECAY))
        self.assertEqual(len(list((self.folder / ".cache/deq").iterdir())), 1)
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "xdg")
        self.deqc("run", "case.deq")
        self.assertEqual(len(list((self.folder / "xdg/deq").iterdir())), 1)

    def test_a_full_disk(self):
        with self.mounted("size=4k,mode=700"):
            self.expect("cannot write a file of the cache: No space left on device$")
            self.assertEqual(self.files(), [])  # nor a part of a file

    def test_a_read_only_disk(self):
        with self.mounted("size=64k,mode=700,ro"):
            self.expect("cannot make a file of the cache: Read-only file system$")

    def test_a_read_only_disk_with_entries(self):
        case = self.source(deqc.LOTKA_VOLTERRA)
        with self.mounted("size=1m,mode=700"):
            data = self.deqc("run", case).stdout
            subprocess.run(["mount", "-o", "remount,ro", str(self.cache)], check=True)
            done = self.deqc("run", case, "--format", "csv")
            self.assertEqual((done.stdout, done.stderr.count("warning")), (data, 0))
            self.assertEqual(self.compiled(case)["cache"], "disk")

    def test_a_folder_that_may_not_be_made(self):
        user = {}
        if os.geteuid() == 0:  # who may write anywhere
            user = {"user": 65534, "group": 65534, "extra_groups": []}
        os.chmod(self.folder, 0o755)
        (self.folder / "locked").mkdir(mode=0o555)
        self.environment["DEQ_CACHE_DIR"] = str(self.folder / "locked/deq")
        self.expect("cannot make the cache folder '.*': Permission denied$", **user)

    def test_a_folder_of_others(self):
        self.cache.mkdir()
        os.chmod(self.cache, 0o777)
        self.expect(r"the cache folder '.*' is not used: others may write to it \(mode 777\)$")
        self.assertEqual(self.files(), [])

    def test_a_link_a_file_and_a_relative_path(self):
        self.cache.symlink_to(self.folder)
        self.expect("cannot open the cache folder '.*': ")
        self.cache.unlink()
        self.cache.write_text("")
        self.expect("cannot open the cache folder '.*': Not a directory$")
        self.environment["DEQ_CACHE_DIR"] = "here"
        self.expect("expected an absolute path of a cache folder, got 'here'$")
        self.assertFalse((self.folder / "here").exists())


MODELS, WORKERS, KILLS = 50, 8, 20


class Processes(CacheTest):
    def model(self, number):
        """y' = -y^n from y(0) = 1, whose solution is (1 + (n - 1)*t)^(-1/(n - 1))."""
        n = number + 2
        self.source(f"field power(t; y) {{ y' = -y^{n} }}\n"
                    f"solve power {{ span 0 to 1\n init y = 1 }}\n", f"{number}.deq")
        return f"{number}.deq", n**(-1/(n - 1))

    def test_many_at_once_one_of_which_is_killed(self):
        models = [self.model(number) for number in range(MODELS)]
        self.deqc("run", models[0][0])
        bound = 30*self.files()[0].stat().st_size  # room for most of them
        self.deqc("cache", "clear")
        self.environment["DEQ_CACHE_BYTES"] = str(bound)
        outputs = {}  # by model: all that was printed
        problems = []

        def work(seed):
            order = random.Random(seed)
            for number in order.sample(range(MODELS), MODELS):
                process = self.start("run", models[number][0], stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
                out, err = process.communicate(timeout=300)
                outputs.setdefault(number, set()).add(out)
                if process.returncode != 0 or err:
                    problems.append((number, process.returncode, err))

        def die():
            moments, killed = random.Random(0), 0
            while killed < KILLS:
                process = self.start("run", models[moments.randrange(MODELS)][0],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(moments.uniform(0, 0.3))
                killed += process.poll() is None
                process.send_signal(signal.SIGKILL)
                process.wait()

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(WORKERS - 1)]
        threads.append(threading.Thread(target=die))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(problems, [])
        for number, (_, exact) in enumerate(models):
            self.assertEqual(len(outputs[number]), 1, f"different results of {number}.deq")
            last = outputs[number].pop().splitlines()[-1]
            self.assertAlmostEqual(float(last.split(",")[1]), exact, places=5)
        # What dead writers left goes with the next entry that is written, once it is a second old.
        time.sleep(1.1)
        self.deqc("run", self.source(deqc.LOTKA_VOLTERRA))
        self.assertEqual([file.name for file in self.files() if file.suffix != ".deq-code"], [])
        self.assertLessEqual(sum(file.stat().st_size for file in self.files()), bound)
        stats = self.json("cache", "stats")
        self.assertEqual(stats["refused"], 0)
        self.assertGreater(stats["entries"], 20)


if __name__ == "__main__":
    unittest.main()
