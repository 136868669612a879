from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Maintain


@rule(
    name="cluster-table",
    subject=Change,
    facts=(Maintain,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="CLUSTER w_order USING w_order_pkey;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nCLUSTER w_note USING w_note_pkey;",
    at="CLUSTER",
)
def cluster_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """CLUSTER writes a table anew while nobody can use it.

    Table and indexes are written anew under ACCESS EXCLUSIVE; without a table, all that were clustered before.

    *When not:* the table is made by the same change.

    *Instead:* pg_repack --order-by, or a maintenance window.
    """
    fact = change.fact
    if not isinstance(fact, Maintain) or fact.command != "cluster":
        return
    names = [change.identity_of(schema, name) for schema, name, _ in fact.relations]
    if not names or not all(map(change.is_new, names)):
        yield change.finding(
            f"{', '.join(names) or 'every clustered table'} is written anew: nobody can read or write it meanwhile",
            object=names[0] if names else "",
            help="use pg_repack --order-by, or a maintenance window",
        )
