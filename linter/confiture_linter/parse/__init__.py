"""The only room that knows pglast: text in, PostgreSQL's own syntax trees out.

Trees travel as the JSON that libpg_query prints, decoded once; every location in them is a byte offset
into the UTF-8 text (docs/adr/0002-positions.md).
"""

from confiture_linter.parse.decode import Node, expect_much, on_deep_stack
from confiture_linter.parse.parser import (
    ParseFailure,
    RawStatement,
    parse_plpgsql,
    parse_statements,
    parser_version,
    scan_tokens,
)

__all__ = [
    "Node",
    "ParseFailure",
    "RawStatement",
    "expect_much",
    "on_deep_stack",
    "parse_plpgsql",
    "parse_statements",
    "parser_version",
    "scan_tokens",
]
