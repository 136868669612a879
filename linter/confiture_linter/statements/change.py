"""ALTER, DROP, COMMENT, GRANT and RENAME."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.elements import column, constraint, partition_bound
from confiture_linter.statements.facts import (
    AlterCommand,
    AlterDomain,
    AlterEnum,
    AlterFunction,
    AlterOwner,
    AlterTable,
    Comment,
    Conversion,
    DependsOnExtension,
    Drop,
    DropOwned,
    Fact,
    Grant,
    ObjectPath,
    ReassignOwned,
    Ref,
    Rename,
    SetSchema,
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
from confiture_linter.statements.objects import object_kind, object_path, relation_path, routine_path
from confiture_linter.statements.walk import Walk


def alter_table(node: Node, walk: Walk) -> Fact:
    """ALTER TABLE and its kin."""
    target = node.get("relation", {})
    schema, name, at = relation(target)
    kind = object_kind(node.get("objtype", "OBJECT_TABLE"))
    if not node.get("missing_ok"):
        if kind == "type":
            walk.refs.append(_type_ref(schema, name, at + walk.base))
        else:
            walk.reference(schema, name, at + walk.base, "alter")
    commands = tuple(_command(item["AlterTableCmd"], walk, at + walk.base) for item in node.get("cmds", ()))
    return AlterTable(
        kind,
        schema,
        name,
        at + walk.base,
        commands,
        bool(node.get("missing_ok")),
        not target.get("inh", False),
    )


def _type_ref(schema: str, name: str, at: int) -> Ref:
    return Ref("type", schema, name, at, "alter")


def _command(node: Node, walk: Walk, at: int) -> AlterCommand:
    kind = node.get("subtype", "").removeprefix("AT_")
    command = AlterCommand(
        kind,
        node.get("name", ""),
        at,
        cascade=node.get("behavior") == "DROP_CASCADE",
        missing_ok=bool(node.get("missing_ok")),
        behaviour=str(node.get("num", "")),
    )
    definition = node.get("def", {})
    for child, body in definition.items():
        if child == "ColumnDef":
            command = _column_command(command, body, walk)
        elif child == "ATAlterConstraint":
            words = [word for word, field in _CHECKED if body.get(field)]
            command = command._replace(
                name=body.get("conname", ""), text=" ".join(words), alters=_altered(body)
            )
        elif child == "Constraint" and body.get("contype") == "CONSTR_IDENTITY":
            command = command._replace(text=body.get("generated_when", "a"))
        elif child == "Constraint":
            fact = constraint(body, walk)
            command = command._replace(constraints=(fact,), at=fact.at if fact.at >= 0 else at)
        elif child == "PartitionCmd":
            target = relation(body.get("name", {}))
            walk.reference(target[0], target[1], target[2] + walk.base, "attach")
            bound = body.get("bound")
            if bound:
                walk.expression(bound)
            command = command._replace(
                target=(target[0], target[1], target[2] + walk.base),
                at=target[2] + walk.base,
                text="default" if bound and bound.get("is_default") else "",
                bound=partition_bound(bound) if bound else None,
                behaviour="concurrently" if body.get("concurrent") else "",
            )
        elif child == "TypeName":
            written = type_name(body, walk.base)
            walk.note_type(written)
            command = command._replace(type=written)
        elif child == "RangeVar":
            target = relation(body)
            walk.reference(target[0], target[1], target[2] + walk.base, "inherit")
            command = command._replace(target=(target[0], target[1], target[2] + walk.base))
        elif child == "ReplicaIdentityStmt":
            command = command._replace(name=body.get("name", ""), text=body.get("identity_type", ""))
        elif kind in ("ColumnDefault", "CookedColumnDefault", "SetExpression"):
            command = command._replace(expression=walk.expression(definition))
            break
        elif child in ("String", "List", "Integer", "Float", "A_Const", "Boolean"):
            command = command._replace(text=option_text({child: body}))
        elif child != "DefElem":
            walk.expression(definition)
    if isinstance(node.get("def"), dict) and kind in ("SetRelOptions", "ResetRelOptions"):
        command = command._replace(text=",".join(f"{a}={b}" for a, b in _option_list(node["def"])))
    if kind == "SetIdentity":
        command = command._replace(text=_identity_kind(definition))
    if "newowner" in node:
        command = command._replace(text=(role_names([{"RoleSpec": node["newowner"]}]) or ("",))[0])
    return command


def _altered(node: Node) -> tuple[str, ...]:
    found = []
    if node.get("alterDeferrability"):
        found.append("deferrable")
    if node.get("alterEnforceability"):
        found.append("enforced" if node.get("is_enforced") else "not enforced")
    if node.get("alterInheritability"):
        found.append("inherit")
    return tuple(found)


def _conversion(node: Node) -> Conversion:
    """What a USING expression does, if it only casts a column."""
    casts = []
    while "TypeCast" in node or "CollateClause" in node:
        if "TypeCast" in node:
            casts.append(type_name(node["TypeCast"]["typeName"]))
            node = node["TypeCast"]["arg"]
        else:
            node = node["CollateClause"].get("arg", {})
    fields = strings(node.get("ColumnRef", {}).get("fields"))
    return Conversion(fields[-1] if fields else "", tuple(reversed(casts)))


_CHECKED = (("deferrable", "deferrable"), ("deferred", "initdeferred"))


def _identity_kind(definition: Node) -> str:
    """What SET GENERATED says: `a` or `d`; empty where only the sequence's options are set."""
    for item in definition.get("List", {}).get("items", ()):
        element = item.get("DefElem", {})
        if element.get("defname") == "generated":
            value = element.get("arg", {}).get("Integer", {}).get("ival", 0)
            return chr(value) if value else ""
    return ""


