"""One statement, one small typed summary: what it creates, changes, drops, reads, writes and calls."""

from confiture_linter.statements.facts import Statement
from confiture_linter.statements.summarise import nested_queries, summarise

__all__ = ["Statement", "nested_queries", "summarise"]
