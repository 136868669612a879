"""Whether an original value is part of a longer text: `called jane.doe@corp.example, she agreed`.

In full where it is most likely, in the same row: the source's server looks for the original of each masked column in each
text of that row that is kept, which is what the target holds. Across rows and tables by sample: some originals of every column
against some rows of every text column of the target. Only values that tell of somebody are looked for (`leaks.STRONG`).
"""

from typing import TYPE_CHECKING

from confiture_migrator.anonymize.compiled import Masked
from confiture_migrator.anonymize.plan import TablePlan
from confiture_migrator.anonymize.report import Check
from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.strategies.values import ROW
from confiture_migrator.anonymize.verify.leaks import STRONG

if TYPE_CHECKING:
    from confiture_migrator.anonymize.verify import Copy

SAMPLE_ORIGINALS = 500
SAMPLE_ROWS = 2_000
_LONGEST = 20_000
"""Characters of a text that are looked at."""
_GRAM = 6
"""The shortest value that is looked for; originals are found by their first so many characters."""


def substring_checks(copy: "Copy") -> list[Check]:
    """Look in the same row, then across."""
    found = []
    for plan in copy.plan.tables:
        found += _same_row(copy, plan)
    return [*found, *_across(copy)]


def _texts(plan: TablePlan, compiled: tuple[Masked, ...]) -> tuple[list[Masked], list[Masked]]:
    """Masked texts of a table, and texts and documents that are kept."""
    masked = [
        column
        for column in compiled
        if column.compiled is not None
        and not column.compiled.untouched
        and column.column.type.kind == "text"
        and not column.column.type.array
    ]
    kept = [
        column
        for column in compiled
        if (column.compiled is None or column.compiled.untouched)
        and column.column.type.kind in ("text", "json", "jsonb")
    ]
    del plan
    return masked, kept


def _same_row(copy: "Copy", plan: TablePlan) -> list[Check]:
    masked, kept = _texts(plan, plan.compiled(copy.keyring))
    pairs = [(one, other) for one in masked for other in kept]
    if not pairs:
        return []
    parts = []
    for one, other in pairs:
        value = f"{ROW}.{identifier(one.column.name)}::text"
        text = f"{ROW}.{identifier(other.column.name)}::text"
        masks = f" AND ({one.compiled.masks})" if one.compiled and one.compiled.masks else ""
        parts.append(
            f"count(*) FILTER (WHERE {STRONG.format(v=value)} AND strpos(lower({text}), lower({value})) > 0{masks})"
        )
    row = copy.source.execute(
        f"SELECT {', '.join(parts)} FROM {plan.table.rows} AS {ROW}".encode()
    ).fetchone()
    found = []
    for (one, other), count in zip(pairs, row or [0] * len(pairs), strict=True):
        subject = f"{plan.table.full}.{one.column.name}"
        where = f"{plan.table.full}.{other.column.name}"
        message = (
            f"{count} rows have their original value in {where}"
            if count
            else f"not part of {where} of its row"
        )
        found.append(Check("substring", subject, "error" if count else "ok", int(count), message))
    return found


def _across(copy: "Copy") -> list[Check]:
    by_start: dict[str, list[tuple[str, str]]] = {}
    looked = []
    for plan in copy.plan.tables:
        masked, _ = _texts(plan, plan.compiled(copy.keyring))
        for column in masked:
            subject = f"{plan.table.full}.{column.column.name}"
            looked.append(subject)
            value = f"{ROW}.{identifier(column.column.name)}::text"
            masks = f" AND ({column.compiled.masks})" if column.compiled and column.compiled.masks else ""
            statement = f"SELECT DISTINCT lower({value}) FROM (SELECT * FROM {plan.table.rows} LIMIT {100 * SAMPLE_ORIGINALS}) AS {ROW} WHERE {STRONG.format(v=value)}{masks} LIMIT {SAMPLE_ORIGINALS}"
            for (text,) in copy.source.execute(statement.encode()).fetchall():
                by_start.setdefault(text[:_GRAM], []).append((text, subject))
    hits = _hits(copy, by_start) if by_start else {}
    found = []
    for subject in looked:
        places = hits.get(subject, {})
        found += [
            Check(
                "substring",
                subject,
                "error",
                count,
                f"{count} sampled texts of {where} contain an original value",
            )
            for where, count in sorted(places.items())
        ]
        if not places:
            found.append(Check("substring", subject, "ok", 0, "no sampled text contains a sampled original"))
    return found


def _hits(copy: "Copy", by_start: dict[str, list[tuple[str, str]]]) -> dict[str, dict[str, int]]:
    """Subject to place to texts that contain one of its originals."""
    hits: dict[str, dict[str, int]] = {}
    for table in copy.live.tables.values():
        for column in table.columns:
            if column.type.kind not in ("text", "json", "jsonb"):
                continue
            name = identifier(column.name)
            statement = f"SELECT pg_catalog.lower(pg_catalog.left(t.{name}::text, {_LONGEST})) FROM {table.rows} AS t WHERE t.{name} IS NOT NULL LIMIT {SAMPLE_ROWS}"
            for (text,) in copy.target.execute(statement.encode()).fetchall():
                where = f"{table.full}.{column.name}"
                for subject in _inside(text, by_start) - {where}:
                    places = hits.setdefault(subject, {})
                    places[where] = places.get(where, 0) + 1
    return hits


def _inside(text: str, by_start: dict[str, list[tuple[str, str]]]) -> set[str]:
    """Whose originals a text contains."""
    found = set()
    for at in range(len(text) - _GRAM + 1):
        for original, subject in by_start.get(text[at : at + _GRAM], ()):
            if text.startswith(original, at):
                found.add(subject)
    return found
