from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="truncate",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    aliases=("truncate-cascade",),
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="TRUNCATE w_order;",
    good="CREATE TABLE w_import (id bigint PRIMARY KEY);\nTRUNCATE w_import;",
    at="TRUNCATE",
)
def truncate(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table in use is emptied.

    All rows are gone under ACCESS EXCLUSIVE; with CASCADE those of every table that references it, too. Transactions
    with an older snapshot see an empty table.

    *When not:* the table is made by the same change.

    *Instead:* DELETE in batches, with a WHERE clause that says which rows.
    """
    fact = change.fact
    if not isinstance(fact, Maintain) or fact.command != "truncate" or change.effects.error:
        return
    named = {change.identity_of(schema, name) for schema, name, _ in fact.relations}
    old = sorted(name for name, mode in change.effects.locks if mode.blocks_reads and not change.is_new(name))
    if old:
        more = [name for name in old if name not in named]
        what = f", and CASCADE takes those of {', '.join(more)}" if fact.cascade and more else ""
        yield change.finding(
            f"all rows of {', '.join(name for name in old if name in named)} are gone{what}",
            object=min(named & set(old), default=old[0]),
            help="DELETE in batches, with a WHERE clause that says which rows",
        )
