"""Columns and table constraints of SQLAlchemy, as its PostgreSQL compiler writes them in CREATE TABLE.

After sqlalchemy/dialects/postgresql/base.py (PGDDLCompiler) and sqlalchemy/sql/compiler.py (DDLCompiler).
"""

from typing import Any, NamedTuple

from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.alembic_types import ColumnType, column_type
from confiture_linter.sources.embedded import Located
from confiture_linter.sources.python_calls import Arguments, decoded, expression, literal
from confiture_linter.sources.python_values import Opaque, Unresolved, Values


class Column(NamedTuple):
    """A column, and what comes with it."""

    name: str
    type: ColumnType
    default: str
    nullable: bool
    primary: bool
    serial: bool | None
    """`autoincrement`; None where it is left to SQLAlchemy."""
    rest: tuple[str, ...]
    """GENERATED, CHECK and the like, as they follow the type."""
    foreign: tuple[str, ...]
    """Foreign keys, without the word CONSTRAINT."""
    unique: bool
    indexed: bool
    comment: str


def is_call(values: Values, value: Any, *names: str) -> bool:
    """Whether a value is a call of one of these names."""
    return (
        isinstance(value, Opaque)
        and isinstance(value.node, values.cst.Call)
        and values.called(value.node) in names
    )


def column(values: Values, value: Any) -> Column:
    """Read `sa.Column(…)`."""
    if not is_call(values, value, "Column"):
        shown = f"`{values.source(value.node)}`" if isinstance(value, Opaque) else "a column"
        raise Unresolved(f"{shown} is only known when the migration runs")
    arguments = Arguments(values, value.node, value.scope)
    name = arguments.string("name", 0)
    items = arguments.rest(1)
    if "type_" in arguments.named:
        items.insert(0, arguments.get("type_"))
    foreign, rest = [], []
    kind = ColumnType("INTEGER", "SERIAL")
    for position, item in enumerate(items):
        if is_call(values, item, "ForeignKey"):
            foreign.append(_foreign(values, item, name))
        elif is_call(values, item, "Computed"):
            rest.append(f"GENERATED ALWAYS AS ({_raw(values, item, 'sqltext')}) STORED")
        elif is_call(values, item, "Identity"):
            always = Arguments(values, item.node, item.scope).flag("always")
            rest.append(f"GENERATED {'ALWAYS' if always else 'BY DEFAULT'} AS IDENTITY")
        elif is_call(values, item, "CheckConstraint"):
            rest.append(check(values, item))
        elif is_call(values, item, "Sequence", "FetchedValue", "DefaultClause"):
            continue
        elif position == 0:
            kind = column_type(values, item)
    if foreign and len(items) and is_call(values, items[0], "ForeignKey"):
        raise Unresolved(f"the type of column `{name}` comes from the column it refers to")
    default = ""
    if arguments.has("server_default"):
        default = server_default(values, arguments.get("server_default"))
    primary = bool(arguments.flag("primary_key"))
    if kind.check:
        rest.append(f"CHECK ({quote_identifier(name)} IN ({', '.join(map(literal, kind.check))}))")
    serial = arguments.get("autoincrement")
    return Column(
        name,
        kind,
        default,
        bool(arguments.flag("nullable", default=not primary)),
        primary,
        serial if isinstance(serial, bool) else None,
        tuple(rest),
        tuple(foreign),
        bool(arguments.flag("unique")),
        bool(arguments.flag("index")),
        arguments.string("comment"),
    )


def column_sql(col: Column, *, serial: bool = False) -> str:
    """Write one column as it stands in CREATE TABLE and ADD COLUMN."""
    words = [quote_identifier(col.name), col.type.integer if serial else col.type.sql]
    if col.default:
        words.append(f"DEFAULT {col.default}")
    words.extend(part for part in col.rest if part.startswith("GENERATED"))
    if not col.nullable:
        words.append("NOT NULL")
    words.extend(part for part in col.rest if not part.startswith("GENERATED"))
    return " ".join(words)


def numbers_itself(columns: list[Column], keys: list[str]) -> str:
    """The column that becomes a serial: an integer that alone is the key, or one that asks for it."""
    for col in columns:
        if col.name not in keys or not col.type.integer or col.default or col.serial is False:
            continue
        if any(part.startswith("GENERATED") for part in col.rest):
            continue
        if col.serial is True or (len(keys) == 1 and not col.foreign):
            return col.name
    return ""


def server_default(values: Values, value: Any) -> str:
    """Write a default; empty where there is none."""
    if value is None or value is False:
        return ""
    if is_call(values, value, "FetchedValue", "Identity", "Computed"):
        return ""
    if is_call(values, value, "DefaultClause"):
        return server_default(values, Arguments(values, value.node, value.scope).get("arg", 0))
    if isinstance(value, bool | int | float):
        raise Unresolved("a default is neither text nor an expression")
    return expression(values, value)


