"""SQLAlchemy's types as its PostgreSQL dialect writes them (sqlalchemy/dialects/postgresql/base.py, PGTypeCompiler)."""

from typing import Any, NamedTuple

from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.python_calls import Arguments, literal
from confiture_linter.sources.python_values import Opaque, Unresolved, Values


class ColumnType(NamedTuple):
    """A type in SQL, and the enumeration that must exist for it."""

    sql: str
    integer: str = ""
    """`SERIAL`, `BIGSERIAL` or `SMALLSERIAL` for an integer that may number rows itself."""
    enum: str = ""
    """The CREATE TYPE statement that comes with a table that uses it."""
    check: tuple[str, ...] = ()
    """Values of an enumeration that is no type of its own."""
    known: bool = True


_FIXED = {
    "text": "TEXT", "unicodetext": "TEXT", "clob": "TEXT", "date": "DATE", "json": "JSON", "jsonb": "JSONB",
    "boolean": "BOOLEAN", "bool": "BOOLEAN", "largebinary": "BYTEA", "bytea": "BYTEA", "blob": "BYTEA",
    "binary": "BYTEA", "varbinary": "BYTEA", "pickletype": "BYTEA", "uuid": "UUID", "uuidtype": "UUID", "guid": "UUID",
    "inet": "INET", "cidr": "CIDR", "macaddr": "MACADDR", "macaddr8": "MACADDR8", "hstore": "HSTORE",
    "tsvector": "TSVECTOR", "tsquery": "TSQUERY", "oid": "OID", "regclass": "REGCLASS", "regconfig": "REGCONFIG",
    "money": "MONEY", "citext": "CITEXT", "real": "REAL", "double": "DOUBLE PRECISION",
    "double_precision": "DOUBLE PRECISION", "int4range": "INT4RANGE", "int8range": "INT8RANGE", "numrange": "NUMRANGE",
    "daterange": "DATERANGE", "tsrange": "TSRANGE", "tstzrange": "TSTZRANGE", "xml": "XML", "ltree": "LTREE",
    "jsonpath": "JSONPATH",
}  # fmt: skip
_INTEGERS = {
    "integer": ("INTEGER", "SERIAL"),
    "int": ("INTEGER", "SERIAL"),
    "biginteger": ("BIGINT", "BIGSERIAL"),
    "bigint": ("BIGINT", "BIGSERIAL"),
    "smallinteger": ("SMALLINT", "SMALLSERIAL"),
    "smallint": ("SMALLINT", "SMALLSERIAL"),
}
_LENGTHS = {
    "string": "VARCHAR", "varchar": "VARCHAR", "unicode": "VARCHAR", "nvarchar": "VARCHAR", "char": "CHAR",
    "nchar": "CHAR", "bit": "BIT", "vector": "VECTOR", "halfvec": "HALFVEC",
}  # fmt: skip


def column_type(values: Values, value: Any) -> ColumnType:
    """Write a type; what is not known is read as text, and says so."""
    if not isinstance(value, Opaque):
        raise Unresolved("the type of a column is only known when the migration runs")
    node: Any = value.node
    if not isinstance(node, values.cst.Call):
        word = node.attr.value if isinstance(node, values.cst.Attribute) else getattr(node, "value", "")
        return _plain(str(word).lower()) or ColumnType("text", known=False)
    name = values.called(node).lower()
    arguments = Arguments(values, node, value.scope)
    if name == "with_variant":
        variant = arguments.string("dialect_name", 1)
        chosen = arguments.get("type_", 0)
        return column_type(
            values, chosen if variant == "postgresql" else values.value(node.func.value, value.scope)
        )
    if name in _LENGTHS:
        length = arguments.get("length", 0)
        varying = " VARYING" if name == "bit" and arguments.flag("varying") else ""
        return ColumnType(
            f"{_LENGTHS[name]}{varying}({length})" if isinstance(length, int) else _LENGTHS[name] + varying
        )
    if name in ("datetime", "timestamp", "time"):
        return ColumnType(_moment(name, arguments))
    if name in ("numeric", "decimal"):
        precision, scale = arguments.get("precision", 0), arguments.get("scale", 1)
        if precision is None:
            return ColumnType("NUMERIC")
        return ColumnType(f"NUMERIC({precision})" if scale is None else f"NUMERIC({precision}, {scale})")
    if name == "float":
        precision = arguments.get("precision", 0)
        return ColumnType(f"FLOAT({precision})" if isinstance(precision, int) else "FLOAT")
    if name == "interval":
        return ColumnType("INTERVAL")
    if name == "array":
        item = column_type(values, arguments.get("item_type", 0))
        return item._replace(sql=item.sql + "[]" * (arguments.get("dimensions") or 1), integer="")
    if name == "enum":
        return _enum(values, arguments)
    if name in ("geometry", "geography"):
        shape, srid = arguments.string("geometry_type", 0), arguments.get("srid", 1, -1)
        return ColumnType(f"{name}({shape or 'GEOMETRY'},{srid})")
    return _plain(name) or ColumnType("text", known=False)


