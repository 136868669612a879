"""What PostgreSQL says of bodies and what the linter says, case by case."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from confiture_linter.engine.memory import open_texts
from confiture_linter.model import Finding
from confiture_migrator.shadow import Shadow
from confiture_rules.dependencies.missing_column import missing_column
from confiture_rules.dependencies.missing_object import missing_object
from tests.bodies.cases import CASES, GAPS, SCHEMA, Case
from tests.bodies.mutate import ROOT, Tree, measure

pytestmark = pytest.mark.pg

_MARKED = re.compile("«([^»]*)»")
_NEAR = 14
"""Bytes between the place of a finding and the mistake: a qualifier may stand in front."""
UNDEFINED = {"42703", "42883", "42P01", "42704", "42702"}
"""SQLSTATE of an undefined column, function, table or object, and of an ambiguous column."""


def plain(text: str) -> str:
    """The text without marks."""
    return text.replace("«", "").replace("»", "")


def asked(connection: "psycopg.Connection[tuple[object, ...]]", case: Case) -> str:
    """The SQLSTATE of a case; everything is rolled back."""
    try:
        connection.execute(plain(case.text))
    except psycopg.Error as error:
        return error.sqlstate or "?"
    finally:
        connection.rollback()
    return ""


def linted(case: Case) -> tuple[tuple[Finding, ...], bool]:
    """Our findings in a case, and whether one of them stands where the mistake is."""
    text = plain(case.text)
    context = open_texts({"0.sql": SCHEMA, "1.sql": text}).context
    found = (*missing_object.check(context.catalog, context), *missing_column.check(context.catalog, context))
    mark = _MARKED.search(case.text)
    if mark is None:
        return found, False
    at = len(case.text[: mark.start()].encode())
    placed = any(
        f.path == "1.sql" and -1 <= at - f.span.start <= _NEAR and mark[1] in f.message for f in found
    )
    return found, placed


@pytest.fixture(scope="module")
def connection(shadow: Shadow) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    name = shadow.create_database("bodies")
    with shadow.connect(name) as made:
        made.execute(SCHEMA)
    with shadow.connect(name, autocommit=False) as opened:
        yield opened
    shadow.drop_database(name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_agrees_with_the_server(case: Case, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    state = asked(connection, case)
    assert (state in UNDEFINED) is ("«" in case.text), f"the server says {state or 'nothing'}"
    found, placed = linted(case)
    if case.name in GAPS:
        assert not found, "no gap any more"
    elif state:
        assert placed, [(f.message, f.span) for f in found]
        assert len(found) == 1, [(f.message, f.span) for f in found]
    else:
        assert not found, [(f.message, f.span) for f in found]


def test_planted_faults_are_found() -> None:
    tree = Tree(ROOT / "examples/printoptim")
    assert tree.findings() == []
    scores = measure(tree, 70, 3, lambda _: None)
    assert set(scores) == {"NEW/OLD", "arity", "bare", "function", "qualified", "record", "relation"}
    for kind, score in scores.items():
        assert score.found >= 0.8 * score.planted, (kind, score)
    assert sum(score.found for score in scores.values()) >= 0.9 * 70
