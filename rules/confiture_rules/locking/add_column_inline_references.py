from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.columns import column_finding


@rule(
    name="add-column-inline-references",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_customer (id bigint PRIMARY KEY);\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN customer_id bigint DEFAULT 1 REFERENCES w_customer;",
    good="ALTER TABLE w_order ADD COLUMN customer_id bigint REFERENCES w_customer;",
    at="customer_id bigint",
)
def add_column_inline_references(change: Change, ctx: Context) -> Iterator[Finding]:
    """A column is added with a default and a foreign key, tested on every old row.

    The whole table is read, and the key looked up for each row, under ACCESS EXCLUSIVE.

    *When not:* the column has no default: then all old rows are NULL and nothing is read.

    *Instead:* add the column, then the foreign key NOT VALID, then validate it in another transaction.
    """
    fact = change.fact
    for command in change.commands("AddColumn"):
        column = command.column
        keys = [c for c in command.constraints if c.kind == "foreign key" and not c.not_valid]
        if not isinstance(fact, AlterTable) or column is None or column.default is None or not keys:
            continue
        effects = change.effects_of_command(command)
        if effects.scans and not effects.error:
            table = change.quoted(fact.schema, fact.name)
            yield column_finding(
                change,
                column,
                f"the foreign key of {column.name} is tested on all of {table} while nobody can read or write it",
                "add the column without REFERENCES, then the foreign key with NOT VALID, then VALIDATE CONSTRAINT in "
                "another transaction",
            )
