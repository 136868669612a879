from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex


class Demand(NamedTuple):
    """What the rows of a table must be like from now on."""

    what: str
    schema: str
    table: str
    columns: tuple[str, ...]
    null: bool
    """Whether NULL is what must not be there; else two equal rows."""
    at: int | None


@rule(
    name="constraint-may-fail-on-data",
    subject=Change,
    facts=(AlterTable, CreateIndex),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    aliases=("add-unique-may-fail-on-data",),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="CREATE UNIQUE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    good="CREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    at="CREATE UNIQUE",
)
def constraint_may_fail_on_data(change: Change, ctx: Context) -> Iterator[Finding]:
    """Rows that are there may break what a statement demands of them.

    Then it fails when it is deployed, after it has read the table; a unique index built CONCURRENTLY is left behind
    INVALID.

    *When not:* a validated CHECK or a NOT NULL proves it, the columns are new, or the table is made by the same change.

    *Instead:* ask first, with the query that the finding names, and mend the rows it returns.
    """
    if change.effects.error or not change.effects.scans:
        return
    for demand in _demands(change):
        table = change.identity_of(demand.schema, demand.table)
        if change.is_new(table) or any(change.is_new_column(table, name) for name in demand.columns):
            continue
        yield change.finding(
            f"{demand.what} fails if rows of {table} break it",
            at=demand.at,
            object=table,
            help=f"ask first: `{_question(change, demand)}`",
        )


def _demands(change: Change) -> Iterator[Demand]:
    fact = change.fact
    if isinstance(fact, CreateIndex):
        names = tuple(column.name for column in fact.columns)
        if fact.unique and fact.predicate is None and all(names) and not fact.only:
            yield Demand(f"unique index {fact.name}", fact.table_schema, fact.table, names, False, None)
        return
    for command in change.commands("AddConstraint", "SetNotNull"):
        at = change.place_of(command)
        if not isinstance(fact, AlterTable) or not change.effects_of_command(command).scans:
            continue
        if command.kind == "SetNotNull":
            yield Demand(f"NOT NULL of {command.name}", fact.schema, fact.name, (command.name,), True, at)
        for constraint in command.constraints:
            if constraint.kind in ("unique", "primary key") and not constraint.using_index:
                what = f"{constraint.kind} ({', '.join(constraint.columns)})"
                yield Demand(what, fact.schema, fact.name, constraint.columns, False, at)


def _question(change: Change, demand: Demand) -> str:
    table = change.quoted(demand.schema, demand.table)
    columns = ", ".join(map(quote_identifier, demand.columns))
    if demand.null:
        return f"SELECT count(*) FROM {table} WHERE {columns} IS NULL"  # noqa: S608 - shown, never run
    question = f"SELECT {columns}, count(*) FROM {table}"  # noqa: S608 - shown, never run
    return f"{question} GROUP BY {columns} HAVING count(*) > 1"
