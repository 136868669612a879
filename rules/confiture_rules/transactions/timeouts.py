"""Values of lock_timeout and statement_timeout."""

import re

_UNITS = {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_VALUE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*\Z")


def milliseconds(value: str) -> float:
    """A timeout in milliseconds, as guc.c reads it; 0 is none, and what cannot be read counts as none."""
    found = _VALUE.match(value)
    return float(found[1]) * _UNITS[found[2] or "ms"] if found else 0


def spelt(value: str) -> str:
    """A timeout with its unit; one without is in milliseconds."""
    return f"{value.strip()} ms" if value.strip().isdecimal() else value.strip()
