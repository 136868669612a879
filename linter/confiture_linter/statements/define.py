"""CREATE: tables, views, indexes, types, sequences, triggers, policies and the rest."""

from collections.abc import Iterator
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.elements import (
    column,
    constraint,
    index_columns,
    partition_bound,
    spelling,
    storage_options,
)
from confiture_linter.statements.facts import (
    ColumnFact,
    ConstraintFact,
    CreateExtension,
    CreateIndex,
    CreateOther,
    CreatePolicy,
    CreateRole,
    CreateSchema,
    CreateSequence,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Fact,
    LikeClause,
    Ref,
    TypeName,
)
from confiture_linter.statements.names import (
    option_text,
    options,
    qualified,
    relation,
    role_names,
    strings,
    type_name,
)
from confiture_linter.statements.objects import object_kind
from confiture_linter.statements.walk import QUERY_KINDS, Walk

_LIKE_DEFAULTS_BITS = 0x7FFFFFFF


def table(node: Node, walk: Walk) -> Fact:
    """CREATE TABLE."""
    schema, name, at = relation(node.get("relation", {}))
    columns: list[ColumnFact] = []
    constraints: list[ConstraintFact] = []
    like: list[LikeClause] = []
    for item in node.get("tableElts", ()):
        for kind, body in item.items():
            if kind == "ColumnDef":
                fact, own = column(body, walk)
                if "typeName" in body:
                    columns.append(fact)
                constraints.extend(own)
            elif kind == "Constraint":
                constraints.append(constraint(body, walk))
            elif kind == "TableLikeClause":
                like.append(_like(body, walk))
    inherits = tuple(_parent(item["RangeVar"], walk) for item in node.get("inhRelations", ()))
    bound = node.get("partbound")
    if bound:
        walk.expression(bound)
    strategy, key = _partition_key(node.get("partspec"), walk)
    of_type = type_name(node["ofTypename"], walk.base) if "ofTypename" in node else None
    if of_type is not None:
        walk.note_type(of_type)
    return CreateTable(
        schema,
        name,
        at + walk.base,
        tuple(columns),
        tuple(constraints),
        () if bound else inherits,
        tuple(like),
        inherits[0] if bound and inherits else None,
        bool(bound and bound.get("is_default")),
        strategy,
        key,
        node.get("relation", {}).get("relpersistence", "p"),
        bool(node.get("if_not_exists")),
        of_type,
        options=storage_options(node),
        access_method=node.get("accessMethod", ""),
        bound=partition_bound(bound) if bound else None,
    )


def foreign_table(node: Node, walk: Walk) -> Fact:
    """CREATE FOREIGN TABLE."""
    fact = table(node.get("base") or node.get("base_stmt") or {}, walk)
    at = fact.at if isinstance(fact, CreateTable) else -1
    walk.refs.append(Ref("foreign server", "", node.get("servername", ""), at, "define"))
    return fact._replace(foreign=True) if isinstance(fact, CreateTable) else fact


def _like(node: Node, walk: Walk) -> LikeClause:
    schema, name, at = relation(node.get("relation", {}))
    walk.reference(schema, name, at + walk.base, "like")
    return LikeClause(schema, name, node.get("options", 0) & _LIKE_DEFAULTS_BITS, at + walk.base)


def _parent(node: Node, walk: Walk) -> tuple[str, str, int]:
    schema, name, at = relation(node)
    walk.reference(schema, name, at + walk.base, "inherit")
    return schema, name, at + walk.base


def _partition_key(node: Node | None, walk: Walk) -> tuple[str, tuple[str, ...]]:
    if not node:
        return "", ()
    names = []
    for item in node.get("partParams", ()):
        element = item["PartitionElem"]
        names.append(element.get("name", ""))
        if "expr" in element:
            walk.expression(element["expr"])
    return node.get("strategy", "").removeprefix("PARTITION_STRATEGY_").lower(), tuple(names)


def table_as(node: Node, walk: Walk) -> Fact:
    """CREATE TABLE AS and CREATE MATERIALIZED VIEW."""
    into = node.get("into", {})
    schema, name, at = relation(into.get("rel", {}))
    for kind, body in node.get("query", {}).items():
        if kind in QUERY_KINDS:
            walk.top(kind, body)
        else:
            walk.visit({kind: body})
    names = tuple(strings(into.get("colNames")))
    if node.get("objtype") == "OBJECT_MATVIEW":
        return CreateView(
            schema,
            name,
            at + walk.base,
            True,
            names,
            False,
            storage_options(into),
            bool(node.get("if_not_exists")),
            "p",
            not into.get("skipData"),
        )
    return CreateTable(
        schema,
        name,
        at + walk.base,
        persistence=into.get("rel", {}).get("relpersistence", "p"),
        if_not_exists=bool(node.get("if_not_exists")),
        from_query=True,
        column_names=names,
        with_data=not into.get("skipData"),
    )


