from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Index, Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import CreateIndex, Drop


@rule(
    name="drop-index-under-foreign-key",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    aliases=("drop-index-used-by-fk-or-replica-identity",),
    given=(
        "CREATE TABLE w_customer (id bigint PRIMARY KEY);\n"
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint REFERENCES w_customer, code text);\n"
        "CREATE INDEX by_customer ON w_order (customer_id);\nCREATE INDEX by_code ON w_order (code);"
    ),
    bad="DROP INDEX CONCURRENTLY by_customer;",
    good="DROP INDEX CONCURRENTLY by_code;",
    at="by_customer",
)
def drop_index_under_foreign_key(change: Change, ctx: Context) -> Iterator[Finding]:
    """The only index by which a foreign key finds its rows is dropped.

    Every DELETE of a referenced row, and every UPDATE of its key, then reads the referencing table from end to end.

    *When not:* another index begins with the columns of the foreign key, or is made in the same file; the foreign key or
    the table goes, too; the table is made by the same change.

    *Instead:* build the index that replaces it first.
    """
    fact = change.fact
    for target in fact.targets if isinstance(fact, Drop) and not change.effects.error else ():
        if target.kind != "index" or not target.parts:
            continue
        index = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
        if not isinstance(index, Index) or not isinstance(index.table, Table) or index.predicate is not None:
            continue
        table = index.table
        if change.is_new(table.identity) or any(_makes_up_for(s.fact, table) for s in change.ahead):
            continue
        for key in table.foreign_keys:
            if _leads(index.columns, key) and not _found_otherwise(table, index, key):
                yield change.finding(
                    f"foreign key {key.name} of {table.identity} is left without an index: each DELETE of what it refers "
                    "to reads the whole table",
                    span=ctx.place_of(target.parts[-1], change.path, change.span),
                    object=index.identity,
                    help=f"build another index that begins with ({', '.join(key.columns)}) first",
                    related=(Related(key.path, key.span, "the foreign key"),),
                )
                break


def _leads(columns: tuple[str, ...], key: Constraint) -> bool:
    """Whether an index on these columns finds the rows of the foreign key."""
    width = len(key.columns)
    return bool(width) and set(columns[:width]) == set(key.columns)


def _found_otherwise(table: Table, index: Index, key: Constraint) -> bool:
    others = [i.columns for i in table.indexes if i is not index and i.predicate is None]
    others += [c.columns for c in table.constraints if c.kind in ("primary key", "unique", "exclude")]
    return any(_leads(columns, key) or columns[:1] == key.columns[:1] for columns in others)


def _makes_up_for(fact: object, table: Table) -> bool:
    """Whether a later statement builds another index on the table, drops it, or drops constraints of it."""
    if isinstance(fact, CreateIndex):
        return fact.table == table.name
    if isinstance(fact, Drop):
        return any(t.kind == "table" and t.parts[-1:] == (table.name,) for t in fact.targets)
    commands = getattr(fact, "commands", ())
    return getattr(fact, "name", "") == table.name and any(
        command.kind in ("DropConstraint", "DropColumn", "AddConstraint") for command in commands
    )
