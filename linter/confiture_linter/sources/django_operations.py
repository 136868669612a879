"""Django's migration operations as the SQL that its schema editor runs on PostgreSQL.

After django/db/migrations/operations and django/db/backends/base/schema.py. What depends on how a model was before
is not translated, and says so. Of AlterField the type and NOT NULL are: to say what is so already changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from confiture_linter.model import Span
from confiture_linter.model.names import quote_identifier
from confiture_linter.sources.django_fields import Field, column_sql, field_of
from confiture_linter.sources.django_names import CHANGED, RELATIONS, DjangoNames, generated_name, shortened
from confiture_linter.sources.embedded import Located
from confiture_linter.sources.python_calls import Arguments, decoded
from confiture_linter.sources.python_values import Bound, Function, Opaque, Unresolved

if TYPE_CHECKING:
    from confiture_linter.sources.python_migration import Reader


def read_operations(reader: "Reader", operations: Bound, app: str, names: DjangoNames) -> None:
    """Read a migration's `operations`."""
    walk = _Operations(reader, app, names)
    try:
        listed = reader.values.value(operations.node, operations.scope)
    except Unresolved as unknown:
        reader.note(operations.node, unknown.reason)
        return
    walk.all(listed, operations.node)
    for statement, span in walk.deferred:
        reader.generated(statement, span)


