"""Whether a change of type rewrites the table: the coercion that PostgreSQL would build, step by step.

ATColumnChangeRequiresRewrite (tablecmds.c) looks at the expression that turns the old value into the new one.
A plain column, a relabelling between binary-coercible types and a cast to a domain without constraints change
nothing on disk; so do length coercions that their support functions prove to be idle (varchar, varbit,
numeric, timestamps, interval). Everything else is computed for every row.
"""

from typing import NamedTuple

from confiture_linter.catalog import Type
from confiture_linter.catalog.types import canonical, format_type
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.session import time_zone
from confiture_linter.statements.facts import NULL, Conversion, Expression, TypeName

_STRINGS = frozenset({"text", "varchar", "bpchar", "name"})
_TEMPORAL = frozenset({"timestamp", "timestamptz", "time", "timetz"})
_FULL_PRECISION = 6
_FULL_RANGE = "32767"
_INTERVAL_BITS = (("4096", 0), ("2048", 1), ("1024", 2), ("8", 3), ("2", 4), ("4", 5))
"""Bits of an interval's field mask, from the finest field on (datetime.h)."""


class Resolved(NamedTuple):
    """A type as the server knows it."""

    name: str
    """pg_type.typname of a built-in type; `schema.name` of another."""
    modifiers: tuple[str, ...]
    array: bool
    own: Type | None = None
    """The type of the tree, if it is one."""
    known: bool = True

    @property
    def base(self) -> bool:
        """Whether it is a built-in type and no array."""
        return self.own is None and not self.array


def resolve(account: Account, written: TypeName) -> Resolved:
    """Look a written type up."""
    catalog = account.catalog
    name = canonical(written.name)
    if written.schema in ("", "pg_catalog") and catalog.builtin.type(name) is not None:
        if name.startswith("_") and catalog.builtin.type(name[1:]) is not None:
            return Resolved(name[1:], written.modifiers, True)
        modifiers = written.modifiers
        if name == "numeric" and len(modifiers) == 1:
            modifiers = (*modifiers, "0")
        return Resolved(name, modifiers, written.array)
    own = catalog.type(written.schema, written.name)
    if own is not None:
        return Resolved(own.identity, written.modifiers, written.array, own)
    return Resolved(
        ".".join(filter(None, (written.schema, written.name))), written.modifiers, written.array, None, False
    )


def require_type(account: Account, written: TypeName) -> Resolved:
    """Look a type up that must exist; where an extension may bring it, or the schema is foreign, that is unknown."""
    found = resolve(account, written)
    if found.known or not written.name:
        return found
    catalog = account.catalog
    if catalog.relation(written.schema, written.name) is not None or written.name in catalog.temporary:
        return found
    home = written.schema or catalog.creation_schema("")
    foreign = catalog.partial or not any(key[0] == home for key in catalog.relations)
    if foreign or catalog.builtin.extension_providing_type(written.name):
        account.unsure(f"what type {found.name} is")
        return found
    raise Refused(f'type "{found.name}" does not exist')


def constrained(account: Account, domain: Type) -> bool:
    """Whether a domain, or one below it, has constraints (DomainHasConstraints)."""
    seen: set[int] = set()
    current: Type | None = domain
    while current is not None and current.form == "domain" and id(current) not in seen:
        seen.add(id(current))
        if current.not_null or current.constraints:
            return True
        current = resolve(account, current.base).own if current.base is not None else None
    return False


def unwrapped(account: Account, resolved: Resolved) -> Resolved:
    """The base type of a domain; any other type as it is."""
    seen: set[int] = set()
    while resolved.own is not None and resolved.own.form == "domain" and not resolved.array:
        if id(resolved.own) in seen or resolved.own.base is None:
            break
        seen.add(id(resolved.own))
        resolved = resolve(account, resolved.own.base)
    return resolved


class _Value(NamedTuple):
    """A value on its way from the old type to the new one."""

    type: Resolved
    computed: bool
    """Whether it has to be computed for every row."""


def requires_rewrite(
    account: Account, column: str, old: TypeName, new: TypeName, using: Conversion | None
) -> bool:
    """Whether ALTER COLUMN … TYPE computes new values; raises `Refused` if there is no such cast."""
    value = _Value(resolve(account, old), False)
    target = resolve(account, new)
    if using is not None:
        if using.column != column:
            return True
        for cast in using.casts:
            value = _cast(account, value, resolve(account, cast), column, explicit=True)
    return _cast(account, value, target, column, explicit=False).computed


