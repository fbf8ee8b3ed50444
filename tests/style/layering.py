# Who may include whom, and which calls are never made.
# The house stands on these rules (one std-only door to the compiler), and no compiler enforces them.
import re

import tree

CODE = (".h", ".cpp", ".def", ".inc")
HOUSE = ("include", "compiler", "runtime", "tools")
FORBIDDEN = {
    r"\bInitAll\w*": "registers everything there is; name the dialects and passes that are used",
    r"\bregisterAll(Dialects|Passes|Extensions)\b": "name the dialects and passes that are used",
    r"\bcantFail\s*\(": "ends the host process; return a diagnostic",
    r"(?<!static_)\bassert\s*\(": "ends the host process; return a diagnostic",
    r"\babort\s*\(": "ends the host process; return a diagnostic",
}


def without_comments(code):
    """Comments and strings blanked, line numbers kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.S)


def includes(name):
    """(line, spelling, is_system) of every include."""
    for number, line in enumerate(tree.text(name).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(2), match.group(1) == "<"


def resolve(name, spelling):
    """The repository's file behind an include, or None."""
    folder = (tree.ROOT / name).parent
    for base in (folder, tree.ROOT, tree.ROOT / "include"):
        path = (base / spelling).resolve()
        if path.is_file() and path.is_relative_to(tree.ROOT):
            return str(path.relative_to(tree.ROOT))
    return None


def is_standard(spelling):
    return re.fullmatch(r"[a-z_0-9]+", spelling) is not None


def is_mlir_or_llvm(spelling):
    return re.match(r"(mlir|llvm)(-c)?/", spelling) is not None


def closure(start):
    """Every repository file reachable from `start`."""
    seen, queue = set(), [start]
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        queue += [f for _, s, _ in includes(name) if (f := resolve(name, s))]
    return seen


def std_only(name, also=()):
    """Problems of a file that may reach the standard library and `also` alone."""
    for reached in sorted(closure(name)):
        for line, spelling, _ in includes(reached):
            known = resolve(reached, spelling) or is_standard(spelling)
            if not known and not spelling.startswith(also or ("\0",)):
                via = "" if reached == name else f" (reached from {name})"
                yield f"{reached}:{line}: expected only the standard library, got '{spelling}'{via}"


def check_public():
    for name in tree.files("include", endings=CODE):
        yield from std_only(name)
        for reached in closure(name):
            if not reached.startswith("include/"):
                yield f"{name}: a public header reaches {reached}"


def check_door():
    """compiler/Compile.h is std-only, and with what it pulls the only thing the runtime sees."""
    door = "compiler/Compile.h"
    yield from std_only(door)
    allowed = closure(door)
    for name in tree.files("runtime", endings=CODE):
        for line, spelling, _ in includes(name):
            target = resolve(name, spelling)
            if target and target.startswith("compiler/") and target not in allowed:
                if not target.endswith(".def"):
                    yield f"{name}:{line}: the runtime sees the compiler through {door}, got {target}"
            if target and target.startswith("tools/"):
                yield f"{name}:{line}: the runtime includes a tool, {target}"


def check_compiler():
    for name in tree.files("compiler", endings=CODE):
        for line, spelling, _ in includes(name):
            target = resolve(name, spelling)
            if target and target.startswith(("runtime/", "tools/")):
                yield f"{name}:{line}: the compiler includes {target}"
    for name in tree.files("compiler/Data", "compiler/Frontend", "compiler/Methods", endings=CODE):
        own = name.startswith("compiler/Data/") and name.endswith(".cpp")
        yield from std_only(name, also=("fmt/", "csv.h", "rapidjson/") if own else ("fmt/",))


def check_outside():
    for name in tree.files("include", "runtime", "tools", "examples", endings=CODE):
        for line, spelling, _ in includes(name):
            if is_mlir_or_llvm(spelling):
                yield f"{name}:{line}: only compiler/ includes MLIR and LLVM, got '{spelling}'"


def check_calls():
    for name in tree.files(*HOUSE, endings=CODE):
        for number, line in enumerate(without_comments(tree.text(name)).splitlines(), 1):
            for pattern, reason in FORBIDDEN.items():
                if match := re.search(pattern, line):
                    yield f"{name}:{number}: '{match.group()}': {reason}"


problems = []
for rule in (check_public, check_door, check_compiler, check_outside, check_calls):
    problems += rule()
tree.finish(sorted(set(problems)), "layers of the house")
