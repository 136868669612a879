"""`PrintSql`: writes what `Apply` would send, ledger rows included, for whoever must read it, or run it by hand."""

from typing import TextIO

from confiture_migrator.execute.job import Job, Outcome
from confiture_migrator.hooks.values import HookPhase
from confiture_migrator.plan.values import PlanSettings


class PrintSql:
    """The executor that only writes. Hooks and Python are named in comments: they are not SQL."""

    def __init__(self, out: TextIO, settings: PlanSettings, plan_hash: str) -> None:
        self._out = out
        self._settings = settings
        self._hash = plan_hash

    def run(self, job: Job) -> Outcome:
        """Write one migration."""
        put = self._out.write
        put(f"-- {job.name} ({job.file})\n")
        if job.transaction:
            put("BEGIN;\n")
            put(f"SET LOCAL lock_timeout = {_quoted(self._settings.lock_timeout)};\n")
            put(f"SET LOCAL statement_timeout = {_quoted(self._settings.statement_timeout)};\n")
        for phase in (HookPhase.BEFORE_VALIDATION, HookPhase.BEFORE_DDL):
            self._hooks(job, phase)
        for statement in job.statements:
            put(f"{statement.shown};\n")
        if job.python is not None:
            put(f"-- what {job.file} does in Python\n")
        for phase in (HookPhase.AFTER_DDL, HookPhase.AFTER_VALIDATION, HookPhase.CLEANUP):
            self._hooks(job, phase)
        put(self._row(job))
        put("COMMIT;\n\n" if job.transaction else "\n")
        return Outcome(job.version, job.name, 0.0, 0)

    def _hooks(self, job: Job, phase: HookPhase) -> None:
        for bound in job.hooks:
            if bound.phase is phase:
                self._out.write(f"-- hook {bound.name} ({phase})\n")

    def _row(self, job: Job) -> str:
        values = ", ".join(map(_quoted, (job.version, job.name, "applied", job.checksum, self._hash)))
        return _ROW.replace("VALUES_OF_IT", values)


_ROW = """\
INSERT INTO confiture.ledger (version, name, state, checksum, plan_hash, finished_at, applied_by, ordinal)
VALUES (VALUES_OF_IT, pg_catalog.clock_timestamp(), session_user,
        (SELECT coalesce(pg_catalog.max(ordinal), 0) + 1 FROM confiture.ledger))
ON CONFLICT (version) DO UPDATE SET state = 'applied', checksum = excluded.checksum,
    plan_hash = excluded.plan_hash, finished_at = excluded.finished_at, error = NULL;
"""


def _quoted(text: str) -> str:
    """A standard string literal; a backslash in it is one, for the server's default is that of the standard."""
    return "'" + text.replace("'", "''") + "'"
