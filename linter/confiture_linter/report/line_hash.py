"""The fingerprint GitHub code scanning follows an alert by: `primaryLocationLineHash`.

GitHub's upload action computes it itself and warns where a file carries another value, so this is the same
number: a polynomial hash, base 37 modulo 2^64, of the 100 UTF-16 units that follow the start of the line,
spaces and tabs left out, every line end one LF; then how many lines down to this one hash alike
(github/codeql-action, `src/fingerprints.ts`).
"""

from collections.abc import Collection
from itertools import accumulate

_WINDOW = 100
_BASE = 37
_END_OF_FILE = "\uffff"


def line_hashes(data: bytes, wanted: Collection[int]) -> dict[int, str]:
    """Return `hash:occurrence` of each `wanted` 1-based line of the UTF-8 text `data`."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.replace(" ", "").replace("\t", "").split("\n")]
    lines[-1] = lines[-1][:-1] + _END_OF_FILE
    compact = "".join(lines)
    seen: dict[bytes, int] = {}
    hashes = {}
    for number, start in enumerate(accumulate(map(len, lines[:-1]), initial=0), 1):
        window = compact[start : start + _WINDOW].encode("utf-16-le")[: 2 * _WINDOW]
        seen[window] = seen.get(window, 0) + 1
        if number in wanted:
            hashes[number] = f"{_polynomial(window):x}:{seen[window]}"
    return hashes


def _polynomial(window: bytes) -> int:
    """Evaluate little-endian UTF-16 units as a polynomial; a short window is filled up with zeros."""
    value = 0
    for low, high in zip(window[::2], window[1::2], strict=True):
        value = value * _BASE + low + 256 * high
    for _ in range(_WINDOW - len(window) // 2):
        value *= _BASE
    return value % 2**64
