"""Every case as PostgreSQL sees it, and as we do: a fault at the marked place, or none."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules
from confiture_migrator.shadow import Shadow
from tests.bodies.cases import CASES
from tests.bodies.schema import SCHEMA, Case

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
FAULTS = ("42703", "42883", "42P01", "42704", "42P10")
"""undefined_column, undefined_function, undefined_table, undefined_object, invalid_column_reference"""


def unmarked(case: Case) -> str:
    return case.text.replace("«", "").replace("»", "")


def expected(case: Case) -> list[str]:
    return [part.partition("»")[0] for part in case.text.split("«")[1:]]


def ours(case: Case) -> tuple[list[str], list[str]]:
    """What we mark, with what it is of; and everything else we say."""
    text = SCHEMA + unmarked(case)
    findings = [
        finding
        for name in ("missing-column", "missing-object", "plpgsql-syntax-error", "sql-body-syntax-error")
        for finding in check_texts(RULES[name], text, "")
    ]
    data = text.encode()
    words = [data[f.span.start : f.span.end].decode(errors="replace") for f in findings]
    return words, [f"{f.span.start} {f.message}" for f in findings]


@pytest.fixture(scope="module")
def connection(shadow: Shadow) -> Iterator[psycopg.Connection[Any]]:
    name = shadow.create_database("bodies")
    with shadow.connect(name) as connection:
        connection.execute(SCHEMA)
        yield connection
    shadow.drop_database(name)


def fault_of(text: str, connection: psycopg.Connection[Any]) -> str:
    """The SQLSTATE that running the text ends in; empty if it runs."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(text)
    except psycopg.Error as error:
        if error.sqlstate not in FAULTS:
            raise
        return error.sqlstate
    return ""


@pytest.mark.pg
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_server(case: Case, connection: psycopg.Connection[Any]) -> None:
    assert (fault_of(unmarked(case), connection) in FAULTS) is ("«" in case.text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_ours(case: Case) -> None:
    words, said = ours(case)
    marked = expected(case)
    assert len(words) == len(marked), said
    for word, mark in zip(words, marked, strict=True):
        assert word == mark or word.endswith(f".{mark}") or word.startswith(f"{mark}."), said
    if marked:
        start = (SCHEMA + case.text.partition("«")[0]).encode()
        place = int(said[0].split()[0])
        assert abs(len(start) - place) <= 12, (said, len(start))


def test_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_half_of_them_are_harmless() -> None:
    harmful = sum("«" in case.text for case in CASES)
    assert min(harmful, len(CASES) - harmful) * 5 > len(CASES) * 2
