"""Runs a case on a server and keeps what could be seen: locks, scans, files, errors, warnings, settings."""

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pglast
import psycopg
from benchmarks.hazards.case import Case
from psycopg import pq

from confiture_migrator.shadow import Shadow

MODES = (
    "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
    "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
)  # fmt: skip
"""Weakest first. https://www.postgresql.org/docs/current/explicit-locking.html"""

LOCKS = """
SELECT relation::regclass::text, mode FROM pg_locks
WHERE pid = %s AND locktype = 'relation' AND granted AND relation >= 16384
"""
# Of this transaction alone; what it has dropped by now is not listed.
COUNTERS = """
SELECT relid::regclass::text, seq_scan, seq_tup_read, n_tup_ins + n_tup_upd + n_tup_del
FROM pg_stat_xact_user_tables WHERE seq_scan + n_tup_ins + n_tup_upd + n_tup_del > 0
"""
FILES = """
SELECT oid::regclass::text, pg_relation_filenode(oid) FROM pg_class
WHERE oid >= 16384 AND relkind IN ('r', 'm', 'i', 'S') AND relnamespace <> 'pg_toast'::regnamespace
"""
CLEAN = """
DO $$
DECLARE n text;
BEGIN
  FOR n IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', n); END LOOP;
  FOR n IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', n); END LOOP;
  FOR n IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', n); END LOOP;
  FOR n IN SELECT rolname FROM pg_roles WHERE rolname ~ '^hz_'
  LOOP EXECUTE format('DROP OWNED BY %I; DROP ROLE %I', n, n); END LOOP;
  ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
  CREATE SCHEMA public;
  GRANT USAGE ON SCHEMA public TO PUBLIC;
END $$
"""
SPACES = "SELECT quote_ident(spcname) FROM pg_tablespace WHERE spcname ~ '^hz_'"
# A statement of its own is an implicit transaction: an explicit one around it changes nothing and can be looked into.
WRAPPABLE = re.compile(
    r"(ALTER (TABLE|DOMAIN|INDEX|MATERIALIZED)|CREATE (UNIQUE )?INDEX|CREATE TABLE|UPDATE|DELETE|TRUNCATE|DROP (TABLE|INDEX)"
    r"|REFRESH|REINDEX (INDEX|TABLE)|CREATE (OR REPLACE )?(TRIGGER|RULE|POLICY)|INSERT|CLUSTER [a-z])(?!.*\bCONCURRENTLY\b)",
    re.IGNORECASE | re.DOTALL,
)
COMPARED = ("gone", "kept")
"""Kinds of proof whose expressions are asked before too."""
WAIT = 5.0
"""Seconds that a thread may take to reach its lock, or to end after it was let go."""


class Step(NamedTuple):
    """What one statement of the change did."""

    sql: str
    locks: dict[str, str]
    """Strongest mode held on each relation after it, if a transaction was open."""
    scanned: dict[str, int]
    """Sequential scans that it made, by relation, with the rows read."""
    written: dict[str, int]
    """Rows that it inserted, updated or deleted."""
    lock_timeout: str
    """The setting when it began."""
    goes_on: bool
    """Whether the transaction was open before it."""


@dataclass
class Seen:
    """What running a case showed."""

    steps: list[Step] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    """File of each relation before the change."""
    after: dict[str, int] = field(default_factory=dict)
    error: str = ""
    """SQLSTATE that ended the change, empty: it ran."""
    message: str = ""
    warnings: list[str] = field(default_factory=list)
    """SQLSTATEs of warnings."""
    then: str | None = None
    """SQLSTATE that ended the statements afterwards; empty: they ran; None: they were not run."""
    control: str | None = None
    """The same without the change before."""
    facts: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    """SQL expressions, true or not before and after."""
    queued: dict[str, bool] = field(default_factory=dict)
    """By `reads REL` or `writes REL`: whether others had to wait while the change waited for its lock."""


def split(sql: str) -> list[str]:
    """Statements of a script; by tokens alone where the grammar of our parser refuses it."""
    try:
        return list(pglast.split(sql))
    except pglast.parser.ParseError:
        return list(pglast.split(sql, with_parser=False))


