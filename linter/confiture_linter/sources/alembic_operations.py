"""Alembic's operations as the SQL that they run on PostgreSQL.

After alembic/operations/toimpl.py, alembic/ddl/impl.py and alembic/ddl/postgresql.py. Only what is literal in the file
is translated; everything else raises `Unresolved` with the reason.
"""

from collections.abc import Callable, Mapping

from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.alembic_columns import (
    Column,
    column,
    column_sql,
    condition,
    constraint,
    constraint_columns,
    deferral,
    exclusion,
    foreign_key,
    is_call,
    listed,
    named,
    numbers_itself,
    server_default,
)
from confiture_linter.sources.alembic_types import column_type
from confiture_linter.sources.embedded import Located
from confiture_linter.sources.python_calls import Arguments, decoded, expression, literal
from confiture_linter.sources.python_values import Opaque, Unresolved, Values


class Translated:
    """The SQL of one operation, and what could not be told."""

    def __init__(self, values: Values, arguments: Arguments) -> None:
        self.values = values
        self.arguments = arguments
        self.statements: list[str] = []
        self.remarks: list[str] = []

    def add(self, statement: str) -> None:
        """Keep one more statement."""
        self.statements.append(statement)


def translate(values: Values, name: str, arguments: Arguments) -> Translated | None:
    """Translate one operation; None for a method that runs no SQL."""
    if name in _SILENT:
        return None
    result = Translated(values, arguments)
    handler = _OPERATIONS.get(name)
    if handler is None:
        raise Unresolved(f"the operation `{name}` is not one of Alembic's")
    handler(result)
    return result


_SILENT = frozenset(
    (
        "f",
        "get_bind",
        "get_context",
        "inline_literal",
        "implementation_for",
        "register_operation",
        "configure",
    )
)


def _columns(result: Translated, items: list[Column], table: str) -> None:
    """What a new column brings besides itself: remarks on its type, comment, index."""
    for item in items:
        if not item.type.known:
            result.remarks.append(f"the type of column `{item.name}` is not known and read as text")
        if item.indexed:
            bare = table.rpartition(".")[2].strip('"')
            unique = "UNIQUE " if item.unique else ""
            result.add(
                f"CREATE {unique}INDEX {quote_identifier(f'ix_{bare}_{item.name}')} ON {table}{listed([item.name])}"
            )
        if item.comment:
            result.add(f"COMMENT ON COLUMN {table}.{quote_identifier(item.name)} IS {literal(item.comment)}")


def _create_table(result: Translated) -> None:
    values, arguments = result.values, result.arguments
    table = arguments.relation("table_name", 0)
    columns: list[Column] = []
    constraints: list[str] = []
    keys: list[str] = []
    indexes: list[str] = []
    for item in arguments.rest(1):
        if is_call(values, item, "Index"):
            indexes.append(_index(values, Arguments(values, item.node, item.scope), table, separate=True))
            continue
        written = constraint(values, item)
        if written is None:
            columns.append(column(values, item))
            continue
        if is_call(values, item, "PrimaryKeyConstraint"):
            keys = constraint_columns(values, item)
        constraints.append(written)
    marked = [item.name for item in columns if item.primary]
    if marked and not keys:
        keys = marked
        constraints.insert(0, f"PRIMARY KEY{listed(marked)}")
    serial = numbers_itself(columns, keys)
    for enum in dict.fromkeys(item.type.enum for item in columns if item.type.enum):
        result.add(enum)
    lines = [
        column_sql(
            item._replace(nullable=item.nullable and item.name not in keys), serial=item.name == serial
        )
        for item in columns
    ]
    lines += constraints
    for item in columns:
        lines += item.foreign
        if item.unique and not item.indexed:
            lines.append(f"UNIQUE{listed([item.name])}")
    prefixes = (
        "".join(f"{word} " for word in arguments.names("prefixes")) if arguments.has("prefixes") else ""
    )
    exists = "IF NOT EXISTS " if arguments.flag("if_not_exists") else ""
    by = arguments.string("postgresql_partition_by")
    tail = f" PARTITION BY {by}" if by else ""
    result.add(f"CREATE {prefixes}TABLE {exists}{table} ({', '.join(lines)}){tail}")
    if comment := arguments.string("comment"):
        result.add(f"COMMENT ON TABLE {table} IS {literal(comment)}")
    for statement in indexes:
        result.add(statement)
    _columns(result, columns, table)


def _add_column(result: Translated) -> None:
    values, arguments = result.values, result.arguments
    table = arguments.relation("table_name", 0)
    item = column(values, arguments.get("column", 1))
    exists = "IF NOT EXISTS " if arguments.flag("if_not_exists") else ""
    serial = numbers_itself([item], [item.name]) if item.primary else ""
    words = column_sql(item, serial=bool(serial)) + (" PRIMARY KEY" if item.primary else "")
    result.add(f"ALTER TABLE {table} ADD COLUMN {exists}{words}")
    for key in item.foreign:
        result.add(f"ALTER TABLE {table} ADD {key}")
    if item.unique and not item.indexed:
        result.add(f"ALTER TABLE {table} ADD UNIQUE{listed([item.name])}")
    _columns(result, [item], table)


