"""Fields of Django models as the columns that its schema editor makes on PostgreSQL.

After django/db/backends/postgresql/base.py (`data_types`) and django/db/backends/base/schema.py.
"""

from typing import Any, NamedTuple

from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.django_names import RELATIONS, DjangoNames
from confiture_linter.sources.embedded import Located
from confiture_linter.sources.python_calls import Arguments, decoded, expression, literal
from confiture_linter.sources.python_values import Opaque, Unresolved, Values


class Field(NamedTuple):
    """One field as a column; `many` is a relation that has a table of its own."""

    column: str
    type: str
    nullable: bool
    primary: bool
    unique: bool
    indexed: bool
    check: str
    default: str
    """What Django puts in for rows that are there; empty for none."""
    db_default: str
    target: str
    """Table and column that it refers to, as SQL; empty for none."""
    many: str
    """Table that a ManyToManyField refers to; empty for other fields."""
    remark: str


_TYPES = {
    "AutoField": "integer", "BigAutoField": "bigint", "SmallAutoField": "smallint", "TextField": "text",
    "IntegerField": "integer", "BigIntegerField": "bigint", "SmallIntegerField": "smallint",
    "PositiveIntegerField": "integer", "PositiveBigIntegerField": "bigint", "PositiveSmallIntegerField": "smallint",
    "BooleanField": "boolean", "NullBooleanField": "boolean", "DateField": "date",
    "DateTimeField": "timestamp with time zone", "TimeField": "time", "FloatField": "double precision",
    "UUIDField": "uuid", "JSONField": "jsonb", "BinaryField": "bytea", "DurationField": "interval",
    "GenericIPAddressField": "inet", "IPAddressField": "inet", "HStoreField": "hstore", "CITextField": "citext",
    "CICharField": "citext", "CIEmailField": "citext", "SearchVectorField": "tsvector",
    "IntegerRangeField": "int4range", "BigIntegerRangeField": "int8range", "DecimalRangeField": "numrange",
    "DateTimeRangeField": "tstzrange", "DateRangeField": "daterange",
}  # fmt: skip
_LENGTHS: dict[str, int | None] = {
    "CharField": None, "EmailField": 254, "SlugField": 50, "URLField": 200, "FileField": 100, "ImageField": 100,
    "FilePathField": 100,
}  # fmt: skip
_SHAPES = {
    "GeometryField": "GEOMETRY", "PointField": "POINT", "LineStringField": "LINESTRING", "PolygonField": "POLYGON",
    "MultiPointField": "MULTIPOINT", "MultiLineStringField": "MULTILINESTRING", "MultiPolygonField": "MULTIPOLYGON",
    "GeometryCollectionField": "GEOMETRYCOLLECTION",
}  # fmt: skip
_TEXTUAL = frozenset((*_LENGTHS, "TextField"))


def field_of(values: Values, name: str, value: Any, app: str, names: DjangoNames, model: str = "") -> Field:
    """Read one field of a model."""
    if not isinstance(value, Opaque) or not isinstance(value.node, values.cst.Call):
        raise Unresolved(f"the field `{name}` is only known when the migration runs")
    kind = values.called(value.node)
    arguments = Arguments(values, value.node, value.scope)
    primary = bool(arguments.flag("primary_key"))
    nullable = bool(arguments.flag("null")) or kind == "NullBooleanField"
    column = arguments.string("db_column") or (f"{name}_id" if kind in RELATIONS else name)
    target = many = remark = ""
    written = ""
    if kind in RELATIONS:
        target, written, remark = _target(values, arguments, (app, model), names)
    elif kind == "ManyToManyField":
        if not arguments.has("through"):
            many, written, remark = _target(values, arguments, (app, model), names)
            many = many or "?"
    else:
        written, known = _type(values, kind, arguments, app, names)
        if not known:
            remark = f"the type of field `{name}` (`{kind}`) is not known and read as text"
    unique = bool(arguments.flag("unique")) or kind == "OneToOneField"
    indexed = bool(arguments.flag("db_index", default=kind in ("ForeignKey", "SlugField"))) and not unique
    return Field(
        column,
        written,
        nullable,
        primary,
        unique and not primary,
        indexed and not primary,
        f"{quote_identifier(column)} >= 0" if kind.startswith("Positive") else "",
        _default(values, kind, arguments, nullable=nullable),
        _database_default(values, arguments),
        target if arguments.flag("db_constraint", default=True) else "",
        many,
        remark,
    )


