"""Whether a Python file is a migration, told by searches: nothing is parsed for the many files that are none."""

import re

_SIGNS = re.compile(
    rb"(?m)^revision\b.*=|^class\s+Migration\b|^(?:from\s+yoyo|import\s+yoyo)\b|^[ \t]+def\s+up\s*\(\s*self\b"
    rb"|^def\s+(?:upgrade|up|forwards|apply)\s*\("
)
_RUNS = (b"execute", b"op.", b"RunSQL", b"operations", b"step(")


def is_migration(data: bytes) -> bool:
    """Tell by searches alone whether a Python file is a migration; `env.py` and `__init__.py` are none."""
    return any(word in data for word in _RUNS) and _SIGNS.search(data) is not None
