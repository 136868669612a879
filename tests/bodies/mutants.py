"""Plants faults: every name in a harmless case renamed, every call given one argument more or less.

The server runs each mutant and says whether it is one: then we must say so, too; where it runs, we must be silent.
"""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog.builtin import builtin_catalog
from tests.bodies.schema import Case

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|(?P<word>[A-Za-z_]\w*)|\$\w*\$|'(?:[^'])*'|\d+|:=|=>|::|\s+|.""", re.DOTALL
)
_CLAUSES = frozenset({"from", "join", "into", "update", "using", "table"})
_PL_WORDS = frozenset(
    [
        "alias",
        "array",
        "assert",
        "atomic",
        "begin",
        "by",
        "call",
        "case",
        "close",
        "constant",
        "continue",
        "cursor",
        "debug",
        "declare",
        "default",
        "diagnostics",
        "do",
        "else",
        "elseif",
        "elsif",
        "end",
        "exception",
        "execute",
        "exit",
        "fetch",
        "for",
        "foreach",
        "found",
        "from",
        "get",
        "if",
        "in",
        "info",
        "into",
        "is",
        "language",
        "limit",
        "log",
        "loop",
        "merge",
        "next",
        "no",
        "notice",
        "not",
        "null",
        "open",
        "or",
        "others",
        "over",
        "perform",
        "plpgsql",
        "query",
        "raise",
        "record",
        "refcursor",
        "return",
        "returning",
        "returns",
        "reverse",
        "rowtype",
        "row_count",
        "slice",
        "sql",
        "sqlerrm",
        "sqlstate",
        "strict",
        "temp",
        "then",
        "to",
        "trigger",
        "type",
        "using",
        "values",
        "warning",
        "when",
        "while",
        "with",
        "within",
        "void",
        "setof",
        "instead",
        "each",
        "row",
        "new",
        "old",
        "excluded",
        "tg_op",
        "tg_table_name",
        "tg_nargs",
        "tg_when",
        "key",
        "value",
        "undefined_column",
        "undefined_function",
        "conflict",
        "nothing",
        "drop",
        "each",
        "statement",
        "before",
        "after",
        "matched",
        "day",
    ]
)


class Mutant(NamedTuple):
    """A case with one fault, perhaps."""

    kind: str
    name: str
    text: str


def mutants(case: Case) -> Iterator[Mutant]:
    """All mutants of a case that has no fault."""
    tokens = [m for m in _TOKEN.finditer(case.text) if not m[0].isspace() and not m[0].startswith("--")]
    strings = _strings(case.text)
    keywords = builtin_catalog(17)
    for index, token in enumerate(tokens):
        word = token["word"]
        if word is None or any(begin <= token.start() < end for begin, end in strings):
            continue
        lowered = word.lower()
        before = tokens[index - 1][0].lower() if index else ""
        behind = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        known = keywords.keyword_class(lowered)
        if (known in ("reserved", "type or function name") or lowered in _PL_WORDS) and before != ".":
            continue
        if known == "column name" and behind != "(":
            continue
        kind = _kind(before, tokens[index - 2][0].lower() if index > 1 else "", behind)
        yield Mutant(kind, case.name, f"{case.text[: token.end()]}_zz{case.text[token.end() :]}")
        if behind == "(" and kind == "function":
            opened = tokens[index + 1].end()
            more = "NULL" if tokens[index + 2][0] == ")" else "NULL, "
            yield Mutant("arguments", case.name, f"{case.text[:opened]}{more}{case.text[opened:]}")


def _strings(text: str) -> list[tuple[int, int]]:
    """Strings, but for the bodies of functions."""
    quoted = re.finditer(r"'(?:[^']|'')*'", text)
    return [match.span() for match in quoted if not re.search(r"\bAS\s*$", text[: match.start()])]


def _kind(before: str, qualifier: str, behind: str) -> str:
    if before == ".":
        return "new and old" if qualifier in ("new", "old") else "qualified name"
    if behind == "(":
        return "function"
    if before in _CLAUSES:
        return "relation"
    return "type" if before == "::" else "bare name"


def sample(cases: list[Case], seed: int, count: int) -> list[Mutant]:
    """Some mutants of harmless cases, the same for the same seed."""
    every = [mutant for case in cases if "«" not in case.text for mutant in mutants(case)]
    return random.Random(seed).sample(every, min(count, len(every)))