def constraint(values: Values, value: Any) -> str | None:
    """Write a table constraint; None if the value is none."""
    if is_call(values, value, "PrimaryKeyConstraint"):
        return _keyed(values, value, "PRIMARY KEY")
    if is_call(values, value, "UniqueConstraint"):
        return _keyed(values, value, "UNIQUE")
    if is_call(values, value, "ForeignKeyConstraint"):
        arguments = Arguments(values, value.node, value.scope)
        local, remote = arguments.names("columns", 0), arguments.names("refcolumns", 1)
        parts = [part.rsplit(".", 1) for part in remote]
        if not parts or any(len(part) < 2 for part in parts):
            raise Unresolved("a foreign key does not name its columns")
        return named(arguments.string("name")) + foreign_key(
            local, dotted(parts[0][0]), [part[-1] for part in parts], arguments
        )
    if is_call(values, value, "CheckConstraint"):
        return check(values, value)
    if is_call(values, value, "ExcludeConstraint"):
        arguments = Arguments(values, value.node, value.scope)
        return named(arguments.string("name")) + exclusion(values, arguments, arguments.rest(0))
    return None


def constraint_columns(values: Values, value: Any) -> list[str]:
    """The columns of a primary key."""
    arguments = Arguments(values, value.node, value.scope)
    return [decoded(item) for item in arguments.rest(0) if isinstance(item, Located)]


def _keyed(values: Values, value: Opaque, words: str) -> str:
    arguments = Arguments(values, value.node, value.scope)
    columns = [decoded(item) for item in arguments.rest(0) if isinstance(item, Located)]
    if len(columns) != len(arguments.plain):
        raise Unresolved("the columns of a constraint are only known when the migration runs")
    return named(arguments.string("name")) + words + listed(columns) + deferral(arguments)


def check(values: Values, value: Opaque) -> str:
    """Write a CHECK constraint."""
    arguments = Arguments(values, value.node, value.scope)
    return f"{named(arguments.string('name', 1))}CHECK ({_raw(values, value, 'sqltext')})"


def _raw(values: Values, value: Opaque, name: str) -> str:
    arguments = Arguments(values, value.node, value.scope)
    return condition(values, arguments.get(name, 0))


def condition(values: Values, value: Any) -> str:
    """A condition: plain text is SQL here."""
    return decoded(value) if isinstance(value, Located) else expression(values, value, names=True)


def exclusion(values: Values, arguments: Arguments, elements: list[Any]) -> str:
    """Write EXCLUDE."""
    parts = []
    for element in elements:
        if not isinstance(element, list) or len(element) != 2:
            raise Unresolved("an exclusion constraint is only known when the migration runs")
        parts.append(f"{expression(values, element[0], names=True)} WITH {decoded(element[1])}")
    where = arguments.get("where")
    clause = f" WHERE ({condition(values, where)})" if where is not None else ""
    return f"EXCLUDE USING {arguments.string('using') or 'gist'} ({', '.join(parts)}){clause}"


def _foreign(values: Values, value: Any, name: str) -> str:
    arguments = Arguments(values, value.node, value.scope)
    target = arguments.string("column", 0)
    table, _, referred = target.rpartition(".")
    if not table:
        table, referred = target, ""
    return named(arguments.string("name")) + foreign_key(
        [name], dotted(table), [referred] if referred else [], arguments
    )


def foreign_key(local: list[str], table: str, remote: list[str], arguments: Arguments) -> str:
    """Write FOREIGN KEY … REFERENCES."""
    text = f"FOREIGN KEY{listed(local)} REFERENCES {table}{listed(remote) if remote else ''}"
    if match := arguments.string("match"):
        text += f" MATCH {match}"
    for key, word in (("ondelete", "DELETE"), ("onupdate", "UPDATE")):
        if action := arguments.string(key):
            text += f" ON {word} {action}"
    text += deferral(arguments)
    return text + (" NOT VALID" if arguments.flag("postgresql_not_valid") else "")


def deferral(arguments: Arguments) -> str:
    """DEFERRABLE and INITIALLY."""
    deferrable, initially = arguments.get("deferrable"), arguments.string("initially")
    text = "" if deferrable is None else " DEFERRABLE" if deferrable is True else " NOT DEFERRABLE"
    return text + (f" INITIALLY {initially}" if initially else "")


def named(name: str) -> str:
    """CONSTRAINT and its name; nothing for one that PostgreSQL names."""
    return f"CONSTRAINT {quote_identifier(name)} " if name else ""


def listed(names: list[str]) -> str:
    """A list of columns."""
    return f" ({', '.join(map(quote_identifier, names))})"


def dotted(name: str) -> str:
    """A relation that is given as `schema.table`."""
    return ".".join(quote_identifier(part) for part in name.split("."))
