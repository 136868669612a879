"""What exists while the files of a tree are tried one after the other: only names, parts and who stands in whose way.

A file is tried as a whole: what one statement cannot do undoes the others, as in a transaction.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any


class Stop(Exception):
    """A statement cannot run now; `names` are what would have to appear, or to go."""

    def __init__(self, *names: str, owner: str = "") -> None:
        super().__init__(*names)
        self.names = names
        self.owner = owner
        """What the part belongs to: if that changes, the part may be there."""


def label(family: str, name: str, owner: str = "") -> str:
    """What is waited for: an object, or a part of `owner`; types may be those of rows."""
    family = "relation" if family == "type" else family
    return f"{family} {owner}.{name}" if owner else f"{family} {name}"


class Thing:
    """An object, or a part of one: a column, a constraint, a trigger, a policy, a rule, a label."""

    __slots__ = (
        "alive",
        "columns",
        "family",
        "filled",
        "kind",
        "made",
        "name",
        "number",
        "open",
        "owner",
        "partitioned",
        "parts",
        "rows",
        "schema",
        "shape",
        "target",
        "triggers",
        "used",
        "users",
    )

    def __init__(
        self, family: str, schema: str, name: str, kind: str = "", owner: "Thing | None" = None
    ) -> None:
        self.family = family
        self.schema = schema
        self.name = name
        self.kind = kind
        self.owner = owner
        """The relation that takes it along when it is dropped."""
        self.alive = True
        self.number = 0
        """Of a column: which of the stage's it is, in the order they were added."""
        self.open = False
        """Whether it may have columns nobody wrote down."""
        self.partitioned: tuple[str, ...] = ()
        """Of a partitioned table: the columns that keep its partitions apart."""
        self.parts: dict[tuple[str, str], Thing] = {}
        self.used: tuple[Thing, ...] = ()
        """What it cannot be without."""
        self.users: list[Thing] = []
        """What stands in the way of dropping it."""
        self.columns: tuple[str, ...] = ()
        """Of a key or an index."""
        self.triggers: tuple[Thing, ...] = ()
        self.rows: tuple[dict[Thing, str], ...] = ()
        """Of a table, as far as they are known: see `stage_rows`."""
        self.filled = False
        """Whether a table may have rows that are not among `rows`."""
        self.made: Any = None
        """The statement that defines a view, or the constant that is a default."""
        self.target: tuple[Thing, tuple[str, ...]] | None = None
        """Of a foreign key: its table and columns."""
        self.shape: Any = None
        """What CREATE OR REPLACE may not change."""

    @property
    def label(self) -> str:
        """Its `label`."""
        part = self.owner is not None and self.family != "relation"
        return label(self.family, self.name, self.owner.name if part and self.owner is not None else "")

    @property
    def lives(self) -> bool:
        """Whether it is there, and what it belongs to."""
        return self.alive and (self.owner is None or self.owner.lives)


Variant = tuple[str, tuple[str, ...]]
"""Schema, and types of the arguments of a routine."""


