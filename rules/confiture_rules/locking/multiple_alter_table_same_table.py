from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="multiple-alter-table-same-table",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, a int, b int);",
    bad="ALTER TABLE w_order ALTER COLUMN a TYPE bigint;\nALTER TABLE w_order ALTER COLUMN b TYPE bigint;",
    good="ALTER TABLE w_order ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint;",
    at="ALTER TABLE w_order ALTER COLUMN b",
)
def multiple_alter_table_same_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """Two statements in a row rewrite or read the same table, and one could do both.

    ALTER TABLE does all its subcommands in one pass; two statements pass over the table twice, under the lock.

    *When not:* one of them is quick, or tests a foreign key or builds an index, which have passes of their own, or
    validates a constraint: it would do that under the stronger lock of the other.

    *Instead:* one ALTER TABLE with both subcommands.
    """
    fact, step = change.fact, change.earlier[-1] if change.earlier else None
    if not isinstance(fact, AlterTable) or step is None or step.transaction != change.transaction:
        return
    before = step.where.statement.fact
    if not isinstance(before, AlterTable) or (before.kind, before.schema, before.name) != (
        fact.kind,
        fact.schema,
        fact.name,
    ):
        return
    table = change.identity_of(fact.schema, fact.name)
    twice = {*change.effects.rewrites, *change.effects.scans} & {*step.effects.rewrites, *step.effects.scans}
    same = before.only == fact.only and before.if_exists == fact.if_exists
    same = same and bool(
        ctx.words(change.path, change.span).find("alter")
    )  # else an operation of a tool writes it
    one = _in_the_pass(before, table in step.effects.rewrites) and _in_the_pass(
        fact, table in change.effects.rewrites
    )
    if table in twice and same and one and not change.is_new(table) and step.where.path == change.path:
        yield change.finding(
            f"{table} is {_verb(change, table)} twice, here and by the statement before",
            object=table,
            help="write one ALTER TABLE with both subcommands",
            fix=_merged(change, ctx, step.where.statement.start),
            related=(
                Related(
                    change.path, Span(step.where.statement.start, step.where.statement.end), "the first pass"
                ),
            ),
        )


def _in_the_pass(fact: AlterTable, rewritten: bool) -> bool:
    """Whether a subcommand has its work done in the one pass over the table that ALTER TABLE makes.

    Foreign keys are tested by a query, and indexes built, one by one after it (ATRewriteTables): merging saves nothing.
    """
    return any(
        command.kind in ("AlterColumnType", "SetNotNull")
        or (command.kind == "AddColumn" and rewritten)
        or any(constraint.kind in ("check", "not null") for constraint in command.constraints)
        for command in fact.commands
    )


def _verb(change: Change, table: str) -> str:
    return "written anew" if table in change.effects.rewrites else "read to the end"


def _merged(change: Change, ctx: Context, before: int) -> Fix | None:
    """Replace the semicolon between the two, and the second ALTER TABLE name, by a comma."""
    fact = change.fact
    first = ctx.words(change.path, Span(before, change.span.start))
    second = ctx.words(change.path, change.span).tokens
    at = next((i for i, token in enumerate(second) if token.start >= getattr(fact, "at", 0)), 0)
    stop = at + 1
    while stop + 1 < len(second) and second[stop].text == ".":
        stop += 2
    if not at or stop >= len(second) or second[stop].text == "*" or not first.end:
        return None
    edit = Edit(change.path, Span(first.end, second[stop].start), ",\n    ")
    return Fix("merge the two statements", (edit,), safe=False)
