# The editor's grammar knows the words of the compiler and reads every example as the compiler does.
# Nothing else would notice a function or clause that the compiler gained and the editors did not.
import itertools
import json
import os
import re
import subprocess

import textmate
import tree

DEQC = os.environ.get("DEQC", str(tree.ROOT / "build/bin/deqc"))
FOLDER = "tools/editors/vscode"
GRAMMAR = f"{FOLDER}/syntaxes/deq.tmLanguage.json"
DEFINITIONS = {"field", "solve", "preset", "method", "import"}

# One line of text, the words to look at, and the scope that each must have.
CASES = [
    ("# field f if 2 sin(", {"field": "comment", "if": "comment", "2": "comment", "sin": "comment"}),
    ("field save(t; span, dt; init = sin(2), static to = 3) {  # for",
     {"field": "keyword", "save": "entity.name", "span": "variable.parameter",
      "dt": "variable.parameter", "init": "variable.parameter", "sin": "support.function",
      "2": "constant.numeric", "static": "storage", "to": "variable.parameter", "for": "comment"}),
    ("  span' = if t > 0 and not (dt == 1e-8) then every(dt) else sum(init[i] for i in 0..3)",
     {"span": "variable.other.derivative", "if": "keyword", ">": "keyword.operator.comparison",
      "and": "keyword", "not": "keyword", "1e-8": "constant.numeric", "then": "keyword",
      "every": "entity.name.function", "else": "keyword", "sum": "support.function",
      "init": "variable.other", "for": "keyword", "in": "keyword",
      "..": "keyword.operator.range", "3": "constant.numeric"}),
    ("  dt' = pi*span'", {"pi": "constant.language", "span": "variable.other.derivative"}),
    ("  save = 1", {"save": "variable.other"}),
    ("  every(end) = end*if_2", {"every": "entity.name.function", "if_2": "variable.other"}),
    ("  a = 2x + b**c && d", {"x": "invalid", "**": "invalid", "&&": "invalid"}),
    ("}", {"}": "punctuation"}),
    ("solve to = save { span 0 to 1", {"solve": "keyword", "to": "entity.name", "save": "entity.name",
                                       "span": "keyword.other.clause"}),
    ("  init span = 1,", {"init": "keyword.other.clause", "span": "variable.parameter"}),
    ("       save = 2  # a leaf", {"save": "variable.parameter"}),
    ("  span 0 to 1", {"to": "keyword"}),
    ("  control pid(norm = max, atol = {span: 1e-8, dt: 2},",
     {"control": "keyword.other.clause", "pid": "support.constant", "norm": "variable.parameter",
      "span": "variable.parameter", "dt": "variable.parameter", "1e-8": "constant.numeric"}),
    ("    dt = 1)", {"dt": "variable.parameter"}),
    ('  args a = file("if.npy"), b = norm([1, 2])',
     {"args": "keyword.other.clause", "file": "support.function", "if": "string",
      "norm": "support.function"}),
    ("  save every 0.1: x, to = x", {"save": "keyword.other.clause", "every": "keyword"}),
    ("  save fine = at [1]", {"save": "keyword.other.clause", "fine": "entity.name", "at": "keyword"}),
    ("  stop when x > 1", {"stop": "keyword.other.clause", "when": "keyword"}),
    ("  dt auto", {"dt": "keyword.other.clause", "auto": "support.constant"}),
    ("  method tsit5", {"method": "keyword.other.clause", "tsit5": "support.constant"}),
    ("}", {"}": "punctuation"}),
    ('import "more.deq"', {"import": "keyword", "more": "string"}),
    ("method mine {", {"method": "keyword", "mine": "entity.name"}),
    ("  order = 2", {"order": "variable.parameter", "2": "constant.numeric"}),
    ("}", {"}": "punctuation"}),
    ("field unclosed(t; x) {", {"field": "keyword"}),
    ("  x' = (1 +", {"x": "variable.other.derivative"}),
    ("}", {"}": "punctuation"}),
    ("preset late {", {"preset": "keyword", "late": "entity.name"}),
    ("  dtype f32", {"dtype": "keyword.other.clause"}),
    ("solve next {", {"solve": "keyword", "next": "entity.name"}),
    ("  max_steps 10", {"max_steps": "keyword.other.clause", "10": "constant.numeric"}),
    ("}", {"}": "punctuation"}),
]


