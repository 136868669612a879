"""Whether the tree itself comments its objects: who does is told of the ones that were forgotten."""

from collections.abc import Callable, Iterable

from confiture_linter.engine.context import Context

FEW = 10
"""Below this many objects of a kind there is no habit to speak of."""

OPTIONS = {"coverage": 0.9}
"""The share of commented objects from which on a missing comment is reported; 0: always."""


def expected(ctx: Context, kind: str, comments: Callable[[], Iterable[str]]) -> bool:
    """Whether objects of a kind are to have a comment; `comments` are those of all of them."""
    wanted: float = ctx.options["coverage"]
    if wanted <= 0:
        return True
    share: float = ctx.memo(f"documentation.{kind}", lambda: _share(list(comments())))
    return share >= wanted


def _share(comments: list[str]) -> float:
    return sum(map(bool, comments)) / len(comments) if len(comments) >= FEW else 0.0
