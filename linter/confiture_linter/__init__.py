"""Static analysis for PostgreSQL schemas and migrations."""

from confiture_linter.version import __version__

__all__ = ["__version__"]
