from collections.abc import Iterator

from confiture_linter.effects import Change, LockMode
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Drop
from confiture_rules.destructive.dropped import table_dropped_later


@rule(
    name="drop-table-locks-referenced",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    given=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_old (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer);\n"
        "CREATE TABLE w_note (id bigint PRIMARY KEY);"
    ),
    bad="DROP TABLE w_old;",
    good="DROP TABLE w_note;",
    at="DROP TABLE",
)
def drop_table_locks_referenced(change: Change, ctx: Context) -> Iterator[Finding]:
    """Dropping a table locks the tables it references against everyone.

    Its foreign keys have triggers on the other table; taking those away needs ACCESS EXCLUSIVE there.

    *When not:* the referenced tables are dropped, too, or made by the same change.

    *Instead:* drop the foreign keys first, each in a transaction of its own with a lock_timeout.
    """
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error:
        return
    dropped = {
        change.identity_of(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
        for target in fact.targets
        if target.kind == "table" and target.parts
    }
    others = [n for n, mode in change.blocking if mode is LockMode.ACCESS_EXCLUSIVE and n not in dropped]
    kept = [
        name
        for name in others
        if any(t.identity == name for t in change.catalog.tables)
        and not table_dropped_later(change, name.rpartition(".")[2])
    ]
    if dropped and kept:
        yield change.finding(
            f"{', '.join(sorted(kept))} {'is' if len(kept) == 1 else 'are'} locked against everyone to drop "
            f"{', '.join(sorted(dropped))}, which references {'it' if len(kept) == 1 else 'them'}",
            object=min(dropped),
            help="drop its foreign keys first, each in a transaction of its own with a lock_timeout",
        )
