"""SQL expressions of `n`, the number of a row, that are values of a type, or may satisfy a check."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol


class Typed(Protocol):
    """What is to be known of a column."""

    @property
    def base(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def not_null(self) -> bool: ...  # noqa: D102


_NUMBERS = {
    "smallint": "n % 32767",
    "integer": "n",
    "bigint": "n",
    "real": "n",
    "double precision": "n",
    "money": "n::numeric::money",
}
_OTHERS = {
    "boolean": "n % 2 = 0",
    "date": "DATE '2020-01-01' + (n % 2000)::int",
    "timestamp without time zone": "TIMESTAMP '2020-01-01' + n * INTERVAL '1 minute'",
    "timestamp with time zone": "TIMESTAMPTZ '2020-01-01 00:00Z' + n * INTERVAL '1 minute'",
    "time without time zone": "TIME '00:00' + (n % 1440) * INTERVAL '1 minute'",
    "interval": "n * INTERVAL '1 second'",
    "json": "'{}'",
    "jsonb": "'{}'",
    "inet": "INET '10.0.0.0' + n",
    "cidr": "(INET '10.0.0.0' + n)::cidr",
    "macaddr": "pg_catalog.lpad(pg_catalog.to_hex(n), 12, '0')::macaddr",
    "tsvector": "''",
    "xml": "NULL",
}
_RANGES = {
    "int4range": "pg_catalog.int4range(n::int, n::int + 1)",
    "int8range": "pg_catalog.int8range(n, n + 1)",
    "numrange": "pg_catalog.numrange(n, n + 1)",
    "daterange": "pg_catalog.daterange(DATE '2020-01-01' + n::int, DATE '2020-01-02' + n::int)",
    "tsrange": "pg_catalog.tsrange(TIMESTAMP '2020-01-01' + n * INTERVAL '1 h', TIMESTAMP '2020-01-01 01:00' + n * INTERVAL '1 h')",
    "tstzrange": "pg_catalog.tstzrange(TIMESTAMPTZ '2020-01-01 00:00Z' + n * INTERVAL '1 h', "
    "TIMESTAMPTZ '2020-01-01 01:00Z' + n * INTERVAL '1 h')",
}
"""Ranges that do not overlap."""
_SIZED = re.compile(r"(character varying|character|numeric)\((\d+)(?:,(-?\d+))?\)")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])")
_SHAPES = (
    "'user' || n || '@example.com'",
    "pg_catalog.lpad(n::text, 5, '0')",
    "pg_catalog.chr(65 + (n / 676 % 26)::int) || pg_catalog.chr(65 + (n / 26 % 26)::int) || pg_catalog.chr(65 + (n % 26)::int)",
    "pg_catalog.chr(65 + (n / 26 % 26)::int) || pg_catalog.chr(65 + (n % 26)::int)",
    "'FR' || pg_catalog.lpad(n::text, 11, '0')",
    "'+33' || pg_catalog.lpad(n::text, 9, '0')",
    "'https://example.com/' || n",
    "'row-' || n",
    "pg_catalog.upper('ab') || '-' || pg_catalog.lpad(n::text, 6, '0')",
    "'#' || pg_catalog.lpad(pg_catalog.to_hex(n % 16777216), 6, '0')",
    "pg_catalog.md5(n::text)",
    "n::text",
    "'en'",
    "'en-GB'",
    "'Europe/Paris'",
)
"""Texts that checks commonly ask for."""


def expression(column: Typed, salt: str) -> str:
    """A value for row `n`, different for every n where the type has room."""
    base = column.base
    if column.kind == "e":
        return f"(pg_catalog.enum_range(NULL::{base}))[1 + n % pg_catalog.cardinality(pg_catalog.enum_range(NULL::{base}))]"
    if base.endswith("[]"):
        return "'{}'"
    if column.kind in ("r", "m"):
        return _RANGES.get(base, "'{}'" if column.kind == "m" else "'empty'")
    if column.kind == "c":
        return f"pg_catalog.jsonb_populate_record(NULL::{base}, '{{}}')"
    if base == "uuid":
        return f"pg_catalog.md5({_quoted(salt)} || n)::uuid"
    if base in _NUMBERS or base in _OTHERS:
        return _NUMBERS.get(base) or _OTHERS[base]
    if base == "bytea":
        return "pg_catalog.sha256(pg_catalog.convert_to(n::text, 'UTF8'))"
    sized = _SIZED.match(base)
    if sized and sized[1] == "numeric":
        room = max(int(sized[2]) - int(sized[3] or 0), 0)
        return f"n % {10**room}"
    if base == "numeric":
        return "n"
    word = _quoted(salt.rpartition(".")[2][:20] + " ")
    if sized:
        size = int(sized[2])
        short = "pg_catalog.left(pg_catalog.lpad(pg_catalog.to_hex(n), 8, '0'), {0})".format
        digits = f"pg_catalog.right(pg_catalog.lpad(n::text, 12, '0'), {size})"
        return digits if size < 12 else f"pg_catalog.left({word} || n, {size})" if size > 30 else short(size)
    if base in ("text", "character varying", "name", "citext") or base.endswith(".citext"):
        return f"{word} || n"
    return "NULL"


def candidates(column: Typed, check: str, others: Sequence[str]) -> Iterator[str]:
    """Other values, those first that the text of the check suggests."""
    literals = list(dict.fromkeys(_LITERAL.findall(check)))
    if column.base.endswith("[]"):
        yield from (f"ARRAY[{_quoted_again(each)}]" for each in literals)
        return
    if len(literals) > 1:
        listed = ", ".join(_quoted_again(each) for each in literals)
        yield f"(ARRAY[{listed}])[1 + n % {len(literals)}]"
    yield from (_quoted_again(each) for each in literals)
    numbers = list(dict.fromkeys(_NUMBER.findall(_LITERAL.sub("", check))))
    yield from others
    for other in others:
        yield f"({other}) + 1"
        yield f"({other}) + INTERVAL '1 day'"
    for number in numbers:
        yield number
        yield f"{number} + 1"
        yield f"{number} - 1"
    if not column.not_null:
        yield "NULL"
    if column.base.startswith(("text", "character")) or column.base.endswith("citext"):
        yield from _SHAPES
    yield from ("0", "1", "-1", "''", "'{}'", "true", "false", "n % 100", "n % 10")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted_again(text: str) -> str:
    """A literal as it stood in the check: its quotes are doubled already."""
    return f"'{text}'"
