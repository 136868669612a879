"""Runs a history on both sides and tells where they differ, as the oracle does for a tree."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.engine.memory import analyse_texts
from tests.oracle.compare import compare
from tests.oracle.ours import read_ours
from tests.oracle.report import difference_line
from tests.oracle.server import read_server
from tests.oracle.snapshot import UNKNOWN, Snapshot

CONFIG = "postgres: 18\nschema:\n  search_path: [public]\n"


class Difference(NamedTuple):
    """Where the two differ, and what our replay wrongly called a mistake."""

    lines: tuple[str, ...]
    """As the oracle reports them. What we do not claim to know, such as the type of an expression, is none."""
    alarms: tuple[str, ...]
    """Conflicts and unresolved names in statements that the server took."""

    def __bool__(self) -> bool:
        return bool(self.lines or self.alarms)


def replayed(statements: Sequence[str]) -> Context:
    """What we know after these statements, each one a statement of one file."""
    return analyse_texts({"a.sql": ";\n".join(statements) + ";\n"}, CONFIG)


def our_snapshot(context: Context) -> Snapshot:
    """Our catalog and graph."""
    return read_ours(context.catalog, context.text)


def their_snapshot(connection: "psycopg.Connection[Any]") -> Snapshot:
    """The server's; the session stays as it is."""
    with connection.transaction(force_rollback=True):
        return read_server(connection)


def difference(connection: "psycopg.Connection[Any]", statements: Sequence[str]) -> Difference:
    """Compare the database, in which the statements have run, with their replay."""
    context = replayed(statements)
    found = compare(their_snapshot(connection), our_snapshot(context)).differences
    lines = (f"{d.kind}: {difference_line(d)}" for d in found if d.ours != UNKNOWN)
    return Difference(tuple(lines), tuple(sorted(set(alarms(context.catalog)))))


def alarms(catalog: Catalog) -> list[str]:
    """What our replay thinks the server would refuse."""
    found = [f"{c.kind} {c.name} {c.detail}" for c in catalog.conflicts]
    found += [f"unresolved {u.ref.schema}.{u.ref.name}" for u in catalog.unresolved if not u.late]
    found += [f"forward {e.ref.name}" for e in catalog.edges if e.forward and not e.late]
    return found


__all__ = ["Difference", "alarms", "difference", "our_snapshot", "replayed", "their_snapshot"]
