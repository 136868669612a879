"""CREATE TABLE, VIEW, TRIGGER, POLICY, RULE, SEQUENCE, STATISTICS, PUBLICATION: what they lock of what exists."""

from confiture_linter.catalog import Function, Sequence, Table, View
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.columns import mention_default, mention_sequences, refuse_default
from confiture_linter.effects.dependents import nested
from confiture_linter.effects.fks import add_foreign_key
from confiture_linter.effects.objects import family, find, is_temporary, missing, written
from confiture_linter.effects.partitions import create_partition
from confiture_linter.effects.queries import Reading, run_calls
from confiture_linter.effects.replacement import refuse_replacement, refuse_view_replacement
from confiture_linter.effects.type_change import require_type
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import (
    CreateFunction,
    CreateOther,
    CreatePolicy,
    CreateSchema,
    CreateSequence,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Expression,
    Statement,
    TypeName,
)

_AX = LockMode.ACCESS_EXCLUSIVE
_SUX = LockMode.SHARE_UPDATE_EXCLUSIVE
_SRX = LockMode.SHARE_ROW_EXCLUSIVE
_AS = LockMode.ACCESS_SHARE
PUBLISHED = _SUX
"""On a table that a publication takes in or lets go."""


def named(account: Account, schema: str, name: str, mode: LockMode) -> Table | View | None:
    """Lock a relation that a statement names; None if it is not in the catalog, or is no table or view."""
    found = find(account, schema, name)
    if found is None:
        if not is_temporary(account, schema, name):
            account.lock(written(account, schema, name), mode)
            missing(account, schema, name)
        return None
    account.lock(found, mode)
    return found if isinstance(found, Table | View) else None


def create_table(account: Account, fact: CreateTable, statement: Statement) -> None:
    """CREATE TABLE locks parents, sources and the targets of its foreign keys."""
    _refuse_table(account, fact)
    schema = account.catalog.creation_schema(fact.schema)
    if fact.persistence != "t" and (schema, fact.name) in account.catalog.relations:
        if not fact.if_not_exists:
            raise Refused(f'relation "{fact.name}" already exists')
        account.note(f"{schema}.{fact.name} is there already: nothing is created")
        Reading(account, planned=False, rewritten=False, executed=False).queries(statement.queries)
        return
    for column in fact.columns:
        require_type(account, column.type)
        if not column.generated:
            refuse_default(column.default)
        mention_sequences(account, column.default, evaluated=False)
    _sources(account, fact)
    types: dict[str, TypeName] = {column.name: column.type for column in fact.columns}
    if fact.partition_of is not None:
        parent = named(account, *fact.partition_of[:2], _AX)
        if isinstance(parent, Table):
            create_partition(account, parent, fact.bound)
            types = {name: column.type for name, column in parent.columns.items()} | types
    for constraint in fact.constraints:
        itself = constraint.target == fact.name and constraint.target_schema in ("", schema)
        if constraint.kind == "foreign key" and not itself:
            known = types if set(constraint.columns) <= set(types) else {}
            add_foreign_key(
                account, None, constraint, validate=False, persistence=fact.persistence, types=known
            )
    _refuse_key(fact)
    if fact.from_query:
        runs = fact.with_data
        Reading(account, planned=runs, scan=runs, rewritten=runs).queries(statement.queries)
        if runs:
            run_calls(account, statement.refs)


def _sources(account: Account, fact: CreateTable) -> None:
    """OF, INHERITS and LIKE."""
    if fact.of_type is not None:
        composite = account.catalog.type(fact.of_type.schema, fact.of_type.name)
        if composite is None:
            missing(account, fact.of_type.schema, fact.of_type.name, "type")
        else:
            if composite.form != "composite":
                raise Refused(f"type {composite.name} is not a composite type")
            account.lock(composite.identity, _AS)
    for schema, name, _ in fact.inherits:
        parent = named(account, schema, name, _SUX)
        if isinstance(parent, Table) and parent.partition_strategy:
            raise Refused(f'cannot inherit from partitioned table "{parent.name}"')
    for like in fact.like:
        source = named(account, like.schema, like.name, _AS)
        if isinstance(source, Table) and like.options & _LIKE_DEFAULTS:
            for copied in source.columns.values():
                mention_default(account, source, copied)


_LIKE_DEFAULTS = 8
"""Bit of INCLUDING DEFAULTS."""


def _refuse_table(account: Account, fact: CreateTable) -> None:
    names = [column.name for column in fact.columns]
    for name in names:
        if names.count(name) > 1:
            raise Refused(f'column "{name}" specified more than once')
    if not fact.schema or not account.catalog.schemas or account.catalog.partial:
        return
    known = fact.schema in ("public", "pg_temp", "pg_catalog") or fact.schema in account.catalog.schemas
    if not known and not any(key[0] == fact.schema for key in account.catalog.relations):
        raise Refused(f'schema "{fact.schema}" does not exist')


