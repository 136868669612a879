"""What each file needs from others, leaves behind and takes away, by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.graph.makers import FAMILIES, Step, body_of, made
from confiture_linter.graph.needed import PARTS
from confiture_linter.graph.stage import label
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.graph.deeds import Deeds

Key = tuple[str, ...]
"""Family and name; of a part, its family, the name of its owner and its own."""


class FileTouches(NamedTuple):
    """Of one file."""

    needs: frozenset[Key]
    """What must be there when it begins."""
    anew: frozenset[Key]
    """What must not be there when it begins, for it makes it."""
    absent: frozenset[Key]
    """What must not be there when it begins, and what it does not make: columns that `*` would name a second time."""
    leaves: frozenset[Key]
    """What is there when it has run."""
    takes: frozenset[Key]
    """What is not there any more when it has run."""
    strict: frozenset[Key]
    """What it takes away only if nothing uses it."""
    retypes: frozenset[Key]
    """Columns that get another type, which no view may use."""
    drops: frozenset[Key]
    """What it takes for good: what is renamed is in others' way still."""
    clears: frozenset[Key]
    """What it drops at any time, even if it makes it again."""
    uses: frozenset[Key]
    """What its objects cannot be without."""
    owned: frozenset[tuple[Key, Key]]
    """Tables, and sequences and indexes that go with them."""

    @property
    def concerns(self) -> frozenset[Key]:
        """Everything it has to do with."""
        return self.needs | self.anew | self.absent | self.leaves | self.takes | self.retypes | self.uses


def touches(deeds: "Deeds", path: str, steps: Sequence[Step]) -> FileTouches:
    """Follow the statements of a file."""
    needs: set[Key] = set()
    absent: set[Key] = set()
    anew: set[Key] = set()
    now: dict[Key, bool] = {}
    strict: set[Key] = set()
    retypes: set[Key] = set()
    uses: set[Key] = set()
    renamed: set[Key] = set()
    clears: set[Key] = set()
    owned: set[tuple[Key, Key]] = set()
    for step in steps:
        wanted = [*deeds.needed_keys(step.statement)]
        if step.body is not None:
            wanted += deeds.body_keys(body_of(step.body))
        for key in wanted:
            if key not in now and step.sure:
                needs.add(key)
        uses.update(deeds.used_keys(step.statement))
        retypes.update(_retyped(step.statement.fact))
        absent.update(deeds.absent_keys(step.statement))
        gone = deeds.keys.strictly_gone(step.statement.fact, path)
        strict.update(key for key in gone if not now.get(key))
        owned.update(_owned(step.statement.fact, deeds.key))
        changes = [*_changes(step.statement.fact, deeds.key)]
        changes += ((key, there, False) for key, there in deeds.keys.changes(step.statement.fact))
        if step.sure:
            changes += deeds.row_keys(path, step.statement)
        for key, there, free in changes:
            if key not in now and step.sure:
                if there and free:
                    anew.add(key)
                elif not there and free:
                    needs.add(key)
            if not there and type(step.statement.fact) is f.Rename:
                renamed.add(key)
            elif not there:
                clears.add(key)
                if free:
                    strict.add(key)
            now[key] = there
        _move_parts(step.statement.fact, now)
    return FileTouches(
        frozenset(needs),
        frozenset(anew),
        frozenset(absent),
        frozenset(key for key, there in now.items() if there),
        frozenset(key for key, there in now.items() if not there),
        frozenset(strict),
        frozenset(retypes),
        frozenset(key for key, there in now.items() if not there and key not in renamed),
        frozenset(clears),
        frozenset(uses),
        frozenset(owned),
    )


def _retyped(fact: f.Fact) -> Iterator[Key]:
    """Columns that ALTER TABLE gives another type."""
    if type(fact) is f.AlterTable:
        for command in fact.commands:
            if command.kind == "AlterColumnType":
                yield "column", fact.name, command.name


def _owned(fact: f.Fact, keyed: Callable[[str, str, str], Key]) -> Iterator[tuple[Key, Key]]:
    """Sequences and indexes that a statement gives a table."""
    if type(fact) is f.CreateTable or type(fact) is f.AlterTable:
        table = keyed("relation", fact.schema, fact.name)
    elif type(fact) is f.CreateIndex:
        table = keyed("relation", fact.table_schema, fact.table)
    else:
        return
    for family, schema, name, kind, _ in made(fact):
        if kind in ("sequence", "index"):
            yield table, keyed(family, schema, name)


def _move_parts(fact: f.Fact, now: dict[Key, bool]) -> None:
    """Parts that the file made go with what is renamed."""
    if type(fact) is f.Rename and FAMILIES.get(fact.kind) in ("relation", "type") and fact.target.parts:
        old = fact.target.parts[-1]
        for key in [key for key in now if len(key) == 3 and key[1] == old]:
            now[key[0], fact.new, key[2]] = now.pop(key)


