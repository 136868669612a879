"""Types of columns, as far as strategies tell them apart."""

import re
from typing import NamedTuple

_SIZED = re.compile(
    r"(?P<name>[^(]+?)(?:\((?P<size>\d+)(?:,(?P<scale>-?\d+))?\))?(?P<rest> with(?:out)? time zone)?\Z"
)
_TEXTS = frozenset({"text", "character varying", "character", "citext", "name"})
_INTEGERS = {"smallint": 15, "integer": 31, "bigint": 63}
_FLOATS = frozenset({"real", "double precision"})
_DATES = {
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
}


class ColumnType(NamedTuple):
    """The type of a column below its domains."""

    kind: str
    """text, uuid, integer, numeric, float, boolean, date, timestamp, timestamptz, json, jsonb, bytea, enum, composite, other."""
    name: str
    """As `format_type` writes it."""
    size: int | None = None
    """Characters of a text, digits of a numeric, bits of a positive integer."""
    scale: int | None = None
    """Decimals of a numeric; None: any number."""
    array: bool = False
    """Whether it is an array of that."""
    folded: bool = False
    """A text that is compared without regard to case (citext)."""

    @property
    def element(self) -> "ColumnType":
        """The type of an element of an array."""
        return self._replace(array=False)


def column_type(base: str, typtype: str) -> ColumnType:
    """Of a type's name without domains, such as `character varying(40)[]`, and the `pg_type.typtype` of its element."""
    array = base.endswith("[]")
    name = base.removesuffix("[]")
    found = _SIZED.match(name)
    plain = (found["name"] + (found["rest"] or "")) if found else name
    plain = plain.rpartition(".")[2].strip('"') if "." in plain else plain
    size = int(found["size"]) if found and found["size"] else None
    scale = int(found["scale"]) if found and found["scale"] else None
    if typtype == "c":
        return ColumnType("composite", base, array=array)
    if typtype == "e":
        return ColumnType("enum", base, array=array)
    if plain in _TEXTS:
        if plain == "name":
            size = 63
        if plain == "character" and size is None:
            size = 1
        return ColumnType("text", base, size, array=array, folded=plain == "citext")
    if plain in _INTEGERS:
        return ColumnType("integer", base, _INTEGERS[plain], 0, array)
    if plain == "numeric":
        return ColumnType("numeric", base, size, scale if scale is not None else (0 if size else None), array)
    if plain in _FLOATS:
        return ColumnType("float", base, array=array)
    if plain in _DATES:
        return ColumnType(_DATES[plain], base, array=array)
    if plain in ("uuid", "boolean", "json", "jsonb", "bytea"):
        return ColumnType(plain, base, array=array)
    return ColumnType("other", base, array=array)
