"""RENAME, SET SCHEMA, OWNER, COMMENT, GRANT, ALTER DOMAIN and the statements that only touch the catalog."""

from confiture_linter.catalog import Index, Sequence, Table, Type, View
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.definitions import named
from confiture_linter.effects.dependents import columns_of_type
from confiture_linter.effects.objects import (
    constraints_of,
    family,
    find,
    index_named,
    is_temporary,
    missing,
    owned_sequences,
    written,
)
from confiture_linter.effects.options import change_owner
from confiture_linter.effects.queries import Reading, check_copied, run_calls
from confiture_linter.effects.type_change import resolve
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import (
    AlterDomain,
    AlterEnum,
    AlterOwner,
    Comment,
    CopyRows,
    Grant,
    ObjectPath,
    Rename,
    SetSchema,
    Statement,
)

_AX = LockMode.ACCESS_EXCLUSIVE
_SUX = LockMode.SHARE_UPDATE_EXCLUSIVE
_AS = LockMode.ACCESS_SHARE
_RELATIONS = frozenset({"table", "view", "materialized view", "sequence", "foreign table"})
_PARTS = frozenset({"column", "table constraint", "trigger", "policy", "rule"})


def _names(target: ObjectPath) -> tuple[str, str]:
    parts = target.parts
    return (parts[-2] if len(parts) > 1 else ""), parts[-1] if parts else ""


def rename(account: Account, fact: Rename) -> None:
    """RENAME: ACCESS EXCLUSIVE, but for an index since 12."""
    schema, name = _names(fact.target)
    if fact.kind in ("attribute", "type", "domain"):
        own = account.catalog.type(schema, name)
        if own is not None and own.form == "composite":
            account.lock(own.identity, _AX)
        elif own is None and not fact.if_exists and account.catalog.relation(schema, name) is None:
            missing(account, schema, name, "type")
        elif own is not None and fact.kind != "attribute" and (own.schema, fact.new) in account.catalog.types:
            raise Refused(f'type "{fact.new}" already exists')
        return
    if fact.kind not in _RELATIONS and fact.kind not in _PARTS and fact.kind != "index":
        return
    view = index_named(account.catalog, schema, name)
    if view is not None:
        mode = _SUX if fact.kind == "index" else _AX
        account.lock(view.identity, mode)
        schema = view.table.schema
        taken = index_named(account.catalog, schema, fact.new) is not None
        if taken or (schema, fact.new) in account.catalog.relations:
            raise Refused(f'relation "{fact.new}" already exists')
        return
    found = find(account, schema, name)
    if found is None:
        if not fact.if_exists and not is_temporary(account, schema, name):
            account.lock(written(account, schema, name), _AX)
            missing(account, schema, name)
        return
    account.lock(found, _AX)
    if fact.kind in _PARTS:
        _rename_part(account, found, fact)
        return
    if fact.kind == "view" and not (isinstance(found, View) and not found.materialized):
        raise Refused(f'"{name}" is not a view')
    if fact.kind == "sequence" and not isinstance(found, Sequence):
        raise Refused(f'"{name}" is not a sequence')
    if (found.schema, fact.new) in account.catalog.relations:
        raise Refused(f'relation "{fact.new}" already exists')


def _rename_part(account: Account, found: object, fact: Rename) -> None:
    if not isinstance(found, Table):
        return
    if fact.kind == "column":
        _rename_column(account, found, fact)
    elif fact.kind == "table constraint":
        _rename_constraint(account, found, fact)
    else:
        _rename_attached(account, found, fact)


def _rename_column(account: Account, table: Table, fact: Rename) -> None:
    part = fact.part
    if part not in table.columns and not table.unknown_columns:
        raise Refused(f'column "{part}" does not exist')
    if fact.new in table.columns:
        raise Refused(f'column "{fact.new}" of relation "{table.name}" already exists')
    if fact.only and (table.partitions or table.children):
        raise Refused(f'inherited column "{part}" must be renamed in child tables too')
    parents = [*table.parents, *([table.partition_of] if table.partition_of is not None else [])]
    if any(part in parent.columns for parent in parents):
        raise Refused(f'cannot rename inherited column "{part}"')
    account.lock_all(family(table), _AX)


