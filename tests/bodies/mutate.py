"""`python -m tests.bodies.mutate [N] [SEED] [DIR]`: plants N faults in the bodies of the example tree, and counts those found.

A fault is a name with a tail that nothing has, or a call with nine arguments too many. The words are found in the text
and not in what the linter reads, so that what it does not read counts as missed.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from confiture_linter.config import parse_config
from confiture_linter.engine.file_facts import source_facts
from confiture_linter.engine.workspace import replayed
from confiture_linter.model import Finding
from confiture_linter.sources import read_embedded, source_from
from confiture_linter.sources.order import order_files
from confiture_rules.dependencies.missing_column import missing_column
from confiture_rules.dependencies.missing_object import missing_object

ROOT = Path(__file__).parents[2]
TAIL = "_zq"
_NEAR = 60
"""Bytes between a fault and a finding that is about it."""
_BODY = re.compile(r"AS \$(\w*)\$(.*?)\$\1\$", re.DOTALL)
_NO_CODE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_WORD = re.compile(r"(?<![\w$])[a-z_]\w*")
_DEFINES = re.compile(
    r"(?:\bAS|\bDECLARE|\bFOR|\bWITH(?:\s+RECURSIVE)?|\bAS\s+MATERIALIZED|\bSAVEPOINT|<<)\s*\Z", re.IGNORECASE
)


class Fault(NamedTuple):
    kind: str
    at: int
    """Character offset in the text."""
    old: str
    new: str


class Tree:
    """The files of the tree, read once."""

    def __init__(self, root: Path) -> None:
        self.settings = parse_config((root / "confiture.yaml").read_bytes(), "confiture.yaml")
        paths = [p for folder in self.settings.schema.roots for p in sorted((root / folder).rglob("*.sql"))]
        self.texts = {str(p.relative_to(root)): p.read_text() for p in paths}
        self.read = {path: self._read(path, text) for path, text in self.texts.items()}
        self.order = order_files(self.settings, list(self.texts))

    def _read(self, path: str, text: str):  # type: ignore[no-untyped-def]
        placeholders = self.settings.schema.placeholders
        source = read_embedded(source_from(text.encode(), path, placeholders), placeholders)
        return source, source_facts(source)

    def context(self, path: str = "", text: str = ""):  # type: ignore[no-untyped-def]
        """The workspace, with the text of one file replaced."""
        files = {**self.read, path: self._read(path, text)} if path else self.read
        return replayed(self.settings, (), files, self.order, history=False, declared=True).context

    def findings(self, path: str = "", text: str = "") -> list[Finding]:
        """What the two rules say."""
        context = self.context(path, text)
        return [
            *missing_object.check(context.catalog, context),
            *missing_column.check(context.catalog, context),
        ]


class Words(NamedTuple):
    """The names of the tree by what they name."""

    columns: frozenset[str]
    relations: frozenset[str]
    functions: frozenset[str]


def words(tree: Tree) -> Words:
    """Names that are worth a fault."""
    catalog = tree.context().catalog
    columns = {name for table in catalog.tables for name in table.columns}
    relations = {r.name for r in (*catalog.tables, *catalog.views)}
    functions = {f.name for f in catalog.routines if not any(a.mode == "v" for a in f.fact.arguments)}
    return Words(frozenset(columns), frozenset(relations), frozenset(functions))


def faults(text: str, known: Words) -> Iterator[Fault]:
    """Every fault that can be planted in the bodies of a file."""
    for body in _BODY.finditer(text):
        code = _NO_CODE.sub(lambda match: " " * len(match[0]), body[2])
        header = code[: code.find("BEGIN")] if "BEGIN" in code else ""
        defined = set(re.findall(r"\bAS\s+(?:MATERIALIZED\s+)?([a-z_]\w*)", code, re.IGNORECASE))
        defined |= set(re.findall(r"^\s*([a-z_]\w*)\s+(?!=)", header, re.MULTILINE))
        defined |= set(re.findall(r"([a-z_]\w*)\s*(?:\([^()]*\))?\s+AS\s*(?:MATERIALIZED\s*)?\(", code))
        for match in _WORD.finditer(code):
            fault = _fault(code, match, body.start(2), defined, known)
            yield from fault


def _fault(code: str, match: "re.Match[str]", base: int, defined: set[str], known: Words) -> Iterator[Fault]:
    word, at = match[0], base + match.start()
    before, after = code[max(0, match.start() - 40) : match.start()], code[match.end() : match.end() + 40]
    if re.match(r"\s*\(", after) and word in known.functions:
        yield Fault("function", at, word, word + TAIL)
        opened = match.end() + after.index("(") + 1
        empty = code[opened:].lstrip().startswith(")")
        extra = ", ".join(["NULL"] * 9) + ("" if empty else ", ")
        yield Fault("arity", base + opened, "", extra)
        return
    if _DEFINES.search(before):
        return
    qualifier = re.search(r"(\w+)\.\Z", before)
    if word in known.relations and re.search(
        r"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(?:ONLY\s+)?(?:public\.)?\Z", before, re.IGNORECASE
    ):
        # Where the table is its own alias every column of it goes wrong as well.
        yield Fault("relation", at, word, word + TAIL)
    elif word in known.columns and re.match(r"%TYPE", after, re.IGNORECASE):
        yield Fault("%TYPE", at, word, word + TAIL)
    elif word in known.columns and qualifier is not None and not after.startswith("."):
        name = qualifier[1].lower()
        kind = (
            "NEW/OLD"
            if name in ("new", "old")
            else "record"
            if name.startswith(("v_", "r_", "rec"))
            else "qualified"
        )
        yield Fault(kind, at, word, word + TAIL)
    elif (
        word in known.columns
        and word not in defined
        and qualifier is None
        and not re.match(r"\s*(?:\.|\(|:=|=>)", after)
    ):
        yield Fault("bare", at, word, word + TAIL)


class Score(NamedTuple):
    """What became of the faults of one kind."""

    planted: int
    found: int
    others: int
    """Findings elsewhere that do not name what was planted."""


def measure(tree: Tree, wanted: int, seed: int, say: Callable[[str], object]) -> dict[str, Score]:
    """Plant and lint; the kinds in turn."""
    random = Random(seed)
    known = words(tree)
    before = {(f.path, f.message) for f in tree.findings()}
    kinds: dict[str, list[tuple[str, Fault]]] = {}
    for path, text in tree.texts.items():
        for fault in faults(text, known):
            kinds.setdefault(fault.kind, []).append((path, fault))
    planted, found, others = Counter[str](), Counter[str](), Counter[str]()
    for turn in range(wanted):
        kind = sorted(kinds)[turn % len(kinds)]
        path, fault = random.choice(kinds[kind])
        text = tree.texts[path]
        changed = text[: fault.at] + fault.new + text[fault.at + len(fault.old) :]
        start = len(text[: fault.at].encode())
        new = [f for f in tree.findings(path, changed) if (f.path, f.message) not in before]
        hit = [f for f in new if f.path == path and abs(f.span.start - start) <= _NEAR]
        planted[kind] += 1
        found[kind] += bool(hit)
        line = text[: fault.at].count("\n") + 1
        if not hit:
            shown = text.splitlines()[line - 1].strip()
            say(f"missed {kind}: {path}:{line}: {fault.old or 'arguments'}: {shown[:110]}\n")
        for finding in new:
            if finding not in hit and TAIL not in finding.message and kind != "relation":
                others[kind] += 1
                say(f"other {kind}: {finding.path}: {finding.message} (planted {fault.old} at line {line})\n")
    return {kind: Score(planted[kind], found[kind], others[kind]) for kind in sorted(planted)}


def main(arguments: list[str]) -> int:
    """Print the scores."""
    wanted, seed, root = (*arguments, *("200", "1", str(ROOT / "examples/printoptim"))[len(arguments) :])
    scores = measure(Tree(Path(root)), int(wanted), int(seed), sys.stdout.write)
    for kind, score in scores.items():
        sys.stdout.write(
            f"{kind:10} {score.found:4} of {score.planted:4} found, {score.others} other findings\n"
        )
    total = sum(score.planted for score in scores.values())
    sys.stdout.write(f"{'all':10} {sum(score.found for score in scores.values()):4} of {total:4}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
