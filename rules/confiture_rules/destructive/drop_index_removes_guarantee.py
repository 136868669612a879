from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Drop
from confiture_rules.destructive.dropped import makes_unique, table_dropped_later


@rule(
    name="drop-index-removes-guarantee",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, code text);\nCREATE UNIQUE INDEX by_code ON w_order (code);\n"
        "CREATE INDEX by_id ON w_order (id, code);"
    ),
    bad="DROP INDEX CONCURRENTLY by_code;",
    good="DROP INDEX CONCURRENTLY by_id;",
    at="by_code",
)
def drop_index_removes_guarantee(change: Change, ctx: Context) -> Iterator[Finding]:
    """A unique index is dropped: duplicates are taken from now on.

    *When not:* another unique index on the same columns is there or made in the same file, or the table is made by the
    same change or dropped next.

    *Instead:* build the index that replaces it first.
    """
    fact = change.fact
    for target in fact.targets if isinstance(fact, Drop) and not change.effects.error else ():
        if target.kind != "index" or not target.parts:
            continue
        index = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
        if not isinstance(index, Index) or not index.unique or change.is_new(index.table.identity):
            continue
        if table_dropped_later(change, index.table.name):
            continue
        others = [
            i.columns for i in index.table.indexes if i.unique and i is not index and i.predicate is None
        ]
        others += [
            c.columns for c in getattr(index.table, "constraints", ()) if c.kind in ("unique", "primary key")
        ]
        made = any(makes_unique(s.fact, index.table.name) for s in change.ahead)
        if not made and not any(set(columns) <= set(index.columns) for columns in others if columns):
            yield change.finding(
                f"{index.table.identity} takes duplicates of {', '.join(filter(None, index.columns)) or 'its key'} from "
                "now on",
                span=ctx.place_of(target.parts[-1], change.path, change.span),
                object=index.identity,
                help="build the unique index that replaces it first",
            )
