"""`history --format table`: what happened, one line each."""

from collections.abc import Sequence

from confiture_migrator.history.values import Line

_HEAD = (
    "version",
    "name",
    "status",
    "finished",
    "seconds",
    "rows",
    "locks",
    "hooks",
    "by",
    "commit",
    "plan",
    "pggit",
)


def render(lines: Sequence[Line]) -> str:
    """Return the table; columns in which nothing is known are left out, but for the first six."""
    cells = [_HEAD, *map(_cells, lines)]
    shown = [at for at in range(len(_HEAD)) if at < 6 or any(row[at] for row in cells[1:])]
    widths = {at: max(len(row[at]) for row in cells) for at in shown}
    return "".join("  ".join(row[at].ljust(widths[at]) for at in shown).rstrip() + "\n" for row in cells)


def _cells(line: Line) -> tuple[str, ...]:
    failed = [hook for hook in line.hooks if not hook.ok]
    hooks = f"{len(line.hooks)}{f', {len(failed)} failed' if failed else ''}" if line.hooks else ""
    return (
        line.version,
        line.name,
        line.status,
        line.at.isoformat(" ", "seconds") if line.at else "",
        "" if line.duration_ms is None else f"{line.duration_ms / 1000:.3f}",
        "" if line.rows is None else str(line.rows),
        f"{len(line.locks)} up to {line.locks[0].mode}" if line.locks else "",
        hooks,
        line.by,
        line.git_commit[:10],
        line.plan_hash.removeprefix("sha256:")[:10],
        line.pggit,
    )
