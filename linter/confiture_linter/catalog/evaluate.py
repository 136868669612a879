"""Runs scripts on the catalog: DO blocks, and functions that are called once and execute what they put together.

Nothing that happens under a condition that cannot be told conflicts with anything. What is executed is carried out if
all that it names is known; the rest is not known to have happened.
"""

import re
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.catalog.entities import TOKEN, Function, Table
from confiture_linter.catalog.known import Known
from confiture_linter.catalog.scripts import ScriptRunner
from confiture_linter.catalog.values import Values
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay

_MAY_CHANGE_COLUMNS = re.compile(r"\s*(?:\0|alter\s+(?:foreign\s+)?table\b)", re.IGNORECASE)
"""How a text begins that may change the columns of a table, or whose beginning is not known."""
_NO_SCHEMA_CHANGE = ("select", "insert", "update", "delete", "grant", "revoke", "refresh", "analyze", "vacuum", "lock",
                     "set", "notify", "comment", "truncate", "copy", "call", "with", "reindex", "cluster")  # fmt: skip


class Evaluator(ScriptRunner):
    """Runs scripts; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        super().__init__(Values(replay.catalog))
        self.replay = replay
        self.catalog = replay.catalog
        self.path = ""
        """The file of the DO block that is run; empty in a function, which is said of the function."""
        self.called_from = -1
        """Where the file that is run calls a function of another file: what it does has its place there."""

    def block(self, body: f.Body) -> None:
        """A DO block."""
        outer, self.path = self.path, self.replay.where.path
        self.routine(body.script, {})
        self.path = outer

    def call(self, call: f.Value, names: dict[str, Known]) -> bool:
        """A call of a function of the tree; False if it changes nothing of the schema, or its body is not known."""
        schema, _, name = call.text.rpartition(".")
        for function in self.catalog.overloads(schema, name):
            if isinstance(function, Function) and function.accepts(len(call.parts)):
                body = function.fact.body
                if body is None or not (body.script or body.statements):
                    return False
                # Without a script all that it runs is written in it, if perhaps under a condition.
                script = body.script or (f.Step("sql", at=body.start, statements=body.statements),)
                outer, self.path = self.path, ""
                called_from, where = self.called_from, self.replay.where
                if called_from < 0 and function.path != where.path:
                    self.called_from = where.statement.start
                self.routine(script, self.arguments(function.fact, call, names))
                self.path, self.called_from = outer, called_from
                return not body.dynamic or bool(body.script)
        return False

    def routine(self, script: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        """Run the script of a routine; what it does may or may not happen, so nothing of it conflicts."""
        lenient, self.replay.lenient = self.replay.lenient, True
        where = self.replay.where
        try:
            super().routine(script, names)
        finally:
            self.replay.lenient, self.replay.where = lenient, where

    def not_told(self, step: f.Step, statement: f.Statement | None, text: str | None) -> None:
        """Something was done to something: said, and no table of the tree is fully known from here on."""
        if statement is not None:
            changes = _changes_columns(statement.fact)
        elif text is None:
            changes = True
        elif text.lstrip().lower().startswith(_NO_SCHEMA_CHANGE):
            return
        else:
            changes = _MAY_CHANGE_COLUMNS.match(text) is not None
        if self.path:
            self.catalog.untold[self.path, step.at] = None
        for relation in self.catalog.relations.values() if changes else ():
            if isinstance(relation, Table):
                relation.unknown_columns = True

    def carry_out(self, statement: f.Statement) -> None:
        """Change the catalog."""
        replay = self.replay
        outer = replay.where
        if self.called_from >= 0:
            statement = _placed(statement, self.called_from)
        replay.where = SourceStatement(outer.path, statement, outer.position)
        if replay.before is not None:
            replay.before(replay.where, True)
        replay.attempt()
        replay.where = outer


def _changes_columns(fact: Any) -> bool:
    """Whether a statement about an object that is not known may change the columns of some table."""
    if type(fact) is f.AlterTable:
        return any(command.kind in ("AddColumn", "DropColumn") for command in fact.commands)
    if type(fact) is f.Rename:
        return fact.kind in ("column", "table", "view", "materialized view", "foreign table")
    paths = fact.targets if type(fact) is f.Drop else (fact.target,) if type(fact) is f.SetSchema else ()
    return any(
        path.kind in ("table", "view", "materialized view", "foreign table", "schema") for path in paths
    )


def _placed(value: Any, at: int) -> Any:
    """A statement, or a part of one, with one place for all that is in it."""
    if type(value) is tuple:
        return tuple(_placed(item, at) for item in value)
    if not isinstance(value, tuple):
        return value
    fields: tuple[str, ...] = type(value)._fields  # type: ignore[attr-defined]
    moved = {"at": at, "start": at, "end": TOKEN}
    return type(value)(
        *(moved.get(name, _placed(item, at)) for name, item in zip(fields, value, strict=True))
    )


__all__ = ["Evaluator"]