class Bench:
    """A database with the sessions that a case needs."""

    def __init__(self, shadow: Shadow, name: str = "hazards") -> None:
        self.shadow = shadow
        self.name = shadow.create_database(name)
        self.runner = shadow.connect(name)
        self.watcher = shadow.connect(name)
        self.third = shadow.connect(name)
        for session in (self.runner, self.watcher, self.third):
            session.prepare_threshold = None  # DISCARD ALL would take prepared statements away
        self.warnings: list[str] = []
        self.flushes = self.runner.info.server_version >= 150000
        self.runner.add_notice_handler(self._notice)

    def close(self) -> None:
        """End the sessions and drop the database."""
        for session in (self.runner, self.watcher, self.third):
            session.close()
        self.shadow.drop_database(self.name)

    def run(self, case: Case) -> Seen:
        """Set up, change, look, clean up."""
        seen = Seen()
        try:
            for statement in split(case.given):
                self.watcher.execute(statement)
            self._control(case, seen)
            before = {p.argument: _truth(self.watcher, p.argument) for p in case.proofs if p.kind in COMPARED}
            after = [p.argument for p in case.proofs if p.kind in (*COMPARED, "after")]
            seen.before = dict(self.watcher.execute(FILES).fetchall())
            self.warnings.clear()
            queue = [p for p in case.proofs if p.kind.startswith("queue-")]
            if queue:
                self._queued(case, seen, queue[0].kind, queue[0].argument)
            else:
                self._change(case, seen)
            seen.warnings = list(self.warnings)
            seen.after = dict(self.watcher.execute(FILES).fetchall())
            seen.facts = {text: (before.get(text, False), _truth(self.runner, text)) for text in after}
            if case.then and not seen.error:
                seen.then = _outcome(self.third, split(case.then))
        except psycopg.Error as error:  # in what surrounds the change: nothing is proven
            seen.error, seen.message = "setting", str(error)
        finally:
            self._clean()
        return seen

    def _control(self, case: Case, seen: Seen) -> None:
        if any(p.kind == "then-error" for p in case.proofs):
            self.third.execute("BEGIN")
            seen.control = _outcome(self.third, split(case.then))
            self.third.execute("ROLLBACK")
            self.third.execute("RESET ROLE")

    def _change(self, case: Case, seen: Seen) -> None:
        session = self.runner
        try:
            if case.wrapped:
                session.execute("BEGIN")
            counted: dict[str, tuple[int, int, int]] = {}
            for sql in split(case.change):
                timeout = str(_one(session, "SHOW lock_timeout"))
                goes_on = session.info.transaction_status != pq.TransactionStatus.IDLE
                alone = not goes_on and WRAPPABLE.match(sql)
                if alone:
                    session.execute("BEGIN")
                session.execute(sql)
                step, counted = self._step(sql, timeout, goes_on, counted)
                seen.steps.append(step)
                if alone:
                    session.execute("COMMIT")
                if self.flushes and session.info.transaction_status == pq.TransactionStatus.IDLE:
                    session.execute("SELECT pg_stat_force_next_flush()")  # else the counters go on
                    counted = {}
            if case.wrapped:
                session.execute("COMMIT")
        except psycopg.Error as error:
            seen.error = error.sqlstate or "?"
            seen.message = str(error).splitlines()[0]
            if session.info.transaction_status != pq.TransactionStatus.IDLE:
                session.execute("ROLLBACK")

    def _step(
        self, sql: str, timeout: str, goes_on: bool, counted: dict[str, tuple[int, int, int]]
    ) -> tuple[Step, dict[str, tuple[int, int, int]]]:
        if self.runner.info.transaction_status != pq.TransactionStatus.INTRANS:
            return Step(sql, {}, {}, {}, timeout, goes_on), counted
        locks: dict[str, str] = {}
        rows = self.watcher.execute(LOCKS, [self.runner.info.backend_pid]).fetchall()
        for relation, mode in rows:
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode.removesuffix("Lock")).upper()
            locks[relation] = max(locks.get(relation, MODES[0]), words, key=MODES.index)
        now = {name: tuple(rest) for name, *rest in self.runner.execute(COUNTERS).fetchall()}
        scanned: dict[str, int] = {}
        written: dict[str, int] = {}
        for name, (scans, read, changed) in now.items():
            old = counted.get(name, (0, 0, 0))
            if scans > old[0]:
                scanned[name] = read - old[1]
            if changed > old[2]:
                written[name] = changed - old[2]
        return Step(sql, locks, scanned, written, timeout, goes_on), now

    def _queued(self, case: Case, seen: Seen, kind: str, relation: str) -> None:
        """Let somebody use the relation, start the change, and see whether a third has to wait behind it."""
        mode = "ROW EXCLUSIVE" if kind.endswith("writes") else "ACCESS SHARE"
        self.watcher.execute("BEGIN")
        _use(self.watcher, relation, mode)
        worker = threading.Thread(target=self._change, args=(case, seen))
        worker.start()
        with self.shadow.connect(self.name) as onlooker:
            _until_waiting(onlooker, self.runner.info.backend_pid, worker)
        self.third.execute("BEGIN")
        self.third.execute("SET LOCAL lock_timeout = '80ms'")
        try:
            _use(self.third, relation, mode)
            seen.queued[f"{mode} {relation}"] = False
        except psycopg.errors.LockNotAvailable:
            seen.queued[f"{mode} {relation}"] = True
        self.third.execute("ROLLBACK")
        self.watcher.execute("ROLLBACK")
        worker.join(WAIT)

    def _notice(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.severity_nonlocalized == "WARNING":
            self.warnings.append(diagnostic.sqlstate or "")

    def _clean(self) -> None:
        for session in (self.runner, self.watcher, self.third):
            if session.info.transaction_status != pq.TransactionStatus.IDLE:
                session.execute("ROLLBACK")
            session.execute("RESET ROLE")
            session.execute("DISCARD ALL")
        self.watcher.execute(CLEAN)
        for (space,) in self.watcher.execute(SPACES).fetchall():
            self.watcher.execute(f"DROP TABLESPACE {space}")


def _use(session: "psycopg.Connection[Any]", relation: str, mode: str) -> None:
    """Take the lock that a reader or a writer takes, in the transaction that is open."""
    if mode == "ACCESS SHARE":
        session.execute(f"SELECT FROM {relation} LIMIT 0")
    else:
        session.execute(f"DELETE FROM {relation} WHERE false")


def _until_waiting(onlooker: "psycopg.Connection[Any]", pid: int, worker: threading.Thread) -> None:
    end = time.monotonic() + WAIT
    while worker.is_alive() and time.monotonic() < end:
        waits = onlooker.execute(
            "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [pid]
        ).fetchone()
        if waits and waits[0]:
            return
        time.sleep(0.005)


def _outcome(session: "psycopg.Connection[Any]", statements: Sequence[str]) -> str:
    """SQLSTATE of the first error, empty if there is none."""
    try:
        for statement in statements:
            session.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


def _truth(session: "psycopg.Connection[Any]", expression: str) -> bool:
    return _one(session, f"SELECT coalesce(({expression})::bool, false)") is True


def _one(session: "psycopg.Connection[Any]", query: str) -> object:
    row = session.execute(query).fetchone()
    return row[0] if row else None
