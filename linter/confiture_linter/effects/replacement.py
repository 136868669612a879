"""CREATE OR REPLACE: what may not change (ProcedureCreate in pg_proc.c, checkViewColumns in view.c)."""

from confiture_linter.catalog import Catalog, Function, Shapes, View
from confiture_linter.catalog.output_types import OutputTypes
from confiture_linter.catalog.types import format_bare
from confiture_linter.effects.account import Account, Refused
from confiture_linter.statements.facts import CreateFunction, CreateView, Statement, TypeName

_INPUT = "ibv"
_OUTPUT = "obt"


def refuse_replacement(account: Account, fact: CreateFunction) -> None:
    """A function of the same arguments keeps kind, return type and the names of its arguments."""
    catalog = account.catalog
    types = [_plain(catalog, a.type) for a in fact.arguments if a.mode in _INPUT]
    signature = ",".join(types)
    schema = catalog.creation_schema(fact.schema)
    group = catalog.functions.get((schema, fact.name), ())
    old = next((item for item in group if item.signature == signature), None)
    if not isinstance(old, Function):
        return
    if not fact.replace:
        raise Refused(f'function "{fact.name}" already exists with same argument types')
    if old.fact.procedure != fact.procedure:
        raise Refused("cannot change routine kind")
    if _returned(catalog, old.fact) != _returned(catalog, fact):
        raise Refused("cannot change return type of existing function")
    before = [a for a in old.fact.arguments if a.mode in _INPUT]
    after = [a for a in fact.arguments if a.mode in _INPUT]
    for one, other in zip(before, after, strict=True):
        if one.name and one.name != other.name:
            raise Refused(f'cannot change name of input parameter "{one.name}"')
        if one.default and not other.default:
            raise Refused("cannot remove parameter defaults from existing function")


def refuse_view_replacement(account: Account, known: View, fact: CreateView, statement: Statement) -> None:
    """CREATE OR REPLACE VIEW may only add columns at the end (checkViewColumns)."""
    shapes = Shapes(account.catalog)
    before, after = shapes.view(known), shapes.query(statement.queries[0], {}) if statement.queries else None
    if before is None or after is None:
        return
    after = (*fact.columns, *after[len(fact.columns) :])
    if len(after) < len(before):
        raise Refused("cannot drop columns from view")
    for old, new in zip(before, after, strict=False):
        if old != new:
            raise Refused(f'cannot change name of view column "{old}" to "{new}"')
    types = OutputTypes(account.catalog, shapes)
    had, has = types.relation(known), types.query(statement.queries[0], {}, ())
    own = shapes.query(statement.queries[0], {}) or ()
    for name, inner in zip(before, own, strict=False):
        one, other = had.get(name), has.get(inner)
        if one is None or other is None or own.count(inner) > 1:
            continue
        written = [_plain(account.catalog, kind) for kind in (one, other)]
        if written[0] != written[1]:
            raise Refused(
                f'cannot change data type of view column "{name}" from {written[0]} to {written[1]}'
            )


def _returned(catalog: Catalog, fact: CreateFunction) -> tuple[object, ...]:
    outputs = tuple((a.name, _plain(catalog, a.type)) for a in fact.arguments if a.mode in _OUTPUT)
    if outputs or fact.returns is None:
        # RETURNS of a function with OUT parameters says the same again.
        several = bool(fact.returns and fact.returns.set_of) or any(a.mode == "t" for a in fact.arguments)
        return (several, outputs)
    return (fact.returns.set_of, _plain(catalog, fact.returns))


def _plain(catalog: Catalog, written: TypeName) -> str:
    resolved = catalog.resolved_type(written)
    return format_bare(catalog.type_schema(resolved), resolved)


__all__ = ["refuse_replacement", "refuse_view_replacement"]
