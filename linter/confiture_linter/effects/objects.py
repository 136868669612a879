"""Questions about the catalog that only effects ask: families of tables, indexes as the server has them."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Column, Constraint, Index, Sequence, Table, View
from confiture_linter.catalog.constraint_names import object_name
from confiture_linter.effects.account import Account, Refused, Relation
from confiture_linter.statements.facts import CreateTable, Other, Statement

SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast", "pg_temp"})


def find(account: Account, schema: str, name: str) -> Relation | None:
    """The relation a statement names."""
    found = account.catalog.relation(schema, name)
    return found if isinstance(found, Table | View | Sequence | Index) else None


def is_temporary(account: Account, schema: str, name: str) -> bool:
    """Whether a name is that of a temporary table, or of one of PostgreSQL's own relations."""
    if schema in SYSTEM_SCHEMAS:
        return True
    if schema:
        return False
    return name in account.catalog.temporary or account.catalog.builtin.has_relation("pg_catalog", name)


def written(account: Account, schema: str, name: str) -> str:
    """`schema.name` of a relation that is not in the catalog."""
    return f"{schema or account.catalog.creation_schema('')}.{name}"


def missing(account: Account, schema: str, name: str, what: str = "relation") -> None:
    """A relation that the catalog lacks: an error where the schema is known, unknown where it is not."""
    full = written(account, schema, name)
    home = full.rpartition(".")[0]
    if not account.catalog.partial and any(key[0] == home for key in account.catalog.relations):
        shown = name if not schema else full
        raise Refused(f'{what} "{shown}" does not exist')
    account.unsure(f"{full} is not in the schema that was read")


def unknown_table(schema: str, name: str) -> Table:
    """A stand-in for a table that is not in the catalog: it may have any column and any number of rows."""
    table = Table(schema, CreateTable(schema, name, -1), "", Statement(0, 0, Other("")))
    table.unknown_columns = True
    table.has_rows = True
    return table


# -- families of tables ------------------------------------------------------------------------------


def descendants(table: Table) -> list[Table]:
    """All partitions and inheriting tables below a table, the table itself not among them."""
    found: list[Table] = []
    queue = [table]
    for parent in queue:
        for child in (*parent.partitions, *parent.children):
            if child is not table and child not in queue:
                queue.append(child)
                found.append(child)
    return found


def family(table: Table, *, only: bool = False) -> list[Table]:
    """A table and all below it."""
    return [table] if only else [table, *descendants(table)]


def ancestors(table: Table) -> Iterator[Table]:
    """The partitioned tables above a partition, nearest first."""
    seen = {id(table)}
    parent = table.partition_of
    while parent is not None and id(parent) not in seen:
        seen.add(id(parent))
        yield parent
        parent = parent.partition_of


def default_partition(table: Table) -> Table | None:
    """The default partition of a partitioned table."""
    for partition in table.partitions:
        if partition.bound is not None and partition.bound.strategy == "default":
            return partition
    return None


def columns_of(table: Table) -> dict[str, Column]:
    """Its columns; a partition may be written before a column of its parent came."""
    return table.columns


# -- indexes -----------------------------------------------------------------------------------------


class IndexView(NamedTuple):
    """An index as the server has it: made by CREATE INDEX, by a constraint, or copied from a parent."""

    name: str
    table: Table | View
    columns: tuple[str, ...]
    """Key columns; an expression is an empty string."""
    include: tuple[str, ...]
    used: frozenset[str]
    """All columns it depends on, those of expressions and predicate included."""
    computed: bool
    """Whether it has expressions or a predicate."""
    unique: bool
    method: str
    opclasses: tuple[str, ...]
    detail: tuple[str, ...]
    """What distinguishes equal columns: expressions, order; and the predicate."""
    constraint: Constraint | None
    inherited: bool
    """Whether it belongs to an index of the partitioned parent."""

    @property
    def identity(self) -> str:
        """`schema.name`: an index lies in the schema of its table."""
        return f"{self.table.schema}.{self.name}"

    def same_shape(self, other: "IndexView") -> bool:
        """Whether the server would attach one to the other (CompareIndexInfo)."""
        return (
            self.columns == other.columns
            and self.include == other.include
            and self.unique == other.unique
            and self.method == other.method
            and self.detail == other.detail
            and self.opclasses == other.opclasses
        )


def indexes_of(catalog: Catalog, relation: Table | View) -> list[IndexView]:
    """All indexes of a relation."""
    found = [_made(index) for index in relation.indexes]
    if not isinstance(relation, Table):
        return found
    found += [
        of_constraint(constraint)
        for constraint in relation.constraints
        if constraint.kind in _INDEXED and constraint.table is relation
    ]
    parent = relation.partition_of
    if parent is None:
        return found
    free = list(found)
    names = {view.name for view in found}
    for above in indexes_of(catalog, parent):
        match = next((view for view in free if view.same_shape(above)), None)
        if match is not None:
            free.remove(match)
            found[found.index(match)] = match._replace(inherited=True)
            continue
        name = _child_name(catalog, relation, above, names)
        names.add(name)
        found.append(above._replace(name=name, table=relation, inherited=True))
    return found


_INDEXED = frozenset({"primary key", "unique", "exclude"})


