"""Rows, foreign keys and checks. Unique indexes need no look: they hold, or the copy would have stopped."""

from typing import TYPE_CHECKING

from confiture_migrator.anonymize.live import ForeignKey
from confiture_migrator.anonymize.report import Check
from confiture_migrator.anonymize.sql_text import identifier

if TYPE_CHECKING:
    from confiture_migrator.anonymize.verify import Copy


def structure_checks(copy: "Copy") -> list[Check]:
    """Count rows on both sides, and what violates a key or a check in the target."""
    return [*_rows(copy), *_keys(copy), *_checks(copy)]


def _one(connection: object, statement: str) -> int:
    row = connection.execute(statement.encode()).fetchone()  # type: ignore[attr-defined]
    return int(row[0]) if row else 0


def _rows(copy: "Copy") -> list[Check]:
    found = []
    for plan in copy.plan.tables:
        table = plan.table
        here = _one(copy.source, f"SELECT count(*) FROM {table.rows}")
        there = _one(copy.target, f"SELECT count(*) FROM {copy.live.tables[table.full].rows}")
        same = here == there
        message = f"{there} rows" if same else f"{there} rows, and {here} in the source"
        found.append(Check("rows", table.full, "ok" if same else "error", abs(here - there), message))
    for name in copy.plan.skipped:
        skipped = copy.live.tables.get(name)
        there = _one(copy.target, f"SELECT count(*) FROM {skipped.rows}") if skipped else 0
        found.append(Check("rows", name, "error" if there else "ok", there, f"skipped, {there} rows"))
    return found


def _keys(copy: "Copy") -> list[Check]:
    found = []
    for key in copy.plan.keys:
        lost = _one(copy.target, _orphans(copy, key))
        message = "every reference is there"
        if lost:
            before = _one(copy.source, _orphans(copy, key))
            message = f"{lost} rows refer to nothing, {before} in the source"
        found.append(
            Check("foreign-key", f"{key.table}.{key.name}", "error" if lost else "ok", lost, message)
        )
    return found


def _orphans(copy: "Copy", key: ForeignKey) -> str:
    child, parent = copy.live.tables[key.table], copy.live.tables[key.target]
    pairs = [
        (identifier(mine), identifier(theirs))
        for mine, theirs in zip(key.columns, key.target_columns, strict=True)
    ]
    given = " AND ".join(f"c.{mine} IS NOT NULL" for mine, _ in pairs)
    joined = " AND ".join(f"p.{theirs} = c.{mine}" for mine, theirs in pairs)
    # A partitioned or inherited parent is referred to by its own rows only, as the key itself has it.
    lost = f"({given}) AND NOT EXISTS (SELECT FROM {parent.rows} AS p WHERE {joined})"
    if key.full and len(pairs) > 1:
        some = " OR ".join(f"c.{mine} IS NOT NULL" for mine, _ in pairs)
        lost = f"({lost}) OR (({some}) AND NOT ({given}))"
    return f"SELECT count(*) FROM {child.rows} AS c WHERE {lost}"


def _checks(copy: "Copy") -> list[Check]:
    found = []
    for plan in copy.plan.tables:
        table = copy.live.tables[plan.table.full]
        for name, expression, validated in table.checks:
            if not validated or expression is None:
                continue
            wrong = _one(copy.target, f"SELECT count(*) FROM {table.rows} WHERE NOT ({expression})")
            message = f"{wrong} rows violate it" if wrong else "holds"
            found.append(Check("check", f"{table.full}.{name}", "error" if wrong else "ok", wrong, message))
    return found