def _plain(name: str) -> ColumnType | None:
    if name in _FIXED:
        return ColumnType(_FIXED[name])
    if name in _INTEGERS:
        return ColumnType(*_INTEGERS[name])
    if name in _LENGTHS:
        return ColumnType(_LENGTHS[name])
    if name in ("datetime", "timestamp", "time"):
        return ColumnType(f"{'TIME' if name == 'time' else 'TIMESTAMP'} WITHOUT TIME ZONE")
    return {
        "numeric": ColumnType("NUMERIC"),
        "decimal": ColumnType("NUMERIC"),
        "float": ColumnType("FLOAT"),
        "interval": ColumnType("INTERVAL"),
    }.get(name)


def _moment(name: str, arguments: Arguments) -> str:
    zone = arguments.get("timezone", 0, default=False)
    precision = arguments.get("precision")
    digits = f"({precision})" if isinstance(precision, int) and not isinstance(precision, bool) else ""
    return f"{'TIME' if name == 'time' else 'TIMESTAMP'}{digits} {'WITH' if zone is True else 'WITHOUT'} TIME ZONE"


def _enum(values: Values, arguments: Arguments) -> ColumnType:
    name = arguments.string("name")
    native = arguments.flag("native_enum", default=True)
    labels = arguments.rest(0)
    if len(labels) == 1 and isinstance(labels[0], list):
        labels = labels[0]
    texts = [label.text.decode("utf-8", "replace") for label in labels if hasattr(label, "text")]
    complete = len(texts) == len(labels)
    if not native:
        length = arguments.get("length") or max(map(len, texts), default=0)
        checked = tuple(texts) if arguments.flag("create_constraint") and complete else ()
        return ColumnType(f"VARCHAR({length})" if complete else "VARCHAR", check=checked)
    if not name:
        raise Unresolved("the name of an enumeration is only known when the migration runs")
    schema = arguments.string("schema")
    full = f"{quote_identifier(schema)}.{quote_identifier(name)}" if schema else quote_identifier(name)
    if arguments.flag("create_type", default=True) is False:
        return ColumnType(full)
    if not complete:
        return ColumnType(full, enum=f"CREATE TYPE {full} AS ENUM ()", known=False)
    return ColumnType(full, enum=f"CREATE TYPE {full} AS ENUM ({', '.join(map(literal, texts))})")


def enum_statements(values: Values, value: Any, method: str) -> list[str] | None:
    """What `enum.create(bind)` and `enum.drop(bind)` run; None if the value is no enumeration."""
    if not isinstance(value, Opaque) or not isinstance(value.node, values.cst.Call):
        return None
    if values.called(value.node).lower() != "enum":
        return None
    arguments = Arguments(values, value.node, value.scope)
    schema, name = arguments.string("schema"), arguments.string("name")
    if not name:
        raise Unresolved("the name of an enumeration is only known when the migration runs")
    full = f"{quote_identifier(schema)}.{quote_identifier(name)}" if schema else quote_identifier(name)
    if method == "drop":
        return [f"DROP TYPE {full}"]
    labels = arguments.rest(0)
    if not all(hasattr(label, "text") for label in labels):
        raise Unresolved("the labels of an enumeration are only known when the migration runs")
    return [f"CREATE TYPE {full} AS ENUM ({', '.join(literal(label.text.decode()) for label in labels)})"]
