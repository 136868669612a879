from collections.abc import Iterator

from confiture_linter.catalog import Index, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.naming.names import name_finding


@rule(
    name="index-name-mismatch",
    subject=Index,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint, status text);\n"
        "CREATE INDEX w_order_customer_id_idx ON w_order (status);"
    ),
    good=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint, status text);\n"
        "CREATE INDEX w_order_status_idx ON w_order (status);"
    ),
    at="w_order_customer_id_idx",
)
def index_name_mismatch(index: Index, ctx: Context) -> Iterator[Finding]:
    """The name of an index speaks of a column that it does not have.

    Whoever reads a plan or decides which index to drop goes by the name.

    *When not:* the word means something else than the column.

    *Instead:* a name made of the table and the indexed columns.
    """
    table = index.table
    if not index.fact.name or not isinstance(table, Table) or not table.columns:
        return
    used = _used(index)
    rest = f"_{index.name.replace(table.name, '', 1)}_"
    for column in table.columns:
        if column not in used and len(column) > 3 and f"_{column}_" in rest and not _related(column, used):
            yield name_finding(
                index,
                ctx,
                f"index {index.name} names column {column} but is on {', '.join(sorted(used))}",
                f"ALTER INDEX {index.qualified} RENAME TO a name that fits",
            )
            return


def _used(index: Index) -> set[str]:
    """Every column that the index mentions anywhere."""
    used = {name for name in (*index.columns, *index.include) if name}
    expressions = [column.expression for column in index.fact.columns] + [index.predicate]
    for expression in expressions:
        if expression is not None:
            used.update(use.name for use in expression.columns)
    return used


def _related(column: str, used: set[str]) -> bool:
    """Whether the column shares a word with one that is indexed: a name may be shortened."""
    words = set(column.split("_")) - {"id", "at"}
    return any(words & set(name.split("_")) for name in used)
