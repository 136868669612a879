"""Progress on a terminal, by rich; never imported when stderr is none."""

from typing import TextIO

from confiture_migrator.events import (
    Event,
    HookCompleted,
    HookFailed,
    HookProgress,
    HumanLines,
    Sink,
    StepCompleted,
)


def progress(stream: TextIO, *, verbose: bool, color: bool) -> Sink:
    """A sink that draws a bar while a hook tells how far it is; plain lines where rich is missing."""
    try:
        import rich.console
        import rich.progress
    except ImportError:
        return HumanLines(stream, verbose=verbose)
    console = rich.console.Console(file=stream, no_color=not color, highlight=False, markup=False)
    return _Bars(console, verbose=verbose)


class _Bars:
    """Draws bars."""

    def __init__(self, console: "rich.console.Console", *, verbose: bool) -> None:  # type: ignore[name-defined] # noqa: F821
        self._console = console
        self._verbose = verbose
        self._bar: object = None
        self._task: object = None

    def emit(self, event: Event) -> None:
        """Draw, or print above what is drawn."""
        if isinstance(event, HookProgress):
            self._draw(event)
            return
        if isinstance(event, HookCompleted | HookFailed):
            self._stop()
        if isinstance(event, StepCompleted) and not self._verbose:
            return
        if line := event.line():
            self._console.print(line)

    def _draw(self, event: HookProgress) -> None:
        import rich.progress

        if self._bar is None:
            bar = rich.progress.Progress(
                rich.progress.TextColumn("  {task.description}"),
                rich.progress.BarColumn(),
                rich.progress.MofNCompleteColumn(),
                rich.progress.TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            bar.start()
            self._bar, self._task = bar, bar.add_task(f"{event.hook}, {event.what}", total=event.total)
        self._bar.update(self._task, completed=event.done, total=event.total)  # type: ignore[attr-defined]

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]
            self._bar = None