def _drop_column(result: Translated) -> None:
    arguments = result.arguments
    exists = "IF EXISTS " if arguments.flag("if_exists") else ""
    table = arguments.relation("table_name", 0)
    result.add(
        f"ALTER TABLE {table} DROP COLUMN {exists}{quote_identifier(arguments.string('column_name', 1))}"
    )


def _alter_column(result: Translated) -> None:
    values, arguments = result.values, result.arguments
    table = arguments.relation("table_name", 0)
    name = arguments.string("column_name", 1)
    column_name = quote_identifier(name)
    change = f"ALTER TABLE {table} ALTER COLUMN {column_name}"
    if (kind := arguments.get("type_")) is not None:
        written = column_type(values, kind)
        if not written.known:
            result.remarks.append(f"the type of column `{name}` is not known and read as text")
        using = arguments.string("postgresql_using")
        result.add(f"{change} TYPE {written.sql}{f' USING {using}' if using else ''}")
    if (nullable := arguments.flag("nullable", default=None)) is not None:
        result.add(f"{change} {'DROP' if nullable else 'SET'} NOT NULL")
    if arguments.has("server_default") and arguments.get("server_default") is not False:
        default = arguments.get("server_default")
        if is_call(values, default, "Identity"):
            always = Arguments(values, default.node, default.scope).flag("always")
            result.add(f"{change} ADD GENERATED {'ALWAYS' if always else 'BY DEFAULT'} AS IDENTITY")
        else:
            written_default = server_default(values, default)
            result.add(
                f"{change} SET DEFAULT {written_default}" if written_default else f"{change} DROP DEFAULT"
            )
    if renamed := arguments.string("new_column_name"):
        result.add(f"ALTER TABLE {table} RENAME {column_name} TO {quote_identifier(renamed)}")
        column_name = quote_identifier(renamed)
    if arguments.has("comment") and arguments.get("comment") is not False:
        comment = arguments.string("comment")
        result.add(f"COMMENT ON COLUMN {table}.{column_name} IS {literal(comment) if comment else 'NULL'}")


def _create_index(result: Translated) -> None:
    table = result.arguments.relation("table_name", 1)
    result.add(_index(result.values, result.arguments, table))


def _index(values: Values, arguments: Arguments, table: str, *, separate: bool = False) -> str:
    """CREATE INDEX; with `separate` the columns are arguments of their own, as of `sa.Index`."""
    elements = arguments.rest(1) if separate else arguments.get("columns", 2)
    if not isinstance(elements, list):
        raise Unresolved("the columns of an index are only known when the migration runs")
    classes = arguments.get("postgresql_ops") or {}
    parts = []
    for element in elements:
        written = expression(values, element, names=True)
        if written.startswith("CAST("):
            written = f"({written})"
        key = decoded(element) if isinstance(element, Located) else written
        operators = classes.get(key) if isinstance(classes, dict) else None
        parts.append(f"{written} {decoded(operators)}" if isinstance(operators, Located) else written)
    text = "CREATE UNIQUE INDEX " if arguments.flag("unique") else "CREATE INDEX "
    text += "CONCURRENTLY " if arguments.flag("postgresql_concurrently") else ""
    text += "IF NOT EXISTS " if arguments.flag("if_not_exists") else ""
    name = arguments.string("index_name", 0) or arguments.string("name")
    text += f"{quote_identifier(name)} ON {table}" if name else f"ON {table}"
    if using := arguments.string("postgresql_using"):
        text += f" USING {using}"
    text += f" ({', '.join(parts)})"
    if arguments.has("postgresql_include"):
        text += f" INCLUDE{listed(arguments.names('postgresql_include'))}"
    if arguments.flag("postgresql_nulls_not_distinct"):
        text += " NULLS NOT DISTINCT"
    where = arguments.get("postgresql_where")
    if where is not None:
        text += f" WHERE {condition(values, where)}"
    return text


def _drop_index(result: Translated) -> None:
    arguments = result.arguments
    text = "DROP INDEX " + ("CONCURRENTLY " if arguments.flag("postgresql_concurrently") else "")
    text += "IF EXISTS " if arguments.flag("if_exists") else ""
    result.add(text + arguments.relation("index_name", 0))


def _create_foreign_key(result: Translated) -> None:
    arguments = result.arguments
    source = arguments.relation("source_table", 1, "source_schema")
    target = arguments.relation("referent_table", 2, "referent_schema")
    key = foreign_key(arguments.names("local_cols", 3), target, arguments.names("remote_cols", 4), arguments)
    result.add(f"ALTER TABLE {source} ADD {named(arguments.string('constraint_name', 0))}{key}")


