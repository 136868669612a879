"""One session's dealings with pgGit. Whatever goes wrong here, the migration goes on and the event waits in the queue."""

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confiture_linter.config import Config
from confiture_migrator.events import PggitNote, PggitQueued, PggitSent, Sink
from confiture_migrator.ledger import Events, Happening, Ledger, State, What
from confiture_migrator.pggit import told
from confiture_migrator.pggit.probe import Probe, Standing, probe
from confiture_migrator.pggit.queue import Queue, Waiting
from confiture_migrator.target import identity_of

if TYPE_CHECKING:
    import psycopg


def queue_of(config: Config) -> Queue:
    """The local queue of a project."""
    return Queue(Path(config.root or ".") / config.pggit.queue)


def pggit_for(config: Config, connection: "psycopg.Connection[Any]", sink: Sink) -> "Pggit | None":
    """The adapter for a session; None where nobody wants one.

    Where the configuration says nothing and there is no pgGit, nothing is queued for a pgGit that may never come.
    """
    if config.pggit.enabled == "false":
        return None
    found = probe(connection)
    if found.standing is Standing.ABSENT and not any(key[0] == "pggit" for key in config.positions):
        return None
    return Pggit(connection, queue_of(config), sink, found, wanted=config.pggit.enabled == "true")


def same_target(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether it is one database; the server's identifier counts where both sides could ask for it."""
    return one[1] == other[1] and (one[0] == other[0] or not (one[0] and other[0]))


class Pggit:
    """Tells pgGit, or the queue."""

    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        queue: Queue,
        sink: Sink,
        found: Probe,
        *,
        wanted: bool = False,
    ) -> None:
        self._connection = connection
        self._queue = queue
        self._sink = sink
        self._found = found
        self._wanted = wanted
        """Whether its absence is worth a word."""
        self._deployment = False
        """Whether a deployment of ours is open."""
        self._prepared: list[str] = []
        """What was queued in a transaction that has not committed yet."""
        self._identity: tuple[str, str] | None = None

    def open(self, version: str, name: str) -> None:
        """Begin a deployment, in the open transaction; goes without one where that cannot be had."""
        import psycopg

        self.rolled_back(step_by_step=False)
        if not self._found.deploys:
            return
        label = f"{told.TOOL} {name}"
        try:
            with self._connection.transaction():
                if not told.lock(self._connection):
                    self._sink.emit(
                        PggitNote(version, "another session is telling it; no deployment was begun")
                    )
                    return
                if not self._ours(label):
                    self._connection.execute("SELECT pggit.begin_deployment(%s::text)", [label])
                self._deployment = True
        except psycopg.Error as error:
            if self._connection.closed:
                raise
            self._sink.emit(PggitNote(version, f"no deployment was begun: {_said(error)}"))

    def _ours(self, label: str) -> bool:
        """Whether the deployment that is open is this migration's, left by a run that was interrupted."""
        import psycopg

        try:
            with self._connection.transaction():
                row = self._connection.execute(
                    "SELECT EXISTS (SELECT FROM pggit.deployment_state AS s JOIN pggit.deployment_mode AS d "
                    "ON d.deployment_id = s.current_deployment_id WHERE s.is_active AND d.deployment_name = %s)",
                    [label],
                ).fetchone()
        except psycopg.Error:
            if self._connection.closed:
                raise
            return False
        return bool(row and row[0])

    def tell(self, happening: Happening) -> None:
        """End the deployment and tell what happened, in the open transaction; else put it into the queue."""
        import psycopg

        body = told.body_of(happening)
        reason = self._found.told
        if not reason and self._waiting():
            reason = "earlier events wait"
        if not reason:
            try:
                with self._connection.transaction():
                    if not told.lock(self._connection):
                        reason = "another session is telling it"
                    else:
                        self._end(happening)
                        told.tell(self._connection, self._found, happening.what.value, body)
            except psycopg.Error as error:
                if self._connection.closed:
                    raise
                reason = _said(error)
        if reason:
            self._enqueue(happening, body, reason)
            self._end_alone(happening)
        self._deployment = False

    def rolled_back(self, *, step_by_step: bool) -> None:
        """The transaction in which something was told, or queued, is gone."""
        with suppress(OSError):  # nothing is lost: the next replay finds that the database does not know it
            for identifier in self._prepared:
                self._queue.drop(identifier)
        self._prepared.clear()
        if not step_by_step:
            self._deployment = False

    def committed(self) -> None:
        """What was queued has happened."""
        self._prepared.clear()

    def replay(self) -> None:
        """Send what waits for this database, in order, each in a transaction of its own; stops at what cannot be sent."""
        import psycopg

        if not (pending := self._waiting()):
            return
        self._found = probe(self._connection)
        sent = 0
        for waiting in pending:
            if not self._happened(waiting):
                self._mark(waiting.id, happened=False)
                continue
            if self._found.told:
                break
            try:
                if not self._send(waiting):
                    break
            except psycopg.Error as error:
                if self._connection.closed:
                    raise
                self._sink.emit(
                    PggitNote(waiting.version, f"it was not told of earlier events: {_said(error)}")
                )
                break
            self._mark(waiting.id, happened=True)
            sent += 1
        if sent:
            self._sink.emit(PggitSent("", sent))
        with suppress(OSError):
            self._queue.tidy()

    def _mark(self, identifier: str, *, happened: bool) -> None:
        """Cross a line out; where that cannot be written, the next replay finds the same again and sends nothing twice."""
        with suppress(OSError):
            if happened:
                self._queue.done(identifier)
            else:
                self._queue.drop(identifier)

    def _send(self, waiting: Waiting) -> bool:
        with self._connection.transaction():
            if not told.lock(self._connection):
                return False
            # Told already, if a run was killed between its commit and the line `done`.
            if not told.has(self._connection, waiting.id):
                told.tell(self._connection, self._found, waiting.what, waiting.body)
        return True

    def _happened(self, waiting: Waiting) -> bool:
        """Whether the transaction that was to commit after the line was written has committed."""
        known = Events(self._connection).has(waiting.id)
        if known is not None:
            return known
        ledger = Ledger(self._connection)
        entry = ledger.entry(waiting.version) if ledger.exists() else None
        states = {
            What.APPLIED.value: (State.APPLIED,),
            What.ROLLED_BACK.value: (State.REVERTED,),
            What.FAILED.value: (State.FAILED, State.APPLIED),
        }
        if entry is None or entry.state not in states.get(waiting.what, ()):
            return False
        at = dt.datetime.fromisoformat(str(waiting.body["at"]))
        return waiting.what == What.FAILED or entry.finished_at == at

    def _end(self, happening: Happening) -> None:
        if self._deployment:
            self._connection.execute(
                "SELECT pggit.end_deployment(%s::text)", [f"{happening.what.value} {happening.name}"]
            )

    def _end_alone(self, happening: Happening) -> None:
        """What could not be told must not leave a deployment open, which would block every later one."""
        import psycopg

        if not self._deployment:
            return
        try:
            with self._connection.transaction():
                self._end(happening)
        except psycopg.Error as error:
            if self._connection.closed:
                raise
            self._sink.emit(PggitNote(happening.version, f"the deployment was not ended: {_said(error)}"))

    def _enqueue(self, happening: Happening, body: dict[str, Any], reason: str) -> None:
        waiting = Waiting(happening.id, self._target(), happening.version, happening.what.value, body)
        try:
            self._queue.add(waiting)
        except OSError as error:
            told_ = f"it was not told ({reason}), and {self._queue} cannot be written: {error.strerror}"
            self._sink.emit(PggitNote(happening.version, told_))
            return
        self._prepared.append(happening.id)
        if self._wanted or self._found.standing is not Standing.ABSENT:
            self._sink.emit(PggitQueued(happening.version, reason, str(self._queue)))

    def _waiting(self) -> list[Waiting]:
        try:
            everything = self._queue.waiting()
        except OSError as error:
            self._sink.emit(PggitNote("", f"{self._queue} cannot be read: {error.strerror}"))
            return []
        return [each for each in everything if self._for_here(each)]

    def _for_here(self, waiting: Waiting) -> bool:
        """Whether it is about this database."""
        return same_target(waiting.target, self._target())

    def _target(self) -> tuple[str, str]:
        if self._identity is None:
            found = identity_of(self._connection)
            self._identity = (found.system_identifier, found.database)
        return self._identity


def _said(error: Exception) -> str:
    diag = getattr(error, "diag", None)
    return str(getattr(diag, "message_primary", None) or error).partition("\n")[0]
