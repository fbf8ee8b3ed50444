# Reads a line with a TextMate grammar, as an editor does.
# Python's `re` is not an editor's engine, so what the grammars of this repository do not need is refused here.
"""Usage: Tokenizer(grammar).lines(text) -> per line, the scopes of every character"""
import re

KEYS = {"name", "match", "begin", "end", "captures", "beginCaptures", "endCaptures", "patterns",
        "include"}
# What `re` reads otherwise than editors do, or not at all.
FOREIGN = re.compile(r"\\[GAZzhHKRX]|\(\?[imsx<P]?(?:[imsx-]+[:)]|P|>|R)|\[\[:|&&\[|[*+?}]\+|\\[1-9]")


def rules(node):
    """Every rule of a grammar, depth first."""
    if isinstance(node, dict):
        if {"match", "begin", "include"} & node.keys():
            yield node
        children = node.values()
    else:
        children = node if isinstance(node, list) else ()
    for child in children:
        yield from rules(child)


def expressions(grammar):
    """Every regular expression of a grammar."""
    for rule in rules(grammar):
        for key in ("match", "begin", "end"):
            if key in rule:
                yield rule[key]


def check(grammar):
    """What stands in the way of reading with this grammar."""
    for rule in [*rules(grammar["patterns"]), *rules(grammar["repository"])]:
        for key in rule.keys() - KEYS:
            yield f"unknown key '{key}'"
        if ("begin" in rule) != ("end" in rule):
            yield f"expected 'begin' and 'end', got one of them: {rule}"
        target = rule.get("include", "#comment")
        if not target.startswith("#") or target[1:] not in grammar["repository"]:
            yield f"include of '{target}', which is not in the repository"
        groups = [(key, rule.get(captures, {})) for key, captures in
                  (("match", "captures"), ("begin", "beginCaptures"), ("end", "endCaptures"))]
        for key, captures in groups:
            if captures and key not in rule:
                yield f"captures without '{key}': {rule}"
            for number, capture in captures.items():
                if capture.keys() != {"name"}:
                    yield f"expected a capture with a name, got {capture}"
                try:
                    if key in rule and int(number) > re.compile(rule[key]).groups:
                        yield f"capture {number} of {rule[key]!r}, which has fewer groups"
                except re.error:
                    pass  # said below
    for expression in expressions(grammar):
        if found := FOREIGN.search(expression):
            yield f"{found.group()!r} of {expression!r} is not the same in every engine"
        try:
            re.compile(expression)
        except re.error as error:
            yield f"{expression!r}: {error}"


class Tokenizer:
    def __init__(self, grammar):
        self.repository = grammar["repository"]
        self.root = {"patterns": grammar["patterns"], "name": grammar["scopeName"]}
        self.stack = [self.root]
        self.compiled = {text: re.compile(text) for text in expressions(grammar)}

    def lines(self, text):
        return [self.line(line) for line in text.splitlines()]

    def leaves(self, patterns):
        """The rules that can match, includes and bare lists of patterns resolved."""
        for rule in patterns:
            if "include" in rule:
                yield from self.leaves([self.repository[rule["include"][1:]]])
            elif "match" in rule or "begin" in rule:
                yield rule
            else:
                yield from self.leaves(rule["patterns"])

    def next_match(self, line, position):
        """The leftmost match, of several there the first listed; the end of the open rule wins."""
        best = None
        candidates = [(rule, "match" if "match" in rule else "begin")
                      for rule in self.leaves(self.stack[-1].get("patterns", []))]
        if "end" in self.stack[-1]:
            candidates.insert(0, (self.stack[-1], "end"))
        for rule, key in candidates:
            match = self.compiled[rule[key]].search(line, position)
            if match and (best is None or match.start() < best[2].start()):
                best = rule, key, match
        return best

    def scopes(self):
        return [rule["name"] for rule in self.stack if "name" in rule]

    def line(self, text):
        """Scopes of each character of a line, outermost first; moves the state to the next line."""
        line = text + "\n"
        result = [[] for _ in line]
        position = zero_width = 0
        while position < len(line):
            found = self.next_match(line, position)
            start = found[2].start() if found else len(line)
            for i in range(position, start):
                result[i] = self.scopes()
            if not found:
                break
            rule, key, match = found
            self.apply(result, rule, key, match)
            zero_width = zero_width + 1 if match.end() == position else 0
            if zero_width > 50:
                raise RuntimeError(f"no progress at column {position + 1} of {text!r}")
            position = match.end()
        return result[:-1]

    def apply(self, result, rule, key, match):
        if key == "begin":
            self.stack.append(rule)
        scopes = self.scopes() + ([rule["name"]] if key == "match" and "name" in rule else [])
        for i in range(*match.span()):
            result[i] = list(scopes)
        captures = {"match": "captures", "begin": "beginCaptures", "end": "endCaptures"}[key]
        for number, capture in sorted(rule.get(captures, {}).items()):
            for i in range(*match.span(int(number))):
                result[i].append(capture["name"])
        if key == "end":
            self.stack.pop()
