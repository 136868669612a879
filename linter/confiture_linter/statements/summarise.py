"""From PostgreSQL's parse tree to typed statements: the one dispatch over kinds of statement."""

from collections.abc import Callable

from confiture_linter.parse import Node, RawStatement
from confiture_linter.statements import change, define, routine, script
from confiture_linter.statements.facts import (
    CopyRows,
    CreateSchema,
    Execute,
    Fact,
    Maintain,
    Other,
    Query,
    Ref,
    SetVariable,
    Statement,
    Transaction,
    Value,
)
from confiture_linter.statements.names import options, relation, strings
from confiture_linter.statements.walk import QUERY_KINDS, Walk


def summarise(raw: RawStatement, text: bytes, base: int = 0) -> list[Statement]:
    """Summarise one parsed statement of `text`; `base` is added to every offset.

    Nearly always one statement comes back; CREATE SCHEMA with elements gives one for each.
    """
    walk = Walk(base)
    kind, node = raw.kind, raw.node
    handler = _WITH_WALK.get(kind)
    if handler is not None:
        fact = handler(node, walk)
    else:
        placed = _WITH_PLACE.get(kind)
        if placed is not None:
            fact = placed(node, walk, raw.start + base)
        elif kind in QUERY_KINDS:
            fact = _query(kind, node, walk)
        elif kind == "CreateFunctionStmt":
            fact = routine.function(raw, walk, text, summarise)
        elif kind == "DoStmt":
            fact = routine.do_block(raw, walk, text, summarise)
        else:
            fact = _rest(kind, node, walk, raw.start + base)
    statement = Statement(raw.start + base, raw.end + base, fact, tuple(walk.refs), tuple(walk.queries))
    if type(fact) is CreateSchema and "schemaElts" in node:
        return [statement, *_schema_elements(fact.name, node, raw, text, base)]
    return [statement]


def _schema_elements(schema: str, node: Node, raw: RawStatement, text: bytes, base: int) -> list[Statement]:
    statements: list[Statement] = []
    for item in node["schemaElts"]:
        for kind, body in item.items():
            for field in ("relation", "view", "sequence"):
                if field in body and "schemaname" not in body[field]:
                    body[field]["schemaname"] = schema
            statements.extend(summarise(RawStatement(kind, body, raw.start, raw.end), text, base))
    return statements


def _query(kind: str, node: Node, walk: Walk) -> Fact:
    query = walk.top(kind, node)
    if query.command == "select" and not query.sources:
        setting = _set_config(node)
        if setting is not None:
            return setting
    into = node.get("intoClause")
    if into and "rel" in into:
        return define.table_as({"into": into}, walk)
    return Execute(query.command, _calls(node) if query.command == "select" else ())


def _calls(node: Node) -> tuple[Value, ...]:
    """The functions that a SELECT without a table calls."""
    sources = node.get("fromClause", ())
    if not sources:
        nodes = [item.get("ResTarget", {}).get("val", {}) for item in node.get("targetList", ())]
    elif len(sources) == 1 and "RangeFunction" in sources[0]:
        functions = sources[0]["RangeFunction"].get("functions", ())
        nodes = [item for function in functions for item in function.get("List", {}).get("items", ())[:1]]
    else:
        return ()
    return tuple(script.value(item) for item in nodes if "FuncCall" in item)


def _set_config(node: Node) -> SetVariable | None:
    """`SELECT set_config('search_path', …)`, as pg_dump writes it."""
    targets = node.get("targetList", ())
    call = targets[0].get("ResTarget", {}).get("val", {}).get("FuncCall") if len(targets) == 1 else None
    if not call or (strings(call.get("funcname")) or [""])[-1] != "set_config":
        return None
    values = [a.get("A_Const", {}) for a in call.get("args", ())]
    texts = [v.get("sval", {}).get("sval", "") for v in values]
    if len(values) < 2 or "sval" not in values[0]:
        return None
    local = len(values) > 2 and bool(values[2].get("boolval", {}).get("boolval"))
    return SetVariable(
        texts[0].lower(), tuple(part.strip().strip('"') for part in texts[1].split(",")), local, False
    )


def _variable(node: Node) -> Fact:
    kind = node.get("kind", "")
    return SetVariable(
        node.get("name", "").lower(),
        change.set_values(node),
        bool(node.get("is_local")),
        kind in ("VAR_RESET", "VAR_RESET_ALL", "VAR_SET_DEFAULT"),
    )


