from collections.abc import Iterator

from confiture_linter.catalog import Function, Table, View
from confiture_linter.catalog.entities import Entity
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.graph.dependents import Action, How, dependents
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, Drop, Rename
from confiture_rules.compatibility.functions import made_anew


@rule(
    name="change-breaks-function-body",
    subject=Change,
    facts=(AlterTable, Drop, Rename),
    severity=Severity.ERROR,
    aliases=("change-column-used-by-plpgsql",),
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE FUNCTION fn_total() RETURNS numeric LANGUAGE plpgsql AS "
        "'BEGIN RETURN (SELECT sum(total) FROM w_order); END';"
    ),
    bad="ALTER TABLE w_order RENAME COLUMN total TO amount;",
    good=(
        "ALTER TABLE w_order RENAME COLUMN total TO amount;\n"
        "CREATE OR REPLACE FUNCTION fn_total() RETURNS numeric LANGUAGE plpgsql AS "
        "'BEGIN RETURN (SELECT sum(amount) FROM w_order); END';"
    ),
    at="ALTER TABLE",
)
def change_breaks_function_body(change: Change, ctx: Context) -> Iterator[Finding]:
    """A function whose body is a string uses what is dropped or renamed.

    PostgreSQL keeps no record of what such a body uses: the change goes through, and the function fails when it is
    called next.

    *When not:* the same file replaces or drops the function.

    *Instead:* replace the function in the same transaction.
    """
    if change.effects.error:
        return
    for entity, column, action in _subjects(change):
        if change.is_new(entity.identity):
            continue
        broken = [
            d
            for d in dependents(change.catalog, entity, column, action)
            if d.how is How.BREAKS
            and d.certain
            and isinstance(d.entity, Function)
            and not made_anew(change, d.entity)
        ]
        if broken:
            what = f"{entity.identity}.{column}" if column else entity.identity
            names = ", ".join(dict.fromkeys(d.entity.identity for d in broken))
            yield change.finding(
                f"{names} {'uses' if len(broken) == 1 else 'use'} {what} and will fail when called",
                object=what,
                help="replace it in the same transaction",
                related=tuple(
                    Related(d.path, Span(d.at, -2), f"{d.entity.identity} is defined here")
                    for d in broken[:5]
                ),
            )


def _subjects(change: Change) -> Iterator[tuple[Entity, str | None, Action]]:
    fact = change.fact
    if isinstance(fact, Rename) and fact.target.parts and fact.kind in ("column", "table", "view"):
        parts = fact.target.parts
        found = change.relation(parts[-2] if len(parts) > 1 else "", parts[-1])
        if isinstance(found, Table | View):
            yield found, fact.part if fact.kind == "column" else None, Action.RENAME
    elif isinstance(fact, AlterTable):
        found = change.relation(fact.schema, fact.name)
        for command in fact.commands:
            if isinstance(found, Table) and command.kind == "DropColumn" and command.name in found.columns:
                yield found, command.name, Action.DROP
    elif isinstance(fact, Drop):
        for target in fact.targets:
            if target.kind in ("table", "view", "materialized view") and target.parts:
                found = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
                if isinstance(found, Table | View) and not _made_again(change, found.name):
                    yield found, None, Action.DROP


def _made_again(change: Change, name: str) -> bool:
    return any(getattr(s.fact, "name", None) == name and not isinstance(s.fact, Drop) for s in change.ahead)
