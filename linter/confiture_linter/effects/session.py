"""What the statements before one have set in the session."""

from confiture_linter.catalog import Catalog
from confiture_linter.statements.facts import SetVariable

_UTC = frozenset(
    {"utc", "gmt", "etc/utc", "etc/gmt", "etc/uct", "uct", "zulu", "etc/zulu", "universal", "etc/universal", "greenwich",
     "etc/greenwich", "gmt0", "etc/gmt0", "gmt+0", "gmt-0", "etc/gmt+0", "etc/gmt-0"}
)  # fmt: skip
"""Zones that have always been UTC, as the time zone data names them."""


def time_zone(catalog: Catalog) -> bool | None:
    """Whether the session's time zone is UTC; None if nothing sets it."""
    for item in reversed(catalog.statements):
        fact = item.statement.fact
        if type(fact) is not SetVariable or fact.name != "timezone":
            continue
        if fact.reset or not fact.values:
            return None
        value = fact.values[0].lower()
        return value in _UTC or (value.strip("+-0:") == "" and value != "")
    return None
