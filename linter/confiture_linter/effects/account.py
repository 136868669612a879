"""Where the effects of one statement are gathered while they are worked out."""

from collections.abc import Iterable

from confiture_linter.catalog import Catalog, Index, Sequence, Table, View
from confiture_linter.effects.values import Effects, LockMode

Relation = Table | View | Sequence | Index


class Refused(Exception):
    """PostgreSQL refuses the statement, whatever the data."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Account:
    """The effects of one statement, growing; nothing of the catalog is kept in the result."""

    __slots__ = ("_filled", "catalog", "error", "in_transaction", "locks", "notes", "path", "postgres", "rebuilds", "rewrites",
                 "running", "scans", "unknown")  # fmt: skip

    def __init__(self, catalog: Catalog, postgres: int, path: str = "") -> None:
        self.catalog = catalog
        self.postgres = postgres
        self.path = path
        """The file the statement stands in; empty where that is the file of the one before."""
        self.locks: dict[str, LockMode] = {}
        self.rewrites: set[str] = set()
        self.scans: set[str] = set()
        self.rebuilds: set[str] = set()
        self.in_transaction = True
        self.error: str | None = None
        self.unknown: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.running: set[int] = set()
        """Function bodies that are being followed, so that recursion ends."""
        self._filled: bool | None = None

    def lock(self, relation: Relation | str, mode: LockMode) -> None:
        """A lock on a relation; of several modes the strongest counts. Temporary tables are nobody else's."""
        if isinstance(relation, Table) and relation.temporary:
            return
        name = relation if isinstance(relation, str) else relation.identity
        held = self.locks.get(name)
        if held is None or held.rank < mode.rank:
            self.locks[name] = mode

    def lock_all(self, relations: Iterable[Relation], mode: LockMode) -> None:
        """The same lock on several relations."""
        for relation in relations:
            self.lock(relation, mode)

    def scan(self, relation: Table | View) -> None:
        """Every row is read; nothing is if there are none, or none are stored here."""
        if isinstance(relation, Table) and (relation.partition_strategy or self.empty(relation)):
            return
        self.scans.add(relation.identity)

    def rewrite(self, relation: Table | View, indexes: Iterable[str]) -> None:
        """The rows are written anew, and with them the indexes."""
        if isinstance(relation, Table) and relation.partition_strategy:
            return
        self.rewrites.add(relation.identity)
        self.rebuilds.update(indexes)

    def empty(self, table: Table) -> bool:
        """Whether a table is known to have no rows.

        A schema says nothing about rows, except where the files that build it put rows into most of its
        tables, as a dump or a fixture does: a table that they leave out is empty then.
        """
        if table.has_rows or table.fact.foreign or not self.catalog.rows_told:
            return False
        if self._filled is None:
            tables = [other for other in self.catalog.tables if not other.partition_strategy]
            self._filled = 2 * sum(other.has_rows for other in tables) > len(tables)
        return self._filled

    def unsure(self, what: str) -> None:
        """Something that cannot be told."""
        self.unknown[what] = None

    def note(self, what: str) -> None:
        """Something a reader should know."""
        self.notes[what] = None

    def outside_transaction(self) -> None:
        """PostgreSQL refuses it inside a transaction block."""
        self.in_transaction = False

    def effects(self) -> Effects:
        """What has been gathered, as a value."""
        return Effects(
            tuple(sorted(self.locks.items())),
            tuple(sorted(self.rewrites)),
            tuple(sorted(self.scans)),
            tuple(sorted(self.rebuilds)),
            self.in_transaction,
            self.error,
            tuple(self.unknown),
            tuple(self.notes),
        )
