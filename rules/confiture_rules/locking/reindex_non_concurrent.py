from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="reindex-non-concurrent",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="REINDEX TABLE w_order;",
    good="REINDEX TABLE CONCURRENTLY w_order;",
    at="REINDEX",
)
def reindex_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """Indexes are built anew while nobody can write to their table.

    REINDEX takes a SHARE lock on the table and ACCESS EXCLUSIVE on the index, so that most reads wait, too.

    *When not:* the table is made by the same change, or REINDEX is CONCURRENTLY.

    *Instead:* REINDEX … CONCURRENTLY, outside of a transaction.
    """
    fact = change.fact
    if (
        not isinstance(fact, Maintain)
        or fact.command != "reindex"
        or fact.concurrently
        or change.effects.error
    ):
        return
    if fact.relations and not change.blocking:
        return
    names = [change.quoted(schema, name) for schema, name, _ in fact.relations]
    yield change.finding(
        f"{', '.join(names) or 'every index'} is built anew: nobody can write to the table meanwhile, and readers wait "
        "for the index",
        object=change.identity_of(*fact.relations[0][:2]) if fact.relations else "",
        help="REINDEX … CONCURRENTLY" + (", outside of the transaction" if change.in_block else ""),
    )