def _option_list(definition: Node) -> tuple[tuple[str, str], ...]:
    return options([i for i in definition.get("List", {}).get("items", ()) if "DefElem" in i])


def _column_command(command: AlterCommand, body: Node, walk: Walk) -> AlterCommand:
    if command.kind in ("AddColumn", "AddColumnToView"):
        first = len(walk.refs)
        fact, constraints = column(body, walk)
        return command._replace(
            column=fact,
            constraints=tuple(constraints),
            at=fact.at,
            name=fact.name,
            refs=(first, len(walk.refs)),
        )
    if "typeName" not in body:
        return command
    written = type_name(body["typeName"], walk.base)
    walk.note_type(written)
    return command._replace(
        type=written,
        expression=walk.expression(body.get("raw_default")),
        using=_conversion(body["raw_default"]) if "raw_default" in body else None,
        text=qualified(body.get("collClause", {}).get("collname"))[1],
        at=body.get("location", -1) + walk.base if body.get("location", -1) >= 0 else command.at,
    )


def comment(node: Node, walk: Walk, at: int) -> Fact:
    """COMMENT ON."""
    kind = object_kind(node.get("objtype", ""))
    return Comment(object_path(kind, node.get("object"), walk.base, at), node.get("comment", ""))


def drop(node: Node, walk: Walk, at: int) -> Fact:
    """DROP."""
    kind = object_kind(node.get("removeType", ""))
    return Drop(
        tuple(object_path(kind, item, walk.base, at) for item in node.get("objects", ())),
        node.get("behavior") == "DROP_CASCADE",
        bool(node.get("missing_ok")),
        bool(node.get("concurrent")),
    )


def drop_owned(node: Node) -> Fact:
    """DROP OWNED BY."""
    return DropOwned(role_names(node.get("roles")), node.get("behavior") == "DROP_CASCADE")


def reassign_owned(node: Node) -> Fact:
    """REASSIGN OWNED BY."""
    return ReassignOwned(
        role_names(node.get("roles")), role_names([{"RoleSpec": node.get("newrole", {})}])[0]
    )


def grant(node: Node, walk: Walk, at: int, *, default: bool = False) -> Fact:
    """GRANT and REVOKE on objects."""
    kind = object_kind(node.get("objtype", ""))
    everything = node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
    paths: list[ObjectPath] = []
    for item in node.get("objects", ()):
        if everything:
            paths.append(object_path("schema", item, walk.base, at))
        else:
            paths.append(object_path(kind, item, walk.base, at))
    if not everything and not default and node.get("is_grant"):
        _note_granted(kind, paths, walk)
    privileges = tuple(
        (item["AccessPriv"].get("priv_name") or "all").lower() for item in node.get("privileges", ())
    )
    grantees = node.get("grantees")
    first = (grantees or [{}])[0].get("RoleSpec", {}).get("location", -1)
    return Grant(
        not node.get("is_grant", False),
        kind,
        tuple(paths),
        everything,
        default,
        privileges or ("all",),
        role_names(grantees),
        bool(node.get("grant_option")),
        first + walk.base if first >= 0 else at,
    )


def _note_granted(kind: str, paths: list[ObjectPath], walk: Walk) -> None:
    if kind in ("table", "sequence"):
        for path in paths:
            schema = path.parts[-2] if len(path.parts) > 1 else ""
            walk.reference(schema, path.parts[-1] if path.parts else "", path.at, "grant")


