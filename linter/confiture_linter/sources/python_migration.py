"""Walks the syntax tree of a Python migration; the file is never imported and never run.

Walks what the tool would call (`upgrade`, `up`, `operations`, `step`), follows the functions of the file and loops over
constants, and keeps every text that is executed with its place. Whatever only a run could tell is said with its reason.
"""

import re
from typing import TYPE_CHECKING, Any

from confiture_linter.model import Span
from confiture_linter.sources.django_names import DjangoNames, app_of
from confiture_linter.sources.embedded import Embedded, Located, pinned
from confiture_linter.sources.python_calls import Arguments
from confiture_linter.sources.python_values import Bound, Function, Opaque, Scope, Unresolved, Values

if TYPE_CHECKING:
    import libcst as cst

Notes = list[tuple[Span, str]]


_FORWARD = ("upgrade", "up", "forwards", "apply")
_EXECUTES = frozenset(("execute", "exec_driver_sql", "executemany", "scalar", "scalars", "copy_expert"))
_MAX_ROUNDS = 500
_MAX_CALLS = 12
_OTHER_DIALECTS = frozenset(("mysql", "mariadb", "sqlite", "mssql", "oracle"))
_POSTGRES = frozenset(("postgresql", "postgres"))


class _Batch:
    """What `with op.batch_alter_table(…) as batch` binds."""

    def __init__(self, table: Any, schema: Any) -> None:
        self.table = table
        self.schema = schema


