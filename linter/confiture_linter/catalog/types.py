"""How PostgreSQL writes types: `format_type` of the catalog, without a server."""

from confiture_linter.statements.facts import TypeName

DISPLAY = {
    "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
    "bool": "boolean", "varchar": "character varying", "bpchar": "character", "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone", "timetz": "time with time zone", "time": "time without time zone",
    "varbit": "bit varying", "decimal": "numeric",
}  # fmt: skip
"""pg_type.typname to the SQL spelling (format_type.c)."""

_INTERNAL = {spelling: name for name, spelling in DISPLAY.items()} | {
    "int": "int4",
    "integer": "int4",
    "char": "bpchar",
    "dec": "numeric",
    "decimal": "numeric",
    "numeric": "numeric",
    "float": "float8",
}

_TIMES = frozenset({"timestamp", "timestamptz", "time", "timetz"})


def canonical(name: str) -> str:
    """The pg_type name of a built-in type however it is spelt: `integer` → `int4`."""
    return _INTERNAL.get(name, name)


def format_type(schema: str, written: TypeName) -> str:
    """Spell a resolved type as PostgreSQL does with an empty search_path.

    `schema` is where the type was found; built-in types live in pg_catalog and are not qualified.
    """
    name = written.name
    if schema in ("", "pg_catalog"):
        # The keyword CHAR reaches us as bpchar: a type called char is the quoted one.
        text = _built_in(name if name == "char" else canonical(name), written.modifiers)
    else:
        text = f"{schema}.{name}"
        if written.modifiers:
            text += f"({','.join(written.modifiers)})"
    return text + "[]" if written.array else text


def format_bare(schema: str, written: TypeName) -> str:
    """Spell a type as format_type does where there can be no modifier: in the signature of a function."""
    written = written._replace(modifiers=())
    if schema in ("", "pg_catalog") and written.name in ("bpchar", "character"):
        return "character[]" if written.array else "character"
    return format_type(schema, written)


def _built_in(name: str, modifiers: tuple[str, ...]) -> str:
    text = DISPLAY.get(name, name)
    if name == "bpchar" and not modifiers:
        return "bpchar"
    if not modifiers:
        return '"char"' if name == "char" else text
    if name in _TIMES:
        head, _, tail = text.partition(" ")
        return f"{head}({_precision(modifiers[0])}) {tail}"
    if name == "interval":
        return _interval(modifiers)
    if name == "numeric" and len(modifiers) == 1:
        return f"numeric({modifiers[0]},0)"
    return f"{text}({','.join(modifiers)})"


_INTERVAL_FIELDS = {
    "4": "year", "2": "month", "8": "day", "1024": "hour", "2048": "minute", "4096": "second", "6": "year to month",
    "1032": "day to hour", "3080": "day to minute", "7176": "day to second", "3072": "hour to minute",
    "7168": "hour to second", "6144": "minute to second",
}  # fmt: skip


def _interval(modifiers: tuple[str, ...]) -> str:
    """`interval` with its field mask (first modifier) and precision (second)."""
    fields = _INTERVAL_FIELDS.get(modifiers[0], "")
    text = f"interval {fields}" if fields else "interval"
    return f"{text}({_precision(modifiers[1])})" if len(modifiers) > 1 else text


def _precision(digits: str) -> str:
    """Of fractions of a second no more than six digits are kept (timestamp.c, MAX_TIMESTAMP_PRECISION)."""
    return str(min(int(digits), 6)) if digits.isdigit() else digits
