"""Files that can only be meant for one time: they ask for a version, or drop the one function of a name."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from confiture_linter.catalog import Catalog
from confiture_linter.graph.makers import Pair, body_of, steps
from confiture_linter.graph.mentioned import input_types
from confiture_linter.statements import facts as f

_ASKED = re.compile(r"\bif\s+\(?\s*(?P<variable>\w+)\s*=\s*(?P<number>\d+)\s*\)?\s+then\b", re.IGNORECASE)
_SET = r'\bupdate\s+"?(?P<table>\w+)"?\s+set\s+"?(?P<column>\w+)"?\s*=\s*(?:{variable}|{number})\b'


def version_pairs(catalog: Catalog, text: Callable[[str], bytes]) -> Iterator[Pair]:
    """Later and earlier migration, by the column that holds the version."""
    chains: dict[tuple[str, str], dict[int, str]] = {}
    for step in steps(catalog):
        if step.body is None:
            continue
        body = body_of(step.body)
        source = text(step.body.path)[body.start : body.end].decode(errors="replace")
        asked = _ASKED.findall(source)
        if len(asked) != 1:
            continue
        variable, number = asked[0]
        found = re.search(_SET.format(variable=variable, number=number), source, re.IGNORECASE)
        if found is not None:
            column = found["table"].lower(), found["column"].lower()
            chains.setdefault(column, {})[int(number)] = step.where.path
    for chain in chains.values():
        numbers = sorted(chain)
        yield from ((chain[late], chain[early]) for early, late in pairwise(numbers))


def only_version_pairs(catalog: Catalog) -> Iterator[Pair]:
    """A file that drops a function by its name alone, and makes it with other types, comes before all who do so, too.

    With two of them the name alone would not say which.
    """
    dropped: list[tuple[str, str]] = []
    made: dict[str, dict[tuple[str, ...], dict[str, None]]] = {}
    for step in steps(catalog):
        fact, path = step.statement.fact, step.where.path
        if type(fact) is f.CreateFunction:
            made.setdefault(fact.name, {}).setdefault(input_types(fact), {})[path] = None
        elif type(fact) is f.Drop:
            dropped += (
                (path, target.parts[-1])
                for target in fact.targets
                if target.kind in ("function", "procedure", "routine") and target.arguments is None
            )
    for path, name in dropped:
        variants = made.get(name, {})
        for makers in variants.values():
            if len(variants) > 1 and path in makers:
                yield from ((other, path) for other in makers if other != path)


__all__ = ["only_version_pairs", "version_pairs"]
