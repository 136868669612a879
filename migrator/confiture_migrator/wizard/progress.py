"""How far a migration has come, from its events: lines that stay, and lines that are drawn anew. Pure but for the clock."""

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from confiture_migrator.events import (
    Event,
    HookCompleted,
    HookFailed,
    HookProgress,
    HookSkipped,
    HookStarted,
    MigrationFailed,
    MigrationRetried,
    PhaseCompleted,
    StepCompleted,
    StepFailed,
    StepReconciled,
    StepStarted,
)
from confiture_migrator.wizard.page import Page, counted, spoken
from confiture_migrator.wizard.values import Moment

RECENT = 10.0
"""Seconds that the rate is taken from: a table gets slower as it grows, and what was done last knows it best."""
_APART = 0.25
"""Seconds between two points that are remembered."""
_BAR = 24


class Batches(NamedTuple):
    """How far a hook is, and how fast."""

    done: int
    total: int | None
    what: str
    rate: float | None
    """A second."""

    @property
    def left(self) -> float | None:
        """Seconds until it is done, at this rate."""
        if self.total is None or not self.rate:
            return None
        return max(self.total - self.done, 0) / self.rate


class Progress:
    """Follows the events of one migration with so many statements."""

    def __init__(self, page: Page, steps: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._page = page
        self._steps = steps
        self._clock = clock
        self._doing = ""
        self._since = clock()
        self._points: deque[tuple[float, int]] = deque([(self._since, 0)])
        self.batches: Batches | None = None
        self.in_step = False
        """Whether a statement is running, and no hook."""

    def seen(self, event: Event) -> list[str]:
        """Take note of an event; returns the lines that it leaves on the screen."""
        page = self._page
        match event:
            case StepStarted():
                self._begin(f"{self._number(event.step)}  {event.sql or 'Python'}", in_step=True)
            case StepCompleted():
                line = self._line(self._doing, spoken(event.seconds))
                self._end()
                return [line]
            case StepFailed():
                line = self._line(self._doing, "failed")
                self._end()
                return [line]
            case HookStarted():
                told = f", {event.description}" if event.description else ""
                self._begin(f"{event.phase}  {event.hook}{told}")
            case HookProgress():
                self._batch(event)
            case HookCompleted():
                self._end()
                message = f", {event.message}" if event.message else ""
                return page.wrapped(
                    f"{event.phase}  {event.hook}  {spoken(event.seconds)}, {counted(event.rows, 'row')}{message}",
                    "  ",
                )
            case HookFailed():
                self._end()
                again = "; it is tried again" if event.again else ""
                return page.wrapped(f"{event.phase}  {event.hook} failed: {event.error}{again}", "  ")
            case MigrationRetried() | HookSkipped() | StepReconciled():
                self._end()
                return page.wrapped(event.line().strip(), "  ")
            case MigrationFailed():
                self._end()
            case PhaseCompleted():
                return [f"  {event.phase}  done, {counted(event.hooks, 'hook')}"]
        return []

    def live(self, moment: Moment) -> list[str]:
        """What is drawn anew: what is being done and for how long, batches with rate and time left, locks."""
        doing, made, page = (
            self._doing,
            self.batches,
            self._page,
        )  # the thread that draws is not the one that notes
        if not doing:
            return []
        lines = [self._line(doing, spoken(self._clock() - self._since))]
        if made is not None:
            bar = self._bar(made)
            lines.append(f"    {bar}{page.cropped(batch_line(made), page.width - len(bar) - 5)}")
        return lines + [f"    {page.cropped(text, page.width - 5)}" for text in lock_lines(moment)]

    def plain(self, moment: Moment) -> list[str]:
        """The same for where nothing can be drawn anew."""
        if not self._doing:
            return []
        parts = [f"still at it for {spoken(self._clock() - self._since)}", *lock_lines(moment)]
        return self._page.wrapped("; ".join(parts), "      ")

    def _begin(self, doing: str, *, in_step: bool = False) -> None:
        self._doing, self._since, self.in_step = doing, self._clock(), in_step
        self.batches = None
        self._points.clear()
        self._points.append((self._since, 0))

    def _end(self) -> None:
        self._doing, self.batches, self.in_step = "", None, False

    def _batch(self, event: HookProgress) -> None:
        now, points = self._clock(), self._points
        while len(points) > 1 and points[1][0] <= now - RECENT:
            points.popleft()
        begun, before = points[0]
        rate = (event.done - before) / (now - begun) if now > begun else None
        if now - points[-1][0] >= _APART:
            points.append((now, event.done))
        self.batches = Batches(event.done, event.total, event.what, rate)

    def _number(self, step: int) -> str:
        return f"{min(step + 1, self._steps) if self._steps else 1}/{max(self._steps, 1)}"

    def _line(self, text: str, end: str) -> str:
        return f"  {self._page.cropped(text, max(self._page.width - len(end) - 6, 20))}  {end}"

    def _bar(self, made: Batches) -> str:
        """A bar, where there is room for one beside the figures."""
        if not made.total or self._page.width < 100:
            return ""
        full = round(_BAR * min(made.done / made.total, 1.0))
        return "━" * full + "─" * (_BAR - full) + "  "


def batch_line(made: Batches) -> str:
    """`430,000 of 1,000,000 rows (43 %), 52,000 a second, 11 s left`."""
    if made.total is None:
        told = f"{made.done:,} {made.what}"
    else:
        share = f" ({100 * made.done // made.total} %)" if made.total else ""
        told = f"{made.done:,} of {made.total:,} {made.what}{share}"
    if made.rate is not None:
        told += f", {made.rate:,.0f} a second"
    left = made.left
    if left is not None and made.done != made.total:
        told += f", {spoken(left)} left"
    return told


def lock_lines(moment: Moment) -> list[str]:
    """What we hold that keeps others out, who waits, and for whom we wait."""
    lines = []
    if moment.holds:
        relation, mode, seconds = moment.holds[0]
        more = f" and {len(moment.holds) - 1} more" if len(moment.holds) > 1 else ""
        lines.append(f"holds {mode.value} on {relation}{more} for {spoken(seconds)}")
    if moment.waiting:
        lines.append(f"{counted(moment.waiting, 'session')} waiting for this")
    lines += [f"waits for {who}" for who in moment.blockers]
    return lines
