"""What `apply` and `rollback` print, whether they come through or not."""

from collections.abc import Callable, Sequence

from confiture_migrator.cli import options
from confiture_migrator.cli.exit_code import ExitCode
from confiture_migrator.cli.main import failed
from confiture_migrator.cli.render import document
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import Event, MigrationCompleted, Recorder, Several, Sink


class _Done(Recorder):
    """Keeps what was completed."""

    def emit(self, event: Event) -> None:
        """Keep it, if it is that."""
        if isinstance(event, MigrationCompleted):
            super().emit(event)


def carried(sink: Sink, format_: str, carry: Callable[[Sink], Sequence[str]], verb: str) -> int:
    """Carry out, then print: one JSON document, or a line; after a failure, too."""
    done = _Done()
    error: MigrateError | None = None
    skipped: Sequence[str] = ()
    try:
        skipped = carry(Several((done, sink)))
    except MigrateError as caught:
        error = caught
    completed = [event for event in done.events if isinstance(event, MigrationCompleted)]
    if format_ == "json":
        migrations = [
            {
                "version": each.version,
                "name": each.migration,
                "seconds": round(each.seconds, 6),
                "rows": each.rows,
            }
            for each in completed
        ]
        told = None if error is None else str(error)
        options.write(
            document({"ok": error is None, verb: migrations, "skipped": list(skipped), "error": told})
        )
    else:
        before = f", {len(skipped)} were before" if skipped else ""
        options.write(f"{len(completed)} {verb}{before}\n")
    return ExitCode.OK if error is None else failed(error)
