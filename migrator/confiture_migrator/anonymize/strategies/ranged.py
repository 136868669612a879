"""`range`: a number between `min` and `max`, chosen by the HMAC of the value."""

from decimal import Decimal

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.strategies.values import Compiled, Expression, Setting, Unfit, only

_DECIMALS = 2
"""Of a numeric or float whose type says nothing of decimals."""


def compile_strategy(spec: Spec, setting: Setting) -> Compiled:
    """The expression for a number."""
    only(setting, spec, "integer", "numeric", "float")
    low, high = spec.options["min"], spec.options["max"]
    scale = setting.type.scale
    if scale is None:
        scale = max(_DECIMALS, -_exponent(low), -_exponent(high))
    first, last = _scaled(low, scale), _scaled(high, scale)
    _fits(setting, first, last, scale)
    keyed = setting.keyring.keyed(spec.key, b"range\0")
    count = last - first + 1

    def sql(value: Expression) -> str:
        number = f"({first}::bigint + ({keyed.sql_number(value.text)}) % {count}::bigint)"
        return f"{number}::text" if scale <= 0 else f"round({number}::numeric / {10**scale}, {scale})::text"

    def python(text: str, _: object) -> str:
        number = first + keyed.number(text.encode()) % count
        return str(number) if scale <= 0 else f"{Decimal(number).scaleb(-scale):.{scale}f}"

    return Compiled(sql, python, repeats="range gives some number of the range to everyone")


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _scaled(number: Decimal, scale: int) -> int:
    scaled = number.scaleb(scale)
    if scaled != int(scaled):
        raise Unfit(f"{number} has more decimals than the column")
    return int(scaled)


def _fits(setting: Setting, first: int, last: int, scale: int) -> None:
    bits = setting.type.size if setting.type.kind == "integer" else None
    limit = 1 << (bits or 62)
    if setting.type.kind == "numeric" and setting.type.size is not None:
        limit = min(limit, 10**setting.type.size)
    if scale < 0 or first < -limit or last >= limit or last - first >= 1 << 62:
        raise Unfit(f"the range does not fit {setting.type.name}")