def _changes(fact: f.Fact, keyed: Callable[[str, str, str], Key]) -> Iterator[tuple[Key, bool, bool]]:
    """Key, whether it comes or goes, and whether it must not, or must, have been there."""
    if (
        type(fact) is f.AlterTable
    ):  # what goes, goes first, wherever it is written: AT_PASS_DROP of tablecmds.c
        for command in fact.commands:
            if command.kind in ("DropColumn", "DropConstraint"):
                part = "column" if command.kind == "DropColumn" else "constraint"
                yield (part, fact.name, command.name), False, not (command.missing_ok or fact.if_exists)
    for family, schema, name, kind, again in made(fact):
        part, owned, owner = family.partition(" of ")
        if kind == "column":
            yield ("column", family, name), True, not again
        elif owned:
            yield (part, owner, name), True, not again
        else:
            yield keyed(family, schema, name), True, not again
    yield from _parts(fact)
    if type(fact) is f.Drop:
        free = not fact.if_exists
        for target in fact.targets:
            if target.kind in ("trigger", "policy", "rule", "table constraint") and len(target.parts) > 1:
                yield (target.kind.removeprefix("table "), target.parts[-2], target.parts[-1]), False, free
            elif (of := FAMILIES.get(target.kind)) and target.parts:
                yield keyed(of, _schema(target), target.parts[-1]), False, free and not fact.cascade
    elif type(fact) is f.Rename and fact.target.parts:
        if fact.kind in ("column", "table constraint", "trigger", "policy", "rule"):
            yield (
                (fact.kind.removeprefix("table "), fact.target.parts[-1], fact.part),
                False,
                not fact.if_exists,
            )
        elif kind_of := FAMILIES.get(fact.kind):
            yield keyed(kind_of, _schema(fact.target), fact.target.parts[-1]), False, not fact.if_exists


def _parts(fact: f.Fact) -> Iterator[tuple[Key, bool, bool]]:
    """Columns and labels that are made with their table, or type, and labels that come and go."""
    if type(fact) is f.CreateTable:
        for column in fact.columns:
            yield ("column", fact.name, column.name), True, False
    elif type(fact) is f.CreateType:
        for text in fact.labels:
            yield ("label", fact.name, text), True, True
    elif type(fact) is f.AlterEnum:
        yield ("label", fact.name, fact.new), True, not fact.if_not_exists
        if fact.old:
            yield ("label", fact.name, fact.old), False, True


def _schema(target: f.ObjectPath) -> str:
    return target.parts[-2] if len(target.parts) > 1 else ""


