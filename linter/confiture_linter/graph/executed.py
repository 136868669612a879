"""What DO blocks and called functions execute, worked out from constants alone.

The replay works scripts out on the catalog, which is what it is only in one order of files. This is true in any: what
a script asks of the system is not known, and what hangs on the answer is not sure.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from confiture_linter.catalog import SourceStatement
from confiture_linter.catalog.known import UNKNOWN, Environment, Known
from confiture_linter.catalog.scripts import MOST_STEPS, ScriptRunner
from confiture_linter.catalog.values import Values
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement


class Executed(NamedTuple):
    """A statement that a script runs."""

    statement: Statement
    sure: bool
    """Whether it is run in any case, if there is no error."""
    at: int
    """Where it stands in the body that was called first, or from where it is reached; -1 if that is not known."""


class _Constants(Values):
    """Values of expressions over constants."""

    def __init__(self) -> None:
        pass  # there is no catalog to ask

    def _source(self, source: f.Value, names: Environment) -> tuple[list[dict[str, Known]] | None, bool]:
        return (None, False) if source.kind == "relation" else super()._source(source, names)

    def _registered(self, function: str, name: Known) -> Known:
        return UNKNOWN

    def _is_registered(self, value: f.Value) -> bool:
        return False

    def _setting(self, parts: list[Known]) -> Known:
        return UNKNOWN

    def _asked(self, call: f.Value) -> tuple[list[dict[str, Known]] | None, bool] | None:
        return None


class Executions(ScriptRunner):
    """Runs the scripts of a tree."""

    def __init__(self, functions: Mapping[str, Sequence[SourceStatement]]) -> None:
        super().__init__(_Constants())
        self.functions = functions
        self.where: SourceStatement | None = None
        """The statement that is run."""
        self.found: list[Executed] = []

    def block(self, where: SourceStatement, body: f.Body) -> list[Executed]:
        """What a DO block runs."""
        self._begin(where)
        self.routine(body.script, {})
        return self.found

    def calls(self, where: SourceStatement, calls: Sequence[f.Value]) -> list[Executed]:
        """What the functions run that a query calls."""
        self._begin(where)
        for call in calls:
            self.call(call, {})
        return self.found

    def _begin(self, where: SourceStatement) -> None:
        self.where, self.found, self.steps, self.place, self.sure = where, [], 0, -1, True

    def call(self, call: f.Value, names: dict[str, Known]) -> bool:
        """A call of a function: that of the same file, or the only one that takes so many arguments."""
        made = meant(self.functions, call, self.where) if self.where is not None else None
        fact = made.statement.fact if made is not None else None
        if type(fact) is not f.CreateFunction or fact.body is None:
            return False
        self.routine(fact.body.script or tuple(_plain(fact.body)), self.arguments(fact, call, names))
        return True

    def carry_out(self, statement: Statement) -> None:
        """Note it."""
        if self.steps < MOST_STEPS:
            self.found.append(Executed(statement, self.sure, self.place))

    def not_told(self, step: f.Step, statement: Statement | None, text: str | None) -> None:
        """Nothing can be noted of it."""


def _plain(body: f.Body) -> Iterator[f.Step]:
    """A body that is no script: what is in it, with what is done under a condition put apart."""
    for statement in sorted(body.statements, key=lambda each: each.start):
        step = f.Step("sql", at=statement.start, statements=(statement,))
        yield step if body.surely(statement.start) else f.Step("if", body=(step,), at=statement.start)


def meant(
    functions: Mapping[str, Sequence[SourceStatement]], call: f.Value, where: SourceStatement
) -> SourceStatement | None:
    """Which function a call means, by its name and the number of arguments."""
    schema, _, name = call.text.rpartition(".")
    fitting = [
        made for made in functions.get(name, ()) if _fits(made.statement.fact, schema, len(call.parts))
    ]
    own = [
        made for made in fitting if made.path == where.path and made.statement.start < where.statement.start
    ]
    return own[-1] if own else fitting[0] if len(fitting) == 1 else None


def _fits(fact: f.Fact, schema: str, count: int) -> bool:
    if type(fact) is not f.CreateFunction or (schema and fact.schema and schema != fact.schema):
        return False
    inputs = fact.inputs
    most = 1000 if any(argument.mode == "v" for argument in inputs) else len(inputs)
    return sum(not argument.default and argument.mode != "v" for argument in inputs) <= count <= most


__all__ = ["Executed", "Executions", "meant"]
