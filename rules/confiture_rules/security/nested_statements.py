"""CREATE ROLE and ALTER ROLE, wherever they stand: at top level, in DO blocks, in functions."""

from collections.abc import Iterator
from typing import cast

from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import CreateFunction, DoBlock, Statement

Placed = tuple[str, Statement]


def statements_anywhere(ctx: Context) -> list[Placed]:
    """Every statement with the path of its file, those of DO blocks and function bodies included."""
    return cast("list[Placed]", ctx.memo("security.statements", lambda: list(_statements(ctx))))


def _statements(ctx: Context) -> Iterator[Placed]:
    for where in ctx.catalog.statements:
        yield where.path, where.statement
        fact = where.statement.fact
        if isinstance(fact, DoBlock | CreateFunction) and fact.body is not None:
            for inner in fact.body.statements:
                yield where.path, inner
