"""Who depends on whom: edges between objects and between files, cycles, order and impact."""

from confiture_linter.graph.dependencies import Dependencies

__all__ = ["Dependencies"]
