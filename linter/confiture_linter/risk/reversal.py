"""How to go back."""

from collections.abc import Sequence

from confiture_linter.effects import Step
from confiture_linter.statements import facts as f


def reversal(steps: Sequence[Step], *, lost: bool, down: bool | None) -> str:
    """The rollback strategy of a migration, in one or two sentences."""
    outside = any(not step.effects.in_transaction for step in steps)
    if lost:
        return "Restore from a backup: what it drops is gone, and no script brings it back."
    if down:
        how = "Run its down script."
    elif additive(steps):
        how = "Drop what it adds; nothing else depends on it yet."
    elif down is None:
        how = "Write the statements that take it back before it is applied."
    else:
        how = "There is no down script: write one before it is applied."
    if outside:
        return f"{how} It does not run in one transaction: a failure half-way leaves its first steps applied."
    return f"{how} A failure while it runs rolls all of it back."


def additive(steps: Sequence[Step]) -> bool:
    """Whether a migration only adds: nothing that was there is changed."""
    return all(_adds(step.where.statement.fact) for step in steps)


_NEW = (
    f.CreateTable,
    f.CreateIndex,
    f.CreateSequence,
    f.CreateType,
    f.CreateSchema,
    f.CreateTrigger,
    f.Comment,
    f.Grant,
    f.SetVariable,
    f.Transaction,
)


def _adds(fact: f.Fact) -> bool:
    if isinstance(fact, f.AlterTable):
        return all(
            command.kind in ("AddColumn", "AddConstraint", "ValidateConstraint") for command in fact.commands
        )
    if isinstance(fact, f.CreateView | f.CreateFunction):
        return not fact.replace
    return isinstance(fact, _NEW)
