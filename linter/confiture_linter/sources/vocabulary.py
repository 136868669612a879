"""What prepared text may hold besides SQL, as expressions over bytes.

Each expression is `[bytes](?:alternatives)`: the search for the next place is one scan for bytes, and every
alternative looks back at the byte it begins with.
"""

import re
from functools import lru_cache
from typing import NamedTuple

SPACE = re.compile(rb"\s+")
IDENTIFIER_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$" + bytes(range(128, 256))
)


class Vocabulary(NamedTuple):
    """What the `placeholders` of the configuration add to the language."""

    stops: re.Pattern[bytes]
    """Finds, in code, the next byte that may begin something."""
    inside_quotes: re.Pattern[bytes]
    """Finds placeholders in a quoted identifier."""
    values: dict[bytes, str]
    """Placeholder to value; also without the white space inside."""
    variables: dict[bytes, str]
    """Name of a psql variable to value."""


_WORD = rb"[A-Za-z_][A-Za-z0-9_]*"
_IN_BRACES = (
    rb"(?<=\{)\{(?>(?:[^{}]++|\{[^{}]*\}|\}(?!\}))*)\}\}"  # {{ jinja, go, handlebars }}
    rb"|(?<=[$#])\{[^{}\n;]*\}"  # ${flyway}, #{ruby}
)
_TEMPLATE = (
    _IN_BRACES + rb"|(?<=\$)\([A-Za-z_][\w.]*\)"  # $(sqlcmd)
    rb"|(?<=<)%=[^;]{0,300}?%>"  # <%= erb %>
    rb"|(?<=\[)%-?\s*[a-z][\w.]*\s*-?%\]"  # [% template toolkit %]
    rb"|(?<=%)\([A-Za-z_][\w.]*\)s\b"  # %(python)s
    rb"|(?<=@)[A-Za-z_]\w*(?::\w+)?@"  # @extschema:name@
)
_CONTROL = (
    rb"(?<=\{)(?:%[^%]*+(?:%(?!\})[^%]*+)*%\}|\#[^#]*+(?:\#(?!\})[^#]*+)*\#\})"
    rb"|(?<=\[)%[^%]*+(?:%(?!\])[^%]*+)*%\]"
    rb"|(?<=<)%[-#]?\s*(?:if|else|elsif|end|unless|for|each|do|case|when|raw|set|\w+\.each)\b[^;]{0,300}?%>"
)


@lru_cache(maxsize=16)
def vocabulary_of(placeholders: tuple[tuple[str, str], ...]) -> Vocabulary:
    """Compile the placeholders of a configuration together with those every project may use."""
    values: dict[bytes, str] = {}
    variables: dict[bytes, str] = {}
    literal: list[bytes] = []
    for key, value in placeholders:
        raw = key.encode()
        if re.fullmatch(rb":" + _WORD, raw):
            variables[raw[1:]] = value
            continue
        values[raw] = value
        values.setdefault(SPACE.sub(b"", raw), value)
        if len(raw) > 1:
            literal.append(raw)
    literal.sort(key=lambda raw: (-len(raw), raw))
    first = re.escape(b"".join(sorted({raw[:1] for raw in literal})))
    declared = b"|".join(map(_literal, literal)) or rb"(?!)"
    stops = (
        rb"['\"\-/;{$#%<@\[\\:"
        + first
        + rb"](?:(?P<strings>(?<=')(?<![eE]')[^'{]*+'(?>(?:[\s,()\d.]*+'[^'{]*+')*))|(?P<string>(?<='))|(?P<name>(?<=\"))|(?P<line>(?<=-)-)|"
        rb"(?P<block>(?<=/)\*)|(?P<end>(?<=;))|(?P<declared>"
        + declared
        + rb")|(?P<template>"
        + _TEMPLATE
        + rb")|(?P<control>"
        + _CONTROL
        + rb")|(?P<dollar>(?<=\$)(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$)|(?P<command>(?<=\\))|(?<=:)(?:(?P<colon>[:=])|"
        rb"(?P<variable>" + _WORD + rb"|'" + _WORD + rb"'|\"" + _WORD + rb"\")))"
    )
    inside = rb"[{$#" + first + rb"](?:(?P<declared>" + declared + rb")|(?P<template>" + _IN_BRACES + rb"))"
    return Vocabulary(re.compile(stops), re.compile(inside), values, variables)


def _literal(raw: bytes) -> bytes:
    """Match a declared placeholder behind its first byte; words at its ends are whole words."""
    first = re.escape(raw[:1])
    before = rb"(?<=" + first + rb")"
    if raw[0] in IDENTIFIER_BYTES and raw[:1] != b"$":
        before += rb"(?<![A-Za-z0-9_$\x80-\xff]" + first + rb")"
    after = rb"(?![A-Za-z0-9_\x80-\xff])" if raw[-1] in IDENTIFIER_BYTES else b""
    return before + re.escape(raw[1:]) + after
