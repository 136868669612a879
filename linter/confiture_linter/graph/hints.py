"""Order among files that no mention proves: what probably must come first, used where nothing stands against it.

Columns that another file adds, objects that are dropped or renamed, functions that run while the tree is built and
what their bodies touch, rows that foreign keys and triggers look at.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Entity, Function
from confiture_linter.catalog.entities import Named
from confiture_linter.graph.makers import FAMILIES, Key, Maker, Makers, Step, steps
from confiture_linter.graph.mentioned import (
    all_refs,
    column_names,
    partition_of,
    references,
    run_refs,
    runs,
    wanted_keys,
)
from confiture_linter.graph.wants import wants
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref, Statement

Pair = tuple[str, str]
"""The first file comes after the second."""

_CREATE_ROLE = re.compile(r"\bcreate\s+(?:role|user|group)\b", re.IGNORECASE)
_SEQUENCE_FUNCTIONS = frozenset({"nextval", "setval", "currval"})
_UNNAMED = frozenset({"extension", "schema", "role", "operator", "operator class", "operator family", "cast",
                      "collation", "tsconfiguration", "tsdictionary", "tsparser", "tstemplate"})  # fmt: skip
_NO_ROLES = frozenset({"", "public", "current_user", "current_role", "session_user", "postgres"})
_CHANGES = (f.Rename, f.SetSchema)
_WRITES = frozenset({"insert", "update", "delete", "merge"})


class _File(NamedTuple):
    """What one file mentions, however late."""

    relations: set[str]
    names: set[str]
    """Columns, routines and types."""

    @property
    def all_names(self) -> set[str]:
        """Both."""
        return self.relations | self.names


class Hints:
    """Reads the hints of one tree."""

    def __init__(self, catalog: Catalog, *, given: bool = False) -> None:
        self.catalog = catalog
        self.given = given
        """Whether somebody wrote the order of replay down: what is there before is meant."""
        self.steps = list(steps(catalog))
        self.makers = Makers(self.steps)
        self._files: dict[str, _File] = {}
        self._by_table: dict[str, list[tuple[str, list[Maker]]]] | None = None
        self._dropped: list[tuple[Key, str]] | None = None

    def targets(self) -> Iterator[tuple[Step, Ref, Maker]]:
        """What a statement wants and only other files make: the statement, the mention, the first maker."""
        for step in self.steps:
            if step.inside:
                continue
            for want in wants(step.statement):
                makers = self.makers.of(want.family, want.schema, want.name)
                if makers and not any(_before(maker, step) for maker in makers):
                    others = _originals(maker for maker in makers if maker.path != step.where.path)
                    if self.given:
                        others.sort(key=lambda maker: maker.number)
                    if others:
                        ref = Ref(want.family, want.schema, want.name, want.at, "target")
                        yield step, ref, others[0]

    def original(self, entity: Entity, source: str) -> Entity:
        """What `entity` was when a file made it first, where others replaced it, dropped it or made it again.

        The first will do, and is there before those that change it; `source`, which asks, is no answer.
        """
        family = FAMILIES.get(entity.kind.replace("_", " "))
        if self.given or family not in ("relation", "routine", "type") or not isinstance(entity, Named):
            return entity
        makers = self.makers.of(family, entity.schema, entity.name)
        if len(makers) < 2:
            return entity
        if isinstance(entity, Function):
            types = _types(entity.fact)
            makers = [
                maker
                for maker in makers
                if type(made := maker.where.statement.fact) is f.CreateFunction and _types(made) == types
            ]
        makers = _originals(maker for maker in makers if type(maker.where.statement.fact) not in _CHANGES)
        if not makers or any(maker.path == source for maker in makers) or makers[0].path == entity.path:
            return entity
        return makers[0].entity()

    def pairs(self) -> Iterator[Pair]:
        """Every hint, the surest first; a pair may come more than once."""
        yield from self._unresolved()
        yield from self._added_columns()
        yield from self._keys()
        yield from self._gone()
        yield from self._foundations()

    def guesses(self) -> Iterator[Pair]:
        """Hints about what runs: which branch a body takes, and whether rows are there, is not known."""
        yield from self._executed()
        yield from self._rows()

    def _foundations(self) -> Iterator[Pair]:
        """What works without being named comes early: extensions first, then files of operators, casts and the like."""
        kinds: dict[str, set[str]] = {}
        for step in self.steps:
            kinds.setdefault(step.where.path, set())
        for makers in self.makers.by_key.values():
            for maker in makers:
                kinds[maker.path].add(maker.kind)
        first = [path for path, made in kinds.items() if "extension" in made]
        second = [path for path, made in kinds.items() if made and made <= _UNNAMED and path not in first]
        for early, before in ((first, set(first)), (second, {*first, *second})):
            for target in early:
                for path in kinds:
                    if path not in before:
                        yield path, target

    # -- names that the replay did not find, for it went another way ---------------------------------

    def _unresolved(self) -> Iterator[Pair]:
        for item in self.catalog.unresolved:
            if item.late:
                continue
            ref = item.ref
            family = "routine" if ref.kind == "function" else ref.kind
            makers = self.makers.of(family, ref.schema, ref.name)
            if not makers and family == "type":
                makers = self.makers.of("relation", ref.schema, ref.name)
            yield from _first(item.where.path, makers)
        for step in self.steps:
            for ref in step.statement.refs:
                if ref.kind == "function" and ref.name in _SEQUENCE_FUNCTIONS and ref.text:
                    schema, _, name = ref.text.replace('"', "").rpartition(".")
                    yield from _first(step.where.path, self.makers.of("relation", schema, name))
            if step.inside:
                for ref in step.statement.refs:
                    yield from _first(step.where.path, self._makers_of(ref))
                for want in wants(step.statement):
                    yield from _first(step.where.path, self.makers.of(want.family, want.schema, want.name))

        yield from self._new_names()
        yield from self._roles()
        yield from self._called_for()

    def _new_names(self) -> Iterator[Pair]:
        """Who says a name that only a renaming makes comes after it; the object lies where it was created."""
        renamed = {
            key: makers
            for key, makers in self.makers.by_key.items()
            if all(type(maker.where.statement.fact) in _CHANGES for maker in makers)
        }
        if not renamed:
            return
        for edge in self.catalog.edges:
            family = "routine" if edge.ref.kind == "function" else edge.ref.kind
            makers = () if edge.late else renamed.get((family, edge.ref.name), ())
            yield from _first(edge.where.path, list(makers))

    def _roles(self) -> Iterator[Pair]:
        """Roles that nobody creates in so many words come from the file that puts CREATE ROLE together."""
        makers = [
            step.where.path
            for step in self.steps
            if type(step.statement.fact) is f.DoBlock
            and step.statement.fact.body is not None
            and any(_CREATE_ROLE.search(dynamic.text) for dynamic in step.statement.fact.body.dynamic)
        ]
        if not makers:
            return
        for step in self.steps:
            for want in wants(step.statement):
                known = want.family != "role" or want.name in _NO_ROLES
                if not known and not self.makers.of("role", "", want.name) and step.where.path not in makers:
                    yield step.where.path, makers[0]

    def _called_for(self) -> Iterator[Pair]:
        """Schemas that nobody creates in so many words come from the call that is given their name."""
        callers: dict[str, str] = {}
        for step in self.steps:
            if runs(step.statement):
                for ref in step.statement.refs:
                    for text in (*ref.strings, ref.text) if ref.kind == "function" else ():
                        callers.setdefault(text, step.where.path)
        for step in self.steps if callers else ():
            for want in wants(step.statement):
                caller = callers.get(want.name) if want.family == "schema" else None
                if caller and caller != step.where.path and not self.makers.of("schema", "", want.name):
                    yield step.where.path, caller

    def _makers_of(self, ref: Ref) -> list[Maker]:
        if ref.kind == "function":
            return self.makers.of("routine", ref.schema, ref.name)
        found = self.makers.of(ref.kind, ref.schema, ref.name)
        if not found and ref.kind == "type":
            found = self.makers.of("relation", ref.schema, ref.name)
        return found

    # -- columns -----------------------------------------------------------------------------------

    def _added_columns(self) -> Iterator[Pair]:
        if not self.makers.columns:
            return
        for step in self.steps:
            for maker in self._columns_for(step.statement, run_refs(step.statement)):
                yield from _first(step.where.path, [maker])

    def _columns_for(self, statement: Statement, refs: Iterable[Ref]) -> Iterator[Maker]:
        """Makers of the added columns that a statement, touching these relations, may name."""
        added = self._added()
        touched = {ref.name for ref in refs if ref.kind == "relation"}
        fact = statement.fact
        if type(fact) is f.Comment and fact.target.kind == "column" and len(fact.target.parts) > 1:
            touched.add(fact.target.parts[-2])
        touched &= added.keys()
        if not touched:
            return
        names = column_names(statement)
        for table in sorted(touched):
            for column, makers in added[table]:
                if column in names and not any(maker.where.statement is statement for maker in makers):
                    yield makers[0]

    def _added(self) -> dict[str, list[tuple[str, list[Maker]]]]:
        if self._by_table is None:
            own = self._own_columns()
            self._by_table = {}
            for (table, column), makers in self.makers.columns.items():
                if column not in own.get(table, ()):
                    self._by_table.setdefault(table, []).append((column, makers))
        return self._by_table

    def _own_columns(self) -> dict[str, set[str]]:
        own: dict[str, set[str]] = {}
        for step in self.steps:
            fact = step.statement.fact
            if type(fact) is f.CreateTable:
                own.setdefault(fact.name, set()).update(column.name for column in fact.columns)
        return own

    # -- what runs while the tree is built -----------------------------------------------------------

    def _executed(self) -> Iterator[Pair]:
        triggers: dict[str, list[f.CreateTrigger]] = {}
        for step in self.steps:
            fact = step.statement.fact
            if type(fact) is f.CreateTrigger:
                triggers.setdefault(fact.table, []).append(fact)
        for step in self.steps:
            statement, path = step.statement, step.where.path
            body = statement.fact.body if type(statement.fact) is f.DoBlock else None
            if not runs(statement) and body is None:
                continue
            refs = [*statement.refs, *(body.refs if body is not None else ())]
            if body is not None:
                for ref in refs:
                    yield from _first(path, self._makers_of(ref))
            for maker in self._reached(refs, triggers):
                if maker.path != path:
                    yield path, maker.path

    def _reached(self, refs: Iterable[Ref], triggers: dict[str, list[f.CreateTrigger]]) -> Iterator[Maker]:
        """Makers of whatever the bodies of the called functions name, and the bodies they call."""
        seen: set[tuple[str, str]] = set()
        queue = [ref for ref in refs if ref.kind == "function" or ref.use in _WRITES]
        while queue:
            ref = queue.pop()
            key = (ref.kind, ref.name)
            if key in seen:
                continue
            seen.add(key)
            called: list[Maker] = []
            if ref.kind == "function":
                called = self.makers.of("routine", ref.schema, ref.name)
                for text in ref.strings or (ref.text,):
                    schema, _, name = text.replace('"', "").rpartition(".")
                    yield from self.makers.of("relation", schema, name)[:1]
            elif ref.use in _WRITES:
                for trigger in triggers.get(ref.name, ()):
                    called += self.makers.of("routine", trigger.function_schema, trigger.function)
            for maker in called:
                body = getattr(maker.where.statement.fact, "body", None)
                if body is not None:
                    yield from self._columns_for(maker.where.statement, body.refs)
                for inner in body.refs if body is not None else ():
                    yield from self._makers_of(inner)[:1]
                    if inner.kind == "function" or inner.use in _WRITES:
                        queue.append(inner)

    # -- keys ----------------------------------------------------------------------------------------

    def _keys(self) -> Iterator[Pair]:
        """A foreign key, and ON CONFLICT, need the unique key that another file adds to the table."""
        added: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for step in self.steps:
            fact = step.statement.fact
            if type(fact) is f.AlterTable:
                for command in fact.commands:
                    for constraint in command.constraints:
                        if constraint.kind in ("primary key", "unique"):
                            primary = constraint.kind == "primary key"
                            added.setdefault(fact.name, []).append(
                                (constraint.columns, step.where.path, primary)
                            )
            elif type(fact) is f.CreateIndex and fact.unique:
                keys = tuple(column.name for column in fact.columns)
                added.setdefault(fact.table, []).append((keys, step.where.path, False))
        if not added:
            return
        for step in self.steps:
            for table, columns in wanted_keys(step.statement):
                for have, path, primary in added.get(table, ()):
                    fits = columns is None or (set(have) == set(columns) if columns else primary)
                    if path != step.where.path and fits:
                        yield step.where.path, path

    # -- what goes ------------------------------------------------------------------------------------

    def _gone(self) -> Iterator[Pair]:
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
        others = _originals(maker for maker in makers if maker.path != path)
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

    # -- rows ------------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[Pair]:
        """Rows of a table come after rows of the tables it references."""
        writers: dict[str, list[str]] = {}
        for step in self.steps:
            for ref in step.statement.refs:
                if ref.kind == "relation" and ref.use == "insert":
                    writers.setdefault(ref.name, []).append(step.where.path)
        if not writers:
            return
        partitions = [
            (parent, child, step.where.path)
            for step in self.steps
            for parent, child in partition_of(step.statement.fact)
        ]
        above = {child: parent for parent, child, _ in partitions}
        for parent, _, path in partitions:
            seen: set[str] = set()
            while parent and parent not in seen:
                seen.add(parent)
                for writer in writers.get(parent, ()):
                    if writer != path:
                        yield writer, path
                parent = above.get(parent, "")
        for step in self.steps:
            for table, target in references(step.statement):
                for writer in writers.get(table, ()):
                    for parent in writers.get(target, ()):
                        if writer != parent:
                            yield writer, parent


def _types(fact: f.CreateFunction) -> list[str]:
    return [argument.type.name for argument in fact.arguments if argument.mode in "ibv"]


def _before(maker: Maker, step: Step) -> bool:
    return maker.path == step.where.path and maker.number <= step.number


def _originals(makers: Iterable[Maker]) -> list[Maker]:
    """Those first that make something anew; OR REPLACE and IF NOT EXISTS may come second."""
    return sorted(makers, key=lambda maker: maker.again)


def _first(path: str, makers: list[Maker]) -> Iterator[Pair]:
    if makers and all(maker.path != path for maker in makers):
        yield path, _originals(makers)[0].path


__all__ = ["Hints"]
