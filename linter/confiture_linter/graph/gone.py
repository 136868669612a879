"""What goes: who drops or renames something comes after those who use it, and before those who make it again."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.graph.makers import FAMILIES, Key, Makers, Pair, Step
from confiture_linter.graph.mentioned import all_refs, column_names
from confiture_linter.statements import facts as f


class _File(NamedTuple):
    """What one file mentions, however late."""

    relations: set[str]
    names: set[str]
    """Columns, routines and types."""

    @property
    def all_names(self) -> set[str]:
        """Both."""
        return self.relations | self.names


class Gone:
    """Reads what is dropped and renamed."""

    def __init__(self, all_steps: Sequence[Step], makers: Makers) -> None:
        self.steps = all_steps
        self.makers = makers
        self._files: dict[str, _File] = {}
        self._dropped: list[tuple[Key, str]] | None = None

    def pairs(self) -> Iterator[Pair]:
        """Who drops or renames something comes after those who use it, and before those who make it again."""
        for step in self.steps:
            fact, path = step.statement.fact, step.where.path
            if type(fact) is f.Drop:
                for target in fact.targets:
                    yield from self._gone_object(target, step)
            elif type(fact) is f.Rename and fact.target.parts:
                if fact.kind == "column":
                    yield from self._users(fact.target.parts[-1], fact.part, path)
                else:
                    yield from self._gone_object(fact.target, step)
            elif type(fact) is f.AlterTable:
                again = {c.column.name for c in fact.commands if c.column is not None}
                for command in fact.commands:
                    if command.kind == "DropColumn" and command.name not in again:
                        yield from self._users(fact.name, command.name, path)

    def _gone_object(self, target: f.ObjectPath, step: Step) -> Iterator[Pair]:
        path = step.where.path
        family = FAMILIES.get(target.kind)
        if not family or not target.parts:
            return
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        makers = self.makers.of(family, schema, target.parts[-1])
        others = self.makers.originals((maker for maker in makers if maker.path != path), path)
        if not others:
            return
        yield path, others[0].path
        again = [maker for maker in others[1:] if not maker.again]
        for maker in again:
            yield maker.path, path
        if any(maker.path == path for maker in makers):
            return
        name = target.parts[-1]
        for user in self._droppers_of_users(family, name):
            if user != path:
                yield path, user
        if again:
            # Those who use what is made again later would go with a DROP, or stand in its way.
            for user, file in self._mentions().items():
                if user not in (path, again[-1].path, others[0].path) and name in file.all_names:
                    yield user, again[-1].path
            return
        for user, file in self._mentions().items():
            if user != path and (name in file.relations if family == "relation" else name in file.names):
                yield path, user

    def _droppers_of_users(self, family: str, name: str) -> list[str]:
        """Files that drop something whose definition mentions `name`: it must be gone before."""
        if self._dropped is None:
            self._dropped = []
            for step in self.steps:
                fact = step.statement.fact
                for target in fact.targets if type(fact) is f.Drop else ():
                    of = FAMILIES.get(target.kind)
                    if of and target.parts:
                        self._dropped.append(((of, target.parts[-1]), step.where.path))
        found = []
        for (of, dropped), path in self._dropped:
            for maker in self.makers.by_key.get((of, dropped), ()) if dropped != name else ():
                mentioned = any(
                    ref.name == name and (ref.kind == "relation") == (family == "relation")
                    for ref in maker.where.statement.refs
                )
                found += [path] if mentioned and maker.path != path else []
        return found

    def _users(self, table: str, column: str, path: str) -> Iterator[Pair]:
        if any(maker.path == path for maker in self.makers.columns.get((table, column), ())):
            return
        for user, file in self._mentions().items():
            if user != path and table in file.relations and column in file.names:
                yield path, user

    def _mentions(self) -> dict[str, _File]:
        if not self._files:
            for step in self.steps:
                file = self._files.setdefault(step.where.path, _File(set(), set()))
                for ref in all_refs(step.statement):
                    (file.relations if ref.kind == "relation" else file.names).add(ref.name)
                file.names.update(column_names(step.statement))
                if type(step.statement.fact) is f.CreateTable:
                    file.relations.add(step.statement.fact.name)
        return self._files


__all__ = ["Gone"]
