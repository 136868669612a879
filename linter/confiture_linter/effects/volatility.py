"""How volatile an expression is: a default that is not volatile is computed once, not for every row."""

from collections.abc import Iterable, Iterator

from confiture_linter.catalog import Function
from confiture_linter.catalog.cast_volatility import casts_mutably, given_mutably
from confiture_linter.catalog.kinds import Kind
from confiture_linter.effects.account import Account
from confiture_linter.statements.facts import Expression, Ref, TypeName

GRAMMAR = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role", "current_user",
     "user", "session_user", "current_catalog", "current_schema", "coalesce", "nullif", "greatest", "least", "grouping",
     "xmlelement", "xmlforest", "row"}
)  # fmt: skip
"""Spelt like functions, made by the grammar; none is volatile."""

_DEEPEST = 8
"""How many functions in SQL are looked into, one inside the other."""


def is_volatile(account: Account, expression: Expression | None) -> bool:
    """Whether an expression is volatile (contain_volatile_functions); what is not known is said and taken as volatile."""
    if expression is None:
        return False
    return any_volatile(account, expression.refs)


def is_mutable(account: Account, expression: Expression | None, types: dict[str, TypeName]) -> bool:
    """Whether an expression is surely not immutable: one of its functions or casts is not, in any overload."""
    if expression is None:
        return False
    for ref in expression.refs:
        if ref.kind != "function" or _may_be_inlined(account, ref):
            continue
        found = _overloads(account, ref)
        if found and "i" not in found:
            return True
    builtin = account.catalog.builtin
    for item in expression.applied:
        if item.cast:
            source, target = types.get(item.arguments[0]), Kind(item.schema, item.name).written
            if source is not None and casts_mutably(builtin, source, target):
                return True
        elif not any(f.accepts(len(item.arguments)) for f in builtin.functions(item.name)):
            own = account.catalog.overloads(item.schema, item.name)
            inputs = [f.fact.inputs for f in own if isinstance(f, Function)]
            if given_mutably(builtin, item, types, inputs):
                return True
    return False


def any_volatile(account: Account, refs: Iterable[Ref]) -> bool:
    """Whether one of the functions that are called, by name or as an operator, is volatile."""
    return any(_volatility(account, called) == "v" for called in _calls(account, refs))


def _calls(account: Account, refs: Iterable[Ref]) -> Iterator[Ref]:
    """The functions that are called; an operator of the tree stands for its function."""
    for ref in refs:
        if ref.kind == "function":
            yield ref
        elif ref.kind == "operator":
            for other in account.catalog.others:
                if other.what == "operator" and other.name == ref.name and other.function[1]:
                    yield ref._replace(kind="function", schema=other.function[0], name=other.function[1])


def _overloads(account: Account, ref: Ref) -> set[str]:
    """Volatilities of the functions that a call may mean."""
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
    return set(built_in) if built_in else {f.volatility or "v" for f in own}


def _may_be_inlined(account: Account, ref: Ref) -> bool:
    """Whether a call may mean a function in SQL: its body is put in its place before PostgreSQL looks at volatility."""
    return any(
        isinstance(f, Function) and f.language == "sql"
        for f in account.catalog.overloads(ref.schema, ref.name)
    )


def _inlined(account: Account, ref: Ref) -> tuple[Ref, ...] | None:
    """What a function in SQL calls whose body, an expression, is put in the place of the call (inline_function)."""
    own = [
        f
        for f in account.catalog.overloads(ref.schema, ref.name)
        if isinstance(f, Function) and f.accepts(ref.arguments)
    ]
    # One that is declared stable or immutable is that, or is left alone where its body is not.
    if len(own) != 1 or own[0].language != "sql" or own[0].volatility != "v":
        return None
    if ref.schema == "" and _is_built_in(account, ref):
        return None
    function = own[0]
    body, returns = function.fact.body, function.fact.returns
    if body is None or returns is None or returns.set_of or function.fact.procedure or function.fact.strict:
        return None
    if function.security_definer or function.settings or body.problem or body.statements or body.dynamic:
        return None
    plain = all(not (q.sources or q.children or q.filtered or q.grouped) for q in body.queries)
    return body.refs if body.returns == 1 and plain else None


def _is_built_in(account: Account, ref: Ref) -> bool:
    return any(
        ref.arguments < 0 or f.accepts(ref.arguments) for f in account.catalog.builtin.functions(ref.name)
    )


def _volatility(account: Account, ref: Ref, depth: int = 0) -> str:
    catalog = account.catalog
    inside = _inlined(account, ref) if depth < _DEEPEST else None
    if inside is not None:
        return max((_volatility(account, r, depth + 1) for r in _calls(account, inside)), default="i")
    found = _overloads(account, ref)
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
