"""What a run came to: one document, and the same for people."""

from typing import NamedTuple

from confiture_linter.version import __version__


class Check(NamedTuple):
    """One thing that the verifier looked at."""

    check: str
    """rows, foreign-key, check, leak, substring, unchanged, deterministic, tenant."""
    subject: str
    """Table, column or constraint."""
    severity: str
    """`ok`, `warning` or `error`."""
    wrong: int
    """Rows or values that are."""
    message: str


class TableReport(NamedTuple):
    """One table of the copy."""

    table: str
    rows: int
    seconds: float
    columns: tuple[tuple[str, str], ...]
    """Masked columns, and by which strategy."""
    engine: str
    """`sql`, or `python` where a strategy needs it."""


class Report(NamedTuple):
    """All of it."""

    profile: str
    state: str
    """`verified`, `unverified` or `failed`."""
    tables: tuple[TableReport, ...]
    skipped: tuple[str, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    seconds: float
    verify_seconds: float
    peak_kilobytes: int
    server_versions: tuple[int, int]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def errors(self) -> int:
        """Checks that failed."""
        return sum(check.severity == "error" for check in self.checks)

    def document(self) -> dict[str, object]:
        """Version 1."""
        return {
            "version": 1,
            "profile": self.profile,
            "state": self.state,
            "ok": self.state == "verified" or (self.state == "unverified" and not self.errors),
            "program": __version__,
            "server_versions": {"source": self.server_versions[0], "target": self.server_versions[1]},
            "tables": [
                {
                    "table": table.table,
                    "rows": table.rows,
                    "seconds": round(table.seconds, 3),
                    "engine": table.engine,
                    "masked": dict(table.columns),
                }
                for table in self.tables
            ],
            "skipped": list(self.skipped),
            "verification": [check._asdict() for check in self.checks],
            "notes": list(self.notes),
            "totals": {
                "rows": self.rows,
                "seconds": round(self.seconds, 3),
                "rows_per_second": round(self.rows / self.seconds) if self.seconds else 0,
                "verify_seconds": round(self.verify_seconds, 3),
                "errors": self.errors,
                "warnings": sum(check.severity == "warning" for check in self.checks),
                "peak_kilobytes": self.peak_kilobytes,
            },
        }

    def text(self) -> str:
        """Lines for people; checks that found nothing are counted only."""
        lines = [f"profile {self.profile}: {self.state}"]
        for table in self.tables:
            masked = ", ".join(f"{column} {kind}" for column, kind in table.columns)
            lines.append(f"  {table.table}: {table.rows:,} rows" + (f" ({masked})" if masked else ""))
        lines += [f"  {table}: skipped" for table in self.skipped]
        passed = sum(check.severity == "ok" for check in self.checks)
        if self.checks:
            lines.append(f"{passed} of {len(self.checks)} checks passed")
        lines += [
            f"  {check.severity}: {check.check}: {check.subject}: {check.message}"
            for check in self.checks
            if check.severity != "ok"
        ]
        lines += [f"  note: {note}" for note in self.notes]
        lines.append(f"{self.rows:,} rows in {self.seconds:.2f} s, verified in {self.verify_seconds:.2f} s")
        return "\n".join(lines) + "\n"