def default_privileges(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER DEFAULT PRIVILEGES."""
    for item in node.get("options", ()):
        element = item["DefElem"]
        if element.get("defname") == "schemas":
            names = strings(element.get("arg", {}).get("List", {}).get("items"))
            walk.refs += (Ref("schema", "", name, at, "default") for name in names)
    return grant(node.get("action", {}), walk, at, default=True)


def grant_role(node: Node, at: int) -> Fact:
    """GRANT role TO role."""
    roles = tuple((item["AccessPriv"].get("priv_name") or "") for item in node.get("granted_roles", ()))
    return Grant(
        not node.get("is_grant", False),
        "role",
        (),
        False,
        False,
        roles,
        role_names(node.get("grantee_roles")),
        False,
        at,
    )


def rename(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER … RENAME."""
    kind = object_kind(node.get("renameType", ""))
    if "relation" in node:
        path = relation_path(kind, node["relation"], walk.base)
        if not node.get("missing_ok"):
            schema = path.parts[0] if len(path.parts) > 1 else ""
            if kind in ("attribute", "type"):
                walk.refs.append(_type_ref(schema, path.parts[-1], path.at))
            else:
                walk.reference(schema, path.parts[-1], path.at, "alter")
    else:
        path = object_path(kind, node.get("object"), walk.base, at)
        if not path.parts and "subname" in node:
            path = path._replace(parts=(node["subname"],))
    return Rename(
        kind,
        object_kind(node.get("relationType", "OBJECT_TABLE")),
        path,
        node.get("subname", ""),
        node.get("newname", ""),
        bool(node.get("missing_ok")),
        "relation" in node and "inh" not in node["relation"],
    )


def set_schema(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER … SET SCHEMA."""
    kind = object_kind(node.get("objectType", ""))
    path = (
        relation_path(kind, node["relation"], walk.base)
        if "relation" in node
        else object_path(kind, node.get("object"), walk.base, at)
    )
    return SetSchema(path, node.get("newschema", ""), bool(node.get("missing_ok")))


def owner(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER … OWNER TO."""
    kind = object_kind(node.get("objectType", ""))
    path = (
        relation_path(kind, node["relation"], walk.base)
        if "relation" in node
        else object_path(kind, node.get("object"), walk.base, at)
    )
    return AlterOwner(path, (role_names([{"RoleSpec": node.get("newowner", {})}]) or ("",))[0])


def depends(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER … DEPENDS ON EXTENSION."""
    kind = object_kind(node.get("objectType", ""))
    part = ""
    if "relation" in node:
        path = relation_path(kind, node["relation"], walk.base)
        if kind == "trigger":
            part = (strings(node.get("object", {}).get("List", {}).get("items")) or [""])[-1]
    else:
        path = object_path(kind, node.get("object"), walk.base, at)
    extension = node.get("extname", {})
    name = extension.get("sval") or extension.get("String", {}).get("sval", "")
    return DependsOnExtension(path, part, name, bool(node.get("remove")))


def alter_enum(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER TYPE … ADD VALUE and RENAME VALUE."""
    schema, name = qualified(node.get("typeName"))
    walk.refs.append(_type_ref(schema, name, at))
    return AlterEnum(
        schema,
        name,
        at,
        node.get("oldVal", ""),
        node.get("newVal", ""),
        bool(node.get("skipIfNewValExists")),
        node.get("newValNeighbor", ""),
        bool(node.get("newValIsAfter")),
    )


def alter_function(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER FUNCTION and ALTER PROCEDURE."""
    path = routine_path(object_kind(node.get("objtype", "")), node.get("func", {}), walk.base, at)
    return AlterFunction(path, *function_options(node.get("actions")))


def function_options(
    items: list[Node] | None,
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Options of a function, and its SET clauses apart."""
    plain: list[tuple[str, str]] = []
    settings: list[tuple[str, str]] = []
    for item in items or ():
        element = item["DefElem"]
        word, value = element.get("defname", ""), element.get("arg", {})
        if word == "set":
            statement = value.get("VariableSetStmt", {})
            kind = statement.get("kind", "")
            if kind in ("VAR_RESET", "VAR_RESET_ALL", "VAR_SET_DEFAULT"):
                plain.append(("reset", "" if kind == "VAR_RESET_ALL" else statement.get("name", "").lower()))
                continue
            settings.append((statement.get("name", "").lower(), set_values_text(statement)))
        elif word != "as":
            plain.append((word, option_text(value)))
    return tuple(plain), tuple(settings)


def set_values_text(statement: Node) -> str:
    """The value list of SET as written, joined by comma and blank."""
    return ", ".join(set_values(statement))


def set_values(statement: Node) -> tuple[str, ...]:
    """The values of SET."""
    found = []
    for item in statement.get("args", ()):
        if "TypeCast" in item:
            item = item["TypeCast"].get("arg", {})
        found.append(option_text(item))
    return tuple(found)


def alter_domain(node: Node, walk: Walk, at: int) -> Fact:
    """ALTER DOMAIN."""
    schema, name = qualified(node.get("typeName"))
    walk.refs.append(_type_ref(schema, name, at))
    definition: Any = node.get("def", {})
    fact = constraint(definition["Constraint"], walk) if "Constraint" in definition else None
    default = None
    if node.get("subtype") == "T" and definition:
        default = walk.expression(definition)
    return AlterDomain(
        schema,
        name,
        at,
        node.get("subtype", ""),
        fact,
        node.get("name", ""),
        default,
        bool(node.get("missing_ok")),
    )
