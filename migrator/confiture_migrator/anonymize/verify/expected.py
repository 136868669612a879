"""Whether the target holds what the profile makes of the source, value by value, without bringing the values together.

Both servers hash every row, the source what its expressions give, the target what it holds, and the sums of the hashes are
compared: rows may lie in any order, and nothing of them travels. Where Python made a column, a sample is made again.
"""

from typing import TYPE_CHECKING, Any

from confiture_migrator.anonymize.compiled import Masked
from confiture_migrator.anonymize.job import select_of
from confiture_migrator.anonymize.plan import TablePlan
from confiture_migrator.anonymize.report import Check
from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.strategies.values import ROW

if TYPE_CHECKING:
    from confiture_migrator.anonymize.verify import Copy

SAMPLE_ROWS = 500


def expected_checks(copy: "Copy") -> list[Check]:
    """Compare every table; where one differs, say which columns do."""
    found: list[Check] = []
    for plan in copy.plan.tables:
        compiled = plan.compiled(copy.keyring)
        by_server = [column for column in compiled if column.python is None]
        differing: list[str] = []
        if by_server and not _same(copy, plan, by_server):
            differing = [column.column.name for column in by_server if not _same(copy, plan, [column])]
            differing = differing or ["(all columns together)"]
        name = plan.table.full
        if by_server and not differing:
            said = "every row is what the profile makes of it"
            found.append(Check("deterministic", name, "ok", 0, said))
        found += [
            Check(
                "deterministic",
                f"{name}.{column}",
                "error",
                1,
                "its values are not those that the profile makes of the source",
            )
            for column in differing
        ]
        found += [_sampled(copy, plan, column) for column in compiled if column.python is not None]
        found += _unchanged(copy, plan, compiled)
        tenant = next((column for column in compiled if column.column.name == copy.plan.tenant), None)
        if tenant is not None:
            same = _same(copy, plan, [tenant])
            message = "untouched" if same else "differs from the source"
            found.append(
                Check(
                    "tenant",
                    f"{name}.{copy.plan.tenant}",
                    "ok" if same else "error",
                    0 if same else 1,
                    message,
                )
            )
    return found


def _same(copy: "Copy", plan: TablePlan, columns: list[Masked]) -> bool:
    here = ", ".join(_as_stored(column) for column in columns)
    there = ", ".join(f"{ROW}.{identifier(column.column.name)}::text" for column in columns)
    made = _digest(copy.source, here, plan.table.rows)
    return bool(made == _digest(copy.target, there, copy.live.tables[plan.table.full].rows))


def _as_stored(column: Masked) -> str:
    """The result in the spelling that its type gives it."""
    return (
        f"({column.sql})::text::{column.column.written}::text"
        if column.compiled is not None
        else f"({column.sql})::text"
    )


def _digest(connection: Any, values: str, rows: str) -> Any:
    hashed = f'pg_catalog.hashtextextended(ROW({values})::text COLLATE "C", 0)'
    statement = f"SELECT count(*), sum({hashed}::numeric) FROM {rows} AS {ROW}"
    return connection.execute(statement.encode()).fetchone()


def _sampled(copy: "Copy", plan: TablePlan, column: Masked) -> Check:
    """Make the first values again: each must be in the target's column."""
    subject = f"{plan.table.full}.{column.column.name}"
    function, compiled = column.python, column.compiled
    if function is None or compiled is None:
        return Check("deterministic", subject, "ok", 0, "")
    select = select_of(plan, [column.sql], compiled.reads) + f" LIMIT {SAMPLE_ROWS}"
    expected = set()
    for text, *reads in copy.source.execute(select.encode()):
        if text is not None:
            expected.add(function(text, dict(zip(compiled.reads, reads, strict=True))))
    values = [value for value in expected if value is not None]
    table = copy.live.tables[plan.table.full]
    written = column.column.written
    statement = (
        (
            f"SELECT count(*) FROM (SELECT DISTINCT e::{written}::text AS v FROM unnest(%s::text[]) AS e) AS made "
            f"WHERE NOT EXISTS (SELECT FROM {table.rows} AS t WHERE t.{identifier(column.column.name)}::text = made.v)"
        )
        .replace("%s", "\0")
        .replace("%", "%%")
        .replace("\0", "%s")
    )
    row = copy.target.execute(statement.encode(), [values]).fetchone()
    lost = int(row[0]) if row else 0
    message = (
        f"{lost} of {len(values)} values made again are not in the target"
        if lost
        else f"{len(values)} values made again are there"
    )
    return Check("deterministic", subject, "error" if lost else "ok", lost, message)


def _unchanged(copy: "Copy", plan: TablePlan, compiled: tuple[Masked, ...]) -> list[Check]:
    """Values that masking left as they are: by chance where the range is small, by mistake where it is not."""
    asked = [
        column
        for column in compiled
        if column.compiled is not None
        and not column.compiled.untouched
        and column.python is None
        and column.column.type.kind not in ("json", "jsonb")
    ]
    if not asked:
        return []
    parts = []
    for column in asked:
        raw = f"{ROW}.{identifier(column.column.name)}"
        masks = f" AND ({column.compiled.masks})" if column.compiled and column.compiled.masks else ""
        stays = f"({column.sql})::text = {raw}::text"
        parts += [
            f"count(*) FILTER (WHERE {raw}::text IS NOT NULL{masks})",
            f"count(*) FILTER (WHERE {stays}{masks})",
        ]
    row = copy.source.execute(
        f"SELECT {', '.join(parts)} FROM {plan.table.rows} AS {ROW}".encode()
    ).fetchone()
    found = []
    for number, column in enumerate(asked):
        total, same = (int(row[2 * number]), int(row[2 * number + 1])) if row else (0, 0)
        found.append(_said(f"{plan.table.full}.{column.column.name}", total, same, column))
    return found


def _said(subject: str, total: int, same: int, column: Masked) -> Check:
    if not same:
        return Check("unchanged", subject, "ok", 0, f"none of {total} values stays as it is")
    telling = column.compiled is not None and column.compiled.telling and column.column.type.kind != "boolean"
    share = same / total
    severity = "error" if share > 0.5 and total >= 20 and telling else "warning"
    return Check("unchanged", subject, severity, same, f"{same} of {total} values stay as they are")
