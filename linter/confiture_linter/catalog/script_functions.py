"""PostgreSQL's functions and operators, as far as scripts that put SQL together use them."""

import re
from collections.abc import Callable

from confiture_linter.catalog.known import HOLE, UNKNOWN, Known, text_of, unsure
from confiture_linter.model import quote_identifier


def _concatenate(parts: list[Known]) -> Known:
    if None in parts:
        return None
    if any(isinstance(part, list) for part in parts):
        return UNKNOWN
    return "".join(map(text_of, parts))


def _call(name: str, parts: list[Known]) -> Known:
    schema, _, bare = name.rpartition(".")
    if schema not in ("", "pg_catalog"):
        return UNKNOWN
    function = _FUNCTIONS.get(bare)
    return function(parts) if function is not None else UNKNOWN


def _quoted(name: str) -> str:
    """A name as quote_ident writes it; one with a hole is filled in later, and needs no quotes for that."""
    return name if HOLE in name else quote_identifier(name)


def _literal(value: Known) -> str:
    return "NULL" if value is None else "'" + text_of(value).replace("'", "''") + "'"


_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")


def _format(parts: list[Known]) -> Known:
    if not parts or not isinstance(parts[0], str):
        return UNKNOWN
    rest = parts[1:]
    position = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal position
        if found[2] == "%":
            return "%"
        at = int(found[1]) - 1 if found[1] else position
        position = at + 1
        item = rest[at] if at < len(rest) else UNKNOWN
        if found[2] == "I":
            return _quoted(text_of(item))
        return _literal(item) if found[2] == "L" else text_of(item)

    return _DIRECTIVE.sub(replaced, parts[0])


def _one(function: Callable[[str], Known]) -> Callable[[list[Known]], Known]:
    """A function of one text: strict."""
    return lambda parts: (
        (None if parts[0] is None else function(text_of(parts[0])))
        if len(parts) == 1 and not isinstance(parts[0], list)
        else UNKNOWN
    )


def _replace(parts: list[Known]) -> Known:
    if len(parts) != 3 or not all(isinstance(part, str) for part in parts):
        return UNKNOWN
    return parts[0].replace(parts[1], parts[2])


def _split_part(parts: list[Known]) -> Known:
    if len(parts) != 3 or not all(isinstance(part, str) and HOLE not in part for part in parts):
        return UNKNOWN
    fields = parts[0].split(parts[1])
    number = int(parts[2]) if parts[2].isdecimal() else 0
    if number < 1:
        return UNKNOWN
    return fields[number - 1] if number <= len(fields) else ""


def _concat_ws(parts: list[Known]) -> Known:
    return (
        text_of(parts[0]).join(text_of(part) for part in parts[1:] if part is not None) if parts else UNKNOWN
    )


def _cut(parts: list[Known]) -> Known:
    """`substr` and `substring` by position."""
    text, *bounds = parts
    if unsure(text) or text is None or not all(map(_is_number, bounds)) or not 1 <= len(bounds) <= 2:
        return UNKNOWN
    first = int(bounds[0]) - 1
    end = first + int(bounds[1]) if len(bounds) > 1 else len(text)
    return str(text)[max(first, 0) : max(end, 0)]


def _end(parts: list[Known], *, left: bool) -> Known:
    """`left` and `right`; a negative number means all but so many."""
    if len(parts) != 2 or unsure(parts[0]) or parts[0] is None or not _is_number(parts[1]):
        return UNKNOWN
    text, count = str(parts[0]), int(parts[1])
    if left:
        return text[:count]
    return text[-count:] if count else ""


def _two(function: Callable[[str, str], Known]) -> Callable[[list[Known]], Known]:
    """A function of two texts that are fully known: strict."""
    return lambda parts: (
        UNKNOWN
        if len(parts) != 2 or any(map(unsure, parts))
        else (None if None in parts else function(text_of(parts[0]), text_of(parts[1])))
    )


def _length(parts: list[Known]) -> Known:
    """`array_length`, `array_upper` and `cardinality` of a list."""
    items = parts[0] if parts else UNKNOWN
    if not isinstance(items, list) or (len(parts) > 1 and parts[1] != "1"):
        return UNKNOWN
    return str(len(items)) if items or len(parts) == 1 else None


def _element(parts: list[Known]) -> Known:
    """`array[number]`."""
    items, number = parts
    if not isinstance(items, list) or not _is_number(number):
        return UNKNOWN
    return items[int(number) - 1] if 1 <= int(number) <= len(items) else None


def _replaced(parts: list[Known]) -> Known:
    """`regexp_replace` with an expression that means the same here."""
    if not 3 <= len(parts) <= 4 or any(map(unsure, parts)) or None in parts:
        return UNKNOWN
    flags = parts[3] if len(parts) > 3 else ""
    if not _PLAIN_REGEX.fullmatch(parts[1]) or "\\" in parts[2] or flags.strip("gi"):
        return UNKNOWN
    folded = re.IGNORECASE if "i" in flags else 0
    return re.sub(parts[1], lambda _: parts[2], parts[0], count=0 if "g" in flags else 1, flags=folded)


