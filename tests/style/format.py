# All C++ is formatted by clang-format 14 with the repository's .clang-format.
# One fixed version, because its successors break lines differently.
import re
import shutil
import subprocess
import sys

import tree

SKIPPED = 77  # SKIP_RETURN_CODE in tests/CMakeLists.txt

tool = shutil.which("clang-format-14")
if not tool:
    print("skipped: clang-format-14 is not installed (see tools/packages.txt)")
    sys.exit(SKIPPED)
names = list(tree.files(endings=(".cpp", ".h")))
if not names:
    sys.exit(0)
result = subprocess.run([tool, "--dry-run", "-Werror", *names], cwd=tree.ROOT,
                        capture_output=True, text=True)
wrong = sorted(set(re.findall(r"^([^\s:]+):\d+:\d+: error:", result.stderr, flags=re.M)))
for name in wrong:
    print(f"{name}: not formatted, run: clang-format-14 -i {name}")
if result.returncode and not wrong:
    print(result.stderr)
sys.exit(result.returncode)