def _create_unique_constraint(result: Translated) -> None:
    arguments = result.arguments
    table = arguments.relation("table_name", 1)
    distinct = " NULLS NOT DISTINCT" if arguments.flag("postgresql_nulls_not_distinct") else ""
    words = f"UNIQUE{distinct}{listed(arguments.names('columns', 2))}{deferral(arguments)}"
    result.add(f"ALTER TABLE {table} ADD {named(arguments.string('constraint_name', 0))}{words}")


def _create_primary_key(result: Translated) -> None:
    arguments = result.arguments
    table = arguments.relation("table_name", 1)
    words = f"PRIMARY KEY{listed(arguments.names('columns', 2))}"
    result.add(f"ALTER TABLE {table} ADD {named(arguments.string('constraint_name', 0))}{words}")


def _create_check_constraint(result: Translated) -> None:
    arguments = result.arguments
    table = arguments.relation("table_name", 1)
    words = f"CHECK ({condition(result.values, arguments.get('condition', 2))})"
    if arguments.flag("postgresql_not_valid"):
        words += " NOT VALID"
    result.add(f"ALTER TABLE {table} ADD {named(arguments.string('constraint_name', 0))}{words}")


def _create_exclude_constraint(result: Translated) -> None:
    arguments = result.arguments
    table = arguments.relation("table_name", 1)
    words = exclusion(result.values, arguments, arguments.rest(2))
    result.add(f"ALTER TABLE {table} ADD {named(arguments.string('constraint_name', 0))}{words}")


def _drop_constraint(result: Translated) -> None:
    arguments = result.arguments
    table = arguments.relation("table_name", 1)
    exists = "IF EXISTS " if arguments.flag("if_exists") else ""
    name = arguments.string("constraint_name", 0)
    if not name:
        raise Unresolved("the constraint has no name")
    result.add(f"ALTER TABLE {table} DROP CONSTRAINT {exists}{quote_identifier(name)}")


def _drop_table(result: Translated) -> None:
    exists = "IF EXISTS " if result.arguments.flag("if_exists") else ""
    result.add(f"DROP TABLE {exists}{result.arguments.relation('table_name', 0)}")


def _rename_table(result: Translated) -> None:
    arguments = result.arguments
    new = quote_identifier(arguments.string("new_table_name", 1))
    result.add(f"ALTER TABLE {arguments.relation('old_table_name', 0)} RENAME TO {new}")


def _create_table_comment(result: Translated) -> None:
    arguments = result.arguments
    table, comment = arguments.relation("table_name", 0), arguments.string("comment", 1)
    result.add(f"COMMENT ON TABLE {table} IS {literal(comment)}")


def _drop_table_comment(result: Translated) -> None:
    result.add(f"COMMENT ON TABLE {result.arguments.relation('table_name', 0)} IS NULL")


def _bulk_insert(result: Translated) -> None:
    values, arguments = result.values, result.arguments
    table, rows = arguments.get("table", 0), arguments.get("rows", 1)
    if not is_call(values, table, "table", "Table") or not isinstance(table, Opaque):
        raise Unresolved("the table of a bulk insert is only known when the migration runs")
    target = Arguments(values, table.node, table.scope).relation("name", 0)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Unresolved("the rows of a bulk insert are only known when the migration runs")
    names = list(rows[0])
    written = []
    for row in rows:
        if list(row) != names:
            raise Unresolved("the rows of a bulk insert differ in their columns")
        written.append(f"({', '.join(expression(values, row[name]) for name in names)})")
    result.add(
        " ".join(("INSERT INTO", target, listed([str(name) for name in names]), "VALUES", ", ".join(written)))
    )


_OPERATIONS: Mapping[str, Callable[[Translated], None]] = {
    "add_column": _add_column,
    "alter_column": _alter_column,
    "bulk_insert": _bulk_insert,
    "create_check_constraint": _create_check_constraint,
    "create_exclude_constraint": _create_exclude_constraint,
    "create_foreign_key": _create_foreign_key,
    "create_index": _create_index,
    "create_primary_key": _create_primary_key,
    "create_table": _create_table,
    "create_table_comment": _create_table_comment,
    "create_unique_constraint": _create_unique_constraint,
    "drop_column": _drop_column,
    "drop_constraint": _drop_constraint,
    "drop_index": _drop_index,
    "drop_table": _drop_table,
    "drop_table_comment": _drop_table_comment,
    "rename_table": _rename_table,
}
IN_BATCH = {
    "add_column": 0,
    "alter_column": 0,
    "create_check_constraint": 1,
    "create_exclude_constraint": 1,
    "create_foreign_key": 1,
    "create_index": 1,
    "create_primary_key": 1,
    "create_unique_constraint": 1,
    "drop_column": 0,
    "drop_constraint": 1,
    "drop_index": 1,
}
"""Position of the table that a batch operation leaves out."""