def _rename_constraint(account: Account, table: Table, fact: Rename) -> None:
    part = fact.part
    constraint = next((c for c in constraints_of(table) if c.name == part), None)
    if constraint is None:
        if not table.unknown_columns:
            raise Refused(f'constraint "{part}" for table "{table.name}" does not exist')
        return
    if constraint.table is not table:
        raise Refused(f'cannot rename inherited constraint "{part}"')
    if constraint.kind in ("check", "not null") and not constraint.fact.no_inherit:
        account.lock_all(family(table), _AX)
    elif constraint.kind in ("primary key", "unique", "exclude"):
        taken = index_named(account.catalog, table.schema, fact.new) is not None
        if taken or (table.schema, fact.new) in account.catalog.relations:
            raise Refused(f'relation "{fact.new}" already exists')
        account.lock(f"{table.schema}.{part}", _SUX)


def _rename_attached(account: Account, table: Table, fact: Rename) -> None:
    """Triggers, policies and rules; partitions have copies of row triggers, renamed along since 15."""
    names: set[str] = set(table.rules)
    if fact.kind == "trigger":
        names = {trigger.name for trigger in table.triggers}
        copied = any(trigger.fact.row for trigger in table.triggers if trigger.name == fact.part)
        if account.postgres >= 15 and table.partition_strategy and copied:
            account.lock_all(family(table), _AX)
    elif fact.kind == "policy":
        names = {policy.name for policy in table.policies}
    if fact.part not in names and not table.unknown_columns:
        raise Refused(f'{fact.kind} "{fact.part}" for table "{table.name}" does not exist')


def set_schema(account: Account, fact: SetSchema) -> None:
    """SET SCHEMA takes the sequences a table owns along."""
    schema, name = _names(fact.target)
    if fact.target.kind in ("type", "domain"):
        own = account.catalog.type(schema, name)
        if own is not None and own.form == "composite":
            account.lock(own.identity, _AX)
        return
    if fact.target.kind not in _RELATIONS:
        return
    found = find(account, schema, name)
    if found is None:
        if not fact.if_exists and not is_temporary(account, schema, name):
            account.lock(written(account, schema, name), _AX)
            missing(account, schema, name)
        return
    account.lock(found, _AX)
    if isinstance(found, Sequence) and found.owned_by is not None:
        raise Refused("cannot move an owned sequence into another schema")
    if isinstance(found, Index):
        raise Refused(f'cannot change schema of index "{name}"')
    if (fact.schema, found.name) in account.catalog.relations:
        raise Refused(f'relation "{found.name}" already exists in schema "{fact.schema}"')
    known = fact.schema == "public" or fact.schema in account.catalog.schemas
    if account.catalog.schemas and not known and not account.catalog.partial:
        raise Refused(f'schema "{fact.schema}" does not exist')
    if isinstance(found, Table):
        account.lock_all(owned_sequences(account.catalog, found), _AX)


def owner(account: Account, fact: AlterOwner) -> None:
    """OWNER TO of what is no table."""
    if fact.target.kind in _RELATIONS:
        found = find(account, *_names(fact.target))
        if found is not None:
            change_owner(account, found, fact.owner)
    elif fact.target.kind in ("type", "domain"):
        own = account.catalog.type(*_names(fact.target))
        if own is not None and own.form == "composite":
            account.lock(own.identity, _AX)


def comment(account: Account, fact: Comment) -> None:
    """COMMENT: on a relation or column it keeps others from altering it, on a part it only looks."""
    target = fact.target
    if target.kind in _RELATIONS or target.kind == "index":
        schema, name = _names(target)
        view = index_named(account.catalog, schema, name) if target.kind == "index" else None
        if view is not None:
            account.lock(view.identity, _SUX)
        else:
            _refuse_kind(target.kind, named(account, schema, name, _SUX))
    elif target.kind == "column" and len(target.parts) > 1:
        schema = target.parts[-3] if len(target.parts) > 2 else ""
        own = account.catalog.type(schema, target.parts[-2])
        if own is not None:
            account.lock(own.identity, _SUX)
            return
        found = named(account, schema, target.parts[-2], _SUX)
        if isinstance(found, Table) and not found.unknown_columns and target.parts[-1] not in found.columns:
            raise Refused(f'column "{target.parts[-1]}" of relation "{found.name}" does not exist')
    elif target.kind in ("table constraint", "trigger", "policy", "rule") and len(target.parts) > 1:
        found = named(account, target.parts[-3] if len(target.parts) > 2 else "", target.parts[-2], _AS)
        _refuse_missing_part(target.kind, found, target.parts[-1])


def _refuse_kind(kind: str, found: Table | View | None) -> None:
    """COMMENT ON TABLE of a view, and the like."""
    if found is None:
        return
    own = "table" if isinstance(found, Table) else "materialized view" if found.materialized else "view"
    if kind in ("table", "view", "materialized view") and kind != own:
        raise Refused(f'"{found.name}" is not a {kind}')


