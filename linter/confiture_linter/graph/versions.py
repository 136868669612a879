"""Migrations that ask a table for its version and do nothing unless it is theirs: each follows the one before it."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from confiture_linter.catalog import Catalog
from confiture_linter.graph.makers import Pair, body_of, steps

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


__all__ = ["version_pairs"]
