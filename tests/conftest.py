"""Fixtures of all tests."""

from tests.pg_fixture import shadow

__all__ = ["shadow"]