_FUNCTIONS: dict[str, Callable[[list[Known]], Known]] = {
    "left": lambda parts: _end(parts, left=True),
    "right": lambda parts: _end(parts, left=False),
    "substr": _cut,
    "substring": _cut,
    "length": _one(lambda text: UNKNOWN if HOLE in text else str(len(text))),
    "strpos": _two(lambda text, sought: str(text.find(sought) + 1)),
    "starts_with": _two(lambda text, begin: text.startswith(begin)),
    "string_to_array": _two(lambda text, mark: text.split(mark) if mark else [text]),
    "nullif": lambda parts: None if len(parts) == 2 and parts[0] == parts[1] else (parts or [UNKNOWN])[0],
    "array_length": _length,
    "array_upper": _length,
    "array_lower": lambda parts: UNKNOWN if _length(parts) is UNKNOWN else "1",
    "cardinality": _length,
    "regexp_replace": _replaced,
    "concat": lambda parts: (
        "".join(map(text_of, parts)) if not any(isinstance(p, list) for p in parts) else UNKNOWN
    ),
    "concat_ws": _concat_ws,
    "format": _format,
    "quote_ident": _one(_quoted),
    "quote_literal": _one(_literal),
    "quote_nullable": lambda parts: _literal(parts[0]) if len(parts) == 1 else UNKNOWN,
    "lower": _one(lambda text: text.lower()),
    "upper": _one(lambda text: text.upper()),
    "trim": _one(lambda text: text.strip(" ")),
    "btrim": _one(lambda text: text.strip(" ")),
    "replace": _replace,
    "split_part": _split_part,
    "pg_table_is_visible": lambda _parts: True,
    "current_schema": lambda _parts: "public",
}


def _compare(operator: str, parts: list[Known]) -> Known:
    if operator == "||":
        return _concatenate(parts)
    left, right = parts
    if left is None or right is None:
        return None
    if (
        operator in ("like", "not like")
        and isinstance(left, str)
        and isinstance(right, str)
        and HOLE not in left + right
    ):
        pattern = re.escape(right).replace("%", ".*").replace("_", ".")
        return (re.fullmatch(pattern, left, re.DOTALL) is not None) == (operator == "like")
    if (
        operator in ("~", "!~")
        and isinstance(left, str)
        and isinstance(right, str)
        and HOLE not in left + right
    ):
        if not _PLAIN_REGEX.fullmatch(right):
            return UNKNOWN
        return (re.search(right, left) is not None) == (operator == "~")
    if unsure(left) or unsure(right):
        return UNKNOWN
    if operator in ("=", "<>", "!="):
        return (text_of(left) == text_of(right)) == (operator == "=")
    if _is_number(left) and _is_number(right) and operator in _ARITHMETIC:
        found = _ARITHMETIC[operator](int(left), int(right))
        return found if isinstance(found, bool) else str(found)
    return UNKNOWN


def _is_number(value: Known) -> bool:
    return isinstance(value, str) and value.lstrip("-").isdecimal()


_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


_PLAIN_REGEX = re.compile(r"[\w\s^$.*+?|()-]*")
"""Regular expressions that mean the same to PostgreSQL and to Python."""


def _all(_text: str, parts: list[Known]) -> Known:
    if False in parts:
        return False
    return UNKNOWN if UNKNOWN in parts else (None if None in parts else True)


def _any(_text: str, parts: list[Known]) -> Known:
    if True in parts:
        return True
    return UNKNOWN if UNKNOWN in parts else (None if None in parts else False)


def _member(left: Known, items: list[Known]) -> Known:
    if unsure(left) or any(map(unsure, items)):
        return UNKNOWN
    return None if left is None else text_of(left) in [text_of(item) for item in items]


def _negated(value: Known) -> Known:
    return not value if isinstance(value, bool) else value


def _cast(kind: str, parts: list[Known]) -> Known:
    value = parts[0]
    if kind in ("bool", "boolean") and isinstance(value, str) and not unsure(value):
        return value.lower() in ("t", "true", "yes", "on", "1")
    return value


def _null_test(value: Known) -> Known:
    return UNKNOWN if value is UNKNOWN else value is None


HANDLERS: dict[str, Callable[[str, list[Known]], Known]] = {
    "operator": _compare,
    "and": _all,
    "or": _any,
    "not": lambda _text, parts: _negated(parts[0]),
    "in": lambda _text, parts: _member(parts[0], parts[1:]),
    "not in": lambda _text, parts: _negated(_member(parts[0], parts[1:])),
    "any": lambda _text, parts: _member(parts[0], parts[1]) if isinstance(parts[1], list) else UNKNOWN,
    "call": _call,
    "cast": _cast,
    "is null": lambda _text, parts: _null_test(parts[0]),
    "is not null": lambda _text, parts: _negated(_null_test(parts[0])),
    "coalesce": lambda _text, parts: next((part for part in parts if part is not None), None),
    "array": lambda _text, parts: parts,
    "element": lambda _text, parts: _element(parts),
    "range": lambda _text, parts: _numbers(parts),
}

_LONGEST_LOOP = 1000


def _numbers(parts: list[Known]) -> Known:
    if not all(isinstance(part, str) and part.lstrip("-").isdecimal() for part in parts):
        return UNKNOWN
    low, high = int(parts[0]), int(parts[1])
    return [str(number) for number in range(low, high + 1)] if high - low < _LONGEST_LOOP else UNKNOWN


__all__ = ["HANDLERS"]