def _copy(node: Node, walk: Walk) -> Fact:
    if "query" in node:
        for kind, body in node["query"].items():
            if kind in QUERY_KINDS:
                walk.top(kind, body)
        return CopyRows("", "", (), False, -1)
    schema, name, at = relation(node.get("relation", {}))
    inward = bool(node.get("is_from"))
    walk.reference(schema, name, at + walk.base, "insert" if inward else "read")
    return CopyRows(schema, name, tuple(strings(node.get("attlist"))), inward, at + walk.base)


def _relations(items: list[Node], walk: Walk, use: str) -> tuple[tuple[str, str, int], ...]:
    found = []
    for item in items:
        node = item.get("RangeVar") or item.get("VacuumRelation", {}).get("relation") or {}
        if node:
            schema, name, at = relation(node)
            walk.reference(schema, name, at + walk.base, use)
            found.append((schema, name, at + walk.base))
    return tuple(found)


def _truncate(node: Node, walk: Walk) -> Fact:
    targets = node.get("relations", [])
    return Maintain(
        "truncate",
        _relations(targets, walk, "truncate"),
        cascade=node.get("behavior") == "DROP_CASCADE",
        only=_only(targets),
        restart=bool(node.get("restart_seqs")),
    )


def _refresh(node: Node, walk: Walk) -> Fact:
    return Maintain(
        "refresh",
        _relations([{"RangeVar": node.get("relation", {})}], walk, "refresh"),
        bool(node.get("concurrent")),
        no_data=bool(node.get("skipData")),
    )


def _lock(node: Node, walk: Walk) -> Fact:
    targets = node.get("relations", [])
    return Maintain(
        "lock",
        _relations(targets, walk, "lock"),
        options=(str(node.get("mode", "")),),
        only=_only(targets),
    )


def _vacuum(node: Node, walk: Walk) -> Fact:
    given = options(node.get("options"))
    targets = node.get("rels", [])
    return Maintain(
        "vacuum" if node.get("is_vacuumcmd") else "analyze",
        _relations(targets, walk, "maintain"),
        options=tuple(name for name, _ in given),
        settings=given,
        only=_only(targets),
    )


def _index_maintenance(node: Node, walk: Walk) -> Fact:
    targets = [{"RangeVar": node["relation"]}] if "relation" in node else []
    given = options(node.get("params"))
    words = tuple(name for name, _ in given)
    return Maintain(
        "reindex" if "kind" in node else "cluster",
        _relations(targets, walk, "maintain"),
        "concurrently" in words,
        options=words,
        settings=given,
        kind=node.get("kind", "").removeprefix("REINDEX_OBJECT_").lower(),
        name=node.get("name", "") or node.get("indexname", ""),
    )


def _only(items: list[Node]) -> tuple[bool, ...]:
    """For each relation that is named, whether ONLY stands before it."""
    nodes = [item.get("RangeVar") or item.get("VacuumRelation", {}).get("relation") or {} for item in items]
    return tuple("inh" not in node for node in nodes if node)


def _explain(node: Node, walk: Walk) -> Fact:
    for kind, body in node.get("query", {}).items():
        if kind in QUERY_KINDS:
            walk.top(kind, body)
        else:
            walk.visit({kind: body})
    return Other("ExplainStmt", tuple(f"{name}={value}" for name, value in options(node.get("options"))))


def _call(node: Node, walk: Walk) -> Fact:
    walk.visit({"FuncCall": node.get("funccall", {})})
    return Execute("call", (script.value({"FuncCall": node.get("funccall", {})}),))


def _transaction(node: Node, _walk: Walk) -> Fact:
    return Transaction(
        node.get("kind", "").removeprefix("TRANS_STMT_").lower(), node.get("savepoint_name", "")
    )


def _rest(kind: str, node: Node, walk: Walk, at: int) -> Fact:
    named = define.other(kind, node, at)
    if named is not None:
        if kind == "CreateForeignServerStmt":
            walk.refs.append(Ref("foreign data wrapper", "", node.get("fdwname", ""), at, "define"))
        if kind == "CreateEventTrigStmt":
            names = strings(node.get("funcname"))
            walk.call(names[-2] if len(names) > 1 else "", names[-1] if names else "", at, 0)
        return named
    walk.visit(node)
    for item in node.get("pubobjects", ()):
        published = item.get("PublicationObjSpec", {}).get("pubtable")
        if published:
            schema, name, place = relation(published.get("relation", {}))
            walk.reference(schema, name, place + walk.base, "publish")
    return Other(kind, _words(kind, node))