def view(node: Node, walk: Walk) -> Fact:
    """CREATE VIEW."""
    schema, name, at = relation(node.get("view", {}))
    for kind, body in node.get("query", {}).items():
        walk.top(kind, body)
    return CreateView(
        schema,
        name,
        at + walk.base,
        False,
        tuple(strings(node.get("aliases"))),
        bool(node.get("replace")),
        storage_options(node),
        False,
        node.get("view", {}).get("relpersistence", "p"),
    )


def index(node: Node, walk: Walk) -> Fact:
    """CREATE INDEX."""
    target = node.get("relation", {})
    schema, name, at = relation(target)
    walk.reference(schema, name, at + walk.base, "index")
    return CreateIndex(
        schema,
        node.get("idxname", ""),
        schema,
        name,
        at + walk.base,
        index_columns(node.get("indexParams", ()), walk),
        tuple(item.get("IndexElem", {}).get("name", "") for item in node.get("indexIncludingParams", ())),
        bool(node.get("unique")),
        walk.expression(node.get("whereClause")) if "whereClause" in node else None,
        node.get("accessMethod", "btree"),
        bool(node.get("concurrent")),
        bool(node.get("if_not_exists")),
        not target.get("inh", False),
        bool(node.get("nulls_not_distinct")),
        spelling(node.get("whereClause", {})),
    )


def trigger(node: Node, walk: Walk) -> Fact:
    """CREATE TRIGGER."""
    schema, name, at = relation(node.get("relation", {}))
    walk.reference(schema, name, at + walk.base, "trigger")
    function_schema, function = qualified(node.get("funcname"))
    walk.call(function_schema, function, at + walk.base, 0)
    timing = node.get("timing", 0)
    events = node.get("events", 0)
    return CreateTrigger(
        node.get("trigname", ""),
        schema,
        name,
        at + walk.base,
        function_schema,
        function,
        "before" if timing & 2 else "instead of" if timing & 64 else "after",
        tuple(word for bit, word in _EVENTS if events & bit),
        tuple(strings(node.get("columns"))),
        bool(node.get("row")),
        walk.expression(node.get("whenClause")) if "whenClause" in node else None,
        bool(node.get("isconstraint")),
        bool(node.get("replace")),
        tuple(item["TriggerTransition"].get("name", "") for item in node.get("transitionRels", ())),
        relation(node["constrrel"])[:2] if "constrrel" in node else None,
    )


_EVENTS = ((4, "insert"), (8, "delete"), (16, "update"), (32, "truncate"))


def policy(node: Node, walk: Walk) -> Fact:
    """CREATE POLICY."""
    return _policy(node, walk, alter=False)


def alter_policy(node: Node, walk: Walk) -> Fact:
    """ALTER POLICY."""
    return _policy(node, walk, alter=True)


def _policy(node: Node, walk: Walk, *, alter: bool) -> Fact:
    schema, name, at = relation(node.get("table", {}))
    walk.reference(schema, name, at + walk.base, "policy")
    return CreatePolicy(
        node.get("policy_name", ""),
        schema,
        name,
        at + walk.base,
        node.get("cmd_name", "all").lower(),
        bool(node.get("permissive")),
        role_names(node.get("roles")),
        walk.expression(node.get("qual")),
        walk.expression(node.get("with_check")),
        alter,
    )


