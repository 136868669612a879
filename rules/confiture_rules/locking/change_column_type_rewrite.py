from collections.abc import Iterator

from confiture_linter.catalog.types import canonical
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.type_changes import Retyped, retyped_columns, type_change_finding


@rule(
    name="change-column-type-rewrite",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id int PRIMARY KEY, code varchar(20));",
    bad="ALTER TABLE w_order ALTER COLUMN id TYPE bigint;",
    good="ALTER TABLE w_order ALTER COLUMN code TYPE varchar(50);",
    at="bigint",
)
def change_column_type_rewrite(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column gets a type that is stored differently: the table is written anew.

    Table and all its indexes are written anew under ACCESS EXCLUSIVE: nobody can read or write until that is done.
    Which changes do that is told by the old type, which the catalog knows: a longer varchar, text, a wider numeric
    of equal scale cost nothing.

    *When not:* the change needs no rewrite, or the table is made by the same change.

    *Instead:* a new column of the new type, kept by a trigger, filled in batches, then swapped by two renames.
    """
    found = [r for r in retyped_columns(change) if r.effects.rewrites and not _in_utc(change, r)]
    if change.migration.tool == "django":
        found = [r for r in found if r.old]  # AlterField mostly keeps the type
    if not found:
        return
    first = found[0]
    shown = ", ".join(f"{r.command.name} {r.change}" for r in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    columns = "it" if len(found) == 1 else "each of them"
    help = (
        f"add a column of type {first.new} beside {quote_identifier(first.command.name)}, keep it by a trigger, fill it "
        "in batches, then swap the names"
        if len(found) == 1
        else f"add a column of the new type beside {columns}, keep it by a trigger, fill it in batches, then swap the names"
    )
    if all(_between_times(r) for r in found):
        help += "; or, if the values are in UTC, `SET timezone = 'UTC'` before it: then nothing is written"
    known = any(r.old for r in found)
    finding = type_change_finding(
        change,
        first,
        f"{first.table} is written anew to change {shown}{more}: nobody can read or write it meanwhile"
        if known
        else f"{first.table} may be written anew to change {shown}{more}, whose type so far is not known: nobody can read "
        "or write it meanwhile",
        help,
    )
    yield finding if len(found) == 1 else finding._replace(object=first.identity.rpartition(".")[0])


_SHOWN = 3
_TIMES = frozenset({"timestamp", "timestamptz"})


def _between_times(retyped: Retyped) -> bool:
    """Whether a timestamp becomes a timestamptz or the reverse, as it is: in UTC both are the same bytes."""
    column = retyped.entity.columns.get(retyped.command.name) if retyped.entity is not None else None
    kinds = {canonical(kind.name) for kind in (column.type if column else None, retyped.command.type) if kind}
    bare = retyped.command.expression is None and not (
        retyped.command.type and retyped.command.type.modifiers
    )
    return bare and kinds == _TIMES


def _in_utc(change: Change, retyped: Retyped) -> bool:
    """Whether the script has set the time zone to UTC."""
    return _between_times(retyped) and change.settings.get("timezone", "").lower() in (
        "utc",
        "etc/utc",
        "gmt",
        "0",
    )
