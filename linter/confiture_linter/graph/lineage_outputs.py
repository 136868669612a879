"""What a query returns, column by column, worked out when it is asked for."""

from collections.abc import Callable
from typing import NamedTuple

from confiture_linter.graph.lineage_values import Step


class Output:
    """One column that a query returns; worked out at the first question."""

    __slots__ = ("_make", "_step", "name")

    def __init__(self, name: str, make: Callable[[], Step]) -> None:
        self.name = name
        self._make = make
        self._step: Step | None = None

    def step(self) -> Step:
        """Where it comes from."""
        if self._step is None:
            self._step = self._make()
        return self._step


class Outputs(NamedTuple):
    """What a query returns; `columns` is None where that is not known, and `reason` says why."""

    columns: tuple[Output, ...] | None
    reason: str = ""


def renamed(found: Outputs, given: list[str], label: str) -> Outputs:
    """The outputs of a sub-query under the names that its alias gives."""
    if found.columns is None:
        return found

    def labelled(output: Output, name: str) -> Output:
        return Output(name, lambda: output.step()._replace(relation=label, column=name))

    names = [*given, *(output.name for output in found.columns[len(given) :])]
    return Outputs(tuple(labelled(output, name) for output, name in zip(found.columns, names, strict=False)))
