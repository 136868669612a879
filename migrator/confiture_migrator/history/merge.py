"""Ledger, events, pgGit and its queue become one history, oldest first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from confiture_linter.config import Config
from confiture_migrator.history.values import Hook, Line, Lock
from confiture_migrator.ledger import Entry, Events, Happening, Ledger, State, What
from confiture_migrator.pggit import Waiting, told_events
from confiture_migrator.pggit.adapter import queue_of, same_target
from confiture_migrator.target import identity_of

if TYPE_CHECKING:
    import psycopg

_STATUS = {What.APPLIED: "applied", What.FAILED: "failed", What.ROLLED_BACK: "reverted"}


def history_of(config: Config, connection: "psycopg.Connection[Any]") -> tuple[Line, ...]:
    """Read everything that one database, and the local queue about it, knows. Changes nothing."""
    told: dict[str, dict[str, Any]] = {}
    waiting: Sequence[Waiting] = ()
    if config.pggit.enabled != "false":
        told = told_events(connection)
        if queued := queue_of(config).readable():
            here = identity_of(connection)
            target = (here.system_identifier, here.database)
            waiting = [each for each in queued if same_target(each.target, target)]
    return merged(Ledger(connection).entries(), Events(connection).all(), told, waiting)


def merged(
    entries: Sequence[Entry],
    happenings: Sequence[Happening],
    told: Mapping[str, Mapping[str, Any]],
    waiting: Sequence[Waiting],
) -> tuple[Line, ...]:
    """Put them together: an event is known by its id, wherever it is read; a row of the ledger by version and time."""
    queued = {each.id for each in waiting}
    lines = {
        each.id: _line(
            each.id, each.version, each.name, _STATUS[each.what], each.at, each.data, "event"
        )._replace(pggit="told" if each.id in told else "waits" if each.id in queued else "")
        for each in happenings
    }
    for key, body in told.items():
        if key not in lines and str(body.get("what", "")) in set(What):
            lines[key] = _elsewhere(key, body)
    known = {(line.version, line.status, line.at) for line in lines.values()}
    rest = [
        _from_ledger(entry)
        for entry in entries
        if (entry.version, entry.state.value, entry.finished_at) not in known
    ]
    return tuple(sorted((*rest, *lines.values()), key=_when))


def _when(line: Line) -> tuple[bool, dt.datetime, str]:
    """By time; what is running comes last."""
    none = dt.datetime.min.replace(tzinfo=dt.UTC)
    return line.status == "running", line.at or none, line.version


def _elsewhere(key: str, body: Mapping[str, Any]) -> Line:
    at = _time(body.get("at"))
    status = _STATUS[What(str(body["what"]))]
    line = _line(key, str(body.get("version", "")), str(body.get("name", "")), status, at, body, "pggit")
    return line._replace(pggit="told")


def _line(
    key: str,
    version: str,
    name: str,
    status: str,
    at: dt.datetime | None,
    data: Mapping[str, Any],
    source: str,
) -> Line:
    return Line(
        key,
        version,
        name,
        status,
        at,
        _time(data.get("started_at")),
        _number(data.get("duration_ms")),
        _number(data.get("rows")),
        _text(data.get("applied_by")),
        _text(data.get("checksum")),
        _text(data.get("plan_hash")),
        _text(data.get("git_commit")),
        _text(data.get("server_version")),
        data["transaction"] if isinstance(data.get("transaction"), bool) else None,
        _number(data.get("statements")),
        _number(data.get("attempts")),
        dict(data["slowest"]) if isinstance(data.get("slowest"), dict) else None,
        tuple(
            Lock(_text(each.get("relation")), _text(each.get("mode"))) for each in _dicts(data.get("locks"))
        ),
        tuple(_hook(each) for each in _dicts(data.get("hooks"))),
        _text(data.get("error")),
        source,
        "",
    )


def _from_ledger(entry: Entry) -> Line:
    data: dict[str, Any] = {
        "started_at": entry.started_at and entry.started_at.isoformat(),
        "duration_ms": entry.duration_ms,
        "rows": entry.rows,
        "applied_by": entry.applied_by,
        "checksum": entry.checksum,
        "plan_hash": entry.plan_hash,
        "git_commit": entry.git_commit,
        "error": entry.error,
    }
    at = entry.started_at if entry.state is State.RUNNING else entry.finished_at
    return _line("", entry.version, entry.name, entry.state.value, at, data, "ledger")


def _hook(each: Mapping[str, Any]) -> Hook:
    seconds = each.get("seconds")
    return Hook(
        _text(each.get("phase")),
        _text(each.get("hook")),
        bool(each.get("ok", True)),
        _number(each.get("rows")) or 0,
        float(seconds) if isinstance(seconds, int | float) else 0.0,
        _text(each.get("told")),
    )


# What comes out of a table that others may write is believed to be JSON, and nothing more.


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _time(value: object) -> dt.datetime | None:
    try:
        read = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is None or read.tzinfo else read.replace(tzinfo=dt.UTC)
