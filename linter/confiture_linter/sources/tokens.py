"""Identifiers that stand in for placeholders, one letter for each, as long as what they replace."""

import re

_FIRST_LETTER = 0x250
_LETTERS = 96
_PLAIN = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*")


def plain_identifier(text: bytes) -> bool:
    """Whether `text` may be a part of an unquoted identifier; nothing at all is none."""
    return _PLAIN.fullmatch(text) is not None


class Tokens:
    """Gives each distinct placeholder of a file its own identifier.

    The first letter is one of the IPA block (U+0250…), which nobody names tables with; letters the file uses
    itself are left out.
    """

    WIDEST = 40
    """Where nothing is joined to it an identifier may be shorter than its placeholder: names end at 63 bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._letters: dict[bytes, str] = {}
        self._substitutions: dict[str, str] = {}
        self._unasked = iter(range(_FIRST_LETTER, _FIRST_LETTER + _LETTERS))
        self._single: list[str] = []

    def token(self, raw: bytes, width: int, value: str) -> bytes:
        """Return the identifier for `raw` in `width` bytes, at least two, which stands for `value`."""
        letters = self._letters.get(raw)
        if letters is None:
            letters = self._letters[raw] = self._next()
        if len(letters.encode()) > width:
            letters = letters[-1]
        token = letters + "_" * (width - len(letters.encode()))
        self._substitutions.setdefault(token, value)
        return token.encode()

    def substitutions(self) -> tuple[tuple[str, str], ...]:
        """List what was handed out, longer tokens first, so that replacing one after the other is right."""
        return tuple(sorted(self._substitutions.items(), key=lambda pair: (-len(pair[0]), pair[0])))

    def _next(self) -> str:
        for code in self._unasked:
            letter = chr(code)
            if letter.encode() not in self._data:
                self._single.append(letter)
                return letter
        single = self._single or ["_"]
        index = len(self._letters) - len(self._single)
        return single[index // len(single) % len(single)] + single[index % len(single)]