def _refuse_key(fact: CreateTable) -> None:
    if not fact.partition_strategy or "" in fact.partition_key:
        return
    for constraint in fact.constraints:
        if constraint.kind in ("primary key", "unique") and not set(fact.partition_key) <= set(
            constraint.columns
        ):
            raise Refused("unique constraint on partitioned table must include all partitioning columns")


def create_view(account: Account, fact: CreateView, statement: Statement) -> None:
    """CREATE VIEW only looks at what it names; a materialized view runs its query at once."""
    schema = account.catalog.creation_schema(fact.schema)
    known = account.catalog.relations.get((schema, fact.name))
    if known is not None and fact.persistence != "t":
        if fact.if_not_exists:
            account.note(f"{schema}.{fact.name} is there already: nothing is created")
            return
        if not fact.replace:
            raise Refused(f'relation "{fact.name}" already exists')
        if not isinstance(known, View) or known.materialized:
            raise Refused(f'"{fact.name}" is not a view')
        account.lock(known, _AX)
        refuse_view_replacement(account, known, fact, statement)
    runs = fact.materialized and fact.with_data
    Reading(account, planned=runs, scan=runs, rewritten=runs).queries(statement.queries)
    if runs:
        run_calls(account, statement.refs)


def create_function(account: Account, fact: CreateFunction, _statement: Statement) -> None:
    """A body in SQL is analysed at once, and what it names is opened; any other is only stored."""
    refuse_replacement(account, fact)
    body = fact.body
    if body is None or fact.language != "sql" or body.problem:
        return
    Reading(account, planned=False, executed=False).queries(body.queries)


def create_schema(account: Account, fact: CreateSchema, _statement: Statement) -> None:
    """CREATE SCHEMA."""
    if fact.name in account.catalog.schemas and not fact.if_not_exists:
        raise Refused(f'schema "{fact.name}" already exists')


def create_trigger(account: Account, fact: CreateTrigger) -> None:
    """CREATE TRIGGER blocks writes for a moment; a row trigger of a partitioned table is copied to partitions."""
    found = named(account, fact.table_schema, fact.table, _SRX)
    if fact.referenced is not None:
        named(account, *fact.referenced, _AS)
    _refuse_function(account, fact)
    if found is None:
        return
    if fact.row and "truncate" in fact.events:
        raise Refused("TRUNCATE FOR EACH ROW triggers are not supported")
    if isinstance(found, View):
        if fact.row and fact.timing != "instead of":
            raise Refused(f'"{found.name}" is a view')
        return
    if fact.timing == "instead of":
        raise Refused(f'"{found.name}" is a table')
    if any(trigger.name == fact.name for trigger in found.triggers) and not fact.replace:
        raise Refused(f'trigger "{fact.name}" for relation "{found.name}" already exists')
    if found.partition_strategy and fact.row:
        if fact.transitions:
            raise Refused(f'"{found.name}" is a partitioned table')
        account.lock_all(family(found), _SRX)
    if not found.unknown_columns:
        for name in fact.columns:
            if name not in found.columns:
                raise Refused(f'column "{name}" of relation "{found.name}" does not exist')


def _refuse_function(account: Account, fact: CreateTrigger) -> None:
    """The function must be there and return trigger."""
    catalog = account.catalog
    group = catalog.overloads(fact.function_schema, fact.function)
    if not group:
        built_in = catalog.builtin.has_function(
            fact.function
        ) or catalog.builtin.extension_providing_function(fact.function)
        home = fact.function_schema or catalog.creation_schema("")
        if not built_in and not catalog.partial and any(key[0] == home for key in catalog.functions):
            raise Refused(f"function {fact.function}() does not exist")
        return
    functions = [item for item in group if isinstance(item, Function) and not item.input_count]
    returned = [item.fact.returns for item in functions]
    if len(group) == len(functions) == 1 and returned[0] is not None and returned[0].name != "trigger":
        raise Refused(f"function {fact.function} must return type trigger")


def create_type(account: Account, fact: CreateType, _statement: Statement) -> None:
    """CREATE TYPE and CREATE DOMAIN; a relation has a type of its name too."""
    schema = account.catalog.creation_schema(fact.schema)
    known = account.catalog.types.get((schema, fact.name))
    if (known is not None and known.form != "shell") or isinstance(
        account.catalog.relations.get((schema, fact.name)), Table | View
    ):
        raise Refused(f'type "{fact.name}" already exists')
    if fact.base is not None and fact.kind == "domain":
        require_type(account, fact.base)


def create_policy(account: Account, fact: CreatePolicy, statement: Statement) -> None:
    """CREATE POLICY and ALTER POLICY: ACCESS EXCLUSIVE on the table, what the condition reads is looked at."""
    found = named(account, fact.table_schema, fact.table, _AX)
    if isinstance(found, View):
        raise Refused(f'"{found.name}" is not a table')
    if found is not None:
        there = any(policy.name == fact.name for policy in found.policies)
        if there and not fact.alter:
            raise Refused(f'policy "{fact.name}" for table "{found.name}" already exists')
        if fact.alter and not there:
            raise Refused(f'policy "{fact.name}" for table "{found.name}" does not exist')
    for expression in (fact.using, fact.check):
        if expression is not None:
            _refuse_columns(found, expression)
            Reading(account, planned=False, rewritten=False).queries(expression.queries)


