"""Goes through scripts step by step: which SQL a DO block, or a function that is called, executes in the end.

Where a condition cannot be told both ways are taken. What becomes of the SQL is up to who runs the script: the replay
carries it out on the catalog (`evaluate`), the graph only notes it.
"""

from abc import ABC, abstractmethod

from confiture_linter.catalog.entities import TOKEN
from confiture_linter.catalog.known import HOLE, UNKNOWN, Known
from confiture_linter.catalog.values import Values
from confiture_linter.parse import Node, ParseFailure, parse_statements
from confiture_linter.statements import facts as f
from confiture_linter.statements.summarise import summarise

MOST_STEPS = 20_000
_DEEPEST = 8
STAND_IN = "confiture_not_known"
"""A name that is not known."""


class _Left(Exception):
    """The routine was left."""

    def __init__(self, error: bool) -> None:
        super().__init__()
        self.error = error


class ScriptRunner(ABC):
    """Runs scripts."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.steps = 0
        self.depth = 0
        self.sure = True
        """Whether what is run is run in any case, if there is no error."""
        self.place = -1
        """Where the step stands, in the outermost routine, that is run."""

    # -- what is done with it ----------------------------------------------------------------------

    @abstractmethod
    def call(self, call: f.Value, names: dict[str, Known]) -> bool:
        """A call of a function of the tree; False if it changes nothing of the schema, or its body is not known."""

    @abstractmethod
    def carry_out(self, statement: f.Statement) -> None:
        """SQL that is executed, with all names in it known."""

    @abstractmethod
    def not_told(self, step: f.Step, statement: f.Statement | None, text: str | None) -> None:
        """SQL that is executed and not known, or not by name; as far as it is known."""

    # -- routines ----------------------------------------------------------------------------------

    def routine(self, script: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        """Run the script of a routine that was given these arguments."""
        if self.depth >= _DEEPEST:
            return
        self.depth += 1
        sure = self.sure
        try:
            self._run(script, {**names, "found": UNKNOWN})
        except _Left:
            pass
        finally:
            self.depth -= 1
            self.sure = sure

    def arguments(self, fact: f.CreateFunction, call: f.Value, names: dict[str, Known]) -> dict[str, Known]:
        """What a call gives the parameters of a function."""
        inputs = fact.inputs
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
        return {**given, **{f"{fact.name}.{name}": value for name, value in given.items()}}

    # -- steps -------------------------------------------------------------------------------------

    def _run(self, steps: tuple[f.Step, ...], names: dict[str, Known]) -> None:
        for step in steps:
            self.steps += 1
            if self.steps > MOST_STEPS:
                return
            if self.depth == 1 and step.at >= 0:
                self.place = step.at
            getattr(self, f"_{step.kind}")(step, names)

    def _block(self, step: f.Step, names: dict[str, Known]) -> None:
        sure = self.sure
        self.sure = sure and step.name != "handled"
        self._run(step.body, names)
        self.sure = sure

    def _leave(self, step: f.Step, _names: dict[str, Known]) -> None:
        raise _Left(step.name == "error")

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
        """Steps that may or may not be taken: leaving then ends nothing but them, and what follows is not sure."""
        sure, self.sure = self.sure, False
        try:
            self._run(steps, names)
        except _Left as left:
            self.sure = sure and left.error
        else:
            self.sure = sure

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
            self.carry_out(statement)

    def _execute(self, step: f.Step, names: dict[str, Known]) -> None:
        text = self.values.of(step.value, names)
        statements = parsed(text, step.at) if isinstance(text, str) else None
        if statements is None:
            self.not_told(step, None, text if isinstance(text, str) else None)
            return
        for statement in statements:
            if _names_unknown(statement.fact):
                self.not_told(step, statement, None)
                continue
            # It is written nowhere as it is run: its place is the word EXECUTE.
            self.carry_out(statement._replace(start=step.at, end=TOKEN))


def parsed(text: str, at: int) -> list[f.Statement] | None:
    """What an executed text says, every place in it being that of EXECUTE; None if it cannot be told."""
    for stand_in in (STAND_IN, "1") if HOLE in text else ("",):
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


def _names_unknown(fact: f.Fact) -> bool:
    """Whether the object that a statement is about could not be told."""
    texts = [
        getattr(fact, name, "")
        for name in ("schema", "name", "table", "table_schema", "function", "new", "owner")
    ]
    for path in (getattr(fact, "target", None), *getattr(fact, "targets", ())):
        texts += getattr(path, "parts", ())
    for command in getattr(fact, "commands", ()):
        texts += [command.name, command.text]
    return any(type(text) is str and STAND_IN in text for text in texts)


def _forget_places(node: Node | list[Node]) -> None:
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


__all__ = ["MOST_STEPS", "STAND_IN", "ScriptRunner", "parsed"]
