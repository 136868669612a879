"""Whether a constant can be a value of a type, for types that refuse most."""

import json
import re

from confiture_linter.statements.facts import TypeName

_UUID = re.compile(r"\s*\{?[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}\}?\s*", re.IGNORECASE)
_NUMBERS = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8"})
_TRUTHS = ("true", "false", "yes", "no", "on", "off", "1", "0")


def fits(text: str, kind: TypeName) -> bool:
    """Whether the input function of a type takes a text; types that are not looked at take any."""
    if kind.array:
        return text.lstrip()[:1] in ("{", "[") and (text.lstrip()[:1] == "{" or "=" in text)
    if kind.name in ("json", "jsonb"):
        try:
            json.loads(text)
        except ValueError:
            return False
        return True
    if kind.name == "uuid":
        return _UUID.fullmatch(text) is not None
    if kind.name == "bool":
        word = text.strip().lower()
        return bool(word) and any(truth.startswith(word) for truth in _TRUTHS)
    if kind.name in _NUMBERS:
        try:
            float(text)
        except ValueError:
            return False
    return True


__all__ = ["fits"]
