"""Keys by their columns: what foreign keys look for, whatever the constraint, or the index, is called."""

from collections.abc import Iterable, Iterator

from confiture_linter.catalog.constraint_names import constraint_name
from confiture_linter.graph.makers import Step, index_name
from confiture_linter.graph.mentioned import constraints_of
from confiture_linter.statements import facts as f

KEY = "key"
"""The family, as `touches` writes names; a key is of a table, and called by its columns."""
PRIMARY = ""
"""What the primary key is called besides, for foreign keys that name no columns."""


class KeyColumns:
    """All keys of one tree, at one time or another."""

    def __init__(self, all_steps: Iterable[Step]) -> None:
        self._names: dict[tuple[str, str], dict[str, None]] = {}
        """Table and name of a constraint, or of an index, to the columns it may be over."""
        self._tables: dict[str, str] = {}
        """Index to its table."""
        self._known: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        """Table and columns to the names that they are a key by, and the files that make it."""
        for step in all_steps:
            for table, name, columns in _keys(step.statement.fact):
                found = self._names.setdefault((table, name), {})
                found.update(dict.fromkeys(columns))
                for each in columns:
                    self._known.setdefault((table, each), {})[name, step.where.path] = None
                self._tables[name] = table

    def wanted(self, fact: f.Fact) -> Iterator[tuple[str, str, str]]:
        """Keys that the foreign keys of a statement need and that the tree makes."""
        for constraint in constraints_of(fact):
            columns = _written(constraint.target_columns)
            own = constraint.target == getattr(fact, "name", "") and type(fact) is f.CreateTable
            if constraint.kind == "foreign key" and not own and (constraint.target, columns) in self._known:
                yield KEY, constraint.target, columns

    def changes(self, fact: f.Fact) -> Iterator[tuple[tuple[str, str, str], bool]]:
        """Keys that come, and go."""
        for table, _, columns in _keys(fact):
            yield from (((KEY, table, each), True) for each in columns)
        if type(fact) is f.AlterTable:
            for command in fact.commands:
                if command.kind == "DropConstraint":
                    yield from self._gone(fact.name, command.name)
        elif type(fact) is f.Drop:
            for target in fact.targets:
                table = (
                    self._tables.get(target.parts[-1], "") if target.kind == "index" and target.parts else ""
                )
                if table:
                    yield from self._gone(table, target.parts[-1])

    def strictly_gone(self, fact: f.Fact, path: str) -> Iterator[tuple[str, str, str]]:
        """Keys that go only if no foreign key uses them, for no other file makes them by another name."""
        if type(fact) is f.AlterTable:
            for command in fact.commands:
                if command.kind == "DropConstraint" and not command.cascade:
                    for key, _ in self._gone(fact.name, command.name):
                        makers = self._known[fact.name, key[2]]
                        if all(name == command.name or maker == path for name, maker in makers):
                            yield key

    def _gone(self, table: str, name: str) -> Iterator[tuple[tuple[str, str, str], bool]]:
        yield from (((KEY, table, columns), False) for columns in self._names.get((table, name), ()))


def _keys(fact: f.Fact) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Table, name, and columns, of the keys that a statement makes."""
    if type(fact) is f.CreateIndex:
        columns = tuple(column.name for column in fact.columns)
        if fact.unique and fact.predicate is None and all(columns):
            yield fact.table, fact.name or index_name(fact, fact.table), (_written(columns),)
    elif type(fact) is f.CreateTable or type(fact) is f.AlterTable:
        for constraint in constraints_of(fact):
            if constraint.kind in ("primary key", "unique") and constraint.columns:
                name = constraint_name(fact.name, constraint, lambda taken: False)
                primary = (PRIMARY,) if constraint.kind == "primary key" else ()
                yield fact.name, name, (_written(constraint.columns), *primary)


def _written(columns: Iterable[str]) -> str:
    return ",".join(sorted(columns))


__all__ = ["KEY", "PRIMARY", "KeyColumns"]
