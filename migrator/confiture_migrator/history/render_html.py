"""`history --format html`: one page without network. The table is there without JavaScript; it adds order and filters.

The frame and the look are those of the linter's pages (`confiture_linter.page`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from confiture_linter.page import document, escaped, own_file
from confiture_migrator.history.values import STATUS, Hook, Line


class Heading(NamedTuple):
    """Which database, asked when."""

    database: str
    server_version: str
    environment: str
    made_at: dt.datetime


def render(lines: Sequence[Line], heading: Heading) -> str:
    """Return the page."""
    title = f"Migrations of {heading.database}"
    body = own_file(__package__, "page/body.html").format(
        title=escaped(title),
        totals=escaped(_totals(lines, heading)),
        statuses="".join(_chip(status, lines) for status in STATUS),
        rows="\n".join(_row(number, line) for number, line in enumerate(lines)),
        empty="" if lines else '<p class="soft">Nothing was done yet.</p>',
    )
    return document(
        "history",
        title,
        body,
        style=own_file(__package__, "page/history.css"),
        script=own_file(__package__, "page/history.js"),
    )


def _totals(lines: Sequence[Line], heading: Heading) -> str:
    where = f"{heading.environment} · " if heading.environment else ""
    asked = _utc(heading.made_at)
    return f"{where}PostgreSQL {heading.server_version} · {len(lines)} events · as of {asked} UTC"


def _chip(status: str, lines: Sequence[Line]) -> str:
    number = sum(line.status == status for line in lines)
    hidden = "" if number else " hidden"
    return f'<button type="button" class="chip" data-status="{status}" aria-pressed="true"{hidden}>{number} {status}</button>'


def _row(number: int, line: Line) -> str:
    """One row; its first cell is its head, its name opens to what is known besides."""
    at = line.at.astimezone(dt.UTC).isoformat() if line.at else ""
    seconds = "" if line.duration_ms is None else f"{line.duration_ms / 1000:.3f}"
    rows = "" if line.rows is None else str(line.rows)
    rank = _rank(line)
    cells = (
        f'<th scope="row">{escaped(line.version)}</th>',
        f'<td data-value="{escaped(line.name)}">{_name(line)}</td>',
        f'<td><span class="tag tag-{line.status}">{line.status}</span></td>',
        f'<td data-value="{at}">{_time(line.at)}</td>',
        f'<td class="number" data-value="{seconds}">{seconds}</td>',
        f'<td class="number" data-value="{rows}">{rows}</td>',
        f'<td data-value="{rank}">{_locks(line)}</td>',
        f'<td data-value="{len(line.hooks) or ""}">{_hooks(line.hooks)}</td>',
        f"<td>{escaped(line.by)}</td>",
        f'<td><code title="{escaped(line.git_commit)}">{escaped(line.git_commit[:10])}</code></td>',
    )
    return f'<tr id="e{number}" data-status="{line.status}">{"".join(cells)}</tr>'


def _time(at: dt.datetime | None) -> str:
    return f'<time datetime="{at.isoformat()}">{_utc(at)}</time>' if at else ""


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def _rank(line: Line) -> str:
    """By which locks are ordered: how many there are."""
    return str(len(line.locks)) if line.locks else ""


def _locks(line: Line) -> str:
    if not line.locks:
        return ""
    return f"{len(line.locks)} up to {escaped(line.locks[0].mode)}"


def _hooks(hooks: Sequence[Hook]) -> str:
    failed = sum(not hook.ok for hook in hooks)
    return (f"{len(hooks)}" + (f", {failed} failed" if failed else "")) if hooks else ""


def _name(line: Line) -> str:
    more = _more(line)
    return f"<details><summary>{escaped(line.name)}</summary>{more}</details>" if more else escaped(line.name)


def _more(line: Line) -> str:
    """What opens: error, hooks, locks, hashes."""
    parts = []
    if line.error:
        parts.append(f'<p class="error">{escaped(line.error)}</p>')
    facts = [
        ("began", f"{_utc(line.started_at)} UTC" if line.started_at else ""),
        ("how", {True: "one transaction", False: "step by step", None: ""}[line.transaction]),
        ("statements", "" if line.statements is None else str(line.statements)),
        ("slowest", _slowest(line)),
        ("attempts", str(line.attempts) if line.attempts and line.attempts > 1 else ""),
        ("plan", line.plan_hash),
        ("checksum", line.checksum),
        ("commit", line.git_commit),
        ("server", line.server_version),
        ("pgGit", line.pggit),
        ("known from", {"event": "", "ledger": "the ledger only", "pggit": "pgGit"}[line.source]),
    ]
    shown = [f"<dt>{key}</dt><dd>{escaped(value)}</dd>" for key, value in facts if value]
    parts += ["<dl>", *shown, "</dl>"] if shown else []
    parts += _list("Locks", (f"{lock.mode} on {lock.relation}" for lock in line.locks))
    parts += _list("Hooks", map(_hook, line.hooks))
    return "".join(parts)


def _slowest(line: Line) -> str:
    slowest = line.slowest or {}
    return f"{slowest.get('place', '')} {slowest['seconds']} s".strip() if "seconds" in slowest else ""


def _hook(hook: Hook) -> str:
    told = f": {hook.told}" if hook.told else ""
    state = "" if hook.ok else " FAILED"
    return f"{hook.phase}: {hook.hook}{state}, {hook.seconds:.3f} s, {hook.rows} rows{told}"


def _list(title: str, items: Iterable[str]) -> list[str]:
    rows = "".join(f"<li>{escaped(item)}</li>" for item in items)
    return [f"<h3>{title}</h3><ul>{rows}</ul>"] if rows else []