class _Operations:
    def __init__(self, reader: "Reader", app: str, names: DjangoNames) -> None:
        self.reader = reader
        self.values = reader.values
        self.app = app
        self.names = names
        self.deferred: list[tuple[str, Span]] = []
        """What the schema editor runs at the end of a migration: foreign keys and indexes of new tables."""
        self.span = Span(0, 0)

    def all(self, operations: Any, node: Any) -> None:
        if not isinstance(operations, list):
            self.reader.note(node, "its operations are only known when it runs")
            return
        for operation in operations:
            if not isinstance(operation, Opaque) or not isinstance(operation.node, self.values.cst.Call):
                shown = operation.node if isinstance(operation, Opaque) else node
                self.reader.note(shown, "an operation is only known when the migration runs")
                continue
            try:
                self._one(operation)
            except Unresolved as unknown:
                self.reader.note(operation.node, unknown.reason)

    def _one(self, operation: Opaque) -> None:
        self.span = Span(*self.values.place(operation.node))
        name = self.values.called(operation.node)
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, Arguments(self.values, operation.node, operation.scope))
        elif name not in _SILENT:
            raise Unresolved(_UNKNOWN.get(name, f"the operation `{name}` is not known"))

    # Names.

    def table(self, model: str) -> str:
        return quote_identifier(self.names.table(self.app, model))

    def emit(self, statement: str) -> None:
        self.reader.generated(statement, self.span)

    def later(self, statement: str) -> None:
        self.deferred.append((statement, self.span))

    def column(self, model: str, field: str) -> str:
        kind = self.names.fields.get((self.app, model.lower(), field.lower()))
        if kind is None and field in ("id", self.names.key(self.app, model).column):
            return quote_identifier(field)
        if kind is None or kind == CHANGED:
            raise Unresolved(f"the files do not say what the field `{field}` of `{model}` is at this point")
        return quote_identifier(f"{field}_id" if kind in RELATIONS else field)

    # SQL and Python.

    def run_sql(self, arguments: Arguments) -> None:
        value = arguments.get("sql", 0)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list) and item:
                self._sql(item[0], driver=len(item) > 1 and item[1] is not None)
            else:
                self._sql(item, driver=False)

    def _sql(self, value: Any, *, driver: bool) -> None:
        if isinstance(value, Located):
            start = value.place
            self.reader.keep(
                value,
                Span(start, start + len(value.text)) if len(value.runs) == 1 else self.span,
                driver=driver,
            )
        elif not (isinstance(value, Opaque) and self.values.source(value.node).endswith("noop")):
            raise Unresolved("SQL that is only known when the migration runs")

    def run_python(self, arguments: Arguments) -> None:
        given = arguments.plain[0] if arguments.plain else arguments.named.get("code")
        if isinstance(given, Bound) and isinstance(given.node, self.values.cst.Name):
            try:
                function = given.scope.find(given.node.value)
            except KeyError:
                return
            if isinstance(function, Function):
                self.reader.run_function(function)

    def separate(self, arguments: Arguments) -> None:
        if arguments.has("database_operations", 0):
            self.all(arguments.get("database_operations", 0), arguments.call)

    # Models.

    def create_model(self, arguments: Arguments) -> None:
        model = arguments.string("name", 0)
        options = arguments.get("options") if arguments.has("options") else {}
        options = options if isinstance(options, dict) else {}
        if options.get("managed") is False or options.get("proxy") is True:
            return
        table = self.table(model)
        fields: list[Field] = []
        for pair in arguments.get("fields", 1) or []:
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], Located):
                raise Unresolved("the fields of a model are only known when the migration runs")
            fields.append(field_of(self.values, decoded(pair[0]), pair[1], self.app, self.names, model))
        lines = [column_sql(field) for field in fields if not field.many and field.type]
        self.emit(f"CREATE TABLE {table} ({', '.join(lines)})")
        for pair, field in zip(arguments.get("fields", 1) or [], fields, strict=True):
            self._remark(field)
            if field.many:
                self._join_table(model, decoded(pair[0]), field)
            elif field.target:
                self._foreign_key(table, field.column, field.target)
            if field.indexed:
                self._index(table, field.column)
            self._like(table, field)
        for group in _groups(options.get("unique_together")):
            self._unique(table, [self.column(model, name).strip('"') for name in group])

    def _remark(self, field: Field) -> None:
        if field.remark:
            self.reader.notes.append((self.span, field.remark))

    def _joining(self, model: str, name: str) -> str:
        return quote_identifier(shortened(f"{self.names.table(self.app, model)}_{name}"))

    def _join_table(self, model: str, name: str, field: Field) -> None:
        table = self._joining(model, name)
        key = self.names.key(self.app, model)
        own = f"{model.lower()}_id"
        other = (
            field.many.partition(" ")[0].strip('"').removeprefix(f"{self.app}_")
            if field.many != "?"
            else "other"
        )
        other = f"{other}_id" if f"{other}_id" != own else f"to_{other}_id"
        own = f"from_{own}" if other.startswith("to_") else own
        self.emit(
            f"CREATE TABLE {table} (id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY, "
            f"{quote_identifier(own)} {key.type} NOT NULL, {quote_identifier(other)} {field.type or 'bigint'} NOT NULL)"
        )
        self._unique(table, [own, other])
        for column, target in (
            (own, f"{self.table(model)} ({quote_identifier(key.column)})"),
            (other, field.many),
        ):
            if target != "?":
                self._foreign_key(table, column, target)
            self._index(table, column)

    def _foreign_key(self, table: str, column: str, target: str) -> None:
        self.later(
            f"ALTER TABLE {table} ADD {self._reference_name(table, column, target)}FOREIGN KEY ({quote_identifier(column)})"
            f" REFERENCES {target} DEFERRABLE INITIALLY DEFERRED"
        )

    def _reference_name(self, table: str, column: str, target: str) -> str:
        name, _, referred = target.replace('"', "").rstrip(")").partition(" (")
        made = generated_name(table.strip('"'), [column], f"_fk_{name}_{referred}")
        return f"CONSTRAINT {quote_identifier(made)} "

    def _index(self, table: str, column: str) -> None:
        made = generated_name(table.strip('"'), [column], "")
        self.later(f"CREATE INDEX {quote_identifier(made)} ON {table} ({quote_identifier(column)})")

    def _like(self, table: str, field: Field) -> None:
        """The second index of a text, for LIKE (django/db/backends/postgresql/schema.py)."""
        kind = field.type.partition("(")[0]
        if kind in ("varchar", "text") and (field.unique or field.indexed or field.primary):
            made = generated_name(table.strip('"'), [field.column], "_like")
            self.later(
                f"CREATE INDEX {quote_identifier(made)} ON {table} ({quote_identifier(field.column)} {kind}_pattern_ops)"
            )

    def _dropped(self, table: str) -> None:
        """What was to be done to a table at the end is not done if it is dropped before."""
        mention = re.compile(rf"(?:TABLE|ON|REFERENCES) {re.escape(table)}(?= )")
        self.deferred = [item for item in self.deferred if not mention.search(item[0])]

    def _unique(self, table: str, columns: list[str]) -> None:
        made = generated_name(table.strip('"'), columns, "_uniq")
        listed = ", ".join(map(quote_identifier, columns))
        self.later(f"ALTER TABLE {table} ADD CONSTRAINT {quote_identifier(made)} UNIQUE ({listed})")

    def delete_model(self, arguments: Arguments) -> None:
        table = self.table(arguments.string("name", 0))
        self.emit(f"DROP TABLE {table} CASCADE")
        self._dropped(table)

    def rename_model(self, arguments: Arguments) -> None:
        old, new = self.table(arguments.string("old_name", 0)), self.table(arguments.string("new_name", 1))
        if old != new:
            self.emit(f"ALTER TABLE {old} RENAME TO {new}")

    # Fields.

    def add_field(self, arguments: Arguments) -> None:
        model, name = arguments.string("model_name", 0), arguments.string("name", 1)
        field = field_of(self.values, name, arguments.get("field", 2), self.app, self.names, model)
        table = self.table(model)
        self._remark(field)
        if field.many:
            self._join_table(model, name, field)
            return
        if not field.type:
            return
        default = "" if field.db_default else field.default
        words = column_sql(field, default=default)
        if field.target:
            named = self._reference_name(table, field.column, field.target)
            words += f" {named}REFERENCES {field.target} DEFERRABLE INITIALLY DEFERRED"
        self.emit(f"ALTER TABLE {table} ADD COLUMN {words}")
        if default:
            self.emit(f"ALTER TABLE {table} ALTER COLUMN {quote_identifier(field.column)} DROP DEFAULT")
        if field.indexed:
            self._index(table, field.column)
        self._like(table, field)

    def alter_field(self, arguments: Arguments) -> None:
        """The type, and whether it may be NULL; keys and their references are dropped and made again around it."""
        model, name = arguments.string("model_name", 0), arguments.string("name", 1)
        field = field_of(self.values, name, arguments.get("field", 2), self.app, self.names, model)
        kind = self.names.fields.get((self.app, model.lower(), name.lower()))
        if field.many or field.primary or field.remark or not field.type or kind is None or kind in RELATIONS:
            raise Unresolved(_UNKNOWN["AlterField"])
        table, column = self.table(model), self.column(model, name)
        self.emit(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {field.type} USING {column}::{field.type}")
        word = "DROP" if field.nullable else "SET"
        self.emit(f"ALTER TABLE {table} ALTER COLUMN {column} {word} NOT NULL")
        if field.unique or field.indexed:
            self.reader.notes.append(
                (
                    self.span,
                    f"whether AlterField gives `{name}` a key or an index depends on how it was before",
                )
            )

    def remove_field(self, arguments: Arguments) -> None:
        model, name = arguments.string("model_name", 0), arguments.string("name", 1)
        if self.names.fields.get((self.app, model.lower(), name.lower())) == "ManyToManyField":
            self.emit(f"DROP TABLE {self._joining(model, name)} CASCADE")
            self._dropped(self._joining(model, name))
            return
        if self.names.fields.get((self.app, model.lower(), name.lower())) == "through":
            return
        self.emit(f"ALTER TABLE {self.table(model)} DROP COLUMN {self.column(model, name)} CASCADE")

    def rename_field(self, arguments: Arguments) -> None:
        model = arguments.string("model_name", 0)
        old, new = arguments.string("old_name", 1), arguments.string("new_name", 2)
        kind = self.names.fields.get((self.app, model.lower(), new.lower()))
        if kind is None or kind in (CHANGED, "ManyToManyField"):
            raise Unresolved(f"the files do not say what the field `{old}` of `{model}` is at this point")
        suffix = "_id" if kind in RELATIONS else ""
        self.emit(
            f"ALTER TABLE {self.table(model)} RENAME COLUMN {quote_identifier(old + suffix)} TO {quote_identifier(new + suffix)}"
        )

    # Indexes and constraints.

    def add_index(self, arguments: Arguments, words: str = "") -> None:
        model = arguments.string("model_name", 0)
        value = arguments.get("index", 1)
        if not isinstance(value, Opaque) or not isinstance(value.node, self.values.cst.Call):
            raise Unresolved("an index is only known when the migration runs")
        kind = self.values.called(value.node)
        index = Arguments(self.values, value.node, value.scope)
        if index.plain or index.has("condition") or index.has("opclasses"):
            raise Unresolved("an index of expressions, or with a condition, is built by Django's models")
        columns = [
            self.column(model, name.removeprefix("-")) + (" DESC" if name.startswith("-") else "")
            for name in index.names("fields")
        ]
        method = kind.removesuffix("Index").lower()
        using = f" USING {method}" if method in ("gin", "gist", "brin", "hash", "spgist") else ""
        self.emit(
            f"CREATE INDEX {words}{quote_identifier(index.string('name'))} ON {self.table(model)}{using} ({', '.join(columns)})"
        )

    def add_index_concurrently(self, arguments: Arguments) -> None:
        self.add_index(arguments, "CONCURRENTLY ")

    def remove_index(self, arguments: Arguments, words: str = "") -> None:
        self.emit(f"DROP INDEX {words}IF EXISTS {quote_identifier(arguments.string('name', 1))}")

    def remove_index_concurrently(self, arguments: Arguments) -> None:
        self.remove_index(arguments, "CONCURRENTLY ")

    def add_constraint(self, arguments: Arguments) -> None:
        model = arguments.string("model_name", 0)
        value = arguments.get("constraint", 1)
        if not isinstance(value, Opaque) or not isinstance(value.node, self.values.cst.Call):
            raise Unresolved("a constraint is only known when the migration runs")
        constraint = Arguments(self.values, value.node, value.scope)
        kind = self.values.called(value.node)
        if kind != "UniqueConstraint" or constraint.plain or constraint.has("opclasses"):
            raise Unresolved(f"the condition of a `{kind}` is built by Django's models")
        name = quote_identifier(constraint.string("name"))
        columns = ", ".join(self.column(model, field) for field in constraint.names("fields"))
        if constraint.has("condition"):
            raise Unresolved("the condition of a `UniqueConstraint` is built by Django's models")
        self.emit(f"ALTER TABLE {self.table(model)} ADD CONSTRAINT {name} UNIQUE ({columns})")

    def validate_constraint(self, arguments: Arguments) -> None:
        table = self.table(arguments.string("model_name", 0))
        self.emit(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quote_identifier(arguments.string('name', 1))}")

    def remove_constraint(self, arguments: Arguments) -> None:
        # IF EXISTS, because checks and partial keys are not translated where they are made.
        table, name = (
            self.table(arguments.string("model_name", 0)),
            quote_identifier(arguments.string("name", 1)),
        )
        self.emit(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")

    def create_extension(self, arguments: Arguments) -> None:
        name = self.values.called(arguments.call)
        extension = _EXTENSIONS.get(name) or arguments.string("name", 0)
        self.emit(f"CREATE EXTENSION IF NOT EXISTS {quote_identifier(extension)}")


def _groups(value: Any) -> list[list[str]]:
    """`unique_together`: one group of fields, or several."""
    if not isinstance(value, list) or not value:
        return []
    groups = value if isinstance(value[0], list) else [value]
    return [[decoded(name) for name in group if isinstance(name, Located)] for group in groups]


_EXTENSIONS = {
    "BtreeGinExtension": "btree_gin",
    "BtreeGistExtension": "btree_gist",
    "CITextExtension": "citext",
    "CryptoExtension": "pgcrypto",
    "HStoreExtension": "hstore",
    "TrigramExtension": "pg_trgm",
    "UnaccentExtension": "unaccent",
}
_SILENT = frozenset(("AlterModelOptions", "AlterModelManagers", "AlterOrderWithRespectTo"))
_UNKNOWN = {
    "AlterField": "what AlterField changes depends on how the field was before",
    "AlterUniqueTogether": "what AlterUniqueTogether changes depends on how the model was before",
    "AlterIndexTogether": "what AlterIndexTogether changes depends on how the model was before",
    "AlterModelTable": "what AlterModelTable changes depends on how the model was before",
    "RenameIndex": "what RenameIndex changes depends on how the model was before",
}
_HANDLERS: Mapping[str, Callable[[_Operations, Arguments], None]] = {
    "AddConstraint": _Operations.add_constraint,
    "AddField": _Operations.add_field,
    "AddIndex": _Operations.add_index,
    "AlterField": _Operations.alter_field,
    "AddIndexConcurrently": _Operations.add_index_concurrently,
    "CreateExtension": _Operations.create_extension,
    "CreateModel": _Operations.create_model,
    "DeleteModel": _Operations.delete_model,
    "RemoveConstraint": _Operations.remove_constraint,
    "RemoveField": _Operations.remove_field,
    "RemoveIndex": _Operations.remove_index,
    "RemoveIndexConcurrently": _Operations.remove_index_concurrently,
    "RenameField": _Operations.rename_field,
    "RenameModel": _Operations.rename_model,
    "RunPython": _Operations.run_python,
    "RunSQL": _Operations.run_sql,
    "SeparateDatabaseAndState": _Operations.separate,
    "ValidateConstraint": _Operations.validate_constraint,
    **dict.fromkeys(_EXTENSIONS, _Operations.create_extension),
}
