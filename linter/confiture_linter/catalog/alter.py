"""ALTER: what changes on an object that exists."""

from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.constraint_names import named_checks, object_name
from confiture_linter.catalog.entities import (
    Column,
    Entity,
    Function,
    Index,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.inheritance import children, keep_inherited
from confiture_linter.catalog.relations import distinct_keys
from confiture_linter.catalog.retype import own_column
from confiture_linter.catalog.view_columns import settle_stars
from confiture_linter.model import Span
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


NAMED_NOT_NULL = 18
"""The first version in which NOT NULL is a constraint with a name."""


_PASSES = {
    **dict.fromkeys(
        ("DropColumn", "DropConstraint", "DropNotNull", "DropExpression", "DropIdentity"), 0
    ),
    "AlterColumnType": 1, "AddColumn": 2, "SetExpression": 3, "SetNotNull": 5, "SetIdentity": 5, "AddConstraint": 6,
    "ColumnDefault": 6, "AddIdentity": 6,
}  # fmt: skip


def pass_of(command: f.AlterCommand) -> int:
    """In which pass a subcommand is carried out, however they are written (tablecmds.c, AlterTablePass)."""
    if command.kind == "ColumnDefault" and command.expression is None:
        return 0
    return _PASSES.get(command.kind, 7)


class Alter:
    """Carries ALTER statements out; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        self.replay = replay
        self.catalog = replay.catalog

    def table(self, fact: f.AlterTable) -> Entity | None:
        """ALTER TABLE and every other ALTER that takes its subcommands."""
        catalog = self.catalog
        if fact.kind == "type":
            return self._composite(fact)
        found = catalog.relation(fact.schema, fact.name)
        if found is None:
            if fact.if_exists or (not fact.schema and fact.name in catalog.temporary):
                return None
            if fact.kind == "index":
                return None
            return self._missing(fact)
        if isinstance(found, View):
            for command in fact.commands:
                if command.kind == "SetRelOptions":
                    for pair in command.text.split(","):
                        name, _, value = pair.partition("=")
                        found.options[name] = value.lower()
                elif command.kind == "ChangeOwner":
                    found.owner = command.text
            return found
        if isinstance(found, Sequence):
            for command in fact.commands:
                if command.kind == "ChangeOwner":
                    found.owner = command.text
            return found
        if isinstance(found, Table):
            for command in sorted(fact.commands, key=pass_of) if len(fact.commands) > 1 else fact.commands:
                handler = _COMMANDS.get(command.kind)
                if handler is not None:
                    handler(self, found, command)
                    if not fact.only and command.kind in _HANDED_DOWN:
                        self._pass_on(found, command)
            return found
        return found

    def _pass_on(self, table: Table, command: f.AlterCommand) -> None:
        """What is done to a column is done to it in partitions and heirs."""
        for child in children(table):
            name = command.column.name if command.column is not None else command.name
            if command.kind == "AddColumn":
                if name in table.columns:
                    child.columns.setdefault(name, table.columns[name].handed_down())
            elif name not in child.columns or (
                command.kind == "DropColumn" and child.columns[name].table is child
            ):
                continue
            else:
                _COMMANDS[command.kind](self, child, command)
            self._pass_on(child, command)

    def _missing(self, fact: f.AlterTable) -> Entity | None:
        self.replay.table(fact.schema, fact.name, fact.at)
        return None

    def _composite(self, fact: f.AlterTable) -> Entity | None:
        composite = self.catalog.type(fact.schema, fact.name)
        if composite is None:
            return None
        settle_stars(self.catalog)
        for command in sorted(fact.commands, key=pass_of):
            if command.kind == "AddColumn" and command.name in composite.attributes:
                self.replay.conflict(
                    "duplicate-object", f"{composite.identity}.{command.name}", "attribute", first=composite
                )
            elif command.kind == "AddColumn" and command.column is not None:
                kind = self.catalog.resolved_type(command.column.type)
                composite.attributes[command.column.name] = command.column._replace(type=kind)
            elif command.kind == "DropColumn":
                composite.attributes.pop(command.name, None)
            elif command.kind == "AlterColumnType" and command.name in composite.attributes and command.type:
                attribute = composite.attributes[command.name]
                kind = self.catalog.resolved_type(command.type)
                composite.attributes[command.name] = attribute._replace(type=kind)
            self._typed_tables(composite, command)
        return composite

    def _typed_tables(self, composite: Type, command: f.AlterCommand) -> None:
        """CASCADE takes a change of a type on to the tables of that type."""
        if not command.cascade:
            return
        handler = _COMMANDS.get(command.kind)
        for table in [t for t in self.catalog.tables if t.of_type is composite]:
            if handler is not None:
                handler(self, table, command)
                self._pass_on(table, command)

    def _column(self, table: Table, command: f.AlterCommand) -> Column | None:
        column = table.columns.get(command.name)
        if column is None and not table.unknown_columns and not command.missing_ok:
            self.replay.conflict(
                "missing-column", f"{table.identity}.{command.name}", "alter table", first=table
            )
        return column

    def add_column(self, table: Table, command: f.AlterCommand) -> None:
        """ADD COLUMN."""
        fact = command.column
        if fact is None:
            return
        known = table.columns.get(fact.name)
        if known is not None:
            if not command.missing_ok:
                self.replay.conflict(
                    "duplicate-object",
                    f"{table.identity}.{fact.name}",
                    "column",
                    Span(fact.at, -2),
                    first=known,
                )
            return
        settle_stars(self.catalog)
        table.columns[fact.name] = self.replay.relations.column(table, fact)
        if fact.serial or fact.identity:
            self.replay.relations.column_sequence(table, fact)
        for constraint in distinct_keys(command.constraints):
            self.replay.relations.add_constraint(table, constraint)

    def drop_column(self, table: Table, command: f.AlterCommand) -> None:
        """DROP COLUMN: constraints and indexes that use it go with it."""
        column = self._column(table, command)
        if column is None:
            return
        self.catalog.former_columns.add(command.name)
        if column.table is not table:
            own_column(table, command.name)
            column = table.columns[command.name]
        if command.cascade:
            self.replay.drops.remove_all([column], self.replay)
        else:
            self.replay.drops.remove(column)

    def column_type(self, table: Table, command: f.AlterCommand) -> None:
        """ALTER COLUMN … TYPE."""
        column = self._column(table, command)
        if column is not None and command.type is not None:
            column.type = self.catalog.resolved_type(command.type)
            column.type_path = self.replay.where.path
            column.collation = command.text if command.text != "default" else ""

    def column_default(self, table: Table, command: f.AlterCommand) -> None:
        """SET DEFAULT and DROP DEFAULT."""
        column = self._column(table, command)
        if column is not None:
            column.default = self.replay.relations.default(command.expression, column.type)
            column.serial, column.sequence = False, None

    def set_not_null(self, table: Table, command: f.AlterCommand) -> None:
        """SET NOT NULL."""
        column = self._column(table, command)
        if column is not None:
            column.not_null = True

    def drop_not_null(self, table: Table, command: f.AlterCommand) -> None:
        """DROP NOT NULL."""
        column = self._column(table, command)
        if column is not None:
            column.not_null = False
        table.constraints = [
            c for c in table.constraints if c.kind != "not null" or c.columns != (command.name,)
        ]

    def add_identity(self, table: Table, command: f.AlterCommand) -> None:
        """ADD GENERATED … AS IDENTITY."""
        column = self._column(table, command)
        if column is not None:
            if column.table is not table:  # inherited so far
                column = own_column(table, column.name)
            column.identity_kind = command.text or "a"
            fact = column.fact._replace(name=column.name, at=command.at, serial=False)
            self.replay.relations.column_sequence(table, fact)

    def set_identity(self, table: Table, command: f.AlterCommand) -> None:
        """SET GENERATED."""
        column = self._column(table, command)
        if column is not None and column.identity_kind and command.text:
            column.identity_kind = command.text

    def drop_identity(self, table: Table, command: f.AlterCommand) -> None:
        """DROP IDENTITY: its sequence goes, too."""
        column = self._column(table, command)
        if column is not None and column.identity_kind:
            column.identity_kind = ""
            for sequence in [s for s in self.catalog.sequences if s.owned_by is column]:
                self.catalog.relations.pop((sequence.schema, sequence.name), None)

    def drop_expression(self, table: Table, command: f.AlterCommand) -> None:
        """DROP EXPRESSION."""
        column = self._column(table, command)
        if column is not None:
            column.generated = ""
            column.default = None

    def add_constraint(self, table: Table, command: f.AlterCommand) -> None:
        """ADD CONSTRAINT."""
        for constraint in command.constraints:
            self.replay.relations.add_constraint(table, constraint)

    def drop_constraint(self, table: Table, command: f.AlterCommand) -> None:
        """DROP CONSTRAINT."""
        found = next((c for c in table.constraints if c.name == command.name), None)
        if found is None:
            known = self._drop_named_not_null(table, command.name)
            if not known and not command.missing_ok and not table.unknown_columns:
                self.replay.conflict(
                    "missing-constraint", f"{table.identity}.{command.name}", "", first=table
                )
        elif command.cascade:
            self.replay.drops.remove_all([found], self.replay)
        else:
            self.replay.drops.remove(found)
            for name in found.columns if found.kind == "not null" else ():
                if name in table.columns:
                    own_column(table, name).not_null = False

    def _drop_named_not_null(self, table: Table, name: str) -> bool:
        """From PostgreSQL 18 on NOT NULL is a constraint, called `table_column_not_null` unless it has a name."""
        if self.catalog.postgres < NAMED_NOT_NULL:
            return False
        for column in table.columns.values():
            if column.not_null and object_name(table.fact.name, column.fact.name, "not_null") == name:
                own_column(table, column.name).not_null = False
                return True
        return False

    def validate(self, table: Table, command: f.AlterCommand) -> None:
        """VALIDATE CONSTRAINT."""
        for constraint in table.constraints:
            if constraint.name == command.name:
                constraint.not_valid = False
                for name in constraint.columns if constraint.kind == "not null" else ():
                    if name in table.columns:
                        own_column(table, name).not_null = True
                return
        if not table.unknown_columns:
            self.replay.conflict("missing-constraint", f"{table.identity}.{command.name}", "", first=table)

    def alter_constraint(self, table: Table, command: f.AlterCommand) -> None:
        """ALTER CONSTRAINT: when it is checked, and whether at all; what is not said stays."""
        for constraint in table.constraints:
            if constraint.name != command.name:
                continue
            if "deferrable" in command.alters:
                constraint.fact = constraint.fact._replace(
                    deferrable="deferrable" in command.text, initially_deferred="deferred" in command.text
                )
            if {"enforced", "not enforced"} & set(command.alters):
                enforced = "enforced" in command.alters
                constraint.fact = constraint.fact._replace(not_enforced=not enforced)
                constraint.not_valid = not enforced

    def row_security(self, table: Table, command: f.AlterCommand) -> None:
        """ENABLE, DISABLE, FORCE and NO FORCE ROW LEVEL SECURITY."""
        kind = command.kind
        if kind in ("EnableRowSecurity", "DisableRowSecurity"):
            table.rls_enabled = kind == "EnableRowSecurity"
            table.rls_span = (self.replay.where.path, self.replay.span())
        else:
            table.rls_forced = kind == "ForceRowSecurity"

    def attach(self, table: Table, command: f.AlterCommand) -> None:
        """ATTACH PARTITION."""
        if command.target is None:
            return
        partition = self.replay.table(*command.target)
        partition.partition_of = table
        partition.bound = command.bound
        if partition not in table.partitions:
            table.partitions.append(partition)

    def detach(self, table: Table, command: f.AlterCommand) -> None:
        """DETACH PARTITION: what it had of the parent becomes its own."""
        if command.target is None:
            return
        partition = self.replay.table(*command.target)
        for index in keep_inherited(partition):
            self.catalog.relations.setdefault((index.schema, index.name), index)
        partition.partition_of = None
        if partition in table.partitions:
            table.partitions.remove(partition)
        partition.columns = {
            name: column if column.table is partition else _own_copy(partition, column)
            for name, column in partition.columns.items()
        }

    def inherit(self, table: Table, command: f.AlterCommand) -> None:
        """INHERIT."""
        if command.target is not None:
            parent = self.replay.table(*command.target)
            table.parents.append(parent)
            parent.children.append(table)

    def no_inherit(self, table: Table, command: f.AlterCommand) -> None:
        """NO INHERIT: what it had of the parent becomes its own."""
        if command.target is not None:
            parent = self.replay.table(*command.target)
            table.parents = [p for p in table.parents if p is not parent]
            parent.children = [child for child in parent.children if child is not table]
            for name in table.columns:
                own_column(table, name)
            for constraint in parent.constraints:
                if constraint.kind == "check" and all(c.name != constraint.name for c in table.constraints):
                    self.replay.relations.add_constraint(
                        table, constraint.fact._replace(columns=constraint.columns, name=constraint.name)
                    )

    def persistence(self, table: Table, command: f.AlterCommand) -> None:
        """SET LOGGED and SET UNLOGGED."""
        table.fact = table.fact._replace(persistence="u" if command.kind == "SetUnLogged" else "p")

    def cluster(self, table: Table, command: f.AlterCommand) -> None:
        """CLUSTER ON and SET WITHOUT CLUSTER."""
        table.clustered_on = command.name if command.kind == "ClusterOn" else ""

    def change_owner(self, table: Table, command: f.AlterCommand) -> None:
        """OWNER TO."""
        table.owner = command.text
        for sequence in self.catalog.sequences:
            if sequence.owned_by is not None and sequence.owned_by.table is table:
                sequence.owner = command.text

    # -- OWNER --------------------------------------------------------------------------------------

    def owner(self, fact: f.AlterOwner) -> Entity | None:
        """ALTER … OWNER TO."""
        entity: Any = self.replay.find(fact.target)
        if entity is not None and hasattr(entity, "owner"):
            entity.owner = fact.owner
        return entity if isinstance(entity, Entity) else None

    def depends(self, fact: f.DependsOnExtension) -> Entity | None:
        """ALTER … DEPENDS ON EXTENSION."""
        extension = self.catalog.extensions.get(fact.extension)
        found: Any = self.replay.find(fact.target._replace(kind="table") if fact.part else fact.target)
        if fact.part and found is not None:
            found = next((t for t in found.triggers if t.name == fact.part), None)
        if extension is not None and isinstance(found, Function | View | Index | Trigger):
            kept = [entity for entity in extension.dependents if entity is not found]
            extension.dependents = kept if fact.remove else [*kept, found]
        return None

    # -- types, functions --------------------------------------------------------------------------

    def enum(self, fact: f.AlterEnum) -> Entity | None:
        """ALTER TYPE … ADD VALUE and RENAME VALUE."""
        found = self.catalog.type(fact.schema, fact.name)
        if found is None:
            return None
        if fact.old:
            found.labels = [fact.new if label == fact.old else label for label in found.labels]
        elif fact.new in found.labels:
            if not fact.if_not_exists:
                self.replay.conflict(
                    "duplicate-object", f"{found.identity}.{fact.new}", "enum value", first=found
                )
        else:
            at = len(found.labels)
            if fact.neighbour in found.labels:
                at = found.labels.index(fact.neighbour) + (1 if fact.after else 0)
            found.labels.insert(at, fact.new)
        return found

    def function(self, fact: f.AlterFunction) -> Entity | None:
        """ALTER FUNCTION."""
        found = self.replay.routine(fact.target) if fact.target.parts else None
        if not isinstance(found, Function):
            return None
        for name, value in fact.options:
            if name == "volatility":
                found.volatility = value[:1]
            elif name == "security":
                found.security_definer = value == "true"
            elif name == "strict":
                found.fact = found.fact._replace(strict=value == "true")
            elif name == "reset":
                found.settings = {k: v for k, v in found.settings.items() if value not in ("", k)}
        found.settings.update(fact.settings)
        return found

    def domain(self, fact: f.AlterDomain) -> Entity | None:
        """ALTER DOMAIN."""
        found = self.catalog.type(fact.schema, fact.name)
        if found is None:
            return None
        if fact.action == "C" and fact.constraint is not None:
            found.constraints = list(named_checks(found.name, (*found.constraints, fact.constraint)))
        elif fact.action == "X":
            found.constraints = [c for c in found.constraints if c.name != fact.constraint_name]
        elif fact.action in "NO":
            found.not_null = fact.action == "O"
        elif fact.action == "T":
            base = found.base
            found.default = self.replay.relations.default(fact.default, base) if base else fact.default
        return found


def _own_copy(table: Table, column: Column) -> Column:
    copy = column.handed_down()
    copy.table, copy.comment = table, column.comment
    return copy


_HANDED_DOWN = frozenset(
    {
        "AddColumn",
        "DropColumn",
        "AlterColumnType",
        "ColumnDefault",
        "SetNotNull",
        "DropNotNull",
        "DropExpression",
    }
)
"""Subcommands that reach the columns of partitions and heirs, unless ONLY is said."""

_COMMANDS: dict[str, Any] = {
    "AddColumn": Alter.add_column,
    "DropColumn": Alter.drop_column,
    "AlterColumnType": Alter.column_type,
    "ColumnDefault": Alter.column_default,
    "SetNotNull": Alter.set_not_null,
    "DropNotNull": Alter.drop_not_null,
    "AddIdentity": Alter.add_identity,
    "SetIdentity": Alter.set_identity,
    "DropIdentity": Alter.drop_identity,
    "DropExpression": Alter.drop_expression,
    "AddConstraint": Alter.add_constraint,
    "DropConstraint": Alter.drop_constraint,
    "AlterConstraint": Alter.alter_constraint,
    "ValidateConstraint": Alter.validate,
    "EnableRowSecurity": Alter.row_security,
    "DisableRowSecurity": Alter.row_security,
    "ForceRowSecurity": Alter.row_security,
    "NoForceRowSecurity": Alter.row_security,
    "AttachPartition": Alter.attach,
    "DetachPartition": Alter.detach,
    "AddInherit": Alter.inherit,
    "DropInherit": Alter.no_inherit,
    "SetLogged": Alter.persistence,
    "SetUnLogged": Alter.persistence,
    "ChangeOwner": Alter.change_owner,
    "ClusterOn": Alter.cluster,
    "DropCluster": Alter.cluster,
}
