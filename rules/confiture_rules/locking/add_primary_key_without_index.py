from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.constraints import added_constraints, constraint_finding


@rule(
    name="add-primary-key-without-index",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint NOT NULL);\nCREATE UNIQUE INDEX w_order_id ON w_order (id);",
    bad="ALTER TABLE w_order ADD PRIMARY KEY (id);",
    good="ALTER TABLE w_order ADD CONSTRAINT w_order_pkey PRIMARY KEY USING INDEX w_order_id;",
    at="PRIMARY KEY (id)",
)
def add_primary_key_without_index(change: Change, ctx: Context) -> Iterator[Finding]:
    """A primary key is added and its index built under the lock.

    Nobody can read or write the table (ACCESS EXCLUSIVE) until the whole index is there; a nullable column costs a
    second scan.

    *When not:* the table is made by the same change, or the index exists already (USING INDEX).

    *Instead:* CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … PRIMARY KEY USING INDEX.
    """
    for added in added_constraints(change, "primary key"):
        if added.fact.using_index:
            continue
        columns = ", ".join(map(quote_identifier, added.fact.columns))
        name = added.name or quote_identifier(f"{added.identity.rpartition('.')[2]}_pkey"[:63])
        yield constraint_finding(
            change,
            added,
            f"the index of the primary key is built on all of {added.table} while nobody can read or write it",
            f"`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {added.table} ({columns})`, then "
            f"`ALTER TABLE {added.table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}`",
        )
