"""Whole numbers → whole numbers, one to one: a keyed permutation (a Feistel network on two unequal halves).

A hash of a number would have to be cut to the range of the type, and a table of a million numbers would then have many of
them twice. A permutation has none twice by construction, so that keys stay keys. Numbers below 2^31 stay below 2^31, so
that an `integer` and the `bigint` it refers to become the same number; only `smallint` has a range of its own. A
negative number v becomes -1 - p(-1 - v): the sign stays.

Four rounds, each a PRF (HMAC-SHA-256) of one half added to the other modulo its size, after Luby and Rackoff 1988 and
the mixed-radix networks of Black and Rogaway 2002.
"""

from typing import NamedTuple

from confiture_migrator.anonymize.keyring import Keyed, number_of
from confiture_migrator.anonymize.strategies.values import Compiled, Expression

_ROUNDS = 4


class Domain(NamedTuple):
    """Numbers from `low`, made of two digits, the high one below `high`, the other below `rest`."""

    low: int
    high: int
    rest: int


SMALL = Domain(0, 1 << 7, 1 << 8)
"""smallint: [0, 2^15)."""
MIDDLE = Domain(0, 1 << 15, 1 << 16)
"""[0, 2^31)."""
LARGE = Domain(1 << 31, (1 << 32) - 1, 1 << 31)
"""[2^31, 2^63)."""


def permuted(keyed: Keyed, number: int, domain: Domain) -> int:
    """The number that `number`, of the domain, becomes."""
    high, rest = divmod(number - domain.low, domain.rest)
    for turn in range(_ROUNDS):
        if turn % 2:
            high = (high + _round(keyed, turn, rest)) % domain.high
        else:
            rest = (rest + _round(keyed, turn, high)) % domain.rest
    return domain.low + high * domain.rest + rest


def _round(keyed: Keyed, turn: int, half: int) -> int:
    return int.from_bytes(keyed.digest(b"%d:%d" % (turn, half))[:7], "big")


def sql_permuted(keyed: Keyed, number: str, domain: Domain) -> str:
    """The same as an expression of type bigint."""
    shifted = f"({number} - {domain.low}::bigint)"
    source = f"SELECT {shifted} / {domain.rest}::bigint AS high, {shifted} % {domain.rest}::bigint AS rest OFFSET 0"
    for turn in range(_ROUNDS):
        if turn % 2:
            source = (
                f"SELECT (p.high + {_sql_round(keyed, turn, 'p.rest')}) % {domain.high}::bigint AS high, p.rest "
                f"FROM ({source}) AS p OFFSET 0"
            )
        else:
            source = (
                f"SELECT p.high, (p.rest + {_sql_round(keyed, turn, 'p.high')}) % {domain.rest}::bigint AS rest "
                f"FROM ({source}) AS p OFFSET 0"
            )
    return f"(SELECT {domain.low}::bigint + p.high * {domain.rest}::bigint + p.rest FROM ({source}) AS p)"


def _sql_round(keyed: Keyed, turn: int, half: str) -> str:
    digest = keyed.sql_of_text(f"'{turn}:' || {half}::text")
    seven = rf"'\x00'::bytea || substring({digest} FROM 1 FOR 7)"
    return f"({number_of(seven)})"


def compile_integer(keyed: Keyed, bits: int) -> Compiled:
    """For a column whose positive numbers have so many bits."""

    def place(number: int) -> Domain:
        if bits == 15:
            return SMALL
        return MIDDLE if number < LARGE.low else LARGE

    def python(text: str, _: object) -> str:
        number = int(text)
        positive = number if number >= 0 else -1 - number
        found = permuted(keyed, positive, place(positive))
        return str(found if number >= 0 else -1 - found)

    def sql(value: Expression) -> str:
        number = "n.v"
        if bits == 15:
            found = sql_permuted(keyed, number, SMALL)
        elif bits == 31:
            found = sql_permuted(keyed, number, MIDDLE)
        else:
            low, high = sql_permuted(keyed, number, MIDDLE), sql_permuted(keyed, number, LARGE)
            found = f"CASE WHEN {number} < {LARGE.low} THEN {low} ELSE {high} END"

        inner = (
            f"SELECT CASE WHEN m.v < 0 THEN -1 - m.v ELSE m.v END AS v, m.v < 0 AS negative "
            f"FROM (SELECT {value.raw}::bigint AS v OFFSET 0) AS m OFFSET 0"
        )
        return (
            "(SELECT (CASE WHEN o.negative THEN -1 - o.v ELSE o.v END)::text "
            f"FROM (SELECT {found} AS v, n.negative FROM ({inner}) AS n OFFSET 0) AS o)"
        )

    return Compiled(sql, python)
