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

    *When not:* a key of the table is made of some of these columns, so that a row is found by it; the referenced table
    is an enumeration: its only column, or a CHECK with a list of values, says so. Where the referenced rows never go
    away and the table is small, exempt it by name.

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
    if not _indexed(table, wanted, tenant) and not _enumerates(constraint):
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
    if any(key and wanted.issuperset(key) for key in table.unique_keys):
        return True
    return any(
        _leads(index.columns, wanted, tenant) and _covers_all_references(index, wanted, tenant)
        for index in table.indexes
        if index.fact.method != "brin"
    )


_WORDS = frozenset({"text", "varchar", "bpchar", "citext", "name"})


def _enumerates(constraint: Constraint) -> bool:
    """Whether what is referenced is a list of words that only migrations change."""
    target = constraint.target
    if not isinstance(target, Table) or target is constraint.table or len(constraint.target_columns) != 1:
        return False
    key = constraint.target_columns[0]
    if len(target.columns) == 1 and key in target.columns and target.columns[key].type.name in _WORDS:
        return True
    tests = (
        check.fact.expression.test
        for check in target.constraints
        if check.kind == "check" and check.fact.expression is not None
    )
    return any(
        test is not None and test.kind == "compare" and test.column == key and test.operator == "="
        for test in tests
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