def _refuse_missing_part(kind: str, found: Table | View | None, name: str) -> None:
    if not isinstance(found, Table) or found.unknown_columns:
        return
    if kind == "table constraint":
        implicit = any(name == f"{found.name}_{column}_not_null" for column in found.columns)
        known = implicit or any(constraint.name == name for constraint in constraints_of(found))
    elif kind == "rule":
        known = name in found.rules
    else:
        parts = found.triggers if kind == "trigger" else found.policies
        known = name in {part.name for part in parts}
    if not known:
        raise Refused(f'{kind.removeprefix("table ")} "{name}" for table "{found.name}" does not exist')


def grant(account: Account, fact: Grant) -> None:
    """GRANT and REVOKE look the relations up under a lock since 18."""
    if fact.default or fact.all_in_schema or fact.kind not in ("table", "sequence"):
        return
    for target in fact.targets:
        if account.postgres >= 18:
            named(account, *_names(target), _AS)
        elif find(account, *_names(target)) is None and not is_temporary(account, *_names(target)):
            missing(account, *_names(target))


def domain(account: Account, fact: AlterDomain) -> None:
    """ALTER DOMAIN reads every table that has a column of the domain when a constraint is checked."""
    found = account.catalog.type(fact.schema, fact.name)
    if found is None:
        missing(account, fact.schema, fact.name, "type")
        return
    if found.form != "domain":
        raise Refused(f'"{fact.name}" is not a domain')
    if fact.action == "O":
        if found.not_null:
            return
    elif fact.action == "C":
        constraint = fact.constraint
        if constraint is None or constraint.not_valid:
            return
        if constraint.kind == "not null" and found.not_null:
            return
    elif fact.action == "V":
        _refuse_unknown(found, fact)
    else:
        if fact.action == "X" and not fact.if_exists:
            _refuse_unknown(found, fact)
        return
    for table, _ in columns_of_type(account.catalog, found):
        if table.partition_strategy:
            continue
        if resolve(account, table.columns[_].type).array:
            raise Refused(f'cannot alter type "{found.name}" because column "{table.name}.{_}" uses it')
        account.lock(table, LockMode.SHARE)
        account.scan(table)


def _refuse_unknown(domain: Type, fact: AlterDomain) -> None:
    """A constraint that the domain does not have; what nobody named is called after the domain."""
    names = {constraint.name or f"{domain.name}_check" for constraint in domain.constraints}
    numbered = fact.constraint_name.rstrip("0123456789") in names
    if fact.constraint_name not in names and not numbered and not domain.not_null:
        raise Refused(f'constraint "{fact.constraint_name}" of domain "{domain.name}" does not exist')


def enum(account: Account, fact: AlterEnum) -> None:
    """ALTER TYPE … ADD VALUE locks no table; the value cannot be used before COMMIT."""
    found = account.catalog.type(fact.schema, fact.name)
    if found is None:
        missing(account, fact.schema, fact.name, "type")
        return
    if fact.old:
        if fact.old not in found.labels:
            raise Refused(f'"{fact.old}" is not an existing enum label')
        if fact.new in found.labels:
            raise Refused(f'enum label "{fact.new}" already exists')
        return
    if fact.new in found.labels and not fact.if_not_exists:
        raise Refused(f'enum label "{fact.new}" already exists')
    if fact.neighbour and fact.neighbour not in found.labels:
        raise Refused(f'"{fact.neighbour}" is not an existing enum label')
    account.note("the new value cannot be used before this transaction commits")


def copy(account: Account, fact: CopyRows, statement: Statement) -> None:
    """COPY of a table, or of what a query returns."""
    if not fact.name:
        Reading(account, scan=True).queries(statement.queries)
        run_calls(account, statement.refs)
        return
    found = named(account, fact.schema, fact.name, LockMode.ROW_EXCLUSIVE if fact.inward else _AS)
    if found is None:
        return
    if isinstance(found, View) and not (fact.inward or (found.materialized and account.postgres >= 18)):
        raise Refused(f'cannot copy from view "{found.name}"')
    if isinstance(found, Table):
        if fact.inward:
            check_copied(account, found, fact.columns)
        elif found.partition_strategy:
            raise Refused(f'cannot copy from partitioned table "{found.name}"')
        else:
            account.scan(found)
    elif found.materialized:
        account.scan(found)
