from collections.abc import Iterator

from confiture_linter.effects import ChangeSet, Step
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Related, Severity, Span, rule
from confiture_linter.statements.facts import Maintain, SetVariable, Transaction


@rule(
    name="missing-transaction",
    subject=ChangeSet,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    config="migrations: {roots: [migrations], transaction: none}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD COLUMN note text;\nALTER TABLE w_order ADD COLUMN tax numeric;",
    good="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nALTER TABLE w_order ADD COLUMN tax numeric;\nCOMMIT;",
    at="ALTER TABLE w_order ADD COLUMN tax",
)
def missing_transaction(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """Several changes of a script commit one by one, and the tool wraps nothing.

    When the second fails the first stays, and running the script again fails at the first.

    *When not:* the tool wraps the file (`migrations.transaction`, or a directive of the tool), the script opens a
    transaction, or one of its statements cannot run in one: that is mixed-transactional-modes-in-file.

    *Instead:* BEGIN … COMMIT around them, or let the tool wrap the file. Changes that lock busy tables are better kept
    apart, each in a file of its own.
    """
    for migration in changes.migrations:
        if migration.wrapped is not False or not migration.said:
            continue
        steps = [step for step in changes.steps if step.migration is migration]
        if any(not step.effects.in_transaction or step.in_block for step in steps):
            continue
        changing = [step for step in steps if _changes(step)]
        if len(changing) < 2 or any(isinstance(s.where.statement.fact, Transaction) for s in steps):
            continue
        first, second = changing[0].where.statement, changing[1].where.statement
        end = steps[-1].where.statement.end
        edits = (
            Edit(
                migration.path,
                Span(steps[0].where.statement.start, steps[0].where.statement.start),
                "BEGIN;\n",
            ),
            Edit(migration.path, Span(end, end), ";\nCOMMIT"),
        )
        yield Finding(
            migration.path,
            Span(second.start, second.end),
            f"{len(changing)} changes commit one by one: when this one fails, what came before it stays",
            help="write BEGIN before the first and COMMIT behind the last, or let the tool wrap the file",
            fix=Fix("put them into one transaction", edits, safe=False),
            related=(Related(migration.path, Span(first.start, first.end), "this one stays"),),
        )


def _changes(step: Step) -> bool:
    """Whether a statement changes something that stays when a later one fails."""
    fact = step.where.statement.fact
    if isinstance(fact, SetVariable | Transaction) or step.effects.error:
        return False
    if isinstance(fact, Maintain) and fact.command in ("analyze", "vacuum", "lock"):
        return False
    queries = step.where.statement.queries
    return not (type(fact).__name__ == "Execute" and all(query.command == "select" for query in queries))
