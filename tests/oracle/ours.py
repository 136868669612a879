"""Reads the linter's catalog and graph into a `Snapshot`."""

from collections.abc import Callable, Iterator

from confiture_linter.catalog import Catalog, Shapes
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Function,
    Generic,
    Index,
    Policy,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.inheritance import inherited_parts
from confiture_linter.catalog.output_types import OutputTypes
from confiture_linter.catalog.types import format_bare, format_type
from confiture_linter.graph.document import build_graph
from confiture_linter.statements.facts import TypeName
from tests.oracle.snapshot import UNKNOWN, Edge, Properties, Snapshot, Value, plain

Found = tuple[str, str, Properties]


def read_ours(catalog: Catalog, text: Callable[[str], bytes], builder: str = "postgres") -> Snapshot:
    """Everything that the linter knows of the finished schema; `builder` is the role that builds it on the server."""
    objects: dict[str, dict[str, Properties]] = {}
    for kind, name, properties in _objects(catalog):
        if properties.get("owner") in (builder, "current_user", "session_user", "current_role"):
            properties = {**properties, "owner": ""}
        objects.setdefault(kind, {})[name] = properties
    return Snapshot(objects, _edges(catalog, text))


def _edges(catalog: Catalog, text: Callable[[str], bytes]) -> dict[Edge, str]:
    """The edges that PostgreSQL tracks, parts of relations under their owners."""
    graph = build_graph(catalog, (), text)
    owners = {node.id: node.owner or node.id for node in graph.nodes}
    found: dict[Edge, str] = {}
    for edge in graph.edges:
        source, target = plain(owners[edge.source]), plain(owners[edge.target])
        if edge.tracked and source != target:
            found.setdefault(Edge(source, target), f"{edge.kind} {edge.file}:{edge.line}")
    return found


def _objects(catalog: Catalog) -> Iterator[Found]:
    for schema in catalog.schemas.values():
        yield "schema", schema.name, {"comment": schema.comment, "owner": schema.owner}
    shapes = Shapes(catalog)
    for relation in catalog.relations.values():
        if isinstance(relation, Table) and not relation.temporary:
            yield from _table(catalog, relation)
        elif isinstance(relation, View):
            yield from _view(catalog, shapes, relation)
        elif isinstance(relation, Sequence):
            yield (
                "sequence",
                relation.identity,
                {
                    "owned by": relation.owned_by.identity if relation.owned_by else "",
                    "owner": relation.owner,
                },
            )
    for group in catalog.functions.values():
        yield from (_function(catalog, item) for item in group)
    for kind in catalog.types.values():
        yield "type", kind.identity, _type(catalog, kind)
    for other in catalog.others:
        if other.name:
            yield "other", f"{other.what.replace(' ', '_')}:{other.identity}", {}
    for extension in catalog.extensions:
        if extension != "plpgsql":  # it is there without being asked for
            yield "other", f"extension:{extension}", {}


def _table(catalog: Catalog, table: Table) -> Iterator[Found]:
    parents = [table.partition_of] if table.partition_of else table.parents
    yield "relation", table.identity, {
        "kind": "table", "partitioned by": table.partition_strategy, "row security": table.rls_enabled,
        "row security forced": table.rls_forced, "comment": table.comment,
        "parents": tuple(parent.identity for parent in parents), "owner": table.owner,
        "unlogged": table.fact.persistence == "u",
    }  # fmt: skip
    for column in table.columns.values():
        yield "column", f"{table.identity}.{column.name}", _column(catalog, table, column)
    for constraint in table.constraints:
        if constraint.kind != "not null" and constraint.table is table:
            yield "constraint", f"{table.identity}.{constraint.name}", _constraint(constraint)
    yield from _parts(table)
    for part, name in inherited_parts(table):
        if isinstance(part, Constraint):
            yield "constraint", f"{table.identity}.{name}", _constraint(part)
        elif isinstance(part, Index):
            yield "index", f"{table.schema}.{name}", {**_index(part), "table": table.identity}
        else:
            yield "trigger", f"{table.identity}.{name}", _trigger(part)


def _view(catalog: Catalog, shapes: Shapes, view: View) -> Iterator[Found]:
    yield "relation", view.identity, {
        "kind": view.kind, "partitioned by": "", "row security": False, "row security forced": False,
        "comment": view.comment, "parents": (), "owner": view.owner, "unlogged": False,
    }  # fmt: skip
    types = OutputTypes(catalog, shapes).relation(view)
    for name in shapes.relation(view) or ():
        yield "view column", f"{view.identity}.{name}", {
            "comment": view.column_comments.get(name, ""), "type": spelt(catalog, types.get(name)),
        }  # fmt: skip
    yield from _parts(view)


def _parts(relation: Table | View) -> Iterator[Found]:
    for index in relation.indexes:
        if index.constraint is None:
            yield "index", index.identity, _index(index)
    for trigger in relation.triggers:
        yield "trigger", f"{relation.identity}.{trigger.name}", _trigger(trigger)
    for policy in relation.policies:
        yield "policy", f"{relation.identity}.{policy.name}", _policy(policy)