def table(name, pattern):
    """The quoted words of a table in the compiler's source."""
    match = re.search(pattern + r"[^={]*=\s*\{([^}]*)\}", tree.text(name))
    return set(re.findall(r'"(\w+)"', match.group(1))) if match else set()


def alternatives(grammar, rule, following=""):
    """The words of the last `(a|b|..)` in a rule whose expression has `following`."""
    words = set()
    for entry in textmate.rules(grammar["repository"][rule]):
        expression = entry.get("match", "")
        if following in expression:
            for group in re.findall(r"\((?:\?:)?(\w+(?:\|\w+)*)\)", expression)[-1:]:
                words |= set(group.split("|"))
    return words


def listed_functions():
    listed = subprocess.run([DEQC, "list", "functions"], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines()[1:]}


def words_problems(grammar, reserved, clauses):
    plans = table("compiler/Frontend/ParseSolve.cpp", r"\bplans\b")
    pairs = [("functions", listed_functions(), alternatives(grammar, "builtin", "abs")),
             ("reserved words", reserved, alternatives(grammar, "keyword")),
             ("clauses", clauses, alternatives(grammar, "clause", "(?!")),
             ("save plans", plans, alternatives(grammar, "clause", "(save)"))]
    for what, expected, got in pairs:
        if not expected:
            yield f"{what}: the compiler's table was not found"
        for word in sorted(expected - got):
            yield f"{GRAMMAR}: {what}: '{word}' is missing"
        for word in sorted(got - expected):
            yield f"{GRAMMAR}: {what}: '{word}' is unknown to the compiler"


def has(scopes, start, end, wanted):
    """Every character has a scope that begins with one of `wanted`."""
    return all(any(s.startswith(wanted) for s in scopes[i]) for i in range(start, end))


def case_problems(grammar):
    tokenizer = textmate.Tokenizer(grammar)
    for line, words in CASES:
        scopes = tokenizer.line(line)
        for word, wanted in words.items():
            edge = r"(?<![A-Za-z_])" if word[0].isalnum() else ""
            at = re.search(edge + re.escape(word) + (r"\b" if edge else ""), line).start()
            if not has(scopes, at, at + len(word), wanted):
                yield f"{GRAMMAR}: {word!r} in {line!r}: expected {wanted}, got {scopes[at]}"
    if len(tokenizer.stack) != 1:
        yield f"{GRAMMAR}: the cases leave {tokenizer.scopes()} open"


def expected_scopes(text, reserved, clauses, functions):
    """(line, start, end, scope) of what stands out, by a reading that knows no grammar."""
    depth, block = 0, None
    for number, line in enumerate(text.splitlines()):
        code = re.sub(r'"[^"]*"|#.*', lambda m: " "*len(m.group()), line)
        for match in re.finditer(r"[A-Za-z_]\w*'?|\d+(\.\d+)?([eE][-+]?\d+)?|[(\[{}\])]", code):
            word, first = match.group(), code[:match.start()].strip() in ("", "}")
            called = re.match(r"\s*\(", code[match.end():])
            wanted = None
            if word in "([{":
                depth += 1
            elif word in ")]}":
                depth -= 1
            elif word in reserved:
                wanted = "storage" if word == "static" else "keyword"
            elif depth == 0 and first and word in DEFINITIONS:
                wanted, block = "keyword", word
            elif (depth == 1 and block in ("solve", "preset") and word in clauses and
                  (first or code[:match.start()].rstrip().endswith("{")) and
                  not re.match(r"\s*=", code[match.end():])):
                wanted = "keyword.other.clause"
            elif word[0].isdigit():
                wanted = "constant.numeric"
            elif word.endswith("'"):
                wanted = "variable.other.derivative"
            elif word in functions and called:
                wanted = "support.function"
            if wanted:
                yield number, match.start(), match.end(), wanted


