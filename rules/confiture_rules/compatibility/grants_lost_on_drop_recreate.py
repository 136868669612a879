from collections.abc import Iterator

from confiture_linter.catalog import Function, Table, View
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule
from confiture_linter.statements.facts import CreateFunction, CreateTable, CreateView, Drop, Grant


@rule(
    name="grants-lost-on-drop-recreate",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE VIEW v_order AS SELECT id FROM w_order;\n"
        "GRANT SELECT ON v_order TO app;"
    ),
    bad="DROP VIEW v_order;\nCREATE VIEW v_order AS SELECT id, 1 AS one FROM w_order;",
    good="DROP VIEW v_order;\nCREATE VIEW v_order AS SELECT id, 1 AS one FROM w_order;\nGRANT SELECT ON v_order TO app;",
    at="v_order",
)
def grants_lost_on_drop_recreate(change: Change, ctx: Context) -> Iterator[Finding]:
    """Something is dropped and made again, and who could use it cannot any more.

    Grants, owner and comment go with the old object. The application fails with "permission denied".

    *When not:* the file grants again what was granted, or ALTER DEFAULT PRIVILEGES may do it.

    *Instead:* CREATE OR REPLACE where it is allowed; else GRANT again in the same transaction.
    """
    fact = change.fact
    if not isinstance(fact, Drop) or change.effects.error:
        return
    for target in fact.targets:
        found = _object(change, target.kind, target.parts)
        if found is None or not found.grants or not _made_again(change, target.parts[-1]):
            continue
        if any(grant.default and not grant.revoke for _, grant in change.catalog.grants):
            continue
        granted = [g for s in change.ahead if isinstance(g := s.fact, Grant) and not g.revoke]
        if any(g.all_in_schema or any(t.parts[-1:] == target.parts[-1:] for t in g.targets) for g in granted):
            continue
        who = sorted({grantee for entry in found.grants for grantee in entry.fact.grantees})
        yield change.finding(
            f"{found.identity} is made again without its grants to {', '.join(who)}",
            span=ctx.place_of(target.parts[-1], change.path, change.span),
            object=found.identity,
            help="GRANT again in the same transaction",
            related=tuple(Related(entry.path, entry.span, "granted here") for entry in found.grants[:3]),
        )


def _object(change: Change, kind: str, parts: tuple[str, ...]) -> Table | View | Function | None:
    if not parts:
        return None
    schema = parts[-2] if len(parts) > 1 else ""
    if kind in ("view", "materialized view", "table"):
        found = change.relation(schema, parts[-1])
        return found if isinstance(found, Table | View) else None
    if kind in ("function", "procedure", "routine"):
        group = [f for f in change.catalog.overloads(schema, parts[-1]) if isinstance(f, Function)]
        return group[0] if len(group) == 1 else None
    return None


def _made_again(change: Change, name: str) -> bool:
    return any(
        isinstance(s.fact, CreateView | CreateTable | CreateFunction) and s.fact.name == name
        for s in change.ahead
    )
