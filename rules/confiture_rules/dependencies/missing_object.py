from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Unresolved
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_rules.dependencies.partial import unknown_base

_KINDS = {"relation": "table or view", "function": "function", "type": "type"}


@rule(
    name="missing-object",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE VIEW v_open AS SELECT id FROM w_ordr;\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE VIEW v_open AS SELECT id FROM w_order;",
    at="w_ordr",
)
def missing_object(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A table, view, function or type is named that nothing in the tree creates.

    The build fails there, or, inside a PL/pgSQL body, the first call does.

    *When not:* objects of other applications are declared under `schema.external`; objects of known
    extensions, of schemas the tree does not create anything in, and names with placeholders are not
    reported. Where much of what a schema needs is missing, the tree is taken for a part of a whole, which
    unknown-base says once.

    *Instead:* correct the name, create the object, or declare it external.
    """
    base = unknown_base(ctx)
    again: dict[str, list[Unresolved]] = {}
    for item in catalog.unresolved:
        if item.reason != "missing" and item.reason != "arguments":
            continue
        if item.ref.kind == "relation" and item.reason == "missing":
            if item.ref.name in base:
                continue
            if ctx.history:
                again.setdefault(f"{item.ref.schema}.{item.ref.name}", []).append(item)
                continue
        if (
            base
            and ctx.history
            and item.reason == "missing"
            and not _suggestion(catalog, item.ref.kind, item.ref.name)
        ):
            continue  # what has tables of its own has types and functions, too
        yield _finding(catalog, item)
    for items in again.values():
        yield _once(catalog, items)
    unresolved = {(item.where.path, item.ref.name) for item in catalog.unresolved}
    for conflict in catalog.conflicts:
        part_of_more = bool(base) and conflict.detail in ("relation", "table")
        said = (conflict.path, conflict.name.rpartition(".")[2]) in unresolved
        if conflict.kind == "missing-object" and not part_of_more and not said:
            yield Finding(
                conflict.path,
                conflict.span,
                f"{conflict.detail} {conflict.name} does not exist here",
                conflict.name,
                "create it earlier, or correct the name",
            )


def _once(catalog: Catalog, items: list[Unresolved]) -> Finding:
    """A relation that a history misses, at the first place; the others are related."""
    first, *others = items
    finding = _finding(catalog, first)
    if not others:
        return finding
    places = f"{len(others)} more place{'s' if len(others) > 1 else ''}"
    return finding._replace(
        message=f"{finding.message}; it is used in {places}",
        related=tuple(
            Related(
                item.where.path,
                Span(item.ref.at, -2)
                if item.ref.at >= 0
                else Span(item.where.statement.start, item.where.statement.end),
                "and here",
            )
            for item in others[:_SHOWN]
        ),
    )


_SHOWN = 5


def _finding(catalog: Catalog, item: Unresolved) -> Finding:
    ref = item.ref
    name = f"{ref.schema}.{ref.name}" if ref.schema else ref.name
    owner = getattr(item.source, "identity", "") or name
    if item.reason == "arguments":
        given = f"{ref.arguments} argument{'' if ref.arguments == 1 else 's'}"
        known = " or ".join(
            f"{ref.name}({getattr(f, 'signature', '')})"
            for f in catalog.overloads(ref.schema, ref.name, catalog.default_path)[:3]
        )
        if ref.names:
            given += f" so named: {', '.join(ref.names)}"
        return Finding(
            item.where.path,
            Span(ref.at, -2),
            f"function {name} does not take {given}",
            owner,
            f"the tree has {known}" if known else f"PostgreSQL has {_builtin(catalog, ref.name)}",
        )
    close = _suggestion(catalog, ref.kind, ref.name)
    return Finding(
        item.where.path,
        Span(ref.at, -2) if ref.at >= 0 else Span(item.where.statement.start, item.where.statement.end),
        f"{_KINDS.get(ref.kind, ref.kind)} {name} does not exist",
        owner,
        item.hint
        or (f"did you mean {close}?" if close else "create it, or declare it under schema.external"),
    )


def _builtin(catalog: Catalog, name: str) -> str:
    known = (f"{name}({', '.join(f.arguments)})" for f in catalog.builtin.functions(name)[:3])
    return " or ".join(known)


def _suggestion(catalog: Catalog, kind: str, name: str) -> str:
    from difflib import get_close_matches

    known = {
        "relation": list(catalog.relations),
        "function": list(catalog.functions),
        "type": list(catalog.types),
    }
    names = sorted({key[1] for key in known.get(kind, [])})
    close = get_close_matches(name, names, 1, 0.8)
    return close[0] if close else ""
