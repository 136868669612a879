"""Who opened the transaction a statement stands in."""

from confiture_linter.effects import Change
from confiture_linter.statements.facts import Transaction


def who_opened(change: Change) -> str:
    """As the end of a sentence: `the script opens` or `the tool wraps around the file`."""
    for step in reversed(change.earlier):
        fact = step.where.statement.fact
        if step.migration is not change.migration:
            break
        if isinstance(fact, Transaction) and fact.kind in ("begin", "start"):
            return "the script opens"
        if isinstance(fact, Transaction) and fact.kind in ("commit", "rollback"):
            break
    return "the tool wraps around the file"
