"""What a statement does to a running database: the locks it takes, and the work it does under them."""

from enum import Enum
from typing import NamedTuple


class LockMode(Enum):
    """A table-level lock mode, spelled as the PostgreSQL manual does (13.3.1), weakest first."""

    ACCESS_SHARE = "ACCESS SHARE"
    ROW_SHARE = "ROW SHARE"
    ROW_EXCLUSIVE = "ROW EXCLUSIVE"
    SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
    SHARE = "SHARE"
    SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
    EXCLUSIVE = "EXCLUSIVE"
    ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"

    @property
    def rank(self) -> int:
        """Place in the order of strength, 0 to 7."""
        return _RANKS[self]

    @property
    def blocks_reads(self) -> bool:
        """Whether a plain SELECT waits for it."""
        return self is LockMode.ACCESS_EXCLUSIVE

    @property
    def blocks_writes(self) -> bool:
        """Whether INSERT, UPDATE and DELETE wait for it."""
        return self.rank >= LockMode.SHARE.rank


_RANKS = {mode: rank for rank, mode in enumerate(LockMode)}


class Effects(NamedTuple):
    """The effects of one statement on what existed before it.

    Relations are written `schema.name`; every tuple is sorted by name, so that equal effects are equal values.
    """

    locks: tuple[tuple[str, LockMode], ...] = ()
    """The strongest lock taken on every table, view, materialized view and sequence that existed before."""
    rewrites: tuple[str, ...] = ()
    """Tables and materialized views whose rows are written anew, under the lock."""
    scans: tuple[str, ...] = ()
    """Tables read from end to end to check or build something."""
    index_rebuilds: tuple[str, ...] = ()
    """Existing indexes that are built anew."""
    in_transaction: bool = True
    """Whether PostgreSQL allows it inside a transaction block."""
    error: str | None = None
    """Why PostgreSQL refuses it, whatever the data; None if it does not."""
    unknown: tuple[str, ...] = ()
    """What could not be told, and why; the rest still holds."""
    notes: tuple[str, ...] = ()
    """What a reader should know besides."""

    def lock(self, relation: str) -> LockMode | None:
        """The lock on one relation."""
        return dict(self.locks).get(relation)


class StatementEffects(NamedTuple):
    """One statement of a migration, where it stands, and what it does."""

    file: str
    line: int
    """From 1."""
    sql: str
    """As written, without what stands before it."""
    effects: Effects