class Stage:
    """The state, with a way back."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.clear()

    def clear(self) -> None:
        """Nothing is there."""
        self.path = self.home
        """The schema in which things are created."""
        self.things: dict[tuple[str, str, Variant], Thing] = {}
        self.variants: dict[tuple[str, str], list[Variant]] = {}
        """By family and name; never forgotten."""
        self.all: list[Thing] = []
        self.touched: set[str] = set()
        """Names that came or went in the file that is tried."""
        self.temporary: dict[str, Thing] = {}
        """Temporary relations of the file, in front of others of their names; their columns are not known."""
        self._count = 0
        self._log: list[tuple[Any, Any, Any]] = []

    # -- the way back ------------------------------------------------------------------------------

    def begin(self) -> None:
        """A file begins."""
        self._log = []
        self.touched = set()
        self.temporary = {}
        self.path = self.home

    def set_apart(self) -> tuple[list[tuple[Any, Any, Any]], set[str]]:
        """Keep what the file that runs did, so that others can be tried after it and undone; `take_up` goes on with it."""
        return self._log, self.touched

    def take_up(self, kept: tuple[list[tuple[Any, Any, Any]], set[str]]) -> None:
        """Go on with the file that was set apart."""
        self._log, self.touched = kept

    def mark(self) -> int:
        """A place in the file to which `undo` can go back."""
        return len(self._log)

    def undo(self, mark: int = 0) -> None:
        """The file did not run, or nothing of it since `mark`."""
        for where, key, old in reversed(self._log[mark:]):
            if isinstance(where, list):
                where.pop()
            elif not isinstance(where, dict):
                setattr(where, key, old)
            elif old is None:
                del where[key]
            else:
                where[key] = old
        del self._log[mark:]

    def set(self, thing: Thing, name: str, value: Any) -> None:
        """Change an attribute."""
        self._log.append((thing, name, getattr(thing, name)))
        setattr(thing, name, value)

    def _put(self, where: dict[Any, Thing], key: Any, value: Thing) -> None:
        self._log.append((where, key, where.get(key)))
        where[key] = value

    def _append(self, where: list[Thing], value: Thing) -> None:
        self._log.append((where, None, None))
        where.append(value)

    # -- looking -----------------------------------------------------------------------------------

    def all_of(self, family: str, schema: str, name: str) -> Iterator[Thing]:
        """Everything of that name that is there; without a schema, in any."""
        for variant in self.variants.get((family, name), ()):
            if not schema or variant[0] == schema:
                thing = self.things.get((family, name, variant))
                if thing is not None and thing.lives:
                    yield thing

    def find(self, family: str, schema: str, name: str) -> Thing | None:
        """One of that name, that in the current schema first."""
        if self.temporary and family == "relation" and schema in ("", "pg_temp"):
            temporary = self.temporary.get(name)
            if temporary is not None and temporary.alive:
                return temporary
        found = None
        for thing in self.all_of(family, schema, name):
            if thing.schema == (schema or self.path):
                return thing
            found = found or thing
        return found

    def need(self, family: str, schema: str, name: str) -> Thing:
        """One that must be there."""
        thing = self.find(family, schema, name)
        if thing is None:
            raise Stop(label(family, name))
        return thing

    def part(self, thing: Thing, family: str, name: str) -> Thing | None:
        """A part that is there."""
        found = thing.parts.get((family, name))
        return found if found is not None and found.alive else None

    def need_part(self, thing: Thing, family: str, name: str) -> Thing | None:
        """A part that must be there, unless not all parts are known."""
        found = self.part(thing, family, name)
        if found is None and not thing.open:
            raise Stop(label(family, name, thing.name), owner=thing.label)
        return found

    def _touch(self, thing: Thing) -> None:
        self.touched.add(thing.label)
        if thing.family in ("column", "constraint") and thing.owner is not None:
            self.touched.add(thing.owner.label)

    # -- changing ----------------------------------------------------------------------------------

    def make(self, thing: Thing, types: tuple[str, ...] = ()) -> None:
        """Something is created under a name that is free."""
        variant = thing.schema, types
        known = self.variants.setdefault((thing.family, thing.name), [])
        if variant not in known:
            known.append(variant)
        self._put(self.things, (thing.family, thing.name, variant), thing)
        self._append(self.all, thing)
        if thing.owner is not None:
            self._put(thing.owner.parts, (thing.kind, thing.name), thing)
            self.touched.add(thing.owner.label)
        self.touched.add(thing.label)

    def make_temporary(self, name: str, kind: str) -> None:
        """A relation for the rest of the file."""
        made = Thing("relation", "pg_temp", name, kind)
        made.open = True
        self._put(self.temporary, name, made)

    def variant(self, family: str, schema: str, name: str, types: tuple[str, ...] = ()) -> Thing | None:
        """Exactly this one, if it is there."""
        thing = self.things.get((family, name, (schema, types)))
        return thing if thing is not None and thing.lives else None

    def add(self, owner: Thing, family: str, name: str, *, columns: tuple[str, ...] = ()) -> Thing:
        """A part is created under a name that is free."""
        if self.part(owner, family, name) is not None:
            raise Stop(label(family, name, owner.name))
        made = Thing(family, "", name, owner=owner)
        made.columns = columns
        self._count += 1
        made.number = self._count
        self._put(owner.parts, (family, name), made)
        if family == "trigger":
            self.set(owner, "triggers", (*owner.triggers, made))
        self._touch(made)
        return made

    def give(self, part: Thing, owner: Thing, columns: tuple[str, ...]) -> None:
        """A sequence belongs to a column from now on."""
        self.set(part, "owner", owner)
        self.set(part, "columns", columns)
        self._put(owner.parts, (part.kind, part.name), part)

    def uses(self, user: Thing, used: Iterable[Thing], *, only: bool = False) -> None:
        """`user` cannot be without these; `only`: and without nothing else, from now on."""
        new = tuple(thing for thing in used if thing is not user and thing is not user.owner)
        if new or (only and user.used):
            self.set(user, "used", new if only else (*user.used, *new))
        for thing in new:
            self._append(thing.users, user)

    def users(self, thing: Thing) -> list[Thing]:
        """What stands in the way of dropping it."""
        return [user for user in thing.users if user.lives and thing in user.used]

    def drop(self, thing: Thing, *, cascade: bool, along: Collection[Thing] = ()) -> None:
        """It goes, with what belongs to it; what uses it stands in the way, or goes, too."""
        owner = thing.owner
        going = [thing, *(part for part in thing.parts.values() if part.alive)]
        if thing.family == "column" and owner is not None:
            going += (
                part
                for part in owner.parts.values()
                if part.kind == "sequence" and thing.name in part.columns
            )
        blocking = [
            user
            for gone in going
            for user in self.users(gone)
            if not (user is thing or user.owner is thing or user in along or user.owner in along)
            and not (user.owner is owner is not None and thing.name in user.columns)
        ]
        if blocking and not cascade:
            raise Stop(*(user.label for user in blocking))
        for user in blocking:
            if user.lives:
                self.drop(user, cascade=True)
        self.set(thing, "alive", False)
        self._touch(thing)
        if thing.family == "column" and owner is not None:
            for part in list(owner.parts.values()):
                if part.alive and thing.name in part.columns:
                    self.drop(part, cascade=True)

    def rename(self, thing: Thing, name: str, schema: str) -> None:
        """It gets another name, or schema."""
        types = next(
            (v[1] for v in self.variants.get((thing.family, thing.name), ())
             if self.things.get((thing.family, thing.name, v)) is thing),
            (),
        )  # fmt: skip
        if (name, schema) != (thing.name, thing.schema) and self.variant(thing.family, schema, name, types):
            raise Stop(label(thing.family, name))
        gone = Thing(thing.family, thing.schema, thing.name)
        gone.alive = False
        self._put(self.things, (thing.family, thing.name, (thing.schema, types)), gone)
        self.touched.add(thing.label)
        self.set(thing, "name", name)
        self.set(thing, "schema", schema)
        variant = schema, types
        known = self.variants.setdefault((thing.family, name), [])
        if variant not in known:
            known.append(variant)
        self._put(self.things, (thing.family, name, variant), thing)
        self.touched.add(thing.label)

    def rename_part(self, thing: Thing, family: str, old: str, new: str) -> None:
        """A part gets another name."""
        part = self.need_part(thing, family, old)
        if self.part(thing, family, new) is not None:
            raise Stop(label(family, new, thing.name))
        if part is None:
            return
        gone = Thing(family, "", old)
        gone.alive = False
        self._put(thing.parts, (family, old), gone)
        self._put(thing.parts, (family, new), part)
        self.set(part, "name", new)
        self.touched.update((label(family, old, thing.name), label(family, new, thing.name)))
        if family == "column":
            for other in list(thing.parts.values()):
                if old in other.columns:
                    self.set(other, "columns", tuple(new if name == old else name for name in other.columns))


__all__ = ["Stage", "Stop", "Thing", "label"]
