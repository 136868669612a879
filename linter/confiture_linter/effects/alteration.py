"""One ALTER TABLE while it is worked out: what its subcommands add up to."""

from confiture_linter.catalog import Column, Constraint, Table
from confiture_linter.effects.account import Account, Refused
from confiture_linter.effects.implication import implied, known_of
from confiture_linter.effects.objects import IndexView, constraints_of, family, indexes_of
from confiture_linter.effects.values import LockMode
from confiture_linter.statements.facts import ColumnFact, ConstraintFact, Test, TypeName


class Alteration:
    """Subcommands are prepared one by one; then each table is rewritten or read at most once (ATRewriteTables)."""

    def __init__(self, account: Account, table: Table, mode: LockMode, *, only: bool) -> None:
        self.account = account
        self.table = table
        self.mode = mode
        """The strongest lock of all subcommands; it is taken on children too."""
        self.only = only
        self.rewritten: list[Table] = []
        self.read: list[Table] = []
        self.moved: list[Table] = []
        """Tables that are copied file by file to another tablespace."""
        self.rebuilt: set[str] = set()
        self.dropped: set[str] = set()
        """Constraints, columns and indexes that are gone already."""
        self.added: dict[str, ColumnFact] = {}
        self.constraints: dict[str, ConstraintFact] = {}
        """Constraints that earlier subcommands have added."""
        self.dropped_indexes: set[str] = set()
        self.retyped: dict[str, TypeName] = {}
        self.proven: set[str] = set()
        """Columns that earlier subcommands have made NOT NULL."""
        self.undefaulted: set[str] = set()
        """Columns that have lost their default already."""

    # -- looking up --------------------------------------------------------------------------------

    def column(self, name: str, *, missing_ok: bool = False) -> Column | None:
        """A column that the statement names; raises `Refused` if there is none."""
        found = self.table.columns.get(name)
        if found is None or name in self.dropped:
            if name in self.added or missing_ok or self.table.unknown_columns:
                return None
            raise Refused(f'column "{name}" of relation "{self.table.name}" does not exist')
        return found

    def constraint(self, name: str) -> Constraint | None:
        """A constraint that the statement names."""
        for constraint in constraints_of(self.table):
            if constraint.name == name and name not in self.dropped:
                return constraint
        return None

    def family(self) -> list[Table]:
        """The table and, without ONLY, those below it."""
        return family(self.table, only=self.only)

    def recurse(self) -> list[Table]:
        """Lock the family with the lock of the statement."""
        tables = self.family()
        self.account.lock_all(tables, self.mode)
        return tables

    def refuse_only(self, message: str) -> None:
        """ONLY is refused where children exist."""
        if self.only and (self.table.partitions or self.table.children):
            raise Refused(message)

    # -- work --------------------------------------------------------------------------------------

    def rewrite(self, tables: list[Table]) -> None:
        """The rows of these tables are computed anew."""
        self.rewritten += tables

    def verify(self, tables: list[Table]) -> None:
        """The rows of these tables are read, to check or to build."""
        self.read += tables

    def verify_not_null(self, tables: list[Table], column: str) -> None:
        """SET NOT NULL reads the table unless a valid CHECK proves it (NotNullImpliedByRelConstraints)."""
        wanted = Test("is not null", column)
        gone = frozenset(self.dropped)
        self.read += [table for table in tables if not implied(wanted, known_of(table, gone))]

    def live_indexes(self, table: Table) -> list[IndexView]:
        """Indexes of a table that earlier subcommands have left alone."""
        return [
            view
            for view in indexes_of(self.account.catalog, table)
            if view.name not in self.dropped_indexes and view.name not in self.dropped
        ]

    def finish(self) -> None:
        """Phase 3: every table once."""
        account = self.account
        for table in self.rewritten:
            account.rewrite(table, (view.identity for view in self.live_indexes(table)))
            account.scan(table)
        for table in self.moved:
            account.rewrite(table, ())
        for table in self.read:
            account.scan(table)
        account.rebuilds |= self.rebuilt