def column_sql(field: Field, *, default: str = "") -> str:
    """Write the column as it stands in CREATE TABLE and ADD COLUMN."""
    words = [quote_identifier(field.column), field.type]
    if default or field.db_default:
        words.append(f"DEFAULT {field.db_default or default}")
    words.append("NULL" if field.nullable and not field.primary else "NOT NULL")
    if field.primary:
        words.append("PRIMARY KEY")
    elif field.unique:
        words.append("UNIQUE")
    if field.check:
        words.append(f"CHECK ({field.check})")
    return " ".join(words)


def _type(values: Values, kind: str, arguments: Arguments, app: str, names: DjangoNames) -> tuple[str, bool]:
    if kind.endswith("AutoField") and kind in _TYPES:
        return f"{_TYPES[kind]} GENERATED BY DEFAULT AS IDENTITY", True
    if kind in _TYPES:
        return _TYPES[kind], True
    if kind in _LENGTHS:
        length = arguments.get("max_length", default=_LENGTHS[kind])
        return (f"varchar({length})" if isinstance(length, int) else "varchar"), True
    if kind == "DecimalField":
        return f"numeric({arguments.get('max_digits')}, {arguments.get('decimal_places')})", True
    if kind in _SHAPES:
        return f"geometry({_SHAPES[kind]},{arguments.get('srid', default=4326)})", True
    if kind == "ArrayField":
        inner = field_of(values, "item", arguments.get("base_field", 0), app, names)
        return f"{inner.type}[]", not inner.remark
    return "text", False


def _target(
    values: Values, arguments: Arguments, own: tuple[str, str], names: DjangoNames
) -> tuple[str, str, str]:
    """The table and column that a relation refers to, its type, and a remark if the tree does not know it."""
    value = arguments.get("to", 0)
    shown = decoded(value) if isinstance(value, Located) else ""
    model: tuple[str, str] | None = None
    if isinstance(value, Opaque):
        shown = values.source(value.node)
        model = names.swapped.get(shown.rpartition(".")[2])
    elif shown == "self":
        model = (own[0], own[1].lower())
    elif shown:
        label, _, name = shown.rpartition(".")
        model = (label or own[0], name.lower())
    if model is None or model not in names.tables:
        return "", "bigint", f"a foreign key to `{shown}`, whose table no file here creates"
    key = names.key(*model)
    column = arguments.string("to_field") or key.column
    return f"{quote_identifier(names.tables[model])} ({quote_identifier(column)})", key.type, ""


def _default(values: Values, kind: str, arguments: Arguments, *, nullable: bool) -> str:
    """What Django puts into rows that are there (`BaseDatabaseSchemaEditor.effective_default`)."""
    if not arguments.has("default"):
        return "''" if arguments.flag("blank") and kind in _TEXTUAL and not nullable else ""
    try:
        value = arguments.get("default")
        if isinstance(value, list | dict):
            return "'[]'" if isinstance(value, list) else "'{}'"
        return "" if value is None else expression(values, value)
    except Unresolved:
        # Called once by Python, whose answer is a constant to PostgreSQL.
        return {"JSONField": "'{}'", "ArrayField": "'{}'"}.get(kind, literal(""))


def _database_default(values: Values, arguments: Arguments) -> str:
    if not arguments.has("db_default"):
        return ""
    value = arguments.get("db_default")
    if isinstance(value, Opaque) and isinstance(value.node, values.cst.Call):
        called = values.called(value.node)
        if called == "Now":
            return "STATEMENT_TIMESTAMP()"
    return expression(values, value)
