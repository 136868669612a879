"""Database URLs: whether one carries a password, and how to show it without.

Recognises `postgresql://user:password@host/db?password=…` and libpq's `key=value` form. A reference such as
`${PASSWORD}` is no password.
"""

import re

_REFERENCE = r"\$\{[A-Za-z_]\w*\}"
_USER = r"(://(?!\[)[^:/?@]*:)(?!\d+[/?])(.*)(?=@)"
"""Greedy on purpose: a password with an unescaped `@` or `/` must be hidden whole. A port is no password."""
_PARAMETER = r"((?:^|[?&\s])(?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'?|[^&\s]*)"


def has_password(url: str) -> bool:
    """Whether `url` contains a password in clear text."""
    return mask_password(url) != url


def mask_password(url: str) -> str:
    """Return `url` with every literal password replaced by `***`."""
    url = re.sub(_USER, _masked, url, count=1, flags=re.DOTALL)
    return re.sub(_PARAMETER, _masked, url, flags=re.IGNORECASE)


def _masked(found: re.Match[str]) -> str:
    """Keep what stands before; hide the rest unless it is empty or only references."""
    literal = re.sub(_REFERENCE, "", found[2].strip("'"))
    return found[1] + ("***" if literal else found[2])
