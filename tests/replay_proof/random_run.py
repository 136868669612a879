"""Random histories on both sides; where they part, the shortest history that still shows it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from confiture_linter.engine.context import Context
from confiture_migrator.shadow import Shadow
from tests.replay_proof.compare import Difference, alarms, difference, our_snapshot, replayed
from tests.replay_proof.generator import PRELUDE, Generator


class Outcome(NamedTuple):
    """One random history."""

    seed: int
    accepted: tuple[str, ...]
    refused: int
    difference: Difference
    silent: tuple[tuple[str, str], ...]
    """Refused statements, with the server's word, that our replay carries out without a word."""


def run_random(
    shadow: Shadow, template: str, seed: int, length: int = 40, *, refusals: bool = True
) -> Outcome:
    """Run `length` random statements on a database of their own; `refusals`: see what we say of refused ones."""
    name = shadow.clone(template)
    try:
        with shadow.connect(name) as connection:
            return _run(connection, seed, length, refusals=refusals)
    finally:
        shadow.drop_database(name)


def _run(connection: "psycopg.Connection[Any]", seed: int, length: int, *, refusals: bool) -> Outcome:
    generator = Generator(seed)
    accepted: list[str] = []
    refused = 0
    silent: list[tuple[str, str]] = []
    for statement in (*PRELUDE, *(generator.statement() for _ in range(length))):
        error = _tried(connection, statement)
        if error:
            refused += 1
            if refusals and not _noticed(accepted, statement):
                silent.append((statement, error))
            continue
        accepted.append(statement)
    return Outcome(seed, tuple(accepted), refused, difference(connection, accepted), tuple(silent))


def _tried(connection: "psycopg.Connection[Any]", statement: str) -> str:
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        if connection.info.transaction_status.name != "IDLE":
            connection.execute("ROLLBACK")
        return str(error).partition("\n")[0]
    finally:
        connection.execute("RESET search_path")
    return ""


def _noticed(accepted: Sequence[str], statement: str) -> bool:
    """Whether our replay says something about a statement that was refused, or leaves all as it was."""
    after = replayed([*accepted, statement])
    return bool(alarms(after.catalog)) or _told(after) == _told(replayed(accepted))


def _told(context: Context) -> tuple[object, object]:
    """What there is, whatever the line it stands on."""
    snapshot = our_snapshot(context)
    return snapshot.objects, set(snapshot.edges)


def shortest(shadow: Shadow, template: str, history: Sequence[str]) -> list[str]:
    """Leave out statements as long as the rest still ends differently on the two sides."""
    kept = list(history)
    position = len(kept) - 1
    while position >= 0:
        tried = kept[:position] + kept[position + 1 :]
        if _differs(shadow, template, tried):
            kept = tried
        position -= 1
    return kept


def _differs(shadow: Shadow, template: str, history: Sequence[str]) -> Difference | None:
    name = shadow.clone(template)
    try:
        with shadow.connect(name) as connection:
            for statement in history:
                if _tried(connection, statement):
                    return None
            return difference(connection, history) or None
    finally:
        shadow.drop_database(name)


__all__ = ["Outcome", "run_random", "shortest"]