class Touches:
    """All files that are still to come."""

    def __init__(self, files: Mapping[str, FileTouches]) -> None:
        self.files = files
        self.needers = _index(files, "needs")
        self.anew = _index(files, "anew")
        self.absent = _index(files, "absent")
        self.leavers = _index(files, "leaves")
        self.takers = _index(files, "takes")
        self.clearers = _index(files, "clears")
        self.strict = _index(files, "strict")
        self.retypers = _index(files, "retypes")
        self.versions: dict[Key, int] = {}
        """How many files make a routine."""
        for file in files.values():
            for key in file.leaves:
                if key[0] == "routine":
                    self.versions[key] = self.versions.get(key, 0) + 1
        self.owners: dict[Key, Key] = {}
        """Index of a key to its table."""
        owned: dict[Key, set[Key]] = {}
        for file in files.values():
            for key in file.leaves:
                if key[0] == "constraint" and len(key) == 3:
                    self.owners["relation", key[2]] = ("relation", key[1])
            for table, key in file.owned:
                owned.setdefault(table, set()).add(key)
        self.along: dict[str, list[Key]] = {}
        """File to the sequences and indexes that go with the tables which it drops."""
        for path, file in files.items():
            along = {key for table in file.drops for key in owned.get(table, ())}
            self.along[path] = sorted(along - file.leaves)
        self.concerned: dict[Key, dict[str, None]] = {}
        """Key to all files that have to do with it."""
        for path, file in files.items():
            for key in (*file.concerns, *self.along[path]):
                self.concerned.setdefault(key, {})[path] = None
        self.parts_anew: dict[Key, dict[Key, None]] = {}
        """Table to its parts that must not be there when some file begins."""
        for key in sorted(self.anew):
            if len(key) == 3 and key[0] in PARTS:
                self.parts_anew.setdefault(("relation", key[1]), {})[key] = None
        self._near: dict[str, dict[str, None]] = {}
        self._affected: dict[str, dict[str, None]] = {}
        self.movers: dict[str, dict[str, None]] = {}
        """Plain name to the files that bring or take something of that name."""
        for path, file in files.items():
            for key in (*file.leaves, *file.takes):
                self.movers.setdefault(_label(key), {})[path] = None
        self._minded: dict[str, dict[str, None]] = {}
        self.needing: dict[str, dict[str, None]] = {}
        """Plain name to the files that need something of that name, or run bodies that do."""
        for path, file in files.items():
            for key in file.needs:
                self.needing.setdefault(_label(key), {})[path] = None

    def mind(self, path: str, names: Iterable[str]) -> None:
        """Bodies that a file runs name these: that it can run without them is doubtful."""
        minded = self._minded.setdefault(path, {})
        for name in sorted(names):
            if name not in minded:
                minded[name] = None
                self.needing.setdefault(name, {})[path] = None
                self._near.pop(path, None)

    def taken(self, path: str) -> list[str]:
        """Plain names of what a file takes, if it is there."""
        return sorted({_label(key) for key in self.files[path].clears})

    def changes(self, path: str) -> bool:
        """Whether a file takes or changes anything that was there before."""
        file = self.files[path]
        return bool(file.clears or file.takes or file.retypes)

    def made_elsewhere(self, path: str) -> bool:
        """Whether other files make routines that this one makes, too: then this is one version of several."""
        return any(self.versions.get(key, 0) > 1 for key in self.files[path].leaves)

    def near(self, path: str) -> dict[str, None]:
        """Files that have to do with something that this one has to do with, too."""
        known = self._near.get(path)
        if known is None:
            file = self.files[path]
            known = {}
            for key in (*file.concerns, *self.along[path]):
                known.update(self.concerned[key])
            for name in self._minded.get(path, ()):
                known.update(self.movers.get(name, {}))
            known.pop(path, None)
            self._near[path] = known
        return known

    def affected(self, path: str, touched: Iterable[str]) -> dict[str, None]:
        """Files that may fare otherwise when this one has run: they have to do with what it brings, takes or uses.

        `touched`: names that came or went when it ran; CASCADE takes more than is written.
        """
        found = dict(self._named(path))
        for name in sorted(touched):
            found.update(self.needing.get(name, {}))
        found.pop(path, None)
        return found

    def _named(self, path: str) -> dict[str, None]:
        known = self._affected.get(path)
        if known is None:
            file = self.files[path]
            known = {}
            for key in sorted({*file.leaves, *file.takes, *file.retypes, *self.along[path]}):
                known.update(self.concerned[key])
            for key in sorted(file.uses):
                for index in (self.strict, self.retypers):
                    known.update(index.get(key, {}))
            known.pop(path, None)
            self._affected[path] = known
        return known

    def made_again(self, path: str) -> set[str]:
        """Files still to come that take something which this one needs and another one makes again."""
        file = self.files[path]
        found: set[str] = set()
        for key in file.needs - file.takes - file.leaves:
            if _others(self.anew, key, path):
                found.update(_others(self.takers, key, path))
        return found

    def done(self, path: str) -> None:
        """A file has run."""
        file = self.files[path]
        for index, keys in (
            (self.needers, file.needs),
            (self.anew, file.anew),
            (self.absent, file.absent),
            (self.leavers, file.leaves),
            (self.takers, file.takes),
            (self.clearers, file.clears),
            (self.strict, file.strict),
            (self.retypers, file.retypes),
        ):
            for key in keys:
                index[key].pop(path, None)
        for key in (*file.leaves, *file.takes):
            self.movers[_label(key)].pop(path, None)

    def moved(self, name: str, path: str) -> bool:
        """Whether another file that is still to come brings or takes something of that name."""
        movers = self.movers.get(name, ())
        return len(movers) > (path in movers)

    def others_taking(self, key: Key, path: str, wanting: str) -> list[str]:
        """Files that are still to come, but for `path`, and take something, or what it belongs to.

        Where `wanting`, for which it has to go, needs what it belongs to, that must stay.
        """
        found = _others(self.takers, key, path)
        owner = ("relation", key[1]) if len(key) == 3 and key[0] in PARTS else self.owners.get(key)
        if owner is None or owner in self.files[wanting].needs:
            return found
        return [*found, *_others(self.takers, owner, path)]

    def others(self, index: str, key: Key, path: str) -> list[str]:
        """Files of an index that are still to come, but for `path`."""
        found: Mapping[Key, Iterable[str]] = getattr(self, index)
        return _others(found, key, path)


def _label(key: Key) -> str:
    if key[0] == "rows":
        return label("rows", key[1])
    part = len(key) == 3 and key[0] in PARTS
    return label(key[0], key[-1], key[1] if part else "")


def _index(files: Mapping[str, FileTouches], name: str) -> dict[Key, dict[str, None]]:
    found: dict[Key, dict[str, None]] = {}
    for path, file in files.items():
        for key in getattr(file, name):
            found.setdefault(key, {})[path] = None
    return found


def _others(index: Mapping[Key, Iterable[str]], key: Key, path: str) -> list[str]:
    return [other for other in index.get(key, ()) if other != path]


__all__ = ["FileTouches", "Key", "Touches", "touches"]