def source_problems(grammar, name, text, words):
    """A source that deqc accepts: all of it has scopes, and the right ones."""
    tokenizer = textmate.Tokenizer(grammar)
    lines, scopes = text.splitlines(), tokenizer.lines(text)
    for number, (line, found) in enumerate(zip(lines, scopes), 1):
        for column, (letter, names) in enumerate(zip(line, found), 1):
            plain = all(n.startswith(("source", "meta")) for n in names)
            if not letter.isspace() and (plain or any(n.startswith("invalid") for n in names)):
                yield f"{name}:{number}:{column}: '{letter}' has the scopes {names}"
    for number, start, end, wanted in expected_scopes(text, *words):
        if not has(scopes[number], start, end, wanted):
            yield (f"{name}:{number + 1}:{start + 1}: '{lines[number][start:end]}': expected "
                   f"{wanted}, got {scopes[number][start]}")
    if len(tokenizer.stack) != 1:
        yield f"{name}: {tokenizer.scopes()} is open at its end"


def configuration_problems(configuration):
    """Its expressions compile, and a double click takes a whole word."""
    indentation = configuration["indentationRules"].values()
    for expression in [configuration["wordPattern"], *indentation]:
        try:
            re.compile(expression)
        except re.error as error:
            yield f"{FOLDER}/language-configuration.json: {expression!r}: {error}"
            return
    for text, words in {"dx_1' = 2*y": ["dx_1'", "2", "y"], "1.5e-8..n": ["1.5e-8", "n"]}.items():
        if (got := re.findall(configuration["wordPattern"], text)) != words:
            yield f"{FOLDER}/language-configuration.json: wordPattern: expected {words}, got {got}"


def indentation_problems(configuration, name, text):
    """A line asks for more indentation exactly if it leaves more brackets open than it closes."""
    rules = configuration["indentationRules"]
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r'"[^"]*"|#.*', "", line)
        opened = sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")
        if bool(re.search(rules["increaseIndentPattern"], line)) != (opened > 0):
            yield f"{name}:{number}: increaseIndentPattern, with {opened} brackets left open"
        if bool(re.search(rules["decreaseIndentPattern"], line)) != code.strip().startswith("}"):
            yield f"{name}:{number}: decreaseIndentPattern"


def sources():
    """The examples, and the programs that the documentation shows."""
    for name in tree.files("examples", endings=(".deq",)):
        yield name, tree.text(name)
    for page in ["README.md", *tree.files("docs", endings=(".md",))]:
        blocks = re.finditer(r"^```deq\n(.*?)^```", tree.text(page), flags=re.S | re.M)
        for block, match in zip(itertools.count(1), blocks):
            yield f"{page}, program {block}", match.group(1)


def problems():
    loaded = {}
    for name in tree.files(FOLDER, endings=(".json",)):
        try:
            loaded[name] = json.loads(tree.text(name))
        except ValueError as error:
            yield f"{name}: {error}"
    if len(loaded) < 3:
        yield f"{FOLDER}: expected three files of JSON, got {len(loaded)}"
        return
    package, grammar = loaded[f"{FOLDER}/package.json"], loaded[GRAMMAR]
    configuration = loaded[f"{FOLDER}/language-configuration.json"]
    contributes = package["contributes"]
    for path in (contributes["languages"][0]["configuration"], contributes["grammars"][0]["path"]):
        if not (tree.ROOT / FOLDER / path).is_file():
            yield f"{FOLDER}/package.json: '{path}' does not exist"
    if contributes["grammars"][0]["scopeName"] != grammar["scopeName"]:
        yield f"{FOLDER}/package.json: expected the scope '{grammar['scopeName']}'"
    if f"VERSION {package['version']} " not in tree.text("CMakeLists.txt"):
        yield f"{FOLDER}/package.json: expected the version of CMakeLists.txt"
    unreadable = [*(f"{GRAMMAR}: {problem}" for problem in textmate.check(grammar)),
                  *configuration_problems(configuration)]
    yield from unreadable
    if unreadable:
        return
    reserved = table("compiler/Frontend/Parser.cpp", r"\breserved\b")
    clauses = table("compiler/Frontend/ParseSolve.cpp", r"\bclauses\b")
    yield from words_problems(grammar, reserved, clauses)
    yield from case_problems(grammar)
    words = reserved, clauses, listed_functions()
    for name, text in sources():
        yield from source_problems(grammar, name, text, words)
        yield from indentation_problems(configuration, name, text)


tree.finish(list(problems()), "grammar of the editors")
