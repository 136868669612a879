from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable
from confiture_rules.locking.whole_table import table_finding


@rule(
    name="set-tablespace",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order SET TABLESPACE fast;",
    good="CREATE TABLE w_note (id bigint PRIMARY KEY);\nALTER TABLE w_note SET TABLESPACE fast;",
    at="ALTER TABLE",
)
def set_tablespace(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table or index is moved to another tablespace while nobody can use it.

    All its bytes are copied under ACCESS EXCLUSIVE.

    *When not:* the relation is made by the same change.

    *Instead:* for an index REINDEX (TABLESPACE …) CONCURRENTLY; for a table pg_repack, or a maintenance window.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable) or change.effects.error:
        return
    if change.is_new(change.identity_of(fact.schema, fact.name)):
        return
    if any(command.kind == "SetTableSpace" for command in fact.commands):
        name = change.quoted(fact.schema, fact.name)
        way = (
            f"REINDEX (TABLESPACE …, CONCURRENTLY) INDEX {name}"
            if fact.kind == "index"
            else "move it with pg_repack, or in a maintenance window"
        )
        yield table_finding(change, f"{name} is copied while nobody can read or write it", way)