def require_default_cast(
    account: Account, default: Expression | None, column: str, old: TypeName, new: TypeName
) -> None:
    """The default is cast like an assignment; USING has no say in it."""
    if default is None or default.constant == NULL:
        return
    if any(ref.kind == "type" and ref.name == new.name for ref in default.refs):
        return  # 'x'::new is of that type already: what brought it to the old one is taken off again
    source = resolve(account, old)
    number = (default.constant or "").lstrip("-").replace(".", "", 1).isdigit()
    if number and unwrapped(account, source).name in _NUMBERS:
        source = Resolved("numeric" if "." in (default.constant or "") else "int4", (), False)
    try:
        _cast(account, _Value(source, False), resolve(account, new), column, explicit=False)
    except Refused as refused:
        raise Refused(f"default for {refused.message}") from None


_NUMBERS = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8", "oid"})


def _cast(account: Account, value: _Value, target: Resolved, column: str, *, explicit: bool) -> _Value:
    source = value.type
    if not (source.known and target.known):
        if (
            # An extension's type may be written with its schema and without.
            source.name.rpartition(".")[2] == target.name.rpartition(".")[2]
            and source.modifiers == target.modifiers
            and source.array == target.array
        ):
            return value
        brought = _extension_cast(account, source, target)
        if brought is not None:
            return _Value(target, value.computed or brought != "b" or bool(target.modifiers))
        account.unsure(f"whether {source.name} becomes {target.name} without a rewrite")
        return _Value(target, True)
    if source[:3] == target[:3]:
        return value
    if target.own is not None and target.own.form == "domain" and not target.array:
        base = target.own.base
        inner = resolve(account, base) if base is not None else target
        value = _cast(account, value, inner, column, explicit=explicit)
        return _Value(target, value.computed or constrained(account, target.own))
    plain = unwrapped(account, source)
    # A value of a domain comes without the length of its base type.
    source = plain if plain is source else plain._replace(modifiers=())
    if source[:3] == target[:3]:
        return _Value(target, value.computed)
    if source.array or target.array:
        return _array(account, source, target, column, explicit=explicit)
    if source.own is not None or target.own is not None:
        return _own(account, value, source, target, column, explicit=explicit)
    return _built_in(account, value, source, target, column, explicit=explicit)


def _extension_cast(account: Account, source: Resolved, target: Resolved) -> str | None:
    """The method of a cast that an extension brings along with its type, such as text to citext."""
    if source.array or target.array or source.own is not None or target.own is not None:
        return None
    names = source.name.rpartition(".")[2], target.name.rpartition(".")[2]
    builtin = account.catalog.builtin
    for name in names:
        for extension in builtin.extension_providing_type(name):
            contents = builtin.extension(extension)
            for cast in contents.casts if contents is not None else ():
                if (cast.source, cast.target) == names:
                    return cast.method
    return None


def _array(account: Account, source: Resolved, target: Resolved, column: str, *, explicit: bool) -> _Value:
    if source.array and target.array:
        # An array is coerced element by element, even where the elements stay the same.
        _cast(
            account,
            _Value(source._replace(array=False), False),
            target._replace(array=False),
            column,
            explicit=explicit,
        )
        return _Value(target, True)
    text = (target if source.array else source).name in _STRINGS
    if not (text and (source.array or explicit)):
        raise _no_cast(column, target)
    return _Value(target, True)


def _own(
    account: Account, value: _Value, source: Resolved, target: Resolved, column: str, *, explicit: bool
) -> _Value:
    """Enums, composite and range types: through text, or by a cast of the tree's own."""
    if source.own is target.own:
        return value
    if target.own is None and target.name in _STRINGS:
        return _Value(target, True)
    if source.own is None and source.name in _STRINGS and explicit:
        return _Value(target, True)
    if any(other.kind == "other" and other.what == "cast" for other in account.catalog.others):
        account.unsure(f"whether a cast from {source.name} to {target.name} was created")
        return _Value(target, True)
    raise _no_cast(column, target)


