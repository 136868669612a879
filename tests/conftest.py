"""Fixtures of all tests."""

from tests.browser import browser
from tests.pg_fixture import shadow

__all__ = ["browser", "shadow"]
