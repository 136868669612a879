"""Changes to texts of a Python file that keep where every byte comes from."""

import re
from collections.abc import Callable

from confiture_linter.sources.embedded import Located, joined

ESCAPE = re.compile(
    rb"\\(?:\r\n|N\{[^}]*\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{1,3}|.)", re.DOTALL
)
ESCAPE_OR_BRACE = re.compile(ESCAPE.pattern + rb"|\{\{|\}\}", re.DOTALL)
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def escaped(raw: bytes) -> bytes:
    """What one escape, or a doubled brace, stands for."""
    if raw in (b"{{", b"}}"):
        return raw[:1]
    sign = raw[1:2]
    if sign in b"\r\n":
        return b""
    if sign in b"\\'\"":
        return sign
    if sign in _LETTERS:
        return _LETTERS[sign]
    if sign in b"xuU" and len(raw) > 2:
        return chr(int(b"0x" + raw[2:], 0)).encode("utf-8", "replace")
    if sign in b"01234567":
        return chr(int(raw[1:], 8)).encode()
    if sign == b"N" and len(raw) > 2:
        from unicodedata import lookup

        try:
            return lookup(raw[3:-1].decode()).encode()
        except KeyError:
            return raw
    return raw


def replaced(
    pattern: re.Pattern[bytes], template: Located, filled: Callable[[re.Match[bytes]], Located]
) -> Located:
    """Put other text in the place of what `pattern` finds."""
    parts: list[Located] = []
    at = 0
    for found in pattern.finditer(template.text):
        parts.append(template.slice(at, found.start()))
        parts.append(filled(found))
        at = found.end()
    return joined([*parts, template.slice(at, len(template.text))])


def dedented(text: Located) -> Located:
    """What `textwrap.dedent` makes of it."""
    lines = list(re.finditer(rb"[^\n]*\n|[^\n]+\Z", text.text))
    margins = [re.match(rb"[ \t]*", found[0]) for found in lines if found[0].strip()]
    if not margins:
        return text
    widths = [margin[0] for margin in margins if margin is not None]
    common = min(widths, key=len)
    while not all(width.startswith(common) for width in widths):
        common = common[:-1]
    return joined(
        text.slice(found.start() + len(common) if found[0].strip() else found.start(), found.end())
        for found in lines
    )
