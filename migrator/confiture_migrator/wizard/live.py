"""Shows progress: drawn by rich on a terminal that can, as plain lines anywhere else."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from confiture_migrator.events import Event, HookProgress
from confiture_migrator.wizard.page import Page
from confiture_migrator.wizard.progress import Progress, batch_line
from confiture_migrator.wizard.values import Moment

if TYPE_CHECKING:
    from rich.live import Live

SPEAKS = 5.0
"""Seconds between two plain lines about the same thing."""
_REDRAWS = 5
"""A second."""


class Display(Protocol):
    """Shows events and moments of one migration while it is open."""

    progress: Progress

    def emit(self, event: Event) -> None:
        """Show an event."""
        ...

    def moment(self, seen: Moment) -> None:
        """Show what was seen in pg_locks; called by another thread."""
        ...

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the screen tidy."""
        ...


def display(out: TextIO, page: Page, steps: int, *, drawn: bool) -> Display:
    """The display for this terminal; plain lines also where rich is not installed."""
    progress = Progress(page, steps)
    if drawn:
        try:
            return Drawn(out, page, progress)
        except ImportError:  # rich is not installed
            return Lines(out, page, progress)
    return Lines(out, page, progress)


class Lines:
    """Writes lines: what is done, and every few seconds how far what is not done has come."""

    def __init__(
        self, out: TextIO, page: Page, progress: Progress, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.progress = progress
        self._out = out
        self._page = page
        self._clock = clock
        self._spoke = clock()
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        """Write what stays of an event; of batches the last, and one every few seconds."""
        with self._lock:
            lines = self.progress.seen(event)
            made = self.progress.batches
            if isinstance(event, HookProgress) and made is not None:
                due = self._clock() - self._spoke >= SPEAKS
                lines = [f"      {batch_line(made)}"] if due or made.done == made.total else []
            self._write(lines)

    def moment(self, seen: Moment) -> None:
        """Say every few seconds what is still going on."""
        with self._lock:
            if self._clock() - self._spoke >= SPEAKS:
                self._write(self.progress.plain(seen))

    def _write(self, lines: list[str]) -> None:
        if lines:
            self._spoke = self._clock()
            self._out.write(self._page.finished(lines))
            self._out.flush()

    def __enter__(self) -> Self:
        """Silence begins now."""
        self._spoke = self._clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to tidy."""


class Drawn:
    """Keeps a few lines at the bottom up to date, and what stays above them."""

    def __init__(self, out: TextIO, page: Page, progress: Progress) -> None:
        import rich.console

        self.progress = progress
        self._page = page
        self._console = rich.console.Console(
            file=out,
            width=page.width,
            color_system=None,
            highlight=False,
            markup=False,
            emoji=False,
            force_terminal=True,
        )
        self._live: Live | None = None
        self._seen = Moment()

    def emit(self, event: Event) -> None:
        """Print what stays above what is drawn."""
        lines = self.progress.seen(event)
        if lines:
            self._console.print(self._page.finished(lines), end="", soft_wrap=True)

    def moment(self, seen: Moment) -> None:
        """Keep it for the next drawing."""
        self._seen = seen

    def _drawing(self) -> object:
        import rich.text

        text = self._page.finished(self.progress.live(self._seen)).rstrip("\n")
        return rich.text.Text(text, no_wrap=True, overflow="crop")

    def __enter__(self) -> Self:
        """Begin to draw."""
        import rich.live

        self._live = rich.live.Live(
            get_renderable=self._drawing,  # type: ignore[arg-type]
            console=self._console,
            refresh_per_second=_REDRAWS,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take what was drawn away, and give the cursor back."""
        if self._live is not None:
            self._live.stop()
