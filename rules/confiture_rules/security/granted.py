"""Which GRANTs are still in force at the end of the tree."""

from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Catalog, SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import Grant

_OF_ENTITIES = frozenset({"table", "sequence"})
_KINDS = frozenset({"table", "sequence", "schema", "database"})

Granted = tuple[SourceStatement, Grant]


def grants_in_force(ctx: Context) -> list[Granted]:
    """GRANTs on data that no later REVOKE takes back and whose object still exists."""
    return cast("list[Granted]", ctx.memo("security.grants", lambda: list(_in_force(ctx.catalog))))


def granted_name(where: SourceStatement, grant: Grant, catalog: Catalog) -> str:
    """Identity of the first object of a GRANT."""
    if not grant.targets:
        return ""
    parts = grant.targets[0].parts
    if grant.kind in _OF_ENTITIES and not grant.all_in_schema:
        schema, name = (parts[-2] if len(parts) > 1 else ""), parts[-1]
        found = catalog.relation(schema, name, catalog.default_path)
        return found.identity if found is not None else ".".join(parts)
    return ".".join(parts)


def _in_force(catalog: Catalog) -> Iterator[Granted]:
    alive = {id(entry.fact) for r in catalog.relations.values() for entry in getattr(r, "grants", ())}
    for index, (where, grant) in enumerate(catalog.grants):
        if grant.revoke or grant.kind not in _KINDS:
            continue
        if grant.kind in _OF_ENTITIES and not grant.default:
            if id(grant) in alive:
                yield where, grant
        elif not any(_revokes(later, grant) for _, later in catalog.grants[index + 1 :]):
            yield where, grant


def _revokes(later: Grant, grant: Grant) -> bool:
    taken, given = set(later.privileges), set(grant.privileges)
    if grant.kind == "schema" and "all" in given:
        given = {"create"}
    return (
        later.revoke
        and (later.kind, later.default) == (grant.kind, grant.default)
        and {t.parts for t in grant.targets} <= {t.parts for t in later.targets}
        and set(grant.grantees) <= set(later.grantees)
        and ("all" in taken or given <= taken)
    )