class Reader:
    """Reads one file."""

    def __init__(self, values: Values, path: str, names: DjangoNames) -> None:
        self.values = values
        self.path = path
        self.names = names
        self.cst = values.cst
        self.found: list[Embedded] = []
        self.notes: Notes = []
        self._calls = 0
        self._enums: set[str] = set()

    # The file.

    def module(self, module: "cst.Module") -> None:
        """Read what the tool would call."""
        scope = Scope()
        classes: list[Any] = []
        steps: list[Any] = []
        for statement in module.body:
            if isinstance(statement, self.cst.FunctionDef):
                scope.names[statement.name.value] = Function(statement, scope)
            elif isinstance(statement, self.cst.ClassDef):
                classes.append(statement)
                self._class(statement, scope)
            elif isinstance(statement, self.cst.SimpleStatementLine):
                self._assignments(statement, scope, again=False)
                steps.append(statement)
            else:
                self._forget(statement, scope)
        # Django's `operations` come before a function `forwards`, which one of them may call.
        if any(self._django(definition, scope) for definition in classes):
            return
        for name in _FORWARD:
            function = scope.names.get(name)
            if isinstance(function, Function):
                self._function(function.node, Scope(scope))
                return
        if any(self._migration_class(definition, scope) for definition in classes):
            return
        for statement in steps:
            for call in self._calls_in(statement):
                if self.values.called(call) == "step":
                    self._step(call, scope)

    def _class(self, definition: Any, scope: Scope) -> None:
        """Names of a class, as `Class.NAME` and `self.NAME`."""
        inner = Scope(scope)
        for statement in definition.body.body:
            if isinstance(statement, self.cst.SimpleStatementLine):
                self._assignments(statement, inner, again=False)
            elif isinstance(statement, self.cst.FunctionDef):
                inner.names[statement.name.value] = Function(statement, scope)
        for name, value in inner.names.items():
            for owner in (definition.name.value, "self", "cls"):
                scope.names.setdefault(f"{owner}.{name}", value)

    def _django(self, definition: Any, scope: Scope) -> bool:
        inner = Scope(scope)
        for statement in definition.body.body:
            if isinstance(statement, self.cst.SimpleStatementLine):
                self._assignments(statement, inner, again=False)
        operations = inner.names.get("operations")
        if not isinstance(operations, Bound):
            return False
        from confiture_linter.sources.django_operations import read_operations

        read_operations(self, operations, app_of(self.path), self.names)
        return True

    def _migration_class(self, definition: Any, scope: Scope) -> bool:
        methods = {
            statement.name.value: statement
            for statement in definition.body.body
            if isinstance(statement, self.cst.FunctionDef)
        }
        for name in _FORWARD:
            if name in methods:
                self._function(methods[name], Scope(scope))
                return True
        return False

    def _step(self, call: Any, scope: Scope) -> None:
        """Yoyo: the first argument of `step` is SQL or a function."""
        given = [a.value for a in call.args if a.keyword is None or a.keyword.value == "apply"]
        if not given:
            return
        function = scope.names.get(given[0].value) if isinstance(given[0], self.cst.Name) else None
        if isinstance(function, Function):
            self.run_function(function)
            return
        self.execute(given[0], given[0], scope)

    # Statements.

    def _function(self, definition: Any, scope: Scope) -> None:
        for parameter in definition.params.params:
            if parameter.name.value not in scope.names:
                scope.names[parameter.name.value] = _parameter(parameter)
        self._block(definition.body, scope)

    def run_function(self, function: Function) -> None:
        """Walk the body of a function that is called with arguments nobody knows."""
        self._function(function.node, Scope(function.scope))

    def _block(self, block: Any, scope: Scope) -> None:
        for statement in block.body:
            self._statement(statement, scope)

    def _statement(self, statement: Any, scope: Scope) -> None:
        cst = self.cst
        if isinstance(statement, cst.SimpleStatementLine | cst.SimpleStatementSuite):
            for call in self._calls_in(statement):
                self._call(call, scope)
            self._assignments(statement, scope, again=True)
        elif isinstance(statement, cst.If):
            self._if(statement, scope)
        elif isinstance(statement, cst.For):
            self._for(statement, scope)
        elif isinstance(statement, cst.With):
            self._with(statement, scope)
        elif isinstance(statement, cst.FunctionDef):
            scope.names[statement.name.value] = Function(statement, scope)
        elif isinstance(statement, cst.While):
            self._forget(statement, scope)
            self._block(statement.body, scope)
        elif isinstance(statement, cst.Try | cst.TryStar):
            self._block(statement.body, scope)
            if statement.orelse is not None:
                self._block(statement.orelse.body, scope)
            if statement.finalbody is not None:
                self._block(statement.finalbody.body, scope)

    def _if(self, statement: Any, scope: Scope) -> None:
        for call in self._calls_in(statement.test):
            self._call(call, scope)
        holds = self._dialect(statement.test)
        if holds is not False:
            self._block(statement.body, scope)
        orelse = statement.orelse
        if orelse is not None and holds is not True:
            if isinstance(orelse, self.cst.If):
                self._if(orelse, scope)
            else:
                self._block(orelse.body, scope)
        if holds is None:
            self._forget(statement, scope)

    def _dialect(self, test: Any) -> bool | None:
        """Whether a test of the database's name holds for PostgreSQL; None if it tests something else."""
        if not isinstance(test, self.cst.Comparison) or len(test.comparisons) != 1:
            return None
        comparison = test.comparisons[0]
        words = set(re.findall(r"['\"](\w+)['\"]", self.values.source(test).lower()))
        if not words & (_OTHER_DIALECTS | _POSTGRES):
            return None
        same = isinstance(comparison.operator, self.cst.Equal | self.cst.In)
        if not same and not isinstance(comparison.operator, self.cst.NotEqual | self.cst.NotIn):
            return None
        return bool(words & _POSTGRES) == same

    def _for(self, statement: Any, scope: Scope) -> None:
        for call in self._calls_in(statement.iter):
            self._call(call, scope)
        try:
            items = self.values.value(statement.iter, scope)
        except Unresolved:
            items = None
        if isinstance(items, dict):
            items = [pinned(str(key).encode(), self.values.place(statement.iter)[0]) for key in items]
        if not isinstance(items, list) or len(items) > _MAX_ROUNDS:
            self._target(statement.target, None, scope)
            self._forget(statement, scope)
            self._block(statement.body, scope)
            return
        for item in items:
            self._target(statement.target, item, scope)
            self._block(statement.body, scope)

    def _target(self, target: Any, value: Any, scope: Scope) -> None:
        if isinstance(target, self.cst.Name):
            scope.names[target.value] = value
        elif isinstance(target, self.cst.Tuple | self.cst.List):
            fits = isinstance(value, list) and len(value) == len(target.elements)
            for index, element in enumerate(target.elements):
                self._target(element.value, value[index] if fits else None, scope)

    def _with(self, statement: Any, scope: Scope) -> None:
        alone = False
        for item in statement.items:
            call = item.item
            name = self.values.called(call) if isinstance(call, self.cst.Call) else ""
            if name == "autocommit_block":
                alone = True
            elif name == "batch_alter_table":
                self._batch(call, item.asname, scope)
            else:
                for inner in self._calls_in(call):
                    self._call(inner, scope)
                if item.asname is not None and isinstance(item.asname.name, self.cst.Name):
                    scope.names.pop(item.asname.name.value, None)
        # Alembic commits what came before, and begins anew behind the block (MigrationContext.autocommit_block).
        start, end = self.values.place(statement)
        if alone:
            self.generated("COMMIT", Span(start, start))
        self._block(statement.body, scope)
        if alone:
            self.generated("BEGIN", Span(end, end))

    def _batch(self, call: Any, asname: Any, scope: Scope) -> None:
        if asname is None or not isinstance(asname.name, self.cst.Name):
            return
        try:
            arguments = Arguments(self.values, call, scope)
            scope.names[asname.name.value] = _Batch(arguments.get("table_name", 0), arguments.get("schema"))
        except Unresolved:
            scope.names[asname.name.value] = None

    def _assignments(self, line: Any, scope: Scope, *, again: bool) -> None:
        """Bind names; without `again` a name that is bound twice is not known."""
        for part in line.body:
            if isinstance(part, self.cst.Assign):
                for target in part.targets:
                    self._bind(target.target, part.value, scope, again=again)
            elif isinstance(part, self.cst.AnnAssign) and part.value is not None:
                self._bind(part.target, part.value, scope, again=again)
            elif isinstance(part, self.cst.AugAssign) and isinstance(part.target, self.cst.Name):
                self._augment(part, scope)

    def _bind(self, target: Any, value: Any, scope: Scope, *, again: bool) -> None:
        if not isinstance(target, self.cst.Name):
            if isinstance(target, self.cst.Tuple):
                for element in target.elements:
                    self._bind(element.value, None, scope, again=again)
            return
        name = target.value
        if value is None or (name in scope.names and not again):
            scope.names[name] = None
        elif again:
            # The value now, for `sql = sql + "…"` would stand for itself.
            try:
                scope.names[name] = self.values.value(value, scope)
            except Unresolved:
                scope.names[name] = None
        else:
            scope.names[name] = Bound(value, scope)

    def _augment(self, part: Any, scope: Scope) -> None:
        name = part.target.value
        try:
            left, right = self.values.value(part.target, scope), self.values.value(part.value, scope)
        except Unresolved:
            left = right = None
        if (
            isinstance(left, Located)
            and isinstance(right, Located)
            and isinstance(part.operator, self.cst.AddAssign)
        ):
            from confiture_linter.sources.embedded import joined

            scope.names[name] = joined([left, right])
        else:
            scope.names[name] = None

    def _forget(self, statement: Any, scope: Scope) -> None:
        """Names that are bound inside a branch or a loop are not known."""
        for node in self._descend(statement):
            if isinstance(node, self.cst.AssignTarget | self.cst.AugAssign) and isinstance(
                node.target, self.cst.Name
            ):
                scope.names[node.target.value] = None

    # Calls.

    def _calls_in(self, node: Any) -> list[Any]:
        return [found for found in self._descend(node) if isinstance(found, self.cst.Call)]

    def _descend(self, node: Any) -> list[Any]:
        """The node and all in it, outermost first; not into lambdas."""
        found, waiting = [], [node]
        while waiting:
            item = waiting.pop()
            found.append(item)
            if not isinstance(item, self.cst.Lambda):
                waiting.extend(
                    child
                    for child in reversed(item.children)
                    if not isinstance(
                        child, self.cst.BaseParenthesizableWhitespace | self.cst.TrailingWhitespace
                    )
                )
        return found

    def _call(self, call: Any, scope: Scope) -> None:
        name = self.values.called(call)
        try:
            if isinstance(call.func, self.cst.Attribute):
                self._method(call, name, call.func.value, scope)
            elif isinstance(call.func, self.cst.Name):
                function = scope.names.get(name) or _found(scope, name)
                if isinstance(function, Function):
                    self._inline(function, call, scope)
        except Unresolved as unknown:
            self.note(call, unknown.reason)

    def _method(self, call: Any, name: str, owner: Any, scope: Scope) -> None:
        if name in _EXECUTES:
            given = [
                a
                for a in call.args
                if a.keyword is None or a.keyword.value in ("sqltext", "sql", "query", "statement")
            ]
            if given and not given[0].star:
                others = [a for a in call.args if a is not given[0]]
                driver = name == "executemany" or (self._is_driver(owner) and bool(others))
                self.execute(call, given[0].value, scope, driver=driver)
            return
        if isinstance(owner, self.cst.Name):
            batch = _found(scope, owner.value)
            if isinstance(batch, _Batch):
                self._operation(call, name, scope, batch)
                return
            if owner.value == "op":
                self._operation(call, name, scope, None)
                return
            if owner.value == "self":
                function = _found(scope, f"self.{name}")
                if isinstance(function, Function):
                    self._inline(function, call, scope)
                return
        if name in ("create", "drop"):
            from confiture_linter.sources.alembic_types import enum_statements

            for statement in enum_statements(self.values, self.values.value(owner, scope), name) or ():
                self.generated(statement, Span(*self.values.place(call)))
        elif name in ("create_all", "drop_all"):
            raise Unresolved("SQLAlchemy makes this SQL from its models when the migration runs")

    def _is_driver(self, owner: Any) -> bool:
        """Whether `%s` is a parameter: a cursor of the driver, not a connection of SQLAlchemy."""
        shown = self.values.source(owner).lower()
        return "cur" in shown or "schema_editor" in shown or shown in ("conn", "connection")

    def _operation(self, call: Any, name: str, scope: Scope, batch: _Batch | None) -> None:
        from confiture_linter.sources.alembic_operations import IN_BATCH, translate

        if name == "batch_alter_table":
            return
        arguments = Arguments(self.values, call, scope)
        if batch is not None and name in IN_BATCH:
            at = IN_BATCH[name]
            if len(arguments.plain) >= at:
                arguments.plain.insert(at, batch.table)
            else:
                arguments.named["source_table" if name == "create_foreign_key" else "table_name"] = (
                    batch.table
                )
            key = "source_schema" if name == "create_foreign_key" else "schema"
            arguments.named.setdefault(key, batch.schema)
        translated = translate(self.values, name, arguments)
        if translated is None:
            return
        span = Span(*self.values.place(call))
        for statement in translated.statements:
            if statement.startswith("CREATE TYPE "):
                # SQLAlchemy remembers the enumerations of one run (`_check_for_name_in_memos`).
                if statement in self._enums:
                    continue
                self._enums.add(statement)
            self.generated(statement, span)
        for remark in translated.remarks:
            self.notes.append((span, remark))

    def _inline(self, function: Function, call: Any, scope: Scope) -> None:
        if self._calls >= _MAX_CALLS:
            return
        self._calls += 1
        try:
            self._block(function.node.body, self.values.parameters(function, call, scope))
        finally:
            self._calls -= 1

    # What is found.

    def execute(self, call: Any, given: Any, scope: Scope, *, driver: bool = False) -> None:
        """Keep the SQL that is executed; `driver`: with parameters written `%s`."""
        try:
            value = self.values.value(given, scope)
            if isinstance(value, Opaque):
                made = self._construct(value)
                if made is None:
                    self.note(
                        given, f"`{self.values.source(value.node)}` is only known when the migration runs"
                    )
                    return
                value = pinned(made.encode(), self.values.place(call)[0])
            if not isinstance(value, Located):
                self.note(given, "what is executed is no text")
                return
        except Unresolved as unknown:
            self.note(given, f"SQL that is put together: {unknown.reason}")
            return
        self.keep(value, Span(*self.values.place(given)), driver=driver)

    def keep(self, value: Located, span: Span, *, driver: bool = False) -> None:
        """Keep one text of SQL."""
        substitutions: tuple[tuple[str, str], ...] = ()
        if driver and b"%" in value.text:
            value = value._replace(text=_parameters(value.text))
            # A driver that puts values in itself allows them where PostgreSQL has no parameters.
            substitutions = (("$1", "%s"),)
        value = value.slice(0, len(value.text.rstrip()))
        if value.text:
            self.found.append(Embedded(value.text, value.runs, span, substitutions))

    def _construct(self, value: Opaque) -> str | None:
        """DDL constructs of SQLAlchemy that are nothing but a name."""
        if not isinstance(value.node, self.cst.Call):
            return None
        name = self.values.called(value.node)
        if name in ("CreateSchema", "DropSchema"):
            arguments = Arguments(self.values, value.node, value.scope)
            exists = {"CreateSchema": "IF NOT EXISTS ", "DropSchema": "IF EXISTS "}[name]
            guarded = arguments.flag("if_not_exists") or arguments.flag("if_exists")
            cascade = " CASCADE" if arguments.flag("cascade") else ""
            target = arguments.relation("name", 0, "")
            return f"{name[:-6].upper()} SCHEMA {exists if guarded else ''}{target}{cascade}"
        return None

    def generated(self, statement: str, span: Span) -> None:
        """Keep a statement that the tool makes of a call."""
        self.found.append(Embedded(statement.encode(), pinned(statement.encode(), span.start).runs, span))

    def note(self, node: Any, reason: str) -> None:
        """Say what could not be told."""
        self.notes.append((Span(*self.values.place(node)), reason))


_PARAMETER = re.compile(rb"%(?:%|s)")


def _parameters(sql: bytes) -> bytes:
    """A driver's `%s` and `%%` as PostgreSQL would see them, at equal length."""
    return _PARAMETER.sub(lambda found: b"$1" if found[0] == b"%s" else b"% ", sql)


def _parameter(parameter: Any) -> Any:
    """A parameter nobody gives a value: opaque, so that its methods can still be called."""
    return Opaque(parameter.name, Scope())


def _found(scope: Scope, name: str) -> Any:
    try:
        return scope.find(name)
    except KeyError:
        return None
