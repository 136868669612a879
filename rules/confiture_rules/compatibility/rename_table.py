from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Rename
from confiture_rules.compatibility.renames import old_name_kept, renamed


@rule(
    name="rename-table",
    subject=Change,
    facts=(Rename,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order RENAME TO w_purchase;",
    good=(
        "ALTER TABLE w_order RENAME TO w_purchase;\n"
        "CREATE VIEW w_order WITH (security_invoker = true) AS SELECT id FROM w_purchase;"
    ),
    at="ALTER TABLE",
)
def rename_table(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table or view in use gets another name.

    The version of the application that still runs asks for the old name and fails; so do functions whose bodies are
    strings, at their next call.

    *When not:* the same file makes a view under the old name, the table is made by the same change, or it is an index
    or sequence that only PostgreSQL calls by name.

    *Instead:* leave a view under the old name until nobody asks for it.
    """
    for name, fact in renamed(change, "table", "view", "materialized view", "foreign table"):
        parts = fact.target.parts
        found = change.relation(parts[-2] if len(parts) > 1 else "", parts[-1])
        if isinstance(found, Index) or (found is None and change.complete):
            continue
        if not old_name_kept(change, fact):
            yield change.finding(
                f"whoever asks for {name} fails from now on",
                object=name,
                help="make a view under the old name in the same transaction",
            )
