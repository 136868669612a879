"""Rows of tests/data/locks: what PostgreSQL 15 to 18 did with a statement, and how an answer is judged.

`fixture.sql` builds schema `s`; every row starts from it, runs `setup`, then `sql`. `results` says what was
measured, by server version: locks from a second session, rewrites by relfilenode, scans by the session's
counters. Names without a schema lie in `s`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from confiture_linter.catalog import Catalog, Index, Replay, SourceStatement
from confiture_linter.catalog.builtin import builtin_catalog
from confiture_linter.effects import Effects, effects_of
from confiture_linter.effects.syntax import newest
from confiture_linter.engine.file_facts import file_facts
from confiture_linter.statements.facts import Statement

DATA = Path(__file__).parents[1] / "data" / "locks"
VERSIONS = (15, 16, 17, 18)
_UNSCANNED = frozenset({"dml"})
"""Families of which the plan decides what is read."""


class Form(NamedTuple):
    """One measured statement."""

    id: str
    family: str
    setup: str
    sql: str
    results: dict[int, dict[str, Any]]


def forms() -> list[Form]:
    """All rows."""
    found = []
    for row in json.loads((DATA / "forms.json").read_text()):
        results = {
            int(name.removeprefix("pg")): result
            for names, result in row["results"].items()
            for name in names.split(",")
        }
        found.append(Form(row["id"], row["family"], row["setup"], row["sql"], results))
    return found


@cache
def fixture() -> tuple[Statement, ...]:
    """The statements that every row starts from."""
    return statements((DATA / "fixture.sql").read_text())


def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a text."""
    return file_facts("a.sql", text.encode()).statements


def before(setup: str) -> Replay:
    """The replayed fixture and set-up, ready for the next statement."""
    replay = Replay(Catalog(builtin_catalog(18), ("public",)))
    for statement in (*fixture(), *statements(setup)):
        replay.statement(SourceStatement("a.sql", statement, 0))
    return replay


class Answer(NamedTuple):
    """The effects of all statements of a form together."""

    locks: dict[str, str]
    rewrites: set[str]
    scans: set[str]
    index_rebuilds: set[str]
    in_transaction: bool
    error: str | None


def answers(setup: str, sql: str, versions: tuple[int, ...] = VERSIONS) -> tuple[Replay, dict[int, Answer]]:
    """What the model says of `sql` after `setup`."""
    replay = before(setup)
    refused = {version: _refused(setup, version) for version in versions}
    found: dict[int, list[Effects]] = {version: [] for version in versions}
    for statement in statements(sql):
        for version in versions:
            found[version].append(effects_of(statement, replay.catalog, version))
        replay.statement(SourceStatement("a.sql", statement, 0))
    return replay, {version: _together(effects, refused[version]) for version, effects in found.items()}


def _refused(setup: str, version: int) -> str | None:
    """Whether an old server's grammar refuses the set-up already; then so did it measure the form."""
    return next(
        (what for need, what in map(newest, (s.fact for s in statements(setup))) if need > version), None
    )


def _together(effects: list[Effects], refused: str | None) -> Answer:
    locks: dict[str, Any] = {}
    for one in effects:
        for name, mode in one.locks:
            if name not in locks or locks[name].rank < mode.rank:
                locks[name] = mode
    return Answer(
        {_short(name): mode.value for name, mode in locks.items()},
        {_short(name) for one in effects for name in one.rewrites},
        {_short(name) for one in effects for name in one.scans},
        {_short(name) for one in effects for name in one.index_rebuilds},
        all(one.in_transaction for one in effects),
        refused or next((one.error for one in effects if one.error), None),
    )


def _short(name: str) -> str:
    return name.removeprefix("s.")


@cache
def judged_relations(setup: str) -> frozenset[str]:
    """Tables, views, materialized views and sequences that exist before the statement."""
    return frozenset(
        _short(relation.identity)
        for relation in before(setup).catalog.relations.values()
        if not isinstance(relation, Index)
    )


def differences(form: Form, version: int, answer: Answer) -> list[str]:
    """Where an answer is wrong; empty if it is right.

    What ran `alone`, outside a transaction, was gone before it could be looked at: only its files are compared.
    """
    measured = form.results[version]
    if measured["error"] is not None:
        if measured["error"][:2] in ("22", "23"):
            return []
        return [] if answer.error is not None else [f"PostgreSQL refuses it ({measured['error']})"]
    if answer.error is not None:
        return [f"not refused by PostgreSQL: {answer.error}"]
    found = []
    if answer.in_transaction != measured["in_transaction"]:
        found.append(f"in_transaction: {measured['in_transaction']}")
    known = judged_relations(form.setup)
    expected = {name: mode for name, mode in measured["locks"].items() if name in known}
    passing = measured.get("transient_locks", {})
    given = {
        name: mode
        for name, mode in answer.locks.items()
        if name in known and not (name in passing and passing[name] == mode)
    }
    if "REINDEX SCHEMA" in form.sql or measured.get("sampled"):
        # Each table is locked in a transaction of its own: what was seen is a lower bound.
        given = {name: mode for name, mode in given.items() if name in expected}
    if given != expected and not measured.get("alone"):
        found.append(f"locks: {_changes(expected, given)}")
    found += [
        f"{what}: {sorted(measured.get(what, ()))}, not {sorted(getattr(answer, what))}"
        for what in ("rewrites", "index_rebuilds")
        if getattr(answer, what) != set(measured.get(what, ()))
    ]
    scanned = set(measured.get("scans", ()))
    if (
        not _reads(form)
        and not measured.get("alone")
        and answer.scans != scanned
        and answer.scans != scanned - _parents(form, scanned)
    ):
        found.append(f"scans: {sorted(scanned)}, not {sorted(answer.scans)}")
    return found


def _reads(form: Form) -> bool:
    word = form.sql.split(None, 1)[0].upper()
    return form.family in _UNSCANNED or word in (
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "WITH",
        "EXPLAIN",
    )


def _parents(form: Form, scanned: set[str]) -> set[str]:
    """Referenced tables that the check of a foreign key happens to read; that is not judged."""
    words = form.sql.lower()
    if not any(word in words for word in ("foreign key", "references", "validate", "enforced", " type ")):
        return set()
    return scanned & {"p", "p2"}


def _changes(expected: dict[str, str], given: dict[str, str]) -> str:
    names = sorted(set(expected) | set(given))
    return ", ".join(
        f"{name} {expected.get(name, '-')} (not {given.get(name, '-')})"
        for name in names
        if expected.get(name) != given.get(name)
    )
