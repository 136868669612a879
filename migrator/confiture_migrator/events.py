"""What is happening, as typed values given to a sink: JSON lines on request, lines for people otherwise."""

import datetime as dt
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar, Protocol, TextIO

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the migration `version`."""

    version: str

    @property
    def name(self) -> str:
        """`hook_completed` for `HookCompleted`."""
        renamed = _NAMES.get(type(self).__name__)
        return renamed or _WORD.sub("_", type(self).__name__).lower()

    def line(self) -> str:
        """What a person is told; empty: nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class StepEvent(Event):
    """Something that happened to one statement, or to the hook that is a step."""

    step: int
    file: str
    line_number: int


@dataclass(frozen=True, slots=True)
class HookEvent(Event):
    """Something that happened to the hook `hook` in `phase`."""

    phase: str
    hook: str


_NAMES = {"HookStarted": "hook_start", "StepStarted": "step_start", "MigrationStarted": "migration_start"}


@dataclass(frozen=True, slots=True)
class MigrationStarted(Event):
    """A migration begins, `up` or `down`."""

    migration: str
    direction: str
    transaction: bool

    def line(self) -> str:
        """Name and how."""
        verb = "apply" if self.direction == "up" else "take back"
        how = "" if self.transaction else ", step by step"
        return f"{verb} {self.migration}{how}"


@dataclass(frozen=True, slots=True)
class MigrationCompleted(Event):
    """A migration is done, and the ledger says so."""

    migration: str
    direction: str
    seconds: float
    rows: int

    def line(self) -> str:
        """Name and time."""
        return f"{self.migration}: done in {self.seconds:.3f} s, {self.rows} rows"


@dataclass(frozen=True, slots=True)
class MigrationFailed(Event):
    """A migration failed."""

    migration: str
    direction: str
    error: str
    state: str
    """`rolled_back`, `resumable` or `unknown`."""

    def line(self) -> str:
        """What went wrong."""
        return f"{self.migration}: {self.state.replace('_', ' ')}: {self.error}"


@dataclass(frozen=True, slots=True)
class MigrationRetried(Event):
    """A lock was not had in time; everything is rolled back and begun again after a pause."""

    migration: str
    attempt: int
    pause_seconds: float
    error: str

    def line(self) -> str:
        """What it waits for."""
        first = self.error.partition("\n")[0]
        return f"{self.migration}: {first}; rolled back, again in {self.pause_seconds:g} s (attempt {self.attempt})"


@dataclass(frozen=True, slots=True)
class StepStarted(StepEvent):
    """A statement is sent."""

    sql: str


@dataclass(frozen=True, slots=True)
class StepCompleted(StepEvent):
    """A statement is done."""

    seconds: float
    rows: int

    def line(self) -> str:
        """Place and time."""
        return f"  {self.file}:{self.line_number}  {self.seconds:.3f} s"


@dataclass(frozen=True, slots=True)
class StepFailed(StepEvent):
    """A statement was refused."""

    error: str


@dataclass(frozen=True, slots=True)
class StepReconciled(StepEvent):
    """What an interrupted statement left was found out, and what was done about it."""

    found: str

    def line(self) -> str:
        """What was found."""
        return f"  {self.file}:{self.line_number}  {self.found}"


@dataclass(frozen=True, slots=True)
class HookStarted(HookEvent):
    """A hook begins."""

    description: str


@dataclass(frozen=True, slots=True)
class HookCompleted(HookEvent):
    """A hook is done."""

    rows: int
    seconds: float
    message: str

    def line(self) -> str:
        """Name and time."""
        told = f", {self.message}" if self.message else ""
        return f"  {self.phase}: {self.hook}  {self.seconds:.3f} s, {self.rows} rows{told}"


@dataclass(frozen=True, slots=True)
class HookFailed(HookEvent):
    """A hook failed; `again`: it is tried once more."""

    error: str
    attempt: int
    again: bool
    seconds: float

    def line(self) -> str:
        """What went wrong."""
        return f"  {self.phase}: {self.hook} failed: {self.error}" + ("; again" if self.again else "")


@dataclass(frozen=True, slots=True)
class HookSkipped(HookEvent):
    """A hook was left out."""

    reason: str

    def line(self) -> str:
        """Why."""
        return f"  {self.phase}: {self.hook} left out: {self.reason}"


@dataclass(frozen=True, slots=True)
class HookProgress(HookEvent):
    """A hook has come so far."""

    done: int
    total: int | None
    what: str


@dataclass(frozen=True, slots=True)
class PhaseCompleted(Event):
    """All hooks of a phase are done."""

    phase: str
    hooks: int


@dataclass(frozen=True, slots=True)
class EventNotKept(Event):
    """What happened could not be written down; the migration itself is not touched by that."""

    reason: str

    def line(self) -> str:
        """Why."""
        return f"  note: {self.reason}"


@dataclass(frozen=True, slots=True)
class PggitQueued(Event):
    """pgGit was not told; the event waits in the local queue."""

    reason: str
    queue: str

    def line(self) -> str:
        """Why, and where it waits."""
        return f"  pgGit was not told ({self.reason}); the event waits in {self.queue}"


@dataclass(frozen=True, slots=True)
class PggitNote(Event):
    """Something about pgGit that nobody has to act on."""

    reason: str

    def line(self) -> str:
        """What."""
        return f"  pgGit: {self.reason}"


@dataclass(frozen=True, slots=True)
class PggitSent(Event):
    """Events that waited in the local queue were sent; `version` is empty."""

    events: int

    def line(self) -> str:
        """How many."""
        return f"pgGit was told of {self.events} earlier events"


@dataclass(frozen=True, slots=True)
class DryRunStarted(Event):
    """A dry-run begins; `version` is empty."""

    on: str
    server_version: str
    migrations: int

    def line(self) -> str:
        """Where."""
        return f"dry-run of {self.migrations} migrations on the {self.on} (PostgreSQL {self.server_version})"


@dataclass(frozen=True, slots=True)
class DryRunCompleted(Event):
    """A dry-run is over; `version` is empty."""

    ok: bool
    seconds: float


class Sink(Protocol):
    """Takes events."""

    def emit(self, event: Event) -> None:
        """Take one."""
        ...


class Silence:
    """Takes events and tells nobody."""

    def emit(self, event: Event) -> None:
        """Nothing."""


class Recorder:
    """Keeps events, for whoever wants to look at them later."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


class JsonLines:
    """One JSON object a line: `event`, `time`, and the fields of the event."""

    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def emit(self, event: Event) -> None:
        """Write it at once: a line that is lost with the process is the one that was needed."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        text = json.dumps({"event": event.name, "time": now, **asdict(event)}, ensure_ascii=False)
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


class HumanLines:
    """Lines for people; statements only if `verbose`."""

    def __init__(self, stream: TextIO, *, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose

    def emit(self, event: Event) -> None:
        """Write what the event has to say, if anything."""
        if isinstance(event, StepCompleted) and not self._verbose:
            return
        if line := event.line():
            self._stream.write(line + "\n")
            self._stream.flush()


class Several:
    """Hands every event to several sinks."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = sinks

    def emit(self, event: Event) -> None:
        """Hand it on."""
        for sink in self._sinks:
            sink.emit(event)
