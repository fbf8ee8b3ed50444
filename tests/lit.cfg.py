# How lit runs the tests of dumped stages: which files, which tools, which environment.
# Every tool comes from the build tree or from the LLVM that deq was built with, never from the user's PATH.
import os

import lit.formats

config.name = "deq"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["accuracy", "cli", "error", "style", "unit", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.deq_test_root

config.environment["PATH"] = os.pathsep.join(
    [config.deq_bin, config.llvm_bin, os.environ.get("PATH", "")])
# A variable of one function cannot match in another, and a prefix that no line uses is a mistyped one.
config.environment["FILECHECK_OPTS"] = "-enable-var-scope --allow-unused-prefixes=false"
config.environment["DEQ_CACHE_DIR"] = ""
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions.append(("%examples", config.deq_examples))
config.substitutions.append(("%python", config.python))