def _made(index: Index) -> IndexView:
    fact = index.fact
    used = {*filter(None, index.columns), *index.include}
    expressions = [column.expression for column in fact.columns if column.expression is not None]
    if index.predicate is not None:
        expressions.append(index.predicate)
    for expression in expressions:
        used.update(use.name for use in expression.columns)
    return IndexView(
        index.name,
        index.table,
        index.columns,
        index.include,
        frozenset(used),
        bool(expressions),
        index.unique,
        fact.method,
        tuple(column.opclass for column in fact.columns),
        (*(column.detail for column in fact.columns), fact.condition),
        None,
        False,
    )


def of_constraint(constraint: Constraint) -> IndexView:
    """The index behind a primary key, UNIQUE or EXCLUDE."""
    fact = constraint.fact
    columns = constraint.columns
    used = {*filter(None, columns), *fact.include}
    expressions = [fact.expression, fact.predicate]
    for expression in expressions:
        if expression is not None:
            used.update(use.name for use in expression.columns)
    method = fact.method or ("gist" if fact.without_overlaps else "btree")
    return IndexView(
        constraint.name,
        constraint.table,
        columns,
        fact.include,
        frozenset(used),
        fact.predicate is not None or "" in columns,
        constraint.kind != "exclude",
        method,
        ("",) * len(columns),
        (*("" for _ in columns), ""),
        constraint,
        False,
    )


_SUFFIXES = {"primary key": "pkey", "unique": "key", "exclude": "excl"}


def _child_name(catalog: Catalog, table: Table, above: IndexView, taken: set[str]) -> str:
    """The name PostgreSQL gives to a partition's copy of an index (ChooseIndexName)."""
    kind = above.constraint.kind if above.constraint is not None else ""
    columns = "" if kind == "primary key" else "_".join(c or "expr" for c in (*above.columns, *above.include))
    label = _SUFFIXES.get(kind, "idx")
    number = 0
    name = object_name(table.name, columns, label)
    while name in taken or (table.schema, name) in catalog.relations:
        number += 1
        name = object_name(table.name, columns, f"{label}{number}")
    return name


def index_names(catalog: Catalog, relation: Table | View) -> list[str]:
    """`schema.name` of every index of a relation that stores rows."""
    return [view.identity for view in indexes_of(catalog, relation)]


def index_named(catalog: Catalog, schema: str, name: str) -> IndexView | None:
    """The index of that name, whoever made it."""
    found = catalog.relation(schema, name)
    if isinstance(found, Index):
        views = [view for view in indexes_of(catalog, found.table) if view.name == found.name]
        return views[0] if views else _made(found)
    if found is not None:
        return None
    schemas = (schema,) if schema else catalog.search_path
    relations = [r for r in catalog.relations.values() if isinstance(r, Table) and r.schema in schemas]
    for table in relations:
        if table.partition_of is None and not any(
            constraint.name == name and constraint.kind in _INDEXED for constraint in table.constraints
        ):
            continue
        for view in indexes_of(catalog, table):
            if view.name == name:
                return view
    return None


# -- constraints -------------------------------------------------------------------------------------


def constraints_of(table: Table) -> list[Constraint]:
    """Its constraints and those it inherits; a NO INHERIT one stays where it is."""
    found = [c for c in table.constraints if c.table is table]
    names = {c.name for c in found}
    for parent in (*ancestors(table), *_inheritance(table)):
        for constraint in parent.constraints:
            if constraint.table is not parent or constraint.fact.no_inherit or constraint.name in names:
                continue
            if constraint.kind in ("check", "not null") or (
                constraint.kind == "foreign key" and parent.partition_strategy
            ):
                names.add(constraint.name)
                found.append(constraint)
    return found


def _inheritance(table: Table) -> list[Table]:
    found: list[Table] = []
    queue = [table]
    for child in queue:
        for parent in child.parents:
            if parent not in queue:
                queue.append(parent)
                found.append(parent)
    return found


def foreign_keys_of(table: Table) -> list[Constraint]:
    """Foreign keys of a table, those of its partitioned parents included."""
    return [c for c in constraints_of(table) if c.kind == "foreign key"]


def target_of(catalog: Catalog, constraint: Constraint) -> Table | None:
    """The table a foreign key references."""
    if constraint.target is not None:
        return constraint.target
    fact = constraint.fact
    found = catalog.relation(fact.target_schema, fact.target)
    return found if isinstance(found, Table) else None


def target_columns(catalog: Catalog, constraint: Constraint) -> tuple[str, ...]:
    """The columns a foreign key references: its own list, or the primary key."""
    if constraint.target_columns:
        return constraint.target_columns
    target = target_of(catalog, constraint)
    return target.identity_columns if target is not None else ()


def referencing(catalog: Catalog, table: Table) -> list[Constraint]:
    """Foreign keys that reference a table, or a partitioned table above it."""
    wanted = {id(table), *map(id, ancestors(table))}
    return [
        constraint
        for other in catalog.tables
        for constraint in other.constraints
        if constraint.kind == "foreign key"
        and constraint.table is other
        and id(target_of(catalog, constraint)) in wanted
    ]


def owned_sequences(catalog: Catalog, table: Table, column: str = "") -> list[Sequence]:
    """Sequences owned by a table, or by one of its columns."""
    return [
        relation
        for relation in catalog.relations.values()
        if isinstance(relation, Sequence)
        and relation.owned_by is not None
        and relation.owned_by.table is table
        and column in ("", relation.owned_by.name)
    ]