def _set_constraints(node: Node, _walk: Walk) -> Fact:
    """SET CONSTRAINTS names constraints, which look like relations in the parse tree."""
    names = tuple(item.get("RangeVar", {}).get("relname", "") for item in node.get("constraints", ()))
    return Other("ConstraintsSetStmt", ("deferred" if node.get("deferred") else "immediate", *names))


def _words(kind: str, node: Node) -> tuple[str, ...]:
    """What of a statement without a fact of its own decides what it does."""
    if kind == "DiscardStmt":
        return (node.get("target", "").removeprefix("DISCARD_").lower(),)
    if kind in ("AlterPublicationStmt", "AlterSubscriptionStmt", "DropSubscriptionStmt", "AlterDatabaseStmt"):
        given = tuple(f"{name}={value}" for name, value in options(node.get("options")))
        action = node.get("action") or node.get("kind") or ""
        given += (f"only={','.join(define.published_only(node))}",)
        return (node.get("pubname") or node.get("subname") or node.get("dbname") or "", action, *given)
    return ()


_WITH_WALK: dict[str, Callable[[Node, Walk], Fact]] = {
    "CreateStmt": define.table,
    "CreateForeignTableStmt": define.foreign_table,
    "CreateTableAsStmt": define.table_as,
    "ViewStmt": define.view,
    "IndexStmt": define.index,
    "CreateTrigStmt": define.trigger,
    "CreatePolicyStmt": define.policy,
    "AlterPolicyStmt": define.alter_policy,
    "CompositeTypeStmt": define.composite,
    "CreateSeqStmt": define.sequence,
    "AlterSeqStmt": lambda node, walk: define.sequence(node, walk, alter=True),
    "RuleStmt": define.rule,
    "AlterTableStmt": change.alter_table,
    "VariableSetStmt": lambda node, _walk: _variable(node),
    "TransactionStmt": _transaction,
    "CopyStmt": _copy,
    "TruncateStmt": _truncate,
    "RefreshMatViewStmt": _refresh,
    "LockStmt": _lock,
    "VacuumStmt": _vacuum,
    "ReindexStmt": _index_maintenance,
    "ClusterStmt": _index_maintenance,
    "ExplainStmt": _explain,
    "CallStmt": _call,
    "ConstraintsSetStmt": _set_constraints,
}

_WITH_PLACE: dict[str, Callable[[Node, Walk, int], Fact]] = {
    "CommentStmt": change.comment,
    "DropStmt": change.drop,
    "DropOwnedStmt": lambda node, _walk, _at: change.drop_owned(node),
    "ReassignOwnedStmt": lambda node, _walk, _at: change.reassign_owned(node),
    "GrantStmt": change.grant,
    "GrantRoleStmt": lambda node, _walk, at: change.grant_role(node, at),
    "AlterDefaultPrivilegesStmt": change.default_privileges,
    "RenameStmt": change.rename,
    "AlterObjectSchemaStmt": change.set_schema,
    "AlterOwnerStmt": change.owner,
    "AlterObjectDependsStmt": change.depends,
    "AlterEnumStmt": change.alter_enum,
    "AlterFunctionStmt": change.alter_function,
    "AlterDomainStmt": change.alter_domain,
    "CreateEnumStmt": define.enum,
    "CreateRangeStmt": define.range_type,
    "CreateDomainStmt": define.domain,
    "DefineStmt": define.define,
    "CreateSchemaStmt": lambda node, _walk, at: define.schema(node, at),
    "CreateExtensionStmt": lambda node, _walk, at: define.extension(node, at),
    "CreateRoleStmt": lambda node, _walk, at: define.role(node, at),
    "AlterRoleStmt": lambda node, _walk, at: define.role(node, at, alter=True),
    "CreatePublicationStmt": define.publication,
    "CreateStatsStmt": define.statistics,
    "CreateCastStmt": define.cast,
}


def nested_queries(query: Query) -> list[Query]:
    """The query and all queries inside it, outermost first."""
    found = [query]
    for item in found:
        found.extend(item.children)
    return found
