from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints, constraint_finding


@rule(
    name="primary-key-using-index-nullable",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_order (id bigint, code text NOT NULL);\n"
        "CREATE UNIQUE INDEX by_id ON w_order (id);\nCREATE UNIQUE INDEX by_code ON w_order (code);"
    ),
    bad="ALTER TABLE w_order ADD CONSTRAINT w_order_pkey PRIMARY KEY USING INDEX by_id;",
    good="ALTER TABLE w_order ADD CONSTRAINT w_order_pkey PRIMARY KEY USING INDEX by_code;",
    at="CONSTRAINT w_order_pkey",
)
def primary_key_using_index_nullable(change: Change, ctx: Context) -> Iterator[Finding]:
    """A primary key takes over an index whose column may still be NULL.

    The index is there, but the table is read to the end under ACCESS EXCLUSIVE to see that no key is NULL.

    *When not:* all columns of the index are NOT NULL, or a validated CHECK proves it.

    *Instead:* make the columns NOT NULL first, by a CHECK that is validated without a lock (see set-not-null).
    """
    for added in added_constraints(change, "primary key"):
        if added.fact.using_index and added.effects.scans:
            yield constraint_finding(
                change,
                added,
                f"{added.table} is read to the end to see that its key is never NULL, while nobody can read or write it",
                "make the columns of the index NOT NULL first, with the help of a validated CHECK",
            )
