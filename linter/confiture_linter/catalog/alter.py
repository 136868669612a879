"""ALTER: what changes on an object that exists."""

from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.constraint_names import named_checks
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Function,
    Generic,
    Index,
    Policy,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
    given_default,
)
from confiture_linter.catalog.inheritance import children, keep_inherited
from confiture_linter.model import Span
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


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
        if isinstance(found, Table):
            for command in fact.commands:
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
        for command in fact.commands:
            if command.kind == "AddColumn" and command.column is not None:
                composite.attributes[command.column.name] = command.column
            elif command.kind == "DropColumn":
                composite.attributes.pop(command.name, None)
            elif command.kind == "AlterColumnType" and command.name in composite.attributes and command.type:
                attribute = composite.attributes[command.name]
                composite.attributes[command.name] = attribute._replace(type=command.type)
        return composite

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
        table.columns[fact.name] = self.replay.relations.column(table, fact)
        if fact.serial or fact.identity:
            self.replay.relations.column_sequence(table, fact)
        for constraint in command.constraints:
            self.replay.relations.add_constraint(table, constraint)

    def drop_column(self, table: Table, command: f.AlterCommand) -> None:
        """DROP COLUMN: constraints and indexes that use it go with it."""
        name = command.name
        if self._column(table, command) is None:
            return
        del table.columns[name]
        self.catalog.former_columns.add(name)
        table.constraints = [c for c in table.constraints if name not in c.columns]
        for index in [i for i in table.indexes if _uses(i, name)]:
            table.indexes.remove(index)
            self.catalog.relations.pop((index.schema, index.name), None)
        for relation in [r for r in self.catalog.relations.values() if isinstance(r, Sequence)]:
            if (
                relation.owned_by is not None
                and relation.owned_by.table is table
                and relation.owned_by.name == name
            ):
                self.catalog.relations.pop((relation.schema, relation.name), None)

    def column_type(self, table: Table, command: f.AlterCommand) -> None:
        """ALTER COLUMN … TYPE."""
        column = self._column(table, command)
        if column is not None and command.type is not None:
            column.type = self.catalog.resolved_type(command.type)
            column.type_path = self.replay.where.path
            column.collation = command.text or column.collation

    def column_default(self, table: Table, command: f.AlterCommand) -> None:
        """SET DEFAULT and DROP DEFAULT."""
        column = self._column(table, command)
        if column is not None:
            column.default = given_default(command.expression, column.type)
            column.serial = False

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

    def add_identity(self, table: Table, command: f.AlterCommand) -> None:
        """ADD GENERATED … AS IDENTITY."""
        column = self._column(table, command)
        if column is not None:
            if column.table is not table:  # inherited so far
                column = table.columns[column.name] = _own_copy(table, column)
            column.identity_kind = command.text or "a"
            fact = column.fact._replace(name=column.name, at=command.at)
            self.replay.relations.column_sequence(table, fact)

    def drop_identity(self, table: Table, command: f.AlterCommand) -> None:
        """DROP IDENTITY."""
        column = self._column(table, command)
        if column is not None:
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
        kept = [c for c in table.constraints if c.name != command.name]
        if len(kept) == len(table.constraints) and not command.missing_ok and not table.unknown_columns:
            self.replay.conflict("missing-constraint", f"{table.identity}.{command.name}", "", first=table)
        table.constraints = kept

    def validate(self, table: Table, command: f.AlterCommand) -> None:
        """VALIDATE CONSTRAINT."""
        for constraint in table.constraints:
            if constraint.name == command.name:
                constraint.not_valid = False
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
        """DETACH PARTITION."""
        if command.target is None:
            return
        partition = self.replay.table(*command.target)
        keep_inherited(partition)
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
        """NO INHERIT."""
        if command.target is not None:
            parent = self.replay.table(*command.target)
            table.parents = [p for p in table.parents if p is not parent]
            parent.children = [child for child in parent.children if child is not table]

    def persistence(self, table: Table, command: f.AlterCommand) -> None:
        """SET LOGGED and SET UNLOGGED."""
        table.fact = table.fact._replace(persistence="u" if command.kind == "SetUnLogged" else "p")

    def cluster(self, table: Table, command: f.AlterCommand) -> None:
        """CLUSTER ON and SET WITHOUT CLUSTER."""
        table.clustered_on = command.name if command.kind == "ClusterOn" else ""

    def change_owner(self, table: Table, command: f.AlterCommand) -> None:
        """OWNER TO."""
        table.owner = command.text

    # -- RENAME, SET SCHEMA, OWNER -----------------------------------------------------------------

    def rename(self, fact: f.Rename) -> Entity | None:
        """ALTER … RENAME."""
        replay, catalog = self.replay, self.catalog
        kind = fact.kind
        if kind in ("column", "table constraint", "trigger", "policy", "rule", "attribute"):
            return self._rename_part(fact)
        entity: Any = replay.find(fact.target)
        if entity is None:
            if kind in ("table", "view", "materialized view") and not fact.if_exists and fact.target.parts:
                schema = fact.target.parts[-2] if len(fact.target.parts) > 1 else ""
                replay.table(schema, fact.target.parts[-1], fact.target.at)
            if kind == "index":
                self._rename_key(fact)
            return None
        old = getattr(entity, "schema", ""), getattr(entity, "name", "")
        if isinstance(entity, Table | View | Sequence | Index):
            catalog.relations.pop((entity.schema, entity.name), None)
            entity.name = fact.new
            catalog.ever.add((entity.schema, fact.new))
            catalog.relations[entity.schema, fact.new] = entity
        elif isinstance(entity, Function | Generic):
            catalog.functions[entity.schema, entity.name].remove(entity)
            entity.name = fact.new
            catalog.functions.setdefault((entity.schema, fact.new), []).append(entity)
        elif isinstance(entity, Type):
            catalog.types.pop((entity.schema, entity.name), None)
            entity.name = fact.new
            catalog.types[entity.schema, fact.new] = entity
        elif kind == "schema":
            self._rename_schema(entity.name, fact.new)
        if isinstance(entity, Type | Table | View):
            self._retype(old, (entity.schema, entity.name))
        return entity if isinstance(entity, Entity) else None

    def _rename_key(self, fact: f.Rename) -> None:
        """ALTER INDEX … RENAME of the index of a constraint: the constraint goes along."""
        parts = fact.target.parts
        schemas = (parts[-2],) if len(parts) > 1 else self.catalog.search_path
        for table in self.catalog.tables:
            if table.schema in schemas:
                for constraint in table.constraints:
                    if constraint.name == parts[-1] and constraint.kind in (
                        "primary key",
                        "unique",
                        "exclude",
                    ):
                        constraint.name = fact.new
                        self.catalog.keys[table.schema, fact.new] = constraint
                        return

    def _retype(self, old: tuple[str, str], new: tuple[str, str]) -> None:
        """What is of a type that is called otherwise from now on."""

        def changed(written: Any) -> Any:
            if written is None or (written.schema, written.name) != old:
                return written
            return written._replace(schema=new[0], name=new[1])

        catalog = self.catalog
        for table in catalog.tables:
            for column in table.columns.values():
                column.type = changed(column.type)
        for kind in catalog.types.values():
            kind.base = changed(kind.base)
            for name, attribute in kind.attributes.items():
                kind.attributes[name] = attribute._replace(type=changed(attribute.type))
        for function in catalog.routines:
            returns = changed(function.fact.returns)
            types = [changed(argument.type) for argument in function.fact.arguments]
            if returns is not function.fact.returns:
                function.fact = function.fact._replace(returns=returns)
            if any(a.type is not t for a, t in zip(function.fact.arguments, types, strict=True)):
                arguments = tuple(
                    a._replace(type=t) for a, t in zip(function.fact.arguments, types, strict=True)
                )
                function.fact = function.fact._replace(arguments=arguments)
                function.signature = self.replay.signature([a.type for a in arguments if a.mode in "ibv"])

    def _rename_part(self, fact: f.Rename) -> Entity | None:
        names = fact.target.parts
        schema, name = (names[-2] if len(names) > 1 else ""), names[-1] if names else ""
        if fact.kind == "attribute":
            composite = self.catalog.type(schema, name)
            if composite is not None and fact.part in composite.attributes:
                composite.attributes = {
                    (fact.new if n == fact.part else n): a for n, a in composite.attributes.items()
                }
            return composite
        relation = self.catalog.relation(schema, name)
        if not isinstance(relation, Table):
            if relation is None and not fact.if_exists and name not in self.catalog.temporary:
                self.replay.table(schema, name, fact.target.at)
            return relation
        if fact.kind == "column":
            self._rename_column(relation, fact.part, fact.new)
        else:
            parts: list[Constraint | Trigger | Policy] = [
                *relation.constraints,
                *relation.triggers,
                *relation.policies,
            ]
            for part in parts:
                if part.name == fact.part:
                    part.name = fact.new
                    if isinstance(part, Constraint) and (relation.schema, fact.part) in self.catalog.keys:
                        self.catalog.keys[relation.schema, fact.new] = part
        return relation

    def _rename_column(self, table: Table, old: str, new: str) -> None:
        column = table.columns.get(old)
        if column is None:
            if not table.unknown_columns:
                self.replay.conflict("missing-column", f"{table.identity}.{old}", "rename", first=table)
            return
        column.name = new
        self.catalog.former_columns.add(old)
        for owner in (table, *_descendants(table)):
            if owner is not table and old in owner.columns:
                owner.columns[old].name = new
            owner.columns = {(new if n == old else n): c for n, c in owner.columns.items()}
        for constraint in table.constraints:
            constraint.columns = _renamed(constraint.columns, old, new)
        for constraint in self.catalog.constraints:
            if constraint.target is table:
                constraint.target_columns = _renamed(constraint.target_columns, old, new)
                targets = _renamed(constraint.fact.target_columns, old, new)
                constraint.fact = constraint.fact._replace(target_columns=targets)
        for index in table.indexes:
            index.columns = _renamed(index.columns, old, new)
            index.include = _renamed(index.include, old, new)

    def _rename_schema(self, old: str, new: str) -> None:
        catalog = self.catalog
        entity = catalog.schemas.pop(old)
        entity.name = new
        catalog.schemas[new] = entity
        for store in (catalog.relations, catalog.functions, catalog.types):
            moved: Any = store
            for key in [k for k in moved if k[0] == old]:
                value = moved.pop(key)
                moved[new, key[1]] = value
                for item in value if isinstance(value, list) else [value]:
                    item.schema = new

    def set_schema(self, fact: f.SetSchema) -> Entity | None:
        """ALTER … SET SCHEMA."""
        catalog = self.catalog
        entity: Any = self.replay.find(fact.target)
        old = getattr(entity, "schema", ""), getattr(entity, "name", "")
        if isinstance(entity, Table | View | Sequence):
            catalog.relations.pop((entity.schema, entity.name), None)
            entity.schema = fact.schema
            catalog.relations[fact.schema, entity.name] = entity
            for index in getattr(entity, "indexes", ()):
                catalog.relations.pop((index.schema, index.name), None)
                index.schema = fact.schema
                catalog.relations[fact.schema, index.name] = index
        elif isinstance(entity, Function | Generic):
            catalog.functions[entity.schema, entity.name].remove(entity)
            entity.schema = fact.schema
            catalog.functions.setdefault((fact.schema, entity.name), []).append(entity)
        elif isinstance(entity, Type):
            catalog.types.pop((entity.schema, entity.name), None)
            entity.schema = fact.schema
            catalog.types[fact.schema, entity.name] = entity
        if isinstance(entity, Type | Table | View):
            self._retype(old, (entity.schema, entity.name))
        return entity if isinstance(entity, Entity) else None

    def owner(self, fact: f.AlterOwner) -> Entity | None:
        """ALTER … OWNER TO."""
        entity: Any = self.replay.find(fact.target)
        if entity is not None and hasattr(entity, "owner"):
            entity.owner = fact.owner
        return entity if isinstance(entity, Entity) else None

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
            found.default = fact.default
        return found


def _descendants(table: Table) -> list[Table]:
    found = children(table)
    for heir in found:
        found.extend(child for child in children(heir) if child not in found)
    return found


def _own_copy(table: Table, column: Column) -> Column:
    copy = column.handed_down()
    copy.table, copy.comment = table, column.comment
    return copy


def _uses(index: Index, column: str) -> bool:
    if column in index.columns or column in index.include:
        return True
    expressions = [c.expression for c in index.fact.columns] + [index.predicate]
    return any(e is not None and any(use.name == column for use in e.columns) for e in expressions)


def _renamed(columns: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if column == old else column for column in columns)


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
