from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Index, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, quote_identifier, rule


@rule(
    name="foreign-key-without-index",
    subject=Constraint,
    severity=Severity.WARNING,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);\nCREATE INDEX b_a_id ON b (a_id);",
    at="REFERENCES a",
)
def foreign_key_without_index(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """No index leads with the columns of a foreign key.

    Each DELETE of a referenced row, and each UPDATE of its key, then reads the whole referencing table
    while it holds locks; joins along the key do the same.

    *When not:* the referenced rows never go away and the table is small; exempt it by name.

    *Instead:* an index whose leading columns are those of the foreign key, in any order. A partial index
    over the rows where they are NOT NULL will do; so will, with tenancy configured, an index without the
    tenant column.
    """
    if constraint.kind != "foreign key":
        return
    table = constraint.table
    if (
        table.partition_of is not None
        or table.fact.foreign
        or not set(constraint.columns) <= table.columns.keys()
    ):
        return
    wanted = set(constraint.columns)
    tenant = ctx.tenancy.column if len(wanted) > 1 and ctx.tenancy.column in wanted else ""
    wanted.discard(tenant)
    if not _indexed(table, wanted, tenant):
        columns = ", ".join(map(quote_identifier, constraint.columns))
        yield constraint.finding(
            f"no index of {table.identity} leads with the foreign key columns ({', '.join(constraint.columns)})",
            help=f"CREATE INDEX ON {_quoted(table)} ({columns})",
            fix=_fix(constraint, columns, ctx),
        )


def _indexed(table: Table, wanted: set[str], tenant: str) -> bool:
    kinds = ("primary key", "unique", "exclude")
    whole = [c for c in table.constraints if c.kind in kinds and c.fact.predicate is None]
    if any(_leads(constraint.columns, wanted, tenant) for constraint in whole):
        return True
    return any(
        _leads(index.columns, wanted, tenant) and _covers_all_references(index, wanted, tenant)
        for index in table.indexes
        if index.fact.method != "brin"
    )


def _leads(columns: tuple[str, ...], wanted: set[str], tenant: str) -> bool:
    """Whether the wanted columns come first, the tenant column left aside."""
    others = [name for name in columns if name != tenant] if tenant else columns
    return set(others[: len(wanted)]) == wanted


def _covers_all_references(index: Index, wanted: set[str], tenant: str) -> bool:
    """A predicate about nothing but the foreign key leaves out the rows that reference nothing."""
    return index.predicate is None or {use.name for use in index.predicate.columns} <= wanted | {tenant}


def _quoted(table: Table) -> str:
    return f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"


def _fix(constraint: Constraint, columns: str, ctx: Context) -> Fix | None:
    """Create the index behind the table, where the key is written in its CREATE TABLE."""
    table = constraint.table
    end = table.span.end
    if constraint.path != table.path or not table.span.start <= constraint.fact.at < end:
        return None
    if ctx.text(table.path)[end : end + 1] != b";":
        return None
    text = f"\nCREATE INDEX ON {_quoted(table)} ({columns});"
    return Fix(f"index {columns}", (Edit(table.path, Span(end + 1, end + 1), text),), safe=False)
