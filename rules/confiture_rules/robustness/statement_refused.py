import re
from collections.abc import Iterator

from confiture_linter.catalog import Index, Table, View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.graph.dependents import Action, Dependent, How, dependents
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, Drop, Maintain, Unparsed


@rule(
    name="statement-refused",
    subject=Change,
    severity=Severity.ERROR,
    aliases=("invalid-not-valid-target", "drop-index-backing-constraint", "replace-view-incompatible",
             "replace-function-return-type", "change-column-used-by-view"),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);\nCREATE INDEX by_code ON w_order (code);",
    bad="DROP INDEX w_order_pkey;",
    good="DROP INDEX by_code;",
    at="DROP INDEX",
)  # fmt: skip
def statement_refused(change: Change, ctx: Context) -> Iterator[Finding]:
    """PostgreSQL refuses the statement, whatever rows there are.

    The migration stops there. Among them: an index dropped that a constraint needs, a column retyped that a view uses,
    a view or function replaced by one of another shape. What the grammar refuses, such as NOT VALID on UNIQUE, is a
    syntax-error.

    *When not:* what depends on the rows, which nobody knows offline.

    *Instead:* what the help says.
    """
    # In a DO block it may stand under a condition, or where its failure is caught.
    if change.effects.error and not change.nested and not _said_elsewhere(change):
        in_the_way = list(_in_the_way(change))
        names = ", ".join(dict.fromkeys(d.identity for _, d in in_the_way))
        yield change.finding(
            f"PostgreSQL refuses it: {change.effects.error}" + (f" ({names})" if names else ""),
            object=change.about,
            help=f"`confiture-lint impact {in_the_way[0][0]} --script` prints what to drop before and make again after"
            if in_the_way
            else "",
            related=tuple(
                Related(d.path, Span(d.at, -2), f"{d.identity} is defined here") for _, d in in_the_way[:5]
            ),
        )


def _in_the_way(change: Change) -> Iterator[tuple[str, Dependent]]:
    """What depends on what a statement retypes or drops, with how `impact` calls that and the action."""
    fact = change.fact
    if isinstance(fact, AlterTable):
        table = change.relation(fact.schema, fact.name)
        for command in fact.commands:
            action = {"AlterColumnType": Action.RETYPE, "DropColumn": Action.DROP}.get(command.kind)
            if action is not None and isinstance(table, Table) and command.name in table.columns:
                for found in dependents(change.catalog, table, command.name, action):
                    if found.how is How.BLOCKS:
                        yield f"{table.identity}.{command.name} --action {action.value}", found
    elif isinstance(fact, Drop):
        for target in fact.targets:
            named = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
            if target.kind in ("table", "view", "materialized view") and named is not None:
                for found in dependents(change.catalog, named):
                    if found.how is How.BLOCKS:
                        yield f"{named.identity} --action drop", found


_NOT_THERE = re.compile(
    r'(?:relation|column|type|function|schema) "[^"]*"(?: of relation "[^"]*")? (?:does not exist|already exists)'
)
"""Said by missing-object, missing-column and duplicate-object, which know where the name stands."""


def _said_elsewhere(change: Change) -> bool:
    """Whether another rule says it, with advice of its own."""
    fact = change.fact
    if change.effects.error and change.effects.error.startswith("unsafe use of new value"):
        return True
    if change.effects.error and _NOT_THERE.fullmatch(change.effects.error):
        return True
    error = change.effects.error or ""
    if change.migration.tool == "django" and error.endswith(("cannot be implemented", "referenced table")):
        return True  # its keys have the types that the models have by then
    if isinstance(fact, Unparsed) or error.endswith("inside a transaction block"):
        return True
    if isinstance(fact, CreateIndex) and fact.concurrently:
        table = change.relation(fact.table_schema, fact.table)
        return isinstance(table, Table) and bool(table.partition_strategy)
    if isinstance(fact, Drop) and fact.concurrently:
        for target in fact.targets:
            index = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
            if isinstance(index, Index) and isinstance(index.table, Table) and index.table.partition_strategy:
                return True
    if isinstance(fact, Maintain) and fact.command == "refresh" and fact.concurrently:
        return any(isinstance(change.relation(schema, name), View) for schema, name, _ in fact.relations)
    return False
