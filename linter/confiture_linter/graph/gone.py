"""What goes: who drops or renames something comes after those who use it, and before those who make it again."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.graph.added import AddedColumns, taken_columns
from confiture_linter.graph.makers import FAMILIES, Key, Maker, Makers, Pair, Step, of_kind
from confiture_linter.graph.mentioned import all_refs, calls, column_names, run_refs
from confiture_linter.graph.strings import names_in, words
from confiture_linter.graph.wants import wants
from confiture_linter.statements import facts as f


class _File(NamedTuple):
    """What one file mentions, however late."""

    relations: set[str]
    names: set[str]
    """Columns, routines and types."""
    first: set[str]
    """Names, of whatever kind, that must be there when the file runs."""
    columns: set[tuple[str, str]]
    """Table and name of each column, where it is known; of columns that somebody takes away."""

    @property
    def all_names(self) -> set[str]:
        """Both."""
        return self.relations | self.names


class Gone:
    """Reads what is dropped and renamed."""

    def __init__(self, all_steps: Sequence[Step], makers: Makers, added: AddedColumns) -> None:
        self.steps = all_steps
        self.makers = makers
        self.added = added
        self._files: dict[str, _File] = {}
        self._changers: dict[str, dict[str, None]] | None = None
        self._dropped: list[tuple[Key, str]] | None = None
        self._calls: dict[str, list[tuple[str, frozenset[str]]]] | None = None

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
        same = of_kind(makers, target.kind) if family == "relation" else makers
        other_kind = [maker for maker in makers if maker not in same and maker.path != path]
        others = self.makers.originals((maker for maker in same if maker.path != path), path)
        if not others:
            return
        yield path, others[0].path
        name = target.parts[-1]
        again = [*(maker for maker in others[1:] if not maker.again), *other_kind]
        for maker in again:
            yield maker.path, path
        at_once = any(maker.path == path for maker in makers)
        before, after, dropped = self._around(family, name, path)
        for user in before:
            yield path, user
        # What is made again in terms of something that is gone waits until that is made again, too.
        remade = [maker.path for maker in makers if path in self.makers.known.earlier(maker.path)][:1]
        for user in after:
            yield user, path
            yield from ((user, maker) for maker in remade if maker != user)
        skipped = {path, others[0].path, *before, *dropped}
        if other_kind and target.kind == "table":
            # What only a table can be used for is done before it is one no more.
            changers = self._table_users().get(name, {}).keys() - skipped
            yield from ((path, changer) for changer in sorted(changers))
            skipped |= changers
        if again or at_once:
            # Those who use what is made again would go with a DROP, or stand in its way: they come later.
            last = path if at_once else again[-1].path
            for user, file in self._mentions().items():
                if (
                    user not in skipped
                    and user != last
                    and name in (file.first if at_once else file.all_names)
                ):
                    yield user, last
            return
        if any(maker.path not in self.makers.known.earlier(path) for maker in others[1:]):
            return
        for user, file in self._mentions().items():
            if user != path and (name in file.relations if family == "relation" else name in file.names):
                yield path, user

    def gaps(self) -> Iterator[Pair]:
        """Who uses what is dropped and made again, and came between the two as the tree was replayed, comes after both."""
        rank: dict[str, int] = {}
        for step in self.steps:
            rank.setdefault(step.where.path, len(rank))
        users: dict[str, list[str]] | None = None
        for (family, name), dropper in self._drops():
            at = rank[dropper]
            made = {rank[maker.path]: maker.path for maker in self.makers.by_key.get((family, name), ())}
            later = [number for number in made if number > at]
            if at in made or not later or min(made) > at:
                continue
            if users is None:
                users = self._users_by_name()
            for user in users.get(name, ()):
                if at < rank[user] < min(later):
                    yield user, made[min(later)]

    def _users_by_name(self) -> dict[str, list[str]]:
        """Name to the files that need it, whatever it is, when they run."""
        found: dict[str, dict[str, None]] = {}
        for step in self.steps:
            names = {ref.name for ref in run_refs(step.statement)}
            names.update(want.name for want in wants(step.statement))
            for ref in _refs_of_calls(step):
                names.update(name for text in ref.strings for _, name in names_in(text))
            for name in names:
                found.setdefault(name, {})[step.where.path] = None
        return {name: list(paths) for name, paths in found.items()}

    def _table_users(self) -> dict[str, dict[str, None]]:
        """Table to the files that alter it, or index it."""
        if self._changers is None:
            self._changers = {}
            for step in self.steps:
                fact = step.statement.fact
                if type(fact) is f.AlterTable and fact.kind == "table":
                    self._changers.setdefault(fact.name, {})[step.where.path] = None
                elif type(fact) is f.CreateIndex:
                    self._changers.setdefault(fact.table, {})[step.where.path] = None
        return self._changers

    def _around(self, family: str, name: str, path: str) -> tuple[list[str], list[str], list[str]]:
        """Files that drop what is defined in terms of `name`, in the way of a DROP; that make it again; that made it."""
        before: list[str] = []
        after: list[str] = []
        made: list[str] = []
        for (of, dropped), dropper in self._drops():
            if dropped == name or dropper == path:
                continue
            makers = self.makers.by_key.get((of, dropped), [])
            makers = self.makers.originals((maker for maker in makers if maker.path != dropper), dropper)
            in_the_way = any(_mentions(maker, family, name) for maker in makers[:1])
            if in_the_way or any(name in said for _, said in self._given(dropped)):
                before.append(dropper)
                made += [maker.path for maker in makers[:1]]
                known = self.makers.by_key.get((of, dropped), [])
                after += [maker.path for maker in known if maker.path != path and maker not in makers[:1]]
                if not known:
                    callers = [caller for caller, _ in self._given(dropped) if caller != path]
                    first = [caller for caller in callers if caller in self.makers.known.earlier(dropper)]
                    after += [caller for caller in callers if first and caller not in first]
        after = [maker for maker in after if maker not in before and maker not in made]
        return before, after, made

    def _drops(self) -> list[tuple[Key, str]]:
        if self._dropped is None:
            self._dropped = []
            for step in self.steps:
                fact = step.statement.fact
                for target in fact.targets if type(fact) is f.Drop else ():
                    of = FAMILIES.get(target.kind, target.kind)
                    if target.parts:
                        self._dropped.append(((of, target.parts[-1]), step.where.path))
        return self._dropped

    def _given(self, name: str) -> list[tuple[str, frozenset[str]]]:
        """Files with calls that are given `name`, and their words: a policy that a function creates is defined by them."""
        if self._calls is None:
            self._calls = {}
            for step in self.steps:
                for ref in _refs_of_calls(step):
                    said = frozenset[str]().union(*(words(text) for text in ref.strings))
                    for text in ref.strings:
                        if text.isidentifier():
                            self._calls.setdefault(text, []).append((step.where.path, said))
        return self._calls.get(name, [])

    def _users(self, table: str, column: str, path: str) -> Iterator[Pair]:
        if any(maker.path == path for maker in self.makers.columns.get((table, column), ())):
            return
        for user, file in self._mentions().items():
            if user != path and (table, column) in file.columns:
                yield path, user

    def _taken_columns(self) -> set[str]:
        """Names of columns that are renamed or dropped."""
        return {column for columns in taken_columns(self.steps).values() for column, _ in columns}

    def _mentions(self) -> dict[str, _File]:
        if not self._files:
            taken = self._taken_columns()
            for step in self.steps:
                file = self._files.setdefault(step.where.path, _File(set(), set(), set(), set()))
                for ref in all_refs(step.statement):
                    (file.relations if ref.kind == "relation" else file.names).add(ref.name)
                file.first.update(ref.name for ref in run_refs(step.statement))
                names = column_names(step.statement)
                file.names.update(names)
                if not names.isdisjoint(taken):
                    touched = {ref.name for ref in all_refs(step.statement) if ref.kind == "relation"}
                    file.columns.update(self.added.used(step.statement, touched))
                if type(step.statement.fact) is f.CreateTable:
                    file.relations.add(step.statement.fact.name)
        return self._files


def _refs_of_calls(step: Step) -> tuple[f.Ref, ...]:
    return run_refs(step.statement) if calls(step.statement) else ()


def _mentions(maker: Maker, family: str, name: str) -> bool:
    return any(
        ref.name == name and (ref.kind == "relation") == (family == "relation")
        for ref in maker.where.statement.refs
    )


__all__ = ["Gone"]