def enum(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE TYPE … AS ENUM."""
    return CreateType(*qualified(node.get("typeName")), at, "enum", tuple(strings(node.get("vals"))))


def composite(node: Node, walk: Walk) -> Fact:
    """CREATE TYPE … AS (…)."""
    schema, name, at = relation(node.get("typevar", {}))
    attributes = tuple(column(item["ColumnDef"], walk)[0] for item in node.get("coldeflist", ()))
    return CreateType(schema, name, at + walk.base, "composite", attributes=attributes)


def range_type(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE TYPE … AS RANGE."""
    base = None
    for item in node.get("params", ()):
        element = item["DefElem"]
        if element.get("defname") == "subtype" and "TypeName" in element.get("arg", {}):
            base = type_name(element["arg"]["TypeName"], walk.base)
            walk.note_type(base)
    return CreateType(*qualified(node.get("typeName")), at, "range", base=base)


def domain(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE DOMAIN."""
    base = type_name(node["typeName"], walk.base)
    walk.note_type(base)
    constraints = []
    default = None
    not_null = False
    for item in node.get("constraints", ()):
        body = item["Constraint"]
        if body.get("contype") == "CONSTR_DEFAULT":
            default = walk.expression(body.get("raw_expr"))
        elif body.get("contype") == "CONSTR_NOTNULL":
            not_null = True
        elif body.get("contype") == "CONSTR_CHECK":
            constraints.append(constraint(body, walk))
    return CreateType(
        *qualified(node.get("domainname")),
        at,
        "domain",
        base=base,
        constraints=tuple(constraints),
        not_null=not_null,
        default=default,
    )


def define(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE AGGREGATE, OPERATOR, COLLATION, TEXT SEARCH … and base types."""
    kind = object_kind(node.get("kind", ""))
    schema, name = qualified(node.get("defnames"))
    if kind == "type":
        return CreateType(schema, name, at, "base" if node.get("definition") else "shell")
    arguments: list[TypeName] = []
    if kind == "aggregate":
        for item in (node.get("args") or [{}])[0].get("List", {}).get("items", ()):
            parameter = item.get("FunctionParameter")
            if parameter:
                written = type_name(parameter["argType"], walk.base)
                walk.note_type(written)
                arguments.append(written)
    given = []
    for item in node.get("definition", ()):
        element = item["DefElem"]
        word, value = element.get("defname", "").lower(), element.get("arg", {})
        given.append((word, option_text(value)))
        if kind == "aggregate" and word == "basetype" and "TypeName" in value:
            # the old style names its one argument among the options; "ANY" is none
            written = type_name(value["TypeName"], walk.base)
            if written.name.lower() not in ("any", "*"):
                arguments.append(written)
        _defined_with(word, value, walk, at)
    return CreateOther(
        kind, schema, name, at, tuple(arguments), bool(node.get("if_not_exists")), tuple(given)
    )


_FUNCTION_OPTIONS = frozenset(
    {"sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc", "procedure",
     "function", "restrict", "join"}
)  # fmt: skip
_TYPE_OPTIONS = frozenset({"stype", "mstype", "leftarg", "rightarg", "basetype"})


def _defined_with(word: str, value: Any, walk: Walk, at: int) -> None:
    names = value.get("TypeName", {}).get("names") or value.get("List", {}).get("items")
    if not names:
        return
    schema, name = qualified(names)
    if word in _FUNCTION_OPTIONS:
        walk.call(schema, name, at, -1)
    elif word in _TYPE_OPTIONS and "TypeName" in value:
        walk.note_type(type_name(value["TypeName"], walk.base))


def sequence(node: Node, walk: Walk, *, alter: bool = False) -> Fact:
    """CREATE SEQUENCE and ALTER SEQUENCE."""
    schema, name, at = relation(node.get("sequence", {}))
    if node.get("sequence", {}).get("relpersistence") == "t":
        schema = "pg_temp"
    owned: tuple[str, ...] = ()
    kind = ""
    for item in node.get("options", ()):
        element = item["DefElem"]
        if element.get("defname") == "owned_by":
            owned = tuple(strings(element.get("arg", {}).get("List", {}).get("items")))
        elif element.get("defname") == "as":
            kind = option_text(element.get("arg")).rpartition(".")[2]
    if alter:
        walk.reference(schema, name, at + walk.base, "alter")
    if len(owned) > 1:
        walk.reference(owned[-3] if len(owned) > 2 else "", owned[-2], at + walk.base, "own")
    quiet = bool(node.get("if_not_exists") or node.get("missing_ok"))
    return CreateSequence(schema, name, at + walk.base, kind, owned, quiet, alter)


def schema(node: Node, at: int) -> Fact:
    """CREATE SCHEMA."""
    name = node.get("schemaname") or node.get("authrole", {}).get("rolename", "")
    owner = role_names([{"RoleSpec": node["authrole"]}])[0] if "authrole" in node else ""
    return CreateSchema(name, at, bool(node.get("if_not_exists")), owner)


def extension(node: Node, at: int) -> Fact:
    """CREATE EXTENSION."""
    given = dict(options(node.get("options")))
    return CreateExtension(
        node.get("extname", ""),
        at,
        given.get("schema", ""),
        given.get("new_version", ""),
        bool(node.get("if_not_exists")),
    )


def role(node: Node, at: int, *, alter: bool = False) -> Fact:
    """CREATE ROLE and ALTER ROLE."""
    name = node.get("role", "")
    if isinstance(name, dict):
        name = name.get("rolename", "")
    return CreateRole(name, at, options(node.get("options")), alter)


def rule(node: Node, walk: Walk) -> Fact:
    """CREATE RULE."""
    schema, name, at = relation(node.get("relation", {}))
    walk.reference(schema, name, at + walk.base, "rule")
    condition = walk.expression(node.get("whereClause"))
    for item in node.get("actions", ()):
        for kind, body in item.items():
            if kind in QUERY_KINDS:
                walk.top(kind, body)
    return CreateOther(
        "rule",
        schema,
        name,
        at + walk.base,
        options=(
            ("name", node.get("rulename", "")),
            ("event", node.get("event", "").removeprefix("CMD_").lower()),
            ("instead", str(bool(node.get("instead"))).lower()),
            ("replace", str(bool(node.get("replace"))).lower()),
            ("columns", ",".join(use.name for use in condition.columns) if condition is not None else ""),
        ),
    )


def publication(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE PUBLICATION."""
    for item in node.get("pubobjects", ()):
        if item.get("PublicationObjSpec", {}).get("pubobjtype") == "PUBLICATIONOBJ_TABLES_IN_SCHEMA":
            walk.refs.append(Ref("schema", "", item["PublicationObjSpec"].get("name", ""), at, "publish"))
        published = item.get("PublicationObjSpec", {}).get("pubtable")
        if published:
            target, name, place = relation(published.get("relation", {}))
            walk.reference(target, name, place + walk.base, "publish")
    return CreateOther(
        "publication",
        "",
        node.get("pubname", ""),
        at,
        options=(
            ("all", str(bool(node.get("for_all_tables"))).lower()),
            ("only", ",".join(published_only(node))),
            *_published(node),
        ),
    )


def _published(node: Node) -> Iterator[tuple[str, str]]:
    """The columns of each table that a publication lists or filters by, as (`column of T`, name)."""
    for item in node.get("pubobjects", ()):
        published = item.get("PublicationObjSpec", {}).get("pubtable")
        if published:
            name = relation(published.get("relation", {}))[1]
            for listed in published.get("columns", ()):
                yield f"column of {name}", listed.get("String", {}).get("sval", "")
            for used in _column_names(published.get("whereClause", {})):
                yield f"column of {name}", used


def _column_names(node: Any) -> Iterator[str]:
    """The last name of every column reference in an expression without sub-queries."""
    if isinstance(node, list):
        for item in node:
            yield from _column_names(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "ColumnRef":
                yield value["fields"][-1].get("String", {}).get("sval", "")
            else:
                yield from _column_names(value)


def published_only(node: Node) -> list[str]:
    """Names of the tables that a publication takes in with ONLY."""
    found = (
        item.get("PublicationObjSpec", {}).get("pubtable", {}).get("relation", {})
        for item in node.get("pubobjects", ())
    )
    return [target["relname"] for target in found if target and "inh" not in target]


def statistics(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE STATISTICS."""
    for item in node.get("relations", ()):
        if "RangeVar" in item:
            target, name, place = relation(item["RangeVar"])
            walk.reference(target, name, place + walk.base, "statistics")
    return CreateOther(
        "statistics",
        *qualified(node.get("defnames")),
        at,
        if_not_exists=bool(node.get("if_not_exists")),
        # An expression is a column without a name.
        options=tuple(
            ("column", item.get("StatsElem", {}).get("name", "")) for item in node.get("exprs", ())
        ),
    )


def cast(node: Node, walk: Walk, at: int) -> Fact:
    """CREATE CAST."""
    types = []
    for field in ("sourcetype", "targettype"):
        written = type_name(node.get(field, {}), walk.base)
        walk.note_type(written)
        types.append(written)
    if "func" in node:
        function_schema, function = qualified(node["func"].get("objname"))
        walk.call(function_schema, function, at, len(node["func"].get("objargs", ())) or -1)
    return CreateOther("cast", "", "", at, tuple(types))


_NAMED = {
    "CreateFdwStmt": ("foreign data wrapper", "fdwname"),
    "CreateForeignServerStmt": ("foreign server", "servername"),
    "CreateUserMappingStmt": ("user mapping", "servername"),
    "CreateEventTrigStmt": ("event trigger", "trigname"),
    "CreatePLangStmt": ("language", "plname"),
    "CreateAmStmt": ("access method", "amname"),
    "CreateSubscriptionStmt": ("subscription", "subname"),
    "CreateTableSpaceStmt": ("tablespace", "tablespacename"),
    "CreatedbStmt": ("database", "dbname"),
    "ImportForeignSchemaStmt": ("imported schema", "local_schema"),
}


def other(kind: str, node: Node, at: int) -> Fact | None:
    """A CREATE of which only the name matters; None for any other statement."""
    if kind in ("CreateOpClassStmt", "CreateOpFamilyStmt"):
        return CreateOther(
            "operator class" if kind == "CreateOpClassStmt" else "operator family",
            *qualified(node.get("opclassname") or node.get("opfamilyname")),
            at,
        )
    named = _NAMED.get(kind)
    if named is None:
        return None
    return CreateOther(named[0], "", str(node.get(named[1], "")), at, options=options(node.get("options")))