def spelt(catalog: Catalog, written: TypeName | None) -> Value:
    """A type as format_type writes it, if it is known."""
    if written is None or not written.name:
        return UNKNOWN
    return plain(format_type(catalog.type_schema(written), written))


def _column(catalog: Catalog, table: Table, column: Column) -> Properties:
    # pg_attribute says NOT NULL of a column whose constraint is not valid yet, too.
    unproven = any(
        c.kind == "not null" and c.not_valid and column.name in c.columns for c in table.constraints
    )
    return {
        "type": spelt(catalog, column.type), "not null": column.not_null or unproven,
        "default": _has_default(column), "generated": column.generated,
        "identity": column.identity_kind, "comment": column.comment, "collation": column.collation,
    }  # fmt: skip


def _has_default(column: Column) -> bool:
    # The default of a generated column is its expression; that of a serial is not written.
    return not column.generated and (column.default is not None or column.serial)


def _constraint(constraint: Constraint) -> Properties:
    fact = constraint.fact
    columns = tuple(sorted(set(constraint.columns))) if constraint.kind == "check" else constraint.columns
    found: dict[str, Value] = {"kind": constraint.kind, "valid": not constraint.not_valid, "columns": columns}
    if constraint.kind == "foreign key":
        found |= {
            "target": constraint.target.identity if constraint.target else UNKNOWN,
            "target columns": constraint.target_columns or UNKNOWN, "deferrable": fact.deferrable,
            "on delete": fact.on_delete, "on update": fact.on_update,
        }  # fmt: skip
    return found


def _index(index: Index) -> Properties:
    return {
        "table": index.table.identity, "unique": index.unique, "partial": index.predicate is not None,
        "method": index.fact.method, "columns": index.columns, "include": index.include,
    }  # fmt: skip


def _trigger(trigger: Trigger) -> Properties:
    fact = trigger.fact
    return {
        "function": _runs(trigger), "timing": fact.timing,
        "row": fact.row, "events": tuple(sorted(fact.events)), "condition": fact.when is not None,
        "columns": fact.columns,
    }  # fmt: skip


def _runs(trigger: Trigger) -> Value:
    if trigger.function is not None:
        return trigger.function.identity
    return f"pg_catalog.{trigger.fact.function}" if trigger.fact.function in BUILT_IN else UNKNOWN


BUILT_IN = frozenset(
    {"tsvector_update_trigger", "tsvector_update_trigger_column", "suppress_redundant_updates_trigger"}
)
"""Trigger functions that PostgreSQL brings."""


def _policy(policy: Policy) -> Properties:
    return {"command": policy.command, "permissive": policy.permissive, "using": policy.using is not None,
            "check": policy.check is not None, "roles": tuple(sorted(policy.roles))}  # fmt: skip


def _function(catalog: Catalog, item: Function | Generic) -> Found:
    name = plain(f"{item.identity}({item.signature})")
    if isinstance(item, Generic):
        return "function", name, {"kind": "aggregate", "comment": item.comment}
    fact = item.fact
    return "function", name, {
        "kind": item.kind, "result": _result(catalog, item), "volatility": item.volatility,
        "security definer": item.security_definer, "language": item.language, "strict": fact.strict,
        "comment": item.comment, "settings": tuple(sorted(item.settings)), "owner": item.owner,
    }  # fmt: skip


def _result(catalog: Catalog, function: Function) -> Value:
    """The type that pg_proc.prorettype names."""
    fact = function.fact
    if fact.procedure:
        return ""
    rows = [argument.type for argument in fact.arguments if argument.mode == "t"]
    out = rows or [argument.type for argument in fact.arguments if argument.mode in "ob"]
    written = out[0] if out else fact.returns
    if len(out) > 1:
        result: Value = "record"
    elif written is None:
        result = UNKNOWN
    else:
        result = plain(format_bare(catalog.type_schema(written), written))
    set_of = bool(rows) or (fact.returns is not None and fact.returns.set_of)
    return f"SETOF {result}" if set_of and result != UNKNOWN else result


def _type(catalog: Catalog, kind: Type) -> Properties:
    found: dict[str, Value] = {"kind": kind.form, "comment": kind.comment, "owner": kind.owner}
    if kind.form == "enum":
        found["labels"] = tuple(kind.labels)
    elif kind.form == "composite":
        found["attributes"] = tuple(f"{a.name} {spelt(catalog, a.type)}" for a in kind.attributes.values())
    elif kind.form in ("domain", "range"):
        found["base"] = spelt(catalog, kind.base)
    if kind.form == "domain":
        checks = tuple(sorted(constraint.name for constraint in kind.constraints))
        found |= {"not null": kind.not_null, "default": kind.default is not None, "checks": checks}
    return found
