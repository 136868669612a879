"""Runs a history on both sides and tells where they differ."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from confiture_linter.catalog import Catalog
from confiture_linter.engine.memory import analyse_texts
from tests.replay_proof.ours import our_lines
from tests.replay_proof.server import server_lines

CONFIG = "postgres: 18\nschema:\n  search_path: [public]\n"


class Difference(NamedTuple):
    """What is on one side only, and what our replay wrongly called a mistake."""

    missing: tuple[str, ...]
    """On the server, not with us."""
    surplus: tuple[str, ...]
    """With us, not on the server."""
    alarms: tuple[str, ...]
    """Conflicts and unresolved names in statements that the server took."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.alarms)


def replayed(statements: Sequence[str]) -> Catalog:
    """Our catalog after these statements, each one a file of a history."""
    return analyse_texts({"a.sql": ";\n".join(statements) + ";\n"}, CONFIG).catalog


def difference(connection: "psycopg.Connection[Any]", statements: Sequence[str]) -> Difference:
    """Compare the database, in which the statements have run, with their replay."""
    theirs = server_lines(connection)
    catalog = replayed(statements)
    ours = our_lines(catalog)
    unknown = {line.removesuffix("?") for line in ours if line.startswith("column ") and line.endswith(" ?")}
    # The type of a column of CREATE TABLE AS is not worked out.
    theirs = {next((f"{u}?" for u in unknown if line.startswith(u)), line) for line in theirs}
    return Difference(
        tuple(sorted(theirs - ours)), tuple(sorted(ours - theirs)), tuple(sorted(set(alarms(catalog))))
    )


def alarms(catalog: Catalog) -> list[str]:
    """What our replay thinks the server would refuse."""
    found = [f"{c.kind} {c.name} {c.detail}" for c in catalog.conflicts]
    found += [f"unresolved {u.ref.schema}.{u.ref.name}" for u in catalog.unresolved if not u.late]
    found += [f"forward {e.ref.name}" for e in catalog.edges if e.forward and not e.late]
    return found


__all__ = ["Difference", "alarms", "difference", "replayed"]
