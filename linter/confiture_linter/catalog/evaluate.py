"""Runs scripts on the catalog: DO blocks, and functions that are called once and execute what they put together.

Where a condition cannot be told both ways are taken, and nothing that happens there conflicts with anything. What
is executed is parsed and carried out if all that it names is known; the rest is not known to have happened.
"""

import re
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.catalog.entities import TOKEN, Function, Table
from confiture_linter.catalog.known import HOLE, UNKNOWN, Known
from confiture_linter.catalog.values import Values
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.statements import facts as f
from confiture_linter.statements.summarise import summarise

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay

_MOST_STEPS = 20_000
_DEEPEST = 8
_MAY_CHANGE_COLUMNS = re.compile(r"\s*(?:\0|alter\s+(?:foreign\s+)?table\b)", re.IGNORECASE)
"""How a text begins that may change the columns of a table, or whose beginning is not known."""
_STAND_IN = "confiture_not_known"
_NO_SCHEMA_CHANGE = ("select", "insert", "update", "delete", "grant", "revoke", "refresh", "analyze", "vacuum", "lock",
                     "set", "notify", "comment", "truncate", "copy", "call", "with", "reindex", "cluster")  # fmt: skip


class _Left(Exception):
    """The routine was left."""


class Evaluator:
    """Runs scripts; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        self.replay = replay
        self.catalog = replay.catalog
        self.values = Values(replay.catalog)
        self.steps = 0
        self.depth = 0
        self.path = ""
        """The file of the DO block that is run; empty in a function, which is said of the function."""
        self.called_from = -1
        """Where the file that is run calls a function of another file: what it does has its place there."""

    def block(self, body: f.Body) -> None:
        """A DO block."""
        outer, self.path = self.path, self.replay.where.path
        self._routine(body.script, {})
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
                self._routine(script, self._arguments(function, call, names))
                self.path, self.called_from = outer, called_from
                return not body.dynamic or bool(body.script)
        return False

    def _arguments(self, function: Function, call: f.Value, names: dict[str, Known]) -> dict[str, Known]:
        inputs = [argument for argument in function.fact.arguments if argument.mode in "ibv"]
        given: dict[str, Known] = {
            argument.name.lower(): self.values.of(argument.value, {})
            for argument in inputs
            if argument.default
        }
        for number, part in enumerate(call.parts):
            if part.kind == "named":
                given[part.text.lower()] = self.values.of(part.parts[0], names)
            elif number < len(inputs):
                value = self.values.of(part, names)
                given[inputs[number].name.lower()] = given[f"${number + 1}"] = value
        return {**given, **{f"{function.name}.{name}": value for name, value in given.items()}}

    def _routine(self, script: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        if self.depth >= _DEEPEST:
            return
        self.depth += 1
        lenient, self.replay.lenient = self.replay.lenient, True
        where = self.replay.where
        try:
            self._run(script, {**names, "found": UNKNOWN})
        except _Left:
            pass
        finally:
            self.depth -= 1
            self.replay.lenient, self.replay.where = lenient, where

    # -- steps -------------------------------------------------------------------------------------

    def _run(self, steps: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        for step in steps:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                return
            getattr(self, f"_{step.kind}")(step, names)

    def _block(self, step: f.Step, names: dict[str, Known]) -> None:
        self._run(step.body, names)

    def _leave(self, _step: f.Step, _names: dict[str, Known]) -> None:
        raise _Left

    def _assign(self, step: f.Step, names: dict[str, Known]) -> None:
        names[step.name.lower()] = self.values.of(step.value, names)

    def _if(self, step: f.Step, names: dict[str, Known]) -> None:
        holds = self.values.of(step.value, names)
        if holds is not UNKNOWN:
            self._run(step.body if holds is True else step.other, names)
            return
        before = dict(names)
        self._maybe(step.body, names)
        other = dict(before)
        self._maybe(step.other, other)
        for name in names.keys() | other.keys():
            if names.get(name, UNKNOWN) != other.get(name, UNKNOWN):
                names[name] = UNKNOWN

    def _maybe(self, steps: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        """Steps that may or may not be taken: leaving then ends nothing but them."""
        try:
            self._run(steps, names)
        except _Left:
            return

    def _for(self, step: f.Step, names: dict[str, Known]) -> None:
        rows, sure = self.values.rows(step.value, names)
        variables = step.name.split(",")
        if rows is None or not sure:
            self._once(step, variables, names)
            return
        for row in rows:
            fields = list(row.items())
            if len(variables) == 1:
                names.update({f"{variables[0]}.{name}": value for name, value in fields})
                names[variables[0]] = fields[0][1] if fields else UNKNOWN
            else:
                names.update(dict(zip(variables, row.values(), strict=False)))
            self._run(step.body, names)

    def _foreach(self, step: f.Step, names: dict[str, Known]) -> None:
        items = self.values.of(step.value, names)
        if not isinstance(items, list):
            self._once(step, [step.name], names)
            return
        for item in items:
            names[step.name.lower()] = item
            self._run(step.body, names)

    def _once(self, step: f.Step, variables: list[str], names: dict[str, Known]) -> None:
        """The body of a loop over what is not known."""
        for known in [key for key in names if key.partition(".")[0] in variables]:
            names[known] = UNKNOWN
        self._maybe(step.body, names)

    def _fetch(self, step: f.Step, names: dict[str, Known]) -> None:
        for output in step.value.parts[2:] if step.value.kind == "query" else ():
            if output.parts[0].kind == "call":
                self.call(output.parts[0], names)
        rows, sure = self.values.rows(step.value, names)
        certain = sure and rows is not None
        names["found"] = bool(rows) if certain else UNKNOWN
        variables = [name for name in step.name.split(",") if name]
        fetched = (
            list(rows[0].values()) if certain and rows else [None if certain else UNKNOWN] * len(variables)
        )
        for number, name in enumerate(variables):
            names[name] = fetched[number] if number < len(fetched) else UNKNOWN

    def _sql(self, step: f.Step, _names: dict[str, Known]) -> None:
        for statement in step.statements:
            self._apply(statement)

    def _execute(self, step: f.Step, names: dict[str, Known]) -> None:
        text = self.values.of(step.value, names)
        statements = self._parsed(text, step.at) if isinstance(text, str) else None
        if statements is None:
            if not isinstance(text, str):
                self._untold(step)
            elif not text.lstrip().lower().startswith(_NO_SCHEMA_CHANGE):
                self._untold(step, changes=_MAY_CHANGE_COLUMNS.match(text) is not None)
            return
        for statement in statements:
            if _names_unknown(statement.fact):
                self._untold(step, changes=_changes_columns(statement.fact))
                continue
            # It is written nowhere as it is run: its place is the word EXECUTE.
            self._apply(statement._replace(start=step.at, end=TOKEN))

    def _untold(self, step: f.Step, *, changes: bool = True) -> None:
        """Something was done to something: said, and no table of the tree is fully known from here on."""
        if self.path:
            self.catalog.untold[self.path, step.at] = None
        for relation in self.catalog.relations.values() if changes else ():
            if isinstance(relation, Table):
                relation.unknown_columns = True

    def _parsed(self, text: str, at: int) -> list[f.Statement] | None:
        """What an executed text says, every place in it being that of EXECUTE; None if it cannot be told."""
        for stand_in in (_STAND_IN, "1") if HOLE in text else ("",):
            filled = text.replace(HOLE, stand_in)
            data = filled.encode()
            try:
                raws = parse_statements(filled, len(data))
            except ParseFailure:
                continue
            found: list[f.Statement] = []
            for raw in raws:
                _forget_places(raw.node)
                found += summarise(raw, data, at)
            return found
        return None

    def _apply(self, statement: f.Statement) -> None:
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


def _names_unknown(fact: Any) -> bool:
    """Whether the object that a statement is about could not be told."""
    texts = [
        getattr(fact, name, "")
        for name in ("schema", "name", "table", "table_schema", "function", "new", "owner")
    ]
    for path in (getattr(fact, "target", None), *getattr(fact, "targets", ())):
        texts += getattr(path, "parts", ())
    for command in getattr(fact, "commands", ()):
        texts += [command.name, command.text]
    return any(type(text) is str and _STAND_IN in text for text in texts)


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


def _forget_places(node: Any) -> None:
    """A text that was put together has no places of its own."""
    if type(node) is list:
        for item in node:
            _forget_places(item)
    elif type(node) is dict:
        for key, child in node.items():
            if key == "location":
                node[key] = 0
            else:
                _forget_places(child)
