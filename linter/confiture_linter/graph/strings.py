"""Names in the string constants of routines that put SQL together, and of calls to them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r"'((?:[^']|'')*)'")
_WORD = r'(?:[a-z_][\w$]*|"[^"]+")'
_NAME = re.compile(rf"{_WORD}(?:\.{_WORD})?", re.IGNORECASE)
_QUALIFIED = re.compile(rf"(?<![\w.]){_WORD}\.{_WORD}(?![\w.])", re.IGNORECASE)
_AFTER = re.compile(
    rf"\b(?:from|join|into|update|table|references|on|function|procedure|perform)\s+({_WORD})(?![\w.])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[a-z_][\w$]*", re.IGNORECASE)


class Name(NamedTuple):
    """A name as it is written in a string constant."""

    schema: str
    name: str


def names_in_strings(text: str) -> Iterator[Name]:
    """Names that the constants of a definition hold."""
    seen: set[Name] = set()
    for found in _STRING.finditer(_COMMENT.sub(" ", text)):
        for name in names_in(found[1].replace("''", "'")):
            if name not in seen:
                seen.add(name)
                yield name


def names_in(constant: str) -> list[Name]:
    """Names in one constant: alone, qualified, or after a word that calls for one."""
    if _NAME.fullmatch(constant):
        return [split_name(constant)]
    return [split_name(name) for name in (*_QUALIFIED.findall(constant), *_AFTER.findall(constant))]


def words(constant: str) -> frozenset[str]:
    """Every word in it, as PostgreSQL folds it."""
    return frozenset(word.lower() for word in _PLAIN.findall(constant))


def split_name(written: str) -> Name:
    """Schema, if any, and name."""
    schema, _, name = written.rpartition(".")
    return Name(_folded(schema), _folded(name))


def _folded(part: str) -> str:
    return part[1:-1] if part.startswith('"') else part.lower()


__all__ = ["Name", "names_in", "names_in_strings", "split_name", "words"]
