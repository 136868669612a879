from collections.abc import Iterator

from confiture_linter.effects import ChangeSet
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, Span, rule
from confiture_linter.statements.facts import SetVariable, Transaction


@rule(
    name="mixed-transactional-modes-in-file",
    subject=ChangeSet,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="ALTER TABLE w_order ADD COLUMN note text;\nCREATE INDEX CONCURRENTLY w_order_note ON w_order (note);",
    good="CREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    at="CREATE INDEX",
)
def mixed_transactional_modes_in_file(changes: ChangeSet, ctx: Context) -> Iterator[Finding]:
    """A file mixes changes with a statement that no transaction takes.

    Run outside a transaction, as the one needs, the others are half done when something fails, and running the file
    again fails at the first of them.

    *When not:* the other statements stand in a BEGIN … COMMIT of their own.

    *Instead:* two files.
    """
    for migration in changes.migrations:
        steps = [step for step in changes.steps if step.migration is migration]
        outside = [step for step in steps if not step.effects.in_transaction and not step.in_block]
        changing = [
            step
            for step in steps
            if step.effects.in_transaction
            and not step.in_block
            and not isinstance(step.where.statement.fact, SetVariable | Transaction)
            and any(mode.blocks_writes for _, mode in step.effects.locks)
        ]
        if outside and changing:
            statement = outside[0].where.statement
            yield Finding(
                migration.path,
                Span(statement.start, statement.end),
                "this runs outside a transaction, and so do the other changes of the file",
                help="put it in a file of its own",
            )
