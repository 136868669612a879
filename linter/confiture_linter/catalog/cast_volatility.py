"""Casts that give something else at another time or place, such as from timestamp to timestamptz."""

from collections.abc import Iterable, Mapping, Sequence

from confiture_linter.catalog.builtin import BuiltinCatalog
from confiture_linter.catalog.types import canonical
from confiture_linter.statements.facts import Applied, Argument, TypeName


def casts_mutably(builtin: BuiltinCatalog, source: TypeName, target: TypeName) -> bool:
    """Whether a cast between two types of PostgreSQL calls a function that is not immutable."""
    if source.array or target.array or not {source.schema, target.schema} <= {"", "pg_catalog"}:
        return False
    cast = builtin.cast(canonical(source.name), canonical(target.name))
    return cast is not None and cast.method == "f" and cast.volatility != "i"


def given_mutably(
    builtin: BuiltinCatalog,
    item: Applied,
    types: Mapping[str, TypeName],
    inputs: Iterable[Sequence[Argument]],
) -> bool:
    """Whether a call casts a column so on the way to its argument, whichever of these parameter lists it means."""
    lists = [given for given in inputs if len(given) >= len(item.arguments)]
    return bool(lists) and all(
        any(
            name in types and casts_mutably(builtin, types[name], parameter.type)
            for name, parameter in zip(item.arguments, given, strict=False)
        )
        for given in lists
    )


__all__ = ["casts_mutably", "given_mutably"]
