"""Wave by wave: looks at every database first, begins nothing new after too many failures, loses no answer."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from confiture_migrator.events import Event, Sink
from confiture_migrator.fleet.values import Fleet, Report, Result, State
from confiture_migrator.fleet.work import Ready, Work, carry_out, look

Pool = Callable[[int], Executor]
"""Makes an executor for so many databases at a time: processes by default, a cluster's workers as well."""

_LOOKING = 16
"""Databases that are looked at at a time."""


@dataclass(frozen=True, slots=True)
class TargetStarted(Event):
    """A database is begun; `version` is empty."""

    target: str
    wave: str

    def line(self) -> str:
        """Which."""
        return f"{self.wave}: {self.target} begins"


@dataclass(frozen=True, slots=True)
class TargetCompleted(Event):
    """A database is done with, well or not; `version` is empty."""

    target: str
    wave: str
    state: str
    seconds: float
    error: str

    def line(self) -> str:
        """How it went."""
        why = f": {self.error}" if self.error else ""
        return f"{self.wave}: {self.target} {self.state.replace('_', ' ')} after {self.seconds:.3f} s{why}"


def run_fleet(
    fleet: Fleet,
    work_of: Callable[[str, str], Work],
    pool: Pool,
    sink: Sink,
    pause: Callable[[float], None] = time.sleep,
) -> Report:
    """Apply one plan to a fleet. `work_of` makes the work for a wave and a database, both by name.

    Nothing is changed anywhere unless every database can be reached and the plan fits it.
    """
    works = {member.name: work_of(wave.name, member.name) for wave in fleet.waves for member in wave.members}
    refused = _refused(works)
    if refused:
        return Report(
            tuple(
                refused.get(name, Result(name, work.wave, State.NOT_STARTED)) for name, work in works.items()
            )
        )
    results: dict[str, Result] = {}
    runner = _Runner(fleet.max_failures, sink)
    for wave in fleet.waves:
        if runner.stopped:
            break
        if wave.pause and results:
            pause(wave.pause)
        results |= runner.wave(
            [works[member.name] for member in wave.members], pool(wave.parallel), wave.parallel
        )
    return Report(
        tuple(results.get(name, Result(name, work.wave, State.NOT_STARTED)) for name, work in works.items())
    )


def _refused(works: dict[str, Work]) -> dict[str, Result]:
    """Databases that the plan cannot be applied to, or that are one and the same."""
    with ThreadPoolExecutor(_LOOKING) as threads:
        ready: dict[str, Ready] = dict(zip(works, threads.map(look, works.values()), strict=True))
    found: dict[str, Result] = {}
    first: dict[tuple[str, str], str] = {}
    for name, work in works.items():
        seen = ready[name]
        if seen.error:
            found[name] = Result(name, work.wave, seen.state, error=seen.error)
        elif seen.identity[0] and seen.identity in first:
            same = f"is the same database as {first[seen.identity]}"
            found[name] = Result(name, work.wave, State.REFUSED, error=same)
        else:
            first[seen.identity] = name
    return found


class _Runner:
    """Hands databases out, and stops when too many have failed."""

    def __init__(self, max_failures: int, sink: Sink) -> None:
        self.max_failures = max_failures
        self.sink = sink
        self.failures = 0
        self.stopped = False

    def wave(self, works: Sequence[Work], executor: Executor, parallel: int) -> dict[str, Result]:
        """Do one wave. What has begun is waited for, also after an interrupt: it ends by itself, and is told."""
        waiting = deque(works)
        running: dict[Future[Result], Work] = {}
        results: dict[str, Result] = {}
        with executor:
            while waiting or running:
                try:
                    while waiting and len(running) < parallel and not self.stopped:
                        work = waiting.popleft()
                        self.sink.emit(TargetStarted("", work.member.name, work.wave))
                        running[executor.submit(carry_out, work)] = work
                    if not running:
                        break
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for result in self._collected(done, running):
                        results[result.name] = result
                except KeyboardInterrupt:
                    self.stopped = True
                except BrokenExecutor:
                    # Nothing was begun for this one: it was not even handed over.
                    self.stopped = True
        return results

    def _collected(self, done: set[Future[Result]], running: dict[Future[Result], Work]) -> Iterator[Result]:
        for future in done:
            work = running.pop(future)
            try:
                result = future.result()
            except BrokenExecutor:
                lost = "its process was killed: `confiture-migrate status` says where the database stands"
                result = Result(work.member.name, work.wave, State.UNKNOWN, error=lost)
            if not result.state.good:
                self.failures += 1
                self.stopped = (
                    self.stopped or self.failures > self.max_failures or result.state is State.UNKNOWN
                )
            self.sink.emit(
                TargetCompleted(
                    "", result.name, result.wave, result.state.value, round(result.seconds, 6), result.error
                )
            )
            yield result