def _built_in(
    account: Account, value: _Value, source: Resolved, target: Resolved, column: str, *, explicit: bool
) -> _Value:
    computed = value.computed
    modifiers = source.modifiers
    if source.name != target.name:
        cast = account.catalog.builtin.cast(source.name, target.name)
        if cast is None or (cast.context == "e" and not explicit):
            if any(other.what == "cast" for other in account.catalog.others):
                account.unsure(f"whether a cast from {source.name} to {target.name} was created")
                return _Value(target, True)
            raise _no_cast(column, target)
        modifiers = ()
        if cast.method != "b":
            computed = computed or not _idle_zone(account, source.name, target.name)
    if target.modifiers and not (computed or _idle_length(target.name, modifiers, target.modifiers)):
        computed = True
    return _Value(target, computed)


def _no_cast(column: str, target: Resolved) -> Refused:
    written = TypeName("", target.name, (), target.array, False, False, -1)
    shown = format_type("pg_catalog" if target.own is None else "", written)
    return Refused(f'column "{column}" cannot be cast automatically to type {shown}')


def _idle_zone(account: Account, source: str, target: str) -> bool:
    """Timestamp and timestamptz are the same bits where the session's time zone is UTC (since 12)."""
    if {source, target} != {"timestamp", "timestamptz"}:
        return False
    zone = time_zone(account.catalog)
    if zone is None:
        account.note("no rewrite is needed if the session's TimeZone is UTC; it is not set here")
        return False
    return zone


def _idle_length(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether a length coercion does nothing (varchar_support, numeric_support, TemporalSimplify, …)."""
    if name == "interval":
        return _idle_interval(old, new)
    before, after = _numbers(old), _numbers(new)
    if before is None or after is None:
        return False
    if name in _TEMPORAL:
        return after[0] >= _FULL_PRECISION or bool(before and after[0] >= before[0])
    if not before:
        return False
    if name in ("varchar", "varbit"):
        return after[0] >= before[0]
    if name == "numeric":
        return after[1:] == before[1:] and after[0] >= before[0]
    return before == after


def _idle_interval(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Only what is cut off at the fine end matters (interval_support)."""
    precision = int(new[1]) if len(new) > 1 else _FULL_PRECISION
    former = int(old[1]) if len(old) > 1 else _FULL_PRECISION
    if precision < _FULL_PRECISION and (len(old) < 2 or precision < former):
        return False
    return _finest(new) <= _finest(old)


def _finest(modifiers: tuple[str, ...]) -> int:
    if not modifiers or modifiers[0] == _FULL_RANGE or not modifiers[0].isdecimal():
        return 0
    mask = int(modifiers[0])
    return next((rank for bit, rank in _INTERVAL_BITS if mask & int(bit)), 0)


def _numbers(modifiers: tuple[str, ...]) -> tuple[int, ...] | None:
    try:
        return tuple(int(word) for word in modifiers)
    except ValueError:
        return None


# -- indexes -----------------------------------------------------------------------------------------

_POLYMORPHIC = frozenset({"enum", "range", "composite"})


def keeps_index(account: Account, method: str, opclass: str, old: TypeName, new: TypeName) -> bool:
    """Whether an index of a column survives its change of type (CheckIndexCompatible)."""
    before = unwrapped(account, resolve(account, old))
    after = unwrapped(account, resolve(account, new))
    if not (before.known and after.known):
        return before.name == after.name
    if method == "gin" and before.array:
        # Its keys are the elements, which is never the type of the column (CheckIndexCompatible).
        return False
    if before.array or after.array:
        return before.array == after.array and before.name == after.name
    if before.own is not None or after.own is not None:
        return before.own is after.own
    if opclass:
        return True
    return _default_class(account, method, before.name) == _default_class(account, method, after.name)


def _default_class(account: Account, method: str, name: str) -> str:
    """The operator class taken when none is named: of the type itself, or of one it is the same as."""
    builtin = account.catalog.builtin
    exact = builtin.default_operator_class(method, name)
    if exact is not None:
        return exact.name
    for wider in ("text", "inet", "bit", "varbit", "oid"):
        cast = builtin.cast(name, wider)
        if cast is not None and cast.method == "b" and cast.context == "i":
            found = builtin.default_operator_class(method, wider)
            if found is not None:
                return found.name
    return name
