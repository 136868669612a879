"""What is told of a copy while it is made; nothing of what the rows hold."""

from dataclasses import dataclass

from confiture_migrator.events import Event


@dataclass(frozen=True, slots=True)
class CopyStarted(Event):
    """The copy begins."""

    profile: str
    tables: int
    rows_estimated: int
    jobs: int

    def line(self) -> str:
        """How much."""
        return f"copy {self.tables} tables, about {self.rows_estimated:,} rows, {self.jobs} at a time"


@dataclass(frozen=True, slots=True)
class CopyProgress(Event):
    """So far it has come."""

    tables_done: int
    tables: int
    rows: int
    rows_per_second: int
    seconds_left: int | None

    def line(self) -> str:
        """Rows, speed, and what is left."""
        left = "" if self.seconds_left is None else f", about {self.seconds_left} s left"
        return f"  {self.tables_done} of {self.tables} tables, {self.rows:,} rows, {self.rows_per_second:,} rows/s{left}"


@dataclass(frozen=True, slots=True)
class TableCopied(Event):
    """A table, or a part of one, is in the target."""

    table: str
    rows: int
    seconds: float

    def line(self) -> str:
        """Rows and speed."""
        return f"  {self.table}: {self.rows:,} rows in {self.seconds:.2f} s"


@dataclass(frozen=True, slots=True)
class VerifyProgress(Event):
    """The verifier begins something."""

    what: str

    def line(self) -> str:
        """What."""
        return f"  verify {self.what}"


@dataclass(frozen=True, slots=True)
class CopyCompleted(Event):
    """All of it is done."""

    rows: int
    seconds: float
    state: str

    def line(self) -> str:
        """Rows, time, and what the copy may be used for."""
        return f"{self.rows:,} rows in {self.seconds:.2f} s: {self.state}"
