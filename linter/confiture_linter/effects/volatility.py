"""How volatile an expression is: a default that is not volatile is computed once, not for every row."""

from collections.abc import Iterable

from confiture_linter.catalog import Function
from confiture_linter.effects.account import Account
from confiture_linter.statements.facts import Expression, Ref

GRAMMAR = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role", "current_user",
     "user", "session_user", "current_catalog", "current_schema", "coalesce", "nullif", "greatest", "least", "grouping",
     "xmlelement", "xmlforest", "row"}
)  # fmt: skip
"""Spelt like functions, made by the grammar; none is volatile."""


def is_volatile(account: Account, expression: Expression | None) -> bool:
    """Whether an expression is volatile (contain_volatile_functions); what is not known is said and taken as volatile."""
    if expression is None:
        return False
    return any_volatile(account, expression.refs)


def any_volatile(account: Account, refs: Iterable[Ref]) -> bool:
    """Whether one of the functions that are called is volatile."""
    return any(_volatility(account, ref) == "v" for ref in refs if ref.kind == "function")


def _volatility(account: Account, ref: Ref) -> str:
    catalog = account.catalog
    own = [
        f
        for f in catalog.overloads(ref.schema, ref.name)
        if isinstance(f, Function) and f.accepts(ref.arguments)
    ]
    built_in: tuple[str, ...] = ()
    if ref.schema in ("", "pg_catalog"):
        built_in = tuple(
            f.volatility
            for f in catalog.builtin.functions(ref.name)
            if ref.arguments < 0 or f.accepts(ref.arguments)
        )
    found = set(built_in) if built_in else {f.volatility or "v" for f in own}
    if len(found) == 1:
        return found.pop()
    if found:
        # Overloads differ: `random()` and the like have but one, so types decide among harmless ones.
        if "v" in found:
            account.unsure(f"which {ref.name}() is called: one of them is volatile")
        return max(found)
    if ref.name in GRAMMAR or _is_type(account, ref):
        return "i"
    for extension in catalog.builtin.extension_providing_function(ref.name):
        contents = catalog.builtin.extension(extension)
        if contents is not None:
            found |= {f.volatility for f in contents.functions if f.name == ref.name}
    if found:
        return max(found)
    account.unsure(
        f"how volatile {ref.schema + '.' if ref.schema else ''}{ref.name}() is; it is taken as volatile"
    )
    return "v"


def _is_type(account: Account, ref: Ref) -> bool:
    """`typename(value)` is a cast."""
    catalog = account.catalog
    return ref.arguments == 1 and (
        catalog.type(ref.schema, ref.name) is not None
        or (ref.schema in ("", "pg_catalog") and catalog.builtin.has_type(ref.name))
    )
