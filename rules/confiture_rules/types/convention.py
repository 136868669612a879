"""Whether a column departs from what nearly all others of the tree do.

A type may be taste; one that differs from the team's own habit is a slip.
"""

from collections.abc import Callable

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context

ENOUGH = 10
"""With fewer columns to compare there is no habit."""


def departs(
    ctx: Context, name: str, follows: Callable[[Column], bool], differs: Callable[[Column], bool]
) -> bool:
    """Whether columns that differ are to be reported: always under `strict` and `all`, else where they are slips.

    The option `convention` of the rule is the share of columns that must follow; 0 reports always. `name` is
    the rule's, under which the answer is kept.
    """
    share = float(ctx.options["convention"])
    if share <= 0 or ctx.config.lint.preset in ("strict", "all"):
        return True

    def habit() -> bool:
        good = sum(map(follows, ctx.catalog.columns))
        bad = sum(map(differs, ctx.catalog.columns))
        return good + bad >= ENOUGH and good >= share * (good + bad)

    return bool(ctx.memo(f"types.convention.{name}", habit))
