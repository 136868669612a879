from collections.abc import Iterator, Sequence

from confiture_linter.catalog import Catalog, Column, Table
from confiture_linter.catalog.kinds import Kind, Kinds
from confiture_linter.catalog.operator_classes import PROVIDED_BY, has_default_operator_class
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateOther, TypeName
from confiture_rules.keys.column_types import spelled


@rule(
    name="no-default-operator-class",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, doc json);\nCREATE INDEX a_doc ON a (doc);",
    good="CREATE TABLE a (id int PRIMARY KEY, doc jsonb);\nCREATE INDEX a_doc ON a USING gin (doc);",
    at="CREATE INDEX a_doc",
)
def no_default_operator_class(table: Table, ctx: Context) -> Iterator[Finding]:
    """An index, or a key, is over a type that its access method cannot index.

    PostgreSQL refuses it: there is no default operator class for the type, such as for json, xml and point in a
    B-tree, or for text in GIN.

    *When not:* the type is from an extension; the tree makes operator classes, or installs btree_gin or btree_gist
    for GIN or GiST, or no extension at all, so that they may be there.

    *Instead:* another type, access method, or an operator class by name, such as `gin_trgm_ops`.
    """
    asked: Asked = ctx.memo("operator classes", lambda: Asked(ctx.catalog))
    if table.partition_of is not None or ctx.memo(
        "own operator classes", lambda: _makes_classes(ctx.catalog)
    ):
        return
    for index in table.indexes:
        columns = [column.name for column in index.fact.columns if not column.opclass]
        method = index.fact.method
        for column in _refused(table, columns, method, asked):
            advice = _advice(asked.kinds.of(column.type), method)
            yield index.finding(_message(column, method, ctx.catalog), help=advice)
    for constraint in table.constraints:
        if constraint.kind in ("primary key", "unique") and not constraint.fact.without_overlaps:
            for column in _refused(table, constraint.columns, "btree", asked):
                advice = _advice(asked.kinds.of(column.type), "btree")
                yield constraint.finding(_message(column, "btree", ctx.catalog), help=advice)


class Asked:
    """Remembers which types a method indexes; most columns are of a few."""

    def __init__(self, catalog: Catalog) -> None:
        self.kinds = Kinds(catalog)
        self._known: dict[tuple[str, str, str, bool], bool | None] = {}

    def indexes(self, method: str, written: TypeName) -> bool | None:
        """Whether it does; None if that is not known."""
        key = method, written.schema, written.name, written.array
        if key not in self._known:
            self._known[key] = has_default_operator_class(self.kinds, method, self.kinds.of(written))
        return self._known[key]


def _refused(table: Table, columns: Sequence[str], method: str, asked: Asked) -> Iterator[Column]:
    """Columns that the method surely does not index."""
    installed = asked.kinds.catalog.extensions
    if method in PROVIDED_BY and (not installed or not installed.keys().isdisjoint(PROVIDED_BY[method])):
        return
    for name in columns:
        column = table.columns.get(name)
        if column is None or not column.type.name:
            continue
        if asked.indexes(method, column.type) is False:
            yield column


def _makes_classes(catalog: Catalog) -> bool:
    facts = (where.statement.fact for where in catalog.statements)
    return any(isinstance(fact, CreateOther) and fact.kind == "operator class" for fact in facts)


def _message(column: Column, method: str, catalog: Catalog) -> str:
    kind = spelled(catalog, column.type.name) + "[]" * column.type.array
    return f"PostgreSQL refuses it: {column.name} is {kind}, which has no default operator class for {method}"


def _advice(kind: Kind, method: str) -> str:
    if kind.name == "json" and not kind.array:
        return "make the column jsonb, or index a value in it, such as ((doc ->> 'key'))"
    if method == "gin" and kind.name in ("text", "varchar", "bpchar"):
        return "name an operator class, such as gin_trgm_ops of pg_trgm, or install btree_gin"
    if method in PROVIDED_BY and not kind.array:
        return f"use btree, or install btree_{method}"
    return "use another access method, or index an expression of another type"
