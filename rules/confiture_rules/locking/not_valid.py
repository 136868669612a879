"""NOT VALID now, VALIDATE later: the way to add a constraint without a long lock."""

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Fix, Span
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import Added


def not_valid_help(added: Added) -> str:
    """What to write instead, on this very table."""
    if not added.name:
        return f"name it, add it with NOT VALID, then ALTER TABLE {added.table} VALIDATE CONSTRAINT in another transaction"
    return (
        f"add it with NOT VALID, then in another transaction "
        f"`ALTER TABLE {added.table} VALIDATE CONSTRAINT {added.name}`"
    )


def not_valid_fix(change: Change, ctx: Context) -> Fix | None:
    """Add NOT VALID at the end of an ALTER TABLE that does nothing else.

    Unsafe: the old rows stay untested until somebody validates it.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or len(fact.commands) != 1:
        return None
    end = ctx.words(change.path, change.span).end
    return (
        Fix("add it NOT VALID", (Edit(change.path, Span(end, end), " NOT VALID"),), safe=False)
        if end
        else None
    )