def _refuse_columns(found: Table | None, expression: Expression) -> None:
    if found is None or found.unknown_columns or expression.queries:
        return
    for use in expression.columns:
        plain = use.qualifier in ("", found.name) and use.name not in ("*", found.name)
        if plain and use.name not in found.columns and use.name not in SYSTEM_COLUMNS:
            raise Refused(f'column "{use.name}" does not exist')


SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})


def sequence(account: Account, fact: CreateSequence) -> None:
    """CREATE SEQUENCE and ALTER SEQUENCE; the owning table is only looked at."""
    if not fact.alter:
        schema = account.catalog.creation_schema(fact.schema)
        if (schema, fact.name) in account.catalog.relations and not fact.if_not_exists:
            raise Refused(f'relation "{fact.name}" already exists')
    else:
        found = account.catalog.relation(fact.schema, fact.name)
        if found is None:
            if fact.if_not_exists:
                return
            account.lock(written(account, fact.schema, fact.name), _SRX)
            missing(account, fact.schema, fact.name)
        else:
            if not isinstance(found, Sequence):
                raise Refused(f'cannot open relation "{fact.name}"')
            account.lock(found, _SRX)
    if len(fact.owned_by) > 1:
        table = named(account, fact.owned_by[-3] if len(fact.owned_by) > 2 else "", fact.owned_by[-2], _AS)
        if isinstance(table, Table) and not table.unknown_columns and fact.owned_by[-1] not in table.columns:
            raise Refused(f'column "{fact.owned_by[-1]}" of relation "{table.name}" does not exist')


def create_other(account: Account, fact: CreateOther, statement: Statement) -> None:
    """Rules, statistics, publications and what runs outside transactions."""
    if fact.kind == "rule":
        _rule(account, fact, statement)
    elif fact.kind == "statistics":
        schema = account.catalog.creation_schema(fact.schema)
        if fact.name and any(
            (other.what, other.schema, other.name) == ("statistics", schema, fact.name)
            for other in account.catalog.others
        ):
            if fact.if_not_exists:
                account.note(f"{schema}.{fact.name} is there already: nothing is created")
            else:
                raise Refused(f'statistics object "{fact.name}" already exists')
        _on_relations(account, statement, "statistics", _SUX)
    elif fact.kind == "publication":
        publish(account, statement, dict(fact.options).get("only", "").split(","))
    elif fact.kind in ("tablespace", "database"):
        account.outside_transaction()
        raise Refused(f"CREATE {fact.kind.upper()} cannot run inside a transaction block")
    elif fact.kind == "subscription":
        given = dict(fact.options)
        if given.get("connect", "true") != "false" and given.get("create_slot", "true") != "false":
            account.outside_transaction()


def publish(account: Account, statement: Statement, only: list[str]) -> None:
    """Tables of a publication; those that inherit come along, partitions do not."""
    for ref in statement.refs:
        if ref.kind == "relation" and ref.use == "publish":
            found = named(account, ref.schema, ref.name, PUBLISHED)
            if isinstance(found, View):
                raise Refused(f'cannot add relation "{found.name}" to publication')
            if isinstance(found, Table) and not found.partition_strategy and found.name not in only:
                account.lock_all(family(found), PUBLISHED)


def _on_relations(account: Account, statement: Statement, use: str, mode: LockMode) -> None:
    for ref in statement.refs:
        if ref.kind == "relation" and ref.use == use:
            named(account, ref.schema, ref.name, mode)


def _rule(account: Account, fact: CreateOther, statement: Statement) -> None:
    """CREATE RULE: ACCESS EXCLUSIVE on its relation, and the actions are analysed with their locks."""
    found = named(account, fact.schema, fact.name, _AX)
    if isinstance(found, View) and found.materialized:
        raise Refused("rules on materialized views are not supported")
    given = dict(fact.options)
    if isinstance(found, Table) and given.get("name") in found.rules and given.get("replace") != "true":
        raise Refused(f'rule "{given["name"]}" for relation "{found.name}" already exists')
    if isinstance(found, Table) and given.get("event") == "select":
        raise Refused(f'relation "{found.name}" cannot have ON SELECT rules')
    reading = Reading(account, planned=False, rewritten=False)
    targets = {
        (query.target.schema, query.target.name) for query in statement.queries if query.target is not None
    }
    for ref in statement.refs:
        if ref.kind == "relation" and ref.use == "read" and (ref.schema, ref.name) not in targets:
            named(account, ref.schema, ref.name, _AS)
    for query in statement.queries:
        for part in nested([query]):
            target = part.target
            if target is not None:
                named(account, target.schema, target.name, LockMode.ROW_EXCLUSIVE)
            reading.query(part._replace(target=None, children=()), None)
