"""Labels of enums that are added after the type was made: who names one has to come after that."""

import re
from collections.abc import Callable, Iterator, Sequence

from confiture_linter.graph.makers import Step
from confiture_linter.graph.mentioned import column_names, constraints_of, typed_columns
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Statement

_CONSTANT = re.compile(rb"'((?:[^']|'')*)'")
_WORD = re.compile(r"[^{},\"]+")

_ELSEWHERE = (f.CreateType, f.AlterEnum, f.AlterTable, f.DoBlock, f.CreateFunction)
"""Statements whose constants are no labels of the columns they name, or are not looked at when they run."""


class LateLabels:
    """Finds them in the constants of statements."""

    def __init__(self, all_steps: Sequence[Step], text: Callable[[str], bytes]) -> None:
        self.text = text
        made: dict[str, list[set[str]]] = {}
        added: dict[str, set[str]] = {}
        for step in all_steps:
            fact = step.statement.fact
            if type(fact) is f.CreateType and fact.labels:
                made.setdefault(fact.name, []).append(set(fact.labels))
            elif type(fact) is f.AlterEnum:
                added.setdefault(fact.name, set()).add(fact.new)
        self.types: dict[str, frozenset[str]] = {}
        """Label to the types that do not have it from the beginning."""
        for name, versions in made.items():
            every = set[str]().union(*versions, added.get(name, ()))
            for text_of in every - set[str].intersection(*versions):
                self.types[text_of] = self.types.get(text_of, frozenset()) | {name}
        self.columns: dict[tuple[str, str], set[str]] = {}
        """Table and column to the types it has at one time or another."""
        for step in all_steps:
            for table, column, written in typed_columns(step.statement.fact):
                self.columns.setdefault((table, column), set()).add(written.name)
        self._named: dict[int, dict[str, list[str]]] = {}

    def named(self, path: str, statement: Statement) -> dict[str, list[str]]:
        """Labels that a statement may mean, for it has them as constants, and the columns that it names."""
        known = self._named.get(id(statement))
        if known is None:
            known = self._named[id(statement)] = self._found(path, statement) if self.types else {}
        return known

    def _found(self, path: str, statement: Statement) -> dict[str, list[str]]:
        if type(statement.fact) in _ELSEWHERE:
            return self._compared(statement.fact)
        labels = self._constants(path, statement)
        return dict.fromkeys(labels, sorted(column_names(statement))) if labels else {}

    def of_parameters(self, path: str, statement: Statement) -> list[tuple[f.TypeName, str]]:
        """Types of the parameters of an SQL function, and their labels that its body may mean."""
        fact = statement.fact
        if type(fact) is not f.CreateFunction or fact.language != "sql" or not self.types:
            return []
        labels = self._constants(path, statement) if fact.inputs else {}
        return [
            (each.type, text) for text in labels for each in fact.inputs if each.type.name in self.types[text]
        ]

    def _constants(self, path: str, statement: Statement) -> dict[str, None]:
        labels: dict[str, None] = {}
        for constant in _CONSTANT.findall(self.text(path)[statement.start : statement.end]):
            words = constant.decode(errors="replace")
            for word in _WORD.findall(words) if words.startswith("{") else [words]:
                if word in self.types:
                    labels[word] = None
        return labels

    def _compared(self, fact: f.Fact) -> dict[str, list[str]]:
        """Labels that a CHECK which is added compares columns with."""
        found: dict[str, list[str]] = {}
        for constraint in constraints_of(fact):
            test = constraint.expression.test if constraint.expression is not None else None
            for column, text in _comparisons(test) if constraint.kind == "check" else ():
                if text in self.types:
                    found.setdefault(text, []).append(column)
        return found


def _comparisons(test: f.Test | None) -> Iterator[tuple[str, str]]:
    """Columns and constants that a condition compares."""
    if test is not None:
        yield from ((test.column, value) for value in test.values if test.kind == "compare")
        for part in test.parts:
            yield from _comparisons(part)


__all__ = ["LateLabels"]
